//! Which payloads a command looks at: files, directories, patterns, standard input.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use clap::Args;
use glob::{MatchOptions, Pattern};

use crate::output::is_same_file;

/// Extensions of files that hold payloads, as they are looked for in directories.
const EXTENSIONS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// As shells match: `*` ends at a slash, and what is hidden has to be named.
const AS_SHELLS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// Which payloads to look at.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Payloads: files, directories, patterns such as 'traffic/**/*.json', or - for standard input. A file whose name ends in .json
    /// is one payload; in one that ends in .ndjson or .jsonl each line is; of others, and of standard input, the content decides.
    /// Any of them may be compressed with gzip.
    #[arg(value_name = "PAYLOADS")]
    pub payloads: Vec<PathBuf>,
    /// Looks into the subdirectories of directories too, except hidden ones and links.
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

/// What a directory or a pattern stands for.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Directories that can't be read.
    unreadable: Vec<(PathBuf, io::Error)>,
}

impl Inputs {
    /// What the user named, in that order; what a directory or a pattern stands for, in the order of names, and without the file of
    /// the report.
    pub fn expand(&self, here: &Path, report: Option<&Path>) -> Vec<Input> {
        let mut inputs = Vec::new();
        for given in &self.payloads {
            let name = given.display().to_string();
            let path = here.join(given);
            let is_pattern = name.contains(['*', '?', '[']) && !path.exists() && !path.is_symlink();
            if name == "-" {
                inputs.push(Input::Stdin);
            } else if path.is_dir() {
                let mut found = Found::default();
                list(&path, self.recursive, false, &mut found);
                found
                    .files
                    .retain(|file| EXTENSIONS.contains(&extension_of(file).as_str()));
                let hint = if self.recursive {
                    ""
                } else {
                    "; --recursive looks into subdirectories"
                };
                let nothing = format!("has no file whose name ends in .json, .ndjson or .jsonl{hint}");
                let shown = |file: &Path| given.join(file.strip_prefix(&path).unwrap_or(file));
                self.add(&name, found, report, &shown, nothing, &mut inputs);
            } else if is_pattern {
                self.pattern(&name, here, report, &mut inputs);
            } else {
                inputs.push(Input::File { name, path });
            }
        }
        inputs
    }

    fn pattern(&self, name: &str, here: &Path, report: Option<&Path>, inputs: &mut Vec<Input>) {
        let pattern = match Pattern::new(name) {
            Ok(pattern) => pattern,
            Err(error) => return inputs.push(unusable(name, format!("is no file, and no pattern: {}", error.msg))),
        };
        // As far as nothing in it stands for anything else.
        let base: PathBuf = Path::new(name)
            .components()
            .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']))
            .collect();
        let with_hidden = Path::new(name)
            .components()
            .any(|part| matches!(part, Component::Normal(part) if part.to_string_lossy().starts_with('.')));
        let top = here.join(&base);
        let shown = |file: &Path| base.join(file.strip_prefix(&top).unwrap_or(file));
        let mut found = Found::default();
        if top.is_dir() {
            list(&top, true, with_hidden, &mut found);
        }
        found
            .files
            .retain(|file| pattern.matches_with(&shown(file).to_string_lossy(), AS_SHELLS));
        self.add(name, found, report, &shown, "matches no file".to_owned(), inputs);
    }

    /// Adds what was found; `nothing` says that there is nothing.
    fn add(
        &self,
        name: &str,
        mut found: Found,
        report: Option<&Path>,
        shown: &dyn Fn(&Path) -> PathBuf,
        nothing: String,
        inputs: &mut Vec<Input>,
    ) {
        found
            .files
            .retain(|file| !report.is_some_and(|report| is_same_file(file, report)));
        if found.files.is_empty() && found.unreadable.is_empty() && !self.allow_empty {
            inputs.push(unusable(name, nothing));
        }
        inputs.extend(found.files.into_iter().map(|path| Input::File {
            name: shown(&path).display().to_string(),
            path,
        }));
        inputs.extend(found.unreadable.into_iter().map(|(directory, error)| {
            unusable(
                &shown(&directory).display().to_string(),
                format!("can't be read: {error}"),
            )
        }));
    }
}

fn unusable(name: &str, problem: String) -> Input {
    Input::Unusable {
        name: name.to_owned(),
        problem,
    }
}

/// The files in a directory. Neither links to directories are followed, which may lead back, nor is anything opened that is no file.
fn list(directory: &Path, recursive: bool, with_hidden: bool, found: &mut Found) {
    let entries = fs::read_dir(directory).and_then(|entries| {
        entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<PathBuf>>>()
    });
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.unreadable.push((directory.to_owned(), error)),
    };
    entries.sort();
    for path in entries {
        if path.is_dir() {
            let is_hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if recursive && (with_hidden || !is_hidden) && !path.is_symlink() {
                list(&path, recursive, with_hidden, found);
            }
        } else if path.is_file() {
            found.files.push(path);
        }
    }
}

fn extension_of(path: &Path) -> String {
    extension(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// The extension that says what is in a file, in lower case: of `a.ndjson.gz`, `ndjson`.
pub(crate) fn extension(name: &str) -> String {
    let name = name.to_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    plain.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned()
}
