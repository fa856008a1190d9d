//! Tests of the requests that clients of imported documents send.

use std::sync::{Arc, Mutex};

use callrounded_imported::{
    awkward,
    notes::{Client, types::Note},
};
use callrounded_runtime::{ApiKey, ErrorKind, Hooks, Transport};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};

/// Returns a transport to a port on which no server listens. The tests check only the requests.
fn transport() -> Transport {
    let key = ApiKey::new("key".to_owned().into()).unwrap();
    Transport::new(reqwest::Client::new(), "http://127.0.0.1:9".parse().unwrap(), key, None)
}

#[test]
fn invalid_parameter_is_error_and_not_sent() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = awkward::Client::new(transport()).client();
    let error_of = |request: awkward::Request<awkward::operations::ListClients>| {
        let error = runtime.block_on(async { request.max_retries(0).await }).unwrap_err();
        (matches!(error.kind(), ErrorKind::InvalidInput), error.to_string())
    };
    let (is_invalid_input, message) = error_of(client.list("a").size(0));
    assert_eq!(
        (is_invalid_input, message.as_str()),
        (true, "list_clients: size: must be at least 1")
    );
    let (is_invalid_input, message) = error_of(client.list("a").owner_id(""));
    assert_eq!(
        (is_invalid_input, message.as_str()),
        (true, "list_clients: ownerId: must not be empty")
    );
    assert!(!error_of(client.list("a").size(1).owner_id("b")).0);
}

#[test]
fn json_body_is_sent_with_documented_media_type() {
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

/// The URL and headers of the last request.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Option<(reqwest::Url, HeaderMap)>>>);

impl Sent {
    fn transport(&self) -> Transport {
        let mut hooks = Hooks::default();
        let seen = Arc::clone(&self.0);
        hooks.on_request(move |request| {
            *seen.lock().unwrap() = Some((request.url().clone(), request.headers().clone()));
        });
        transport().hooks(hooks)
    }

    fn take(&self) -> (reqwest::Url, HeaderMap) {
        self.0.lock().unwrap().take().unwrap()
    }
}

#[tokio::test]
async fn parameters_with_same_rust_name_are_sent_with_documented_names() {
    use callrounded_imported::names::{Client, types};
    let sent = Sent::default();
    let client = Client::new(sent.transport());
    let request = client
        .find_things("a/b", 7)
        .info("i")
        .since("1")
        .since_lt("2")
        .since_gt("3")
        .order(types::Order::from("ASC"))
        .kind(types::Kind::from("other"))
        .ids(vec!["x".to_owned(), "y".to_owned()])
        .tags(["r", "s"])
        .pipes([1, 2])
        .x_list([4, 5])
        .x_either("e");
    let _unreachable = request.max_retries(0).await;
    let (url, headers) = sent.take();
    assert_eq!(url.path(), "/things/a%2Fb/7");
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        query,
        [
            "ids=x",
            "ids=y",
            "info=i",
            "kind=other",
            "order=ASC",
            "pipes=1|2",
            "since=1",
            "since>=3",
            "since<=2",
            "tags=r,s"
        ]
    );
    assert_eq!(headers.get("x-list").unwrap(), "4,5");
    assert_eq!(headers.get("x-either").unwrap(), "e");
}

#[test]
fn properties_with_same_rust_name_are_decoded_and_encoded_by_documented_names() {
    use callrounded_imported::names::types::Thing;
    let json = serde_json::json!({
        "caller-type": "a", "caller_type": "b", "+1": 1, "-1": 2, "extra": "c", "order": "ASC", "unnamed": "d",
    });
    let thing: Thing = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&thing).unwrap(), json);
}

#[tokio::test]
async fn body_of_any_media_type_is_sent_with_documented_media_type() {
    use callrounded_imported::names::Client;
    let sent = Sent::default();
    let client = Client::new(sent.transport());
    let _unreachable = client.put_picture(b"png".to_vec()).max_retries(0).await;
    assert_eq!(sent.take().1.get(CONTENT_TYPE).unwrap(), "image/png");
    let _unreachable = client.post_anything(b"any".to_vec()).max_retries(0).await;
    assert_eq!(sent.take().1.get(CONTENT_TYPE).unwrap(), "application/octet-stream");
    let _unreachable = client.put_table("a,b".to_owned()).max_retries(0).await;
    assert_eq!(sent.take().1.get(CONTENT_TYPE).unwrap(), "Text/Plain; charset=UTF-8");
}
