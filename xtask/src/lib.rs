//! The workspace's own commands. Each is a file; what they print goes to a writer that is passed in, so that tests hold
//! the messages.

mod compare;
mod exit;
mod expected;
mod freshness;
mod payload;
mod regenerate;
mod round_trip;
mod validate;

use std::{
    io::{self, Write},
    path::Path,
};

use clap::{Parser, Subcommand};

pub use exit::Exit;
pub use round_trip::{CargoRoundTrip, RoundTrip, Sample, Verdict};

/// What the document is called, below the workspace.
pub(crate) const DOCUMENT: &str = "openapi/calls.yaml";

/// The commands of this workspace.
///
/// Exit codes: 0 clean, 1 findings, 2 usage or input error, 4 stale.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Refreshes the reviewed copy of the generated client from openapi/calls.yaml.
    Regenerate {
        /// Changes nothing; exits with 4 if the copy is stale.
        #[arg(long)]
        check: bool,
    },
    /// Checks every example payload of openapi/calls.yaml against its schema and its generated type.
    Validate,
}

/// Runs a command in the workspace at `root`.
///
/// # Errors
/// Only where `out` can't be written; whatever else goes wrong is written there, and the exit says of what kind it was.
pub fn run(arguments: &Arguments, root: &Path, round_trip: &dyn RoundTrip, out: &mut dyn Write) -> io::Result<Exit> {
    match arguments.command {
        Command::Regenerate { check } => regenerate::run(root, check, out),
        Command::Validate => validate::run(root, round_trip, out),
    }
}
