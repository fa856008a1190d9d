//! The parts of a document that an import removes or rewrites.

use std::fmt;

use callrounded_document::{Document, Location};
use serde_json::Value;

/// The severity of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossKind {
    /// An operation was removed: no client can be generated for it.
    Refused,
    /// Information was removed.
    Lost,
    /// A construct was rewritten without loss of information.
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

/// A part of the source that was removed or rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The severity.
    pub kind: LossKind,
    /// JSON pointer into the source document.
    pub pointer: String,
    /// Line and column in the source document.
    pub location: Location,
    /// The construct, such as `const`.
    pub construct: String,
    /// The reason, or the replacement.
    pub reason: String,
}

/// A collector of losses.
pub(super) struct Losses<'a> {
    pub source: &'a Document,
    /// Whether the document is only compared, and no client is generated from it. Everything that 3.0 can express is
    /// kept then, including webhooks and callbacks.
    pub comparison_only: bool,
    found: Vec<Loss>,
}

impl<'a> Losses<'a> {
    pub fn new(source: &'a Document) -> Self {
        Self {
            source,
            comparison_only: false,
            found: Vec::new(),
        }
    }

    pub fn for_comparison(source: &'a Document) -> Self {
        Self {
            comparison_only: true,
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
            location: self.source.location(pointer),
            construct: construct.to_owned(),
            reason: reason.into(),
        });
    }

    /// Removes losses inside components that are not in `document`, since they were not selected.
    pub fn retain_in(&mut self, document: &Value) {
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

    /// Returns all losses, the most severe first, then in the order of the source.
    pub fn into_list(mut self) -> Vec<Loss> {
        self.found.sort_by(|a, b| {
            (a.kind, a.location, &a.pointer, &a.construct).cmp(&(b.kind, b.location, &b.pointer, &b.construct))
        });
        self.found.dedup();
        self.found
    }
}
