//! The clients that are compared, the server that they talk to, and what they have in common.

pub mod clients;
pub mod server;
pub mod strict;

/// The call that is updated.
pub const CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// The key that is sent.
pub const KEY: &str = "mock-key";

/// What the service answers to an update: the documented sample.
pub const ANSWER: &str = include_str!("../../openapi/examples/update_call.response.200.json");

/// How many updates instructions are counted of.
pub const UPDATES: u64 = 1_000;

/// How many calls a page has where it is decoded.
pub const PAGE: usize = 1_000;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A page of calls like the one in the sample, each with an identifier of its own.
pub fn page(count: usize) -> Result<Vec<u8>, Failure> {
    let mut answer: serde_json::Value = serde_json::from_str(ANSWER)?;
    let call = answer["data"].take();
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
