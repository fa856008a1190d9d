//! Customizes a client: time limits, a header for a gateway, settings of the HTTP client, and hooks that print each
//! attempt.
//!
//! ```text
//! cargo run --example custom_client
//! ```

use std::{error::Error, time::Duration};

use callrounded::Client;
use callrounded_mock::MockServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = MockServer::start()?;
    server.when_get_call().statuses([503, 503]);
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .timeout(Duration::from_secs(20))
        .attempt_timeout(Duration::from_secs(5))
        .max_retries(3)
        .header("x-tenant", "acme")
        // Here you can also set a proxy, certificates or a resolver.
        .configure_http(|http| http.pool_max_idle_per_host(4))
        .on_request(|request| println!("{} attempt {}", request.operation(), request.attempt()))
        .on_response(|response| match response.status() {
            Some(status) => println!("  {status}"),
            None => println!("  {:?}", response.failure()),
        })
        .build()?;
    let call = client.calls().get("123e4567-e89b-12d3-a456-426614174000").await?;
    println!("call {} after {} attempts", call.id, call.attempts());
    Ok(())
}
