//! Validates JSON payloads against an OpenAPI document, compares and imports documents, and finds drift: the commands
//! of `callrounded-doc`.
//!
//! Each command is a function that prints to [`Streams`] and returns an [`Exit`]. Other programs can call the commands
//! with their own defaults, as the `xtask` of the callrounded workspace does. To check payloads in a test, use the
//! crate `callrounded-document` instead. The feature `changes` adds the commands `diff`, `import` and `drift`.
//!
//! ```no_run
//! use callrounded_doc::{Arguments, Context, DefaultDocument};
//! use clap::Parser as _;
//!
//! const DOCUMENT: &str = r#"{"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": {}}"#;
//!
//! let arguments = Arguments::parse();
//! callrounded_doc::run_program(|current_dir, streams| {
//!     let document = DefaultDocument::BuiltIn { name: "pets.json (built in)", text: DOCUMENT };
//!     let mut context = Context { current_dir, document, client: None, program: "pets-doc" };
//!     callrounded_doc::run(&arguments, &mut context, streams)
//! });
//! ```

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
mod target;
pub mod types;
pub mod validate;

use std::io;

use clap::{Parser, Subcommand};

pub use context::{Client, Context, DefaultDocument, Streams};
pub use exit::Exit;
#[cfg(feature = "changes")]
pub use files::write;
pub use program::run_program;
pub use report::plural;

/// Validates JSON payloads against an OpenAPI document, compares and imports documents, and finds drift.
///
/// Without --document, the built-in document of the Rounded calls API is used.
///
/// Exit codes: 0 success, 1 findings, 2 usage or input error.
#[derive(Debug, Parser)]
#[command(name = "callrounded-doc", version, term_width = 0)]
#[cfg_attr(not(feature = "changes"), command(after_help = NOT_INCLUDED))]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Validates payloads against a schema; without payloads, validates the document's examples and defaults.
    Validate(Box<validate::Options>),
    /// Compares two documents and reports changes that break deployed clients or source code.
    #[cfg(feature = "changes")]
    Diff(diff::Options),
    /// Imports an OpenAPI 3.1 or 3.0 document as an OpenAPI 3.0 document that a client can be generated from.
    #[cfg(feature = "changes")]
    Import(import::Options),
    /// Reports what recorded payloads contain that the document does not describe.
    #[cfg(feature = "changes")]
    Drift(drift::Options),
    #[cfg(not(feature = "changes"))]
    #[command(name = "diff", aliases = ["import", "drift"], hide = true, disable_help_flag = true)]
    NotIncluded(NotIncluded),
}

#[cfg(not(feature = "changes"))]
const NOT_INCLUDED: &str =
    "This build does not include `diff`, `import` and `drift`. To include them, build with `--features changes`.";

/// The arguments of a command that this build does not include. They are ignored.
#[cfg(not(feature = "changes"))]
#[derive(Debug, clap::Args)]
struct NotIncluded {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

/// Runs a command.
///
/// # Errors
/// Returns an error if the output cannot be written. All other errors are printed, and the [`Exit`] tells their kind.
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
        Command::NotIncluded(_) => {
            writeln!(streams.err, "error: {NOT_INCLUDED}")?;
            Ok(Exit::InputError)
        }
    }
}
