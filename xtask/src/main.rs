//! `cargo xtask …`: parses the arguments, runs the command, ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use xtask::{Arguments, CargoRoundTrip, Folders};

/// Generating a client is a third allocating, for a large document.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap ends the program by itself on a usage error, with the code that we document for it.
    let arguments = Arguments::parse();
    callrounded_doc::program(|here, streams| {
        let folders = Folders::around(here);
        let mut round_trip = CargoRoundTrip::new(folders.root.unwrap_or(here));
        xtask::run(&arguments, folders, &mut round_trip, streams)
    })
}
