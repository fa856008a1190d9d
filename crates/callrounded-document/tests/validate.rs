//! Payloads against schemas, under a strict reading of OpenAPI 3.0.
#![cfg(feature = "validate")]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use callrounded_document::Document;
use serde_json::{Value, json};

const DOCUMENT: &str = r##"
components:
  schemas:
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Under: {type: integer, minimum: 3, exclusiveMinimum: true}
    Text: {type: string, nullable: true}
    Chosen: {type: string, nullable: true, enum: [a, b]}
    Beside: {$ref: '#/components/schemas/Named', nullable: true}
    Holder:
      type: object
      properties:
        nullable: {type: boolean}
        when: {type: string, format: date-time}
        named: {oneOf: [{$ref: '#/components/schemas/Named'}, {enum: [null]}]}
    Untyped: {nullable: true}
    Broken: {type: string, pattern: '('}
"##;

fn findings(schema: &str, payload: Value) -> Vec<(String, String, String)> {
    let document = Document::parse("calls.yaml", DOCUMENT).unwrap();
    let validator = document.validator(&format!("/components/schemas/{schema}")).unwrap();
    validator
        .check(&payload)
        .into_iter()
        .map(|one| (one.pointer.clone(), one.keyword(), one.problem))
        .collect()
}

fn verdict(schema: &str, payload: Value) -> bool {
    findings(schema, payload).is_empty()
}

#[test]
fn nullable_holds_where_a_type_stands_beside_it() {
    assert!(verdict("Text", Value::Null));
    assert!(verdict("Untyped", Value::Null));
    assert!(
        !verdict("Beside", Value::Null),
        "what stands beside a $ref does not count"
    );
    assert!(!verdict("Chosen", Value::Null), "null is not among the values");
    assert!(verdict("Holder", json!({"named": null})));
}

#[test]
fn an_exclusive_bound_is_a_flag() {
    assert!(!verdict("Under", json!(3)));
    assert!(verdict("Under", json!(4)));
    assert!(!verdict("Under", json!(4.5)));
}

#[test]
fn a_property_may_be_called_like_a_keyword() {
    assert!(verdict("Holder", json!({"nullable": true})));
    assert!(!verdict("Holder", json!({"nullable": "yes"})));
}

#[test]
fn a_date_time_needs_an_offset() {
    assert!(verdict("Holder", json!({"when": "2026-08-21T10:00:00Z"})));
    assert!(!verdict("Holder", json!({"when": "2026-08-21T10:00:00"})));
}

#[test]
fn a_finding_names_the_member_inside_the_branch_and_not_the_value() {
    let found = findings("Holder", json!({"named": {"name": 12345}}));
    assert_eq!(found.len(), 1);
    let (pointer, keyword, problem) = &found[0];
    assert_eq!((pointer.as_str(), keyword.as_str()), ("/named/name", "type"));
    assert!(!problem.contains("12345"), "{problem}");
}

#[test]
fn a_broken_schema_is_a_diagnostic() {
    let document = Document::parse("calls.yaml", DOCUMENT).unwrap();
    let broken = document.validator("/components/schemas/Broken").unwrap_err();
    assert_eq!(
        broken.iter().next().unwrap().pointer,
        "/components/schemas/Broken/pattern"
    );
    assert!(document.validator("/components/schemas/None").is_err());
}
