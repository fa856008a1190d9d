//! Every failure of a call, over real connections: the kind of the error, and what the error reports.

use std::{error::Error as _, time::Duration};

use callrounded::{Client, Error, ErrorKind, Response, types::Call};
use callrounded_mock::MockServer;
use callrounded_test_support::RefusingAddress;
use callrounded_tests::{
    DOCUMENTED_CALL, client_at, client_of,
    scripted::{Action, ScriptedServer, http_response},
};
use serde_json::{Value, json};

async fn update(client: &Client) -> Result<Response<Call>, Error> {
    client.calls().update(DOCUMENTED_CALL).merge_metadata([("a", 1)]).await
}

/// Sends an update to the server and returns its error.
async fn update_error(server: &ScriptedServer) -> Error {
    let error = update(&client_at(server.url())).await.unwrap_err();
    assert_eq!(error.operation(), Some("update_call"));
    error
}

/// Sends an update to a server with this response and returns its error.
async fn error_for(status: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Error {
    update_error(&ScriptedServer::with_response(status, headers, &body.into())).await
}

#[tokio::test]
async fn mock_server_errors_are_distinguished() {
    let server = MockServer::start().unwrap();
    let client_with_invalid_key = Client::builder()
        .api_key("wrong")
        .base_url(server.url())
        .build()
        .unwrap();
    let error = update(&client_with_invalid_key).await.unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.request_id(), Some("mock-1"));
    expect_test::expect!["update_call: 401 Unauthorized: the API key is not accepted [request id mock-1]"]
        .assert_eq(&error.to_string());

    let error = client_of(&server)
        .calls()
        .update("nobody")
        .clear_metadata()
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), Some("no call has this identifier"));
    let api_error = error.api_error().unwrap();
    assert_eq!(
        (api_error.type_.as_deref(), api_error.status),
        (Some("not_found"), Some(404))
    );
    assert!(error.source().is_none(), "an error response has no source");
}

#[tokio::test]
async fn error_kind_follows_status() {
    for (status, kind) in [
        ("300 Multiple Choices", ErrorKind::UnexpectedStatus),
        ("400 Bad Request", ErrorKind::InvalidRequest),
        ("401 Unauthorized", ErrorKind::Authentication),
        ("402 Payment Required", ErrorKind::UnexpectedStatus),
        ("403 Forbidden", ErrorKind::Permission),
        ("404 Not Found", ErrorKind::NotFound),
        ("409 Conflict", ErrorKind::Conflict),
        ("413 Too Large", ErrorKind::InvalidRequest),
        ("415 Unsupported", ErrorKind::InvalidRequest),
        ("418 Teapot", ErrorKind::UnexpectedStatus),
        ("422 Unprocessable", ErrorKind::InvalidRequest),
        ("429 Too Many", ErrorKind::RateLimited),
        ("500 Oops", ErrorKind::Server),
        ("503 Unavailable", ErrorKind::Server),
        ("599 Odd", ErrorKind::Server),
        ("777 Unheard Of", ErrorKind::UnexpectedStatus),
    ] {
        // With and without an error body.
        for body in ["", r#"{"error": {"message": "no"}}"#] {
            let error = error_for(status, &[("retry-after", "7")], body).await;
            // A proxy, or a server at another address, also sends these, without an error of the API.
            let may_be_from_proxy =
                body.is_empty() && ["400", "404", "413"].iter().any(|code| status.starts_with(code));
            let kind = if may_be_from_proxy {
                ErrorKind::UnexpectedStatus
            } else {
                kind
            };
            assert_eq!(error.kind(), kind, "{status}");
            assert_eq!(error.status().unwrap().as_str(), status.split(" ").next().unwrap());
            assert_eq!(error.headers().unwrap()["retry-after"], "7");
            assert_eq!(error.body().unwrap(), body);
        }
    }
}

