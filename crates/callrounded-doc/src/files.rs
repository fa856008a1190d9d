//! Writes files atomically.

use std::{fs, io};
#[cfg(feature = "changes")]
use std::{io::Write, path::Path};

/// Replaces the file at `path` atomically. Creates missing directories. A file that has this text already is not changed,
/// so that cargo builds nothing again.
///
/// # Errors
/// Returns an error if the file cannot be written. An existing file is then unchanged.
#[cfg(feature = "changes")]
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|current| current == text.as_bytes()) {
        return Ok(());
    }
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    set_ordinary_permissions(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Sets the permissions `rw-r--r--`. Temporary files are created readable by their owner only.
#[cfg(unix)]
pub(crate) fn set_ordinary_permissions(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(crate) fn set_ordinary_permissions(_: &fs::File) -> io::Result<()> {
    Ok(())
}
