//! What the clients of imported documents send.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use callrounded_imported::{
    awkward,
    notes::{Client, types::Note},
};
use callrounded_runtime::{ApiKey, ErrorKind, Hooks, Transport};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};

/// A transport to where nobody listens: what matters is what would be sent.
fn transport() -> Transport {
    let key = ApiKey::new("key".to_owned().into()).unwrap();
    Transport::new(reqwest::Client::new(), "http://127.0.0.1:9".parse().unwrap(), key, None)
}

#[test]
fn what_the_document_rules_out_is_not_sent() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = awkward::Client::new(transport()).client();
    let refused = |request: awkward::Request<awkward::operations::ListClients>| {
        let error = runtime.block_on(async { request.max_retries(0).await }).unwrap_err();
        (matches!(error.kind(), ErrorKind::InvalidInput), error.to_string())
    };
    let (is_refused, said) = refused(client.list("a").size(0));
    assert_eq!(
        (is_refused, said.as_str()),
        (true, "list_clients: size: must be at least 1")
    );
    let (is_refused, said) = refused(client.list("a").owner_id(""));
    assert_eq!(
        (is_refused, said.as_str()),
        (true, "list_clients: ownerId: must not be empty")
    );
    assert!(!refused(client.list("a").size(1).owner_id("b")).0);
}

#[test]
fn json_of_another_media_type_is_sent_as_documented() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let seen = Arc::new(Mutex::new(HeaderMap::new()));
    let mut hooks = Hooks::default();
    let headers = Arc::clone(&seen);
    hooks.on_request(move |request| *headers.lock().unwrap() = request.headers().clone());
    let client = Client::new(transport().hooks(hooks));
    let sent = |header| seen.lock().unwrap().get(header).unwrap().to_str().unwrap().to_owned();
    runtime.block_on(async {
        let note: Note = Note::builder().text("x".to_owned()).try_into().unwrap();
        let _unreachable = client.patch_note("1").body(note.clone()).max_retries(0).await;
        assert_eq!(sent(CONTENT_TYPE), "application/merge-patch+json");
        assert_eq!(sent(ACCEPT), "application/vnd.notes.v2+json");
        let _unreachable = client.put_note("1").body(note).max_retries(0).await;
        assert_eq!(
            (sent(CONTENT_TYPE), sent(ACCEPT)),
            ("application/json".to_owned(), "application/json".to_owned())
        );
    });
}
