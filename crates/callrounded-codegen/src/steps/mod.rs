//! The steps that change progenitor's input and output, and the reason for each.
//!
//! A step that no longer finds what it changes is an error, so that an upgrade of progenitor cannot undo a step
//! unnoticed.

mod builder_docs;
mod choices;
mod client_feature;
mod distinguish_null;
mod document_constants;
pub(crate) mod find;
mod lenient_limits;
mod lenient_responses;
mod media_types;
mod no_version_header;
mod non_exhaustive_structs;
mod objects_only;
mod open_enums;
mod open_objects;
mod optional_schemars;
mod plain_builders;
mod plain_schemas;
mod redacted_debug;
mod tags;
mod unions;
mod unique_conversions;

use std::collections::HashSet;

use callrounded_document::{
    Diagnostic, Diagnostics, Document,
    traverse::{self, Direction},
};
use progenitor_impl::{GenerationSettings, TypeImpl};
use schemars_08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use crate::{PROGENITOR, operations};
use tags::Tags;

/// A step, with its reason.
pub(crate) struct Step {
    pub name: &'static str,
    pub why: &'static str,
    kind: Change,
}

enum Change {
    /// Changes every schema before progenitor sees it.
    Schema(fn(&mut Value)),
    /// Changes every schema too, depending on other schemas. The string is the pointer to the schema.
    Choice(fn(&Document, &str, &mut Value)),
    /// Changes the schemas that only occur in responses, before progenitor sees them. The string is the pointer to the
    /// schema.
    Response(fn(&Document, &Tags, &str, &mut Value)),
    /// Maps values of a type and format to a Rust type.
    Type {
        schema: &'static str,
        format: &'static str,
        rust: &'static str,
    },
    /// Changes the source that progenitor wrote.
    Source(fn(&Document, &mut syn::File) -> Result<(), String>),
}

const STEPS: &[Step] = &[
    Step {
        name: "open_objects",
        why: "a property that the service adds must not break a deployed client",
        kind: Change::Schema(open_objects::change),
    },
    Step {
        name: "lenient_limits",
        why: "the validator checks limits; a client that enforced them would fail to decode whole responses",
        kind: Change::Schema(lenient_limits::change),
    },
    Step {
        name: "choices",
        why: "an `anyOf` of more than objects, or with a distinguishing property, becomes an enum, not a struct",
        kind: Change::Choice(choices::change),
    },
    Step {
        name: "plain_schemas",
        why: "extensions, titles and compound defaults are for human readers; progenitor fails on them",
        kind: Change::Schema(plain_schemas::change),
    },
    Step {
        name: "lenient_responses",
        why: "a missing field does not prevent decoding of a response; `x-needed` lists the exceptions",
        kind: Change::Response(lenient_responses::change),
    },
    Step {
        name: "timestamps",
        why: "a timestamp in another format, or an invalid one, does not prevent decoding, and its string is kept",
        kind: Change::Type {
            schema: "string",
            format: "date-time",
            rust: "::callrounded_runtime::Timestamp",
        },
    },
    Step {
        name: "local_timestamps",
        why: "a time without an offset is a timestamp too, which reports that it has none",
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
        why: "an amount that is written as a string is decoded as a number too",
        kind: Change::Type {
            schema: "string",
            format: "decimal",
            rust: "::callrounded_runtime::DecimalString",
        },
    },
    Step {
        name: "uuids",
        why: "an identifier is sent back unchanged; one in another format does not prevent decoding",
        kind: Change::Type {
            schema: "string",
            format: "uuid",
            rust: "::std::string::String",
        },
    },
    Step {
        name: "open_enums",
        why: "a value that the service adds is kept unchanged",
        kind: Change::Source(open_enums::change),
    },
    Step {
        name: "unions",
        why: "a discriminator selects the variant, an unknown one is kept, and errors have paths",
        kind: Change::Source(unions::change),
    },
    Step {
        name: "unique_conversions",
        why: "a union with a string has one conversion from strings; progenitor writes two that clash",
        kind: Change::Source(unique_conversions::change),
    },
    Step {
        name: "non_exhaustive_structs",
        why: "a field that the service adds does not break code that uses builders and `..` patterns",
        kind: Change::Source(non_exhaustive_structs::change),
    },
    Step {
        name: "no_version_header",
        why: "progenitor sends an `api-version` header that the vendor's reference does not mention",
        kind: Change::Source(no_version_header::change),
    },
    Step {
        name: "media_types",
        why: "JSON is sent and accepted as its documented media type; progenitor only supports `application/json`",
        kind: Change::Source(media_types::change),
    },
    Step {
        name: "distinguish_null",
        why: "a request can distinguish null from an absent value, as the document allows",
        kind: Change::Source(distinguish_null::change),
    },
    Step {
        name: "plain_builders",
        why: "a builder takes `value`, not `Some(Some(value))`, and rejects an invalid timestamp or decimal",
        kind: Change::Source(plain_builders::change),
    },
    Step {
        name: "builder_docs",
        why: "progenitor writes no documentation for builders and for properties without a description",
        kind: Change::Source(builder_docs::change),
    },
    Step {
        name: OPERATIONS,
        why: "one generic request sends every operation; the errors of progenitor's builders have no source",
        kind: Change::Source(operations::change),
    },
    Step {
        name: "objects_only",
        why: "a list is not an object; serde would decode its elements as the fields in their order",
        kind: Change::Source(objects_only::change),
    },
    Step {
        name: "redacted_debug",
        why: "Debug shows what the document marks `x-personal-data: false` and redacts the rest",
        kind: Change::Source(redacted_debug::change),
    },
    Step {
        name: "optional_schemars",
        why: "the feature `schemars` adds JSON Schemas of the types",
        kind: Change::Source(optional_schemars::change),
    },
    Step {
        name: "document_constants",
        why: "the server, the API key header and the list of schemas come from the document too",
        kind: Change::Source(document_constants::change),
    },
    Step {
        name: "client_feature",
        why: "programs that only handle payloads disable `client` and get the types without an HTTP client",
        kind: Change::Source(client_feature::change),
    },
];

