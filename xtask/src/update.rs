//! The command `update`: imports the vendor's document, regenerates the client, and lists the remaining steps.

use std::{
    io::{self, Write},
    path::Path,
};

use callrounded_changes::import::{LossKind, Outcome};
use callrounded_doc::{
    Exit, Streams, diff,
    import::{self, Report},
    plural, validate,
};
use clap::Args;

use crate::{
    DOCUMENT, Directories,
    freshness::Freshness,
    regenerate::{self, SNAPSHOT},
    round_trip::RoundTrip,
};

/// The options of the command `update`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    source: import::Source,
}

pub(crate) fn run(
    options: &Options,
    directories: Directories<'_>,
    root: &Path,
    round_trip: &mut dyn RoundTrip,
    streams: Streams<'_>,
) -> io::Result<Exit> {
    let Streams { out, err, is_colored } = streams;
    let mut steps = Vec::new();

    print_heading("import", out)?;
    let report = match import::import(&options.source, &root.join(DOCUMENT), DOCUMENT, directories.current_dir) {
        Ok(report) => report,
        Err(message) => {
            writeln!(err, "{message}")?;
            return Ok(Exit::InputError);
        }
    };
    report.print(out)?;
    steps.extend(import_steps(&report));

    print_heading("regenerate", out)?;
    match regenerate::refresh(root) {
        Ok(Freshness::Fresh) => writeln!(out, "{SNAPSHOT} is up to date")?,
        Ok(Freshness::Stale { diff }) => writeln!(out, "{SNAPSHOT} is updated: {}", changed_lines(&diff))?,
        Err(message) => {
            writeln!(err, "{message}")?;
            return Ok(Exit::InputError);
        }
    }

    print_heading("diff", out)?;
    if diff::run(
        &diff::Options::default(),
        &directories.context(round_trip),
        Streams { out, err, is_colored },
    )? == Exit::InputError
    {
        steps.push("see what changed: run `cargo xtask diff` as described above".to_owned());
    }

    print_heading("validate", out)?;
    if validate::run(
        &validate::Options::default(),
        &mut directories.context(round_trip),
        Streams { out, err, is_colored },
    )? != Exit::Clean
    {
        steps.push(
            "correct the examples that `validate` reports above, or add their findings to \
             openapi/expected-failures.txt"
                .to_owned(),
        );
    }

    print_heading("build", out)?;
    match round_trip.build_hand_written() {
        Ok(()) => writeln!(out, "the hand-written code compiles with the new client")?,
        Err(message) => {
            writeln!(out, "{message}")?;
            steps.push(
                "fix the compile errors of the hand-written code: cargo build --package callrounded-cli".to_owned(),
            );
        }
    }

    print_heading("remaining steps", out)?;
    if steps.is_empty() {
        writeln!(out, "none")?;
        return Ok(Exit::Clean);
    }
    for (index, step) in steps.iter().enumerate() {
        writeln!(out, "{}. {step}", index + 1)?;
    }
    Ok(Exit::Findings)
}

/// Prints a heading. It is flushed because the work that follows may take long.
fn print_heading(heading: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "== {heading}")?;
    out.flush()
}

/// Returns the steps that remain after the import.
fn import_steps(report: &Report) -> Vec<String> {
    let ambiguous = report.merged.iter().flatten();
    let ambiguous = ambiguous
        .filter(|one| one.outcome == Outcome::Ambiguous)
        .map(|one| format!("{} (#{}), then run update again", one.what, one.pointer));
    let of_kind = |kind: LossKind| report.imported.losses.iter().filter(move |loss| loss.kind == kind);
    let refused =
        of_kind(LossKind::Refused).map(|loss| format!("{}; or exclude it with --path or --only-tag", loss.reason));
    let lost = match of_kind(LossKind::Lost).count() as u64 {
        0 => None,
        count => Some(format!(
            "check what was lost at {} above: the client does not support it",
            plural(count, "location")
        )),
    };
    ambiguous.chain(refused).chain(lost).collect()
}

/// Counts the added and removed lines in a unified diff.
fn changed_lines(diff: &str) -> String {
    // Skips the header of two lines.
    let count = |sign: char| diff.lines().skip(2).filter(|line| line.starts_with(sign)).count() as u64;
    format!(
        "{} added, {} removed",
        plural(count('+'), "line"),
        plural(count('-'), "line")
    )
}
