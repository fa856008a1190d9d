//! The messages and locations of mismatches, and invalid schemas. The verdicts themselves are tested in `verdicts.rs`.

use callrounded_document::{Document, Mismatch, Verdict, json::Json, traverse::Direction};
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

fn check(schema: &str, direction: Option<Direction>, text: &str) -> Vec<Mismatch> {
    let document = document();
    let validator = document
        .validator(&format!("/components/schemas/{schema}"), direction)
        .unwrap();
    validator.check(&Json::read(text).unwrap())
}

fn only(schema: &str, direction: Option<Direction>, text: &str) -> Mismatch {
    let mut found = check(schema, direction, text);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn check_of_serde_json_value_reports_mismatches() {
    let document = document();
    let validator = document.validator("/components/schemas/Holder", None).unwrap();
    let check = |value: Value| validator.check(&Json::of(&value));
    assert_eq!(check(json!({"nullable": true, "when": "2026-08-21T10:00:00Z"})), []);
    assert_eq!(check(json!({"nullable": "yes"}))[0].pointer, "/nullable");
    assert_eq!(check(json!({"when": "2026-08-21T10:00:00"}))[0].keyword, "format");
}

#[test]
fn mismatch_in_branch_has_pointer_of_property_and_no_value_in_message() {
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
fn missing_property_has_name_and_pointer_of_its_object() {
    let text = r#"{"named": {}}"#;
    let found = only("Holder", None, text);
    assert_eq!((found.pointer.as_str(), found.keyword.as_str()), ("/named", "required"));
    assert_eq!(found.property.as_deref(), Some("name"));
    assert_eq!(&text[found.span.clone()], "{}");
    assert_eq!(found.schema, "/components/schemas/Named/required");
    assert_eq!(found.verdict, Verdict::Error);
}

#[test]
fn additional_property_has_its_own_pointer() {
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
fn write_only_property_in_response_has_its_own_pointer() {
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
fn unknown_enum_value_message_quotes_listed_values_but_not_the_value() {
    let found = only("State", None, r#""on-hold""#);
    assert!(!found.problem.contains("on-hold"), "{}", found.problem);
    assert!(found.problem.contains("ringing"), "{}", found.problem);
    assert_eq!(found.schema, "/components/schemas/State/enum");
}

#[test]
fn duplicate_key_has_spans_of_both_keys() {
    let text = r#"{"name": "a", "n\u0061me": "b"}"#;
    let found = only("Named", None, text);
    assert_eq!(found.keyword, "duplicate");
    assert_eq!(&text[found.span.clone()], r#""n\u0061me""#);
    assert_eq!(&text[found.related.clone().unwrap()], r#""name""#);
    assert_eq!(found.schema, "");
}

#[test]
fn accepts_allows_unknown_properties_but_no_duplicate_keys() {
    let document = document();
    let validator = document.validator("/components/schemas/Holder", None).unwrap();
    let payload = Json::read(r#"{"more": 1}"#).unwrap();
    assert!(validator.accepts(&payload) && !validator.is_clean(&payload));
    let duplicate = Json::read(r#"{"nullable": true, "nullable": true}"#).unwrap();
    assert!(!validator.accepts(&duplicate) && !validator.is_clean(&duplicate));
}

#[test]
fn validator_for_invalid_schema_is_an_error_with_pointer() {
    let document = document();
    let at = |schema: &str| {
        let result = document.validator(&format!("/components/schemas/{schema}"), None);
        result.unwrap_err().iter().next().unwrap().pointer.clone()
    };
    // An invalid pattern is reported separately, and the rest of the schema is validated.
    let patterns = document.invalid_patterns();
    assert_eq!(patterns.len(), 1);
    assert_eq!(patterns[0].pointer, "/components/schemas/Broken/pattern");
    assert!(document.validator("/components/schemas/Broken", None).is_ok());
    assert_eq!(at("Lost"), "/components/schemas/Lost/properties/a/$ref");
    assert_eq!(at("Circle"), "/components/schemas/Circle/$ref");
    assert_eq!(at("Listed"), "/components/schemas/Listed/properties");
    assert_eq!(at("None"), "/components/schemas/None");
}
