//! What is looked up again and again in one payload, once it is large: lines, and elements of long arrays.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Between two marks there are so many bytes.
const STEP: usize = 8 * 1024;

/// Arrays with fewer entries in them are looked through.
const LONG: usize = 256;

/// Tables that are made where they are first needed, and not copied.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    marks: OnceLock<Vec<Spot>>,
    /// The entries of the elements of arrays, by the entries of these.
    elements: Mutex<HashMap<usize, Arc<[usize]>>>,
}

impl Clone for Lookup {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A byte of a text, and the line that it is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    offset: usize,
    /// Counted from 0.
    pub line: usize,
    /// The first byte of the line.
    pub start: usize,
    /// The characters before it on the line.
    pub column: usize,
}

impl Spot {
    /// The same for a byte further on; one inside of a character stands for that.
    pub fn forward(self, text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let passed = text.get(self.offset..offset).unwrap_or_default();
        match passed.rfind('\n') {
            None => Self {
                offset,
                column: self.column + passed.chars().count(),
                ..self
            },
            Some(last) => {
                let start = self.offset + last + 1;
                Self {
                    offset,
                    line: self.line + passed.matches('\n').count(),
                    start,
                    column: text.get(start..offset).unwrap_or_default().chars().count(),
                }
            }
        }
    }
}

impl Lookup {
    /// The line of a byte of the text.
    pub fn spot(&self, text: &str, offset: usize) -> Spot {
        if offset < STEP {
            return Spot::default().forward(text, offset);
        }
        let marks = self.marks.get_or_init(|| {
            let mut mark = Spot::default();
            let offsets = (0..=text.len()).step_by(STEP);
            let marks = offsets.map(|offset| {
                mark = mark.forward(text, offset);
                mark
            });
            marks.collect()
        });
        let mark = marks.get(offset / STEP).copied().unwrap_or_default();
        mark.forward(text, offset)
    }

    /// The entries of the elements of the array at `index`, which has so many entries in it; `None` where it is short.
    pub fn elements(
        &self,
        index: usize,
        count: usize,
        elements: impl FnOnce() -> Arc<[usize]>,
    ) -> Option<Arc<[usize]>> {
        if count < LONG {
            return None;
        }
        let mut known = self.elements.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(known.entry(index).or_insert_with(elements)))
    }
}
