//! Clients that misuse connections: the server continues to serve others, and stops at once when it is dropped.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use callrounded_mock::MockServer;
use callrounded_test_support::skip;

const CALL: &str = "123e4567-e89b-12d3-a456-426614174000";

/// Returns a request for the documented call.
fn get() -> String {
    format!("GET /v1/calls/{CALL} HTTP/1.1\r\nhost: localhost\r\nx-api-key: mock-key\r\n\r\n")
}

/// Returns the head of an update of the documented call.
fn update(headers: &str) -> String {
    format!(
        "PATCH /v1/calls/{CALL} HTTP/1.1\r\nhost: localhost\r\nx-api-key: mock-key\r\n\
         content-type: application/json\r\n{headers}\r\n\r\n"
    )
}

fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    // A defect of the server must not let the test wait forever.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Sends bytes. The server may close the connection before it has read all of them.
fn send(stream: &mut TcpStream, bytes: &[u8]) {
    match stream.write_all(bytes) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            panic!("{error}")
        }
        _ => {}
    }
}

/// Reads one response, and returns its status and its `x-request-id`.
fn read_response(reader: &mut impl BufRead) -> (u16, String) {
    let (mut status, mut length, mut id) = (0, 0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once([':', ' ']) {
            Some(("HTTP/1.1", rest)) => status = rest[..3].parse().unwrap(),
            Some(("content-length", value)) => length = value.trim().parse().unwrap(),
            Some(("x-request-id", value)) => value.trim().clone_into(&mut id),
            Some(_) => {}
            None => break,
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink()).unwrap();
    (status, id)
}

/// Sends bytes on a connection of its own, and returns the status of the response.
fn status_of(url: &str, bytes: &[u8]) -> u16 {
    let mut stream = connect(url);
    send(&mut stream, bytes);
    read_response(&mut BufReader::new(stream)).0
}

#[track_caller]
fn assert_serves(url: &str) {
    assert_eq!(status_of(url, get().as_bytes()), 200);
}

/// Returns how many threads the server at this URL has.
#[cfg(target_os = "linux")]
fn threads_of(url: &str) -> usize {
    let name = format!("mock-{}", url.rsplit(':').next().unwrap());
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let names = threads.filter_map(|thread| fs::read_to_string(thread.unwrap().path().join("comm")).ok());
    names.filter(|other| other.trim() == name).count()
}

/// Opens connections whose requests are incomplete, in turn at different points.
fn half_open(url: &str, count: usize) -> Vec<TcpStream> {
    let (get, update) = (get(), update("content-length: 100"));
    let parts = [
        "",
        &get[..20],
        &get[..get.len() - 2],
        &update,
        &format!("{update}{{\"meta"),
    ];
    let streams = (0..count).map(|index| {
        let mut stream = connect(url);
        send(&mut stream, parts[index % parts.len()].as_bytes());
        stream
    });
    streams.collect()
}

#[test]
fn half_open_connections_do_not_delay_others() {
    let server = MockServer::start().unwrap();
    let _connections = half_open(&server.url(), 200);
    assert_serves(&server.url());
}

#[test]
fn client_that_does_not_read_does_not_delay_others() {
    let server = MockServer::builder().calls(1_000).start().unwrap();
    let list = get().replace(&format!("/{CALL}"), "?limit=100");
    let mut connections = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(&server.url());
        stream.set_nonblocking(true).unwrap();
        // More than the buffers of the connection take, in both directions.
        for _ in 0..200 {
            let _ = stream.write(list.as_bytes());
        }
        connections.push(stream);
    }
    assert_serves(&server.url());
}

#[cfg(target_os = "linux")]
#[test]
fn dropped_server_ends_its_threads_and_connections() {
    let server = MockServer::start().unwrap();
    server
        .when_list_calls()
        .delay(Duration::from_secs(3_600))
        .default_response();
    let url = server.url();
    let mut connections = half_open(&url, 100);
    let mut waiting = connect(&url);
    send(&mut waiting, get().replace(&format!("/{CALL}"), "").as_bytes());
    assert_serves(&url);
    connections.push(waiting);
    assert_eq!(threads_of(&url), 1);
    drop(server);
    assert_eq!(threads_of(&url), 0);
    for mut connection in connections {
        // An end, or a reset if the server had not read everything.
        assert!(matches!(connection.read(&mut [0]), Ok(0)) || connection.read(&mut [0]).is_err());
    }
}

