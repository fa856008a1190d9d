//! The exit codes of the commands.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Success without findings (exit code 0).
    Clean,
    /// The command reported findings (exit code 1).
    Findings,
    /// Wrong usage or invalid input prevented the command from completing (exit code 2).
    InputError,
    /// The generated code is out of date (exit code 4).
    Stale,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::InputError => 2,
            Exit::Stale => 4,
        })
    }
}
