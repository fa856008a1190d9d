use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

use http::{Response, request::Parts};
use http_body_util::Full;
use hyper::body::Bytes;

use super::{BodyError, Handler, Listener};

/// Responds with the error of the request's body.
struct Echo;

impl Handler for Echo {
    async fn respond(self: Arc<Self>, _: Parts, body: Result<Bytes, BodyError>) -> Option<Response<Full<Bytes>>> {
        Some(Response::new(Full::new(Bytes::from(format!("{:?}", body.err())))))
    }
}

/// Sends these bytes and no more, and returns everything that the server sends until it closes the connection.
fn response(listener: &Listener, sent: &str, closes: bool) -> String {
    let mut stream = TcpStream::connect(listener.address).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    if closes {
        stream.shutdown(std::net::Shutdown::Write).unwrap();
    }
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn connection_that_sends_nothing_more_is_closed() {
    let listener = Listener::start(0, Arc::new(Echo)).unwrap();
    for head in ["", "POST /", "POST / HTTP/1.1\r\nhost: a\r\n"] {
        let text = response(&listener, head, false);
        assert!(!text.contains("200 OK"), "{head:?}: {text}");
    }
    // Neither does an idle connection remain open.
    let text = response(&listener, "GET / HTTP/1.1\r\nhost: a\r\n\r\n", false);
    assert!(text.ends_with("None"), "{text}");
}

#[test]
fn body_that_does_not_arrive_is_reported() {
    let listener = Listener::start(0, Arc::new(Echo)).unwrap();
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n{";
    assert!(response(&listener, head, false).ends_with("Some(TooSlow)"));
    assert!(response(&listener, head, true).ends_with("Some(Incomplete)"));
}
