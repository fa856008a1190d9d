//! What a validator says of a payload beside the verdict, which `verdicts.rs` looks at: the words, the places, and what
//! becomes of a document that holds no valid schema.
#![cfg(feature = "validate")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic
)]

use callrounded_document::{Deviation, Document, Verdict, json::Json, walk::Direction};
use serde_json::{Value, json};

const DOCUMENT: &str = r##"
components:
  schemas:
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Holder:
      type: object
      properties:
        nullable: {type: boolean}
        when: {type: string, format: date-time}
        named: {oneOf: [{$ref: '#/components/schemas/Named'}, {enum: [null]}]}
    Closed: {type: object, properties: {secret: {type: string, writeOnly: true}}, additionalProperties: false}
    State: {type: string, enum: [ringing, done]}
    Broken: {type: string, pattern: '('}
    Lost: {type: object, properties: {a: {$ref: '#/components/schemas/Nowhere'}}}
    Circle: {$ref: '#/components/schemas/Circle'}
    Listed: {type: object, properties: [a]}
"##;

fn document() -> Document {
    Document::parse("calls.yaml", DOCUMENT).unwrap()
}

fn check(schema: &str, direction: Option<Direction>, text: &str) -> Vec<Deviation> {
    let document = document();
    let validator = document
        .validator(&format!("/components/schemas/{schema}"), direction)
        .unwrap();
    validator.check(&Json::read(text).unwrap())
}

fn only(schema: &str, direction: Option<Direction>, text: &str) -> Deviation {
    let mut found = check(schema, direction, text);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_value_of_serde_json_is_checked_like_a_text() {
    let document = document();
    let validator = document.validator("/components/schemas/Holder", None).unwrap();
    let check = |value: Value| validator.check(&Json::of(&value));
    assert_eq!(check(json!({"nullable": true, "when": "2026-08-21T10:00:00Z"})), []);
    assert_eq!(check(json!({"nullable": "yes"}))[0].pointer, "/nullable");
    assert_eq!(check(json!({"when": "2026-08-21T10:00:00"}))[0].keyword, "format");
}

#[test]
fn a_finding_names_the_member_inside_the_branch_and_not_the_value() {
    let text = r#"{"named": {"name": 12345}}"#;
    let found = only("Holder", None, text);
    assert_eq!(
        (found.pointer.as_str(), found.keyword.as_str()),
        ("/named/name", "type")
    );
    assert_eq!(&text[found.span.clone()], "12345");
    assert_eq!(found.schema, "/components/schemas/Named/properties/name/type");
    assert!(!found.problem.contains("12345"), "{}", found.problem);
}

#[test]
fn what_is_missing_is_named_and_stands_at_its_object() {
    let text = r#"{"named": {}}"#;
    let found = only("Holder", None, text);
    assert_eq!((found.pointer.as_str(), found.keyword.as_str()), ("/named", "required"));
    assert_eq!(found.property.as_deref(), Some("name"));
    assert_eq!(&text[found.span.clone()], "{}");
    assert_eq!(found.schema, "/components/schemas/Named/required");
    assert_eq!(found.verdict, Verdict::Error);
}

#[test]
fn what_is_too_much_stands_at_itself() {
    let found = only("Closed", None, r#"{"more": "of it"}"#);
    assert_eq!(
        (found.pointer.as_str(), found.keyword.as_str()),
        ("/more", "additionalProperties")
    );
    assert_eq!(found.schema, "/components/schemas/Closed/additionalProperties");
    let found = only("Holder", None, r#"{"more": "of it"}"#);
    assert_eq!(
        (found.pointer.as_str(), found.keyword.as_str()),
        ("/more", "properties")
    );
    assert_eq!(found.schema, "/components/schemas/Holder/properties");
    assert_eq!(found.verdict, Verdict::Drift);
}

#[test]
fn a_property_of_the_other_direction_is_found_at_itself() {
    let text = r#"{"secret": "hush-hush"}"#;
    assert_eq!(check("Closed", Some(Direction::Request), text), []);
    let found = only("Closed", Some(Direction::Response), text);
    assert_eq!(
        (found.pointer.as_str(), found.keyword.as_str()),
        ("/secret", "writeOnly")
    );
    assert_eq!(&text[found.span.clone()], r#""hush-hush""#);
    assert_eq!(found.schema, "/components/schemas/Closed/properties/secret/writeOnly");
}

#[test]
fn a_value_that_is_not_listed_is_not_quoted_but_those_that_are_listed_are() {
    let found = only("State", None, r#""on-hold""#);
    assert!(!found.problem.contains("on-hold"), "{}", found.problem);
    assert!(found.problem.contains("ringing"), "{}", found.problem);
    assert_eq!(found.schema, "/components/schemas/State/enum");
}

#[test]
fn a_name_that_is_there_twice_points_at_both() {
    let text = r#"{"name": "a", "n\u0061me": "b"}"#;
    let found = only("Named", None, text);
    assert_eq!(found.keyword, "duplicate");
    assert_eq!(&text[found.span.clone()], r#""n\u0061me""#);
    assert_eq!(&text[found.also.clone().unwrap()], r#""name""#);
    assert_eq!(found.schema, "");
}

#[test]
fn a_payload_fits_though_it_holds_more_than_is_known() {
    let document = document();
    let validator = document.validator("/components/schemas/Holder", None).unwrap();
    let payload = Json::read(r#"{"more": 1}"#).unwrap();
    assert!(validator.accepts(&payload) && !validator.is_clean(&payload));
    let flawed = Json::read(r#"{"nullable": true, "nullable": true}"#).unwrap();
    assert!(!validator.accepts(&flawed) && !validator.is_clean(&flawed));
}

#[test]
fn a_broken_schema_is_a_diagnostic() {
    let document = document();
    let at = |schema: &str| {
        let refused = document.validator(&format!("/components/schemas/{schema}"), None);
        refused.unwrap_err().iter().next().unwrap().pointer.clone()
    };
    // A pattern that is none keeps nothing else from being checked.
    let patterns = document.unusable_patterns();
    assert_eq!(patterns.len(), 1);
    assert_eq!(patterns[0].pointer, "/components/schemas/Broken/pattern");
    assert!(document.validator("/components/schemas/Broken", None).is_ok());
    assert_eq!(at("Lost"), "/components/schemas/Lost/properties/a/$ref");
    assert_eq!(at("Circle"), "/components/schemas/Circle/$ref");
    assert_eq!(at("Listed"), "/components/schemas/Listed/properties");
    assert_eq!(at("None"), "/components/schemas/None");
}
