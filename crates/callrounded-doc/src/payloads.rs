//! Payloads in files: one in a file, or one in each line. They are read one after another, so that memory does not grow with a
//! file.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
};

use callrounded_document::json::{Json, Unreadable};
use flate2::bufread::MultiGzDecoder;

use crate::inputs::{Input, extension};

/// The client refuses larger responses.
const LARGEST: u64 = 64 * 1024 * 1024;

/// How a file is divided into payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Division {
    /// It is one.
    Whole,
    /// Each line is one.
    Lines,
    /// As its content says.
    ByContent,
}

/// Why a file gives no payloads.
pub(crate) enum Unusable<E> {
    /// It can't be read, or was not found.
    Unreadable(String),
    /// There is nothing in it.
    Empty,
    /// `take` failed.
    Stopped(E),
}

impl<E> From<io::Error> for Unusable<E> {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(format!("can't be read: {error}"))
    }
}

type Take<'t, E> = dyn FnMut(usize, Result<Json, Unreadable>) -> Result<(), E> + 't;

/// What a file that is compressed with gzip begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

const BUFFER: usize = 256 * 1024;

/// Files smaller than this are read without asking for their size.
const SMALL: usize = 4 * 1024;

/// Gives each payload of an input, with the line that it begins at, to `take`, until that fails.
pub(crate) fn each<E>(input: &Input, take: &mut Take<'_, E>) -> Result<(), Unusable<E>> {
    let (name, path) = match input {
        Input::Unusable { problem, .. } => return Err(Unusable::Unreadable(problem.clone())),
        Input::Stdin => return of_stream(io::stdin().lock(), Division::ByContent, take),
        Input::File { name, path } => (name, path),
    };
    let division = match extension(name).as_str() {
        "json" => Division::Whole,
        "ndjson" | "jsonl" => Division::Lines,
        _ => Division::ByContent,
    };
    if division != Division::Whole {
        return of_stream(BufReader::with_capacity(BUFFER, File::open(path)?), division, take);
    }
    // There may be many small ones, and `read_to_end` asks the system for the size of each. Of a large one it has to: a buffer that
    // grows by doubling takes three times the file's size.
    let mut file = File::open(path)?;
    let mut bytes = Vec::with_capacity(SMALL);
    Read::by_ref(&mut file).take(SMALL as u64).read_to_end(&mut bytes)?;
    if bytes.len() == SMALL {
        file.read_to_end(&mut bytes)?;
    }
    match bytes.starts_with(&MAGIC) {
        true => of_stream(bytes.as_slice(), division, take),
        false => whole(bytes, take),
    }
}

/// Of what is compressed or not.
fn of_stream<E>(mut reader: impl BufRead, division: Division, take: &mut Take<'_, E>) -> Result<(), Unusable<E>> {
    // A pipe may give the first byte alone.
    let mut start = Vec::with_capacity(MAGIC.len());
    Read::by_ref(&mut reader)
        .take(MAGIC.len() as u64)
        .read_to_end(&mut start)?;
    let is_compressed = start == MAGIC;
    let reader = Cursor::new(start).chain(reader);
    match is_compressed {
        true => divided(
            BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader)),
            division,
            take,
        ),
        false => divided(reader, division, take),
    }
}

fn divided<E>(mut reader: impl BufRead, division: Division, take: &mut Take<'_, E>) -> Result<(), Unusable<E>> {
    let start = match division {
        Division::Lines => return lines(reader, take),
        Division::Whole => Vec::new(),
        Division::ByContent => first_lines(&mut reader)?,
    };
    if is_lines(&start) {
        return lines(Cursor::new(start).chain(reader), take);
    }
    let mut bytes = start;
    reader.read_to_end(&mut bytes)?;
    drop(reader);
    whole(bytes, take)
}

/// The first two lines that are not blank, and what stands before them.
fn first_lines(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let (mut start, mut count) = (Vec::new(), 0);
    while count < 2 && (start.len() as u64) < LARGEST {
        let from = start.len();
        if Read::by_ref(reader).take(LARGEST).read_until(b'\n', &mut start)? == 0 {
            break;
        }
        let line = start.get(from..).unwrap_or_default();
        count += usize::from(!line.trim_ascii().is_empty());
    }
    Ok(start)
}

/// Whether each line is a payload: the first is one as a whole, or it can't be the beginning of one that the second goes on with.
fn is_lines(start: &[u8]) -> bool {
    let mut lines = start
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    let is_whole = |text: &[u8]| read(text.to_vec()).is_ok();
    // What can't be read, up to its end, may go on.
    let may_go_on = |text: &[u8]| read(text.to_vec()).is_err_and(|error| error.offset >= text.len());
    match lines.next() {
        _ if is_whole(first) => true,
        None => false,
        Some(second) => {
            let both = [first, b"\n", second].concat();
            is_whole(second) && !is_whole(&both) && !may_go_on(&both)
        }
    }
}

fn whole<E>(bytes: Vec<u8>, take: &mut Take<'_, E>) -> Result<(), Unusable<E>> {
    match bytes.trim_ascii().is_empty() {
        true => Err(Unusable::Empty),
        false => take(1, read(bytes)).map_err(Unusable::Stopped),
    }
}

fn lines<E>(mut reader: impl BufRead, take: &mut Take<'_, E>) -> Result<(), Unusable<E>> {
    let (mut line, mut is_empty) = (0, true);
    loop {
        let mut bytes = Vec::new();
        let mut limited = Read::by_ref(&mut reader).take(LARGEST + 1);
        if limited.read_until(b'\n', &mut bytes)? == 0 {
            return match is_empty {
                true => Err(Unusable::Empty),
                false => Ok(()),
            };
        }
        line += 1;
        let is_complete = bytes.last() == Some(&b'\n');
        if is_complete {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        let payload = if !is_complete && bytes.len() as u64 > LARGEST {
            reader.skip_until(b'\n')?;
            Err(too_large())
        } else if bytes.trim_ascii().is_empty() {
            continue;
        } else {
            read(bytes)
        };
        is_empty = false;
        take(line, payload).map_err(Unusable::Stopped)?;
    }
}

fn read(bytes: Vec<u8>) -> Result<Json, Unreadable> {
    let text = String::from_utf8(bytes).map_err(|error| Unreadable::not_utf8(&error))?;
    Json::read(text)
}

fn too_large() -> Unreadable {
    Unreadable {
        text: String::new(),
        offset: 0,
        problem: "the payload is larger than 64 MiB, so it was not looked at",
        remedy: "cut it into smaller ones; the client refuses such a response too",
    }
}
