//! Getting, starting and terminating calls against the mock server.

use callrounded::{CallExt, ErrorKind, PhoneNumber, TranscriptEntryExt, Variable};
use callrounded_document::{Document, json::Json, traverse::Direction};
use callrounded_mock::MockServer;
use callrounded_tests::{
    DOCUMENTED_AGENT, DOCUMENTED_CALL, client_at, client_of,
    scripted::{Action, ScriptedServer},
};
use serde_json::{Value, json};

const FROM: &str = "+33912345678";
const TO: &str = "+33612345678";

#[tokio::test]
async fn get_returns_documented_call() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    let call = calls.get(DOCUMENTED_CALL).await.unwrap();
    assert_eq!(
        (call.id.as_str(), call.type_.as_ref().map(|value| value.as_str())),
        (DOCUMENTED_CALL, Some("phone_call"))
    );
    assert_eq!(server.requests()[0].method, "GET");
    let error = calls.get("nobody").await.unwrap_err();
    assert_eq!((error.is_not_found(), error.operation()), (true, Some("get_call")));
    assert_eq!(calls.get("..").await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn started_call_can_be_read_and_terminated() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    let started = calls
        .start(FROM, TO.to_owned(), DOCUMENTED_AGENT)
        .variables([("age", 35)])
        .variables(json!({"opening_hours": {"monday": [{"start": "07:00"}]}}))
        .variables([("name", "Ada")])
        .await
        .unwrap();
    assert_eq!(started.http_status(), 201);
    assert_eq!(started.message(), Some("Phone call started successfully"));
    assert_eq!(
        server.requests()[0].json().unwrap(),
        json!({
            "from_number": FROM, "to_number": TO, "agent_id": DOCUMENTED_AGENT,
            "dynamic_variables_values": {"age": 35, "opening_hours": {"monday": [{"start": "07:00"}]}, "name": "Ada"},
        })
    );
    let call = calls.get(&started.call_id).await.unwrap();
    // The value may be undocumented.
    assert_eq!(call.status.as_ref().map(|status| status.as_str()), Some("in_progress"));
    assert_eq!(call.to_number.as_deref(), Some(TO));

    for _ in 0..2 {
        let ended = calls.terminate(&started.call_id).await.unwrap();
        assert_eq!(
            (&*ended, ended.message()),
            (&Value::Null, Some("Call terminated successfully"))
        );
    }
    let ended = calls.get(&started.call_id).await.unwrap();
    assert_eq!(ended.status.as_ref().map(|status| status.as_str()), Some("completed"));
    assert!(calls.terminate("nobody").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn start_without_variables_sends_none() {
    let server = MockServer::start().unwrap();
    client_of(&server)
        .calls()
        .start(FROM, TO, DOCUMENTED_AGENT)
        .await
        .unwrap();
    let sent = server.requests()[0].json().unwrap();
    assert_eq!(
        sent,
        json!({"from_number": FROM, "to_number": TO, "agent_id": DOCUMENTED_AGENT})
    );
}

#[tokio::test]
async fn start_with_invalid_input_is_rejected_before_sending() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    for (from, to, agent) in [
        ("0612345678", TO, DOCUMENTED_AGENT),
        (FROM, "+0612345678", DOCUMENTED_AGENT),
        (FROM, "+123456", DOCUMENTED_AGENT),
        (FROM, "+1234567890123456", DOCUMENTED_AGENT),
        (FROM, "+33 6 12 34 56 78", DOCUMENTED_AGENT),
        (FROM, "+33612345678", ""),
        ("", "", ""),
    ] {
        let error = calls.start(from, to, agent).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::InvalidInput, Some("start_phone_call")),
            "{from} {to}"
        );
        assert!(to == TO || to.is_empty() || !error.to_string().contains(to), "{error}");
    }
    let error = calls
        .start(FROM, TO, DOCUMENTED_AGENT)
        .variables("text")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.requests().is_empty());
    let shortest: PhoneNumber = "+12345678".parse().unwrap();
    assert_eq!(format!("{shortest} {shortest:?}"), "+12345678 PhoneNumber(<redacted>)");
    assert!("+123456789012345".parse::<PhoneNumber>().is_ok());
}

