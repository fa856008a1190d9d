//! What was found, in the formats that people and CI read. Each is written as it is found, so that memory does not grow
//! with what there is to say.

mod github;
mod json;
mod junit;
mod sarif;
mod text;

use std::io::{self, Write};

use callrounded_document::{Verdict, check::Finding};
use clap::ValueEnum;

pub(crate) use github::{data as github_data, property as github_property};
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
    /// What was not looked at, and why.
    pub notes: Vec<String>,
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

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// The report in this format. Under `strict`, drift counts as an error.
pub(crate) fn report(format: Format, strict: bool) -> io::Result<Box<dyn Report>> {
    Ok(match format {
        Format::Text => Box::new(text::Text),
        Format::Json => Box::new(json::Json::default()),
        Format::Github => Box::new(github::Github { strict }),
        Format::Sarif => Box::new(sarif::Sarif::new(strict)),
        Format::Junit => Box::new(junit::Junit::new(strict)?),
    })
}

/// `1 payload`, `2 payloads`.
pub(crate) fn plural(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
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
        format!("asked for by {}:{line}:{column} #{}", asked.file, asked.pointer)
    });
    for part in [Some(at), asked, Some(finding.remedy.clone())].into_iter().flatten() {
        if !part.is_empty() {
            message.push('\n');
            message.push_str(&part);
        }
    }
    message
}
