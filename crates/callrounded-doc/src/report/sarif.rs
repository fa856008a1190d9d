//! Prints findings as SARIF 2.1.0, the format of code scanning. Results are written one by one, and their rules after
//! them.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use callrounded_document::{Location, Verdict, check::Finding};
use serde_json::{Value, json};

use super::{Paths, Report, Summary, message};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) struct Sarif {
    strict: bool,
    has_results: bool,
    paths: Paths,
    /// The rules of the results.
    rules: BTreeSet<String>,
}

impl Sarif {
    pub fn new(strict: bool, paths: Paths) -> Self {
        Self {
            strict,
            has_results: false,
            paths,
            rules: BTreeSet::new(),
        }
    }

    /// Writes what precedes a result.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.has_results {
            return writeln!(out, ",");
        }
        self.has_results = true;
        header(out)
    }
}

fn header(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{{\"$schema\": \"{SCHEMA}\", \"version\": \"2.1.0\", \"runs\": [{{\n\
         \"columnKind\": \"unicodeCodePoints\",\n\"results\": ["
    )
}

impl Report for Sarif {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        if !self.rules.contains(&finding.keyword) {
            self.rules.insert(finding.keyword.clone());
        }
        write!(out, "{}", self.result(finding))
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.has_results {
            header(out)?;
        }
        let properties = json!({
            "payloads": summary.payloads,
            "errors": summary.errors,
            "drift": summary.drift,
            "expected": summary.expected,
            "hidden": summary.hidden,
            "notes": summary.notes,
        });
        let unreadable = summary.unreadable.iter();
        let unreadable = unreadable.map(|(file, problem)| {
            json!({
                "level": "error",
                "message": { "text": format!("{file} {problem}") },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&self.paths.of(file)) } } }],
            })
        });
        let failures = summary.failure.iter();
        let failures = failures.map(|failure| json!({ "level": "error", "message": { "text": failure } }));
        let failures = unreadable.chain(failures);
        let rules = self.rules.iter();
        let rules = rules.map(|id| json!({ "id": id, "shortDescription": { "text": description(id) } }));
        let driver = json!({
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.collect::<Vec<_>>(),
        });
        let invocation = json!({
            "executionSuccessful": summary.failure.is_none() && summary.unreadable.is_empty(),
            "toolExecutionNotifications": failures.collect::<Vec<_>>(),
        });
        writeln!(
            out,
            "\n],\n\"tool\": {{\"driver\": {driver}}},\n\"invocations\": [{invocation}],\n\"properties\": {properties}\n}}]}}"
        )
    }
}

impl Sarif {
    fn result(&self, finding: &Finding) -> Value {
        let level = match finding.verdict {
            Verdict::Drift if !self.strict => "warning",
            _ => "error",
        };
        let mut result = json!({
            "ruleId": finding.keyword,
            "level": level,
            "message": { "text": message(finding) },
            "locations": [{
                "physicalLocation": self.physical(&finding.file, finding.location),
                "logicalLocations": [{
                    "fullyQualifiedName": format!("{}#{}", finding.subject, finding.pointer),
                    "kind": "element",
                }],
            }],
            "partialFingerprints": { "callrounded/v1": finding.fingerprint },
        });
        let required_by = finding
            .required_by
            .iter()
            .filter(|required_by| self.paths.exists(&required_by.file));
        let required_by = required_by.map(|required_by| {
            json!({
                "physicalLocation": self.physical(&required_by.file, required_by.location),
                "message": { "text": format!("required by #{}", required_by.pointer) },
            })
        });
        let other = finding.related.iter().map(|(location, _)| {
            json!({
                "physicalLocation": self.physical(&finding.file, *location),
                "message": { "text": "related location" },
            })
        });
        let related: Vec<Value> = required_by.chain(other).collect();
        if let (Some(result), false) = (result.as_object_mut(), related.is_empty()) {
            result.insert("relatedLocations".to_owned(), related.into());
        }
        result
    }

    fn physical(&self, file: &str, location: Location) -> Value {
        json!({
            "artifactLocation": { "uri": uri(&self.paths.of(file)) },
            "region": { "startLine": location.line, "startColumn": location.column },
        })
    }
}

/// Encodes a path as a relative URI reference, as SARIF requires.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// Returns the description of a rule. Most rules are named after a schema keyword.
fn description(rule: &str) -> String {
    match rule {
        "json" => "The payload is valid JSON without duplicate keys".to_owned(),
        "properties" => "The document describes each property of the payload".to_owned(),
        "rust-type" => "The generated type decodes the payload and encodes it without changes".to_owned(),
        "json-schema" => "The JSON Schema of the generated type accepts the payload".to_owned(),
        "generation" => "A client can be generated from the document".to_owned(),
        "document" => "The document follows the rules of OpenAPI 3.0".to_owned(),
        "schema" => "The schema is valid".to_owned(),
        "expected" => "Each entry of the list of expected failures matches a finding".to_owned(),
        "externalValue" => "The file of the example can be read".to_owned(),
        keyword => format!("The payload satisfies `{keyword}` of its schema"),
    }
}
