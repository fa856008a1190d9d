//! `cargo xtask …`: parses the arguments, runs the command, ends with its exit code.

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use xtask::{Arguments, CargoRoundTrip, Exit, Folders};

/// Generating a client is a third allocating, for a large document.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap ends the program by itself on a usage error, with the code that we document for it.
    let arguments = Arguments::parse();
    let here = match env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            eprintln!("error: the current folder can't be told: {error}");
            return Exit::InputError.into();
        }
    };
    let folders = Folders::around(&here);
    let mut round_trip = CargoRoundTrip::new(folders.root.unwrap_or(&here));
    let mut out = Patient(io::BufWriter::new(io::stdout().lock()));
    match xtask::run(&arguments, folders, &mut round_trip, &mut out).and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: the output can't be written: {error}");
            Exit::InputError.into()
        }
    }
}

/// Writes on where nobody reads any more: a reader that goes away keeps no command from its work.
struct Patient<W>(W);

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
