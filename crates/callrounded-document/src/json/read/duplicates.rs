//! Names that an object has twice.

use std::{borrow::Cow, hash::Hasher, ops::Range};

use fnv::FnvHasher;

use super::{Reader, unescape};
use crate::json::{Flaw, FlawKind};

/// Objects with fewer members than this are searched for duplicates one by one.
const FEW: usize = 12;

impl Reader<'_> {
    /// Notes each name of the object at `index` that stands there before. Names are compared as they read, not as
    /// they are written: `"a"` and `"\u0061"` are the same.
    pub(super) fn duplicates(&mut self, index: usize) {
        let text = self.text;
        let end = self.entries.after(index, text);
        let mut names: Vec<Range<u32>> = Vec::new();
        let mut next = index + 1;
        while next < end {
            names.push(self.entries.scalar(next));
            next = self.entries.after(next + 1, text);
        }
        let source = |name: &Range<u32>| {
            let inner = name.start as usize + 1..name.end as usize - 1;
            text.get(inner).unwrap_or_default()
        };
        let read = |name: &Range<u32>| -> Cow<'_, str> {
            let inner = source(name);
            match inner.contains('\\') {
                true => unescape(inner).into(),
                false => inner.into(),
            }
        };
        let escaped = names.iter().any(|name| source(name).contains('\\'));
        let mut note = |first: &Range<u32>, name: &Range<u32>| {
            let wide = |span: &Range<u32>| span.start as usize..span.end as usize;
            self.flaws.push(Flaw {
                kind: FlawKind::Duplicate { first: wide(first) },
                span: wide(name),
            });
        };
        // Names whose hashes differ are not the same.
        let mut hashes: Vec<u64> = names.iter().map(|name| hash(read(name).as_bytes())).collect();
        hashes.sort_unstable();
        if hashes.windows(2).all(|pair| pair.first() != pair.last()) {
            return;
        }
        if names.len() < FEW {
            let same = |a: &Range<u32>, b: &Range<u32>| source(a) == source(b) || escaped && read(a) == read(b);
            for (count, name) in names.iter().enumerate() {
                if let Some(first) = names.iter().take(count).find(|first| same(first, name)) {
                    note(first, name);
                }
            }
            return;
        }
        // In the order of names, and of equal ones in that of the text.
        match escaped {
            true => names.sort_by(|a, b| read(a).cmp(&read(b))),
            false => names.sort_by(|a, b| source(a).cmp(source(b))),
        }
        for same in names.chunk_by(|a, b| read(a) == read(b)) {
            if let [first, others @ ..] = same {
                others.iter().for_each(|name| note(first, name));
            }
        }
    }
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(name);
    hasher.finish()
}
