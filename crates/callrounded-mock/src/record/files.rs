//! The files of a recording, as it grows.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::server::StartError;

/// The files that have been written to, each with its number of lines.
pub(super) struct Files {
    folder: PathBuf,
    open: HashMap<String, (File, usize)>,
}

impl Files {
    /// In a folder that has no recording: stand-ins of one mean nothing in another.
    pub fn begin(folder: &Path) -> Result<Self, StartError> {
        let cannot = |error| StartError::of(format!("nothing can be recorded in `{}`", folder.display()), error);
        fs::create_dir_all(folder).map_err(cannot)?;
        for file in fs::read_dir(folder).map_err(cannot)? {
            let name = file.map_err(cannot)?.file_name();
            if Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "ndjson")
            {
                return Err(StartError::new(format!(
                    "`{}` has a recording, or a part of one; give another folder, or remove it",
                    folder.display()
                )));
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            open: HashMap::new(),
        })
    }

    /// Adds a line and says which one it is, counted from 1.
    pub fn append(&mut self, name: String, line: &str) -> io::Result<usize> {
        let path = self.folder.join(&name);
        let failed = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let (file, lines) = match self.open.entry(name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert((create(&path).map_err(failed)?, 0)),
        };
        file.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
        *lines += 1;
        Ok(*lines)
    }

    pub fn append_some(&mut self, name: String, line: Option<String>) -> io::Result<Option<usize>> {
        line.map(|line| self.append(name, &line)).transpose()
    }
}

/// Readable by its owner only, where the system has owners.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
