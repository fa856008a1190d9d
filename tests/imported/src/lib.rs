//! Clients of documents of FastAPI and other frameworks, which are imported and generated when this crate is built. The
//! test is that it compiles. `tests/imported/tests` decodes and encodes some of its types.

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
