//! `callrounded-doc …`: parses the arguments, runs the command, ends with its exit code.

use std::process::ExitCode;

use callrounded_doc::{Arguments, BUILT_IN, Context};
use clap::Parser;

fn main() -> ExitCode {
    // clap ends the program by itself on a usage error, with the code that is documented for it.
    let arguments = Arguments::parse();
    callrounded_doc::program(|here, streams| {
        let mut context = Context {
            here,
            document: BUILT_IN,
            client: None,
            program: "callrounded-doc",
        };
        callrounded_doc::run(&arguments, &mut context, streams)
    })
}
