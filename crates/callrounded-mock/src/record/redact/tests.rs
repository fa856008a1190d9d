//! Tests that redacted payloads stay valid and contain no personal data.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRunner},
};
use serde_json::json;

use super::*;

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Calls, version: "1"}
paths: {}
components:
  schemas:
    Call:
      type: object
      required: [id, kind, entries]
      additionalProperties: false
      properties:
        id: {type: string, format: uuid}
        code: {type: string, pattern: "^[A-Z]{2}-[0-9]{4}$"}
        kind: {type: string, enum: [inbound, "+33612345678", Anna Berg]}
        level: {type: integer, enum: [7, 1000]}
        share: {type: number, minimum: 0.25, maximum: 0.75}
        rank: {type: integer, minimum: 1000, multipleOf: 10}
        day: {type: string, format: date}
        at: {type: string, format: date-time}
        price: {type: string, format: decimal, pattern: "^-?[0-9]+[.][0-9]{2}$"}
        short: {type: string, maxLength: 3}
        long: {type: string, minLength: 12}
        mail: {type: string, format: email}
        number: {type: string, format: e164}
        host: {type: string, format: ipv4}
        entries: {type: array, items: {$ref: "#/components/schemas/Entry"}}
        any: {nullable: true, oneOf: [{type: string, format: uuid}, {type: string, maxLength: 8}]}
    Entry:
      oneOf: [{$ref: "#/components/schemas/User"}, {$ref: "#/components/schemas/Agent"}, {$ref: "#/components/schemas/Tool"}]
      discriminator: {propertyName: role, mapping: {user: "#/components/schemas/User", agent: "#/components/schemas/Agent"}}
    User: {type: object, required: [role], properties: {role: {type: string, enum: [user]}, content: {type: string}}}
    Agent: {type: object, required: [role, content], properties: {role: {type: string, enum: [agent]}, content: {type: string, minLength: 9}}}
    Tool: {type: object, required: [role, name], properties: {role: {type: string}, name: {type: string, enum: [look_up]}}}
"##;

fn redacted(document: &Document, validators: &mut Validators, schema: &str, payload: &Value) -> Value {
    let stand_ins = &mut StandIns::default();
    let mut redactor = Redactor {
        document,
        stand_ins,
        validators,
    };
    serde_json::from_str(&redactor.body(Some(schema), &Json::of(payload))).unwrap()
}

fn string(pattern: &str) -> impl Strategy<Value = Option<Value>> + use<> {
    prop::option::of(prop::string::string_regex(pattern).unwrap().prop_map(Value::from))
}

fn entry() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-zA-Z ]{0,20}".prop_map(|content| json!({ "role": "user", "content": content })),
        "[a-zA-Z ]{9,20}".prop_map(|content| json!({ "role": "agent", "content": content })),
        Just(json!({ "role": "Tool", "name": "look_up" })),
    ]
}

fn call() -> impl Strategy<Value = Value> {
    let one_of = |values: Vec<Value>| prop::option::of(prop::sample::select(values));
    let properties: Vec<(&str, BoxedStrategy<Option<Value>>)> = vec![
        (
            "id",
            string("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")
                .prop_filter("needed", Option::is_some)
                .boxed(),
        ),
        ("code", string("[A-Z]{2}-[0-9]{4}").boxed()),
        (
            "kind",
            one_of(vec![json!("inbound"), json!("+33612345678"), json!("Anna Berg")])
                .prop_filter("needed", Option::is_some)
                .boxed(),
        ),
        ("level", one_of(vec![json!(7), json!(1000)]).boxed()),
        ("share", one_of(vec![json!(0.3), json!(0.25), json!(0.75)]).boxed()),
        (
            "rank",
            prop::option::of((100..2000).prop_map(|rank| json!(rank * 10))).boxed(),
        ),
        ("day", string("20[0-9]{2}-0[1-9]-[12][0-8]").boxed()),
        (
            "at",
            string("20[0-9]{2}-0[1-9]-[12][0-8]T1[0-9]:[0-5][0-9]:00([.][0-9]{1,6})?(Z|[+]0[0-9]:30)").boxed(),
        ),
        ("price", string("-?[0-9]{1,4}[.][0-9]{2}").boxed()),
        ("short", string("[a-z]{0,3}").boxed()),
        ("long", string("[a-z ]{12,30}").boxed()),
        ("mail", string("[a-z]{1,9}@[a-z]{1,9}[.]com").boxed()),
        ("number", string("[+][1-9][0-9]{7,12}").boxed()),
        (
            "host",
            string("[12][0-9][0-9]?[.][1-9][.][1-9][.][1-9]")
                .prop_filter("an address", |host| {
                    host.as_ref()
                        .is_none_or(|host| callrounded_document::check::matches_format("ipv4", host.as_str().unwrap()))
                })
                .boxed(),
        ),
        ("any", string("[a-z]{1,8}").boxed()),
    ];
    let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = properties.into_iter().map(|(_, value)| value).collect();
    (values, prop::collection::vec(entry(), 0..4)).prop_map(move |(values, entries)| {
        let present = names
            .iter()
            .zip(values)
            .filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        let mut call: serde_json::Map<String, Value> = present.collect();
        call.insert("entries".to_owned(), Value::from(entries));
        Value::Object(call)
    })
}

#[test]
fn redacted_payload_of_valid_payload_is_valid() {
    const SCHEMA: &str = "/components/schemas/Call";
    let document = Document::parse("calls.yaml", DOCUMENT).unwrap();
    let validator = document.validator(SCHEMA, None).unwrap();
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..Config::with_cases(2_000)
    });
    let validators = std::cell::RefCell::new(Validators::default());
    runner
        .run(&call(), |call| {
            assert!(validator.accepts(&Json::of(&call)), "{call:#}");
            let recorded = redacted(&document, &mut validators.borrow_mut(), SCHEMA, &call);
            let violations = validator.check(&Json::of(&recorded));
            assert!(
                violations.is_empty(),
                "{call:#}\nis redacted to the invalid {recorded:#}\n{violations:?}"
            );
            for name in ["kind", "level"] {
                assert_eq!(recorded.get(name), call.get(name));
            }
            // Values that the document does not contain are replaced.
            for name in ["id", "number", "mail"] {
                let is_kept = call.get(name).is_some() && recorded.get(name) == call.get(name);
                assert!(!is_kept, "{name} is not replaced in {call:#}");
            }
            let roles = |call: &Value| {
                let entries = call["entries"].as_array().unwrap().clone();
                entries
                    .into_iter()
                    .map(|entry| entry["role"].clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(roles(&recorded), roles(&call));
            Ok(())
        })
        .unwrap();
}

#[test]
fn stand_in_of_timestamp_decimal_and_text_has_same_form() {
    let document = Document::parse("calls.yaml", DOCUMENT).unwrap();
    for (original, stand_in) in [
        ("2026-08-21T10:00:00", "1970-01-01T00:00:01"),
        ("2026-08-21 10:00:00.5", "1970-01-01 00:00:01"),
        ("2026-08-21T10:00:00Z", "1970-01-01T00:00:01Z"),
        ("-12.50", "1.55"),
        ("0.123456", "1.555555"),
        ("Hello there", "text 1"),
    ] {
        let recorded = redacted(
            &document,
            &mut Validators::default(),
            "/components/schemas/Unknown",
            &json!(original),
        );
        assert_eq!(recorded, stand_in, "{original}");
    }
}
