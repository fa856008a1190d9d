//! The client that waits: from a plain thread it does what the other does, and in a runtime it refuses.

use std::thread;

use callrounded::{ErrorKind, blocking::Client};
use callrounded_mock::MockServer;
use callrounded_tests::{DOCUMENTED_AGENT, DOCUMENTED_CALL};
use serde_json::json;

fn client(server: &MockServer) -> Client {
    let client = Client::builder().api_key(server.api_key()).base_url(server.url());
    client.build_blocking().unwrap()
}

#[test]
fn every_operation_is_waited_for() {
    let server = MockServer::builder().calls(25).start().unwrap();
    let calls = client(&server).calls();
    let call = calls.get(DOCUMENTED_CALL).max_retries(1).send().unwrap();
    assert_eq!(call.id, DOCUMENTED_CALL);
    let call = calls
        .update(DOCUMENTED_CALL)
        .replace_metadata([("a", "b")])
        .header("x-trace", "1")
        .send()
        .unwrap();
    assert_eq!(serde_json::to_value(&call.metadata).unwrap(), json!({ "a": "b" }));
    let call = calls.update(DOCUMENTED_CALL).clear_metadata().send().unwrap();
    assert_eq!(serde_json::to_value(&call.metadata).unwrap(), json!({}));
    let started = calls
        .start("+33612345678", "+33698765432", DOCUMENTED_AGENT)
        .variables([("name", "N")])
        .send()
        .unwrap();
    calls.terminate(&started.call_id).send().unwrap();
    assert_eq!(server.call(&started.call_id).unwrap()["status"], "completed");
    assert_eq!(calls.list().limit(10).page(1).unwrap().total_items, Some(27));
    let error = calls.get("nobody").send().unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::NotFound, Some("get_call"))
    );
}

#[test]
fn a_walk_is_an_iterator() {
    let server = MockServer::builder().calls(25).start().unwrap();
    for prefetch in [false, true] {
        let list = || client(&server).calls().list().limit(10).prefetch(prefetch);
        let ids: Vec<String> = list().items().map(|call| call.unwrap().id).collect();
        assert_eq!(ids.len(), 26);
        let pages: Vec<usize> = list().pages().map(|page| page.unwrap().items.len()).collect();
        assert_eq!(pages, [10, 10, 6]);
    }
    let ended = server.when_list_calls().times(1).status(404);
    let mut walk = client(&server).calls().list().items();
    assert_eq!(walk.next().unwrap().unwrap_err().kind(), ErrorKind::NotFound);
    assert!(walk.next().is_none() && walk.next().is_none() && ended.is_met());
}

#[test]
fn clones_are_used_from_many_threads() {
    let server = MockServer::builder().calls(20).start().unwrap();
    let client = client(&server);
    let threads: Vec<_> = (1..=20)
        .map(|number| {
            let client = client.clone();
            thread::spawn(move || {
                let id = format!("00000000-0000-4000-a000-{number:012}");
                client
                    .calls()
                    .update(id)
                    .merge_metadata([("n", number)])
                    .send()
                    .unwrap();
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    for number in 1..=20 {
        let call = server.call(&format!("00000000-0000-4000-a000-{number:012}")).unwrap();
        assert_eq!(call["metadata"]["n"], number);
    }
}

/// In an asynchronous runtime of either kind, and where it lends threads for what waits.
#[test]
fn in_a_runtime_it_refuses_and_nothing_is_sent() {
    let server = MockServer::start().unwrap();
    for runtime in [
        tokio::runtime::Builder::new_current_thread().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap(),
    ] {
        runtime.block_on(async {
            let client = client(&server);
            let mut walk = client.calls().list().items();
            let errors = [
                client.calls().get(DOCUMENTED_CALL).send().unwrap_err(),
                client.calls().list().page(1).unwrap_err(),
                walk.next().unwrap().unwrap_err(),
                tokio::task::spawn_blocking({
                    let client = client.clone();
                    move || client.calls().get(DOCUMENTED_CALL).send().unwrap_err()
                })
                .await
                .unwrap(),
            ];
            assert!(walk.next().is_none());
            for error in errors {
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(
                    error.to_string().contains("use the asynchronous client there"),
                    "{error}"
                );
            }
            // Made and dropped here, it does not wait either.
            drop(client);
        });
    }
    assert!(server.requests().is_empty());
}
