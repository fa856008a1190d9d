//! `cargo xtask diff`: what a change of the document means, to deployed clients and to source.

mod print;
mod source;

use std::io::{self, Write};

use callrounded_changes::diff::{self, Diff, Effect};
use clap::{Args, ValueEnum};

use crate::{Folders, exit::Exit};

/// What to compare, and how to say it.
#[derive(Args, Clone, Debug)]
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
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// Workflow commands of GitHub.
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What breaks deployed clients.
    Wire,
    /// What breaks source.
    Source,
    /// Either.
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
    let diff = diff::diff(&old, &new);
    match options.format {
        Format::Text => print::text(&diff, &old, &new, out)?,
        Format::Json => print::json(&diff, &old, &new, out)?,
        Format::Markdown => print::markdown(&diff, &old, &new, out)?,
        Format::Github => print::github(&diff, &old, &new, out)?,
    }
    Ok(match fails(&diff, options.fail_on) {
        true => Exit::Findings,
        false => Exit::Clean,
    })
}

fn fails(diff: &Diff, fail_on: FailOn) -> bool {
    let wire = diff.wire() == Effect::Breaking;
    // What can't be generated from breaks source more than anything.
    let source = diff.source() == Effect::Breaking || diff.bump.is_err();
    match fail_on {
        FailOn::Wire => wire,
        FailOn::Source => source,
        FailOn::Any => wire || source,
        FailOn::None => false,
    }
}
