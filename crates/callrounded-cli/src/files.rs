//! Files that are whole at every moment, belong to one run at a time, and can be read by their owner only.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use fs4::fs_std::FileExt;
use tempfile::NamedTempFile;

use crate::exit::Failure;

/// Writes a file at once: whoever reads it finds what it was or what it is, and nothing between.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}

/// Opens a file to read and to add to, for this run alone. It is made if it is not there.
pub(crate) fn own(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(Failure::file(path.display()))?;
    match FileExt::try_lock_exclusive(&file) {
        Ok(true) => Ok(file),
        Ok(false) => Err(Failure::Usage(format!("another run is at work on {}", path.display()))),
        Err(error) => Err(Failure::file(path.display())(error)),
    }
}

/// The file beside a file, by what is added to its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// What the name of a file ends in, in lower case.
pub(crate) fn ending(path: &Path) -> Option<String> {
    path.extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_lowercase)
}

/// Removes a file that may be there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
