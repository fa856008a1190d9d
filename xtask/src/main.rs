//! `cargo xtask …`: parses the arguments, runs the command, ends with its exit code.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use clap::Parser;
use xtask::{Arguments, CargoRoundTrip, Exit};

fn main() -> ExitCode {
    let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        eprintln!("error: xtask does not stand in a workspace");
        return Exit::InputError.into();
    };
    // clap ends the program by itself on a usage error, with the code that we document for it.
    let arguments = Arguments::parse();
    let round_trip = CargoRoundTrip::new(root);
    // All of it is printed at once and last: a reader that goes away keeps no command from its work.
    let mut out = Vec::new();
    let exit = xtask::run(&arguments, root, &round_trip, &mut out);
    match (exit, io::stdout().write_all(&out)) {
        (Ok(exit), Ok(())) => exit.into(),
        (Ok(exit), Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => exit.into(),
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("error: the output can't be written: {error}");
            Exit::InputError.into()
        }
    }
}
