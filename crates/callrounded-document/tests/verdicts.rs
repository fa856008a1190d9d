//! What the verdict on a payload has to be by the letter of OpenAPI 3.0.3, case by case, in `verdicts/`.
#![cfg(feature = "validate")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::{fs, path::Path};

use callrounded_document::{
    Deviation, Document, Verdict,
    json::{Json, Kind, Node},
    pointer,
    walk::Direction,
};
use serde_json::{Value, json};

/// Where the schema of a case stands, as the schema of a body would.
const SCHEMA: &str = "/paths/~1v1~1calls/post/requestBody/content/application~1json/schema";

struct Case {
    /// File and index.
    name: String,
    value: Value,
}

impl Case {
    fn text(&self, key: &str) -> &str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn document(&self) -> Document {
        let none = json!({});
        let document = json!({
            "openapi": "3.0.3",
            "paths": { "/v1/calls": { "post": { "requestBody": { "content": { "application/json": {
                "schema": self.value.get("schema").unwrap_or(&none),
            } } } } } },
            "components": { "schemas": self.value.get("components").unwrap_or(&none) },
        });
        Document::parse("calls.json", &document.to_string()).unwrap()
    }

    fn direction(&self) -> Option<Direction> {
        match self.text("direction") {
            "" => None,
            "request" => Some(Direction::Request),
            "response" => Some(Direction::Response),
            other => panic!("{}: {other} is no direction", self.name),
        }
    }

    /// What is wrong with the outcome, if anything.
    fn complaints(&self) -> Vec<String> {
        const KEYS: [&str; 7] = [
            "reason",
            "schema",
            "payload",
            "verdict",
            "direction",
            "components",
            "findings",
        ];
        let mut complaints = Vec::new();
        for key in self.value.as_object().unwrap().keys() {
            if !KEYS.contains(&key.as_str()) {
                complaints.push(format!("{key} is no part of a case"));
            }
        }
        if self.text("reason").trim().is_empty() {
            complaints.push("it has no reason".to_owned());
        }
        let expected = self.text("verdict");
        if !["ok", "error", "drift", "unreadable"].contains(&expected) {
            complaints.push(format!("{expected} is no verdict"));
        }
        let payload = match Json::read(self.text("payload")) {
            Ok(payload) => payload,
            Err(unreadable) => {
                if expected != "unreadable" {
                    complaints.push(format!("expected {expected}, got unreadable: {unreadable}"));
                }
                return complaints;
            }
        };
        let document = self.document();
        let validator = match document.validator(SCHEMA, self.direction()) {
            Ok(validator) => validator,
            Err(refused) => {
                complaints.push(format!("expected {expected}, the schema is refused: {refused}"));
                return complaints;
            }
        };
        let found = validator.check(&payload);
        let got = match found.iter().map(|one| one.verdict).min() {
            None => "ok",
            Some(Verdict::Error) => "error",
            Some(Verdict::Drift) => "drift",
        };
        let briefly: Vec<String> = found
            .iter()
            .map(|one| format!("#{} {}", one.pointer, one.keyword))
            .collect();
        if got != expected {
            complaints.push(format!("expected {expected}, got {got} {briefly:?}"));
        }
        if let Some(findings) = self.value.get("findings").and_then(Value::as_array) {
            let findings: Vec<&str> = findings.iter().filter_map(Value::as_str).collect();
            if findings != briefly {
                complaints.push(format!("expected findings {findings:?}, got {briefly:?}"));
            }
        }
        if validator.is_clean(&payload) != found.is_empty() {
            complaints.push(format!(
                "is_clean() says otherwise than check(), which found {briefly:?}"
            ));
        }
        for one in &found {
            sound(one, &document, &payload, &mut complaints);
        }
        complaints
    }
}

/// Whether a deviation says what it should wherever it is found, and nothing that it should not.
fn sound(one: &Deviation, document: &Document, payload: &Json, complaints: &mut Vec<String>) {
    let label = format!("#{} {}", one.pointer, one.keyword);
    for span in [Some(&one.span), one.also.as_ref()].into_iter().flatten() {
        if span.is_empty() || payload.text().get(span.clone()).is_none() {
            complaints.push(format!("{label}: the span {span:?} is no part of the payload"));
        }
    }
    let holder = pointer::split(&one.schema).map(|(holder, _)| holder);
    if !one.schema.is_empty()
        && document.get(&one.schema).is_none()
        && holder.is_none_or(|holder| document.get(holder).is_none())
    {
        complaints.push(format!("{label}: nothing is at {} in the document", one.schema));
    }
    if one.problem.is_empty() || one.remedy.is_empty() {
        complaints.push(format!("{label}: it does not say what is wrong and what to do"));
    }
    // Names are not secret, and what the document says itself is not the payload's.
    let mut known = vec![document.value().to_string()];
    let mut values = Vec::new();
    texts(payload.root(), &mut known, &mut values);
    for value in values.iter().filter(|value| value.chars().count() >= 4) {
        if !known.iter().any(|known| known.contains(value.as_str()))
            && (one.problem.contains(value.as_str()) || one.remedy.contains(value.as_str()))
        {
            complaints.push(format!(
                "{label}: a value of the payload is in the message: {}; {}",
                one.problem, one.remedy
            ));
        }
    }
}

fn texts(node: Node<'_>, names: &mut Vec<String>, values: &mut Vec<String>) {
    if node.kind() == Kind::String {
        values.push(node.as_str().unwrap().into_owned());
    }
    for element in node.elements() {
        texts(element, names, values);
    }
    for (name, value) in node.members() {
        names.push(name.as_str().unwrap().into_owned());
        texts(value, names, values);
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let list = Document::parse(&name, &text).unwrap_or_else(|refused| panic!("{refused}"));
        let list = list.value().as_array().unwrap_or_else(|| panic!("{name} is no list"));
        for (index, value) in list.iter().enumerate() {
            cases.push(Case {
                name: format!("{name}[{index}]"),
                value: value.clone(),
            });
        }
    }
    cases
}

#[test]
fn every_verdict_is_as_the_specification_says() {
    let cases = cases();
    assert!(cases.len() >= 200, "only {} cases", cases.len());
    let mut failed = Vec::new();
    for case in &cases {
        let complaints = case.complaints();
        if !complaints.is_empty() {
            failed.push(format!(
                "{} ({}):\n    {}",
                case.name,
                case.text("reason"),
                complaints.join("\n    ")
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} cases failed:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}
