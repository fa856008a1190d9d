//! Answers what the clients are compared by, with as little work as can be: an update by the same bytes each time, a list by
//! pages of the size asked for, as many as there are.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
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
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut page: Option<(usize, Page)> = None;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        io::copy(&mut (&mut reader).take(length), &mut io::sink())?;
        if !request.starts_with("GET ") {
            stream.write_all(&shared.update)?;
            continue;
        }
        let first = parameter(&request, "cursor").unwrap_or(0);
        let size = parameter(&request, "limit").unwrap_or(100).min(shared.calls - first);
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

fn parameter(request: &str, name: &str) -> Option<usize> {
    let (_, query) = request.split_whitespace().nth(1)?.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}
