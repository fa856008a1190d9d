//! Documents as commands read them: with the other files that they refer to. An error is a text for the user.

use std::{fs, path::Path};

use callrounded_changes::{Bundled, Load};
use callrounded_document::{Diagnostics, Document};

/// The document in a file, which messages call `name`.
pub(crate) fn file(name: &str, path: &Path) -> Result<Document, String> {
    let bundled = read(name, path, Document::parse)?;
    bundled.complete().map_err(|found| found.to_string())
}

/// The same for an import, which reports what is not usable of it: numbers with too many digits are rounded, and references to
/// files that can't be read are left.
pub(crate) fn file_to_import(name: &str, path: &Path) -> Result<Bundled, String> {
    read(name, path, Document::parse_rounding)
}

type Parse = fn(&str, &str) -> Result<Document, Diagnostics>;

fn read(name: &str, path: &Path, parse: Parse) -> Result<Bundled, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("error: {name} can't be read: {error}"))?;
    bundled(parse(name, &text), path, &mut |path| {
        fs::read_to_string(path).map_err(|error| error.to_string())
    })
}

/// A document of which the text is there, and the other files can be read.
pub(crate) fn whole(name: &str, text: &str, path: &Path, load: &mut Load<'_>) -> Result<Document, String> {
    let bundled = bundled(Document::parse(name, text), path, load)?;
    bundled.complete().map_err(|found| found.to_string())
}

fn bundled(parsed: Result<Document, Diagnostics>, path: &Path, load: &mut Load<'_>) -> Result<Bundled, String> {
    let document = parsed.map_err(|found| found.to_string())?;
    Ok(callrounded_changes::bundle(&document, path, &mut |path| {
        let is_address = path.to_string_lossy().contains(":/");
        match is_address {
            true => Err("it is an address, and nothing is fetched".to_owned()),
            false => load(path),
        }
    }))
}
