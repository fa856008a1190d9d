//! Reports skipped tests, and reserves addresses without a server. It has one small dependency, so that the tests of every
//! crate can use it.
#![allow(clippy::panic)]

use std::{
    env,
    fmt::Display,
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr},
};

use socket2::{Domain, Socket, Type};

/// Reports on standard error that a test is skipped, because it cannot run on this system.
pub fn skip(reason: impl Display) {
    // In a single write, and not with a macro: the test harness hides the macro output of tests that pass.
    let _ = io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
}

/// Reports on standard error that a test is skipped, because a tool is not installed.
///
/// # Panics
/// If the environment variable `CI` is set: CI installs every tool.
pub fn skip_without_tool(reason: impl Display) {
    assert!(
        env::var_os("CI").is_none(),
        "a test must not be skipped in CI: {reason}"
    );
    skip(reason);
}

/// An address of this machine that refuses connections. Its port is reserved, so no other test starts a server there.
#[derive(Debug)]
pub struct RefusingAddress {
    address: SocketAddr,
    /// Bound, but not listening.
    _socket: Socket,
}

impl RefusingAddress {
    /// Reserves a port.
    ///
    /// # Errors
    /// If no socket can be bound.
    pub fn reserve() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let address = socket
            .local_addr()?
            .as_socket()
            .ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self {
            address,
            _socket: socket,
        })
    }

    /// Returns the address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
