//! The document against the vendor's reference that it was reconstructed from, and the generated types against the
//! document.

use callrounded_api::types::{CallResponse, UpdateCallRequest};
use callrounded_document::Document;
use serde_json::Value;

const REQUEST: &str = include_str!("../../openapi/examples/update_call.request.json");
const RESPONSE: &str = include_str!("../../openapi/examples/update_call.response.200.json");

fn document() -> Document {
    Document::parse("openapi/calls.yaml", include_str!("../../openapi/calls.yaml")).unwrap()
}

#[test]
fn document_has_facts_of_vendor_reference() {
    let document = document();
    let string = |pointer: &str| {
        document
            .get_str(pointer)
            .unwrap_or_else(|| panic!("{pointer} is missing or not a string"))
            .to_owned()
    };
    assert_eq!(string("/openapi"), "3.0.3");
    assert_eq!(string("/servers/0/url"), "https://api.callrounded.com");
    assert_eq!(string("/components/securitySchemes/apiKey/name"), "X-Api-Key");
    let request = "/components/schemas/UpdateCallRequest/properties";
    assert_eq!(
        document.get(&format!("{request}/override/default")),
        Some(&Value::Bool(false))
    );
    for field in ["metadata", "override"] {
        assert_eq!(
            document.get(&format!("{request}/{field}/nullable")),
            Some(&Value::Bool(true))
        );
    }
    let response = "/components/schemas/CallResponse";
    assert_eq!(
        document.get(&format!("{response}/required")),
        Some(&serde_json::json!(["data"]))
    );
    assert_eq!(
        string(&format!("{response}/properties/message/default")),
        "Call retrieved successfully"
    );
    assert_eq!(
        document.get(&format!("{response}/properties/status/default")),
        Some(&Value::from(200))
    );
}

#[test]
fn document_has_every_field_of_sample_response() {
    let document = document();
    let sample: Value = serde_json::from_str(RESPONSE).unwrap();
    for (schema, object) in [
        ("CallResponse", &sample),
        ("Call", &sample["data"]),
        ("TranscriptEntry", &sample["data"]["transcript"][0]),
        ("VariableValue", &sample["data"]["variable_values"][0]),
        ("ApiError", &sample["error"]),
        ("ApiErrorDetail", &sample["error"]["details"][0]),
    ] {
        for field in object.as_object().unwrap().keys() {
            let pointer = format!("/components/schemas/{schema}/properties/{field}");
            assert!(
                document.get(&pointer).is_some(),
                "{pointer} is missing from the document"
            );
        }
    }
}

/// Checks the table of facts in `openapi/README.md`: every pointer resolves in the document.
#[test]
fn readme_pointers_to_facts_resolve() {
    let document = document();
    let readme = include_str!("../../openapi/README.md");
    let table = readme
        .split("## Where each fact is")
        .nth(1)
        .unwrap()
        .split("## What is inferred")
        .next()
        .unwrap();
    let locations = table
        .lines()
        .filter_map(|row| row.split('|').nth(3))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let pointers: Vec<String> = locations
        .filter(|location| {
            location.starts_with("…/") || location.starts_with("/paths") || location.starts_with("/components")
        })
        .map(|location| location.replace('…', "/components/schemas"))
        .collect();
    assert!(pointers.len() > 20);
    for pointer in pointers {
        assert!(
            document.get(&pointer).is_some(),
            "openapi/README.md: {pointer} is not in the document"
        );
    }
}

/// Checks that every operation and schema names its source, and that every property of a call that was inferred from
/// the only sample is marked as inferred.
#[test]
fn document_marks_sources_and_inferred_properties() {
    let document = document();
    for operation in document.operations() {
        assert!(
            document.get(&format!("{}/x-source", operation.pointer)).is_some(),
            "{} has no x-source",
            operation.pointer
        );
    }
    for (name, schema) in document.members("/components/schemas") {
        assert!(
            document.get(&format!("{schema}/x-source")).is_some(),
            "{name} has no x-source"
        );
        if ["Call", "TranscriptEntry", "VariableValue", "ApiError", "ApiErrorDetail"].contains(&name) {
            for (property, pointer) in document.members(&format!("{schema}/properties")) {
                // An import marks the properties that it adds with `x-source`.
                let has = |extension: &str| document.get(&format!("{pointer}/{extension}")).is_some();
                assert!(
                    has("x-inferred") || has("x-source"),
                    "{name}.{property} has neither x-inferred nor x-source"
                );
            }
        }
    }
}

