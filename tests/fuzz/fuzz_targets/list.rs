//! Any bytes as the body of an answer, be it a success or not.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    callrounded::fuzzing::list(200, body);
    callrounded::fuzzing::list(500, body);
});
