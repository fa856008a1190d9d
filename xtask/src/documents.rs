//! Documents as commands read them: with the other files that they refer to. An error is a text for the user.

use std::{fs, path::Path};

use callrounded_changes::Load;
use callrounded_document::{Diagnostics, Document};

/// The document in a file, which messages call `name`.
pub(crate) fn file(name: &str, path: &Path) -> Result<Document, String> {
    read(name, path, Document::parse)
}

/// The same, with numbers rounded that have too many digits: an import reports them.
pub(crate) fn file_rounding(name: &str, path: &Path) -> Result<Document, String> {
    read(name, path, Document::parse_rounding)
}

type Parse = fn(&str, &str) -> Result<Document, Diagnostics>;

fn read(name: &str, path: &Path, parse: Parse) -> Result<Document, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("error: {name} can't be read: {error}"))?;
    bundled(parse(name, &text), path, &mut |path| {
        fs::read_to_string(path).map_err(|error| error.to_string())
    })
}

/// A document of which the text is there, and the other files can be read.
pub(crate) fn whole(name: &str, text: &str, path: &Path, load: &mut Load<'_>) -> Result<Document, String> {
    bundled(Document::parse(name, text), path, load)
}

fn bundled(parsed: Result<Document, Diagnostics>, path: &Path, load: &mut Load<'_>) -> Result<Document, String> {
    let read = parsed.and_then(|document| {
        callrounded_changes::bundle(document, path, &mut |path| {
            let is_address = path.to_string_lossy().contains(":/");
            match is_address {
                true => Err("it is an address, and nothing is fetched".to_owned()),
                false => load(path),
            }
        })
    });
    read.map_err(|found| found.to_string())
}
