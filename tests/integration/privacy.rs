//! What is shown of answers and errors, and what is not. (`tests/canary` searches every output of every fault.)

use callrounded::Client;
use callrounded_mock::MockServer;
use callrounded_tests::scripted::Scripted;
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
    assert!(!text.contains(KEY), "the key is in: {text}");
    assert!(!text.contains(CANARY), "personal data is in: {text}");
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
async fn an_answer_shows_its_data_only_where_it_is_asked_for() {
    let server = MockServer::builder().api_key(KEY).call(call()).start().unwrap();
    let client = client(&server.url());
    let update = client.calls().update("private");
    assert_clean(&format!("{update:?}"));
    let update = update.merge_metadata([("name", CANARY)]);
    assert_clean(&format!("{update:?}"));
    let answer = update.await.unwrap();
    assert_eq!(answer.metadata.as_ref().unwrap()["name"], CANARY);
    assert_clean(&format!("{answer:?} {answer:#?} {:?}", answer.clone().into_inner()));
    assert_clean(&format!("{client:?} {server:?} {:?}", server.requests()));
    // What is safe is shown, and whether there is something.
    let text = format!("{answer:?}");
    assert!(
        text.contains("\"private\"") && text.contains("Completed") && text.contains("Some(<redacted>)"),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_that_is_read_in_part_shows_nothing_of_the_rest() {
    let odd = json!({"data": {"id": "x", "cost": CANARY, "start_time": CANARY, "duration_seconds": CANARY, "transcript": [CANARY]}});
    let server = Scripted::answering("200 OK", &[], odd.to_string().as_bytes());
    let answer = client(server.url()).calls().get("x").await.unwrap();
    assert_eq!(answer.skipped_fields(), ["data.duration_seconds", "data.transcript[0]"]);
    assert_clean(&format!("{answer:?} {:?}", answer.skipped_fields()));
    assert_eq!(answer.cost.as_ref().unwrap().as_str(), CANARY);

    let ended = json!({"data": {"deep": CANARY}});
    let server = Scripted::answering("200 OK", &[], ended.to_string().as_bytes());
    let answer = client(server.url()).calls().terminate("x").await.unwrap();
    assert_clean(&format!("{answer:?}"));
    assert_eq!(answer["deep"], CANARY);
}

#[tokio::test]
async fn what_is_cut_off_leaves_no_part_of_a_secret() {
    // At every place near the ends of what is shown of a message and of a body.
    for before in (280..310).chain(480..510) {
        let said = format!("{}{KEY} {CANARY}", "x ".repeat(before / 2));
        let server = Scripted::answering("422 No", &[], json!({ "message": said }).to_string().as_bytes());
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
async fn a_header_that_the_caller_sets_is_a_secret_too() {
    let said = json!({"message": "gateway token gw-secret-1 (Bearer tok-secret-2) is expired", "error": {"message": "gw-secret-1 tok-secret-2"}});
    let server = Scripted::answering(
        "403 No",
        &[("x-request-id", "tok-secret-2")],
        said.to_string().as_bytes(),
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
async fn a_long_text_that_is_repeated_and_cut_is_not_shown() {
    let note = "Patient has a condition and so on, ".repeat(200);
    let key = "k".repeat(51);
    for said in [
        format!("metadata.note is too long: {note}"),
        format!("{}{note}", "x".repeat(3_990)),
        format!("not valid: {}…", note.split_at(100).0),
        format!("{key} ").repeat(200),
        format!("{}{key}", "ab ".repeat(1_330)),
    ] {
        let server = Scripted::answering("400 No", &[], json!({ "message": said }).to_string().as_bytes());
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
