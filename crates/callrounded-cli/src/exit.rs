//! Why a command ends, and by which code.

use std::{
    error::Error as _,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use callrounded::{Error, ErrorKind};

use crate::table::printable;

/// Why a command did not do what it was to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An operation failed.
    Call(Error),
    /// Some of it was done.
    Partly(String),
    /// What the service answered can't be written as it is.
    Unreadable(String),
    /// A signal ended it.
    Signal(u8),
    /// What was asked for can't be done as it is said.
    Usage(String),
    /// A file, or what is printed to.
    Io(String, io::ErrorKind),
}

impl Failure {
    /// What could not be done with which file.
    pub fn file(what: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(format!("{what}: {error}"), error.kind())
    }

    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Partly(_) => 1,
            Self::Unreadable(_) => 9,
            Self::Io(..) => 11,
            Self::Signal(number) => 128_u8.saturating_add(*number),
            Self::Usage(_) => 2,
            Self::Call(error) => of_kind(error.kind()),
        })
    }

    /// Whether nobody is there to read it: what was printed to is closed.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Io(_, io::ErrorKind::BrokenPipe))
    }
}

/// The code for a kind of error. Those that are added later are faults of the service until they are listed.
fn of_kind(kind: ErrorKind) -> u8 {
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
            Self::Call(error) => {
                // Which has what the service says of each field, without what was sent.
                write!(f, "{error}")?;
                if let Some(cause) = cause(error) {
                    write!(f, "\ncause: {cause}")?;
                }
                match error.kind() {
                    ErrorKind::Connect => f.write_str("\nhelp: check --base-url (CALLROUNDED_BASE_URL) and the network"),
                    ErrorKind::UnexpectedStatus => f.write_str(
                        "\nhelp: the response is not one of this API's; check --base-url, and whether a proxy answers in its place",
                    ),
                    ErrorKind::OutcomeUnknown if error.operation() == Some("start_phone_call") => {
                        f.write_str("\nhelp: look with `callrounded calls list --to NUMBER --after TIMESTAMP` before you start it again")
                    }
                    _ => Ok(()),
                }
            }
            Self::Signal(_) => f.write_str("ended by a signal; the same command goes on"),
            Self::Partly(said) | Self::Unreadable(said) | Self::Usage(said) | Self::Io(said, _) => f.write_str(said),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Of what is printed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(format!("the output can't be written: {error}"), error.kind())
    }
}

/// What a layer below the client reports: of a connection where to and why, else the innermost cause.
fn cause(error: &Error) -> Option<String> {
    let mut cause = error.source()?;
    if error.kind() != ErrorKind::Connect {
        while let Some(source) = cause.source() {
            cause = source;
        }
    }
    Some(printable(&cause.to_string()))
}

/// Says something on standard error. Whether anyone reads it makes no difference to what is done.
pub(crate) fn say(said: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{said}");
}
