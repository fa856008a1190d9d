//! Reports skipped tests, reserves addresses without a server, reads the use of memory, and applies JSON merge patches. It has few
//! dependencies, so that the tests of every crate can use it.
#![allow(clippy::panic)]

use std::{
    env,
    fmt::Display,
    fs,
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr},
};

use serde_json::{Map, Value};
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

/// Returns the resident memory of a process in KiB: now (`VmRSS`) or at most so far (`VmHWM`). `process` is its number or `self`.
/// `None` if the system does not report it in `/proc`.
#[must_use]
pub fn memory_kib(process: &str, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let mut lines = status.lines();
    let value = lines.find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
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

/// Applies a JSON merge patch (RFC 7396). Members keep their order.
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    let mut members = match target.take() {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    for (name, change) in changes {
        if change.is_null() {
            members.shift_remove(name);
        } else {
            merge_patch(members.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
    *target = Value::Object(members);
}
