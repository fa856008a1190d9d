//! Locations in texts.

/// A line and column of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line. The first is 1.
    pub line: usize,
    /// The column in characters. The first is 1.
    pub column: usize,
}

impl Location {
    /// The start of a file: line 1, column 1.
    pub const START: Self = Self { line: 1, column: 1 };
}
