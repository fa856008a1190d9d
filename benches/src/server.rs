//! Answers what the clients are compared by, with as little work as can be: an update by the same bytes each time, a list by
//! pages of the size asked for, as many as there are.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::{ANSWER, Failure, page};

/// The identifier of the call with this number; all have the same length.
pub fn id(number: usize) -> String {
    format!("{number:08x}-e89b-12d3-a456-426614174000")
}

/// Serves `calls` calls from threads of this process, and gives the address.
pub fn start(calls: usize) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    let shared = Arc::new(Shared {
        calls,
        update: answer(ANSWER.as_bytes()),
        pages: Mutex::default(),
    });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            // A connection that ends has been used enough.
            thread::spawn(move || serve(stream, &shared));
        }
    });
    Ok(url)
}

struct Shared {
    calls: usize,
    update: Vec<u8>,
    pages: Mutex<HashMap<usize, Page>>,
}

/// A page of some size, and where in it stand the identifiers and the cursor.
#[derive(Clone)]
struct Page {
    answer: Vec<u8>,
    ids: Vec<usize>,
    cursor: usize,
}

fn answer(body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Page {
    fn of(size: usize) -> Result<Self, Failure> {
        let answer = answer(&page(size)?);
        let text = str::from_utf8(&answer)?;
        let ids = (0..size).filter_map(|number| text.find(&id(number))).collect();
        let cursor = text.find("0000000001").unwrap_or_default();
        Ok(Self { answer, ids, cursor })
    }

    /// Makes it the page that begins with call `first`, and has `next` as its cursor.
    fn turn(&mut self, first: usize, next: Option<usize>) {
        for (number, at) in (first..).zip(&self.ids) {
            self.answer[*at..*at + 8].copy_from_slice(format!("{number:08x}").as_bytes());
        }
        let cursor = match next {
            Some(next) => format!("\"{next:010}\""),
            None => format!("{:12}", "null"),
        };
        self.answer[self.cursor - 1..self.cursor + 11].copy_from_slice(cursor.as_bytes());
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut page: Option<(usize, Page)> = None;
    let (mut received, mut piece) = (Vec::new(), [0; 16 * 1_024]);
    loop {
        let Some(Request { length, list }) = Request::of(&received)? else {
            let read = stream.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            received.extend_from_slice(&piece[..read]);
            continue;
        };
        received.drain(..length);
        let Some(List { first, size }) = list else {
            stream.write_all(&shared.update)?;
            continue;
        };
        let size = size.min(shared.calls.saturating_sub(first));
        if page.as_ref().is_none_or(|(of, _)| *of != size) {
            let mut pages = shared.pages.lock().unwrap_or_else(PoisonError::into_inner);
            let known = match pages.get(&size) {
                Some(known) => known.clone(),
                None => pages.entry(size).or_insert(Page::of(size)?).clone(),
            };
            page = Some((size, known));
        }
        if let Some((_, page)) = &mut page {
            let next = first + size;
            page.turn(first, (next < shared.calls).then_some(next));
            stream.write_all(&page.answer)?;
        }
    }
}

struct Request {
    /// Of all of it, with its body.
    length: usize,
    /// Where it asks for calls.
    list: Option<List>,
}

struct List {
    first: usize,
    size: usize,
}

impl Request {
    /// The first of what has come, if it is whole.
    fn of(received: &[u8]) -> Result<Option<Self>, Failure> {
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

fn parameter(path: &str, name: &str) -> Option<usize> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}
