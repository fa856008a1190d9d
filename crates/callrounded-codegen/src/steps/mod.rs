//! Every way in which the generated source differs from what progenitor makes of the document, and why.
//!
//! A step that no longer finds what it is for is an error, not a silence: an upgrade of progenitor can't undo one
//! unnoticed.

mod choices;
mod client_apart;
mod document_facts;
pub(crate) mod find;
mod growing_structs;
mod liberal_answers;
mod liberal_limits;
mod media_types;
mod no_version_header;
mod null_kept_apart;
mod objects_only;
mod one_conversion;
mod open_enums;
mod open_objects;
mod optional_schemars;
mod plain_builders;
mod plain_schemas;
mod redacted_debug;
mod tags;
mod unions;

use std::collections::HashSet;

use callrounded_document::{
    Diagnostic, Diagnostics, Document,
    walk::{self, Direction},
};
use progenitor_impl::{GenerationSettings, TypeImpl};
use schemars_08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use crate::{PROGENITOR, operations};
use tags::Tags;

/// A difference, with its reason.
pub(crate) struct Step {
    pub name: &'static str,
    pub why: &'static str,
    kind: Change,
}

enum Change {
    /// Made in every schema before progenitor sees it.
    Schema(fn(&mut Value)),
    /// As that, for what depends on other schemas; the pointer is that of the schema.
    Choice(fn(&Document, &str, &mut Value)),
    /// Made, before progenitor sees them, in the schemas that are only ever read; the pointer is that of the schema.
    Answer(fn(&Document, &Tags, &str, &mut Value)),
    /// Values of this type and format become this Rust type of the crate that includes the source.
    Type {
        schema: &'static str,
        format: &'static str,
        rust: &'static str,
    },
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
        name: "liberal_limits",
        why: "limits are the validator's; a reader that enforced them would lose whole answers",
        kind: Change::Schema(liberal_limits::change),
    },
    Step {
        name: "choices",
        why: "a choice that is not of objects only, or that a property decides, is an enumeration; progenitor makes a struct",
        kind: Change::Choice(choices::change),
    },
    Step {
        name: "plain_schemas",
        why: "extensions, titles and compound defaults are for readers; progenitor would trip over them",
        kind: Change::Schema(plain_schemas::change),
    },
    Step {
        name: "liberal_answers",
        why: "what an answer lacks costs that field, not the answer; `x-needed` names the exceptions",
        kind: Change::Answer(liberal_answers::change),
    },
    Step {
        name: "timestamps",
        why: "a time stamp in another spelling, or none at all, costs no answer, and its text is kept",
        kind: Change::Type {
            schema: "string",
            format: "date-time",
            rust: "::callrounded_runtime::Timestamp",
        },
    },
    Step {
        name: "local_timestamps",
        why: "a time without an offset is a time stamp too, which says so",
        kind: Change::Type {
            schema: "string",
            format: "date-time-local",
            rust: "::callrounded_runtime::Timestamp",
        },
    },
    Step {
        name: "decimals",
        why: "money is not rounded to a binary fraction",
        kind: Change::Type {
            schema: "number",
            format: "decimal",
            rust: "::callrounded_runtime::Decimal",
        },
    },
    Step {
        name: "decimal_strings",
        why: "money that is written as a string is read as a number too",
        kind: Change::Type {
            schema: "string",
            format: "decimal",
            rust: "::callrounded_runtime::DecimalString",
        },
    },
    Step {
        name: "uuids",
        why: "an identifier is sent back as it came; one in another spelling costs no answer",
        kind: Change::Type {
            schema: "string",
            format: "uuid",
            rust: "::std::string::String",
        },
    },
    Step {
        name: "open_enums",
        why: "a value that the service adds is kept as it came",
        kind: Change::Source(open_enums::change),
    },
    Step {
        name: "unions",
        why: "a discriminator chooses the variant, one that the document does not know is kept, and errors have paths",
        kind: Change::Source(unions::change),
    },
    Step {
        name: "one_conversion",
        why: "a choice with a text is made from a text in one way; progenitor writes two, which does not compile",
        kind: Change::Source(one_conversion::change),
    },
    Step {
        name: "growing_structs",
        why: "a field that the service adds breaks no source: types are made by builders, and taken apart with `..`",
        kind: Change::Source(growing_structs::change),
    },
    Step {
        name: "no_version_header",
        why: "progenitor sends an `api-version` header that no page of the vendor asks for",
        kind: Change::Source(no_version_header::change),
    },
    Step {
        name: "media_types",
        why: "JSON of another documented media type is sent and accepted as that type; progenitor knows `application/json`",
        kind: Change::Source(media_types::change),
    },
    Step {
        name: "null_kept_apart",
        why: "a request can tell a null from an absent value, as the document allows",
        kind: Change::Source(null_kept_apart::change),
    },
    Step {
        name: "plain_builders",
        why: "a builder takes a value, not `Some(Some(value))`, and reports a bad timestamp or decimal at once",
        kind: Change::Source(plain_builders::change),
    },
    Step {
        name: OPERATIONS,
        why: "one generic request sends every operation; progenitor writes a builder for each, whose errors have no cause",
        kind: Change::Source(operations::change),
    },
    Step {
        name: "objects_only",
        why: "a list is no object; serde would read its elements as the fields in their order",
        kind: Change::Source(objects_only::change),
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
    Step {
        name: "client_apart",
        why: "who only handles payloads gets the types without an HTTP client, by leaving the feature `client` off",
        kind: Change::Source(client_apart::change),
    },
];

pub(crate) use unions::with_named_branches;

