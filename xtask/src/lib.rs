//! The workspace's own commands. Each is a file; what they print goes to a writer that is passed in, so that tests hold
//! the messages.

mod bench;
mod freshness;
mod regenerate;
mod round_trip;
mod update;

use std::{io, path::Path};

use callrounded_doc::{Client, Context, DefaultDocument, Exit, Streams, diff, drift, import, validate};
use clap::{Parser, Subcommand};

pub use round_trip::{CargoRoundTrip, RoundTrip};

/// What the document is called, below the workspace.
pub(crate) const DOCUMENT: &str = "openapi/calls.yaml";

/// The commands of this workspace.
///
/// Exit codes: 0 clean, 1 findings, 2 usage or input error, 4 stale.
#[derive(Debug, Parser)]
// Lines are not wrapped, whatever the features of clap and the terminal are: what is printed is the same everywhere.
#[command(name = "cargo xtask", bin_name = "cargo xtask", term_width = 0)]
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
    /// Checks payloads against their schema and their generated type; without any, all examples and defaults of the document.
    Validate(Box<validate::Options>),
    /// Compares two documents: what the change means to deployed clients, and to source.
    Diff(diff::Options),
    /// Makes the document of one that the service publishes, in OpenAPI 3.1 or 3.0.
    Import(import::Options),
    /// Brings the client up to a document that the service publishes: imports it, regenerates, and says what changed and what is
    /// left to do.
    Update(update::Options),
    /// Finds what recorded payloads know better than the document.
    Drift(drift::Options),
    /// Measures what a call, a build and a validation cost, beside the same by other means.
    Bench(bench::Options),
}

/// Where a command works.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    /// The workspace, where there is one around the current directory.
    pub root: Option<&'a Path>,
    /// The current directory, which the paths that the user gives are relative to.
    pub here: &'a Path,
}

impl<'a> Folders<'a> {
    /// In the workspace around this directory, if there is one. It is not the one that this program was built in, which may be
    /// another checkout.
    #[must_use]
    pub fn around(here: &'a Path) -> Self {
        let is_workspace = |directory: &&Path| {
            let has = |file: &str| directory.join(file).is_file();
            has(DOCUMENT) && has("xtask/Cargo.toml")
        };
        Self {
            root: here.ancestors().find(is_workspace),
            here,
        }
    }

    /// What the commands for documents use here where the user names nothing.
    pub(crate) fn context<'c>(&self, round_trip: &'c mut dyn RoundTrip) -> Context<'c>
    where
        'a: 'c,
    {
        Context {
            here: self.here,
            document: match self.workspace() {
                Ok(root) => DefaultDocument::File { name: DOCUMENT, root },
                Err(why) => DefaultDocument::None(why),
            },
            client: Some(Client {
                rules: callrounded_codegen::rules,
                check: callrounded_codegen::check,
                types: round_trip,
            }),
            program: "cargo xtask",
        }
    }

    /// The workspace, or why there is none, for the user.
    pub(crate) fn workspace(&self) -> Result<&'a Path, String> {
        self.root.ok_or_else(|| {
            format!(
                "no workspace here: neither the current directory nor one above it has {DOCUMENT} and xtask\n                 = help: change to the workspace, or name the document to read and the one to write"
            )
        })
    }
}

/// Runs a command.
///
/// # Errors
/// Only where the output can't be written; whatever else goes wrong is written there, and the exit says of what kind it was.
pub fn run(
    arguments: &Arguments,
    folders: Folders<'_>,
    round_trip: &mut dyn RoundTrip,
    streams: Streams<'_>,
) -> io::Result<Exit> {
    let in_workspace =
        |streams: Streams<'_>, run: &mut dyn FnMut(&Path, Streams<'_>) -> io::Result<Exit>| match folders.workspace() {
            Ok(root) => run(root, streams),
            Err(said) => writeln!(streams.err, "error: {said}").map(|()| Exit::InputError),
        };
    match &arguments.command {
        Command::Regenerate { check } => {
            in_workspace(streams, &mut |root, streams| regenerate::run(root, *check, streams))
        }
        Command::Validate(options) => validate::run(options, &mut folders.context(round_trip), streams),
        Command::Diff(options) => diff::run(options, &folders.context(round_trip), streams),
        Command::Import(options) => import::run(options, &folders.context(round_trip), streams),
        Command::Update(options) => in_workspace(streams, &mut |root, streams| {
            update::run(options, folders, root, round_trip, streams)
        }),
        Command::Drift(options) => drift::run(options, &folders.context(round_trip), streams),
        Command::Bench(options) => in_workspace(streams, &mut |root, streams| bench::run(options, root, streams)),
    }
}
