//! `cargo xtask regenerate [--check]`: the reviewed copy of the generated client.

use std::{fs, io, path::Path};

use callrounded_doc::{Exit, Streams};

use crate::{
    DOCUMENT,
    freshness::{self, Freshness},
};

/// Below the workspace.
pub(crate) const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

pub(crate) fn run(root: &Path, check: bool, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    let copy = if check { compared(root) } else { refresh(root) };
    match copy {
        Err(problem) => {
            writeln!(err, "{problem}")?;
            Ok(Exit::InputError)
        }
        Ok(Freshness::Fresh) => {
            writeln!(out, "{SNAPSHOT} is fresh")?;
            Ok(Exit::Clean)
        }
        Ok(Freshness::Stale { diff }) if check => {
            writeln!(
                out,
                "{diff}\n{SNAPSHOT} is stale: {DOCUMENT} or the generator has changed, the diff above is what that does \
                 to the client.\nReview it; then this refreshes the copy: cargo xtask regenerate"
            )?;
            Ok(Exit::Stale)
        }
        Ok(Freshness::Stale { diff }) => {
            writeln!(
                out,
                "{diff}\n{SNAPSHOT} is refreshed. Review the diff above and commit it with {DOCUMENT}."
            )?;
            Ok(Exit::Clean)
        }
    }
}

/// Generates the client and writes the copy; gives how it was before. An error is a text for the user.
pub(crate) fn refresh(root: &Path) -> Result<Freshness, String> {
    let source = generated(root)?;
    let copy = compare(root, &source)?;
    if let Freshness::Stale { .. } = copy {
        callrounded_doc::write(&root.join(SNAPSHOT), &source).map_err(|error| unusable(SNAPSHOT, "written", &error))?;
    }
    Ok(copy)
}

fn compared(root: &Path) -> Result<Freshness, String> {
    compare(root, &generated(root)?)
}

fn compare(root: &Path, source: &str) -> Result<Freshness, String> {
    freshness::compare(&root.join(SNAPSHOT), SNAPSHOT, source).map_err(|error| unusable(SNAPSHOT, "read", &error))
}

fn generated(root: &Path) -> Result<String, String> {
    let text = fs::read_to_string(root.join(DOCUMENT)).map_err(|error| unusable(DOCUMENT, "read", &error))?;
    // The same call as in the api crate's build.rs.
    callrounded_codegen::generate(DOCUMENT, &text)
        .map_err(|found| format!("{found}\n\nNothing was generated; {SNAPSHOT} is as it was."))
}

fn unusable(file: &str, done: &str, error: &io::Error) -> String {
    format!("error: {file} can't be {done}: {error}")
}