#[test]
fn samples_survive_round_trip_through_types() {
    let request: Value = serde_json::from_str(REQUEST).unwrap();
    let typed: UpdateCallRequest = serde_json::from_str(REQUEST).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), request);
    let response: Value = serde_json::from_str(RESPONSE).unwrap();
    let typed: CallResponse = serde_json::from_str(RESPONSE).unwrap();
    let mut serialized = serde_json::to_value(typed).unwrap();
    for field in ["duration_seconds", "redirect_duration_seconds"] {
        assert_eq!(serialized["data"][field].as_f64(), response["data"][field].as_f64());
        serialized["data"][field] = response["data"][field].clone();
    }
    assert_eq!(serialized, response);
}

/// With the feature `schemars`, the JSON Schema of each type has the documented properties, and requires what the type
/// requires.
#[test]
fn json_schemas_of_types_match_document() {
    macro_rules! schemas {
        ($($name:literal => $type:ty),* $(,)?) => {
            vec![$(($name, serde_json::to_value(schemars::schema_for!($type)).unwrap())),*]
        };
    }
    let document = document();
    let operations = document.operations();
    let requests = operations
        .iter()
        .filter_map(|operation| document.request_body(operation));
    let requests: Vec<String> = requests
        .filter_map(|media| document.resolve(&format!("{media}/schema")))
        .collect();
    let envelopes = operations.iter().filter_map(|operation| document.envelope(operation));
    let data: Vec<(String, String)> = envelopes
        .filter(|envelope| envelope.required)
        .map(|envelope| (envelope.schema, envelope.property))
        .collect();
    let schemas: Vec<(&str, Value)> = callrounded_api::for_each_schema!(schemas);
    assert_eq!(schemas.len(), document.members("/components/schemas").count());
    for (name, schema) in schemas {
        let pointer = format!("/components/schemas/{name}");
        // An open enumeration is a string.
        let Some(fields) = schema["properties"].as_object() else {
            assert_eq!(schema["type"], "string", "{name}");
            continue;
        };
        let mut generated: Vec<&String> = fields.keys().collect();
        let properties = format!("{pointer}/properties");
        let mut documented: Vec<&String> = document.get(&properties).unwrap().as_object().unwrap().keys().collect();
        generated.sort();
        documented.sort();
        // `extra` holds the undocumented properties. It is not a property of the JSON.
        assert_eq!(generated, documented, "{name}");
        // Responses are decoded leniently: their types require only what `x-needed` lists.
        let needed = document.get(&format!("{pointer}/x-needed"));
        let required = document.get(&format!("{pointer}/required"));
        let sorted = |names: Option<&Value>| {
            let mut names: Vec<String> = names
                .map(|names| serde_json::from_value(names.clone()).unwrap())
                .unwrap_or_default();
            names.sort();
            names
        };
        let is_sent = requests.contains(&pointer);
        let mut expected = sorted(if is_sent { required } else { needed });
        // An envelope also requires its data.
        expected.extend(
            data.iter()
                .filter(|(schema, _)| *schema == pointer)
                .map(|(_, property)| property.clone()),
        );
        expected.sort();
        expected.dedup();
        assert_eq!(sorted(schema.get("required")), expected, "{name}");
    }
}

/// The runtime works with any API, so its sources have no terms of this one.
#[test]
fn runtime_has_no_terms_of_this_api() {
    fn sources(directory: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    sources(
        &callrounded_tests::workspace().join("crates/callrounded-runtime/src"),
        &mut files,
    );
    assert!(files.len() > 30);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap().to_lowercase();
        // The HTTP header has nothing to do with agents of this API.
        let text = text.replace("user_agent", "");
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let word =
            words.find(|word| ["call", "calls", "agent", "agents", "transcript", "phone", "metadata"].contains(word));
        assert_eq!(word, None, "{} has a term of this API", file.display());
    }
}
