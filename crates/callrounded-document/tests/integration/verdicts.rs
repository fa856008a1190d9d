//! The verdicts on payloads that OpenAPI 3.0.3 requires. The cases are in `verdicts/`.

use std::{fs, path::Path};

use callrounded_document::{
    Document, Mismatch, Verdict,
    json::{Json, Kind, Node},
    pointer,
    traverse::Direction,
};
use serde_json::{Value, json};

/// The location of the schema of a case: that of a request body.
const SCHEMA: &str = "/paths/~1v1~1calls/post/requestBody/content/application~1json/schema";

struct Case {
    /// The name of the file, and the index in it.
    name: String,
    value: Value,
}

impl Case {
    fn string(&self, key: &str) -> &str {
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
        match self.string("direction") {
            "" => None,
            "request" => Some(Direction::Request),
            "response" => Some(Direction::Response),
            other => panic!("{}: invalid direction {other}: expected request or response", self.name),
        }
    }

    /// Returns what is wrong with the case or its outcome.
    fn failures(&self) -> Vec<String> {
        const KEYS: [&str; 7] = [
            "reason",
            "schema",
            "payload",
            "verdict",
            "direction",
            "components",
            "findings",
        ];
        let mut failures = Vec::new();
        for key in self.value.as_object().unwrap().keys() {
            if !KEYS.contains(&key.as_str()) {
                failures.push(format!("unknown key `{key}`"));
            }
        }
        if self.string("reason").trim().is_empty() {
            failures.push("`reason` is missing".to_owned());
        }
        let expected = self.string("verdict");
        if !["ok", "error", "drift", "unreadable"].contains(&expected) {
            failures.push(format!("invalid verdict `{expected}`"));
        }
        let payload = match Json::read(self.string("payload")) {
            Ok(payload) => payload,
            Err(error) => {
                if expected != "unreadable" {
                    failures.push(format!("expected {expected}, got unreadable: {error}"));
                }
                return failures;
            }
        };
        let document = self.document();
        let validator = match document.validator(SCHEMA, self.direction()) {
            Ok(validator) => validator,
            Err(error) => {
                failures.push(format!("expected {expected}, but the schema is invalid: {error}"));
                return failures;
            }
        };
        let found = validator.check(&payload);
        let actual = match found.iter().map(|one| one.verdict).min() {
            None => "ok",
            Some(Verdict::Error) => "error",
            Some(Verdict::Drift) => "drift",
        };
        let actual_findings: Vec<String> = found
            .iter()
            .map(|one| format!("#{} {}", one.pointer, one.keyword))
            .collect();
        if actual != expected {
            failures.push(format!("expected {expected}, got {actual} {actual_findings:?}"));
        }
        if let Some(findings) = self.value.get("findings").and_then(Value::as_array) {
            let findings: Vec<&str> = findings.iter().filter_map(Value::as_str).collect();
            if findings != actual_findings {
                failures.push(format!("expected findings {findings:?}, got {actual_findings:?}"));
            }
        }
        if validator.is_clean(&payload) != found.is_empty() {
            failures.push(format!(
                "is_clean() disagrees with check(), which found {actual_findings:?}"
            ));
        }
        for one in &found {
            check_mismatch(one, &document, &payload, &mut failures);
        }
        failures
    }
}

/// Checks the spans, the pointers and the messages of a mismatch. Messages must not contain values of the payload.
fn check_mismatch(one: &Mismatch, document: &Document, payload: &Json, failures: &mut Vec<String>) {
    let label = format!("#{} {}", one.pointer, one.keyword);
    for span in [Some(&one.span), one.related.as_ref()].into_iter().flatten() {
        if span.is_empty() || payload.text().get(span.clone()).is_none() {
            failures.push(format!("{label}: the span {span:?} is not in the payload"));
        }
    }
    let holder = pointer::split(&one.schema).map(|(holder, _)| holder);
    if !one.schema.is_empty()
        && document.get(&one.schema).is_none()
        && holder.is_none_or(|holder| document.get(holder).is_none())
    {
        failures.push(format!("{label}: the document has nothing at {}", one.schema));
    }
    if one.problem.is_empty() || one.remedy.is_empty() {
        failures.push(format!("{label}: the problem or the remedy is empty"));
    }
    // Keys may be shown, and so may values that are in the document.
    let mut known = vec![document.value().to_string()];
    let mut values = Vec::new();
    strings(payload.root(), &mut known, &mut values);
    for value in values.iter().filter(|value| value.chars().count() >= 4) {
        if !known.iter().any(|known| known.contains(value.as_str()))
            && (one.problem.contains(value.as_str()) || one.remedy.contains(value.as_str()))
        {
            failures.push(format!(
                "{label}: the message contains a value of the payload: {}; {}",
                one.problem, one.remedy
            ));
        }
    }
}

/// Collects the keys and the string values of a payload.
fn strings(node: Node<'_>, keys: &mut Vec<String>, values: &mut Vec<String>) {
    if node.kind() == Kind::String {
        values.push(node.as_str().unwrap().into_owned());
    }
    for element in node.elements() {
        strings(element, keys, values);
    }
    for (key, value) in node.members() {
        keys.push(key.as_str().unwrap().into_owned());
        strings(value, keys, values);
    }
}

fn cases() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts");
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let list = Document::parse(&name, &text).unwrap_or_else(|error| panic!("{error}"));
        let list = list
            .value()
            .as_array()
            .unwrap_or_else(|| panic!("{name} is not a list"));
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
fn validator_verdict_of_each_case_is_as_expected() {
    let cases = cases();
    assert!(cases.len() >= 200, "only {} cases", cases.len());
    let mut failed = Vec::new();
    for case in &cases {
        let failures = case.failures();
        if !failures.is_empty() {
            failed.push(format!(
                "{} ({}):\n    {}",
                case.name,
                case.string("reason"),
                failures.join("\n    ")
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