#[tokio::test]
async fn error_display_has_message_and_details_of_service() {
    let sample: Value =
        serde_json::from_str(include_str!("../../openapi/examples/update_call.response.200.json")).unwrap();
    let documented = json!({ "error": sample["error"], "message": "Nope", "status": 400 });
    let error = error_for("400 Bad Request", &[], documented.to_string()).await;
    expect_test::expect![
        "update_call: 400 Bad Request: An error occurred while processing your request; email: Invalid email format"
    ]
    .assert_eq(&error.to_string());
    assert_eq!(error.message(), Some("Nope"));
    let details = error.api_error().unwrap().details.as_ref().unwrap();
    assert_eq!(details[0].field.as_deref(), Some("email"));
}

#[tokio::test]
async fn error_details_in_each_format_are_read() {
    for (body, expected) in [
        (
            json!({"error": {"message": "m", "details": [{"field": "email", "message": "bad"}, {"field": "a"}, {}]}}),
            vec![(Some("email"), Some("bad")), (Some("a"), None), (None, None)],
        ),
        (
            json!({"detail": [
                {"loc": ["body", "metadata", "tags", 0, "name"], "msg": "no", "type": "t", "input": 5},
                {"loc": ["query", "limit"], "msg": "too large"},
                {"loc": ["body"], "msg": "missing"},
                {"loc": [], "msg": "odd"},
                {"msg": "alone"},
                {"loc": ["body", "x"]},
                "text",
                5,
            ]}),
            vec![
                (Some("metadata.tags[0].name"), Some("no")),
                (Some("query.limit"), Some("too large")),
                (None, Some("missing")),
                (None, Some("odd")),
                (None, Some("alone")),
                (None, Some("text")),
            ],
        ),
        (
            json!({"errors": [{"field": "to_number", "message": "bad"}, {"pointer": "/a", "title": "t"}]}),
            vec![(Some("to_number"), Some("bad")), (Some("/a"), Some("t"))],
        ),
        (
            json!({"error": {"details": [{"field": "a", "message": "b"}]}, "detail": [{"msg": "c"}]}),
            vec![(Some("a"), Some("b")), (None, Some("c"))],
        ),
        (json!({"detail": "all of it"}), vec![]),
        (json!({"error": {"details": "text"}}), vec![]),
    ] {
        let error = error_for("422 Unprocessable", &[], body.to_string()).await;
        assert!(error.is_invalid_request());
        let found: Vec<_> = error
            .details()
            .iter()
            .map(|detail| (detail.field.as_deref(), detail.message.as_deref()))
            .collect();
        assert_eq!(found, expected, "{body}");
    }
}

#[tokio::test]
async fn error_excerpt_is_printable_start_of_body() {
    for (body, excerpt) in [
        (
            b"<html>\n\t<b>Bad</b>\x1b[31m\0</html>".to_vec(),
            "<html>  <b>Bad</b> [31m </html>".to_owned(),
        ),
        (b"\xff\xfe ok".to_vec(), "\u{fffd}\u{fffd} ok".to_owned()),
        ("a\u{202e}b\u{2028}c\u{feff}".into(), "a b c ".to_owned()),
        (Vec::new(), String::new()),
        ("é".repeat(10_000).into_bytes(), format!("{}…", "é".repeat(500))),
        ("\u{1f600}".repeat(500).into_bytes(), "\u{1f600}".repeat(500)),
    ] {
        let error = error_for("502 Bad Gateway", &[], body.clone()).await;
        assert_eq!(error.excerpt(), Some(excerpt));
        assert_eq!(error.body().unwrap(), &body);
        assert!(error.to_string().len() < 100 && !format!("{error:?}").contains("Bad</b>"));
    }
    assert_eq!(
        update_error(&ScriptedServer::start([Action::Close])).await.excerpt(),
        None
    );
    let undecodable = error_for("200 OK", &[], "<html>").await;
    assert_eq!(undecodable.excerpt().as_deref(), Some("<html>"));
}

