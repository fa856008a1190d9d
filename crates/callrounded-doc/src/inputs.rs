//! Which payloads a command looks at: files, directories, patterns, standard input.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;

/// Names of files that hold payloads, as they are looked for in directories.
const EXTENSIONS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Which payloads to look at.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Payloads: files, directories, patterns such as 'traffic/**/*.json', or - for standard input. A file whose name ends in .json
    /// is one payload; in one that ends in .ndjson or .jsonl each line is; of others, and of standard input, the content decides.
    /// Any of them may be compressed with gzip.
    #[arg(value_name = "PAYLOADS")]
    pub payloads: Vec<PathBuf>,
    /// Looks into the subdirectories of directories too.
    #[arg(long, short)]
    recursive: bool,
    /// Allows patterns and directories without files, and empty files.
    #[arg(long)]
    pub allow_empty: bool,
}

/// One file, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File {
        /// What messages call it: the path as it was given, or found.
        name: String,
        path: PathBuf,
    },
    /// What was given, and why there is nothing to read of it, as the end of a sentence that begins with the name.
    Unusable {
        name: String,
        problem: String,
    },
}

impl Input {
    /// What messages call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Stdin => "<stdin>",
            Self::File { name, .. } | Self::Unusable { name, .. } => name,
        }
    }
}

impl Inputs {
    /// What the user named, in that order; what a directory or a pattern stands for, in the order of names.
    pub fn expand(&self, here: &Path) -> Vec<Input> {
        let mut found = Vec::new();
        for given in &self.payloads {
            let name = given.display().to_string();
            let path = here.join(given);
            if name == "-" {
                found.push(Input::Stdin);
            } else if path.is_dir() {
                self.directory(&name, &path, &mut found);
            } else if !path.exists() && name.contains(['*', '?', '[']) {
                self.pattern(&name, here, &mut found);
            } else {
                found.push(Input::File { name, path });
            }
        }
        found
    }

    fn directory(&self, name: &str, path: &Path, found: &mut Vec<Input>) {
        let mut files = Vec::new();
        if let Err((at, error)) = list(path, self.recursive, &mut files) {
            let problem = format!("can't be read: {}: {error}", at.display());
            return found.push(unusable(name, problem));
        }
        if files.is_empty() && !self.allow_empty {
            let hint = if self.recursive {
                ""
            } else {
                "; --recursive looks into subdirectories"
            };
            let problem = format!("has no file whose name ends in .json, .ndjson or .jsonl{hint}");
            return found.push(unusable(name, problem));
        }
        let base = Path::new(name);
        found.extend(files.into_iter().map(|file| {
            let shown = file
                .strip_prefix(path)
                .map_or_else(|_| file.clone(), |below| base.join(below));
            Input::File {
                name: shown.display().to_string(),
                path: file,
            }
        }));
    }

    fn pattern(&self, name: &str, here: &Path, found: &mut Vec<Input>) {
        // The directory is no part of the pattern, whatever characters are in its name.
        let base = glob::Pattern::escape(&here.display().to_string());
        let whole = Path::new(&base).join(name).display().to_string();
        let paths = match glob::glob(&whole) {
            Ok(paths) => paths,
            Err(error) => return found.push(unusable(name, format!("is no file, and no pattern: {}", error.msg))),
        };
        let before = found.len();
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => {}
                Ok(path) => {
                    let shown = path.strip_prefix(here).unwrap_or(&path);
                    found.push(Input::File {
                        name: shown.display().to_string(),
                        path,
                    });
                }
                Err(error) => {
                    let at = error.path().display().to_string();
                    found.push(unusable(&at, format!("can't be read: {}", io::Error::from(error))));
                }
            }
        }
        if found.len() == before && !self.allow_empty {
            found.push(unusable(name, "matches no file".to_owned()));
        }
    }
}

fn unusable(name: &str, problem: String) -> Input {
    Input::Unusable {
        name: name.to_owned(),
        problem,
    }
}

/// The files with payloads in a directory. Hidden directories are not looked into.
fn list(directory: &Path, recursive: bool, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let wrong = |error| (directory.to_owned(), error);
    let entries: io::Result<Vec<PathBuf>> = fs::read_dir(directory)
        .map_err(wrong)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let mut entries = entries.map_err(wrong)?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A link to a directory may lead back to where it is.
        if path.is_dir() {
            if recursive && !name.starts_with('.') && !path.is_symlink() {
                list(&path, recursive, found)?;
            }
        } else if EXTENSIONS.contains(&extension(&name)) {
            found.push(path);
        }
    }
    Ok(())
}

/// The extension that says what is in a file: of `a.ndjson.gz`, `ndjson`.
pub(crate) fn extension(name: &str) -> &str {
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    plain.rsplit_once('.').map_or("", |(_, extension)| extension)
}
