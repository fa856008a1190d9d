//! A server that does what a script says, byte for byte, for the answers that no well-behaved server gives.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What the server does once it has read a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes and closes the connection.
    Send(Vec<u8>),
    /// Passes the request on to the server at this URL, and its answer back.
    Forward(String),
    /// Passes the request on to the server at this URL, and closes the connection instead of passing its answer back.
    ForwardAndClose(String),
    /// Closes the connection without a word.
    Close,
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Resets the connection when a request arrives, without reading it.
    ResetUnread,
    /// Sends these bytes and then no more, and keeps the connection open.
    Stall(Vec<u8>),
    /// Sends the first bytes, and then the others again and again, with a pause each time, for as long as the client listens.
    Drip(Vec<u8>, Vec<u8>),
    /// The same without a pause.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends these bytes, keeps the connection, and does something else when it is used again.
    Then(Vec<u8>, Box<Act>),
    /// Sends these bytes, and closes the connection, which it had promised to keep.
    CloseIdle(Vec<u8>),
}

/// The server. It ends with its process; tests don't outlive their servers.
#[derive(Debug)]
pub struct Scripted {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts a server that serves one connection for each act, in order. An act is taken when it is needed, so they may come
    /// through a channel.
    #[must_use]
    pub fn start(acts: impl IntoIterator<Item = Act, IntoIter: Send + 'static>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let acts = acts.into_iter();
        thread::spawn({
            let requests = Arc::clone(&requests);
            move || {
                for act in acts {
                    let (stream, _) = listener.accept().unwrap();
                    serve(act, &requests, &|| {}, stream);
                }
            }
        });
        Self { url, requests }
    }

    /// Starts a server that does the same on each connection, as many as a test may make. `stalled` is called each time when
    /// nothing more is to come from it.
    #[must_use]
    pub fn always(act: Act, stalled: impl Fn() + Clone + Send + 'static) -> Self {
        const CONNECTIONS: usize = 100;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        thread::spawn({
            let requests = Arc::clone(&requests);
            move || {
                for _ in 0..CONNECTIONS {
                    let Ok((stream, _)) = listener.accept() else { return };
                    let (act, requests, stalled) = (act.clone(), Arc::clone(&requests), stalled.clone());
                    thread::spawn(move || serve(act, &requests, &stalled, stream));
                }
            }
        });
        Self { url, requests }
    }

    /// A server that gives one answer: a status line such as `200 OK`, headers, and a body.
    #[must_use]
    pub fn answering(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        Self::start([Act::Send(answer(status, headers, body))])
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far, as text. Of one that was not read it is what had arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer as bytes.
#[must_use]
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut bytes = format!("{text}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn serve(act: Act, requests: &Mutex<Vec<String>>, stalled: &dyn Fn(), mut stream: TcpStream) {
    if matches!(act, Act::ResetUnread) {
        let mut buffer = [0; 4096];
        // What has arrived counts as received, though nobody reads it.
        let arrived = stream.peek(&mut buffer).unwrap_or(0);
        if arrived > 0 {
            let text = String::from_utf8_lossy(&buffer[..arrived]).into_owned();
            requests.lock().unwrap().push(text);
        }
        return reset(&stream);
    }
    let request = read_request(&mut stream);
    if request.is_empty() {
        return;
    }
    requests.lock().unwrap().push(request.clone());
    // The client may go at any moment; that is its business.
    match act {
        Act::Forward(url) => {
            let _ = stream.write_all(&forward(&url, &request));
            let _ = stream.shutdown(Shutdown::Write);
        }
        Act::ForwardAndClose(url) => drop(forward(&url, &request)),
        Act::Send(bytes) | Act::CloseIdle(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Write);
        }
        Act::Close | Act::ResetUnread => drop(stream),
        Act::Reset(bytes) => {
            let _ = stream.write_all(&bytes);
            // A reset overtakes what was sent, unless that has been read.
            thread::sleep(Duration::from_millis(20));
            reset(&stream);
        }
        Act::Stall(bytes) => {
            let _ = stream.write_all(&bytes);
            thread::sleep(Duration::from_millis(20));
            stalled();
            until_gone(stream);
        }
        Act::Drip(first, again) => {
            let _ = stream.write_all(&first);
            for drops in 0..1_000 {
                if stream.write_all(&again).is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(5));
                if drops == 4 {
                    stalled();
                }
            }
        }
        Act::Flood(first, again) => {
            let _ = stream.write_all(&first);
            // More than any client here takes, and an end all the same.
            for _ in 0..100_000 {
                if stream.write_all(&again).is_err() {
                    return;
                }
            }
        }
        Act::Then(bytes, next) => {
            let _ = stream.write_all(&bytes);
            serve(*next, requests, stalled, stream);
        }
    }
}

fn forward(url: &str, request: &str) -> Vec<u8> {
    let mut server = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    server.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).unwrap();
    answer
}

/// Closes the connection by a reset rather than in good order.
fn reset(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// Keeps the connection until the client closes it.
fn until_gone(mut stream: TcpStream) {
    thread::spawn(move || {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(300)));
        let _ = stream.read(&mut [0]);
    });
}

/// Head and body, the latter as long as the head says.
fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend(buffer.iter().take(count)),
        }
    }
}
