//! Runs a command as a program, with the current directory, the standard streams and an exit code.

use std::{
    env,
    io::{self, BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use anstream::ColorChoice;

use crate::{Exit, Streams};

/// Runs a command in the current directory with the standard streams, and returns its exit code.
///
/// Standard output is coloured if it is a terminal, unless `NO_COLOR` or `CLICOLOR=0` is set; `CLICOLOR_FORCE` forces
/// colours. A broken pipe on standard output and write errors on standard error are ignored.
pub fn run_program(run: impl FnOnce(&Path, Streams<'_>) -> io::Result<Exit>) -> ExitCode {
    let current_dir = match env::current_dir() {
        Ok(current_dir) => current_dir,
        Err(error) => {
            print_error(&format!("the current directory cannot be determined: {error}"));
            return Exit::InputError.into();
        }
    };
    let choice = anstream::AutoStream::choice(&io::stdout());
    // On Windows consoles without support for escape sequences, it calls the console's API instead.
    let stdout = anstream::AutoStream::new(io::stdout(), choice);
    let mut out = IgnoreBrokenPipe(BufWriter::new(stdout.lock()));
    let streams = Streams {
        out: &mut out,
        err: &mut IgnoreErrors(io::stderr()),
        is_colored: choice != ColorChoice::Never,
    };
    match run(&current_dir, streams).and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            print_error(&format!("the output cannot be written: {error}"));
            Exit::InputError.into()
        }
    }
}

/// Prints an error to standard error. A failure to print it is ignored.
fn print_error(problem: &str) {
    let _ignored = writeln!(io::stderr(), "error: {problem}");
}

/// A writer that ignores all errors. A closed or full standard error must not affect the work or the exit code.
struct IgnoreErrors<W>(W);

impl<W: Write> Write for IgnoreErrors<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ignored = self.0.flush();
        Ok(())
    }
}

/// A writer that ignores a broken pipe, so that a command completes its work after the reader of its output has exited.
struct IgnoreBrokenPipe<W>(W);

impl<W: Write> Write for IgnoreBrokenPipe<W> {
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
