//! Fuzz target: the JSON reader accepts what serde_json accepts, with the same values.
#![no_main]

use callrounded_document::json::{Json, ViolationKind};
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let expected = serde_json::from_str::<Value>(text);
    match Json::read(text) {
        Ok(json) => {
            // serde_json rejects numbers that overflow and lone surrogates; here they are reported.
            let is_duplicate = |kind: &ViolationKind| matches!(kind, ViolationKind::Duplicate { .. });
            if json.violations().iter().all(|violation| is_duplicate(&violation.kind)) {
                assert_eq!(json.root().to_value(), expected.unwrap());
            }
            assert_eq!(json.text(), text);
        }
        Err(error) => assert!(expected.is_err(), "{error}"),
    }
});