pub(crate) use unions::with_named_branches;

/// Returns the items of a module of the generated source.
pub(crate) fn items<'s>(source: &'s mut syn::File, module: &str) -> Result<&'s [syn::Item], String> {
    find::module(source, &[module]).map(|items| items.as_slice())
}

/// Returns the items of the generated module `types`.
pub(crate) fn types(source: &mut syn::File) -> &[syn::Item] {
    find::module(source, &["types"])
        .map(|items| items.as_slice())
        .unwrap_or_default()
}

/// Returns all steps, in the order in which they are applied.
pub(crate) fn all() -> &'static [Step] {
    STEPS
}

/// Applies the steps on schemas to `value`, a copy of the document.
pub(crate) fn relax(document: &Document, value: &mut Value) {
    // progenitor generates code for extensions of dropshot, which needs crates that the client does not depend on.
    for operation in document.operations() {
        if let Some(operation) = value.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
            operation.retain(|key, _| !key.starts_with("x-"));
        }
    }
    let requests: HashSet<String> = traverse::component_schemas_of(document, Direction::Request)
        .into_iter()
        .collect();
    let mut responses = traverse::component_schemas_of(document, Direction::Response);
    responses.retain(|schema| !requests.contains(schema));
    let mut tags = tags::tags(document);
    tags.extend(required_data(document));
    let responses: HashSet<String> = responses
        .iter()
        .flat_map(|schema| traverse::schemas_in(document, schema))
        .collect();
    // Inner schemas first, so that their pointers are still valid.
    for node in traverse::nodes(document)
        .iter()
        .rev()
        .filter(|node| node.kind == traverse::Kind::Schema)
    {
        let Some(schema) = value.pointer_mut(&node.pointer) else {
            continue;
        };
        for step in STEPS {
            match step.kind {
                Change::Schema(change) => change(schema),
                Change::Choice(change) => change(document, &node.pointer, schema),
                Change::Response(change) if responses.contains(&node.pointer) => {
                    change(document, &tags, &node.pointer, schema);
                }
                _ => {}
            }
        }
    }
    joined_lists(document, value);
    media_types::replace(document, value);
    only_success(document, value);
}

/// Returns the properties without which a response has no data: that of its envelope, if required, and the list of a
/// page. Each has the pointer to its schema.
fn required_data(document: &Document) -> Vec<(String, String)> {
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

/// Replaces the schemas of lists that are sent as one string by those of strings. progenitor sends each value of a list
/// separately, and supports no lists in headers.
fn joined_lists(document: &Document, value: &mut Value) {
    let nodes = traverse::nodes(document);
    for node in nodes.iter().filter(|node| node.kind == traverse::Kind::Parameter) {
        if document.list_separator(&node.pointer).is_none() {
            continue;
        }
        if let Some(parameter) = value.pointer_mut(&node.pointer).and_then(Value::as_object_mut) {
            parameter.insert("schema".to_owned(), serde_json::json!({ "type": "string" }));
            parameter.retain(|field, _| field != "style" && field != "explode");
        }
    }
}

/// Removes all responses except those of success. Errors have one type, whatever the document describes, and progenitor
/// rejects two.
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

/// Adds the steps on types to the settings of the generator.
pub(crate) fn add_conversions(settings: &mut GenerationSettings) {
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

/// Applies the steps before the one that replaces the operations, and returns the model of the operations.
pub(crate) fn model(document: &Document, source: &mut syn::File) -> Result<operations::Model, Diagnostics> {
    let before = STEPS.iter().take_while(|step| step.name != OPERATIONS);
    apply_all(before, document, source)?;
    operations::Model::read(document, source).map_err(|reason| step_error(document, OPERATIONS, &reason).into())
}

/// The name of the step that replaces the operations.
const OPERATIONS: &str = "operations";

/// Applies the steps on the source.
pub(crate) fn apply(document: &Document, source: &mut syn::File) -> Result<(), Diagnostics> {
    apply_all(STEPS.iter(), document, source)
}

fn step_error(document: &Document, step: &str, reason: &str) -> Diagnostic {
    document.diagnostic(
        "",
        format!("the step `{step}` does not match the output of progenitor {PROGENITOR}: {reason}"),
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
            change(document, source).map_err(|reason| step_error(document, step.name, &reason))?;
        }
    }
    Ok(())
}
