//! The program `cargo xtask`: parses the arguments, runs the command and exits with its code.

use std::process::ExitCode;

use clap::Parser;
use xtask::{Arguments, CargoRoundTrip, Directories};

/// With the default allocator, a third of the time to generate a client from a large document is spent on allocation.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // On a usage error, clap exits with code 2, as documented.
    let arguments = Arguments::parse();
    callrounded_doc::run_program(|current_dir, streams| {
        let directories = Directories::discover(current_dir);
        let mut round_trip = CargoRoundTrip::new(directories.root.unwrap_or(current_dir));
        xtask::run(&arguments, directories, &mut round_trip, streams)
    })
}
