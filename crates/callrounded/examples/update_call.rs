//! Updates a call. Without an argument it updates the documented call on a mock server. With a call ID it uses the
//! service:
//!
//! ```text
//! cargo run --example update_call
//! CALLROUNDED_API_KEY=… cargo run --example update_call -- 123e4567-e89b-12d3-a456-426614174000
//! ```

use std::{env, error::Error, process::ExitCode};

use callrounded::{
    CallExt, Client, Response,
    types::{Call, CallStatus},
};
use callrounded_mock::MockServer;
use serde_json::json;

/// The call in the vendor's reference. The mock server has it.
const DOCUMENTED_CALL: &str = "123e4567-e89b-12d3-a456-426614174000";
const METADATA: [(&str, &str); 2] = [("source", "marketing_campaign"), ("utm_medium", "email")];

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                eprintln!("caused by: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    match (env::args().nth(1), env::var_os("CALLROUNDED_API_KEY")) {
        (Some(call_id), Some(_)) => {
            println!("against the service");
            update(&Client::from_env()?, &call_id).await
        }
        (Some(_), None) => Err("CALLROUNDED_API_KEY is not set; set it to update a call of the service".into()),
        (None, _) => {
            // The documented call before the documented update.
            let server = MockServer::builder()
                .call(json!({
                    "id": DOCUMENTED_CALL,
                    "status": "completed",
                    "duration_seconds": 300,
                    "metadata": { "source": "unknown", "customer": 42 },
                }))
                .start()?;
            let before = server.call(DOCUMENTED_CALL).unwrap_or_default();
            println!("against a mock server at {}", server.url());
            println!(
                "\nthe call has the metadata\n  {}",
                before.get("metadata").unwrap_or(&serde_json::Value::Null)
            );
            let client = Client::builder()
                .api_key(server.api_key())
                .base_url(server.url())
                .build()?;
            update(&client, DOCUMENTED_CALL).await?;
            for request in server.requests() {
                let body = request.json().unwrap_or_default();
                println!("\nthe server received\n  {} {}\n  {body}", request.method, request.path);
            }
            Ok(())
        }
    }
}

async fn update(client: &Client, call_id: &str) -> Result<(), Box<dyn Error>> {
    println!("\nmerging into the metadata of call {call_id}");
    METADATA.iter().for_each(|(key, value)| println!("  {key} = {value}"));
    let call = client.calls().update(call_id).merge_metadata(METADATA).await?;
    show(&call)
}

fn show(call: &Response<Call>) -> Result<(), Box<dyn Error>> {
    println!(
        "\nresponse: {}, {}",
        call.http_status(),
        call.message().unwrap_or("no message")
    );
    println!(
        "  call     {} ({})",
        call.id,
        call.status.as_ref().map_or("status unknown", CallStatus::as_str)
    );
    if let Some(duration) = call.duration() {
        println!("  lasted   {} s", duration.as_secs_f64());
    }
    println!("  metadata {}", serde_json::to_string(&call.metadata)?);
    Ok(())
}
