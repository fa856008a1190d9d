//! Whether a generated file is what would be generated now. Checking and writing share this one comparison.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

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

/// Puts `text` in place of the file at `path`, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    set_ordinary_permissions(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is for its owner alone; one in a repository is not.
#[cfg(unix)]
fn set_ordinary_permissions(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_ordinary_permissions(_: &fs::File) -> io::Result<()> {
    Ok(())
}
