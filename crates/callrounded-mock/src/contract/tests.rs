//! Tests of the server with a document that is stricter than the current one.

use serde_json::json;

use super::*;

/// Returns the contract of the current document with a stricter schema of calls.
fn stricter() -> Contract {
    let mut document: Value = Document::parse("calls.yaml", DOCUMENT).unwrap().value().clone();
    let changes = [
        ("/components/parameters/CallId/schema/format", json!("uuid")),
        (
            "/components/schemas/Call/required",
            json!(["id", "language", "transcript", "score", "agent", "status"]),
        ),
        (
            "/components/schemas/Call/properties/language",
            json!({ "type": "string", "enum": ["fr", "en"] }),
        ),
        (
            "/components/schemas/Call/properties/score",
            json!({ "type": "integer", "minimum": 10, "multipleOf": 3 }),
        ),
        (
            "/components/schemas/Call/properties/agent",
            json!({ "$ref": "#/components/schemas/Agent" }),
        ),
        (
            "/components/schemas/Call/properties/cost",
            json!({ "type": "string", "format": "decimal" }),
        ),
        (
            "/components/schemas/Agent",
            json!({
                "type": "object",
                "required": ["name"],
                "properties": { "name": { "type": "string", "minLength": 9 } },
            }),
        ),
        ("/components/schemas/TranscriptEntry/required", json!(["role", "voice"])),
        (
            "/components/schemas/TranscriptEntry/properties/voice",
            json!({ "type": "string" }),
        ),
    ];
    for (at, value) in changes {
        let (parent, key) = pointer::split(at).unwrap();
        document
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert(key, value);
    }
    Contract::of(Document::from_value("calls.yaml", document)).unwrap()
}

fn operation<'c>(contract: &'c Contract, id: &str) -> &'c Operation {
    contract.operations.iter().find(|operation| operation.id == id).unwrap()
}

#[test]
fn path_parameter_of_wrong_format_is_reported() {
    let contract = stricter();
    let get = operation(&contract, "get_call");
    let id = "123e4567-e89b-12d3-a456-426614174000".to_owned();
    let Parameters { path, query, .. } = contract.parameters(get, std::slice::from_ref(&id), "").unwrap();
    assert_eq!(
        (path, query),
        (json!({ "call_id": id }).as_object().unwrap().clone(), Map::new())
    );
    let violations = contract.parameters(get, &["unknown".to_owned()], "").unwrap_err();
    assert_eq!(violations.len(), 1);
    assert_eq!(
        (violations[0].keyword.as_str(), violations[0].pointer.as_str()),
        ("format", "/call_id")
    );
}

#[test]
fn seeded_call_with_stricter_document_is_valid() {
    let contract = stricter();
    let schema = contract.call_schema().unwrap();
    let validator = contract.document.validator(&schema, Some(Direction::Response)).unwrap();
    let mut calls = crate::calls::Calls::new(3, None, contract.calls.clone());
    let listed: Vec<Value> = calls.newest_first(None).map(crate::calls::Listed::into_call).collect();
    let id = "00000000-0000-4000-a000-000000000002";
    let changed = calls.get_mut(id).unwrap().clone();
    let mut started = listed[0].clone();
    started["transcript"] = json!([]);
    let started = calls.new_call(started);
    for call in listed.iter().chain([&changed, &started]) {
        let violations = validator.check(&Json::of(call));
        let errors: Vec<_> = violations
            .iter()
            .filter(|violation| violation.verdict == Verdict::Error)
            .collect();
        assert!(errors.is_empty(), "{call:#} {errors:?}");
    }
    // Valid properties are unchanged.
    assert_eq!(
        (&listed[1]["id"], &listed[1]["status"]),
        (&json!(id), &json!("completed"))
    );
}

#[test]
fn response_without_required_property_is_valid_unless_needed() {
    let contract = stricter();
    let get = operation(&contract, "get_call");
    let violated_keywords = |call: Value| {
        let violations = contract.check_response(get, 200, &Json::of(&json!({ "data": call })));
        violations
            .into_iter()
            .map(|violation| violation.keyword)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        violated_keywords(json!({ "id": "x", "transcript": [{ "content": "Hello" }] })),
        Vec::<String>::new()
    );
    assert_eq!(violated_keywords(json!({ "id": "x", "score": "12" })), ["type"]);
    assert_eq!(violated_keywords(json!({ "id": "x", "language": null })), ["type"]);
    assert_eq!(violated_keywords(json!({ "status": "completed" })), ["required"]);
    assert_eq!(
        contract.check_response(get, 200, &Json::of(&json!({}))).len(),
        1,
        "expected a violation: `data` is needed"
    );
}
