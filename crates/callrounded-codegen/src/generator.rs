//! Runs progenitor, and where it fails finds the operation or schema that it fails on.

use std::collections::HashSet;

use callrounded_document::{Diagnostic, Diagnostics, Document, pointer};
use openapiv3::{OpenAPI, ReferenceOr, Schema};
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

use crate::{PROGENITOR, guard, steps};
use callrounded_document::walk;

pub(crate) fn run(document: &Document) -> Result<syn::File, Diagnostics> {
    let mut value = document.value().clone();
    steps::relax(document, &mut value);
    let mut source = attempt(value.clone()).map_err(|reason| blame(document, &value, &reason))?;
    one_type_a_name(document, &mut source)?;
    Ok(source)
}

/// A schema without a name is named after where it stands, which may be the name of another.
fn one_type_a_name(document: &Document, source: &mut syn::File) -> Result<(), Diagnostics> {
    let schemas = steps::find::Schemas::of(document);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for item in steps::types(source) {
        let ident = match item {
            syn::Item::Struct(item) => &item.ident,
            syn::Item::Enum(item) => &item.ident,
            _ => continue,
        };
        if !seen.insert(ident.to_string()) {
            found.push(document.diagnostic(
                schemas.get(ident).unwrap_or_default(),
                format!("another schema, one inside a schema, makes the type `{ident}` too"),
                "move that one under components/schemas, with a name of its own",
            ));
        }
    }
    Diagnostics::none_or(found)
}

/// Generates from the document as JSON. An error is the reason in words, without a place.
fn attempt(document: Value) -> Result<syn::File, String> {
    guard::quietly(|| {
        let document: OpenAPI = serde_json::from_value(document).map_err(|error| error.to_string())?;
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(InterfaceStyle::Builder)
            // So that those who test with these types can compare them.
            .with_derive("PartialEq");
        steps::convert(&mut settings);
        let tokens = Generator::new(&settings)
            .generate_tokens(&document)
            .map_err(|error| error.to_string())?;
        syn::parse2(tokens).map_err(|error| format!("the source it makes is no Rust: {error}"))
    })
    .unwrap_or_else(Err)
}

/// Progenitor says what it fails on, not where. So the document is cut down, to one operation or schema at a time,
/// until what fails alone is found.
fn blame(document: &Document, value: &Value, reason: &str) -> Diagnostics {
    let mut found: Vec<Diagnostic> = Vec::new();
    for schema in failing_schemas(document, value) {
        found.push(refusal(
            document,
            &unreadable_inside(document, &schema.0),
            "schema",
            &schema.1,
        ));
    }
    if found.is_empty() {
        for operation in document.operations() {
            let item = json!({ operation.method.as_str().to_ascii_lowercase(): document.get(&operation.pointer) });
            let mut paths = Map::new();
            paths.insert(
                operation.path.to_owned(),
                with_shared_parameters(document, &operation.pointer, item),
            );
            let mut alone = value.clone();
            replace(&mut alone, "paths", Value::Object(paths));
            if let Err(reason) = attempt(alone) {
                found.push(refusal(document, &operation.pointer, "operation", &reason));
            }
        }
    }
    match Diagnostics::none_or(found) {
        Err(found) => found,
        Ok(()) => refusal(document, "", "document", reason).into(),
    }
}

/// The component schemas that fail with nothing but what they refer to, and the reason; of two of which one refers to
/// the other, only the inner.
fn failing_schemas(document: &Document, value: &Value) -> Vec<(String, String)> {
    let mut failing: Vec<(String, String, Vec<String>)> = Vec::new();
    for (_, schema) in document.members("/components/schemas") {
        let reached = walk::reachable(document, [schema.clone()]);
        let kept: Map<String, Value> = value
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(name, _)| {
                let at = pointer::join("/components/schemas", name);
                at == schema || reached.contains(&at)
            })
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect();
        let mut alone = value.clone();
        replace(&mut alone, "paths", json!({}));
        replace(&mut alone, "components", json!({ "schemas": kept }));
        if let Err(reason) = attempt(alone) {
            failing.push((schema, reason, reached));
        }
    }
    let names: Vec<String> = failing.iter().map(|(schema, ..)| schema.clone()).collect();
    failing.retain(|(schema, _, reached)| !names.iter().any(|other| other != schema && reached.contains(other)));
    failing
        .into_iter()
        .map(|(schema, reason, _)| (schema, reason))
        .collect()
}

/// The innermost schema in the one at `schema` that is no OpenAPI schema by itself; that one where all are.
fn unreadable_inside(document: &Document, schema: &str) -> String {
    let unreadable = |at: &String| {
        document
            .get(at)
            .is_some_and(|value| serde_json::from_value::<ReferenceOr<Schema>>(value.clone()).is_err())
    };
    let inside = walk::schemas_in(document, schema).into_iter().filter(unreadable);
    inside.max_by_key(String::len).unwrap_or_else(|| schema.to_owned())
}

fn with_shared_parameters(document: &Document, operation: &str, mut item: Value) -> Value {
    let shared =
        pointer::split(operation).and_then(|(path_item, _)| document.get(&pointer::join(path_item, "parameters")));
    if let (Some(shared), Some(item)) = (shared, item.as_object_mut()) {
        item.insert("parameters".to_owned(), shared.clone());
    }
    item
}

fn replace(document: &mut Value, name: &str, value: Value) {
    if let Some(document) = document.as_object_mut() {
        document.insert(name.to_owned(), value);
    }
}

fn refusal(document: &Document, pointer: &str, what: &str, reason: &str) -> Diagnostic {
    document.diagnostic(
        pointer,
        format!("the generator (progenitor {PROGENITOR}) can't take this {what}: {reason}"),
        "write it in another way that says the same; a simpler schema under components/schemas usually does",
    )
}
