//! A server that follows a script byte for byte, for responses that no correct server sends.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// An action of the server after it has read a request.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends these bytes and closes the connection.
    Send(Vec<u8>),
    /// Forwards the request to the server at this URL, and sends its response.
    Forward(String),
    /// Forwards the request to the server at this URL, and closes the connection instead of sending the response.
    ForwardAndClose(String),
    /// Closes the connection without a response.
    Close,
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Resets the connection when a request arrives, without reading it.
    ResetBeforeReading,
    /// Sends these bytes and then nothing, and keeps the connection open.
    Stall(Vec<u8>),
    /// Sends the first bytes, and then repeats the second bytes every 5 ms until the client disconnects.
    Drip(Vec<u8>, Vec<u8>),
    /// Sends the first bytes, and then repeats the second bytes without a pause until the client disconnects.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends these bytes, keeps the connection open, and performs another action on its next request.
    Then(Vec<u8>, Box<Action>),
    /// Sends these bytes, which promise to keep the connection open, and closes it.
    CloseIdle(Vec<u8>),
}

/// A server that follows a script. It runs until the test process ends.
#[derive(Debug)]
pub struct ScriptedServer {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl ScriptedServer {
    /// Starts a server that performs each action on one connection, in order. It takes an action when it needs one, so
    /// the actions may come through a channel.
    #[must_use]
    pub fn start(actions: impl IntoIterator<Item = Action, IntoIter: Send + 'static>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let actions = actions.into_iter();
        thread::spawn({
            let requests = Arc::clone(&requests);
            move || {
                for action in actions {
                    let (stream, _) = listener.accept().unwrap();
                    serve(action, &requests, &|| {}, stream);
                }
            }
        });
        Self { url, requests }
    }

    /// Starts a server that performs the same action on each of up to 100 connections. It calls `on_stall` each time a
    /// response stops making progress.
    #[must_use]
    pub fn always(action: Action, on_stall: impl Fn() + Clone + Send + 'static) -> Self {
        const CONNECTIONS: usize = 100;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        thread::spawn({
            let requests = Arc::clone(&requests);
            move || {
                for _ in 0..CONNECTIONS {
                    let Ok((stream, _)) = listener.accept() else { return };
                    let (action, requests, on_stall) = (action.clone(), Arc::clone(&requests), on_stall.clone());
                    thread::spawn(move || serve(action, &requests, &on_stall, stream));
                }
            }
        });
        Self { url, requests }
    }

    /// Starts a server that sends one response: a status line such as `200 OK`, headers, and a body.
    #[must_use]
    pub fn with_response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        Self::start([Action::Send(http_response(status, headers, body))])
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the requests so far, as text. Of a request that was not read, this is the part that had arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Returns the bytes of a response that closes the connection.
#[must_use]
pub fn http_response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
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

fn serve(action: Action, requests: &Mutex<Vec<String>>, on_stall: &dyn Fn(), mut stream: TcpStream) {
    if matches!(action, Action::ResetBeforeReading) {
        let mut buffer = [0; 4096];
        // Bytes that have arrived count as received, although they are not read.
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
    perform(action, &request, requests, on_stall, stream);
}

/// Performs an action on a connection from which this request was read. Adds further requests to `requests`.
pub fn perform(
    action: Action,
    request: &str,
    requests: &Mutex<Vec<String>>,
    on_stall: &dyn Fn(),
    mut stream: TcpStream,
) {
    // Errors are ignored: the client may disconnect at any time.
    match action {
        Action::Forward(url) => {
            let _ = stream.write_all(&forward(&url, request));
            let _ = stream.shutdown(Shutdown::Write);
        }
        Action::ForwardAndClose(url) => drop(forward(&url, request)),
        Action::Send(bytes) | Action::CloseIdle(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Write);
        }
        Action::Close => drop(stream),
        Action::ResetBeforeReading => reset(&stream),
        Action::Reset(bytes) => {
            let _ = stream.write_all(&bytes);
            // A reset discards sent bytes that the client has not read yet.
            thread::sleep(Duration::from_millis(20));
            reset(&stream);
        }
        Action::Stall(bytes) => {
            let _ = stream.write_all(&bytes);
            thread::sleep(Duration::from_millis(20));
            on_stall();
            keep_until_closed(stream);
        }
        Action::Drip(first, again) => {
            let _ = stream.write_all(&first);
            for drops in 0..1_000 {
                if stream.write_all(&again).is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(5));
                if drops == 4 {
                    on_stall();
                }
            }
        }
        Action::Flood(first, again) => {
            let _ = stream.write_all(&first);
            // More than any client here reads, but not endless.
            for _ in 0..100_000 {
                if stream.write_all(&again).is_err() {
                    return;
                }
            }
        }
        Action::Then(bytes, next) => {
            let _ = stream.write_all(&bytes);
            serve(*next, requests, on_stall, stream);
        }
    }
}

/// Forwards a request to the server at this URL, and returns its response.
#[must_use]
pub fn forward(url: &str, request: &str) -> Vec<u8> {
    let mut server = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    server.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    server.read_to_end(&mut response).unwrap();
    response
}

/// Sets the connection to be reset when it is closed.
fn reset(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// Keeps the connection open until the client closes it.
fn keep_until_closed(mut stream: TcpStream) {
    thread::spawn(move || {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(300)));
        let _ = stream.read(&mut [0]);
    });
}

/// Reads head and body of a request, the body by its `Content-Length`. Returns an empty text at the end of the connection.
#[must_use]
pub fn read_request(stream: &mut TcpStream) -> String {
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
