//! What a program does around its command: where it is, where it prints, and its exit code.

use std::{
    env,
    io::{self, BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use anstream::ColorChoice;

use crate::{Exit, Streams};

/// Runs a command of a program in the current directory, with its standard streams.
pub fn program(run: impl FnOnce(&Path, Streams<'_>) -> io::Result<Exit>) -> ExitCode {
    let here = match env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            eprintln!("error: the current directory can't be told: {error}");
            return Exit::InputError.into();
        }
    };
    // By the terminal, NO_COLOR, CLICOLOR and CLICOLOR_FORCE.
    let choice = anstream::AutoStream::choice(&io::stdout());
    // It makes colours of escape sequences on consoles that know none.
    let stdout = anstream::AutoStream::new(io::stdout(), choice);
    let mut out = Patient(BufWriter::new(stdout.lock()));
    let streams = Streams {
        out: &mut out,
        err: &mut io::stderr(),
        is_colored: choice != ColorChoice::Never,
    };
    match run(&here, streams).and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: the output can't be written: {error}");
            Exit::InputError.into()
        }
    }
}

/// Goes on where nobody reads any more: a reader that goes away keeps no command from its work.
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