/// The items of a module of the generated source.
pub(crate) fn items<'s>(source: &'s mut syn::File, module: &str) -> Result<&'s [syn::Item], String> {
    find::module(source, &[module]).map(|items| items.as_slice())
}

/// The items of the generated module `types`.
pub(crate) fn types(source: &mut syn::File) -> &[syn::Item] {
    find::module(source, &["types"])
        .map(|items| items.as_slice())
        .unwrap_or_default()
}

pub(crate) fn all() -> &'static [Step] {
    STEPS
}

/// The steps on schemas, on a copy of the document.
pub(crate) fn relax(document: &Document, value: &mut Value) {
    // An extension of dropshot's would bring code that needs crates which the client has not.
    for operation in document.operations() {
        if let Some(operation) = value.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
            operation.retain(|name, _| !name.starts_with("x-"));
        }
    }
    let requests: HashSet<String> = walk::component_schemas_of(document, Direction::Request)
        .into_iter()
        .collect();
    let mut answers = walk::component_schemas_of(document, Direction::Response);
    answers.retain(|schema| !requests.contains(schema));
    let mut tags = tags::tags(document);
    tags.extend(data(document));
    let answers: HashSet<String> = answers
        .iter()
        .flat_map(|schema| walk::schemas_in(document, schema))
        .collect();
    // From the inside, so that the places of what is inside are still what they were.
    for node in walk::nodes(document)
        .iter()
        .rev()
        .filter(|node| node.kind == walk::Kind::Schema)
    {
        let Some(schema) = value.pointer_mut(&node.pointer) else {
            continue;
        };
        for step in STEPS {
            match step.kind {
                Change::Schema(change) => change(schema),
                Change::Choice(change) => change(document, &node.pointer, schema),
                Change::Answer(change) if answers.contains(&node.pointer) => {
                    change(document, &tags, &node.pointer, schema);
                }
                _ => {}
            }
        }
    }
    joined_lists(document, value);
    media_types::hide(document, value);
    only_success(document, value);
}

/// The properties without which a response has no data: that of its envelope, if required, and the list of a page.
fn data(document: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for operation in document.operations() {
        if let Some(envelope) = document.envelope(&operation).filter(|envelope| envelope.required) {
            found.push((envelope.schema, envelope.property));
        }
        if let (Some(pagination), Some(schema)) = (document.pagination(&operation), document.success_schema(&operation))
            && document.requires(&schema, &pagination.items)
        {
            found.push((schema, pagination.items));
        }
    }
    found
}

/// Lists that are sent as one string are a string to progenitor, which sends each value by itself, and none in a header.
fn joined_lists(document: &Document, value: &mut Value) {
    let nodes = walk::nodes(document);
    for node in nodes.iter().filter(|node| node.kind == walk::Kind::Parameter) {
        if document.list_separator(&node.pointer).is_none() {
            continue;
        }
        if let Some(parameter) = value.pointer_mut(&node.pointer).and_then(Value::as_object_mut) {
            parameter.insert("schema".to_owned(), serde_json::json!({ "type": "string" }));
            parameter.retain(|field, _| field != "style" && field != "explode");
        }
    }
}

/// Leaves progenitor only the responses of success. An error has one type, whatever the document describes, and progenitor
/// refuses two.
fn only_success(document: &Document, value: &mut Value) {
    for operation in document.operations() {
        let responses = callrounded_document::pointer::join(&operation.pointer, "responses");
        let all: Vec<String> = document
            .members(&responses)
            .map(|(status, _)| status.to_owned())
            .collect();
        let is_success = |status: &str| status.starts_with('2');
        let has_success = all.iter().any(|status| is_success(status));
        if let Some(responses) = value.pointer_mut(&responses).and_then(Value::as_object_mut) {
            responses.retain(|status, _| is_success(status) || (status == "default" && !has_success));
        }
    }
}

/// The steps on types, as settings of the generator.
pub(crate) fn convert(settings: &mut GenerationSettings) {
    for step in STEPS {
        if let Change::Type { schema, format, rust } = step.kind {
            let instance = if schema == "number" {
                InstanceType::Number
            } else {
                InstanceType::String
            };
            let schema = SchemaObject {
                instance_type: Some(instance.into()),
                format: Some(format.to_owned()),
                ..SchemaObject::default()
            };
            settings.with_conversion(schema, rust, [TypeImpl::Display, TypeImpl::FromStr].into_iter());
        }
    }
}

/// What is read of the operations, by the step that replaces them.
pub(crate) fn model(document: &Document, source: &mut syn::File) -> Result<operations::Model, Diagnostics> {
    let before = STEPS.iter().take_while(|step| step.name != OPERATIONS);
    apply_all(before, document, source)?;
    operations::Model::read(document, source).map_err(|reason| misfit(document, OPERATIONS, &reason).into())
}

const OPERATIONS: &str = "operations";

/// The steps on the source.
pub(crate) fn apply(document: &Document, source: &mut syn::File) -> Result<(), Diagnostics> {
    apply_all(STEPS.iter(), document, source)
}

fn misfit(document: &Document, step: &str, reason: &str) -> Diagnostic {
    document.diagnostic(
        "",
        format!("the step `{step}` does not fit the output of progenitor {PROGENITOR}: {reason}"),
        "fix the step in crates/callrounded-codegen/src",
    )
}

fn apply_all<'s>(
    steps: impl Iterator<Item = &'s Step>,
    document: &Document,
    source: &mut syn::File,
) -> Result<(), Diagnostics> {
    for step in steps {
        if let Change::Source(change) = step.kind {
            change(document, source).map_err(|reason| misfit(document, step.name, &reason))?;
        }
    }
    Ok(())
}
