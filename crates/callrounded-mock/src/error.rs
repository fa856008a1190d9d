//! Why a server cannot be started.

use std::{fmt, io};

/// An error that prevents a server from starting.
#[derive(Debug)]
pub struct StartError {
    message: String,
    source: Option<io::Error>,
}

impl StartError {
    pub(crate) fn new(message: String) -> Self {
        Self { message, source: None }
    }

    pub(crate) fn of(message: String, source: io::Error) -> Self {
        Self {
            message,
            source: Some(source),
        }
    }

    pub(crate) fn at_port(port: u16) -> impl FnOnce(io::Error) -> Self {
        move |error| Self {
            message: format!("cannot listen on 127.0.0.1:{port}"),
            source: Some(error),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot start the server: {}", self.message)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
