//! Any bytes as the body of an answer, be it a success or not.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    callrounded::fuzzing::terminated_call(200, body);
    callrounded::fuzzing::terminated_call(500, body);
});
