//! What the clients of imported documents send.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use callrounded_imported::notes::{Client, types::Note};
use callrounded_runtime::{ApiKey, Hooks, Transport};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};

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
    let key = ApiKey::new("key".to_owned().into()).unwrap();
    // Nobody listens there: what matters is what would be sent.
    let transport = Transport::new(reqwest::Client::new(), "http://127.0.0.1:9".parse().unwrap(), key, None);
    let client = Client::new(transport.hooks(hooks));
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
