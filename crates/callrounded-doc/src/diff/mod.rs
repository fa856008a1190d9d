//! Compares two documents: what a change means to deployed clients, and to source.

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

/// What to compare, and how to say it.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The document as it was: a file, or REVISION:PATH of git. [default in a workspace: the merge base with the branch main]
    old: Option<String>,
    /// The document as it is: a file, or REVISION:PATH of git. [default: that of the Rounded calls API]
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
    /// Writes the report to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
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
    paths: Paths,
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

/// Runs the command.
///
/// # Errors
/// Where the report can't be written.
pub fn run(options: &Options, context: &Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    let compared = compare(options, context);
    let (old, new, diff, accepted) = match compared {
        Ok(compared) => compared,
        Err(said) => {
            writeln!(err, "{said}")?;
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
            let at = context.here.join(path);
            let given = [&options.old, &options.new];
            let mut read = given.into_iter().flatten();
            if read.any(|one| at.is_file() && is_same_file(&context.here.join(one), &at)) {
                writeln!(
                    err,
                    "error: {} is an input, and can't be the report too",
                    path.display()
                )?;
                return Ok(Exit::InputError);
            }
            let written = Output::open(&at).and_then(|mut file| {
                print(&report, &mut file)?;
                file.finish()
            });
            if let Err(error) = written {
                writeln!(err, "error: {} can't be written: {error}", path.display())?;
                return Ok(Exit::InputError);
            }
        }
    }
    Ok(match unused || fails(&diff, options.fail_on) {
        true => Exit::Findings,
        false => Exit::Clean,
    })
}

type Compared = (Document, Document, Diff, Option<Accepted>);

/// Both documents and what changed between them. An error is a text for the user.
fn compare(options: &Options, context: &Context<'_>) -> Result<Compared, String> {
    let (old, new) = source::documents(options.old.as_deref(), options.new.as_deref(), context)?;
    let mut diff = diff::diff(&old, &new);
    accept::apply(&options.level, &mut diff);
    let accepted = options.accept.as_ref();
    let accepted =
        accepted.map(|path| accept::accept(&context.here.join(path), &path.display().to_string(), &mut diff));
    let accepted = accepted.transpose()?;
    Ok((old, new, diff, accepted))
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
