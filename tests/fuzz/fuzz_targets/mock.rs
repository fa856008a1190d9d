//! Fuzz target: requests to the mock server. It responds to each, and its successful responses match the document.
#![no_main]

use std::cell::RefCell;

use arbitrary::Unstructured;
use callrounded_mock::fuzzing::Handler;

const METHODS: [&str; 6] = ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
const PATHS: [&str; 7] = [
    "/v1/calls",
    "/v1/calls/phone",
    "/v1/calls/123e4567-e89b-12d3-a456-426614174000",
    "/v1/calls/123e4567-e89b-12d3-a456-426614174000/terminate",
    "/_mock/expectations",
    "/_mock/requests",
    "/_mock/calls",
];

thread_local! {
    static HANDLER: RefCell<Handler> = RefCell::new(Handler::new().unwrap());
}

fn request(mut input: Unstructured<'_>) -> arbitrary::Result<(String, String, bool, Vec<u8>)> {
    let method = (*input.choose(&METHODS)?).to_owned();
    let mut target = (*input.choose(&PATHS)?).to_owned();
    target.push_str(input.arbitrary::<&str>()?);
    let has_key = input.ratio(15, 16)?;
    Ok((method, target, has_key, input.take_rest().to_vec()))
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if let Ok((method, target, has_key, body)) = request(Unstructured::new(input)) {
        HANDLER.with_borrow_mut(|handler| handler.handle(&method, &target, has_key, &body).unwrap());
    }
});
