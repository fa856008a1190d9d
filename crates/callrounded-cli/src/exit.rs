//! Failures of commands, and their exit codes.

use std::{
    error::Error as _,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use callrounded::{Error, ErrorKind};

use crate::table::printable;

/// The reason why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An operation failed.
    Operation(Error),
    /// Some rows failed.
    Partial(String),
    /// A response cannot be written as the service sent it.
    InvalidResponse(String),
    /// A signal with this number ended the program.
    Signal(u8),
    /// The arguments, the settings or an input file are invalid.
    Usage(String),
    /// A file or the output cannot be read or written.
    Io(String, io::ErrorKind),
}

impl Failure {
    /// Returns a conversion of an I/O error, for `map_err`. `subject` is the file, or what failed.
    pub fn file(subject: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(format!("{subject}: {error}"), error.kind())
    }

    /// Returns the exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Partial(_) => 1,
            Self::InvalidResponse(_) => 9,
            Self::Io(..) => 11,
            Self::Signal(number) => 128_u8.saturating_add(*number),
            Self::Usage(_) => 2,
            Self::Operation(error) => exit_code(error.kind()),
        })
    }

    /// Checks whether standard output was closed by its reader, which is not reported.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Io(_, io::ErrorKind::BrokenPipe))
    }
}

/// Returns the exit code for a kind of error. Kinds that are not listed here yet count as a failure of the service.
fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Configuration | ErrorKind::InvalidInput => 2,
        ErrorKind::Authentication | ErrorKind::Permission => 3,
        ErrorKind::NotFound => 4,
        ErrorKind::Conflict | ErrorKind::InvalidRequest => 5,
        ErrorKind::RateLimited => 6,
        ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout => 7,
        ErrorKind::Decode
        | ErrorKind::BodyTooLarge
        | ErrorKind::MissingData
        | ErrorKind::RepeatedCursor
        | ErrorKind::InvalidResponse => 9,
        ErrorKind::OutcomeUnknown => 10,
        _ => 8,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(error) => {
                // The message includes what the service reports about each field, without the values that were sent.
                write!(f, "{error}")?;
                if let Some(cause) = cause(error) {
                    write!(f, "\ncause: {cause}")?;
                }
                match error.kind() {
                    ErrorKind::Connect => {
                        f.write_str("\nhelp: check --base-url (CALLROUNDED_BASE_URL) and the network")
                    }
                    ErrorKind::UnexpectedStatus => f.write_str(
                        "\nhelp: the response is not from this API; check --base-url, and whether a proxy responds \
                         instead",
                    ),
                    ErrorKind::OutcomeUnknown if error.operation() == Some("start_phone_call") => f.write_str(
                        "\nhelp: look for the call with `callrounded calls list --to NUMBER --after TIMESTAMP` before \
                         you start it again",
                    ),
                    _ => Ok(()),
                }
            }
            Self::Signal(_) => {
                f.write_str("interrupted by a signal; run the same command again to continue an export or a tag run")
            }
            Self::Partial(message) | Self::InvalidResponse(message) | Self::Usage(message) | Self::Io(message, _) => {
                f.write_str(message)
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Operation(error)
    }
}

/// Errors of standard output and standard error.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(format!("cannot write the output: {error}"), error.kind())
    }
}

/// Returns the cause of an error: the direct source of a connection error, which names host and port; otherwise the
/// innermost source.
fn cause(error: &Error) -> Option<String> {
    let mut cause = error.source()?;
    if error.kind() != ErrorKind::Connect {
        while let Some(source) = cause.source() {
            cause = source;
        }
    }
    Some(printable(&cause.to_string()))
}

/// Prints a line to standard error. A closed standard error is ignored.
pub(crate) fn print_message(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{message}");
}
