//! `cargo xtask update`: from the document that the vendor publishes to the client, in one command.

use std::{
    io::{self, Write},
    path::Path,
};

use callrounded_changes::import::{LossKind, Outcome};
use callrounded_doc::{
    Exit, Streams, diff,
    import::{self, Done},
    plural, validate,
};
use clap::Args;

use crate::{
    DOCUMENT, Folders,
    freshness::Freshness,
    regenerate::{self, SNAPSHOT},
    round_trip::RoundTrip,
};

/// What to import.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    source: import::Source,
}

pub(crate) fn run(
    options: &Options,
    folders: Folders<'_>,
    root: &Path,
    round_trip: &mut dyn RoundTrip,
    streams: Streams<'_>,
) -> io::Result<Exit> {
    let Streams { out, err, is_colored } = streams;
    let mut steps = Vec::new();

    start("import", out)?;
    let done = match import::import(&options.source, &root.join(DOCUMENT), DOCUMENT, folders.here) {
        Ok(done) => done,
        Err(problem) => {
            writeln!(err, "{problem}")?;
            return Ok(Exit::InputError);
        }
    };
    done.print(out)?;
    steps.extend(of_import(&done));

    start("regenerate", out)?;
    match regenerate::refresh(root) {
        Ok(Freshness::Fresh) => writeln!(out, "{SNAPSHOT} is fresh")?,
        Ok(Freshness::Stale { diff }) => writeln!(out, "{SNAPSHOT} is refreshed: {}", size(&diff))?,
        Err(problem) => {
            writeln!(err, "{problem}")?;
            return Ok(Exit::InputError);
        }
    }

    start("diff", out)?;
    if diff::run(
        &diff::Options::default(),
        &folders.context(round_trip),
        Streams { out, err, is_colored },
    )? == Exit::InputError
    {
        steps.push("see what changed: name the revision to compare with, as `diff` says above".to_owned());
    }

    start("validate", out)?;
    if validate::run(
        &validate::Options::default(),
        &mut folders.context(round_trip),
        Streams { out, err, is_colored },
    )? != Exit::Clean
    {
        steps.push(
            "change the examples that `validate` reports above, or list what has to stay in \
             openapi/expected-failures.txt"
                .to_owned(),
        );
    }

    start("build", out)?;
    match round_trip.build_hand_written() {
        Ok(()) => writeln!(out, "the hand-written code compiles with the new client")?,
        Err(problem) => {
            writeln!(out, "{problem}")?;
            steps.push(
                "change the hand-written code that no longer compiles: cargo build --package callrounded-cli"
                    .to_owned(),
            );
        }
    }

    start("remaining steps", out)?;
    if steps.is_empty() {
        writeln!(out, "none")?;
        return Ok(Exit::Clean);
    }
    for (index, step) in steps.iter().enumerate() {
        writeln!(out, "{}. {step}", index + 1)?;
    }
    Ok(Exit::Findings)
}

/// A heading, shown before the part that may take long.
fn start(part: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "== {part}")?;
    out.flush()
}

/// What the import leaves to the user.
fn of_import(done: &Done) -> Vec<String> {
    let ambiguous = done.merged.iter().flatten();
    let ambiguous = ambiguous.filter(|one| one.outcome == Outcome::Ambiguous).map(|one| {
        format!(
            "{} (#{}): set `x-vendor-name` to the one that it is, and update again",
            one.what, one.pointer
        )
    });
    let of_kind = |kind: LossKind| done.imported.losses.iter().filter(move |loss| loss.kind == kind);
    let refused =
        of_kind(LossKind::Refused).map(|loss| format!("{}; or exclude it with --path or --only-tag", loss.reason));
    let lost = match of_kind(LossKind::Lost).count() as u64 {
        0 => None,
        count => Some(format!(
            "check what was lost, {} above: the client does without it",
            plural(count, "place")
        )),
    };
    ambiguous.chain(refused).chain(lost).collect()
}

/// How many lines of the copy changed.
fn size(diff: &str) -> String {
    // Two lines say which files are compared.
    let count = |sign: char| diff.lines().skip(2).filter(|line| line.starts_with(sign)).count() as u64;
    format!(
        "{} added, {} removed",
        plural(count('+'), "line"),
        plural(count('-'), "line")
    )
}
