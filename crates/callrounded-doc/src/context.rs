//! Where a command runs, and what it uses where the user names nothing.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use callrounded_document::{Diagnostics, Document};

use crate::types::Types;

/// Where a command runs, and what it uses where the user names nothing.
pub struct Context<'a> {
    /// The current directory, which the paths that the user gives are relative to.
    pub here: &'a Path,
    /// The document that is used where none is named.
    pub document: DefaultDocument<'a>,
    /// What is generated from that document, where anything is.
    pub client: Option<Client<'a>>,
    /// How messages call the program, such as `callrounded-doc`.
    pub program: &'static str,
}

/// The document that is used where none is named.
#[derive(Clone, Debug)]
pub enum DefaultDocument<'a> {
    /// One that is part of the program.
    BuiltIn {
        /// What messages call it.
        name: &'static str,
        /// What it says.
        text: &'static str,
    },
    /// A file.
    File {
        /// Its path below `root`, which is what messages call it.
        name: &'static str,
        /// The directory that the name is relative to.
        root: &'a Path,
    },
    /// None, and why, for the user.
    None(String),
}

impl DefaultDocument<'_> {
    /// What messages call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::BuiltIn { name, .. } | Self::File { name, .. } => name,
            Self::None(_) => "no document",
        }
    }
}

/// A client that is generated from the default document.
pub struct Client<'a> {
    /// Whether a document follows the rules that are known to keep a client from being generated.
    pub rules: fn(&Document) -> Result<(), Diagnostics>,
    /// Whether a client can be generated from a document, found out by generating it.
    pub check: fn(&Document) -> Result<(), Diagnostics>,
    /// Its types.
    pub types: &'a mut dyn Types,
}

/// Where a command prints.
pub struct Streams<'a> {
    /// The report.
    pub out: &'a mut dyn Write,
    /// Errors of the input.
    pub err: &'a mut dyn Write,
    /// Whether `out` is a terminal that shows colours.
    pub is_colored: bool,
}

/// A document that a command uses.
pub(crate) struct Source {
    /// What messages call it.
    pub name: String,
    pub text: String,
    /// Where it is, if it is a file.
    pub path: Option<PathBuf>,
    /// The directory of the files that belong to it.
    pub directory: PathBuf,
    /// Whether it is the default one.
    pub is_default: bool,
}

impl Source {
    /// How messages call a file beside the document.
    pub fn beside(&self, file: &str) -> String {
        match self.path {
            Some(_) => Path::new(&self.name).with_file_name(file).display().to_string(),
            None => file.to_owned(),
        }
    }
}

impl Context<'_> {
    /// The document at a path, or the default one. An error is a text for the user.
    pub(crate) fn source(&self, named: Option<&Path>) -> Result<Source, String> {
        let (name, path) = match (named, &self.document) {
            (Some(path), _) => (path.display().to_string(), self.here.join(path)),
            (None, DefaultDocument::File { name, root }) => ((*name).to_owned(), root.join(name)),
            (None, DefaultDocument::BuiltIn { name, text }) => {
                return Ok(Source {
                    name: (*name).to_owned(),
                    text: (*text).to_owned(),
                    path: None,
                    directory: self.here.to_owned(),
                    is_default: true,
                });
            }
            (None, DefaultDocument::None(why)) => return Err(why.clone()),
        };
        let text = fs::read_to_string(&path).map_err(|error| format!("{name} can't be read: {error}"))?;
        Ok(Source {
            name,
            text,
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            is_default: self.is_default(&path),
            path: Some(path),
        })
    }

    /// What is to do after a change of the document, for the end of a sentence.
    #[cfg(feature = "changes")]
    pub(crate) fn after_change(&self) -> String {
        match &self.client {
            Some(_) => format!(", then `{} regenerate`", self.program),
            None => String::new(),
        }
    }

    /// The directory that the name of the default document is relative to.
    pub(crate) fn root(&self) -> Option<&Path> {
        match self.document {
            DefaultDocument::File { root, .. } => Some(root),
            _ => None,
        }
    }

    fn is_default(&self, path: &Path) -> bool {
        match &self.document {
            DefaultDocument::File { name, root } => {
                let own = fs::canonicalize(root.join(name)).ok();
                own.is_some() && own == fs::canonicalize(path).ok()
            }
            _ => false,
        }
    }
}
