//! Lists calls and updates each of them from a plain `main`, without an asynchronous runtime. Uses a mock server.
//!
//! ```text
//! cargo run --features blocking --example blocking
//! ```

use std::error::Error;

use callrounded::blocking::Client;
use callrounded_mock::MockServer;

fn main() -> Result<(), Box<dyn Error>> {
    let server = MockServer::builder().calls(3).start()?;
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .build_blocking()?;
    for call in client.calls().list().limit(2).items() {
        let call = call?;
        let updated = client
            .calls()
            .update(&call.id)
            .merge_metadata([("seen", true)])
            .send()?;
        println!("{} {}", updated.id, serde_json::to_string(&updated.metadata)?);
    }
    Ok(())
}