#[tokio::test]
async fn error_display_describes_any_body() {
    for (content_type, body, line) in [
        (
            "text/html",
            "<html>Bad gateway</html>",
            "update_call: 502 Bad Gateway (24 bytes of text/html)",
        ),
        ("application/json", "", "update_call: 502 Bad Gateway (an empty body)"),
        (
            "application/json",
            "[1, 2]",
            "update_call: 502 Bad Gateway (6 bytes of application/json)",
        ),
        (
            "application/json",
            "null",
            "update_call: 502 Bad Gateway (4 bytes of application/json)",
        ),
        (
            "application/json",
            r#"{"detail": "gone"}"#,
            "update_call: 502 Bad Gateway: gone",
        ),
        (
            "application/json",
            r#"{"error": "gone"}"#,
            "update_call: 502 Bad Gateway: gone",
        ),
        (
            "application/json",
            r#"{"message": "gone", "error": null}"#,
            "update_call: 502 Bad Gateway: gone",
        ),
        (
            "application/json",
            r#"{"error": {"message": "gone", "status": "x"}}"#,
            "update_call: 502 Bad Gateway: gone",
        ),
        (
            "application/json",
            r#"{"error": {"details": [{"field": "a"}, {}]}}"#,
            "update_call: 502 Bad Gateway: a",
        ),
        (
            "application/json",
            r#"{"message": "two\nlines\u001b[31m"}"#,
            "update_call: 502 Bad Gateway: two lines [31m",
        ),
        (
            "application/json",
            "{\"message\": \"\u{fffd}",
            "update_call: 502 Bad Gateway (16 bytes of application/json)",
        ),
    ] {
        let error = error_for("502 Bad Gateway", &[("content-type", content_type)], body).await;
        assert_eq!(error.to_string(), line);
        assert!(error.is_server());
    }
    let error = error_for("500 Oops", &[], vec![0xff, 0xfe, 0x00]).await;
    assert_eq!(error.to_string(), "update_call: 500 Internal Server Error (3 bytes)");
    let long = json!({ "message": "x".repeat(10_000) }).to_string();
    assert!(error_for("500 Oops", &[], long).await.to_string().len() < 400);
}

#[tokio::test]
async fn success_with_data_and_error_is_success() {
    let documented = include_str!("../../openapi/examples/update_call.response.200.json");
    for status in ["200 OK", "201 Created", "202 Accepted", "299 Odd"] {
        let server = ScriptedServer::with_response(status, &[("X-Request-Id", "r-1")], documented.as_bytes());
        let call = update(&client_at(server.url())).await.unwrap();
        assert_eq!(call.id, DOCUMENTED_CALL);
        assert_eq!(call.body_as::<Value>().unwrap()["error"]["type"], "generic_error");
        assert_eq!(call.http_status().as_str(), status.split(" ").next().unwrap());
        assert_eq!(call.request_id(), Some("r-1"));
        assert_eq!(call.body(), documented.as_bytes());
    }
}

#[tokio::test]
async fn call_with_only_an_id_is_decoded() {
    for body in [
        r#"{"data": {"id": "x"}}"#.to_owned(),
        r#"{"data": {"id": "x", "new": [1]}, "more": {}, "error": null, "message": null, "status": null}"#.to_owned(),
        with_all_fields_null(),
    ] {
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        let call = update(&client_at(server.url())).await.unwrap();
        assert_eq!(call.id.len(), if body.contains("\"x\"") { 1 } else { 36 });
    }
}

fn with_all_fields_null() -> String {
    let mut response: Value =
        serde_json::from_str(include_str!("../../openapi/examples/update_call.response.200.json")).unwrap();
    for (key, value) in response["data"].as_object_mut().unwrap() {
        if key != "id" {
            *value = Value::Null;
        }
    }
    response.to_string()
}

#[tokio::test]
async fn success_without_data_is_missing_data_error() {
    for (body, line) in [
        (
            r#"{"message": "Queued", "error": {"message": "not now", "details": [{"field": "a", "message": "b"}]}}"#,
            "update_call: 200 without data: not now; a: b",
        ),
        (
            r#"{"message": "Queued", "data": null}"#,
            "update_call: 200 without data: Queued",
        ),
        ("{}", "update_call: 200 without data"),
    ] {
        let error = error_for("200 OK", &[], body).await;
        assert_eq!(error.kind(), ErrorKind::MissingData);
        assert_eq!(error.to_string(), line);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.body().unwrap(), body);
    }
    let error = error_for("202 Accepted", &[], r#"{"message": "Queued"}"#).await;
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::MissingData, Some("Queued"))
    );
}

