//! The byte offsets of all values of a payload, in eight bytes per value, so that a large payload needs little more
//! memory than its text.

use std::ops::Range;

use super::Kind;

/// The entries of all values and keys, in the order of the text. The content of an array or object follows its own
/// entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    all: Vec<Entry>,
    /// The end of each array and object, in the order of their entries.
    ends: Vec<End>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    /// For an array or object, the index of the first entry after its content. For any other value, the byte after it.
    extent: u32,
}

#[derive(Clone, Copy, Debug)]
struct End {
    index: u32,
    end: u32,
}

/// An array or object whose end has not been reached yet.
#[derive(Clone, Copy)]
pub(super) struct Open {
    index: usize,
    end: usize,
}

impl Open {
    pub fn index(self) -> usize {
        self.index
    }
}

/// The maximum size of a text in bytes, so that an offset fits into four bytes.
pub(super) const MAX_SIZE: usize = u32::MAX as usize;

/// For texts below this size, the capacity is estimated instead of counted, since excess capacity costs little.
const SMALL: usize = 64 * 1_024;

fn narrow(value: usize) -> u32 {
    // Never truncates: `MAX_SIZE` limits the offsets, and there are fewer entries than bytes.
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl Entries {
    /// Creates an empty list with capacity for the entries of a text.
    pub fn of(text: &str) -> Self {
        // Every entry except the first follows one of these.
        let is_separator = |byte: &u8| matches!(byte, b',' | b':' | b'[' | b'{');
        let count = match text.len() {
            ..SMALL => text.len() / 8,
            _ => text.bytes().filter(is_separator).count() + 1,
        };
        Self {
            all: Vec::with_capacity(count),
            ends: Vec::new(),
        }
    }

    pub fn push(&mut self, span: Range<usize>) {
        self.all.push(Entry {
            start: narrow(span.start),
            extent: narrow(span.end),
        });
    }

    pub fn open(&mut self, start: usize) -> Open {
        let open = Open {
            index: self.all.len(),
            end: self.ends.len(),
        };
        self.push(start..start);
        self.ends.push(End {
            index: narrow(open.index),
            end: 0,
        });
        open
    }

    pub fn close(&mut self, open: Open, end: usize) {
        let after = narrow(self.all.len());
        if let Some(entry) = self.all.get_mut(open.index) {
            entry.extent = after;
        }
        if let Some(entry) = self.ends.get_mut(open.end) {
            entry.end = narrow(end);
        }
    }

    /// Returns the kind of an entry, which its first byte determines.
    pub fn kind(&self, index: usize, text: &str) -> Kind {
        match text.as_bytes().get(self.start(index)) {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// Returns the bytes of an entry in the text.
    pub fn span(&self, index: usize, text: &str) -> Range<usize> {
        // Every index belongs to an existing entry, so the fallback is never used.
        let Some(entry) = self.all.get(index) else { return 0..0 };
        let end = match self.kind(index, text) {
            Kind::Object | Kind::Array => {
                let index = narrow(index);
                let found = self.ends.binary_search_by_key(&index, |end| end.index);
                found
                    .ok()
                    .and_then(|at| self.ends.get(at))
                    .map_or(entry.start, |end| end.end)
            }
            _ => entry.extent,
        };
        entry.start as usize..end as usize
    }

    /// Returns the first byte of an entry.
    pub fn start(&self, index: usize) -> usize {
        self.all.get(index).map_or(0, |entry| entry.start as usize)
    }

    /// Returns the number of entries.
    #[cfg(feature = "validate")]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Returns the index of the first entry that starts at this byte or after it.
    #[cfg(feature = "validate")]
    pub fn first_from(&self, offset: usize) -> usize {
        self.all.partition_point(|entry| (entry.start as usize) < offset)
    }

    /// Returns the bytes of an entry that is neither an array nor an object.
    pub fn scalar(&self, index: usize) -> Range<u32> {
        self.all.get(index).map_or(0..0, |entry| entry.start..entry.extent)
    }

    /// Returns the index of the first entry after this one and its content.
    pub fn after(&self, index: usize, text: &str) -> usize {
        match (self.all.get(index), self.kind(index, text)) {
            (Some(entry), Kind::Object | Kind::Array) => entry.extent as usize,
            _ => index + 1,
        }
    }
}
