//! Messages about values that violate the keywords of their schemas.

use std::fmt::Write as _;

use callrounded_doc::Exit;
use serde_json::json;

use crate::{Console, PATHS, THING, document, support::lossless_types};

#[test]
fn number_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Numbers:
  type: object
  properties:
    least: {type: integer, minimum: 3}
    most: {type: integer, maximum: 3}
    above: {type: number, minimum: 0, exclusiveMinimum: true}
    below: {type: number, maximum: 1, exclusiveMaximum: true}
    step: {type: number, multipleOf: 0.25}
    fraction: {type: integer}
    exponent: {type: integer}
    small: {type: integer, format: int32}
    large: {type: integer, format: int64}
    single: {type: number, format: float}
    quoted: {type: number}
    absent: {type: number}
    listed: {type: integer, enum: [1, 2, 3]}
    flag: {type: boolean}
",
    );
    console.file(
        "numbers.json",
        r#"{
  "least": 2,
  "most": 4,
  "above": 0,
  "below": 1.0,
  "step": 0.3,
  "fraction": 1.0,
  "exponent": 1e2,
  "small": 2147483648,
  "large": 9223372036854775808,
  "single": -3.5e38,
  "quoted": "12",
  "absent": null,
  "listed": 7,
  "flag": 1
}
"#,
    );
    console.run("--schema Numbers numbers.json", Exit::Findings);
    console.file(
        "kept.json",
        r#"{"least": 3, "most": 3, "above": 1e-300, "below": 0.9999999999999999, "step": 0.75, "fraction": -0,
"exponent": 100, "small": -2147483648, "large": 9223372036854775807, "single": 3.4e38, "quoted": 12, "listed": 3, "flag": true}"#,
    );
    console.run("--schema Numbers kept.json", Exit::Clean);
    console.assert_golden("numbers");
}

#[test]
fn string_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Strings:
  type: object
  properties:
    short: {type: string, minLength: 2}
    one: {type: string, minLength: 1}
    long: {type: string, maxLength: 3}
    code: {type: string, pattern: '^[a-z]+-\\d{2}$'}
    size: {type: string, enum: [small, large]}
    only: {type: string, enum: [only]}
    many: {type: string, enum: [a, b, c, d, e, f, g, h, i, j]}
    never: {type: string, enum: [a]}
    text: {type: string}
",
    );
    console.file(
        "strings.json",
        r#"{
  "short": "é",
  "one": "",
  "long": "four",
  "code": "ab-1",
  "size": "medium",
  "only": "other",
  "many": "z",
  "never": null,
  "text": ["no"]
}
"#,
    );
    console.run("--schema Strings strings.json", Exit::Findings);
    console.assert_golden("strings");
}

#[test]
fn format_violations_match_golden_file() {
    let names = [
        ("start", "date-time", "2026-01-01T10:00:00"),
        ("day", "date", "2026-02-30"),
        ("clock", "time", "10:00"),
        ("span", "duration", "1 hour"),
        ("id", "uuid", "123e4567"),
        ("link", "uri", "/relative"),
        ("reference", "uri-reference", "\\\\"),
        ("mail", "email", "nobody"),
        ("host", "hostname", "-"),
        ("four", "ipv4", "256.0.0.1"),
        ("six", "ipv6", "::g"),
        ("blob", "byte", "a"),
        ("number", "e164", "0612345678"),
        ("other_number", "E.164", "+0"),
        ("path", "json-pointer", "no"),
        ("expression", "regex", "("),
        ("unknown", "colour", "whatever"),
    ];
    let mut schemas = "Formats:\n  type: object\n  properties:\n".to_owned();
    let mut payload = "{\n".to_owned();
    for (index, (property, format, value)) in names.into_iter().enumerate() {
        writeln!(schemas, "    {property}: {{type: string, format: {format}}}").unwrap();
        let comma = if index + 1 < names.len() { "," } else { "" };
        writeln!(payload, "  \"{property}\": {}{comma}", json!(value)).unwrap();
    }
    payload.push('}');
    let mut console = Console::with_schemas(&schemas);
    console.file("formats.json", payload);
    console.run("--schema Formats formats.json", Exit::Findings);
    console.assert_golden("formats");
}

