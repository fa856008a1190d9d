//! Reports findings in formats for people and for CI. Each finding is written when it is found, so memory does not grow
//! with the number of findings.

pub(crate) mod github;
mod json;
mod junit;
mod sarif;
mod text;

use std::{
    io::{self, Write},
    path::{Component, Path, PathBuf},
};

use callrounded_document::{Verdict, check::Finding};
use clap::ValueEnum;

use crate::context::Context;

#[cfg(feature = "changes")]
pub(crate) use junit::xml;

/// The format of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// A JSON object.
    Json,
    /// GitHub workflow commands, which annotate pull requests.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for the test reports of CI.
    Junit,
}

/// The counts and notes at the end of a report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub payloads: u64,
    pub errors: u64,
    pub drift: u64,
    /// The number of findings on the list of expected failures.
    pub expected: u64,
    /// The number of findings that were not printed because of the limit.
    pub hidden: u64,
    /// What was not checked, and why.
    pub notes: Vec<String>,
    /// Files that could not be read, each with the end of a sentence that begins with its name.
    pub unreadable: Vec<(String, String)>,
    /// The error that stopped the command.
    pub failure: Option<String>,
}

impl Summary {
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Error => self.errors += 1,
            Verdict::Drift => self.drift += 1,
        }
    }
}

/// A writer of findings in one of the formats.
pub(crate) trait Report {
    /// Starts the findings of a file.
    fn file(&mut self, _name: &str, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()>;

    /// Handles a finding beyond the limit, which is not printed.
    fn hidden(&mut self, _finding: &Finding, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes that a file cannot be read.
    fn unreadable(&mut self, _name: &str, _problem: &str, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes the summary and ends the report.
    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// The options of a report.
pub(crate) struct ReportOptions {
    pub format: Format,
    /// Whether drift is treated as an error.
    pub strict: bool,
    /// Whether only findings are printed.
    pub quiet: bool,
    /// Whether the output is a terminal that supports colours.
    pub is_colored: bool,
    pub paths: Paths,
}

impl ReportOptions {
    /// Creates the report.
    pub fn report(self) -> io::Result<Box<dyn Report>> {
        let Self { strict, quiet, .. } = self;
        Ok(match self.format {
            Format::Text => Box::new(text::Text {
                quiet,
                is_colored: self.is_colored,
            }),
            Format::Json => Box::new(json::Json::default()),
            Format::Github => Box::new(github::Github {
                strict,
                quiet,
                paths: self.paths,
            }),
            Format::Sarif => Box::new(sarif::Sarif::new(strict, self.paths)),
            Format::Junit => Box::new(junit::Junit::new(strict)?),
        })
    }
}

/// Resolves the names of files to paths from the root of the repository, as GitHub requires.
pub(crate) struct Paths {
    /// The directories that names may be relative to. The first one that contains the file is used.
    bases: Vec<PathBuf>,
    repository: Option<PathBuf>,
}

impl Paths {
    pub fn new(context: &Context<'_>) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let current_dir = absolute(context.current_dir);
        let repository = current_dir
            .ancestors()
            .find(|directory| directory.join(".git").exists());
        Self {
            repository: repository.map(Path::to_owned),
            bases: [Some(current_dir.clone()), context.root().map(absolute)]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        let mut paths = self.bases.iter().map(|base| base.join(name));
        paths.find(|path| path.exists())
    }

    /// Checks whether the file exists. A built-in document does not.
    pub fn exists(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Returns the path from the root of the repository, with slashes. If the file is not in the repository, returns
    /// its name.
    pub fn of(&self, name: &str) -> String {
        let found = self.find(name);
        let path = found.or_else(|| self.bases.first().map(|base| base.join(name)));
        let relative = path.zip(self.repository.as_ref()).and_then(|(path, root)| {
            let path = normalize(&path);
            let relative = path.strip_prefix(root).ok()?;
            let parts: Vec<String> = relative
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            Some(parts.join("/"))
        });
        relative.unwrap_or_else(|| name.replace('\\', "/"))
    }
}

/// Returns the path without `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normalized.pop();
            }
            Component::CurDir => {}
            other => normalized.push(other),
        }
    }
    normalized
}

/// Returns `1 payload` or `2 payloads`.
#[must_use]
pub fn plural(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Returns `… and 7 more findings` if some were not printed.
fn hidden(summary: &Summary) -> Option<String> {
    (summary.hidden > 0).then(|| format!("… and {}", plural(summary.hidden, "more finding")))
}

/// Returns the message of a finding: the problem, the location of the value, what requires it, and the remedy.
fn message(finding: &Finding) -> String {
    let mut message = finding.problem.clone();
    let at = match (finding.subject.as_str(), finding.pointer.as_str()) {
        ("", "") => String::new(),
        ("", pointer) => format!("at #{pointer}"),
        (subject, pointer) => format!("at {subject}, #{pointer}"),
    };
    let required_by = finding.required_by.as_ref().map(|required_by| {
        let callrounded_document::Location { line, column } = required_by.location;
        format!(
            "required by {}:{line}:{column} #{}",
            required_by.file, required_by.pointer
        )
    });
    for part in [Some(at), required_by, Some(finding.remedy.clone())]
        .into_iter()
        .flatten()
    {
        if !part.is_empty() {
            message.push('\n');
            message.push_str(&part);
        }
    }
    message
}
