//! Clients of documents that real FastAPI applications wrote, imported and generated while this crate is built. That it
//! compiles is the test; `tests/imported/tests` reads and writes with some of its types.

pub use callrounded_api::{Decimal, Timestamp};

/// What the generated clients carry with each call; here nothing.
#[derive(Clone, Debug, Default)]
pub struct Exchange;

fn encode_path_segment(segment: &str) -> String {
    segment.to_owned()
}

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
