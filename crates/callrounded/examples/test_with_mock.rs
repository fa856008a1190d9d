//! Tests code that uses the client: starts a mock server, sets expectations, and inspects the requests that it
//! received.
//!
//! ```text
//! cargo run --example test_with_mock
//! ```

use std::error::Error;

use callrounded::Client;
use callrounded_mock::{
    MockServer,
    types::{CallResponse, UpdateCallRequest},
};
use serde_json::json;

/// Marks a call as reviewed. This is the code under test.
async fn review(client: &Client, id: &str) -> Result<String, callrounded::Error> {
    let call = client.calls().update(id).merge_metadata([("reviewed", true)]).await?;
    Ok(call.into_inner().id)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = MockServer::builder().calls(500).start()?;
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build()?;
    let id = "00000000-0000-4000-a000-000000000042";

    // By default the server behaves as documented and stores the update.
    review(&client, id).await?;
    let call = server.call(id).ok_or("the server has no such call")?;
    println!("metadata: {}", call.get("metadata").unwrap_or_default());

    // The client retries after two errors.
    let outage = server.when_update_call().with_call_id(id).statuses([503, 502]);
    review(&client, id).await?;
    println!("succeeded after {} errors", outage.hits());

    // A custom response, for requests that match.
    let response: CallResponse = serde_json::from_value(json!({ "data": { "id": "another" }, "status": 200 }))?;
    let expectation = server
        .when_update_call()
        .body(|update: &UpdateCallRequest| update.override_ == Some(false))
        .respond(response);
    println!("custom response: {}", review(&client, id).await?);
    assert!(expectation.is_met());

    let sent: UpdateCallRequest = server
        .requests()
        .last()
        .ok_or("the server received no request")?
        .body_as()?;
    println!("last request: {}", serde_json::to_string(&sent)?);
    Ok(())
}
