//! The server under a document that is stricter than today's.

use serde_json::json;

use super::*;

/// Today's document, with a call that is described more strictly.
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
            json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "minLength": 9 } } }),
        ),
        ("/components/schemas/TranscriptEntry/required", json!(["role", "voice"])),
        (
            "/components/schemas/TranscriptEntry/properties/voice",
            json!({ "type": "string" }),
        ),
    ];
    for (at, value) in changes {
        let (holder, name) = pointer::split(at).unwrap();
        document
            .pointer_mut(holder)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert(name, value);
    }
    Contract::of(Document::from_value("calls.yaml", document)).unwrap()
}

fn operation<'c>(contract: &'c Contract, id: &str) -> &'c Operation {
    contract.operations.iter().find(|operation| operation.id == id).unwrap()
}

#[test]
fn parameter_in_path_is_checked_as_its_schema_says() {
    let contract = stricter();
    let get = operation(&contract, "get_call");
    let id = "123e4567-e89b-12d3-a456-426614174000".to_owned();
    let Sent { path, query, .. } = contract.parameters(get, std::slice::from_ref(&id), "").unwrap();
    assert_eq!(
        (path, query),
        (json!({ "call_id": id }).as_object().unwrap().clone(), Map::new())
    );
    let found = contract.parameters(get, &["nobody".to_owned()], "").unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].keyword.as_str(), found[0].pointer.as_str()),
        ("format", "/call_id")
    );
}

#[test]
fn seeded_call_fits_a_stricter_document() {
    let contract = stricter();
    let schema = contract.call_schema().unwrap();
    let validator = contract.document.validator(&schema, Some(Direction::Response)).unwrap();
    let mut calls = crate::world::Calls::new(3, None, contract.calls.clone());
    let listed: Vec<Value> = calls.newest_first(None).map(crate::world::Listed::into_call).collect();
    let named = "00000000-0000-4000-a000-000000000002";
    let changed = calls.get_mut(named).unwrap().clone();
    let mut started = listed[0].clone();
    started["transcript"] = json!([]);
    let started = calls.made(started);
    for call in listed.iter().chain([&changed, &started]) {
        let found = validator.check(&Json::of(call));
        let found: Vec<_> = found.iter().filter(|one| one.verdict == Verdict::Error).collect();
        assert!(found.is_empty(), "{call:#} {found:?}");
    }
    // What fits is as ever.
    assert_eq!(
        (&listed[1]["id"], &listed[1]["status"]),
        (&json!(named), &json!("completed"))
    );
}

#[test]
fn answer_may_lack_what_is_required_and_not_needed() {
    let contract = stricter();
    let get = operation(&contract, "get_call");
    let found = |call: Value| {
        let found = contract.check_answer(get, 200, &Json::of(&json!({ "data": call })));
        found.into_iter().map(|one| one.keyword).collect::<Vec<_>>()
    };
    assert_eq!(
        found(json!({ "id": "x", "transcript": [{ "content": "Hello" }] })),
        Vec::<String>::new()
    );
    assert_eq!(found(json!({ "id": "x", "score": "12" })), ["type"]);
    assert_eq!(found(json!({ "id": "x", "language": null })), ["type"]);
    assert_eq!(found(json!({ "status": "completed" })), ["required"]);
    assert_eq!(
        contract.check_answer(get, 200, &Json::of(&json!({}))).len(),
        1,
        "data is needed"
    );
}
