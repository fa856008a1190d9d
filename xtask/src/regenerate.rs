//! `cargo xtask regenerate [--check]`: the reviewed copy of the generated client.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::{
    DOCUMENT,
    exit::Exit,
    freshness::{self, Freshness},
};

/// Below the workspace.
const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

pub(crate) fn run(root: &Path, check: bool, out: &mut dyn Write) -> io::Result<Exit> {
    let text = match fs::read_to_string(root.join(DOCUMENT)) {
        Ok(text) => text,
        Err(error) => return unusable(out, DOCUMENT, "read", &error),
    };
    // The same call as in the api crate's build.rs.
    let source = match callrounded_codegen::generate(DOCUMENT, &text) {
        Ok(source) => source,
        Err(found) => {
            writeln!(out, "{found}\n\nNothing was generated; {SNAPSHOT} is as it was.")?;
            return Ok(Exit::InputError);
        }
    };
    let path = root.join(SNAPSHOT);
    let diff = match freshness::compare(&path, SNAPSHOT, &source) {
        Ok(Freshness::Fresh) => {
            writeln!(out, "{SNAPSHOT} is fresh")?;
            return Ok(Exit::Clean);
        }
        Ok(Freshness::Stale { diff }) => diff,
        Err(error) => return unusable(out, SNAPSHOT, "read", &error),
    };
    write!(out, "{diff}")?;
    if check {
        writeln!(
            out,
            "\n{SNAPSHOT} is stale: {DOCUMENT} or the generator has changed, the diff above is what that does to the client.\n\
             Review it; then this refreshes the copy: cargo xtask regenerate"
        )?;
        return Ok(Exit::Stale);
    }
    if let Err(error) = freshness::write(&path, &source) {
        return unusable(out, SNAPSHOT, "written", &error);
    }
    writeln!(
        out,
        "\n{SNAPSHOT} is refreshed. Review the diff above and commit it with {DOCUMENT}."
    )?;
    Ok(Exit::Clean)
}

fn unusable(out: &mut dyn Write, file: &str, done: &str, error: &io::Error) -> io::Result<Exit> {
    writeln!(out, "error: {file} can't be {done}: {error}")?;
    Ok(Exit::InputError)
}
