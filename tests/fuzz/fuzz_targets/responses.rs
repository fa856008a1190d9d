//! Fuzz target: decodes the input as the body of a success and of an error of each operation of the document.
#![no_main]

use callrounded_runtime::fuzzing::read;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    macro_rules! each {
        ($($id:literal => $operation:ty),* $(,)?) => {
            $(if let Some(info) = callrounded_api::operation($id) {
                read::<$operation>(info, 200, body);
                read::<$operation>(info, 500, body);
            })*
        };
    }
    callrounded_api::for_each_operation!(each);
});
