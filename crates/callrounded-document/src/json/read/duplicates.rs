//! Names that an object has twice.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map},
    ops::Range,
};

use super::{Reader, unescape};
use crate::json::{Entry, Flaw, FlawKind};

/// Objects with fewer members than this are searched for duplicates one by one.
const FEW: usize = 16;

impl Reader<'_> {
    /// Notes each name of the object at `index` that stands there before. Names are compared as they read, not as
    /// they are written: `"a"` and `"\u0061"` are the same.
    pub(super) fn duplicates(&mut self, index: usize) {
        let Some(object) = self.entries.get(index) else { return };
        let mut names: Vec<Entry> = Vec::new();
        let mut next = index + 1;
        while next < object.after {
            let Some((name, value)) = self.entries.get(next).zip(self.entries.get(next + 1)) else {
                break;
            };
            names.push(*name);
            next = value.after;
        }
        let text = self.text;
        let read = |name: &Entry| -> Cow<'_, str> {
            let inner = text.get(name.start + 1..name.end - 1).unwrap_or_default();
            match inner.contains('\\') {
                true => unescape(inner).into(),
                false => inner.into(),
            }
        };
        let source = |name: &Entry| self.bytes.get(name.start..name.end).unwrap_or_default();
        let escaped = names.iter().any(|name| source(name).contains(&b'\\'));
        let same = |a: &Entry, b: &Entry| source(a) == source(b) || escaped && read(a) == read(b);
        let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        if names.len() < FEW {
            for (count, name) in names.iter().enumerate() {
                if let Some(first) = names.iter().take(count).find(|first| same(first, name)) {
                    found.push((first.start..first.end, name.start..name.end));
                }
            }
        } else {
            let mut seen: HashMap<Cow<'_, str>, Range<usize>> = HashMap::with_capacity(names.len());
            for name in &names {
                let span = name.start..name.end;
                match seen.entry(read(name)) {
                    hash_map::Entry::Occupied(first) => found.push((first.get().clone(), span)),
                    hash_map::Entry::Vacant(place) => {
                        place.insert(span);
                    }
                }
            }
        }
        self.flaws.extend(found.into_iter().map(|(first, span)| Flaw {
            kind: FlawKind::Duplicate { first },
            span,
        }));
    }
}
