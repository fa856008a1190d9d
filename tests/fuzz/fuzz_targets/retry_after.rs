//! Fuzz target: headers that ask to wait. The first valid header decides; the other headers have no effect.
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
    let alone = |name: &HeaderName, value: &HeaderValue| {
        let mut one = HeaderMap::new();
        for date in headers.get_all(&names[2]) {
            one.append(&names[2], date.clone());
        }
        one.append(name, value.clone());
        retry_after(&one, now)
    };
    let in_order = names[..2]
        .iter()
        .flat_map(|name| headers.get_all(name).iter().map(move |value| (name, value)));
    let first = in_order.filter_map(|(name, value)| alone(name, value)).next();
    assert_eq!(retry_after(&headers, now), first);
});
