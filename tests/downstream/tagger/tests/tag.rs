//! Against the mock server: what it does by itself, and what is expected of it.

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
async fn calls_are_tagged_and_what_they_had_stays() {
    let server = MockServer::builder().calls(2).start().unwrap();
    let tagged = tag(&client(&server), "spring", &[FIRST, "gone", SECOND]).await.unwrap();
    assert_eq!(
        tagged,
        Tagged {
            done: 2,
            gone: vec!["gone".to_owned()]
        }
    );
    assert_eq!(server.call(FIRST).unwrap()["metadata"]["campaign"], "spring");
    // What was sent, by the types of the API.
    let sent: UpdateCallRequest = server.requests()[0].body_as().unwrap();
    assert_eq!(sent.override_, Some(false));
}

#[tokio::test]
async fn a_short_outage_is_not_noticed_and_a_refusal_is() {
    let server = MockServer::builder().calls(2).start().unwrap();
    let outage = server.when_update_call().with_call_id(FIRST).statuses([503, 503]);
    let refusal = server.when_update_call().with_call_id(SECOND).status(403);
    let error = tag(&client(&server), "spring", &[FIRST, SECOND]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(outage.is_met() && refusal.is_met());
}
