//! Describes why no connection could be made, so that a user knows what to check.

use std::{error::Error as StdError, fmt, io};

/// The error for a failed connection: host, port and cause. It contains no other part of the URL.
#[derive(Debug)]
pub(crate) struct ConnectFailure {
    host: String,
    port: Option<u16>,
    cause: Cause,
    source: reqwest::Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Refused,
    UnknownHost,
    Unreachable,
    Timeout,
    /// The server sent something other than TLS.
    PlainHttp,
    Certificate,
    Proxy,
    Other,
}

impl ConnectFailure {
    pub fn new(error: reqwest::Error) -> Self {
        let url = error.url();
        Self {
            host: url.and_then(|url| url.host_str()).unwrap_or("the service").to_owned(),
            port: url.and_then(|url| url.port_or_known_default()),
            cause: Cause::of(&error),
            source: error.without_url(),
        }
    }
}

impl Cause {
    /// Classifies an error. The lower layers have no public types for most causes, so their messages are searched. An
    /// unrecognized error is [`Other`](Self::Other), and its message is shown.
    fn of(error: &reqwest::Error) -> Self {
        let mut next = error.source();
        while let Some(error) = next {
            let text = error.to_string();
            // The outermost error decides; the inner ones are its reasons.
            if ["tunnel error", "SOCKS error", "proxy", "socks"]
                .iter()
                .any(|start| text.starts_with(start))
            {
                return Self::Proxy;
            }
            if text == "dns error" {
                return Self::UnknownHost;
            }
            if let Some(cause) = error.downcast_ref::<io::Error>().and_then(Self::of_io) {
                return cause;
            }
            // Messages of rustls and OpenSSL.
            if ["InvalidContentType", "wrong version number", "packet length too long"]
                .iter()
                .any(|part| text.contains(part))
            {
                return Self::PlainHttp;
            }
            if text.contains("certificate") {
                return Self::Certificate;
            }
            next = error.source();
        }
        if error.is_timeout() { Self::Timeout } else { Self::Other }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some(Self::Unreachable),
            io::ErrorKind::TimedOut => Some(Self::Timeout),
            _ => None,
        }
    }
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot connect to {}", self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        let cause = match self.cause {
            Cause::Refused => "connection refused; no server is listening on this port",
            Cause::UnknownHost => "unknown host; its name cannot be resolved",
            Cause::Unreachable => "the host or its network is unreachable",
            Cause::Timeout => "the time limit for connecting was reached",
            Cause::PlainHttp => {
                "the TLS handshake failed; the server does not use TLS on this port and may be plain HTTP"
            }
            Cause::Certificate => "the TLS certificate was not accepted",
            Cause::Proxy => "the proxy did not establish the connection",
            Cause::Other => return write!(f, ": {}", root(&self.source)),
        };
        write!(f, ": {cause}")?;
        match self.cause {
            Cause::Certificate | Cause::Proxy => write!(f, " ({})", root(&self.source)),
            _ => Ok(()),
        }
    }
}

/// Returns the message of the innermost cause.
fn root(error: &dyn StdError) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

impl StdError for ConnectFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}
