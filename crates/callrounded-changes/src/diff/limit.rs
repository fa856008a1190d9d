//! Limits of numbers, lengths and counts.

use std::{cmp::Ordering, fmt};

use serde_json::Number;

/// A limit, compared without rounding and displayed as written in the document.
#[derive(Clone, Debug)]
pub(super) struct Limit(pub Number);

impl Limit {
    fn as_integer(&self) -> Option<i128> {
        self.0
            .as_i64()
            .map(i128::from)
            .or_else(|| self.0.as_u64().map(i128::from))
    }
}

impl From<u32> for Limit {
    fn from(limit: u32) -> Self {
        Self(Number::from(limit))
    }
}

impl PartialEq for Limit {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Limit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.as_integer(), other.as_integer()) {
            (Some(one), Some(other)) => one.partial_cmp(&other),
            _ => self.0.as_f64()?.partial_cmp(&other.0.as_f64()?),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
