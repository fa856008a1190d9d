//! Whether a generated file is what would be generated now. Checking and writing share this one comparison.

use std::{fs, io, path::Path};

use similar::TextDiff;

/// The outcome of the comparison.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    Stale {
        /// From what is there to what would be generated.
        diff: String,
    },
}

/// Compares the file at `path`, shown as `name`, with `wanted`. A file that is missing is an empty one.
pub(crate) fn compare(path: &Path, name: &str, wanted: &str) -> io::Result<Freshness> {
    let there = match fs::read_to_string(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    if there == wanted {
        return Ok(Freshness::Fresh);
    }
    let diff = TextDiff::from_lines(there.as_str(), wanted);
    let diff = diff
        .unified_diff()
        .context_radius(3)
        .header(name, &format!("{name} (generated now)"))
        .to_string();
    Ok(Freshness::Stale { diff })
}
