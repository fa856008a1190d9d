//! Tests the messages of `cargo xtask validate`. Each group of messages is compared with a file in `golden/messages`,
//! with the command before and the exit code after the output. `UPDATE_EXPECT=1 cargo test` updates these files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use clap::Parser;
use serde_json::{Map, Value, json};
use xtask::{Arguments, RoundTrip};

use support::{FakeOutcome, FakeTypes, Workspace, golden_directory, lossless_types};

/// A workspace with a document, and the transcript of the commands that ran in it.
struct Console {
    workspace: Workspace,
    printed: String,
}

impl Console {
    fn new(document: &str) -> Self {
        let console = Self {
            workspace: Workspace::empty(),
            printed: String::new(),
        };
        console.file("openapi/calls.yaml", document);
        console
    }

    /// Creates a workspace with a document that has these component schemas, given without indentation.
    fn with_schemas(schemas: &str) -> Self {
        Self::new(&document("{}", schemas))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        self.workspace.write(name, content);
    }

    fn output(&self, arguments: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        self.workspace.xtask(&format!("validate {arguments}"), types)
    }

    /// Runs `validate`. Returns its exit and what it prints on standard output.
    fn machine(&self, arguments: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        let words: Vec<&str> = ["validate"].into_iter().chain(arguments.split_whitespace()).collect();
        support::output(&words, self.workspace.directories(), types)
    }

    fn run(&mut self, arguments: &str, expected: Exit) -> String {
        self.run_with(&mut lossless_types(), arguments, expected)
    }

    fn run_with(&mut self, types: &mut dyn RoundTrip, arguments: &str, expected: Exit) -> String {
        let (exit, printed) = self.output(arguments, types);
        assert_eq!(exit, expected, "validate {arguments}\n{printed}");
        let space = if arguments.is_empty() { "" } else { " " };
        writeln!(
            self.printed,
            "$ cargo xtask validate{space}{arguments}\n{printed}[{exit:?}]\n"
        )
        .unwrap();
        printed
    }

    /// Compares the transcript with a golden file.
    fn assert_golden(self, golden: &str) {
        support::assert_golden(&format!("messages/{golden}.txt"), self.printed.trim_end_matches('\n'));
    }

