//! The update operation against the mock server: what is sent, what is changed, and what is returned.

use std::{collections::BTreeMap, time::Duration};

use callrounded::{CallExt, ErrorKind};
use callrounded_mock::MockServer;
use callrounded_tests::{DOCUMENTED_CALL, client_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Campaign {
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
}

fn server() -> MockServer {
    MockServer::builder()
        .call(json!({"id": "tagged", "metadata": {"kept": 1, "source": "old", "nested": {"a": 1, "b": 2}}}))
        .start()
        .unwrap()
}

fn sent(server: &MockServer) -> Value {
    server.requests().last().unwrap().json().unwrap()
}

fn metadata(server: &MockServer, id: &str) -> Value {
    server.call(id).unwrap()["metadata"].clone()
}

#[tokio::test]
async fn documented_update_returns_documented_call() {
    let server = MockServer::start().unwrap();
    let call = client_of(&server)
        .calls()
        .update(DOCUMENTED_CALL)
        .replace_metadata([("source", "marketing_campaign"), ("utm_medium", "email")])
        .await
        .unwrap();

    let documented: Value =
        serde_json::from_str(include_str!("../../openapi/examples/update_call.request.json")).unwrap();
    assert_eq!(sent(&server), documented);
    assert_eq!(call.id, DOCUMENTED_CALL);
    assert_eq!(call.metadata.as_ref().unwrap()["source"], "marketing_campaign");
    assert_eq!(call.status.as_ref().map(|status| status.as_str()), Some("completed"));
    let cost = server.call(DOCUMENTED_CALL).unwrap()["cost"].to_string();
    assert_eq!(call.cost.as_ref().unwrap().as_str(), cost.trim_matches('"'));
    assert_eq!(
        call.start_time.as_ref().unwrap().utc().unwrap().to_rfc3339(),
        "2023-06-15T14:30:00+00:00"
    );
    assert_eq!(
        call.transcript.as_ref().unwrap()[0].role.as_ref().unwrap().as_str(),
        "user"
    );
    assert_eq!(call.variable_values.as_ref().unwrap()[0].value, Some(json!("John Doe")));
    assert_eq!(call.duration(), Some(Duration::from_secs(300)));
    assert_eq!(call.redirect_duration(), Some(Duration::from_secs(5)));

    assert_eq!(call.message(), Some("Call retrieved successfully"));
    assert_eq!(call.body_as::<Value>().unwrap()["error"], Value::Null);
    assert_eq!(call.http_status(), 200);
    assert_eq!(call.headers()["content-type"], "application/json");
    assert_eq!(call.request_id(), Some("mock-1"));
    let body: Value = serde_json::from_slice(call.body()).unwrap();
    assert_eq!(body["data"]["recording_url"], "<string>");
    assert_eq!(call.into_inner().id, DOCUMENTED_CALL);
}

#[tokio::test]
async fn update_request_has_documented_path_and_headers() {
    let server = MockServer::start().unwrap();
    client_of(&server)
        .calls()
        .update(DOCUMENTED_CALL)
        .clear_metadata()
        .await
        .unwrap();
    let request = server.requests().pop().unwrap();
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.path, format!("/v1/calls/{DOCUMENTED_CALL}"));
    let mut names: Vec<&str> = request.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-api-key"
        ]
    );
    assert_eq!(request.headers["x-api-key"], server.api_key());
    assert!(
        request.headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("callrounded/")
    );
}

#[tokio::test]
async fn merge_metadata_keeps_other_keys() {
    let server = server();
    let call = client_of(&server)
        .calls()
        .update("tagged")
        .merge_metadata([("source", "new")])
        .await
        .unwrap();
    assert_eq!(sent(&server), json!({"metadata": {"source": "new"}, "override": false}));
    let merged = json!({"kept": 1, "source": "new", "nested": {"a": 1, "b": 2}});
    assert_eq!(metadata(&server, "tagged"), merged);
    assert_eq!(Value::Object(call.metadata.clone().unwrap()), merged);
}

#[tokio::test]
async fn replace_metadata_removes_other_keys() {
    let server = server();
    client_of(&server)
        .calls()
        .update("tagged")
        .replace_metadata([("source", "new")])
        .await
        .unwrap();
    assert_eq!(sent(&server), json!({"metadata": {"source": "new"}, "override": true}));
    assert_eq!(metadata(&server, "tagged"), json!({"source": "new"}));
}

#[tokio::test]
async fn clear_metadata_removes_all_keys() {
    let server = server();
    let call = client_of(&server)
        .calls()
        .update("tagged")
        .clear_metadata()
        .await
        .unwrap();
    assert_eq!(sent(&server), json!({"metadata": {}, "override": true}));
    assert_eq!(metadata(&server, "tagged"), json!({}));
    assert_eq!(call.metadata.as_ref().unwrap().len(), 0);
}

