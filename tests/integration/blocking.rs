//! The blocking client: it works like the asynchronous one in a plain thread, and returns an error in a runtime.

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
fn blocking_client_runs_every_operation() {
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
fn blocking_list_is_iterator() {
    let server = MockServer::builder().calls(25).start().unwrap();
    for prefetch in [false, true] {
        let list = || client(&server).calls().list().limit(10).prefetch(prefetch);
        let ids: Vec<String> = list().items().map(|call| call.unwrap().id).collect();
        assert_eq!(ids.len(), 26);
        let pages: Vec<usize> = list().pages().map(|page| page.unwrap().items.len()).collect();
        assert_eq!(pages, [10, 10, 6]);
    }
    let expectation = server.when_list_calls().times(1).status(404);
    let mut items = client(&server).calls().list().items();
    assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::NotFound);
    assert!(items.next().is_none() && items.next().is_none() && expectation.is_met());
}

#[test]
fn cloned_blocking_client_works_in_many_threads() {
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

/// Covers both kinds of runtime, and the threads that a runtime has for blocking code.
#[test]
fn blocking_client_in_runtime_is_configuration_error() {
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
            let mut items = client.calls().list().items();
            let errors = [
                client.calls().get(DOCUMENTED_CALL).send().unwrap_err(),
                client.calls().list().page(1).unwrap_err(),
                items.next().unwrap().unwrap_err(),
                tokio::task::spawn_blocking({
                    let client = client.clone();
                    move || client.calls().get(DOCUMENTED_CALL).send().unwrap_err()
                })
                .await
                .unwrap(),
            ];
            assert!(items.next().is_none());
            for error in errors {
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(
                    error.to_string().contains("use the asynchronous client there"),
                    "{error}"
                );
            }
            // Creating and dropping the client here does not block either.
            drop(client);
        });
    }
    assert!(server.requests().is_empty());
}
