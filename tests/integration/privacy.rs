//! Responses and errors print neither personal data nor the API key. (`tests/canary` searches every output of every
//! fault.)

use callrounded::Client;
use callrounded_mock::MockServer;
use callrounded_tests::scripted::ScriptedServer;
use serde_json::{Value, json};

const KEY: &str = "canary-key-7f3a";
const CANARY: &str = "canary-person-91bc";

fn call() -> Value {
    json!({
        "id": "private",
        "status": "completed",
        "metadata": {"name": CANARY, CANARY: 1},
        "transcript_string": CANARY,
        "transcript": [{"role": "user", "content": CANARY}],
        "variable_values": [{"name": "customer", "value": {"deep": [CANARY]}}],
        "from_number": CANARY,
        "to_number": CANARY,
        "recording_url": format!("https://example.com/{CANARY}"),
    })
}

fn assert_clean(text: &str) {
    assert!(!text.contains(KEY), "the API key is in the output: {text}");
    assert!(!text.contains(CANARY), "personal data is in the output: {text}");
}

fn client(url: &str) -> Client {
    Client::builder()
        .api_key(KEY)
        .base_url(url)
        .max_retries(0)
        .build()
        .unwrap()
}

#[tokio::test]
async fn response_debug_redacts_personal_data() {
    let server = MockServer::builder().api_key(KEY).call(call()).start().unwrap();
    let client = client(&server.url());
    let update = client.calls().update("private");
    assert_clean(&format!("{update:?}"));
    let update = update.merge_metadata([("name", CANARY)]);
    assert_clean(&format!("{update:?}"));
    let response = update.await.unwrap();
    assert_eq!(response.metadata.as_ref().unwrap()["name"], CANARY);
    assert_clean(&format!(
        "{response:?} {response:#?} {:?}",
        response.clone().into_inner()
    ));
    assert_clean(&format!("{client:?} {server:?} {:?}", server.requests()));
    // Safe values are shown, and so is whether a redacted value exists.
    let text = format!("{response:?}");
    assert!(
        text.contains("\"private\"") && text.contains("Completed") && text.contains("Some(<redacted>)"),
        "{text}"
    );
}

#[tokio::test]
async fn response_debug_redacts_skipped_fields() {
    let odd = json!({"data": {"id": "x", "cost": CANARY, "start_time": CANARY, "duration_seconds": CANARY, "transcript": [CANARY]}});
    let server = ScriptedServer::with_response("200 OK", &[], odd.to_string().as_bytes());
    let response = client(server.url()).calls().get("x").await.unwrap();
    assert_eq!(
        response.skipped_fields(),
        ["data.duration_seconds", "data.transcript[0]"]
    );
    assert_clean(&format!("{response:?} {:?}", response.skipped_fields()));
    assert_eq!(response.cost.as_ref().unwrap().as_str(), CANARY);

    let ended = json!({"data": {"deep": CANARY}});
    let server = ScriptedServer::with_response("200 OK", &[], ended.to_string().as_bytes());
    let response = client(server.url()).calls().terminate("x").await.unwrap();
    assert_clean(&format!("{response:?}"));
    assert_eq!(response["deep"], CANARY);
}

#[tokio::test]
async fn truncated_message_has_no_part_of_secret() {
    // The secret starts at each position near the length limits of messages and excerpts.
    for before in (280..310).chain(480..510) {
        let message = format!("{}{KEY} {CANARY}", "x ".repeat(before / 2));
        let server = ScriptedServer::with_response("422 No", &[], json!({ "message": message }).to_string().as_bytes());
        let update = client(server.url())
            .calls()
            .update("x")
            .merge_metadata([("name", CANARY)]);
        let error = update.await.unwrap_err();
        let line = error.to_string();
        assert!(!line.contains("canary"), "{line}");
        let excerpt = error.excerpt().unwrap();
        assert!(!excerpt.contains("canary-k"), "{excerpt}");
    }
}

#[tokio::test]
async fn header_of_caller_is_redacted_in_error() {
    let body = json!({"message": "gateway token gw-secret-1 (Bearer tok-secret-2) is expired", "error": {"message": "gw-secret-1 tok-secret-2"}});
    let server = ScriptedServer::with_response(
        "403 No",
        &[("x-request-id", "tok-secret-2")],
        body.to_string().as_bytes(),
    );
    let get = client(server.url()).calls().get("x");
    let error = get
        .header("x-gateway", "gw-secret-1")
        .header("authorization", "Bearer tok-secret-2");
    let error = error.await.unwrap_err();
    let shown = format!(
        "{error} {error:?} {:?} {:?} {:?}",
        error.message(),
        error.api_error(),
        error.excerpt()
    );
    assert!(!shown.contains("gw-secret") && !shown.contains("tok-secret"), "{shown}");
    assert!(server.requests()[0].contains("gw-secret-1"));
}

#[tokio::test]
async fn long_value_repeated_by_service_is_redacted() {
    let note = "Patient has a condition and so on, ".repeat(200);
    let key = "k".repeat(51);
    for message in [
        format!("metadata.note is too long: {note}"),
        format!("{}{note}", "x".repeat(3_990)),
        format!("not valid: {}…", note.split_at(100).0),
        format!("{key} ").repeat(200),
        format!("{}{key}", "ab ".repeat(1_330)),
    ] {
        let server = ScriptedServer::with_response("400 No", &[], json!({ "message": message }).to_string().as_bytes());
        let client = Client::builder().api_key(&key).base_url(server.url()).build().unwrap();
        let update = client.calls().update("x").merge_metadata([("note", &note)]);
        let error = update.await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("Patient") && !shown.contains("condition") && !shown.contains("kkkk"),
            "{shown}"
        );
        assert!(!error.excerpt().unwrap().contains("kkkk"));
    }
}
