//! Compares two documents and reports the effect of each change on deployed clients and on source code.

mod accept;
mod html;
mod junit;
mod print;
mod source;

use std::{io, path::PathBuf};

use accept::{Accepted, Level};
use callrounded_changes::diff::{self, Diff, Effect};
use callrounded_document::Document;
use clap::{Args, ValueEnum};

use crate::{
    context::{Context, Streams},
    exit::Exit,
    output::{Output, is_same_file},
    report::Paths,
};

/// The options of the command `diff`.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The old document: a file, or REVISION:PATH in git. [default in a workspace: the merge base with the branch main]
    old: Option<String>,
    /// The new document: a file, or REVISION:PATH in git. [default: that of the Rounded calls API]
    new: Option<String>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The changes for which the command exits with 1.
    #[arg(long, value_enum, default_value_t = FailOn::Any)]
    fail_on: FailOn,
    /// A list of accepted changes, one per line: FINGERPRINT # REASON. With it, the report includes fingerprints, and
    /// the command exits with 1 if an entry matches no change.
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Sets the effect of a rule on the wire: none, compatible or breaking. The report names the rule of each change.
    /// Can be repeated.
    #[arg(long, value_name = "RULE=LEVEL", value_parser = accept::parse_level)]
    level: Vec<Level>,
    /// Writes the report to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The format of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Plain text.
    #[default]
    Text,
    /// A JSON object.
    Json,
    /// Markdown, for comments on pull requests.
    Markdown,
    /// GitHub workflow commands, which annotate pull requests.
    Github,
    /// JUnit XML, with a test case per change.
    Junit,
    /// An HTML page, for release notes.
    Html,
}

/// The contents of a report.
struct Report<'r> {
    diff: &'r Diff,
    old: &'r Document,
    new: &'r Document,
    /// Present if a list of accepted changes is given.
    accepted: Option<Accepted>,
    fail_on: FailOn,
    paths: Paths,
}

/// The changes for which the command exits with 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Changes that break deployed clients.
    Wire,
    /// Changes that break source code.
    Source,
    /// Changes that break either.
    #[default]
    Any,
    /// No changes.
    None,
}

/// Runs the command.
///
/// # Errors
/// Returns an error if the output cannot be written.
pub fn run(options: &Options, context: &Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    let compared = compare(options, context);
    let (old, new, diff, accepted) = match compared {
        Ok(compared) => compared,
        Err(message) => {
            writeln!(err, "{message}")?;
            return Ok(Exit::InputError);
        }
    };
    let unused = accepted.as_ref().is_some_and(|accepted| !accepted.unused.is_empty());
    let report = Report {
        diff: &diff,
        old: &old,
        new: &new,
        accepted,
        fail_on: options.fail_on,
        paths: Paths::new(context),
    };
    let print = match options.format {
        Format::Text => print::text,
        Format::Json => print::json,
        Format::Markdown => print::markdown,
        Format::Github => print::github,
        Format::Junit => junit::print,
        Format::Html => html::print,
    };
    match &options.output {
        None => print(&report, out)?,
        Some(path) => {
            let output = context.current_dir.join(path);
            let mut inputs = [&options.old, &options.new].into_iter().flatten();
            if inputs.any(|input| output.is_file() && is_same_file(&context.current_dir.join(input), &output)) {
                writeln!(
                    err,
                    "error: {} is an input and cannot be the output; write to another file",
                    path.display()
                )?;
                return Ok(Exit::InputError);
            }
            let written = Output::open(&output).and_then(|mut file| {
                print(&report, &mut file)?;
                file.finish()
            });
            if let Err(error) = written {
                writeln!(err, "error: {} cannot be written: {error}", path.display())?;
                return Ok(Exit::InputError);
            }
        }
    }
    Ok(if unused || has_failure(&diff, options.fail_on) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

type Compared = (Document, Document, Diff, Option<Accepted>);

/// Reads both documents and compares them. The error is a message for the user.
fn compare(options: &Options, context: &Context<'_>) -> Result<Compared, String> {
    let (old, new) = source::documents(options.old.as_deref(), options.new.as_deref(), context)?;
    let mut diff = diff::diff(&old, &new);
    accept::apply(&options.level, &mut diff);
    let accepted = options.accept.as_ref();
    let accepted =
        accepted.map(|path| accept::accept(&context.current_dir.join(path), &path.display().to_string(), &mut diff));
    let accepted = accepted.transpose()?;
    Ok((old, new, diff, accepted))
}

/// Checks whether the command exits with 1 because of this change.
fn is_failure(change: &diff::Change, fail_on: FailOn) -> bool {
    let (wire, source) = (change.wire == Effect::Breaking, change.source == Effect::Breaking);
    match fail_on {
        FailOn::Wire => wire,
        FailOn::Source => source,
        FailOn::Any => wire || source,
        FailOn::None => false,
    }
}

fn has_failure(diff: &Diff, fail_on: FailOn) -> bool {
    // If no client can be generated from a document, the effect on source code is unknown and treated as breaking.
    let is_unknown = diff.bump.is_err() && matches!(fail_on, FailOn::Source | FailOn::Any);
    is_unknown || diff.changes.iter().any(|change| is_failure(change, fail_on))
}
