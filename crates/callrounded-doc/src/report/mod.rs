//! What was found, in the formats that people and CI read. Each is written as it is found, so that memory does not grow
//! with what there is to say.

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

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML, for the test reports of CI.
    Junit,
}

/// What came of it all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub payloads: u64,
    pub errors: u64,
    pub drift: u64,
    /// Findings that are on the list of those expected.
    pub expected: u64,
    /// Findings that were not printed, since there are so many.
    pub hidden: u64,
    /// What was not looked at, and why.
    pub notes: Vec<String>,
    /// Files that could not be read, and why, as the end of a sentence that begins with the name.
    pub unreadable: Vec<(String, String)>,
    /// Why the command could not go on.
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

/// Writes findings in one of the formats.
pub(crate) trait Report {
    /// What follows is about this file.
    fn file(&mut self, _name: &str, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()>;

    /// One that is not to be printed.
    fn hidden(&mut self, _finding: &Finding, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// That a file can't be read.
    fn unreadable(&mut self, _name: &str, _problem: &str, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// How findings are reported.
pub(crate) struct Manner {
    pub format: Format,
    /// Whether drift counts as an error.
    pub strict: bool,
    /// Whether only findings are printed.
    pub quiet: bool,
    /// Whether the output is a terminal that shows colours.
    pub is_colored: bool,
    pub paths: Paths,
}

impl Manner {
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

/// Where the files of messages are in the repository: GitHub wants paths from its root.
pub(crate) struct Paths {
    /// The directories that names are relative to, of which the first has the file.
    bases: Vec<PathBuf>,
    repository: Option<PathBuf>,
}

impl Paths {
    pub fn new(context: &Context<'_>) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let here = absolute(context.here);
        let repository = here.ancestors().find(|directory| directory.join(".git").exists());
        Self {
            repository: repository.map(Path::to_owned),
            bases: [Some(here.clone()), context.root().map(absolute)]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        let mut paths = self.bases.iter().map(|base| base.join(name));
        paths.find(|path| path.exists())
    }

    /// Whether there is such a file. A document that is part of the program is none.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The path from the root of the repository, with slashes; as it is where the file is in none.
    pub fn of(&self, name: &str) -> String {
        let found = self.find(name);
        let path = found.or_else(|| self.bases.first().map(|base| base.join(name)));
        let below = path.zip(self.repository.as_ref()).and_then(|(path, root)| {
            let path = normal(&path);
            let below = path.strip_prefix(root).ok()?;
            let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            Some(parts.join("/"))
        });
        below.unwrap_or_else(|| name.replace('\\', "/"))
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
    }
    whole
}

/// Returns `1 payload` or `2 payloads`.
#[must_use]
pub fn plural(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// `… and 7 more findings`, where some were not printed.
fn hidden(summary: &Summary) -> Option<String> {
    (summary.hidden > 0).then(|| format!("… and {}", plural(summary.hidden, "more finding")))
}

/// What was found in one line: the problem, where the value is, who asks for it, and what to do.
fn message(finding: &Finding) -> String {
    let mut message = finding.problem.clone();
    let at = match (finding.about.as_str(), finding.pointer.as_str()) {
        ("", "") => String::new(),
        ("", pointer) => format!("at #{pointer}"),
        (about, pointer) => format!("at {about}, #{pointer}"),
    };
    let asked = finding.asked.as_ref().map(|asked| {
        let callrounded_document::Place { line, column } = asked.place;
        format!("required by {}:{line}:{column} #{}", asked.file, asked.pointer)
    });
    for part in [Some(at), asked, Some(finding.remedy.clone())].into_iter().flatten() {
        if !part.is_empty() {
            message.push('\n');
            message.push_str(&part);
        }
    }
    message
}
