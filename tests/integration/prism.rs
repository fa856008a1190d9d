//! The client against an independent server: Stoplight's Prism. It reads the same document, rejects requests that
//! violate it, and generates responses.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
};

use callrounded::{Client, ClientBuilder, ErrorKind, chrono::DateTime, reqwest, reqwest::header::HeaderMap};
use callrounded_test_support::skip_without_tool;
use callrounded_tests::{DOCUMENTED_AGENT, node_program, workspace};
use serde_json::{Value, json};

struct Prism {
    process: Child,
    url: String,
}

impl Prism {
    /// Starts Prism. Returns `None` if it is not installed.
    fn start() -> Option<Self> {
        let program = match node_program("prism") {
            Ok(program) => program,
            Err(reason) => {
                skip_without_tool(format!("the client against Prism: {reason}"));
                return None;
            }
        };
        // This port was free just now. Prism cannot choose one itself.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new(program)
            .current_dir(workspace())
            .args([
                "mock",
                "openapi/calls.yaml",
                "--errors",
                "-h",
                "127.0.0.1",
                "-p",
                &port.to_string(),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut log = String::new();
        while !log.contains("is listening on") {
            if output.read_line(&mut log).unwrap() == 0 {
                let mut errors = String::new();
                process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
                panic!("Prism did not start: {log}{errors}");
            }
        }
        // Prism continues to write. A full pipe would block it.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        Some(Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
        })
    }

    fn client(&self) -> ClientBuilder {
        Client::builder().api_key("any-key").base_url(&self.url)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn prism_accepts_requests_and_its_responses_are_decoded() {
    let Some(prism) = Prism::start() else { return };
    let calls = prism.client().build().unwrap().calls();
    let update = || calls.update("123e4567-e89b-12d3-a456-426614174000");
    for outcome in [
        update()
            .merge_metadata([("source", "marketing_campaign"), ("utm_medium", "email")])
            .await,
        update().replace_metadata(json!({"deep": {"er": [1, null]}})).await,
        update().clear_metadata().await,
        update()
            .body(serde_json::from_value(json!({"override": null})).unwrap())
            .await,
        update()
            .body(serde_json::from_value(json!({"metadata": null, "override": null})).unwrap())
            .await,
        calls.update("with / and ? and %").clear_metadata().await,
    ] {
        let call = outcome.unwrap();
        assert_eq!(call.id, "string", "Prism fills strings with this value");
        assert_eq!(call.message(), Some("Call retrieved successfully"));
        assert!(call.start_time.is_some() && call.transcript.as_ref().is_some_and(|entries| !entries.is_empty()));
    }

    let call = calls.get("any").await.unwrap();
    assert_eq!((call.id.as_str(), call.skipped_fields().len()), ("string", 0));
    let list = calls
        .list()
        .agent_id(DOCUMENTED_AGENT)
        .call_type("phone_call")
        .from_number("+33912345678")
        .to_number("+33612345678")
        .started_after(DateTime::UNIX_EPOCH)
        .started_before(DateTime::UNIX_EPOCH)
        .include_transcript(true)
        .include_variable_values(false)
        .limit(1000);
    let page = list.clone().page(7).await.unwrap();
    assert_eq!((page.items.len(), page.skipped_fields().len()), (1, 0));
    let page = list
        .cursor("2023-06-15T14:30:00Z")
        .pages()
        .next()
        .await
        .unwrap()
        .unwrap();
    assert!(page.items[0].is_ok() && page.next_cursor.is_some());
    let started = calls
        .start("+33912345678", "+33612345678", DOCUMENTED_AGENT)
        .variables([("age", 35)])
        .await
        .unwrap();
    assert_eq!(
        (started.call_id.as_str(), started.http_status().as_u16()),
        ("string", 201)
    );
    // Prism sends an `error` and no `data`, which is not a success.
    let ended = calls.terminate("any").await.unwrap_err();
    assert_eq!(
        (ended.kind(), ended.status().unwrap().as_u16()),
        (ErrorKind::MissingData, 200)
    );

    // Prism rejects a request that violates the document, so it did check the requests above.
    let invalid = reqwest::Client::new()
        .patch(format!("{}/v1/calls/x", prism.url))
        .header("x-api-key", "k")
        .header("content-type", "application/json")
        .body(r#"{"override": "yes"}"#);
    assert_eq!(invalid.send().await.unwrap().status(), 422);

    // Responses with random values, and nulls where the document allows them.
    let headers = HeaderMap::from_iter([("prefer".parse().unwrap(), "dynamic=true".parse().unwrap())]);
    let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let calls = prism.client().http_client(http).build().unwrap().calls();
    for _ in 0..50 {
        let call = calls.update("any").clear_metadata().await.unwrap();
        let body: Value = serde_json::from_slice(call.body()).unwrap();
        assert_eq!(body["data"]["id"], call.id.as_str());
        assert_eq!(
            body["data"]["status"].as_str(),
            call.status.as_ref().map(|status| status.as_str())
        );
    }
}