    /// Runs `validate`. Returns the keyword and the fingerprint of each finding, sorted.
    fn fingerprints(&self, arguments: &str) -> Vec<(String, String)> {
        let (_, printed) = self.output(&format!("{arguments} --format json"), &mut lossless_types());
        let printed: Value = serde_json::from_str(&printed).unwrap();
        let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
        let mut found: Vec<_> = printed["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| (text(finding, "keyword"), text(finding, "fingerprint")))
            .collect();
        found.sort();
        found
    }
}

fn document(paths: &str, schemas: &str) -> String {
    let mut text =
        format!("openapi: 3.0.3\ninfo: {{title: Things, version: \"1\"}}\npaths: {paths}\ncomponents:\n  schemas:\n");
    for line in schemas.trim_matches('\n').lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

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

const THING: &str = "
Thing:
  type: object
  required: [id, name, secret]
  properties:
    id: {type: string, readOnly: true}
    name: {type: string}
    secret: {type: string, writeOnly: true}
    count: {type: integer}
    metadata: {type: object, additionalProperties: {type: string}}
Refusal: {type: object, required: [error], properties: {error: {type: string}}}
";

const PATHS: &str = "
  /things:
    get:
      operationId: list_things
      responses: {\"200\": {description: All, content: {text/plain: {schema: {type: string}}}}}
    post:
      operationId: add_thing
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses:
        \"200\": {description: Added, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        4XX: {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/Refusal'}}}}";

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

/// Returns malformed JSON texts, one for each kind of syntax error, with their names.
fn malformed_payloads() -> Vec<(&'static str, Vec<u8>)> {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let texts: Vec<(&str, &str)> = vec![
        ("array-comment", "[1 // one\n]"),
        ("array-no-comma", "[1 2]"),
        ("bad-escape", r#"{"name": "C:\path"}"#),
        ("bom", "\u{feff}{}"),
        ("comment", "{\n  # the name\n  \"name\": \"x\"\n}"),
        ("comma-alone", "[,1]"),
        ("control", "{\"name\": \"two\nlines\"}"),
        ("cut-after-colon", "{\"name\":"),
        ("cut-array", "[1, 2"),
        ("cut-object", "{\"name\": \"x\""),
        ("cut-text", "{\"name\": \"x"),
        ("cut-unit", r#"{"name": "\u12"}"#),
        ("decimal-point-first", "{\"count\": .5}"),
        ("deep", &deep),
        ("exponent", "{\"count\": 1e}"),
        ("fraction", "{\"count\": 1.}"),
        ("hexadecimal", "{\"count\": 0x10}"),
        ("infinity", "{\"count\": Infinity}"),
        ("leading-zero", "{\"count\": 007}"),
        ("minus-alone", "{\"count\": -}"),
        ("minus-infinity", "{\"count\": -Infinity}"),
        ("name-bare", "{name: 1}"),
        ("name-single", "{'name': 1}"),
        ("nan", "{\"count\": NaN}"),
        ("no-colon", "{\"name\" \"x\"}"),
        ("no-comma", "{\"name\": \"x\"\n \"count\": 1}"),
        ("plus", "{\"count\": +1}"),
        ("python", "{\"name\": None}"),
        ("second-value", "{\"name\": \"x\"}\n{\"name\": \"y\"}\n"),
        ("single-quotes", "{\"name\": 'x'}"),
        ("trailing-comma", "{\n  \"name\": \"x\",\n}"),
        ("undefined", "{\"name\": undefined}"),
        ("word", "{\"name\": hello}"),
        ("word-goes-on", "{\"name\": nullable}"),
        ("number-goes-on", "{\"count\": 12px}"),
        ("xml", "<thing/>"),
    ];
    let mut all: Vec<(&str, Vec<u8>)> = texts.into_iter().map(|(name, text)| (name, text.into())).collect();
    all.push(("not-utf8", b"{\n  \"name\": \"caf\xe9\"\n}".to_vec()));
    all
}

#[test]
fn malformed_payload_is_one_finding() {
    let mut console = Console::new(&document(PATHS, THING));
    let mut names = Vec::new();
    for (name, bytes) in malformed_payloads() {
        let name = format!("{name}.json");
        console.file(&name, bytes);
        names.push(name);
    }
    let printed = console.run(&format!("--schema Thing {}", names.join(" ")), Exit::Findings);
    // Each is exactly one finding: a malformed payload is not validated further.
    assert_eq!(printed.matches("error[json]").count(), names.len());
    assert!(
        printed.ends_with(&format!("{0} payloads, {0} errors\n", names.len())),
        "{printed}"
    );
    console.assert_golden("unreadable");
}

#[test]
fn overflow_surrogate_and_duplicate_key_findings_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    console.file(
        "huge.json",
        "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\", \"count\": 1e400}",
    );
    console.file(
        "half.json",
        "{\"id\": \"\\ud83d\", \"name\": \"\\ude00\\ud83d\", \"secret\": \"\\ud83d\\ude00\"}",
    );
    console.file(
        "twice.json",
        "{\n  \"id\": \"1\", \"id\": \"2\",\n  \"name\": \"x\",\n  \"secret\": \"s\",\n  \"n\\u0061me\": \"y\"\n}\n",
    );
    let mut far = "{\n  \"name\": \"first\",\n".to_owned();
    far.push_str(&"\n".repeat(120));
    far.push_str("  \"id\": \"1\", \"secret\": \"s\", \"name\": \"third\", \"name\": \"fourth\"\n}\n");
    console.file("far.json", far);
    console.run("--schema Thing huge.json half.json twice.json far.json", Exit::Findings);
    console.assert_golden("violations");
}

#[test]
fn ndjson_lines_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    let good = "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}";
    // Blank lines are counted but are not payloads. Lines may end with CRLF, and the last line may have no line end.
    let text = format!("{good}\n\n{{\"id\": 1}}\r\n   \n{good}\r\n{good} {good}\n{{\n{good}\n[]");
    console.file("lines.ndjson", &text);
    console.run("--schema Thing lines.ndjson", Exit::Findings);
    console.file(
        "bytes.jsonl",
        [good.as_bytes(), b"\n\xff\xfe\n", good.as_bytes(), b"\n"].concat(),
    );
    console.file("empty.ndjson", " \n");
    console.run("--schema Thing bytes.jsonl empty.ndjson", Exit::InputError);
    console.run("--schema Thing bytes.jsonl empty.ndjson --allow-empty", Exit::Findings);
    // In a .json file, the same text is one malformed payload.
    console.file("lines.json", &text);
    console.run("--schema Thing lines.json", Exit::Findings);
    console.assert_golden("lines");
}

/// A payload that the client would reject is not kept in memory, and the lines after it are validated.
#[test]
fn line_over_64_mib_is_reported_and_skipped() {
    let console = Console::with_schemas("Line: {type: object, required: [id]}");
    let long = format!("{{\"id\": \"{}\"}}", "x".repeat(64 * 1024 * 1024));
    console.file("long.ndjson", format!("{{\"id\": 1}}\n{long}\n{{}}\n{long}"));
    let (exit, printed) = console.output("--schema Line long.ndjson", &mut lossless_types());
    assert_eq!(exit, Exit::Findings);
    let too_large = "error[json]: the payload is larger than 64 MiB and was not validated\n";
    for (headline, line) in [
        (too_large, 2),
        ("error[required]: required property `id` is missing\n", 3),
        (too_large, 4),
    ] {
        let wanted = format!("{headline} --> long.ndjson:{line}:1\n");
        assert!(printed.contains(&wanted), "{wanted}{printed}");
    }
    assert!(printed.ends_with("4 payloads, 3 errors\n"), "{printed}");
}

#[test]
fn excerpts_match_golden_file() {
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              long: {externalValue: long.json}
              tabs: {externalValue: tabs.json}
              letters: {externalValue: letters.json}
              spread: {externalValue: spread.json}
              crlf: {externalValue: crlf.json}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    let filler = |count: usize| "lorem ipsum ".repeat(count);
    console.file(
        "openapi/long.json",
        format!(
            "{{\"count\": \"begins\", \"name\": \"{}\", \"metadata\": {{\"m\": 1}}, \"secret\": \"{}\", \"id\": true}}",
            filler(20),
            filler(20)
        ),
    );
    console.file(
        "openapi/tabs.json",
        "{\n\t\"name\":\t\"x\",\t\"secret\": \"s\",\n\t\t\"count\":\t\"tabs\"\n}\n",
    );
    console.file(
        "openapi/letters.json",
        "{\n  \"name\": \"Ünïcödé — größer\", \"secret\": 1,\n  \"metadata\": {\"héé\": 12}\n}\n",
    );
    console.file(
        "openapi/spread.json",
        "{\"name\": \"x\", \"secret\": \"s\", \"metadata\": [\n  \"over\",\n  \"lines\"\n]}\n",
    );
    console.file(
        "openapi/crlf.json",
        "{\r\n  \"name\": \"x\",\r\n  \"secret\": 12\r\n}\r\n",
    );
    let printed = console.run("", Exit::Findings);
    for line in printed.lines().filter(|line| line.contains(" | ")) {
        assert!(line.chars().count() <= 120, "{line}");
    }
    console.assert_golden("excerpts");
}

#[test]
fn excerpt_of_recorded_payload_is_masked_and_of_example_is_shown() {
    let text = "{\n  \"name\": \"Nordlicht 7\", \"secret\": \"s-42\", \"count\": \"12,5\",\n  \
                \"metadata\": {\"Straße 9\": \"ok\", \"+49 30 1234\": -12.5e3, \"flag\": true, \"none\": null, \"name\": 1}\n}\n";
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              shown: {externalValue: shown.json}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    console.file("openapi/shown.json", text);
    console.file("recorded.json", text);
    console.run("", Exit::Findings);
    let printed = console.run("--operation add_thing --request recorded.json", Exit::Findings);
    for private in ["Nordlicht", "7", "42", "12,5", "Straße", "+49", "-12"] {
        let shown = printed
            .lines()
            .filter(|line| line.contains(" | ") || line.contains("= at: "));
        assert!(
            shown.clone().all(|line| !line.contains(private)),
            "{private}: {printed}"
        );
    }
    console.assert_golden("masking");
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

#[test]
fn expected_failures_match_golden_file() {
    let mut console = Console::new(
        &document(PATHS, THING)
            .replace("count: {type: integer}", "count: {type: integer, example: 1.0}")
            .replace("name: {type: string}", "name: {type: string, example: 12}"),
    );
    console.file(
        "thing.json",
        "{\"id\": 1, \"name\": \"x\", \"secret\": \"s\", \"fresh\": 1}\n",
    );
    console.run("", Exit::Findings);
    let examples = console.fingerprints("");
    let payloads = console.fingerprints("--schema Thing thing.json");
    assert_eq!((examples.len(), payloads.len()), (2, 2));
    let list = |entries: &[String]| entries.join("\n") + "\n";
    let file = "openapi/expected-failures.txt";

    // Each kind of entry applies to its own command only. Unused entries are reported if examples are validated.
    console.file(
        file,
        list(&[
            "# What is known.".to_owned(),
            String::new(),
            format!("{} # The page shows a number.", examples[0].1),
            format!("{}\t#The page shows a fraction.", examples[1].1),
            format!("payload {} # The service does so.", payloads[0].1),
            "payload 0123456789abcdef # Not in today's payloads.".to_owned(),
        ]),
    );
    console.run("", Exit::Clean);
    console.run(
        "--schema Thing thing.json",
        if payloads[0].0 == "type" {
            Exit::Clean
        } else {
            Exit::Findings
        },
    );
    console.file(
        file,
        list(&[
            format!("{} # The page shows a number.", examples[0].1),
            format!("payload {} # Of the wrong kind.", examples[1].1),
            "0123456789abcdef # Fixed long ago.".to_owned(),
            format!("{} # An example's entry is none of a payload.", payloads[0].1),
        ]),
    );
    console.run("", Exit::Findings);
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        file,
        "0123456789abcdef\nnonsense # why\n0123456789abcdef #  \npayload # why\n0123456789abcdef payload # why\n\
         0123456789abcde # why\n0123456789abcdef0 # why\nPAYLOAD 0123456789abcdef # why\npayload 0123456789abcdef # good\n",
    );
    console.run("", Exit::InputError);
    console.run("--schema Thing thing.json", Exit::InputError);
    fs::remove_file(console.workspace.path().join(file)).unwrap();
    fs::create_dir(console.workspace.path().join(file)).unwrap();
    let (exit, printed) = console.output("", &mut lossless_types());
    assert_eq!(exit, Exit::InputError);
    assert!(printed.starts_with("error: the list cannot be read: "), "{printed}");
    console.assert_golden("expected");
}

#[test]
fn input_errors_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    let good = "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}";
    console.file("good.json", good);
    console.file("bad.json", "{}");
    for arguments in [
        "good.json",
        "--schema Thing",
        "--operation add_thing good.json",
        "--schema Nothing good.json",
        "--operation nothing --request good.json",
        "--operation list_things --request good.json",
        "--operation list_things --response 200 good.json",
        "--operation add_thing --response 500 good.json",
        "--operation add_thing --response nonsense good.json",
        "--document elsewhere.yaml",
    ] {
        console.run(arguments, Exit::InputError);
    }
    // Readable files are validated even if others are not readable.
    console.run(
        "--schema Thing good.json missing.json bad.json nowhere/else.ndjson",
        Exit::InputError,
    );
    let console = Console {
        printed: without_os_errors(&console.printed),
        ..console
    };
    console.assert_golden("inputs");
}

/// Removes the messages of the operating system.
fn without_os_errors(printed: &str) -> String {
    let lines = printed.lines().map(|line| match line.split_once("cannot be read: ") {
        Some((before, _)) => format!("{before}cannot be read: …\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn usage_errors_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    for arguments in [
        "--request thing.json",
        "--response 200 thing.json",
        "--operation add_thing --request --response 200 thing.json",
        "--schema Thing --operation add_thing thing.json",
        "--schema",
        "--format xml",
        "--nonsense",
    ] {
        let parsed = Arguments::try_parse_from(["xtask", "validate"].into_iter().chain(arguments.split(' ')));
        let error = parsed.unwrap_err();
        assert_eq!(error.exit_code(), 2, "{arguments}");
        writeln!(
            console.printed,
            "$ cargo xtask validate {arguments}\n{error}[{}]\n",
            error.exit_code()
        )
        .unwrap();
    }
    console.assert_golden("usage");
}

#[test]
fn other_document_is_validated_without_types() {
    let mut console = Console::new(&document(PATHS, THING));
    console.file("other/api.yaml", document(PATHS, THING));
    console.file("thing.json", "{\"id\": 1, \"name\": \"x\", \"secret\": \"s\"}");
    // These types know no schema, which would be reported. They are not used for another document.
    let none = || FakeTypes(|_| FakeOutcome::Unknown);
    console.run_with(
        &mut none(),
        "--document other/api.yaml --schema Thing thing.json",
        Exit::Findings,
    );
    console.run_with(&mut none(), "--document other/api.yaml", Exit::Clean);
    console.file("thing.json", "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}");
    // The workspace's document is recognized under another path.
    console.run_with(
        &mut none(),
        "--document other/../openapi/calls.yaml --schema Thing thing.json",
        Exit::Findings,
    );
    console.file("other/broken.yaml", "openapi: 3.0.3\npaths: [\n");
    console.run(
        "--document other/broken.yaml --schema Thing thing.json",
        Exit::InputError,
    );
    console.file("other/list.yaml", "- openapi\n- 3.0.3\n");
    console.run("--document other/list.yaml --schema Thing thing.json", Exit::Findings);
    console.file(
        "other/examples.yaml",
        document(PATHS, THING).replace("{type: integer}", "{type: integer, example: x}"),
    );
    console.file("other/expected-failures.txt", "0123456789abcdef # Idle.\n");
    console.run("--document other/examples.yaml", Exit::Findings);
    console.assert_golden("document");
}

#[test]
fn examples_and_defaults_match_golden_file() {
    let mut console = Console::new(
        "openapi: 3.0.3
info: {title: Things, version: \"1\"}
paths:
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}, example: seven}
    get:
      operationId: get_thing
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 10, default: 100}}
        - {name: sort, in: query, schema: {type: string, enum: [up, down]}, examples: {wrong: {value: left}}}
        - {$ref: '#/components/parameters/Page'}
      responses:
        \"200\":
          description: Found
          headers:
            X-Count: {schema: {type: integer}, example: many}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {name: 1}
              
    put:
      operationId: put_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              one: {externalValue: examples/one.json}
              gone: {externalValue: examples/gone.json}
              shared: {$ref: '#/components/examples/Shared'}
      responses: {\"204\": {description: Done}}
components:
  examples:
    Shared:
      value:
        name: x
        list:
          - 1
          - two
  parameters:
    Page: {name: page, in: query, schema: {type: integer, minimum: 1}, example: 0}
  schemas:
    Thing:
      type: object
      required: [name]
      example: {count: 1}
      properties:
        name: {type: string, example: 12}
        count: {type: integer, default: 1.5}
        when: {type: string, format: date-time, example: yesterday}
        list: {type: array, items: {type: integer}, default: [a, 1]}
        text: {type: string, nullable: true, default: null}
",
    );
    console.file(
        "openapi/examples/one.json",
        "{\n  \"name\": \"one\",\n  \"nmae\": \"two\"\n}\n",
    );
    let printed = console.run("", Exit::Findings);
    let printed = console.printed.replace(&printed, &without_os_errors(&printed));
    Console { printed, ..console }.assert_golden("examples");
}

#[test]
fn generation_errors_match_golden_file() {
    let mut console = Console::new(
        "openapi: 3.0.3
info: {title: Things, version: \"1\"}
paths:
  things:
    get: {operationId: no_slash, responses: {\"200\": {description: Fine}}}
  /things:
    get: {responses: {\"200\": {description: Fine}}}
    trace: {operationId: trace_things, responses: {\"200\": {description: Fine}}}
    post:
      operationId: add_thing
      requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {\"700\": {description: Odd}}
components:
  schemas:
    Thing:
      type: object
      properties:
        one: {const: 1}
        two: {type: [string, integer]}
        three: {type: number, exclusiveMinimum: 3}
        four: {oneOf: []}
        five: {type: string, minLength: -1}
        six: {$ref: '#/components/schemas/Nothing'}
        seven: {type: text}
        eight: {type: 'null'}
",
    );
    console.file("thing.json", "{\"one\": 1}");
    console.run("", Exit::Findings);
    let printed = console.run("--schema Thing thing.json", Exit::InputError);
    assert!(printed.contains("error[generation]"), "{printed}");

    // If no client can be generated, payloads are still validated against their schemas.
    let mut console = Console {
        printed: console.printed.clone(),
        ..Console::new(&document(
            "{}",
            "Thing: {type: object, properties: {list: {type: array, items: {type: integer}, contains: {type: string}}}}",
        ))
    };
    console.file("thing.json", "{\"list\": [\"a\"]}");
    console.run("--schema Thing thing.json", Exit::Findings);
    console.run("", Exit::Findings);
    console.file("openapi/calls.yaml", "openapi: 2.0\nswagger: \"2.0\"\n");
    console.run("", Exit::Findings);
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        "openapi/calls.yaml",
        document("{}", "Thing: {type: string, pattern: '('}"),
    );
    console.run("", Exit::Findings);
    // The schema is used without its invalid pattern.
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        "openapi/calls.yaml",
        document(
            "{}",
            "Thing: {type: string, pattern: '(', example: x}\nOther: {type: string, minLength: 3, example: x}",
        ),
    );
    console.run("", Exit::Findings);
    console.assert_golden("generation");
}

#[test]
fn type_mismatches_match_golden_file() {
    let mut console = Console::new(&document(
        PATHS,
        &THING.replace(
            "    count:",
            "    list: {type: array, items: {type: object, properties: {known: {type: string}}}}\n    count:",
        ),
    ));
    console.file(
        "thing.json",
        "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\", \"count\": 1,\n \"metadata\": {\"Key 1\": \"v\"}, \"list\": [{\"known\": \"a\"}]}",
    );
    console.run_with(
        &mut FakeTypes(|_| {
            FakeOutcome::Encoded(json!({
                "id": "2", "name": "x", "count": 1, "added": true, "metadata": {"Key 1": "w", "more": "z"}, "list": [{}],
            }))
        }),
        "--schema Thing thing.json",
        Exit::Findings,
    );
    let undecodable = |path: &'static str| -> fn(&Value) -> FakeOutcome {
        match path {
            "." => |_| FakeOutcome::Undecodable {
                path: ".".to_owned(),
                problem: "missing field `more`".to_owned(),
            },
            "list" => |_| FakeOutcome::Undecodable {
                path: "list[0].known".to_owned(),
                problem: "expected a map".to_owned(),
            },
            _ => |_| FakeOutcome::Undecodable {
                path: "metadata.Key 1".to_owned(),
                problem: "expected a number".to_owned(),
            },
        }
    };
    for path in [".", "list", "metadata"] {
        console.run_with(
            &mut FakeTypes(undecodable(path)),
            "--schema Thing thing.json",
            Exit::Findings,
        );
    }
    console.run_with(
        &mut FakeTypes(|_| FakeOutcome::Unknown),
        "--schema Thing thing.json",
        Exit::Findings,
    );
    console.assert_golden("types");
}

/// Examples are validated against the JSON Schemas of the types, which downstream crates publish.
#[test]
fn json_schema_mismatches_match_golden_file() {
    struct Narrow;
    impl Types for Narrow {
        fn schemas(&mut self) -> Result<Map<String, Value>, String> {
            let schemas = json!({"Thing": {"properties": {"count": {"minimum": 10}}, "required": ["other"]}});
            Ok(schemas.as_object().unwrap().clone())
        }
        fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
            lossless_types().round_trip(samples)
        }
    }
    impl RoundTrip for Narrow {
        fn build_hand_written(&mut self) -> Result<(), String> {
            Ok(())
        }
    }
    let mut console = Console::new(&document(PATHS, THING).replace(
        "required: [id, name, secret]",
        "example: {id: a, name: b, secret: c, count: 1}\n      required: [id, name, secret]",
    ));
    console.run_with(&mut Narrow, "", Exit::Findings);
    console.assert_golden("json-schema");
}

/// Checks whether the tests are updating the golden files.
fn is_updating_golden_files() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// Ensures that the golden files do not lose messages unnoticed.
#[test]
fn golden_files_cover_every_keyword() {
    if is_updating_golden_files() {
        return;
    }
    let mut headlines = BTreeSet::new();
    let mut keywords: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(golden_directory().join("messages")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("drift["))
        {
            let keyword = line.split(['[', ']']).nth(1).unwrap().to_owned();
            if headlines.insert(line.to_owned()) {
                *keywords.entry(keyword).or_default() += 1;
            }
        }
    }
    assert!(headlines.len() >= 120, "{} distinct messages", headlines.len());
    for keyword in [
        "additionalProperties",
        "anyOf",
        "discriminator",
        "duplicate",
        "enum",
        "expected",
        "externalValue",
        "format",
        "generation",
        "half-character",
        "json",
        "json-schema",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "overflow",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "rust-type",
        "type",
        "uniqueItems",
        "writeOnly",
    ] {
        assert!(
            keywords.contains_key(keyword),
            "no golden file holds a finding of `{keyword}`: {keywords:?}"
        );
    }
    // Each kind of syntax error has its own message. Not included are payloads over 64 MiB, and empty payloads, which
    // are input errors.
    assert!(keywords["json"] >= 28, "{keywords:?}");
}

/// One entry of `expected-failures.txt` must not silence two findings that need different remedies.
#[test]
fn fingerprint_identifies_one_finding() {
    if is_updating_golden_files() {
        return;
    }
    for entry in fs::read_dir(golden_directory().join("messages")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut known: BTreeMap<String, (String, String, String)> = BTreeMap::new();
        let mut idle = String::new();
        let (mut headline, mut asked) = (String::new(), String::new());
        for line in text.lines() {
            if line.starts_with("error[") || line.starts_with("drift[") {
                // What was found instead of the expected value depends on the payload.
                headline = line.split(", found ").next().unwrap().to_owned();
                asked.clear();
            } else if let Some((_, place)) = line.split_once("= required by: ") {
                place.split_once(" #").unwrap().1.clone_into(&mut asked);
            } else if headline.contains("[expected]") && line.contains(" | ") && line.contains('#') {
                // Unused entries are distinguished by the entry itself.
                line.split_once(" | ").unwrap().1.clone_into(&mut idle);
            } else if let Some((_, fingerprint)) = line.split_once("= fingerprint: ") {
                let keyword = headline.split(['[', ']']).nth(1).unwrap_or(&asked).to_owned();
                let what = match keyword.as_str() {
                    "expected" => (keyword, idle.clone(), headline.clone()),
                    // These are about the document, whatever is validated against it.
                    "generation" => (keyword, String::new(), headline.clone()),
                    _ => (keyword, asked.clone(), headline.clone()),
                };
                let first = known.entry(fingerprint.to_owned()).or_insert_with(|| what.clone());
                assert_eq!(*first, what, "{fingerprint} in {}", path.display());
            }
        }
    }
}

const ORDERED: &str = "
Ordered:
  type: object
  required: [id]
  properties:
    id: {type: string}
    count: {type: integer, maximum: 5}
    list: {type: array, items: {type: object, required: [a], properties: {a: {type: string}, b: {type: boolean}}}}
    map: {type: object, additionalProperties: {type: integer}}
";

#[test]
fn fingerprint_is_independent_of_order_and_values() {
    let console = Console::with_schemas(ORDERED);
    let of = |files: &[(&str, &str)]| {
        for (name, text) in files {
            console.file(name, text);
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        console.fingerprints(&format!("--schema Ordered {}", names.join(" ")))
    };
    let base = r#"{"count": 6, "list": [{"a": 1}, {"b": true}, {"a": "x", "b": "y"}], "map": {"k": "v"}, "new": 1}"#;
    let expected = of(&[("base.json", base)]);
    let keywords: Vec<&str> = expected.iter().map(|(keyword, _)| keyword.as_str()).collect();
    assert_eq!(
        keywords,
        ["maximum", "properties", "required", "required", "type", "type", "type"]
    );
    let distinct: BTreeSet<_> = expected.iter().collect();
    assert_eq!(distinct.len(), expected.len(), "{expected:?}");

    for (what, text) in [
        (
            "members reordered",
            r#"{"new": 1, "map": {"k": "v"}, "list": [{"a": 1}, {"b": true}, {"b": "y", "a": "x"}], "count": 6}"#,
        ),
        (
            "items reordered",
            r#"{"count": 6, "list": [{"a": "x", "b": "y"}, {"b": true}, {"a": 1}], "map": {"k": "v"}, "new": 1}"#,
        ),
        (
            "more items that are right",
            r#"{"count": 6, "list": [{"a": "z"}, {"a": 1}, {"b": true}, {"a": "x", "b": "y"}, {"a": "z"}],
                "map": {"l": 1, "k": "v"}, "new": 1}"#,
        ),
        (
            "other values",
            r#"{"count": 600, "list": [{"a": null}, {"b": false}, {"a": "u", "b": 0}], "map": {"k": {}}, "new": {"n": 1}}"#,
        ),
        (
            "other names in a map",
            r#"{"count": 6, "list": [{"a": 1}, {"b": true}, {"a": "x", "b": "y"}], "map": {"someone else": "v"}, "new": 1}"#,
        ),
        (
            "on many lines",
            "{\n\n  \"count\": 6,\n  \"list\": [\n{\"a\": 1},\n {\"b\": true}, {\"a\": \"x\",\n \"b\": \"y\"}],\n\
             \"map\": {\"k\": \"v\"}, \"new\": 1}\n",
        ),
    ] {
        assert_eq!(of(&[("base.json", text)]), expected, "{what}");
        assert_eq!(
            of(&[("elsewhere/other.json", text)]),
            expected,
            "{what}, in another file"
        );
    }

    // Lines and files may be in another order.
    let lines = [
        "{\"count\": 9}",
        "{\"id\": 1}",
        "{\"id\": \"a\", \"fresh\": 1}",
        "{",
        "{\"id\": \"a\"}",
    ];
    let forth = of(&[("lines.ndjson", &lines.join("\n"))]);
    assert_eq!(forth.len(), 5);
    let back: Vec<&str> = lines.iter().rev().copied().collect();
    assert_eq!(of(&[("lines.ndjson", &back.join("\n"))]), forth);
    let files: Vec<(String, &str)> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| (format!("{index}.json"), *line))
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(of(&files), forth);
    files.reverse();
    assert_eq!(of(&files), forth);

    // The document may grow.
    console.file("base.json", base);
    let grown = ORDERED.replace("    count:", "    earlier: {type: string}\n    count:");
    console.file(
        "openapi/calls.yaml",
        document(PATHS, &format!("{THING}{}", grown.trim_start())),
    );
    assert_eq!(console.fingerprints("--schema Ordered base.json"), expected);
}

#[test]
fn fingerprint_distinguishes_findings_and_kinds_of_payloads() {
    let console = Console::new(&document(PATHS, THING));
    console.file("less.json", "{\"name\": 1, \"count\": \"x\", \"new\": 1, \"other\": 1}");
    let mut seen = BTreeSet::new();
    for kind in [
        "--schema Thing",
        "--operation add_thing --request",
        "--operation add_thing --response 200",
        "--operation add_thing --response 400",
    ] {
        for (keyword, fingerprint) in console.fingerprints(&format!("{kind} less.json")) {
            assert!(seen.insert(fingerprint), "{kind}: {keyword}");
        }
    }
    // Each kind of syntax error has one fingerprint, whatever the text.
    let mut of_problem: BTreeMap<String, String> = BTreeMap::new();
    for (name, bytes) in malformed_payloads() {
        console.file(&format!("{name}.json"), bytes);
        let (_, printed) = console.machine(
            &format!("--schema Thing --format json {name}.json"),
            &mut lossless_types(),
        );
        let printed: Value = serde_json::from_str(&printed).unwrap();
        let text = |field: &str| printed["findings"][0][field].as_str().unwrap().to_owned();
        let first = of_problem.entry(text("fingerprint")).or_insert_with(|| text("problem"));
        assert_eq!(*first, text("problem"));
    }
    let problems: BTreeSet<&String> = of_problem.values().collect();
    assert_eq!(problems.len(), of_problem.len());
}

/// Stand-ins for personal data: strings and numbers of several shapes. None contains a run of letters or digits that
/// the tool itself prints.
const CANARIES: [&str; 12] = [
    "Zquoxwv",
    "zquoxwv.kjyfq@wvzx.example",
    "+48 7391 5264",
    "ÿžqøxŵ",
    "漢字秘密",
    "\\u007a\\u0071uoxkq",
    "7391526480",
    "-7391526.480731",
    "7.391526480e12",
    "73915264807391526480",
    "7391-52-64T80:73:91Z",
    "/zqx/wvkj~qy",
];

/// Parts of the canaries that must not appear in any output.
const TRACES: [&str; 17] = [
    "zquox", "Zquox", "kjyfq", "wvzx", "7391", "5264", "ÿž", "øxŵ", "漢", "秘", "uoxkq", "526480", "480731", "391526",
    "zqx", "wvkj", "u007a",
];

const CANARY: &str = "
Canary:
  type: object
  required: [gone]
  properties:
    gone: {type: string}
    text: {type: integer}
    number: {type: string}
    short: {type: string, maxLength: 1}
    code: {type: string, pattern: '^[a-c]$'}
    when: {type: string, format: date-time}
    known: {type: string, enum: [a, b]}
    small: {type: integer, format: int32}
    low: {type: number, maximum: 1}
    step: {type: number, multipleOf: 0.5}
    list: {type: array, uniqueItems: true, maxItems: 1, items: {type: boolean}}
    map: {type: object, additionalProperties: {type: boolean}}
    deep: {type: object, additionalProperties: {type: object, additionalProperties: {type: array, items: {type: boolean}}}}
    either: {oneOf: [{type: boolean}, {type: object, required: [kind], properties: {kind: {type: string, enum: [one]}}}]}
    shut: {type: object, maxProperties: 0, additionalProperties: true}
    free: {type: object}
";

/// Returns a payload in which every value, and every key that is data, is a canary.
fn canary(text: &str, spread: bool) -> String {
    let number = match text.parse::<f64>() {
        Ok(_) if !text.starts_with('+') => text.to_owned(),
        _ => format!("\"{text}\""),
    };
    let end = if spread { "\n" } else { "" };
    format!(
        "{{{end}\"text\": \"{text}\", \"number\": {number},{end} \"short\": \"{text}\", \"code\": \"{text}\",{end} \
         \"when\": \"{text}\", \"known\": \"{text}\", \"small\": {number}, \"low\": {number}, \"step\": {number},{end} \
         \"list\": [\"{text}\", {number}, \"{text}\"], \"map\": {{\"{text}\": \"{text}\", \"x{text}\": {number}}},{end} \
         \"deep\": {{\"{text}\": {{\"{text}\": [{number}, \"{text}\"]}}}}, \"either\": {{\"kind\": \"{text}\", \"more\": {number}}},{end} \
         \"shut\": {{\"{text}\": {number}}}, \"free\": {{\"{text}\": {number}}}, \"fresh\": {{\"{text}\": [\"{text}\"]}}{end}}}"
    )
}

/// Runs `validate` in each format, and checks that the output contains no traces and at least this number of findings.
fn assert_no_leaks(console: &Console, arguments: &str, types: &mut dyn RoundTrip, findings: usize) {
    let mut leaks = Vec::new();
    for format in ["text", "json", "github", "sarif", "junit"] {
        for strict in ["", " --strict"] {
            let (_, printed) = console.output(&format!("{arguments} --format {format}{strict}"), types);
            // Traces may be escaped as in JSON, URIs and workflow commands.
            for line in printed.lines() {
                let line = line.replace("%25", "%");
                for trace in TRACES {
                    let escaped: String = trace.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
                    let encoded: String = trace.bytes().map(|byte| format!("%{byte:02X}")).collect();
                    if line.contains(trace) || line.contains(&escaped) || line.contains(&encoded) {
                        leaks.push(format!("{format}: {trace} in {line}"));
                    }
                }
            }
            if format == "json" {
                let (_, printed) = console.machine(&format!("{arguments} --format {format}{strict}"), types);
                let printed: Value = serde_json::from_str(&printed).unwrap();
                assert!(printed["findings"].as_array().unwrap().len() >= findings, "{printed:#}");
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} leaks, such as\n{}",
        leaks.len(),
        leaks[..leaks.len().min(5)].join("\n")
    );
}

#[test]
fn values_of_recorded_payload_are_never_shown() {
    let console = Console::with_schemas(CANARY);
    for (index, text) in CANARIES.into_iter().enumerate() {
        console.file(&format!("{index}.json"), canary(text, false));
        console.file(&format!("{index}-lines.json"), canary(text, true));
    }
    let whole: Vec<String> = (0..CANARIES.len())
        .flat_map(|index| [format!("{index}.json"), format!("{index}-lines.json")])
        .collect();
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", whole.join(" ")),
        &mut lossless_types(),
        200,
    );

    let lines: Vec<String> = CANARIES.iter().map(|text| canary(text, false)).collect();
    console.file("all.ndjson", lines.join("\n"));
    assert_no_leaks(&console, "--schema Canary all.ndjson", &mut lossless_types(), 100);
    // Each payload is a bare value.
    console.file("values.ndjson", CANARIES.map(|text| format!("\"{text}\"\n")).concat());
    assert_no_leaks(&console, "--schema Canary values.ndjson", &mut lossless_types(), 12);
}

#[test]
fn content_of_malformed_payload_is_never_shown() {
    let console = Console::with_schemas(CANARY);
    let mut names = Vec::new();
    for (index, text) in CANARIES.into_iter().enumerate() {
        let good = canary(text, true);
        for (kind, bad) in [
            ("bare", format!("{{{text}: {text}}}").into_bytes()),
            ("comment", format!("// {text}\n{good}").into_bytes()),
            ("control", format!("{{\"text\": \"{text}\t{text}\"}}").into_bytes()),
            ("cut", good.as_bytes()[..good.len() - 7].to_vec()),
            ("escape", format!("{{\"text\": \"{text}\\x{text}\"}}").into_bytes()),
            ("latin", [good.as_bytes(), b"\xe9", text.as_bytes()].concat()),
            (
                "overflow",
                format!("{{\"text\": {}e999, \"number\": \"{text}\"}}", "7391526480").into_bytes(),
            ),
            (
                "half",
                format!("{{\"text\": \"{text}\\ud83d\", \"number\": \"{text}\"}}").into_bytes(),
            ),
            ("second", format!("{good}\n\"{text}\"").into_bytes()),
            ("single", format!("{{'{text}': '{text}'}}").into_bytes()),
            (
                "twice",
                format!("{{\"text\": \"{text}\", \"text\": \"{text}\", \"map\": {{\"{text}\": 1}}}}").into_bytes(),
            ),
        ] {
            let name = format!("{index}-{kind}.json");
            console.file(&name, bad);
            names.push(name);
        }
    }
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", names.join(" ")),
        &mut lossless_types(),
        names.len(),
    );
}

/// A key that is data is hidden in findings about duplicate keys, too.
#[test]
fn duplicate_key_of_map_is_never_shown() {
    let console = Console::with_schemas(CANARY);
    for (index, text) in CANARIES.into_iter().enumerate() {
        console.file(
            &format!("{index}.json"),
            format!("{{\"map\": {{\"{text}\": true, \"{text}\": true}}, \"gone\": \"x\"}}"),
        );
    }
    let names: Vec<String> = (0..CANARIES.len()).map(|index| format!("{index}.json")).collect();
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", names.join(" ")),
        &mut lossless_types(),
        CANARIES.len(),
    );
}

/// The messages of serde quote values.
#[test]
fn values_in_messages_of_serde_are_never_shown() {
    let console = Console::with_schemas(
        "Open: {type: object, properties: {text: {}, map: {type: object, additionalProperties: {}}}}",
    );
    let mut names = Vec::new();
    for (index, text) in CANARIES.into_iter().enumerate() {
        let value = text
            .parse::<f64>()
            .map_or_else(|_| format!("\"{text}\""), |_| text.trim_start_matches('+').to_owned());
        console.file(
            &format!("{index}.json"),
            format!("{{\"text\": {value}, \"map\": {{\"{text}\": {value}}}}}"),
        );
        names.push(format!("{index}.json"));
    }
    let arguments = format!("--schema Open {}", names.join(" "));
    let refused = |payload: &Value| {
        let (name, value) = payload["map"].as_object().unwrap().iter().next().unwrap();
        let problem = serde_json::from_value::<bool>(value.clone()).unwrap_err().to_string();
        FakeOutcome::Undecodable {
            path: format!("map.{name}"),
            problem,
        }
    };
    let lost = |payload: &Value| {
        let name = payload["map"].as_object().unwrap().keys().next().unwrap().clone();
        FakeOutcome::Encoded(json!({"text": "else", "map": {format!("{name}!"): payload["text"]}}))
    };
    // All cases run before the assertion, so that a failure reports all leaks.
    let failed: Vec<String> = [("decoding", refused as fn(&Value) -> FakeOutcome), ("encoding", lost)]
        .into_iter()
        .filter_map(|(what, types)| {
            let run = || assert_no_leaks(&console, &arguments, &mut FakeTypes(types), CANARIES.len());
            let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).err()?;
            Some(format!("{what}: {}", failed.downcast_ref::<String>().unwrap()))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A terminal would interpret control characters as commands.
#[test]
fn control_characters_of_payload_are_never_printed() {
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples: {odd: {externalValue: odd.json}, raw: {externalValue: raw.json}}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    console.file(
        "openapi/odd.json",
        "{\"name\": \"x\", \"secret\": 1, \"count\": \"\u{7f}\u{9b}31m\u{202e}\"}",
    );
    console.file("openapi/raw.json", "{\"name\": \"\u{1b}[31m\"}");
    console.file("recorded.json", "{\"name\":\r \"\u{1b}[31m\u{8}\"}");
    for arguments in ["", "--schema Thing recorded.json"] {
        let printed = console.run(arguments, Exit::Findings);
        let odd = printed
            .chars()
            .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(odd, None, "{printed:?}");
    }
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

/// Findings in one long line are reported as fast as in many short lines.
#[test]
fn long_line_is_reported_in_linear_time() {
    let console = Console::with_schemas(ORDERED);
    let items = vec!["{\"a\": \"x\", \"b\": true}"; 10_000].join(", ");
    console.file(
        "long.json",
        format!("{{\"id\": 1, \"list\": [{items}], \"count\": \"x\"}}"),
    );
    let begun = std::time::Instant::now();
    let (exit, printed) = console.output("--schema Ordered long.json", &mut lossless_types());
    assert_eq!(exit, Exit::Findings);
    assert!(printed.contains("1 payload, 2 errors"), "{printed}");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

/// Types that record the payloads they receive, and fail to decode some that their schema accepts.
#[derive(Default)]
struct Counting {
    batches: Vec<usize>,
    seen: Vec<u64>,
}

impl Types for Counting {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Ok(Map::new())
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        self.batches.push(samples.len());
        let numbers = samples
            .iter()
            .map(|sample| sample.payload.root().to_value()["count"].as_u64().unwrap());
        self.seen.extend(numbers.clone());
        let outcome = |number: u64| match number % 3_000 {
            7 => Outcome::Undecodable {
                path: "id".to_owned(),
                problem: format!("number {number}"),
            },
            _ => Outcome::Encoded(Vec::new()),
        };
        Ok(numbers.map(outcome).collect())
    }
}

impl RoundTrip for Counting {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Ok(())
    }
}

#[test]
fn findings_in_many_lines_keep_line_numbers_and_order() {
    const LINES: u64 = 20_000;
    let console = Console::with_schemas(
        "Line: {type: object, required: [id], properties: {id: {type: string}, count: {type: integer}}}",
    );
    let mut text = String::new();
    for number in 1..=LINES {
        // One line in a thousand is invalid, alternately by its schema and as JSON.
        match number % 1_000 {
            0 if number % 2_000 == 0 => writeln!(text, "{{\"id\": \"{number}\", \"count\": }}").unwrap(),
            0 => writeln!(text, "{{\"id\": {number}, \"count\": {number}}}").unwrap(),
            _ => writeln!(
                text,
                "{{\"id\": \"{}\", \"count\": {number}}}",
                "x".repeat((number % 37) as usize)
            )
            .unwrap(),
        }
    }
    console.file("lines.ndjson", &text);
    let mut types = Counting::default();
    let (exit, printed) = console.output("--schema Line lines.ndjson --format json", &mut types);
    assert_eq!(exit, Exit::Findings);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["payloads"], LINES);
    let found: Vec<(u64, String)> = printed["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["line"].as_u64().unwrap(),
                one["keyword"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected: Vec<(u64, String)> = (1..=LINES)
        .filter_map(|number| match (number % 3_000, number % 1_000, number % 2_000) {
            (7, ..) => Some((number, "rust-type".to_owned())),
            (_, 0, 0) => Some((number, "json".to_owned())),
            (_, 0, _) => Some((number, "type".to_owned())),
            _ => None,
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(printed["errors"].as_u64().unwrap(), expected.len() as u64);
    // The types received the valid payloads, each once and in order, in batches.
    let fitting: Vec<u64> = (1..=LINES).filter(|number| number % 1_000 != 0).collect();
    assert_eq!(types.seen, fitting);
    assert!(
        types.batches.len() > 1 && types.batches.iter().all(|count| *count <= 512),
        "{:?}",
        types.batches
    );

    // With several files, lines are counted from the beginning of each file.
    console.file(
        "first.ndjson",
        "{\"id\": \"a\", \"count\": 7}\n{\"id\": 1, \"count\": 2}\n",
    );
    let (_, printed) = console.output(
        "--schema Line first.ndjson lines.ndjson first.ndjson",
        &mut Counting::default(),
    );
    assert_eq!(printed.matches(" --> first.ndjson:1:8\n").count(), 2);
    assert_eq!(printed.matches(" --> first.ndjson:2:8\n").count(), 2);
    assert_eq!(printed.matches("--> lines.ndjson:").count(), expected.len());
    assert!(printed.ends_with(&format!("{} payloads, {} errors\n", LINES + 4, expected.len() + 4)));
}
