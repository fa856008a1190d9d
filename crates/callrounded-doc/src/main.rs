//! The program `callrounded-doc`: parses the arguments, runs the command and exits with its code.

use std::process::ExitCode;

use callrounded_doc::{Arguments, Context, DefaultDocument};
use clap::Parser;

/// The OpenAPI document of the Rounded calls API. It is not in the library, which would be compiled again after each edit of the
/// document, and `xtask` with it.
const BUILT_IN: DefaultDocument<'static> = DefaultDocument::BuiltIn {
    name: "calls.yaml (built in)",
    text: include_str!("../openapi/calls.yaml"),
};

fn main() -> ExitCode {
    // On a usage error, clap exits with code 2, as documented.
    let arguments = Arguments::parse();
    callrounded_doc::run_program(|current_dir, streams| {
        let mut context = Context {
            current_dir,
            document: BUILT_IN,
            client: None,
            program: "callrounded-doc",
        };
        callrounded_doc::run(&arguments, &mut context, streams)
    })
}
