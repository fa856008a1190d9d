//! Every way in which the generated source differs from what progenitor makes of the document, and why.
//!
//! A step that no longer finds what it is for is an error, not a silence: an upgrade of progenitor can't undo one
//! unnoticed.

mod document_facts;
mod find;
mod liberal_texts;
mod no_panicking_constructor;
mod no_version_header;
mod null_kept_apart;
mod one_path_segment;
mod open_objects;
mod optional_schemars;
mod redacted_debug;

use callrounded_document::{Diagnostics, Document};
use serde_json::Value;

use crate::{PROGENITOR, walk};

/// A difference, with its reason.
pub(crate) struct Step {
    pub name: &'static str,
    pub why: &'static str,
    kind: Change,
}

enum Change {
    /// Made in a schema before progenitor sees it; the pointer is that of the schema.
    Schema(fn(&mut Value)),
    /// Made in the source that progenitor wrote.
    Source(fn(&Document, &mut syn::File) -> Result<(), String>),
}

const STEPS: &[Step] = &[
    Step {
        name: "open_objects",
        why: "a property that the service adds must not break a deployed client",
        kind: Change::Schema(open_objects::change),
    },
    Step {
        name: "liberal_texts",
        why: "limits on texts are the validator's; a reader that enforced them would lose whole answers",
        kind: Change::Schema(liberal_texts::change),
    },
    Step {
        name: "no_version_header",
        why: "progenitor sends an `api-version` header that no page of the vendor asks for",
        kind: Change::Source(no_version_header::change),
    },
    Step {
        name: "no_panicking_constructor",
        why: "`Client::new` panics where TLS can't be set up, and has settings of its own",
        kind: Change::Source(no_panicking_constructor::change),
    },
    Step {
        name: "one_path_segment",
        why: "progenitor leaves `\\` in a path parameter as it is, which URLs take for `/`",
        kind: Change::Source(one_path_segment::change),
    },
    Step {
        name: "null_kept_apart",
        why: "a request can tell a null from an absent value, as the document allows",
        kind: Change::Source(null_kept_apart::change),
    },
    Step {
        name: "redacted_debug",
        why: "Debug shows what the document marks `x-personal-data: false` and redacts the rest",
        kind: Change::Source(redacted_debug::change),
    },
    Step {
        name: "optional_schemars",
        why: "JSON Schemas of the types are there for who asks for them, by the feature `schemars`",
        kind: Change::Source(optional_schemars::change),
    },
    Step {
        name: "document_facts",
        why: "server, key header and list of schemas are read from the document too",
        kind: Change::Source(document_facts::change),
    },
];

pub(crate) fn all() -> &'static [Step] {
    STEPS
}

/// The steps on schemas, on a copy of the document.
pub(crate) fn relax(document: &Document, value: &mut Value) {
    for node in walk::nodes(document)
        .iter()
        .filter(|node| node.kind == walk::Kind::Schema)
    {
        let Some(schema) = value.pointer_mut(&node.pointer) else {
            continue;
        };
        for step in STEPS {
            if let Change::Schema(change) = step.kind {
                change(schema);
            }
        }
    }
}

/// The steps on the source.
pub(crate) fn apply(document: &Document, source: &mut syn::File) -> Result<(), Diagnostics> {
    for step in STEPS {
        if let Change::Source(change) = step.kind {
            change(document, source).map_err(|reason| {
                document.diagnostic(
                    "",
                    format!(
                        "the step `{}` does not fit what progenitor {PROGENITOR} made: {reason}",
                        step.name
                    ),
                    "mend the step in crates/callrounded-codegen/src/steps",
                )
            })?;
        }
    }
    Ok(())
}
