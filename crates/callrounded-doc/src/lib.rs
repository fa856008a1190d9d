//! Validates JSON payloads against an OpenAPI document, compares and imports documents, and finds drift: the commands of
//! `callrounded-doc`.
//!
//! They are functions, so that another program can have them too, with defaults of its own; the `xtask` of the callrounded
//! workspace does. Each prints to [`Streams`] and returns an [`Exit`]. To check payloads in a test, use the crate
//! `callrounded-document` instead.

mod chosen;
mod context;
#[cfg(feature = "changes")]
pub mod diff;
#[cfg(feature = "changes")]
mod documents;
#[cfg(feature = "changes")]
pub mod drift;
mod exit;
mod expected;
mod files;
#[cfg(feature = "changes")]
pub mod import;
mod inputs;
mod output;
mod payloads;
mod program;
#[cfg(feature = "changes")]
mod progress;
mod report;
pub mod types;
pub mod validate;

use std::io;

use clap::{Parser, Subcommand};

pub use context::{Client, Context, DefaultDocument, Streams};
pub use exit::Exit;
#[cfg(feature = "changes")]
pub use files::write;
pub use program::program;
pub use report::plural;

/// The OpenAPI document of the Rounded calls API, for programs without one of their own.
pub const BUILT_IN: DefaultDocument<'static> = DefaultDocument::BuiltIn {
    name: "calls.yaml (built in)",
    text: include_str!("../openapi/calls.yaml"),
};

/// Validates JSON payloads against an OpenAPI document, compares and imports documents, and finds drift.
///
/// Without --document, the document is that of the Rounded calls API, which is part of the program.
///
/// Exit codes: 0 no findings, 1 findings, 2 usage or input error.
#[derive(Debug, Parser)]
#[command(name = "callrounded-doc", version, term_width = 0)]
#[cfg_attr(not(feature = "changes"), command(after_help = MISSING))]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks payloads against a schema; without any, the examples and defaults of the document.
    Validate(Box<validate::Options>),
    /// Compares two documents: what the change means to deployed clients, and to source.
    #[cfg(feature = "changes")]
    Diff(diff::Options),
    /// Imports a document that a service publishes, in OpenAPI 3.1 or 3.0, as one that a client can be generated from.
    #[cfg(feature = "changes")]
    Import(import::Options),
    /// Finds what recorded payloads have that the document does not describe.
    #[cfg(feature = "changes")]
    Drift(drift::Options),
    #[cfg(not(feature = "changes"))]
    #[command(name = "diff", aliases = ["import", "drift"], hide = true, disable_help_flag = true)]
    Missing(Missing),
}

#[cfg(not(feature = "changes"))]
const MISSING: &str = "This build has no `diff`, `import` and `drift`. To have them, build with `--features changes`.";

/// Whatever stands behind a command that this build does not have.
#[cfg(not(feature = "changes"))]
#[derive(Debug, clap::Args)]
struct Missing {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

/// Runs a command.
///
/// # Errors
/// Where the output can't be written. Whatever else goes wrong is printed, and the exit says of what kind it was.
pub fn run(arguments: &Arguments, context: &mut Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    match &arguments.command {
        Command::Validate(options) => validate::run(options, context, streams),
        #[cfg(feature = "changes")]
        Command::Diff(options) => diff::run(options, context, streams),
        #[cfg(feature = "changes")]
        Command::Import(options) => import::run(options, context, streams),
        #[cfg(feature = "changes")]
        Command::Drift(options) => drift::run(options, context, streams),
        #[cfg(not(feature = "changes"))]
        Command::Missing(_) => {
            writeln!(streams.err, "error: {MISSING}")?;
            Ok(Exit::InputError)
        }
    }
}
