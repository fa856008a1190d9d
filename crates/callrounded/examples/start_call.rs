//! Starts a call and handles each outcome: success, rejection, and unknown. Uses a mock server:
//!
//! ```text
//! cargo run --example start_call
//! ```
//!
//! A start dials a phone number, so the client retries it only if no connection was made.

use std::{error::Error, time::SystemTime};

use callrounded::{
    Client, ErrorKind,
    chrono::{DateTime, Utc},
};
use callrounded_mock::MockServer;

const FROM: &str = "+33912345678";
const TO: &str = "+33612345678";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = MockServer::builder()
        .now(DateTime::<Utc>::from(SystemTime::now()))
        .start()?;
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build()?;

    println!("the service accepts the request:");
    start(&client).await?;

    println!("the service rejects the request:");
    server.when_start_phone_call().times(1).status(422);
    start(&client).await?;

    println!("the connection is lost after the request was sent:");
    server.when_start_phone_call().times(1).reset();
    start(&client).await
}

async fn start(client: &Client) -> Result<(), Box<dyn Error>> {
    let before = DateTime::<Utc>::from(SystemTime::now());
    let call = client.calls().start(FROM, TO, "agent-1").variables([("name", "Ada")]);
    match call.await {
        Ok(started) => println!("  started call {}", started.call_id),
        // The call may have been started: look for it before starting it again.
        Err(error) if error.kind() == ErrorKind::OutcomeUnknown => {
            let mut calls = client.calls().list().to_number(TO).started_after(before).stream();
            match calls.next().await {
                Some(call) => println!("  outcome unknown; call {} has been started since", call?.id),
                None => println!("  outcome unknown; no call has been started since"),
            }
        }
        Err(error) => {
            println!("  not started: {error}");
            for detail in error.details() {
                println!("    {detail:?}");
            }
        }
    }
    Ok(())
}
