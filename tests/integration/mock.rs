//! The mock server alone, with a plain HTTP client instead of ours: the behaviour that tests can rely on.

use callrounded::reqwest::{Client, Method, Response};
use callrounded_document::{Document, Verdict, json::Json};
use callrounded_mock::MockServer;
use callrounded_tests::DOCUMENTED_CALL;
use serde_json::{Value, json};

async fn send(server: &MockServer, method: Method, path: &str, key: Option<&str>, body: Option<&str>) -> (u16, Value) {
    let mut request = Client::new().request(method, format!("{}{path}", server.url()));
    if let Some(key) = key {
        request = request.header("X-Api-Key", key);
    }
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json; charset=utf-8")
            .body(body.to_owned());
    }
    let response: Response = request.send().await.unwrap();
    (
        response.status().as_u16(),
        match response.bytes().await.unwrap() {
            empty if empty.is_empty() => Value::Null,
            body => serde_json::from_slice(&body).unwrap(),
        },
    )
}

async fn patch(server: &MockServer, body: &str) -> (u16, Value) {
    let path = format!("/v1/calls/{DOCUMENTED_CALL}");
    send(server, Method::PATCH, &path, Some(server.api_key()), Some(body)).await
}

#[tokio::test]
async fn request_without_valid_api_key_is_401() {
    let server = MockServer::builder().api_key("the-key").start().unwrap();
    let path = format!("/v1/calls/{DOCUMENTED_CALL}");
    for key in [None, Some(""), Some("the-key2"), Some("THE-KEY")] {
        let (status, body) = send(&server, Method::PATCH, &path, key, Some("{}")).await;
        assert_eq!((status, &body["status"]), (401, &json!(401)));
        assert_eq!(body["error"]["type"], "authentication_error");
    }
    assert_eq!(
        server.call(DOCUMENTED_CALL).unwrap()["metadata"]["source"],
        "marketing_campaign"
    );
    assert_eq!(
        send(&server, Method::PATCH, &path, Some("the-key"), Some("{}")).await.0,
        200
    );
}

#[tokio::test]
async fn unknown_path_or_method_is_error_in_envelope() {
    let server = MockServer::start().unwrap();
    let key = Some(server.api_key());
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let methods: Vec<&str> = document
        .operations()
        .iter()
        .filter(|operation| operation.path == "/v1/calls/{call_id}")
        .map(|operation| operation.method.as_str())
        .collect();
    let other = [Method::DELETE, Method::PUT, Method::POST];
    let other = other
        .into_iter()
        .find(|method| !methods.contains(&method.as_str()))
        .unwrap();
    for (method, path, expected) in [
        (Method::PATCH, "/v1/calls/nobody", 404),
        (Method::PATCH, "/v1/calls/", 404),
        (Method::PATCH, "/v1/calls/a/b", 404),
        (Method::GET, "/", 404),
        (other, "/v1/calls/nobody", 405),
    ] {
        let (status, body) = send(&server, method, path, key, Some("{}")).await;
        assert_eq!(
            (status, &body["error"]["status"]),
            (expected, &json!(expected)),
            "{path}"
        );
        assert!(body["message"].is_string() && body["data"].is_null());
    }
}

#[tokio::test]
async fn invalid_body_is_rejected_with_field_and_reason() {
    let server = MockServer::start().unwrap();
    let before = server.call(DOCUMENTED_CALL);
    let (status, body) = patch(&server, r#"{"metadata": "secret-value", "override": "yes"}"#).await;
    assert_eq!((status, &body["error"]["type"]), (422, &json!("validation_error")));
    let mut details: Vec<String> = body["error"]["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| {
            format!(
                "{}: {}",
                detail["field"].as_str().unwrap(),
                detail["message"].as_str().unwrap()
            )
        })
        .collect();
    details.sort();
    assert_eq!(
        details,
        [
            "metadata: expected null or an object, found a string",
            "override: expected a boolean or null, found a string",
        ]
    );
    assert!(!body.to_string().contains("secret-value"));
    assert_eq!(patch(&server, "[]").await.0, 422);
    assert_eq!(patch(&server, "null").await.0, 422);
    assert_eq!(patch(&server, "{").await.0, 400);
    let path = format!("/v1/calls/{DOCUMENTED_CALL}");
    assert_eq!(
        send(&server, Method::PATCH, &path, Some(server.api_key()), None)
            .await
            .0,
        415
    );
    assert_eq!(server.call(DOCUMENTED_CALL), before);
}

