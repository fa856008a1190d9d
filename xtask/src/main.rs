//! `cargo xtask …`: parses the arguments, runs the command, ends with its exit code.

use std::{io, path::Path, process::ExitCode};

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
    match xtask::run(&arguments, root, &round_trip, &mut io::stdout().lock()) {
        Ok(exit) => exit.into(),
        // Whoever reads the output has heard enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the output can't be written: {error}");
            Exit::InputError.into()
        }
    }
}
