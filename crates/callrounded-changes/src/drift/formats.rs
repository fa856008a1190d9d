//! Formats that fit all the texts that were seen at one place.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use callrounded_document::check::{fits, mask};

/// Formats that say much; the narrower before the wider.
const FORMATS: [&str; 6] = ["date-time", "date", "uuid", "email", "e164", "uri"];

/// So many texts are told apart.
const DIFFERENT: usize = 64;

/// The texts seen at one place; not one of them is kept.
#[derive(Debug, Default)]
pub(super) struct Texts {
    count: u64,
    /// Hashes, to know how many different ones there were.
    different: BTreeSet<u64>,
    /// Those that do not fit.
    unfit: BTreeSet<&'static str>,
    sample: String,
}

impl Texts {
    pub fn see(&mut self, text: &str) {
        if self.count == 0 {
            self.sample = super::sample(&mask(text));
        }
        self.count += 1;
        if self.different.len() < DIFFERENT {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            self.different.insert(hasher.finish());
        }
        for format in FORMATS {
            if !self.unfit.contains(format) && !fits(format, text) {
                self.unfit.insert(format);
            }
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn sample(&self) -> &str {
        &self.sample
    }

    /// The format of all of them, where enough different ones were seen.
    pub fn format(&self, enough: usize) -> Option<&'static str> {
        let fit = FORMATS.into_iter().find(|format| !self.unfit.contains(format));
        fit.filter(|_| self.different.len() >= enough)
    }
}
