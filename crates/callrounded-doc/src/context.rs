//! The environment of a command: its directory, its defaults and its output streams.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use callrounded_document::{Diagnostics, Document};

use crate::types::Types;

/// The environment of a command: its directory, and the defaults for what the user does not specify.
pub struct Context<'a> {
    /// The current directory. Paths that the user specifies are relative to it.
    pub current_dir: &'a Path,
    /// The document that is used if the user specifies none.
    pub document: DefaultDocument<'a>,
    /// The client that is generated from the default document, if there is one.
    pub client: Option<Client<'a>>,
    /// The name of the program in messages, such as `callrounded-doc`.
    pub program: &'static str,
}

/// The document that is used if the user specifies none.
#[derive(Clone, Debug)]
pub enum DefaultDocument<'a> {
    /// A document that is built into the program.
    BuiltIn {
        /// The name of the document in messages.
        name: &'static str,
        /// The source text of the document.
        text: &'static str,
    },
    /// A file.
    File {
        /// The path of the file relative to `root`, which is also its name in messages.
        name: &'static str,
        /// The directory that `name` is relative to.
        root: &'a Path,
    },
    /// No document. The message tells the user why.
    None(String),
}

impl DefaultDocument<'_> {
    /// Returns the name of the document in messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::BuiltIn { name, .. } | Self::File { name, .. } => name,
            Self::None(_) => "no document",
        }
    }
}

/// A client that is generated from the default document.
pub struct Client<'a> {
    /// Checks a document against the known rules of the generator. Fast, but a document may pass and still not be
    /// generatable.
    pub rules: fn(&Document) -> Result<(), Diagnostics>,
    /// Checks whether a client can be generated from a document, by generating it.
    pub check: fn(&Document) -> Result<(), Diagnostics>,
    /// The generated types.
    pub types: &'a mut dyn Types,
}

/// The output streams of a command.
pub struct Streams<'a> {
    /// Receives the report.
    pub out: &'a mut dyn Write,
    /// Receives usage and input errors.
    pub err: &'a mut dyn Write,
    /// Whether `out` is a terminal that supports colours.
    pub is_colored: bool,
}

/// A document that a command uses.
pub(crate) struct Source {
    /// The name of the document in messages.
    pub name: String,
    pub text: String,
    /// The path of the document, if it is a file.
    pub path: Option<PathBuf>,
    /// The directory of the files that belong to the document.
    pub directory: PathBuf,
    /// Whether it is the default document.
    pub is_default: bool,
}

impl Source {
    /// Returns the name in messages of a file in the document's directory.
    pub fn sibling(&self, file: &str) -> String {
        match self.path {
            Some(_) => Path::new(&self.name).with_file_name(file).display().to_string(),
            None => file.to_owned(),
        }
    }
}

impl Context<'_> {
    /// Reads the document at `path`, or the default document. The error is a message for the user.
    pub(crate) fn source(&self, path: Option<&Path>) -> Result<Source, String> {
        let (name, path) = match (path, &self.document) {
            (Some(path), _) => (path.display().to_string(), self.current_dir.join(path)),
            (None, DefaultDocument::File { name, root }) => ((*name).to_owned(), root.join(name)),
            (None, DefaultDocument::BuiltIn { name, text }) => {
                return Ok(Source {
                    name: (*name).to_owned(),
                    text: (*text).to_owned(),
                    path: None,
                    directory: self.current_dir.to_owned(),
                    is_default: true,
                });
            }
            (None, DefaultDocument::None(message)) => return Err(message.clone()),
        };
        let text = fs::read_to_string(&path).map_err(|error| format!("{name} cannot be read: {error}"))?;
        Ok(Source {
            name,
            text,
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            is_default: self.is_default(&path),
            path: Some(path),
        })
    }

    /// Returns the end of the sentence that tells the user what to do after the document has changed.
    #[cfg(feature = "changes")]
    pub(crate) fn after_change(&self) -> String {
        match &self.client {
            Some(_) => format!(", then run `{} regenerate`", self.program),
            None => String::new(),
        }
    }

    /// Returns the directory that the name of the default document is relative to.
    pub(crate) fn root(&self) -> Option<&Path> {
        match self.document {
            DefaultDocument::File { root, .. } => Some(root),
            _ => None,
        }
    }

    fn is_default(&self, path: &Path) -> bool {
        match &self.document {
            DefaultDocument::File { name, root } => {
                let default = fs::canonicalize(root.join(name)).ok();
                default.is_some() && default == fs::canonicalize(path).ok()
            }
            _ => false,
        }
    }
}