#[test]
fn array_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Arrays:
  type: object
  properties:
    few: {type: array, minItems: 1, items: {type: integer}}
    fewer: {type: array, minItems: 3, items: {type: integer}}
    many: {type: array, maxItems: 1, items: {type: integer}}
    set: {type: array, uniqueItems: true, items: {type: number}}
    items: {type: array, items: {type: object, required: [id], properties: {id: {type: string}}}}
    none: {type: array, items: {type: string}}
",
    );
    console.file(
        "arrays.json",
        r#"{
  "few": [],
  "fewer": [1, 2],
  "many": [
    1,
    2
  ],
  "set": [1, 2, 1.0],
  "items": [{"id": "a"}, {"id": 1}, {}, {"id": "b", "more": 1}, "c"],
  "none": {}
}
"#,
    );
    console.run("--schema Arrays arrays.json", Exit::Findings);
    console.assert_golden("arrays");
}

#[test]
fn object_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Objects:
  type: object
  required: [id, 'a/b~c']
  properties:
    id: {type: string}
    a/b~c: {type: string}
    closed: {type: object, additionalProperties: false, properties: {known: {type: string}}}
    small: {type: object, minProperties: 1, additionalProperties: true}
    big: {type: object, maxProperties: 1, additionalProperties: true}
    counts: {type: object, additionalProperties: {type: integer}}
    open: {type: object, properties: {known: {type: string}}}
    object: {type: object}
    deep: {type: object, properties: {deeper: {type: object, required: [deepest], properties: {deepest: {type: string}}}}}
",
    );
    console.file(
        "objects.json",
        r#"{
  "closed": {"known": "a", "knwon": "b", "extra": 1},
  "small": {},
  "big": {"a": 1, "b": 2},
  "counts": {"first": 1, "second": "2"},
  "open": {"known": "a", "surplus": {"inner": 1}},
  "object": [],
  "deep": {
    "deeper": {}
  }
}
"#,
    );
    console.run("--schema Objects objects.json", Exit::Findings);
    console.file("whole.json", "\"not even an object\"");
    console.file("nothing.json", "null\n");
    console.run("--schema Objects whole.json nothing.json", Exit::Findings);
    console.assert_golden("objects");
}

#[test]
fn combinator_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Combined:
  type: object
  properties:
    types: {oneOf: [{type: string}, {type: integer}, {type: array, items: {type: string}}]}
    nullable: {oneOf: [{type: string}, {enum: [null]}]}
    meant: {anyOf: [{type: string}, {type: object, required: [size], properties: {size: {type: integer}}}]}
    furthest:
      oneOf:
        - {type: object, properties: {a: {type: object, properties: {b: {type: integer}}}}}
        - {type: object, required: [z], properties: {z: {type: string}}}
    unclear: {anyOf: [{type: string, minLength: 3}, {type: string, pattern: '^x'}]}
    both: {oneOf: [{type: number, minimum: 1}, {type: number, maximum: 5}]}
    not: {type: string, not: {enum: [forbidden]}}
    all: {allOf: [{type: object, required: [a]}, {type: object, required: [b]}]}
    nested: {anyOf: [{oneOf: [{type: boolean}, {type: integer}]}, {type: string}]}
",
    );
    console.file(
        "combined.json",
        r#"{
  "types": {},
  "nullable": 1,
  "meant": {"size": "x"},
  "furthest": {"a": {"b": "x"}},
  "unclear": "ab",
  "both": 3,
  "not": "forbidden",
  "all": {},
  "nested": []
}
"#,
    );
    console.run("--schema Combined combined.json", Exit::Findings);
    console.assert_golden("combinators");
}