/// Found by fuzzing: the server stored what it could not return, and every later list was an error.
#[tokio::test]
async fn accepted_body_can_be_read_back() {
    let server = MockServer::start().unwrap();
    let key = Some(server.api_key());
    let metadata = |levels: usize| {
        let arrays = levels - 2;
        format!(r#"{{"metadata":{{"a":{}{}}}}}"#, "[".repeat(arrays), "]".repeat(arrays))
    };
    assert_eq!(patch(&server, &metadata(100)).await.0, 200);
    for body in [metadata(101), metadata(127)] {
        let (status, error) = patch(&server, &body).await;
        assert_eq!(
            (status, &error["message"]),
            (400, &json!("the body is nested more than 100 levels deep"))
        );
    }
    let (status, list) = send(&server, Method::GET, "/v1/calls", key, None).await;
    assert_eq!(status, 200);
    assert!(list.to_string().contains(&"[".repeat(98)));
    // As text, since as JSON the list of requests would be nested too deep for many parsers.
    let (_, requests) = send(&server, Method::GET, "/_mock/requests", None, None).await;
    assert_eq!(requests["data"][2]["body"], metadata(127));
    let path = "/_mock/calls/deep";
    let (status, error) = send(&server, Method::PUT, path, None, Some(&metadata(101))).await;
    assert_eq!(
        (status, &error["error"]["message"]),
        (400, &json!("the body is nested more than 100 levels deep"))
    );
}

#[tokio::test]
async fn response_matches_document() {
    let document = Document::parse("calls.yaml", include_str!("../../openapi/calls.yaml")).unwrap();
    let operation = document
        .operations()
        .into_iter()
        .find(|operation| operation.id == Some("update_call"));
    let schema = document.success_schema(&operation.unwrap()).unwrap();
    let validator = document.validator(&schema, None).unwrap();
    let server = MockServer::start().unwrap();
    let (status, body) = patch(&server, r#"{"metadata": {"a": null}, "override": true}"#).await;
    assert_eq!(status, 200);
    assert_eq!(body["message"], "Call retrieved successfully");
    assert_eq!((&body["status"], &body["error"]), (&json!(200), &Value::Null));
    assert_eq!(body["data"]["metadata"], json!({"a": null}));
    let findings: Vec<_> = validator
        .check(&Json::of(&body))
        .into_iter()
        .filter(|finding| finding.verdict == Verdict::Error)
        .map(|finding| finding.pointer)
        .collect();
    // The documented call has a placeholder of the vendor's reference; see openapi/expected-failures.txt.
    assert_eq!(findings, ["/data/recording_url"]);
}

#[tokio::test]
async fn requests_are_recorded_and_responses_numbered() {
    let server = MockServer::start().unwrap();
    patch(&server, r#"{"metadata": {"n": 1}}"#).await;
    let nowhere = Client::new()
        .get(format!("{}/nowhere?a=b", server.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(nowhere.headers()["x-request-id"], "mock-2");
    let log = server.requests();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].operation.as_deref(), Some("update_call"));
    assert_eq!(log[0].json().unwrap(), json!({"metadata": {"n": 1}}));
    assert_eq!(
        (log[1].operation.as_deref(), log[1].path.as_str()),
        (None, "/nowhere?a=b")
    );
}

#[test]
fn every_documented_operation_is_implemented() {
    let document = Document::parse("calls.yaml", include_str!("../../openapi/calls.yaml")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = MockServer::start().unwrap();
    for operation in document.operations() {
        let path = operation.path.replace("{call_id}", DOCUMENTED_CALL);
        let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
        let (status, _) = runtime.block_on(send(&server, method, &path, Some(server.api_key()), Some("{}")));
        assert_ne!(status, 501, "{:?} is not implemented", operation.id);
    }
}

#[test]
fn servers_are_independent_and_stop_on_drop() {
    let first = MockServer::start().unwrap();
    let second = MockServer::start().unwrap();
    assert_ne!(first.url(), second.url());
    let address = first.url().trim_start_matches("http://").to_owned();
    drop(first);
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn start_with_invalid_settings_reports_reason() {
    let error = MockServer::builder()
        .call(json!({"status": "completed"}))
        .start()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot start the server: a call has no `id`; add one, as a string"
    );
    let running = MockServer::start().unwrap();
    let port = running.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = MockServer::builder().port(port).start().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot start the server: cannot listen on 127.0.0.1:{port}")
    );
}

#[tokio::test]
async fn invalid_query_is_rejected_with_parameter_and_reason() {
    let server = MockServer::builder().calls(3).start().unwrap();
    let key = Some(server.api_key());
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("page=0", "page"),
        ("use_cursor=maybe", "use_cursor"),
        ("start_time_gt=yesterday", "start_time_gt"),
    ] {
        let (status, body) = send(&server, Method::GET, &format!("/v1/calls?{query}"), key, None).await;
        assert_eq!(
            (status, &body["error"]["details"][0]["field"]),
            (422, &json!(field)),
            "{query}"
        );
    }
    let (status, body) = send(
        &server,
        Method::GET,
        "/v1/calls?use_cursor=false&page=2&limit=3&unknown=1",
        key,
        None,
    )
    .await;
    assert_eq!(
        (
            status,
            &body["total_pages"],
            &body["current_page"],
            &body["next_cursor"]
        ),
        (200, &json!(2), &json!(2), &Value::Null)
    );
    let (status, body) = send(
        &server,
        Method::POST,
        "/v1/calls/phone",
        key,
        Some(r#"{"from_number": "+331", "to_number": 5}"#),
    )
    .await;
    let mut fields: Vec<&str> = body["error"]["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| detail["field"].as_str().unwrap())
        .collect();
    fields.sort_unstable();
    assert_eq!((status, fields), (422, vec!["body", "from_number", "to_number"]));
    let (status, body) = send(
        &server,
        Method::POST,
        "/v1/calls/00000000-0000-4000-a000-000000000004/terminate",
        key,
        None,
    )
    .await;
    assert_eq!((status, &body["error"]["type"]), (404, &json!("not_found")));
}