#[test]
fn huge_heads_are_refused() {
    let server = MockServer::start().unwrap();
    let (get, url) = (get(), server.url());
    let many = format!("{}\r\n\r\n", "x-a: b\r\n".repeat(1_000));
    for request in [
        get.replace("\r\n\r\n", &format!("\r\nx-a: {}\r\n\r\n", "x".repeat(1_000_000))),
        get.replace("\r\n\r\n", &format!("\r\n{many}")),
        get.replace(CALL, &"x".repeat(100_000)),
        // An endless one: the server closes the connection before it has read everything.
        format!("GET /{}", "x".repeat(10_000_000)),
    ] {
        let mut stream = connect(&url);
        send(&mut stream, request.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        let text = String::from_utf8_lossy(&response);
        let refused = ["HTTP/1.1 431", "HTTP/1.1 414", "HTTP/1.1 404"];
        // A reset can discard the response.
        assert!(
            text.is_empty() || refused.iter().any(|status| text.starts_with(status)),
            "{text}"
        );
        assert_serves(&url);
    }
}

#[test]
fn huge_bodies_are_refused() {
    let server = MockServer::builder().keep_requests(10).start().unwrap();
    let url = server.url();
    let megabyte = vec![b' '; 1024 * 1024];
    let chunk = [b"100000\r\n", &megabyte[..], b"\r\n"].concat();
    for (headers, piece) in [
        ("content-length: 1000000000000", &megabyte),
        ("transfer-encoding: chunked", &chunk),
    ] {
        let mut stream = connect(&url);
        send(&mut stream, update(headers).as_bytes());
        for _ in 0..17 {
            send(&mut stream, piece);
        }
        assert_eq!(read_response(&mut BufReader::new(stream)).0, 413, "{headers}");
    }
    let body = [b"{}", &vec![b' '; 16 * 1024 * 1024 - 2][..]].concat();
    let request = [update(&format!("content-length: {}", body.len())).as_bytes(), &body].concat();
    for _ in 0..6 {
        assert_eq!(status_of(&url, &request), 200);
    }
    let kept: Vec<usize> = server.requests().iter().map(|request| request.body.len()).collect();
    assert_eq!(kept, [body.len(); 4], "more than 64 MiB of bodies are kept");
}

#[test]
fn incomplete_body_is_400() {
    let server = MockServer::start().unwrap();
    let mut stream = connect(&server.url());
    send(&mut stream, format!("{}{{", update("content-length: 100")).as_bytes());
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(read_response(&mut BufReader::new(stream)).0, 400);
    assert_eq!(server.requests()[0].status, Some(400));
}

#[test]
fn connection_is_reset_rather_than_closed() {
    let server = MockServer::start().unwrap();
    let _reset = server.when_get_call().reset();
    let mut stream = connect(&server.url());
    send(&mut stream, get().as_bytes());
    assert_eq!(
        stream.read(&mut [0]).unwrap_err().kind(),
        io::ErrorKind::ConnectionReset
    );
}

#[test]
fn pipelined_requests_get_responses_in_order() {
    const COUNT: usize = 1_000;
    let server = MockServer::start().unwrap();
    let mut stream = connect(&server.url());
    let mut writer = stream.try_clone().unwrap();
    let sender = thread::spawn(move || send(&mut writer, get().repeat(COUNT).as_bytes()));
    let mut reader = BufReader::new(&mut stream);
    for number in 1..=COUNT {
        assert_eq!(read_response(&mut reader), (200, format!("mock-{number}")));
    }
    sender.join().unwrap();
    // What follows an invalid request is not a request.
    let pipelined = format!("{}nonsense\r\n\r\n{}", get(), get());
    send(&mut stream, pipelined.as_bytes());
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 1, "{text}");
    assert_serves(&server.url());
}

#[test]
fn ten_thousand_connections_are_served() {
    const CONNECTIONS: u64 = 10_000;
    // Some for the other tests.
    let needed = CONNECTIONS + 1_000;
    let limit = rlimit::increase_nofile_limit(needed).unwrap();
    if limit < needed {
        return skip(format!(
            "10,000 connections need {needed} file descriptors; the hard limit is {limit}"
        ));
    }
    // The server is a process of its own, with a limit of its own.
    let server = Limited::start(needed);
    let mut connections: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connect(&server.url)).collect();
    for _ in 0..2 {
        for connection in &mut connections {
            send(connection, get().as_bytes());
        }
        for connection in &mut connections {
            assert_eq!(read_response(&mut BufReader::new(connection)).0, 200);
        }
    }
    assert_serves(&server.url);
}

/// The mock server as a program that may open only a few files. It ends when this is dropped.
struct Limited {
    child: Child,
    url: String,
    _stdout: BufReader<ChildStdout>,
}

impl Limited {
    fn start(files: u64) -> Self {
        let mut child = Command::new("sh")
            .args([
                "-c",
                &format!("ulimit -n {files}; exec \"$0\""),
                env!("CARGO_BIN_EXE_callrounded-mock"),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "the program printed no URL");
            if let Some(at) = line.find("http://") {
                break line[at..].split_whitespace().next().unwrap().to_owned();
            }
        };
        Self {
            child,
            url,
            _stdout: stdout,
        }
    }

    /// Returns the CPU time of the program in ticks.
    #[cfg(target_os = "linux")]
    fn cpu(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = fields.split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn server_without_file_descriptors_pauses_and_recovers() {
    const FILES: u64 = 40;
    let mut server = Limited::start(FILES);
    // More than the server can accept, and fewer than the queue of the system holds.
    let mut connections: Vec<TcpStream> = (0..100).map(|_| connect(&server.url)).collect();
    for connection in &mut connections {
        send(connection, get().as_bytes());
    }
    let waiting = connections.split_off(FILES as usize);
    #[cfg(target_os = "linux")]
    {
        let before = server.cpu();
        thread::sleep(Duration::from_millis(500));
        // A tick is 10 ms, so this is a fifth of the time.
        assert!(
            server.cpu() - before < 10,
            "the server is busy while it cannot accept connections"
        );
    }
    // Each connection that is closed lets the server accept another one.
    drop(connections);
    for connection in waiting {
        assert_eq!(read_response(&mut BufReader::new(connection)).0, 200);
    }
    assert_serves(&server.url);
    server.child.kill().unwrap();
    let mut stderr = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let reports = stderr.matches("cannot accept connections").count();
    assert!((1..=3).contains(&reports), "{stderr}");
}
