//! `cargo xtask diff`: what a change of the document means, to deployed clients and to source.

mod accept;
mod html;
mod junit;
mod print;
mod source;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use accept::{Accepted, Level};
use callrounded_changes::diff::{self, Diff, Effect};
use callrounded_document::Document;
use clap::{Args, ValueEnum};

use crate::{Folders, exit::Exit};

/// What to compare, and how to say it.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The document as it was: a file, or REVISION:PATH. Default: the merge base with the branch main.
    old: Option<String>,
    /// The document as it is: a file, or REVISION:PATH. Default: openapi/calls.yaml.
    new: Option<String>,
    /// How to print the changes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What ends the command with 1: a change that breaks deployed clients, source, either, or nothing.
    #[arg(long, value_enum, default_value_t = FailOn::Any)]
    fail_on: FailOn,
    /// A list of changes that are known, with a line for each: FINGERPRINT # REASON. With it, fingerprints are printed; an entry
    /// that no change is for ends the command with 1.
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// What a kind of change means on the wire (none, compatible, breaking), by the rule that is printed with it; may be given
    /// more than once.
    #[arg(long, value_name = "RULE=LEVEL", value_parser = accept::level)]
    level: Vec<Level>,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// Workflow commands of GitHub.
    Github,
    /// JUnit's XML: a test case for each change.
    Junit,
    /// One page, for release notes.
    Html,
}

/// What is printed.
struct Report<'r> {
    diff: &'r Diff,
    old: &'r Document,
    new: &'r Document,
    /// Where a list was given.
    accepted: Option<Accepted>,
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What breaks deployed clients.
    Wire,
    /// What breaks source.
    Source,
    /// Either.
    #[default]
    Any,
    /// Nothing.
    None,
}

pub(crate) fn run(options: &Options, folders: Folders<'_>, out: &mut dyn Write) -> io::Result<Exit> {
    let documents = source::documents(options.old.as_deref(), options.new.as_deref(), folders);
    let (old, new) = match documents {
        Ok(documents) => documents,
        Err(said) => {
            writeln!(out, "{said}")?;
            return Ok(Exit::InputError);
        }
    };
    let mut diff = diff::diff(&old, &new);
    accept::apply(&options.level, &mut diff);
    let accepted = match &options.accept {
        None => None,
        Some(path) => match accept::accept(&folders.here.join(path), &path.display().to_string(), &mut diff) {
            Ok(accepted) => Some(accepted),
            Err(problem) => {
                writeln!(out, "{problem}")?;
                return Ok(Exit::InputError);
            }
        },
    };
    let unused = accepted.as_ref().is_some_and(|accepted| !accepted.unused.is_empty());
    let report = Report {
        diff: &diff,
        old: &old,
        new: &new,
        accepted,
        fail_on: options.fail_on,
    };
    match options.format {
        Format::Text => print::text(&report, out)?,
        Format::Json => print::json(&report, out)?,
        Format::Markdown => print::markdown(&report, out)?,
        Format::Github => print::github(&report, out)?,
        Format::Junit => junit::print(&report, out)?,
        Format::Html => html::print(&report, out)?,
    }
    Ok(match unused || fails(&diff, options.fail_on) {
        true => Exit::Findings,
        false => Exit::Clean,
    })
}

/// Whether this change ends the command with 1.
fn is_failure(change: &diff::Change, fail_on: FailOn) -> bool {
    let (wire, source) = (change.wire == Effect::Breaking, change.source == Effect::Breaking);
    match fail_on {
        FailOn::Wire => wire,
        FailOn::Source => source,
        FailOn::Any => wire || source,
        FailOn::None => false,
    }
}

fn fails(diff: &Diff, fail_on: FailOn) -> bool {
    // What can't be generated from breaks source more than anything.
    let unknown = diff.bump.is_err() && matches!(fail_on, FailOn::Source | FailOn::Any);
    unknown || diff.changes.iter().any(|change| is_failure(change, fail_on))
}
