//! Tests of events over HTTP, and of calls inside enumerations, which envelopes often are.

use callrounded_api::types::Call;
use downstream_webhook::{Event, routes};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

const CALL: &str = r#"{"id": "1", "cost": 0.10, "start_time": "2023-06-15T14:30:00Z", "status": "a new one"}"#;

/// Posts a body and returns the status line.
async fn post(address: std::net::SocketAddr, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn posted_event_is_sent_to_channel() {
    let (sender, mut events) = mpsc::channel::<Event>(1);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, routes(sender)).await });
    let body = format!(r#"{{"event": "call.ended", "data": {CALL}}}"#);
    assert_eq!(post(address, &body).await, "HTTP/1.1 204 No Content");
    // The channel is full: the first event was not received yet.
    assert_eq!(post(address, &body).await, "HTTP/1.1 503 Service Unavailable");
    let Event { event, data } = events.recv().await.unwrap();
    assert_eq!((event.as_str(), data.id.as_str()), ("call.ended", "1"));
    // All digits are kept.
    assert_eq!(data.cost.unwrap().as_str(), "0.10");
    assert_eq!(
        post(address, r#"{"event": "call.ended"}"#).await,
        "HTTP/1.1 422 Unprocessable Entity"
    );
    server.abort();
}

#[test]
fn call_inside_enumeration_is_decoded() {
    #[derive(Deserialize)]
    #[serde(tag = "event", content = "data")]
    enum Adjacent {
        #[serde(rename = "call.ended")]
        Ended(Box<Call>),
    }
    #[derive(Deserialize)]
    #[serde(tag = "event")]
    enum Internal {
        #[serde(rename = "call.ended")]
        Ended(Box<Call>),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Ended { call: Box<Call> },
    }
    #[derive(Deserialize)]
    struct Flat {
        event: String,
        #[serde(flatten)]
        call: Call,
    }
    let call: serde_json::Value = serde_json::from_str(CALL).unwrap();
    let mut inside = call.clone();
    inside["event"] = json!("call.ended");
    let inside = inside.to_string();
    let Adjacent::Ended(adjacent) =
        serde_json::from_str(&format!(r#"{{"event": "call.ended", "data": {CALL}}}"#)).unwrap();
    let Internal::Ended(internal) = serde_json::from_str(&inside).unwrap();
    let Untagged::Ended { call: untagged } = serde_json::from_str(&format!(r#"{{"call": {CALL}}}"#)).unwrap();
    let flat: Flat = serde_json::from_str(&inside).unwrap();
    assert_eq!(flat.event, "call.ended");
    for call in [*adjacent, *internal, *untagged, flat.call] {
        assert_eq!(call.id, "1");
        // The value is kept, but not its digits where serde buffers it as a number.
        assert_eq!(call.cost, Some("0.1".parse().unwrap()));
        assert_eq!(call.start_time.unwrap().as_str(), "2023-06-15T14:30:00Z");
        assert_eq!(call.status.unwrap().to_string(), "a new one");
    }
}
