//! Reads documents together with the other files that they refer to. All errors are messages for the user.

use std::{fs, path::Path};

use callrounded_changes::{Bundled, Load};
use callrounded_document::{Diagnostics, Document};

/// Reads the document at `path`. `name` is its name in messages.
pub(crate) fn read(name: &str, path: &Path) -> Result<Document, String> {
    let bundled = read_with(name, path, Document::parse)?;
    bundled.into_document().map_err(|diagnostics| diagnostics.to_string())
}

/// Reads the document at `path` for an import, which reports what it cannot use: numbers with too many digits are
/// rounded, and references to files that cannot be read are kept.
pub(crate) fn read_for_import(name: &str, path: &Path) -> Result<Bundled, String> {
    read_with(name, path, Document::parse_rounding)
}

type Parse = fn(&str, &str) -> Result<Document, Diagnostics>;

fn read_with(name: &str, path: &Path, parse: Parse) -> Result<Bundled, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("error: {name} cannot be read: {error}"))?;
    bundle(parse(name, &text), path, &mut |path| {
        fs::read_to_string(path).map_err(|error| error.to_string())
    })
}

/// Parses a document from its text. `load` reads the other files that it refers to.
pub(crate) fn parse(name: &str, text: &str, path: &Path, load: &mut Load<'_>) -> Result<Document, String> {
    let bundled = bundle(Document::parse(name, text), path, load)?;
    bundled.into_document().map_err(|diagnostics| diagnostics.to_string())
}

fn bundle(parsed: Result<Document, Diagnostics>, path: &Path, load: &mut Load<'_>) -> Result<Bundled, String> {
    let document = parsed.map_err(|diagnostics| diagnostics.to_string())?;
    Ok(callrounded_changes::bundle(&document, path, &mut |path| {
        let is_url = path.to_string_lossy().contains(":/");
        if is_url {
            Err("URLs are not fetched".to_owned())
        } else {
            load(path)
        }
    }))
}
