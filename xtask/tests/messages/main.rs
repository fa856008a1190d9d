//! Tests the messages of `cargo xtask validate`. Each group of messages is compared with a file in `golden/messages`,
//! with the command before and the exit code after the output. `UPDATE_EXPECT=1 cargo test` updates these files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod documents;
mod excerpts;
mod expected_failures;
mod fingerprints;
mod golden_files;
mod inputs;
mod keywords;
mod lines;
mod privacy;
#[path = "../support/mod.rs"]
mod support;
mod syntax;
mod types;

use std::fmt::Write as _;

use callrounded_doc::Exit;
use serde_json::Value;
use xtask::RoundTrip;

use support::{Workspace, lossless_types};

/// A workspace with a document, and the transcript of the commands that ran in it.
pub(crate) struct Console {
    pub(crate) workspace: Workspace,
    pub(crate) printed: String,
}

impl Console {
    pub(crate) fn new(document: &str) -> Self {
        let console = Self {
            workspace: Workspace::empty(),
            printed: String::new(),
        };
        console.file("openapi/calls.yaml", document);
        console
    }

    /// Creates a workspace with a document that has these component schemas, given without indentation.
    pub(crate) fn with_schemas(schemas: &str) -> Self {
        Self::new(&document("{}", schemas))
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        self.workspace.write(name, content);
    }

    pub(crate) fn output(&self, arguments: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        self.workspace.xtask(&format!("validate {arguments}"), types)
    }

    /// Runs `validate`. Returns its exit and what it prints on standard output.
    pub(crate) fn machine(&self, arguments: &str, types: &mut dyn RoundTrip) -> (Exit, String) {
        let words: Vec<&str> = ["validate"].into_iter().chain(arguments.split_whitespace()).collect();
        support::output(&words, self.workspace.directories(), types)
    }

    pub(crate) fn run(&mut self, arguments: &str, expected: Exit) -> String {
        self.run_with(&mut lossless_types(), arguments, expected)
    }

    pub(crate) fn run_with(&mut self, types: &mut dyn RoundTrip, arguments: &str, expected: Exit) -> String {
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
    pub(crate) fn assert_golden(self, golden: &str) {
        support::assert_golden(&format!("messages/{golden}.txt"), self.printed.trim_end_matches('\n'));
    }

    /// Runs `validate`. Returns the keyword and the fingerprint of each finding, sorted.
    pub(crate) fn fingerprints(&self, arguments: &str) -> Vec<(String, String)> {
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

pub(crate) fn document(paths: &str, schemas: &str) -> String {
    let mut text =
        format!("openapi: 3.0.3\ninfo: {{title: Things, version: \"1\"}}\npaths: {paths}\ncomponents:\n  schemas:\n");
    for line in schemas.trim_matches('\n').lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

pub(crate) const THING: &str = "
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

pub(crate) const PATHS: &str = "
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

pub(crate) const ORDERED: &str = "
Ordered:
  type: object
  required: [id]
  properties:
    id: {type: string}
    count: {type: integer, maximum: 5}
    list: {type: array, items: {type: object, required: [a], properties: {a: {type: string}, b: {type: boolean}}}}
    map: {type: object, additionalProperties: {type: integer}}
";

/// Returns malformed JSON texts, one for each kind of syntax error, with their names.
pub(crate) fn malformed_payloads() -> Vec<(&'static str, Vec<u8>)> {
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

/// Removes the messages of the operating system.
pub(crate) fn without_os_errors(printed: &str) -> String {
    let lines = printed.lines().map(|line| match line.split_once("cannot be read: ") {
        Some((before, _)) => format!("{before}cannot be read: …\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}
