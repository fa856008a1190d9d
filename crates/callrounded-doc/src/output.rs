//! The output file of a report. An existing file is replaced when the report is complete.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// The file of a report.
pub(crate) enum Output {
    /// A temporary file next to the one that it replaces. Until then, an earlier report or an input with that name is
    /// unchanged.
    Replacement(BufWriter<NamedTempFile>, PathBuf),
    /// A device or a pipe, which cannot be replaced.
    Direct(BufWriter<File>),
}

impl Output {
    /// Opens the output at `path`.
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Self::Direct(BufWriter::new(File::options().write(true).open(path)?)));
        }
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let file = NamedTempFile::new_in(directory.unwrap_or_else(|| Path::new(".")))?;
        Ok(Self::Replacement(BufWriter::new(file), path.to_owned()))
    }

    /// Flushes the report and moves it to its path.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Direct(mut file) => file.flush(),
            Self::Replacement(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                crate::files::set_ordinary_permissions(file.as_file())?;
                file.persist(path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacement(file, _) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Replacement(file, _) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

/// Checks whether two paths refer to the same file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let canonical = |path: &Path| fs::canonicalize(path).ok();
    canonical(one).is_some_and(|one| canonical(other) == Some(one))
}
