//! The command `regenerate`: updates or checks the checked-in snapshot of the generated client.

use std::{fs, io, path::Path};

use callrounded_doc::{Exit, Streams};

use crate::{
    DOCUMENT,
    freshness::{self, Freshness},
};

/// The path of the snapshot, relative to the workspace.
pub(crate) const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

pub(crate) fn run(root: &Path, check: bool, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    let freshness = if check { check_snapshot(root) } else { refresh(root) };
    match freshness {
        Err(message) => {
            writeln!(err, "{message}")?;
            Ok(Exit::InputError)
        }
        Ok(Freshness::Fresh) => {
            writeln!(out, "{SNAPSHOT} is up to date")?;
            Ok(Exit::Clean)
        }
        Ok(Freshness::Stale { diff }) if check => {
            writeln!(
                out,
                "{diff}\n{SNAPSHOT} is out of date: {DOCUMENT} or the generator has changed. \
                 The diff above shows the effect on the client.\nReview it, then run `cargo xtask regenerate`."
            )?;
            Ok(Exit::Stale)
        }
        Ok(Freshness::Stale { diff }) => {
            writeln!(
                out,
                "{diff}\n{SNAPSHOT} is updated. Review the diff above and commit the snapshot with {DOCUMENT}."
            )?;
            Ok(Exit::Clean)
        }
    }
}

/// Generates the client and writes the snapshot if it is out of date. Returns the result of the comparison before. The
/// error is a message for the user.
pub(crate) fn refresh(root: &Path) -> Result<Freshness, String> {
    let source = generate(root)?;
    let freshness = compare(root, &source)?;
    if let Freshness::Stale { .. } = freshness {
        callrounded_doc::write(&root.join(SNAPSHOT), &source)
            .map_err(|error| file_error(SNAPSHOT, "written", &error))?;
    }
    Ok(freshness)
}

fn check_snapshot(root: &Path) -> Result<Freshness, String> {
    compare(root, &generate(root)?)
}

fn compare(root: &Path, source: &str) -> Result<Freshness, String> {
    freshness::compare(&root.join(SNAPSHOT), SNAPSHOT, source).map_err(|error| file_error(SNAPSHOT, "read", &error))
}

fn generate(root: &Path) -> Result<String, String> {
    let text = fs::read_to_string(root.join(DOCUMENT)).map_err(|error| file_error(DOCUMENT, "read", &error))?;
    // The build script of callrounded-api makes the same call.
    callrounded_codegen::generate(DOCUMENT, &text)
        .map_err(|diagnostics| format!("{diagnostics}\n\nNothing was generated; {SNAPSHOT} is unchanged."))
}

fn file_error(file: &str, action: &str, error: &io::Error) -> String {
    format!("error: {file} cannot be {action}: {error}")
}
