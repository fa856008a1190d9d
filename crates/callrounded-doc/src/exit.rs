//! What the exit code of a command means.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to say.
    Clean,
    /// The command found what it looks for.
    Findings,
    /// The command could not do its work: wrong usage, or an input that can't be read.
    InputError,
    /// What is generated is not what is there.
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