#[tokio::test]
async fn undecodable_optional_fields_are_skipped() {
    for (body, skipped) in [
        (
            r#"{"data": {"id": "x", "duration_seconds": "+33612345678"}}"#,
            vec!["data.duration_seconds"],
        ),
        (
            r#"{"data": {"id": "x", "transcript": [{}, 5, {"role": 5}]}}"#,
            vec!["data.transcript[1]", "data.transcript[2].role"],
        ),
        (
            r#"{"data": {"id": "x", "transcript": ["text", {"role": "user"}, []], "variable_values": [[], ["name"], {}]}}"#,
            vec![
                "data.transcript[0]",
                "data.transcript[2]",
                "data.variable_values[0]",
                "data.variable_values[1]",
            ],
        ),
        (r#"{"data": {"id": "x"}, "error": []}"#, vec!["error"]),
        (
            r#"{"data": {"id": "x", "metadata": [1], "status": {}}}"#,
            vec!["data.metadata", "data.status"],
        ),
        (
            r#"{"data": {"id": "x"}, "error": "boom", "status": "200", "message": 5}"#,
            vec!["error", "status", "message"],
        ),
        (
            r#"{"data": {"id": "x"}, "error": {"status": "400", "details": "text", "type": "t"}}"#,
            vec!["error.status", "error.details"],
        ),
        (
            r#"{"data": {"id": "x", "cost": "0.15", "start_time": 17, "status": "new"}}"#,
            vec![],
        ),
    ] {
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        let call = update(&client_at(server.url())).await.unwrap();
        assert_eq!((call.id.as_str(), call.body().as_ref()), ("x", body.as_bytes()));
        let (mut found, mut expected) = (call.skipped_fields().to_vec(), skipped);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{body}");
    }
}

#[tokio::test]
async fn undecodable_required_field_is_decode_error_with_path() {
    for (body, path, line) in [
        (
            r#"{"data": {"status": "completed"}}"#,
            Some("data"),
            "update_call: the response cannot be decoded at data: the field `id` is missing",
        ),
        (
            r#"{"data": {"id": 5, "cost": "x"}}"#,
            Some("data.id"),
            "update_call: the response cannot be decoded at data.id: expected a string",
        ),
        (
            r#"{"data": "text"}"#,
            Some("data"),
            "update_call: the response cannot be decoded at data: expected an object",
        ),
        (
            "",
            None,
            "update_call: the response (an empty body) cannot be decoded: unexpected end of JSON",
        ),
        (
            "[]",
            None,
            "update_call: the response (2 bytes) cannot be decoded: expected an object",
        ),
        (
            "<html>",
            None,
            "update_call: the response (6 bytes) cannot be decoded: invalid JSON",
        ),
    ] {
        let error = error_for("200 OK", &[("x-request-id", "")], body).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.is_decode());
        assert_eq!(error.path(), path, "{error}");
        assert_eq!(error.to_string().replace(" [request id ]", ""), line);
        assert_eq!(
            (error.status().unwrap().as_u16(), error.body().unwrap().len()),
            (200, body.len())
        );
        assert!(error.source().is_none(), "serde's message would contain the value");
    }
}

#[tokio::test]
async fn list_body_that_is_not_json_is_decode_error_with_reason() {
    const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
    for (headers, body, line) in [
        (
            vec![],
            "",
            "list_calls: the response (an empty body) cannot be decoded: unexpected end of JSON",
        ),
        (
            vec![],
            r#"{"data": [{"id": "x"}, {"i"#,
            "list_calls: the response (26 bytes) cannot be decoded: unexpected end of JSON",
        ),
        (
            vec![],
            r#"{"data": [{"id": "x"}]"#,
            "list_calls: the response (22 bytes) cannot be decoded: unexpected end of JSON",
        ),
        (
            vec![HTML],
            "<!doctype html>",
            "list_calls: the response (15 bytes of text/html) cannot be decoded: invalid JSON",
        ),
        (
            vec![],
            "[]",
            "list_calls: the response (2 bytes) cannot be decoded: expected an object",
        ),
    ] {
        let server = ScriptedServer::with_response("200 OK", &headers, body.as_bytes());
        let error = client_at(server.url()).calls().list().page(1).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Decode, line));
    }
}

