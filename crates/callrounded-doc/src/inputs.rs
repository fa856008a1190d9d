//! The inputs of a command: files, directories, glob patterns and standard input.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use clap::Args;
use glob::{MatchOptions, Pattern};

use crate::output::is_same_file;

/// The extensions of payload files in directories.
const EXTENSIONS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Matches as shells do: `*` does not match a slash, and wildcards do not match a leading dot.
const SHELL_LIKE: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// The options that select the payloads.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Files, directories, patterns such as 'traffic/**/*.json', or - for standard input. A .json file is one payload;
    /// each line of a .ndjson or .jsonl file is one. For other files and standard input, the format is detected. All
    /// may be compressed with gzip.
    #[arg(value_name = "PAYLOADS")]
    pub payloads: Vec<PathBuf>,
    /// Includes subdirectories, except hidden ones and symbolic links.
    #[arg(long, short)]
    recursive: bool,
    /// Accepts empty files, and patterns and directories without files.
    #[arg(long)]
    pub allow_empty: bool,
}

/// A file or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File {
        /// The name in messages: the path as the user specified it, or as it was found.
        name: String,
        path: PathBuf,
    },
    /// An argument without payloads. `problem` is the end of a sentence that begins with the name.
    Unusable {
        name: String,
        problem: String,
    },
}

impl Input {
    /// Returns the name in messages.
    pub fn name(&self) -> &str {
        match self {
            Self::Stdin => "<stdin>",
            Self::File { name, .. } | Self::Unusable { name, .. } => name,
        }
    }
}

/// The files in a directory, or those that match a pattern.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Directories that cannot be read.
    unreadable: Vec<(PathBuf, io::Error)>,
}

impl Inputs {
    /// Returns the inputs in the order of the arguments. The files of a directory or a pattern are sorted by name,
    /// without the file of the report.
    pub fn expand(&self, current_dir: &Path, report: Option<&Path>) -> Vec<Input> {
        let mut inputs = Vec::new();
        for argument in &self.payloads {
            let name = argument.display().to_string();
            let path = current_dir.join(argument);
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
                    "; use --recursive to include subdirectories"
                };
                let if_empty = format!("contains no .json, .ndjson or .jsonl file{hint}");
                let display = |file: &Path| argument.join(file.strip_prefix(&path).unwrap_or(file));
                self.add(&name, found, report, &display, if_empty, &mut inputs);
            } else if is_pattern {
                self.expand_pattern(&name, current_dir, report, &mut inputs);
            } else {
                inputs.push(Input::File { name, path });
            }
        }
        inputs
    }

    fn expand_pattern(&self, name: &str, current_dir: &Path, report: Option<&Path>, inputs: &mut Vec<Input>) {
        let pattern = match Pattern::new(name) {
            Ok(pattern) => pattern,
            Err(error) => {
                return inputs.push(unusable(
                    name,
                    format!("is neither a file nor a valid pattern: {}", error.msg),
                ));
            }
        };
        // The leading directories without wildcards.
        let base: PathBuf = Path::new(name)
            .components()
            .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']))
            .collect();
        let with_hidden = Path::new(name)
            .components()
            .any(|part| matches!(part, Component::Normal(part) if part.to_string_lossy().starts_with('.')));
        let top = current_dir.join(&base);
        let display = |file: &Path| base.join(file.strip_prefix(&top).unwrap_or(file));
        let mut found = Found::default();
        if top.is_dir() {
            list(&top, true, with_hidden, &mut found);
        }
        found
            .files
            .retain(|file| pattern.matches_with(&display(file).to_string_lossy(), SHELL_LIKE));
        self.add(name, found, report, &display, "matches no file".to_owned(), inputs);
    }

    /// Adds the files that were found. `if_empty` is the problem to report if there are none.
    fn add(
        &self,
        name: &str,
        mut found: Found,
        report: Option<&Path>,
        display: &dyn Fn(&Path) -> PathBuf,
        if_empty: String,
        inputs: &mut Vec<Input>,
    ) {
        found
            .files
            .retain(|file| !report.is_some_and(|report| is_same_file(file, report)));
        if found.files.is_empty() && found.unreadable.is_empty() && !self.allow_empty {
            inputs.push(unusable(name, if_empty));
        }
        inputs.extend(found.files.into_iter().map(|path| Input::File {
            name: display(&path).display().to_string(),
            path,
        }));
        inputs.extend(found.unreadable.into_iter().map(|(directory, error)| {
            unusable(
                &display(&directory).display().to_string(),
                format!("cannot be read: {error}"),
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

/// Collects the files in a directory. Symbolic links to directories are not followed because they may form a cycle.
/// Pipes, devices and the like are skipped.
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
    format_extension(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// Returns the extension that tells the format of a file, in lower case: `ndjson` for `a.ndjson.gz`.
pub(crate) fn format_extension(name: &str) -> String {
    let name = name.to_lowercase();
    let uncompressed = name.strip_suffix(".gz").unwrap_or(&name);
    uncompressed
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_owned()
}
