//! Detects duplicate keys in objects.

use std::{borrow::Cow, hash::Hasher, ops::Range};

use fnv::FnvHasher;

use super::{Reader, unescape};
use crate::json::{Violation, ViolationKind};

/// In objects with fewer members than this, every key is compared with every other; in larger ones the keys are sorted.
const FEW: usize = 12;

impl Reader<'_> {
    /// Records each key of the object at `index` that is equal to an earlier one. Keys are compared unescaped: `"a"`
    /// and `"\u0061"` are equal.
    pub(super) fn duplicates(&mut self, index: usize) {
        let text = self.text;
        let end = self.entries.after(index, text);
        let mut keys: Vec<Range<u32>> = Vec::new();
        let mut next = index + 1;
        while next < end {
            keys.push(self.entries.scalar(next));
            next = self.entries.after(next + 1, text);
        }
        let source = |key: &Range<u32>| {
            let inner = key.start as usize + 1..key.end as usize - 1;
            text.get(inner).unwrap_or_default()
        };
        let unescaped = |key: &Range<u32>| -> Cow<'_, str> {
            let inner = source(key);
            if inner.contains('\\') {
                unescape(inner).into()
            } else {
                inner.into()
            }
        };
        let has_escapes = keys.iter().any(|key| source(key).contains('\\'));
        let mut record = |first: &Range<u32>, key: &Range<u32>| {
            let wide = |span: &Range<u32>| span.start as usize..span.end as usize;
            self.violations.push(Violation {
                kind: ViolationKind::Duplicate { first: wide(first) },
                span: wide(key),
            });
        };
        // Most objects have no duplicates, which is certain if all hashes differ.
        let mut hashes: Vec<u64> = keys.iter().map(|key| hash(unescaped(key).as_bytes())).collect();
        hashes.sort_unstable();
        if hashes.windows(2).all(|pair| pair.first() != pair.last()) {
            return;
        }
        if keys.len() < FEW {
            let equal =
                |a: &Range<u32>, b: &Range<u32>| source(a) == source(b) || has_escapes && unescaped(a) == unescaped(b);
            for (count, key) in keys.iter().enumerate() {
                if let Some(first) = keys.iter().take(count).find(|first| equal(first, key)) {
                    record(first, key);
                }
            }
            return;
        }
        // The sort is stable, so equal keys stay in the order of the text.
        if has_escapes {
            keys.sort_by(|a, b| unescaped(a).cmp(&unescaped(b)))
        } else {
            keys.sort_by(|a, b| source(a).cmp(source(b)))
        }
        for equal in keys.chunk_by(|a, b| unescaped(a) == unescaped(b)) {
            if let [first, others @ ..] = equal {
                others.iter().for_each(|key| record(first, key));
            }
        }
    }
}

fn hash(key: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(key);
    hasher.finish()
}
