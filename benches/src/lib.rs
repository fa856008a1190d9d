//! The clients that the benchmarks compare, the server that responds to them, and their shared constants.

pub mod clients;
pub mod server;
pub mod strict;

/// The identifier of the call that is updated.
pub const CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// The API key that is sent.
pub const KEY: &str = "mock-key";

/// The body of the response to an update: the documented example.
pub const RESPONSE: &str = include_str!("../../openapi/examples/update_call.response.200.json");

/// The number of updates for which instructions are counted.
pub const UPDATES: u64 = 1_000;

/// The number of calls on a page that is decoded.
pub const PAGE_SIZE: usize = 1_000;

/// An error of a benchmark.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Returns the JSON of a page with `count` calls. They are copies of the documented example, with different
/// identifiers.
pub fn page(count: usize) -> Result<Vec<u8>, Failure> {
    let mut response: serde_json::Value = serde_json::from_str(RESPONSE)?;
    let call = response["data"].take();
    let calls = (0..count).map(|index| {
        let mut call = call.clone();
        call["id"] = server::id(index).into();
        call
    });
    let calls: Vec<_> = calls.collect();
    Ok(serde_json::to_vec(
        &serde_json::json!({ "data": calls, "next_cursor": "0000000001" }),
    )?)
}