#[test]
fn discriminator_violations_match_golden_file() {
    let mut console = Console::with_schemas(
        "
Pet:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: kind, mapping: {hound: '#/components/schemas/Dog'}}
Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {type: string}, tricks: {type: array, items: {type: string}}}}
Event: {type: object, required: [type], properties: {type: {type: string}}, discriminator: {propertyName: type}}
Started: {allOf: [{$ref: '#/components/schemas/Event'}, {type: object, required: [at], properties: {at: {type: string}}}]}
",
    );
    console.file(
        "pets.ndjson",
        "{\"kind\": \"Cat\", \"lives\": \"nine\"}\n{\"kind\": \"hound\", \"tricks\": [1]}\n{\"kind\": \"Bird\"}\n\
         {\"lives\": 9}\n{\"kind\": 7}\n{\"kind\": \"hound\", \"lives\": 9}\n\"Cat\"\n{\"kind\": \"Dog\"}\n",
    );
    console.run("--schema Pet pets.ndjson", Exit::Findings);
    console.file(
        "events.jsonl",
        "{\"type\": \"Started\"}\n{\"type\": \"Ended\"}\n{}\n{\"type\": \"Started\", \"at\": \"now\", \"by\": \"x\"}\n",
    );
    console.run("--schema Event events.jsonl", Exit::Findings);
    console.assert_golden("discriminator");
}

#[test]
fn read_only_and_write_only_violations_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    console.file("thing.json", "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}\n");
    console.run("--operation add_thing --request thing.json", Exit::Findings);
    console.run("--operation add_thing --response 200 thing.json", Exit::Findings);
    console.run("--schema Thing thing.json", Exit::Clean);
    console.file("less.json", "{\"name\": \"x\"}\n");
    console.run("--operation add_thing --request less.json", Exit::Findings);
    console.run("--operation add_thing --response 200 less.json", Exit::Findings);
    console.file("refused.json", "{\"message\": \"no\"}\n");
    console.run("--operation add_thing --response 422 refused.json", Exit::Findings);
    console.run("--operation add_thing --response 4xx refused.json", Exit::Findings);
    console.assert_golden("direction");
}

#[test]
fn undocumented_values_are_drift() {
    let mut console = Console::with_schemas(
        "
Thing:
  type: object
  properties:
    status: {type: string, enum: [open, closed]}
    inner: {type: object, properties: {known: {type: string}}}
    free: {type: object}
    list: {type: array, items: {type: object, properties: {known: {type: string}}}}
",
    );
    console.file(
        "thing.json",
        r#"{
  "status": "paused",
  "inner": {"known": "a", "fresh": "b"},
  "free": {"anything": "goes"},
  "list": [{"known": "a"}, {"fresh": {"known": 1}}],
  "fresh": null
}
"#,
    );
    console.run("--schema Thing thing.json", Exit::Clean);
    console.run("--schema Thing --strict thing.json", Exit::Findings);
    console.file("error.json", "{\"status\": 1, \"fresh\": 1}");
    console.run("--schema Thing error.json", Exit::Findings);
    console.assert_golden("drift");
}

/// Matching a pattern may take too long. That is reported, and not treated as a match.
#[test]
fn pattern_that_takes_too_long_is_finding() {
    let mut console = Console::with_schemas(
        "
Slow: {type: object, properties: {text: {type: string, pattern: '^((a|b|ab)*)\\1c$'}, count: {type: integer}}}
",
    );
    let text = "ab".repeat(40);
    console.file("alone.json", format!("{{\"text\": \"{text}\"}}"));
    console.file("beside.json", format!("{{\"text\": \"{text}\", \"count\": \"x\"}}"));
    let (exit, alone) = console.output("--schema Slow alone.json", &mut lossless_types());
    assert!(exit == Exit::Findings && alone.contains("takes too long"), "{alone}");
    // If there are other errors, it is left for the next run: the validator reports what does not depend on the
    // pattern.
    console.run("--schema Slow alone.json beside.json", Exit::Findings);
    console.assert_golden("undecided");
}
