//! Compares a generated file with what would be generated now. `regenerate` uses this comparison both to check and to
//! write.

use std::{fs, io, path::Path};

use similar::TextDiff;

/// The result of the comparison.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    Stale {
        /// The unified diff from the existing file to what would be generated.
        diff: String,
    },
}

/// Compares the file at `path` with the expected text. `name` is its name in the diff. A missing file is treated as
/// empty.
pub(crate) fn compare(path: &Path, name: &str, expected: &str) -> io::Result<Freshness> {
    let actual = match fs::read_to_string(path) {
        Ok(actual) => actual,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    if actual == expected {
        return Ok(Freshness::Fresh);
    }
    let diff = TextDiff::from_lines(actual.as_str(), expected);
    let diff = diff
        .unified_diff()
        .context_radius(3)
        .header(name, &format!("{name} (generated)"))
        .to_string();
    Ok(Freshness::Stale { diff })
}
