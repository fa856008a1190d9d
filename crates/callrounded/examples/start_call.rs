//! Starts a call and tells apart what can come of it, with a mock server that answers in each of these ways:
//!
//! ```text
//! cargo run --example start_call
//! ```
//!
//! A telephone that rings can't be taken back, so a start is never sent a second time by itself.

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

    println!("the service answers:");
    start(&client).await?;

    println!("it refuses:");
    server.when_start_phone_call().times(1).status(422);
    start(&client).await?;

    println!("the connection is lost after it was sent:");
    server.when_start_phone_call().times(1).reset();
    start(&client).await
}

async fn start(client: &Client) -> Result<(), Box<dyn Error>> {
    let began = DateTime::<Utc>::from(SystemTime::now());
    let call = client.calls().start(FROM, TO, "agent-1").variables([("name", "Ada")]);
    match call.await {
        Ok(started) => println!("  call {} is on its way", started.call_id),
        // Whether it rings is not known: look before dialling again.
        Err(error) if error.kind() == ErrorKind::OutcomeUnknown => {
            let mut since = client.calls().list().to_number(TO).started_after(began).stream();
            match since.next().await {
                Some(call) => println!("  it may ring; since then call {} has begun", call?.id),
                None => println!("  it may ring; no call has begun since then, yet"),
            }
        }
        Err(error) => {
            println!("  nothing rings: {error}");
            for detail in error.details() {
                println!("    {detail:?}");
            }
        }
    }
    Ok(())
}
