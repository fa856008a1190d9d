//! The files of a running recording.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::error::StartError;

/// The files of a recording, each with its number of lines.
pub(super) struct Files {
    directory: PathBuf,
    open: HashMap<String, (File, usize)>,
}

impl Files {
    /// Creates the directory. It must not have a recording: the stand-ins of two recordings are not compatible.
    pub fn create(directory: &Path) -> Result<Self, StartError> {
        let failed = |error| StartError::of(format!("cannot record in `{}`", directory.display()), error);
        fs::create_dir_all(directory).map_err(failed)?;
        for file in fs::read_dir(directory).map_err(failed)? {
            let name = file.map_err(failed)?.file_name();
            if Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "ndjson")
            {
                return Err(StartError::new(format!(
                    "`{}` already contains a recording; specify another directory, or remove the recording",
                    directory.display()
                )));
            }
        }
        Ok(Self {
            directory: directory.to_owned(),
            open: HashMap::new(),
        })
    }

    /// Appends a line to a file, and returns its number, counted from 1.
    pub fn append(&mut self, name: String, line: &str) -> io::Result<usize> {
        let path = self.directory.join(&name);
        let failed = |error: io::Error| {
            let message = format!("cannot write {}: {error}", path.display());
            io::Error::new(error.kind(), message)
        };
        let (file, lines) = match self.open.entry(name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert((create_file(&path).map_err(failed)?, 0)),
        };
        file.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
        *lines += 1;
        Ok(*lines)
    }

    pub fn append_some(&mut self, name: String, line: Option<String>) -> io::Result<Option<usize>> {
        line.map(|line| self.append(name, &line)).transpose()
    }
}

/// Creates a file that only its owner can read (on Unix).
fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
