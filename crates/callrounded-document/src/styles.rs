//! The styles of messages in terminals.

/// The terminal styles of the parts of a message, as escape sequences. See
/// [`Finding::render`](crate::check::Finding::render).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Styles {
    /// Written before the label of an error, and before the marks below an excerpt.
    pub error: &'static str,
    /// Written before the label of drift.
    pub drift: &'static str,
    /// Written before locations and before the frame of an excerpt.
    pub location: &'static str,
    /// Written after each styled part.
    pub reset: &'static str,
}

impl Styles {
    /// No styles, for files and pipes.
    pub const PLAIN: Self = Self {
        error: "",
        drift: "",
        location: "",
        reset: "",
    };

    /// ANSI colours, for terminals.
    pub const ANSI: Self = Self {
        error: "\x1b[1;31m",
        drift: "\x1b[1;33m",
        location: "\x1b[1;34m",
        reset: "\x1b[0m",
    };
}
