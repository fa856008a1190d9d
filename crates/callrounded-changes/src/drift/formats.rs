//! Infers the format of the strings that were observed at one location.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use callrounded_document::check::{mask, matches_format};

/// Formats that can be inferred, from the narrowest to the widest.
const FORMATS: [&str; 6] = ["date-time", "date", "uuid", "email", "e164", "uri"];

/// The maximum number of distinct strings that are counted.
const MAX_DISTINCT: usize = 64;

/// Statistics of the strings observed at one location. The strings are not kept.
#[derive(Debug, Default)]
pub(super) struct Strings {
    count: u64,
    /// Hashes of the distinct strings.
    distinct: BTreeSet<u64>,
    /// Formats that at least one string does not have.
    rejected: BTreeSet<&'static str>,
    sample: String,
}

impl Strings {
    pub fn observe(&mut self, text: &str) {
        if self.count == 0 {
            self.sample = super::sample(&mask(text));
        }
        self.count += 1;
        if self.distinct.len() < MAX_DISTINCT {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            self.distinct.insert(hasher.finish());
        }
        for format in FORMATS {
            if !self.rejected.contains(format) && !matches_format(format, text) {
                self.rejected.insert(format);
            }
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn sample(&self) -> &str {
        &self.sample
    }

    /// Returns the format that all strings have. `None` if there is none, or if fewer than `min_distinct` distinct
    /// strings were observed.
    pub fn format(&self, min_distinct: usize) -> Option<&'static str> {
        let format = FORMATS.into_iter().find(|format| !self.rejected.contains(format));
        format.filter(|_| self.distinct.len() >= min_distinct)
    }
}
