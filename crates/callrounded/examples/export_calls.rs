//! Writes calls to standard output as NDJSON. If a page cannot be fetched, it prints the cursor to resume at. Without
//! an argument it uses a mock server:
//!
//! ```text
//! cargo run --example export_calls > calls.ndjson
//! CALLROUNDED_API_KEY=… cargo run --example export_calls -- 2026-01-01T00:00:00Z > calls.ndjson
//! ```

use std::{
    env,
    error::Error,
    io::{self, BufWriter, Write},
};

use callrounded::{Client, chrono::DateTime};
use callrounded_mock::MockServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1) {
        Some(after) => export(&Client::from_env()?, &after).await,
        None => {
            let server = MockServer::builder().calls(250).start()?;
            let client = Client::builder().api_key(server.api_key()).base_url(server.url());
            export(&client.build()?, "2023-01-01T00:00:00Z").await
        }
    }
}

async fn export(client: &Client, after: &str) -> Result<(), Box<dyn Error>> {
    let after = DateTime::parse_from_rfc3339(after)?;
    let list = client.calls().list().started_after(after).limit(100).prefetch(true);
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut written, mut calls) = (0_usize, list.stream());
    while let Some(call) = calls.next().await {
        match call {
            Ok(call) => {
                serde_json::to_writer(&mut out, &call)?;
                writeln!(out)?;
                written += 1;
            }
            // This call cannot be decoded, for example because it has no identifier. The list continues.
            Err(error) if error.item().is_some() => eprintln!("skipped a call: {error}"),
            Err(error) => {
                out.flush()?;
                let cursor = error.resume_cursor().unwrap_or("the first page").to_owned();
                return Err(format!("{error}; wrote {written} calls; resume at {cursor}").into());
            }
        }
    }
    out.flush()?;
    eprintln!("wrote {written} calls");
    Ok(())
}
