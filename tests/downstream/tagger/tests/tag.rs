//! Tests with the mock server: its default behaviour, and responses that the tests set.

use callrounded::{Client, ErrorKind};
use callrounded_mock::{MockServer, types::UpdateCallRequest};
use downstream_tagger::{Tagged, tag};

const FIRST: &str = "00000000-0000-4000-a000-000000000001";
const SECOND: &str = "00000000-0000-4000-a000-000000000002";

fn client(server: &MockServer) -> Client {
    let client = Client::builder().api_key(server.api_key()).base_url(server.url());
    client.build().unwrap()
}

#[tokio::test]
async fn tag_merges_campaign_and_skips_unknown_calls() {
    let server = MockServer::builder().calls(2).start().unwrap();
    let tagged = tag(&client(&server), "spring", &[FIRST, "unknown", SECOND])
        .await
        .unwrap();
    assert_eq!(
        tagged,
        Tagged {
            updated: 2,
            not_found: vec!["unknown".to_owned()]
        }
    );
    assert_eq!(server.call(FIRST).unwrap()["metadata"]["campaign"], "spring");
    // The request body, as a type of the API.
    let sent: UpdateCallRequest = server.requests()[0].body_as().unwrap();
    assert_eq!(sent.override_, Some(false));
}

#[tokio::test]
async fn tag_survives_outage_and_fails_on_permission_error() {
    let server = MockServer::builder().calls(2).start().unwrap();
    let outage = server.when_update_call().with_call_id(FIRST).statuses([503, 503]);
    let forbidden = server.when_update_call().with_call_id(SECOND).status(403);
    let error = tag(&client(&server), "spring", &[FIRST, SECOND]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(outage.is_met() && forbidden.is_met());
}