#[tokio::test]
async fn failed_start_is_not_retried() {
    for action in [
        Action::Close,
        Action::Send(callrounded_tests::scripted::http_response(
            "503 Unavailable",
            &[("retry-after", "0")],
            b"",
        )),
    ] {
        let server = ScriptedServer::start([action.clone(), action.clone(), action]);
        client_at(server.url())
            .calls()
            .start(FROM, TO, DOCUMENTED_AGENT)
            .await
            .unwrap_err();
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn terminate_returns_any_data() {
    for data in [json!(null), json!(true), json!({"deep": [1]}), json!("text")] {
        let body = json!({"data": data, "message": "ok"}).to_string();
        let server = ScriptedServer::with_response("200 OK", &[], body.as_bytes());
        assert_eq!(*client_at(server.url()).calls().terminate("x").await.unwrap(), data);
    }
}

#[test]
fn operations_are_idempotent_as_documented() {
    for operation in ["get_call", "list_calls", "update_call", "terminate_call"] {
        assert!(
            callrounded_api::operation(operation).unwrap().is_idempotent(),
            "{operation}"
        );
    }
    assert!(!callrounded_api::operation("start_phone_call").unwrap().is_idempotent());
    assert!(callrounded_api::operation("unknown").is_none());
}

#[tokio::test]
async fn variables_and_transcript_entries_keep_their_types() {
    let server = MockServer::builder()
        .call(json!({
            "id": "rich",
            "variable_values": [
                {"name": "name", "value": "Ada"}, {"name": "age", "value": 35}, {"name": "active", "value": true},
                {"name": "hours", "value": {"monday": []}}, {"name": "list", "value": [1]}, {"name": "none"}, {"value": 1},
            ],
            "transcript": [
                {"role": "user", "content": "Hello"},
                {"role": "tool", "content": {"found": 1}, "tool_call_id": "t-1"},
            ],
        }))
        .start()
        .unwrap();
    let call = client_of(&server).calls().get("rich").await.unwrap();
    let variables = call.variables();
    assert_eq!(variables.len(), 6);
    assert_eq!(
        (variables["name"], variables["active"]),
        (Variable::String("Ada"), Variable::Boolean(true))
    );
    assert!(matches!(variables["age"], Variable::Number(age) if age.as_u64() == Some(35)));
    assert!(matches!(variables["hours"], Variable::Object(hours) if hours.len() == 1));
    assert_eq!(
        (variables["list"], variables["none"]),
        (Variable::Other(&json!([1])), Variable::Other(&Value::Null))
    );
    assert!(!format!("{variables:?}").contains("Ada"));

    let entries = call.transcript.as_ref().unwrap();
    assert_eq!((entries[0].text(), entries[1].text()), (Some("Hello"), None));
    assert_eq!(
        (&entries[1].content, &entries[1].extra["tool_call_id"]),
        (&Some(json!({"found": 1})), &json!("t-1"))
    );
}

/// An E.164 phone number is a plus sign and 2 to 15 digits, the first of which is not 0. To start a call, the vendor
/// requires at least 8 characters, including the plus sign.
#[tokio::test]
async fn phone_number_rules_are_same_in_client_and_validator() {
    let server = MockServer::start().unwrap();
    let client = client_of(&server);
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let validator = document
        .validator("/components/schemas/StartPhoneCallRequest", Some(Direction::Request))
        .unwrap();
    for (number, is_e164, starts) in [
        ("+1234567", true, true),
        ("+123456789012345", true, true),
        ("+123456", true, false),
        ("+12", true, false),
        ("+1", false, false),
        ("+1234567890123456", false, false),
        ("+0123456789", false, false),
        ("0033612345678", false, false),
        ("+33 6 12 34 56 78", false, false),
        ("+3361234567a", false, false),
        ("+٣٣٦١٢٣٤٥٦٧٨", false, false),
        ("", false, false),
    ] {
        let filtered = client.calls().list().to_number(number).page(1).await;
        assert_eq!(filtered.is_ok(), is_e164, "{number}");
        let started = client.calls().start("+33912345678", number, "agent").await;
        assert_eq!(started.is_ok(), starts, "{number}");
        let body = json!({"from_number": "+33912345678", "to_number": number, "agent_id": "agent"});
        assert_eq!(validator.accepts(&Json::of(&body)), starts, "{number}");
    }
}
