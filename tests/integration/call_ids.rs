//! Identifiers of calls: any string is sent unchanged, or rejected before it is sent.

use callrounded::ErrorKind;
use callrounded_mock::MockServer;
use callrounded_tests::{DOCUMENTED_CALL, client_of};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn call_id_that_would_change_the_path_is_rejected() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    for id in ["", ".", "..", "a\nb", "\u{7f}", "a\0", "tab\t", "\u{85}"] {
        let error = calls.get(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    for (id, message) in [
        (
            "abc\n",
            "get_call: call_id: contains a control character, such as a line break",
        ),
        ("", "get_call: call_id: must not be empty"),
        (
            "..",
            "get_call: call_id: must not be `.` or `..`, which URLs resolve as directories",
        ),
    ] {
        assert_eq!(calls.get(id).await.unwrap_err().to_string(), message);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn call_id_accepts_any_display_type() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    let uuid: Uuid = DOCUMENTED_CALL.parse().unwrap();
    assert_eq!(calls.get(uuid).await.unwrap().id, DOCUMENTED_CALL);
    assert_eq!(calls.get(DOCUMENTED_CALL.to_owned()).await.unwrap().id, DOCUMENTED_CALL);
}

#[tokio::test]
async fn invalid_call_id_is_error_of_operation_and_is_not_sent() {
    let server = MockServer::start().unwrap();
    let error = client_of(&server)
        .calls()
        .update("..")
        .clear_metadata()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::InvalidInput, Some("update_call"))
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn call_id_with_reserved_characters_stays_one_segment() {
    let ids = [
        "a/b", "a\\b", "../up", "?q", "#f", "100%", "%2e%2e", " ", "é", "a;b", "a:b@c", "...", "~", "[1]", "|^`",
    ];
    let builder = ids
        .iter()
        .fold(MockServer::builder(), |builder, id| builder.call(json!({ "id": id })));
    let server = builder.start().unwrap();
    let calls = client_of(&server).calls();
    for id in ids {
        let call = calls.update(id).clear_metadata().await.unwrap();
        assert_eq!(call.id, id);
    }
}

proptest! {
    // Each case sends a request. The limit keeps the test to a few seconds.
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn call_id_is_sent_unchanged_or_rejected(id in "\\PC{0,12}|[./\\\\%?#;]{1,5}|.{0,4}") {
        let server = MockServer::builder().call(json!({ "id": id })).start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime.block_on(client_of(&server).calls().update(&id).clear_metadata().into_future());
        if id.is_empty() || id == "." || id == ".." || id.chars().any(char::is_control) {
            prop_assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput);
            prop_assert!(server.requests().is_empty());
        } else {
            prop_assert_eq!(&outcome.unwrap().id, &id);
        }
    }
}
