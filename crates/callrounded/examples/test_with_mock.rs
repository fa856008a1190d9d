//! How code that uses the client is tested: a server of its own, what it is told to expect, and what it has seen.
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

/// What is tested: it marks a call as reviewed.
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

    // By itself the server does what the document says, and keeps it.
    review(&client, id).await?;
    let call = server.call(id).ok_or("it is gone")?;
    println!("the call has now {}", call.get("metadata").unwrap_or_default());

    // An outage of two requests is not noticed: they are sent again.
    let outage = server.when_update_call().with_call_id(id).statuses([503, 502]);
    review(&client, id).await?;
    println!("after {} failures it was done all the same", outage.hits());

    // An answer of one's own, for requests that fit.
    let answer: CallResponse = serde_json::from_value(json!({ "data": { "id": "another" }, "status": 200 }))?;
    let told = server
        .when_update_call()
        .body(|update: &UpdateCallRequest| update.override_ == Some(false))
        .respond(answer);
    println!("it was told {}", review(&client, id).await?);
    assert!(told.is_met());

    let sent: UpdateCallRequest = server.requests().last().ok_or("nothing came")?.body_as()?;
    println!("it was sent {}", serde_json::to_string(&sent)?);
    Ok(())
}
