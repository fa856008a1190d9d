//! Fuzz target: headers that ask to wait. A wait is never longer than what a header states.
#![no_main]

use std::time::{Duration, SystemTime};

use callrounded_runtime::{
    fuzzing::retry_after,
    reqwest::header::{HeaderMap, HeaderName, HeaderValue},
};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let names = ["retry-after-ms", "retry-after", "date"].map(HeaderName::from_static);
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n').take(6) {
        let Some((name, value)) = line.split_first() else {
            continue;
        };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(&names[usize::from(name % 3)], value);
        }
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    if let Some(wait) = retry_after(&headers, now) {
        assert!(headers.contains_key("retry-after") || headers.contains_key("retry-after-ms"));
        // The wait can be added to the clock of this machine only if it is not absurd; the client limits it to an hour.
        let _ = now.checked_add(wait);
        assert!(!wait.is_zero() || headers.values().any(|value| !value.is_empty()));
    }
});