#[tokio::test]
async fn metadata_accepts_pairs_maps_and_structs() {
    let server = server();
    let calls = client_of(&server).calls();
    let update = || calls.update("tagged");

    update()
        .merge_metadata([("age", json!(35)), ("gone", Value::Null)])
        .await
        .unwrap();
    assert_eq!(
        sent(&server)["metadata"],
        json!({"age": 35, "gone": null}),
        "null is sent as a value"
    );

    update()
        .merge_metadata(vec![("a".to_owned(), 1), ("b".to_owned(), 2)])
        .await
        .unwrap();
    assert_eq!(sent(&server)["metadata"], json!({"a": 1, "b": 2}));

    update().merge_metadata(BTreeMap::from([("a", [1, 2])])).await.unwrap();
    assert_eq!(sent(&server)["metadata"], json!({"a": [1, 2]}));

    update().merge_metadata(json!({"deep": {"er": true}})).await.unwrap();
    assert_eq!(sent(&server)["metadata"], json!({"deep": {"er": true}}));

    update()
        .merge_metadata(Campaign {
            source: "mail".to_owned(),
            score: None,
        })
        .await
        .unwrap();
    assert_eq!(sent(&server)["metadata"], json!({"source": "mail"}));

    update().merge_metadata(serde_json::Map::new()).await.unwrap();
    assert_eq!(sent(&server), json!({"metadata": {}, "override": false}));
    assert_eq!(
        metadata(&server, "tagged")["source"],
        "mail",
        "merging no keys changes nothing"
    );
}

#[tokio::test]
async fn invalid_metadata_is_rejected_before_sending() {
    let server = server();
    let calls = client_of(&server).calls();
    let update = || calls.update("tagged");
    let outcomes = [
        update().merge_metadata("text").await,
        update().merge_metadata(5).await,
        update().merge_metadata(()).await,
        update().merge_metadata(None::<Campaign>).await,
        update().merge_metadata([1, 2]).await,
        update().replace_metadata(json!([])).await,
        update().merge_metadata([("a", 1, 2)]).await,
        update().merge_metadata([(1, "a")]).await,
        update().merge_metadata([("a", 1), ("a", 2)]).await,
        update().merge_metadata(BTreeMap::from([((1, 2), 3)])).await,
    ];
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.operation(), Some("update_call"));
    }
    assert!(server.requests().is_empty());
    expect_test::expect![[r#"update_call: metadata: expected an object, found a string; pass pairs such as [("source", "email")], a map, or a struct"#]]
    .assert_eq(&update().merge_metadata("text").await.unwrap_err().to_string());
}

#[tokio::test]
async fn raw_request_sends_every_documented_form() {
    let server = server();
    let calls = client_of(&server).calls();
    let before = metadata(&server, "tagged");
    for expected in [
        json!({"override": false}),
        json!({"metadata": null, "override": true}),
        json!({"metadata": null, "override": null}),
        json!({"metadata": {}, "override": false}),
    ] {
        let request = serde_json::from_value(expected.clone()).unwrap();
        let call = calls.update("tagged").body(request).await.unwrap();
        assert_eq!(sent(&server), expected);
        assert_eq!(call.id, "tagged");
    }
    assert_eq!(metadata(&server, "tagged"), before);
    // A property that is not set is sent with its documented default. It is never omitted.
    calls.update("tagged").body(Default::default()).await.unwrap();
    assert_eq!(sent(&server), json!({"override": false}));
}

#[tokio::test]
async fn metadata_as_decodes_into_type() {
    let server = MockServer::builder()
        .call(json!({"id": "typed", "metadata": {"source": "mail", "score": 7, "more": true}}))
        .call(json!({"id": "odd", "metadata": {"source": "mail", "score": "+33612345678"}, "duration_seconds": -1}))
        .call(json!({"id": "bare"}))
        .start()
        .unwrap();
    let calls = client_of(&server).calls();
    let read = async |id: &str| calls.update(id).body(Default::default()).await.unwrap();

    let typed = read("typed").await.metadata_as::<Campaign>().unwrap();
    assert_eq!(
        typed,
        Campaign {
            source: "mail".to_owned(),
            score: Some(7)
        }
    );

    let odd = read("odd").await;
    let error = odd.metadata_as::<Campaign>().unwrap_err();
    assert_eq!(
        (error.kind(), error.path()),
        (ErrorKind::Decode, Some("metadata.score"))
    );
    assert_eq!(error.to_string(), "metadata.score cannot be decoded: expected u32");
    assert_eq!(odd.duration(), None, "a negative duration is not valid");

    let bare = read("bare").await;
    assert_eq!(
        (bare.duration(), bare.redirect_duration(), bare.metadata.as_ref()),
        (None, None, None)
    );
    assert_eq!(bare.metadata_as::<Campaign>().unwrap_err().path(), Some("metadata"));
    assert_eq!(bare.metadata_as::<BTreeMap<String, Value>>().unwrap().len(), 0);
}

#[tokio::test]
async fn update_is_sent_when_awaited_and_can_move_to_task() {
    let server = server();
    let update = client_of(&server)
        .calls()
        .update("tagged".to_owned())
        .merge_metadata([("a", 1)]);
    assert!(server.requests().is_empty());
    let call = tokio::spawn(update.into_future()).await.unwrap().unwrap();
    assert_eq!(call.id, "tagged");
}
