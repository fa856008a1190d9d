//! What an import leaves out or says in other words.

use std::fmt;

use callrounded_document::{Document, Place};
use serde_json::Value;

/// How much is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossKind {
    /// A whole operation is left out: no client can be generated for it.
    Refused,
    /// Something that was said is not said any more.
    Lost,
    /// It says the same in other words.
    Lowered,
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Refused => "refused",
            Self::Lost => "lost",
            Self::Lowered => "lowered",
        })
    }
}

/// One thing that is not in the imported document any more, or not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// How much it is.
    pub kind: LossKind,
    /// JSON pointer into the document that was imported.
    pub pointer: String,
    /// Line and column in it.
    pub place: Place,
    /// What it is about, such as `const`.
    pub construct: String,
    /// Why, or what became of it.
    pub reason: String,
}

pub(super) struct Losses<'a> {
    pub source: &'a Document,
    /// Whether nothing is generated from the document: then all stays that 3.0 has a place for, and what is called back.
    pub only_compared: bool,
    found: Vec<Loss>,
}

impl<'a> Losses<'a> {
    pub fn new(source: &'a Document) -> Self {
        Self {
            source,
            only_compared: false,
            found: Vec::new(),
        }
    }

    pub fn of_comparison(source: &'a Document) -> Self {
        Self {
            only_compared: true,
            ..Self::new(source)
        }
    }

    pub fn lost(&mut self, pointer: &str, construct: &str, reason: impl Into<String>) {
        self.add(LossKind::Lost, pointer, construct, reason);
    }

    pub fn lowered(&mut self, pointer: &str, construct: &str, reason: impl Into<String>) {
        self.add(LossKind::Lowered, pointer, construct, reason);
    }

    pub fn refused(&mut self, pointer: &str, construct: &str, reason: impl Into<String>) {
        self.add(LossKind::Refused, pointer, construct, reason);
    }

    fn add(&mut self, kind: LossKind, pointer: &str, construct: &str, reason: impl Into<String>) {
        self.found.push(Loss {
            kind,
            pointer: pointer.to_owned(),
            place: self.source.place(pointer),
            construct: construct.to_owned(),
            reason: reason.into(),
        });
    }

    /// Of components that were not selected there is nothing to say.
    pub fn forget_what_is_not_in(&mut self, document: &Value) {
        let component = |at: &str| -> Option<String> {
            let parts: Vec<&str> = at.split('/').take(4).collect();
            (parts.len() == 4 && at.starts_with("/components/")).then(|| parts.join("/"))
        };
        let source = self.source;
        self.found.retain(|loss| {
            component(&loss.pointer)
                .filter(|at| loss.pointer != *at && source.get(at).is_some())
                .is_none_or(|at| document.pointer(&at).is_some())
        });
    }

    /// All of them, the heaviest first, then in the order of the source.
    pub fn into_list(mut self) -> Vec<Loss> {
        self.found.sort_by(|a, b| {
            (a.kind, a.place, &a.pointer, &a.construct).cmp(&(b.kind, b.place, &b.pointer, &b.construct))
        });
        self.found.dedup();
        self.found
    }
}
