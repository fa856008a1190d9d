//! Clients of documents that FastAPI and other frameworks write, imported and generated while this crate is built. That it
//! compiles is the test; `tests/imported/tests` reads and writes with some of its types.

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
