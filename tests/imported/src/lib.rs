//! Clients of documents that real FastAPI applications wrote, imported and generated while this crate is built. That it
//! compiles is the test; `tests/imported/tests` reads and writes with some of its types.

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
