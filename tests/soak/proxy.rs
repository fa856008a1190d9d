//! The server: a mock server, and a proxy in front of it that causes faults.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use callrounded::ErrorKind;
use callrounded_mock::MockServer;
use callrounded_tests::{
    faults::{Fault, table},
    operations::Operation,
    scripted::{Action, forward, perform, read_request},
};

const SEED: u64 = 24;

/// The share of requests with a fault.
const FAULTS: f64 = 0.2;

/// The share of connections that are closed after a response that promised to keep them open.
const CLOSED: f64 = 0.05;

/// Both servers, as a process. It is killed when this is dropped.
pub struct Server {
    child: Child,
    /// The URL of the mock server.
    pub url: String,
    /// The URL of the proxy.
    pub faulty_url: String,
}

impl Server {
    pub fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || lines.next().unwrap().unwrap();
        Self {
            url: next(),
            faulty_url: next(),
            child,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends, which it does with the parent process.
pub fn serve(calls: u32) {
    let server = MockServer::builder().calls(calls).keep_requests(0).start().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}\nhttp://{}", server.url(), listener.local_addr().unwrap());
    let plan = Arc::new(Mutex::new(Plan::new()));
    let url = server.url();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (plan, url) = (Arc::clone(&plan), url.clone());
            thread::spawn(move || connection(stream, &plan, &url));
        }
    });
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

fn connection(mut stream: TcpStream, plan: &Mutex<Plan>, url: &str) {
    let _ = stream.set_nodelay(true);
    loop {
        let request = read_request(&mut stream);
        if request.is_empty() {
            return;
        }
        let Step {
            forwards,
            fault,
            closes,
        } = plan.lock().unwrap().next(&request);
        let response = forwards.then(|| forward(url, &request));
        if let Some(action) = fault {
            return perform(action, &request, &Mutex::default(), &|| {}, stream);
        }
        let response = String::from_utf8(response.unwrap_or_default()).unwrap();
        // The connection to the mock server is closed, and the one to the client is not.
        let response = response.replacen("connection: close\r\n", "", 1);
        if stream.write_all(response.as_bytes()).is_err() || closes {
            return;
        }
    }
}

/// What happens with a request.
struct Step {
    /// Whether the mock server receives it.
    forwards: bool,
    /// What the client gets instead of the response.
    fault: Option<Action>,
    /// Whether the connection is closed after the response.
    closes: bool,
}

/// Decides what happens with each request.
struct Plan {
    random: fastrand::Rng,
    operations: Vec<(Operation, Vec<Case>)>,
}

/// A fault, and whether the mock server performs the operation; `None` if it may.
struct Case {
    action: Action,
    performed: Option<bool>,
}

impl Plan {
    fn new() -> Self {
        let operations = Operation::all().into_iter().map(|operation| {
            let cases = table().into_iter().filter_map(|row| {
                // How a client that does not repeat the request must report the fault tells whether the operation was
                // performed.
                let performed = match row.non_idempotent.kind? {
                    ErrorKind::OutcomeUnknown => None,
                    ErrorKind::Decode | ErrorKind::BodyTooLarge => Some(true),
                    _ => Some(false),
                };
                let Fault::Act(action) = (row.fault)(&operation) else {
                    return None;
                };
                Some(Case { action, performed })
            });
            let cases = cases.collect();
            (operation, cases)
        });
        Self {
            random: fastrand::Rng::with_seed(SEED),
            operations: operations.collect(),
        }
    }

    fn next(&mut self, request: &str) -> Step {
        let cases = self.operations.iter().find(|(operation, _)| is_of(operation, request));
        let fault = (self.random.f64() < FAULTS)
            .then(|| self.random.choice(&cases?.1))
            .flatten();
        Step {
            forwards: fault.is_none_or(|case| case.performed.unwrap_or_else(|| self.random.bool())),
            fault: fault.map(|case| case.action.clone()),
            closes: self.random.f64() < CLOSED,
        }
    }
}

/// Returns whether a request is of an operation.
fn is_of(operation: &Operation, request: &str) -> bool {
    let mut words = request.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let (path, template) = (target.split('?').next().unwrap_or_default(), operation.info.path());
    let is_equal = |(part, sent): (&str, &str)| part.starts_with('{') || part == sent;
    method == Some(operation.info.method())
        && path.split('/').count() == template.split('/').count()
        && template.split('/').zip(path.split('/')).all(is_equal)
}
