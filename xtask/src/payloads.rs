//! Payloads in files: one a file, or one a line. They are read one after another, so that memory does not grow with a
//! file.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use callrounded_document::json::{Json, Unreadable};

/// The client refuses larger answers.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Gives each payload of a file, with the line that it begins at, to `take`, until that fails.
///
/// The outer error is of reading the file, the inner one of `take`.
pub(crate) fn each<E>(
    path: &Path,
    take: &mut dyn FnMut(usize, Result<Json, Unreadable>) -> Result<(), E>,
) -> io::Result<Result<(), E>> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if !matches!(extension, Some("ndjson" | "jsonl")) {
        return Ok(take(1, read(fs::read(path)?)));
    }
    let mut reader = BufReader::with_capacity(256 * 1024, File::open(path)?);
    let mut line = 0;
    loop {
        let mut bytes = Vec::new();
        let mut limited = Read::by_ref(&mut reader).take(LARGEST + 1);
        if limited.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(Ok(()));
        }
        line += 1;
        let whole = bytes.last() == Some(&b'\n');
        if whole {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        let taken = if !whole && bytes.len() as u64 > LARGEST {
            reader.skip_until(b'\n')?;
            take(line, Err(too_large()))
        } else if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
            take(line, read(bytes))
        } else {
            Ok(())
        };
        if taken.is_err() {
            return Ok(taken);
        }
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
        remedy: "cut it into smaller ones; the client refuses such an answer too",
    }
}