/// `data` of this operation may be absent. An `error` in place of it is still not a success.
#[tokio::test]
async fn terminate_with_error_and_no_data_is_missing_data_error() {
    let with_api_error = r#"{"message":"x","error":{"type":"generic_error","message":"No such call","status":404}}"#;
    for body in [
        with_api_error,
        r#"{"data":null,"error":"No such call"}"#,
        r#"{"error":["No such call"]}"#,
    ] {
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        let error = client_at(server.url()).calls().terminate("x").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::MissingData, 200),
            "{body}"
        );
        let status = error.api_error().and_then(|error| error.status);
        assert_eq!(status, (body == with_api_error).then_some(404), "{body}");
        assert_eq!(error.body().unwrap().as_ref(), body.as_bytes());
    }
    for body in [
        "",
        "{}",
        r#"{"data":null,"error":null}"#,
        r#"{"data":false,"error":{"status":404}}"#,
    ] {
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        client_at(server.url()).calls().terminate("x").await.unwrap();
    }
}

#[tokio::test]
async fn unreachable_service_is_connect_error() {
    let refusing = RefusingAddress::reserve().unwrap();
    let address = refusing.address();
    let error = update(&client_at(&format!("http://{address}"))).await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!((error.status(), error.request_id()), (None, None));
    expect_test::expect!["update_call: the service cannot be reached"].assert_eq(&error.to_string());
    // The message does not repeat the cause: the chain has it.
    let source = error.source().unwrap().to_string();
    assert!(
        !error.to_string().contains(&source) && source.contains(&address.to_string()),
        "{source}"
    );
}

#[tokio::test]
async fn lost_connection_is_distinguished_from_connect_error() {
    let error = update_error(&ScriptedServer::start([Action::Close])).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connection, None));
    assert_eq!(
        error.to_string(),
        "update_call: the connection was lost before the response"
    );

    let mut half = http_response("200 OK", &[("x-request-id", "r-2")], &[b' '; 100]);
    half.truncate(half.len() - 50);
    let error = update_error(&ScriptedServer::start([Action::Send(half)])).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(
        (error.status().unwrap().as_u16(), error.body().unwrap().len()),
        (200, 50),
        "the received part is kept"
    );
    assert_eq!(
        error.to_string(),
        "update_call: the connection was lost in the middle of the response [request id r-2]"
    );

    let error = update_error(&ScriptedServer::start([Action::Send(
        b"this is not HTTP\r\n\r\n".to_vec(),
    )]))
    .await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::InvalidResponse, None));
}

#[tokio::test]
async fn silent_service_is_timeout_error() {
    let server = ScriptedServer::start([Action::Stall(Vec::new())]);
    let client = Client::builder()
        .api_key("k")
        .base_url(server.url())
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = update(&client).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "update_call: the service did not respond in time");
    assert_eq!(server.requests().len(), 1, "the request is sent once");
}

#[tokio::test]
async fn redirect_is_unexpected_status_and_is_not_followed() {
    let target = MockServer::start().unwrap();
    let location = format!("{}/v1/calls/{DOCUMENTED_CALL}", target.url());
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let error = error_for(status, &[("location", &location)], "").await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert_eq!(error.headers().unwrap()["location"], location.as_str());
    }
    assert!(target.requests().is_empty());
}

#[tokio::test]
async fn large_error_body_is_kept_but_not_parsed() {
    let details = |count: usize| json!({"message": "m", "detail": vec![json!({"msg": "a"}); count]}).to_string();
    let error = error_for("500 Oops", &[], details(1_000)).await;
    assert_eq!((error.details().len(), error.message()), (100, Some("m")));
    let large = details(100_000);
    let error = error_for("500 Oops", &[], large.clone()).await;
    assert_eq!((error.details().len(), error.message()), (0, None));
    assert_eq!(error.body().unwrap().len(), large.len());
    assert!(error.excerpt().unwrap().starts_with("{\"message\":\"m\""));
}
