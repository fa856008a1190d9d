//! The commands of this workspace, each in a module. They print to writers that the caller passes, so that tests can
//! check the messages.

mod bench;
mod freshness;
mod regenerate;
mod round_trip;
mod update;

use std::{io, path::Path};

use callrounded_doc::{Client, Context, DefaultDocument, Exit, Streams, diff, drift, import, validate};
use clap::{Parser, Subcommand};

pub use round_trip::{CargoRoundTrip, RoundTrip};

/// The path of the document, relative to the workspace.
pub(crate) const DOCUMENT: &str = "openapi/calls.yaml";

/// The commands of this workspace.
///
/// Exit codes: 0 success, 1 findings, 2 usage or input error, 4 generated code out of date.
#[derive(Debug, Parser)]
// Lines are not wrapped, so that the output does not depend on the terminal and the features of clap.
#[command(name = "cargo xtask", bin_name = "cargo xtask", term_width = 0)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Updates the checked-in snapshot of the generated client from openapi/calls.yaml.
    Regenerate {
        /// Changes nothing; exits with 4 if the snapshot is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Validates payloads against schemas and generated types; without payloads, validates the document's examples and
    /// defaults.
    Validate(Box<validate::Options>),
    /// Compares two documents and reports changes that break deployed clients or source code.
    Diff(diff::Options),
    /// Imports an OpenAPI 3.1 or 3.0 document into openapi/calls.yaml.
    Import(import::Options),
    /// Updates the client to a new document: imports it, regenerates the snapshot, and reports what changed and the
    /// remaining steps.
    Update(update::Options),
    /// Reports what recorded payloads contain that the document does not describe.
    Drift(drift::Options),
    /// Measures the performance of calls, builds and validation, compared with alternatives.
    Bench(bench::Options),
}

/// The directories that a command works in.
#[derive(Clone, Copy, Debug)]
pub struct Directories<'a> {
    /// The root of the workspace, if the current directory is in one.
    pub root: Option<&'a Path>,
    /// The current directory. Paths that the user specifies are relative to it.
    pub current_dir: &'a Path,
}

impl<'a> Directories<'a> {
    /// Finds the workspace that contains the current directory. It may be another checkout than the one that this
    /// program was built in.
    #[must_use]
    pub fn discover(current_dir: &'a Path) -> Self {
        let is_workspace = |directory: &&Path| {
            let has = |file: &str| directory.join(file).is_file();
            has(DOCUMENT) && has("xtask/Cargo.toml")
        };
        Self {
            root: current_dir.ancestors().find(is_workspace),
            current_dir,
        }
    }

    /// Returns the context of the commands of `callrounded-doc`.
    pub(crate) fn context<'c>(&self, round_trip: &'c mut dyn RoundTrip) -> Context<'c>
    where
        'a: 'c,
    {
        Context {
            current_dir: self.current_dir,
            document: match self.workspace() {
                Ok(root) => DefaultDocument::File { name: DOCUMENT, root },
                Err(message) => DefaultDocument::None(message),
            },
            client: Some(Client {
                rules: callrounded_codegen::check_rules,
                check: callrounded_codegen::check,
                types: round_trip,
            }),
            program: "cargo xtask",
        }
    }

    /// Returns the root of the workspace. The error is a message for the user.
    pub(crate) fn workspace(&self) -> Result<&'a Path, String> {
        self.root.ok_or_else(|| {
            format!(
                "no workspace found: neither the current directory nor a parent has {DOCUMENT} and xtask/Cargo.toml\n\
                 = help: change to the workspace, or specify the document to read and the one to write"
            )
        })
    }
}

/// Runs a command.
///
/// # Errors
/// Returns an error if the output cannot be written. All other errors are printed, and the [`Exit`] tells their kind.
pub fn run(
    arguments: &Arguments,
    directories: Directories<'_>,
    round_trip: &mut dyn RoundTrip,
    streams: Streams<'_>,
) -> io::Result<Exit> {
    let in_workspace =
        |streams: Streams<'_>, run: &mut dyn FnMut(&Path, Streams<'_>) -> io::Result<Exit>| match directories
            .workspace()
        {
            Ok(root) => run(root, streams),
            Err(message) => writeln!(streams.err, "error: {message}").map(|()| Exit::InputError),
        };
    match &arguments.command {
        Command::Regenerate { check } => {
            in_workspace(streams, &mut |root, streams| regenerate::run(root, *check, streams))
        }
        Command::Validate(options) => validate::run(options, &mut directories.context(round_trip), streams),
        Command::Diff(options) => diff::run(options, &directories.context(round_trip), streams),
        Command::Import(options) => import::run(options, &directories.context(round_trip), streams),
        Command::Update(options) => in_workspace(streams, &mut |root, streams| {
            update::run(options, directories, root, round_trip, streams)
        }),
        Command::Drift(options) => drift::run(options, &directories.context(round_trip), streams),
        Command::Bench(options) => in_workspace(streams, &mut |root, streams| bench::run(options, root, streams)),
    }
}
