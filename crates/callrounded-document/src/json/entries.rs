//! Where each value of a payload stands: eight bytes for each, so that a large payload takes little more than its text.

use std::ops::Range;

use super::Kind;

/// Each value and each name, in the order of the text; what an array or object holds follows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    all: Vec<Entry>,
    /// Where arrays and objects end, in the order of their entries.
    ends: Vec<End>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    /// Of an array or object, the index of the first entry that is not inside it; of anything else, the byte after it.
    extent: u32,
}

#[derive(Clone, Copy, Debug)]
struct End {
    index: u32,
    end: u32,
}

/// An array or object that has not been read to its end.
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

/// More than this is not read, so that a place takes four bytes.
pub(super) const LARGEST: usize = u32::MAX as usize;

/// Texts that are shorter take little memory however many entries they have room for.
const SMALL: usize = 64 * 1_024;

fn narrow(place: usize) -> u32 {
    // No text is larger, and none has more values than bytes.
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Entries {
    /// With room for the entries of a text.
    pub fn of(text: &str) -> Self {
        // Each but the first follows one of these. Of a small text it is not worth counting.
        let before = |byte: &u8| matches!(byte, b',' | b':' | b'[' | b'{');
        let count = match text.len() {
            ..SMALL => text.len() / 8,
            _ => text.bytes().filter(before).count() + 1,
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
        if let Some(of) = self.ends.get_mut(open.end) {
            of.end = narrow(end);
        }
    }

    /// The kind of an entry, which its first byte tells.
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

    /// The bytes of the text that an entry takes.
    pub fn span(&self, index: usize, text: &str) -> Range<usize> {
        // Every index was handed out for an entry that is there.
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

    /// The byte that an entry begins at.
    pub fn start(&self, index: usize) -> usize {
        self.all.get(index).map_or(0, |entry| entry.start as usize)
    }

    /// How many entries there are.
    #[cfg(feature = "validate")]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The first entry that begins at this byte or after it.
    #[cfg(feature = "validate")]
    pub fn first_from(&self, offset: usize) -> usize {
        self.all.partition_point(|entry| (entry.start as usize) < offset)
    }

    /// The bytes that an entry takes which is neither an array nor an object.
    pub fn scalar(&self, index: usize) -> Range<u32> {
        self.all.get(index).map_or(0..0, |entry| entry.start..entry.extent)
    }

    /// The index of the first entry that is not inside this one.
    pub fn after(&self, index: usize, text: &str) -> usize {
        match (self.all.get(index), self.kind(index, text)) {
            (Some(entry), Kind::Object | Kind::Array) => entry.extent as usize,
            _ => index + 1,
        }
    }
}
