//! Indexes for repeated lookups in large payloads: lines, and elements of long arrays.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// The distance between two checkpoints, in bytes.
const STEP: usize = 8 * 1024;

/// Arrays with fewer entries are searched without an index.
const LONG: usize = 256;

/// Indexes that are built when they are first needed. A clone starts without them.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    checkpoints: OnceLock<Vec<Position>>,
    /// The entries of the elements of an array, by the entry of the array.
    elements: Mutex<HashMap<usize, Arc<[usize]>>>,
}

impl Clone for Lookup {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A byte of a text with its line and column, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    offset: usize,
    pub line: usize,
    /// The first byte of the line.
    pub start: usize,
    /// The number of characters before it on the line.
    pub column: usize,
}

impl Position {
    /// Returns the position of a later byte. A byte inside a character is treated as the first of that character.
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
    /// Returns the position of a byte of the text.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        if offset < STEP {
            return Position::default().forward(text, offset);
        }
        let checkpoints = self.checkpoints.get_or_init(|| {
            let mut checkpoint = Position::default();
            let offsets = (0..=text.len()).step_by(STEP);
            let checkpoints = offsets.map(|offset| {
                checkpoint = checkpoint.forward(text, offset);
                checkpoint
            });
            checkpoints.collect()
        });
        let checkpoint = checkpoints.get(offset / STEP).copied().unwrap_or_default();
        checkpoint.forward(text, offset)
    }

    /// Returns the entries of the elements of the array at `index`, whose content has `count` entries. Returns `None`
    /// if the array is too short for an index.
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
