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
            complain(&format!("the current directory can't be told: {error}"));
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
        err: &mut Heedless(io::stderr()),
        is_colored: choice != ColorChoice::Never,
    };
    match run(&here, streams).and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            complain(&format!("the output can't be written: {error}"));
            Exit::InputError.into()
        }
    }
}

/// Says what is wrong, as far as it can.
fn complain(problem: &str) {
    let _ignored = writeln!(io::stderr(), "error: {problem}");
}

/// Standard error: that it can't be written changes nothing of the work or the exit code.
struct Heedless<W>(W);

impl<W: Write> Write for Heedless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ignored = self.0.flush();
        Ok(())
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
