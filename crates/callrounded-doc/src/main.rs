//! The program `callrounded-doc`: parses the arguments, runs the command and exits with its code.

use std::process::ExitCode;

use callrounded_doc::{Arguments, BUILT_IN, Context};
use clap::Parser;

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
