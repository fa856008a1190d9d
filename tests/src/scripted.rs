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
    /// Passes the request, which has no body, on to the server at this URL, and its answer back.
    Forward(String),
    /// Closes the connection without a word.
    Close,
    /// Says nothing and keeps the connection open, for as long as a test can take.
    Stall,
}

/// The server. It ends with its process; tests don't outlive their servers.
#[derive(Debug)]
pub struct Scripted {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts a server that serves one connection for each act, in order.
    #[must_use]
    pub fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let acts: Vec<Act> = acts.into_iter().collect();
        thread::spawn({
            let requests = Arc::clone(&requests);
            move || {
                for act in acts {
                    let (mut stream, _) = listener.accept().unwrap();
                    let request = read_request(&mut stream);
                    requests.lock().unwrap().push(request.clone());
                    play(act, &request, stream);
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

    /// The requests so far, as text.
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

fn play(act: Act, request: &str, mut stream: TcpStream) {
    match act {
        Act::Forward(url) => {
            let mut server = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
            let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            server.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            server.read_to_end(&mut answer).unwrap();
            let _ = stream.write_all(&answer);
            let _ = stream.shutdown(Shutdown::Write);
        }
        Act::Send(bytes) => {
            // The client may have gone; that is its business.
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Write);
        }
        Act::Close => drop(stream),
        Act::Stall => {
            thread::spawn(move || {
                thread::sleep(Duration::from_secs(300));
                drop(stream);
            });
        }
    }
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
