//! A server for the clients that are compared, which does as little work as possible. The response to an update is
//! always the same; a list has pages of the requested size.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::{Failure, RESPONSE, page};

/// Returns the identifier of the call with this number. All identifiers have the same length.
pub fn id(number: usize) -> String {
    format!("{number:08x}-e89b-12d3-a456-426614174000")
}

/// Serves `calls` calls from threads of this process, and returns the base URL.
pub fn start(calls: usize) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    let shared = Arc::new(Shared {
        calls,
        update: response(RESPONSE.as_bytes()),
        pages: Mutex::default(),
    });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            // An error of a connection only ends that connection.
            thread::spawn(move || serve(stream, &shared));
        }
    });
    Ok(url)
}

/// The state that all connections share.
struct Shared {
    calls: usize,
    /// The response to an update.
    update: Vec<u8>,
    /// Pages by their size.
    pages: Mutex<HashMap<usize, Page>>,
}

/// The response with a page, and the offsets of the identifiers and of the cursor in it.
#[derive(Clone)]
struct Page {
    response: Vec<u8>,
    ids: Vec<usize>,
    cursor: usize,
}

/// Returns a response with a JSON body.
fn response(body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Page {
    fn new(size: usize) -> Result<Self, Failure> {
        let response = response(&page(size)?);
        let text = str::from_utf8(&response)?;
        let ids = (0..size).filter_map(|number| text.find(&id(number))).collect();
        let cursor = text.find("0000000001").unwrap_or_default();
        Ok(Self { response, ids, cursor })
    }

    /// Changes it to the page that starts with call `first`, and has `next` as its cursor.
    fn update(&mut self, first: usize, next: Option<usize>) {
        for (number, offset) in (first..).zip(&self.ids) {
            self.response[*offset..*offset + 8].copy_from_slice(format!("{number:08x}").as_bytes());
        }
        let cursor = match next {
            Some(next) => format!("\"{next:010}\""),
            None => format!("{:12}", "null"),
        };
        self.response[self.cursor - 1..self.cursor + 11].copy_from_slice(cursor.as_bytes());
    }
}

/// Responds to all requests of a connection.
fn serve(mut stream: TcpStream, shared: &Shared) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut page: Option<(usize, Page)> = None;
    let (mut received, mut buffer) = (Vec::new(), [0; 16 * 1_024]);
    loop {
        let Some(Request { length, list }) = Request::parse(&received)? else {
            let read = stream.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            received.extend_from_slice(&buffer[..read]);
            continue;
        };
        received.drain(..length);
        let Some(List { first, size }) = list else {
            stream.write_all(&shared.update)?;
            continue;
        };
        let size = size.min(shared.calls.saturating_sub(first));
        if page.as_ref().is_none_or(|(page_size, _)| *page_size != size) {
            let mut pages = shared.pages.lock().unwrap_or_else(PoisonError::into_inner);
            let template = match pages.get(&size) {
                Some(template) => template.clone(),
                None => pages.entry(size).or_insert(Page::new(size)?).clone(),
            };
            page = Some((size, template));
        }
        if let Some((_, page)) = &mut page {
            let next = first + size;
            page.update(first, (next < shared.calls).then_some(next));
            stream.write_all(&page.response)?;
        }
    }
}

/// A complete request.
struct Request {
    /// The length in bytes, with the body.
    length: usize,
    /// The page that is requested, if the request is a list.
    list: Option<List>,
}

/// The calls that a list requests.
struct List {
    first: usize,
    size: usize,
}

impl Request {
    /// Parses the first request of the received bytes. Returns `None` if it is incomplete.
    fn parse(received: &[u8]) -> Result<Option<Self>, Failure> {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(head) = request.parse(received)? else {
            return Ok(None);
        };
        let (method, path) = (request.method, request.path.unwrap_or_default());
        let list = (method == Some("GET")).then(|| List {
            first: parameter(path, "cursor").unwrap_or(0),
            size: parameter(path, "limit").unwrap_or(100),
        });
        let body = match headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        {
            Some(header) => str::from_utf8(header.value)?.parse()?,
            None => 0,
        };
        let length = head + body;
        Ok((received.len() >= length).then_some(Self { length, list }))
    }
}

/// Returns the number in a query parameter.
fn parameter(path: &str, name: &str) -> Option<usize> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}
