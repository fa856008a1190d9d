//! Reads payloads from files: one per file, or one per line. Payloads are read one at a time, so memory does not grow
//! with the size of the file.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
};

use callrounded_document::json::{Json, ParseError};
use flate2::bufread::MultiGzDecoder;

use crate::inputs::{Input, format_extension};

/// The maximum size of a payload in bytes, 64 MiB. It is the default limit of the client for response bodies.
const MAX_PAYLOAD_SIZE: u64 = 64 * 1024 * 1024;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The file is one payload.
    Single,
    /// Each line is a payload.
    Lines,
    /// The format is detected from the content.
    Detect,
}

/// An error of reading the payloads of a file.
pub(crate) enum ReadError<E> {
    /// The file cannot be read or was not found. The message is the end of a sentence that begins with the name of the
    /// file.
    Unreadable(String),
    /// The file is empty.
    Empty,
    /// `callback` failed.
    Callback(E),
}

impl<E> From<io::Error> for ReadError<E> {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(format!("cannot be read: {error}"))
    }
}

type Callback<'t, E> = dyn FnMut(usize, Result<Json, ParseError>) -> Result<(), E> + 't;

/// The first bytes of a gzip stream.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

const BUFFER_SIZE: usize = 256 * 1024;

/// Files smaller than this number of bytes are read without querying their size.
const SMALL_FILE: usize = 4 * 1024;

/// Calls `callback` with each payload of an input and the line that it begins at, until `callback` fails.
pub(crate) fn for_each<E>(input: &Input, callback: &mut Callback<'_, E>) -> Result<(), ReadError<E>> {
    let (name, path) = match input {
        Input::Unusable { problem, .. } => return Err(ReadError::Unreadable(problem.clone())),
        Input::Stdin => return read_stream(io::stdin().lock(), Format::Detect, callback),
        Input::File { name, path } => (name, path),
    };
    let format = match format_extension(name).as_str() {
        "json" => Format::Single,
        "ndjson" | "jsonl" => Format::Lines,
        _ => Format::Detect,
    };
    if format != Format::Single {
        return read_stream(
            BufReader::with_capacity(BUFFER_SIZE, File::open(path)?),
            format,
            callback,
        );
    }
    // `read_to_end` queries the size of each file, which is slow for many small files. For large files it is worth it:
    // a buffer that grows by doubling takes three times the file's size.
    let mut file = File::open(path)?;
    let mut bytes = Vec::with_capacity(SMALL_FILE);
    Read::by_ref(&mut file)
        .take(SMALL_FILE as u64)
        .read_to_end(&mut bytes)?;
    if bytes.len() == SMALL_FILE {
        file.read_to_end(&mut bytes)?;
    }
    if bytes.starts_with(&GZIP_MAGIC) {
        read_stream(bytes.as_slice(), format, callback)
    } else {
        read_single(bytes, callback)
    }
}

/// Reads the payloads of a stream, which may be compressed.
fn read_stream<E>(
    mut reader: impl BufRead,
    format: Format,
    callback: &mut Callback<'_, E>,
) -> Result<(), ReadError<E>> {
    // A pipe may deliver the first byte alone.
    let mut start = Vec::with_capacity(GZIP_MAGIC.len());
    Read::by_ref(&mut reader)
        .take(GZIP_MAGIC.len() as u64)
        .read_to_end(&mut start)?;
    let is_compressed = start == GZIP_MAGIC;
    let reader = Cursor::new(start).chain(reader);
    if is_compressed {
        let reader = BufReader::with_capacity(BUFFER_SIZE, MultiGzDecoder::new(reader));
        read_uncompressed(reader, format, callback)
    } else {
        read_uncompressed(reader, format, callback)
    }
}

fn read_uncompressed<E>(
    mut reader: impl BufRead,
    format: Format,
    callback: &mut Callback<'_, E>,
) -> Result<(), ReadError<E>> {
    let start = match format {
        Format::Lines => return read_lines(reader, callback),
        Format::Single => Vec::new(),
        Format::Detect => first_lines(&mut reader)?,
    };
    if is_lines(&start) {
        return read_lines(Cursor::new(start).chain(reader), callback);
    }
    let mut bytes = start;
    reader.read_to_end(&mut bytes)?;
    drop(reader);
    read_single(bytes, callback)
}

/// Reads up to and including the second line that is not blank.
fn first_lines(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let (mut start, mut count) = (Vec::new(), 0);
    while count < 2 && (start.len() as u64) < MAX_PAYLOAD_SIZE {
        let from = start.len();
        if Read::by_ref(reader)
            .take(MAX_PAYLOAD_SIZE)
            .read_until(b'\n', &mut start)?
            == 0
        {
            break;
        }
        let line = start.get(from..).unwrap_or_default();
        count += usize::from(!line.trim_ascii().is_empty());
    }
    Ok(start)
}

/// Checks whether each line is a payload. This is so if the first line is a complete JSON value, or if the second is
/// one and the two lines together cannot be the beginning of a value.
fn is_lines(start: &[u8]) -> bool {
    let mut lines = start
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    let is_complete = |text: &[u8]| parse(text.to_vec()).is_ok();
    // An error at the end means that the value may continue.
    let may_continue = |text: &[u8]| parse(text.to_vec()).is_err_and(|error| error.offset >= text.len());
    match lines.next() {
        _ if is_complete(first) => true,
        None => false,
        Some(second) => {
            let both = [first, b"\n", second].concat();
            is_complete(second) && !is_complete(&both) && !may_continue(&both)
        }
    }
}

fn read_single<E>(bytes: Vec<u8>, callback: &mut Callback<'_, E>) -> Result<(), ReadError<E>> {
    if bytes.trim_ascii().is_empty() {
        Err(ReadError::Empty)
    } else {
        callback(1, parse(bytes)).map_err(ReadError::Callback)
    }
}

fn read_lines<E>(mut reader: impl BufRead, callback: &mut Callback<'_, E>) -> Result<(), ReadError<E>> {
    let (mut line, mut is_empty) = (0, true);
    loop {
        let mut bytes = Vec::new();
        let mut limited = Read::by_ref(&mut reader).take(MAX_PAYLOAD_SIZE + 1);
        if limited.read_until(b'\n', &mut bytes)? == 0 {
            return if is_empty { Err(ReadError::Empty) } else { Ok(()) };
        }
        line += 1;
        let is_complete = bytes.last() == Some(&b'\n');
        if is_complete {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        let payload = if !is_complete && bytes.len() as u64 > MAX_PAYLOAD_SIZE {
            reader.skip_until(b'\n')?;
            Err(too_large())
        } else if bytes.trim_ascii().is_empty() {
            continue;
        } else {
            parse(bytes)
        };
        is_empty = false;
        callback(line, payload).map_err(ReadError::Callback)?;
    }
}

fn parse(bytes: Vec<u8>) -> Result<Json, ParseError> {
    let text = String::from_utf8(bytes).map_err(|error| ParseError::not_utf8(&error))?;
    Json::read(text)
}

fn too_large() -> ParseError {
    ParseError {
        text: String::new(),
        offset: 0,
        problem: "the payload is larger than 64 MiB and was not validated",
        remedy: "split it; the client rejects responses of this size by default",
    }
}
