//! The document against the page that it was reconstructed from, and the generated types against the document.

use callrounded_api::types::{CallResponse, UpdateCallRequest};
use callrounded_document::Document;
use serde_json::Value;

const REQUEST: &str = include_str!("../../openapi/examples/update_call.request.json");
const RESPONSE: &str = include_str!("../../openapi/examples/update_call.response.200.json");

fn document() -> Document {
    Document::parse("openapi/calls.yaml", include_str!("../../openapi/calls.yaml")).unwrap()
}

#[test]
fn the_facts_of_the_page_are_in_it() {
    let document = document();
    let text = |pointer: &str| {
        document
            .text(pointer)
            .unwrap_or_else(|| panic!("{pointer} is missing"))
            .to_owned()
    };
    assert_eq!(text("/openapi"), "3.0.3");
    assert_eq!(text("/servers/0/url"), "https://api.callrounded.com");
    assert_eq!(text("/components/securitySchemes/apiKey/name"), "X-Api-Key");
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
        text(&format!("{response}/properties/message/default")),
        "Call retrieved successfully"
    );
    assert_eq!(
        document.get(&format!("{response}/properties/status/default")),
        Some(&Value::from(200))
    );
}

#[test]
fn every_field_of_the_sample_is_in_it() {
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
            assert!(document.get(&pointer).is_some(), "{pointer} is missing");
        }
    }
}

/// Where its README says that a fact is in the document, there is something.
#[test]
fn the_table_of_facts_points_at_what_is_there() {
    let document = document();
    let readme = include_str!("../../openapi/README.md");
    let table = readme
        .split("## Where each fact is")
        .nth(1)
        .unwrap()
        .split("## What is inferred")
        .next()
        .unwrap();
    let places = table
        .lines()
        .filter_map(|row| row.split('|').nth(3))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let pointers: Vec<String> = places
        .filter(|place| place.starts_with("…/") || place.starts_with("/paths") || place.starts_with("/components"))
        .map(|place| place.replace('…', "/components/schemas"))
        .collect();
    assert!(pointers.len() > 20);
    for pointer in pointers {
        assert!(document.get(&pointer).is_some(), "{pointer} is not in the document");
    }
}

/// Every operation and schema says where it was taken from; every value of a call that was read off the one sample says
/// that it was.
#[test]
fn what_is_stated_and_what_is_inferred_stay_apart() {
    let document = document();
    for operation in document.operations() {
        assert!(
            document.get(&format!("{}/x-source", operation.pointer)).is_some(),
            "{}",
            operation.pointer
        );
    }
    for (name, schema) in document.members("/components/schemas") {
        assert!(
            document.get(&format!("{schema}/x-source")).is_some(),
            "{name} has no x-source"
        );
        if ["Call", "TranscriptEntry", "VariableValue", "ApiError", "ApiErrorDetail"].contains(&name) {
            for (property, at) in document.members(&format!("{schema}/properties")) {
                // What an import adds says that it does.
                let has = |note: &str| document.get(&format!("{at}/{note}")).is_some();
                assert!(has("x-inferred") || has("x-source"), "{name}.{property} has neither");
            }
        }
    }
}

#[test]
fn the_samples_go_through_their_types_unchanged() {
    let request: Value = serde_json::from_str(REQUEST).unwrap();
    let typed: UpdateCallRequest = serde_json::from_str(REQUEST).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), request);
    let response: Value = serde_json::from_str(RESPONSE).unwrap();
    let typed: CallResponse = serde_json::from_str(RESPONSE).unwrap();
    let mut again = serde_json::to_value(typed).unwrap();
    for seconds in ["duration_seconds", "redirect_duration_seconds"] {
        assert_eq!(again["data"][seconds].as_f64(), response["data"][seconds].as_f64());
        again["data"][seconds] = response["data"][seconds].clone();
    }
    assert_eq!(again, response);
}

/// With the feature `schemars` each type describes itself as the document does: the same fields, the same required ones.
#[test]
fn the_types_have_json_schemas() {
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
        // An open enumeration is a text.
        let Some(fields) = schema["properties"].as_object() else {
            assert_eq!(schema["type"], "string", "{name}");
            continue;
        };
        let mut ours: Vec<&String> = fields.keys().collect();
        let properties = format!("{pointer}/properties");
        let mut theirs: Vec<&String> = document.get(&properties).unwrap().as_object().unwrap().keys().collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{name}");
        // What is read needs less than the document requires: only what it marks so.
        let needed = document.get(&format!("{pointer}/x-needed"));
        let required = document.get(&format!("{pointer}/required"));
        // `extra` holds what the document does not name; it is no field of the JSON.
        let sorted = |names: Option<&Value>| {
            let mut names: Vec<String> = names
                .map(|names| serde_json::from_value(names.clone()).unwrap())
                .unwrap_or_default();
            names.sort();
            names
        };
        let is_sent = requests.contains(&pointer);
        let mut wanted = sorted(if is_sent { required } else { needed });
        // Without its data an envelope is of no use either.
        wanted.extend(
            data.iter()
                .filter(|(schema, _)| *schema == pointer)
                .map(|(_, property)| property.clone()),
        );
        wanted.sort();
        wanted.dedup();
        assert_eq!(sorted(schema.get("required")), wanted, "{name}");
    }
}

/// The runtime is for any API.
#[test]
fn runtime_has_no_word_of_this_api() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => sources(&path, found),
                false => found.push(path),
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
        let word = words.find(|word| {
            [
                "call",
                "calls",
                "agent",
                "agents",
                "transcript",
                "telephone",
                "phone",
                "metadata",
            ]
            .contains(word)
        });
        assert_eq!(word, None, "{}", file.display());
    }
}
