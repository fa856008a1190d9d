//! What the clients of imported documents send.
#![allow(missing_docs, clippy::unwrap_used)]

use callrounded_imported::{
    Exchange,
    notes::{Client, types::Note},
};
use reqwest::header::{ACCEPT, CONTENT_TYPE};

#[test]
fn json_of_another_media_type_is_sent_as_documented() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let exchange = Exchange::default();
    let client = Client::new_with_client("http://127.0.0.1", reqwest::Client::new(), exchange.clone());
    let sent = |header| {
        exchange
            .headers
            .lock()
            .unwrap()
            .get(header)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    runtime.block_on(async {
        let note = Note::builder().text("x".to_owned());
        let _not_sent = client.patch_note().id("1").body(note.clone()).send().await;
        assert_eq!(sent(CONTENT_TYPE), "application/merge-patch+json");
        assert_eq!(sent(ACCEPT), "application/vnd.notes.v2+json");
        let _not_sent = client.put_note().id("1").body(note).send().await;
        assert_eq!(
            (sent(CONTENT_TYPE), sent(ACCEPT)),
            ("application/json".to_owned(), "application/json".to_owned())
        );
    });
}
