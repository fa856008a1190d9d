//! Any bytes as the body of an answer, be it a success or not.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    callrounded::fuzzing::call(200, body);
    callrounded::fuzzing::call(500, body);
});
