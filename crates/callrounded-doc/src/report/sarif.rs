//! SARIF 2.1.0, the format of code scanning. Its results are written one by one, and the rules that they are about after them.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use callrounded_document::{Place, Verdict, check::Finding};
use serde_json::{Value, json};

use super::{Paths, Report, Summary, message};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) struct Sarif {
    strict: bool,
    begun: bool,
    paths: Paths,
    /// The rules that results are about.
    rules: BTreeSet<String>,
}

impl Sarif {
    pub fn new(strict: bool, paths: Paths) -> Self {
        Self {
            strict,
            begun: false,
            paths,
            rules: BTreeSet::new(),
        }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.begun {
            return writeln!(out, ",");
        }
        self.begun = true;
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
        write!(out, "{}", self.of(finding))
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
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
    fn of(&self, finding: &Finding) -> Value {
        let level = match finding.verdict {
            Verdict::Drift if !self.strict => "warning",
            _ => "error",
        };
        let mut result = json!({
            "ruleId": finding.keyword,
            "level": level,
            "message": { "text": message(finding) },
            "locations": [{
                "physicalLocation": self.physical(&finding.file, finding.place),
                "logicalLocations": [{
                    "fullyQualifiedName": format!("{}#{}", finding.about, finding.pointer),
                    "kind": "element",
                }],
            }],
            "partialFingerprints": { "callrounded/v1": finding.fingerprint },
        });
        let asked = finding.asked.iter().filter(|asked| self.paths.has(&asked.file));
        let asked = asked.map(|asked| {
            json!({
                "physicalLocation": self.physical(&asked.file, asked.place),
                "message": { "text": format!("required by #{}", asked.pointer) },
            })
        });
        let also = finding.also.iter().map(|(place, _)| {
            json!({
                "physicalLocation": self.physical(&finding.file, *place),
                "message": { "text": "this belongs to it" },
            })
        });
        let related: Vec<Value> = asked.chain(also).collect();
        if let (Some(result), false) = (result.as_object_mut(), related.is_empty()) {
            result.insert("relatedLocations".to_owned(), related.into());
        }
        result
    }

    fn physical(&self, file: &str, place: Place) -> Value {
        json!({
            "artifactLocation": { "uri": uri(&self.paths.of(file)) },
            "region": { "startLine": place.line, "startColumn": place.column },
        })
    }
}

/// A path as the relative reference that SARIF asks for.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// What a rule asks for. Most are named after the keyword of the schema.
fn description(rule: &str) -> String {
    match rule {
        "json" => "The payload is JSON, and each object has a key once".to_owned(),
        "properties" => "The document describes each property of the payload".to_owned(),
        "rust-type" => "The generated type decodes the payload and encodes it as it was".to_owned(),
        "json-schema" => "The JSON Schema of the generated type accepts the payload".to_owned(),
        "generation" => "A client can be generated from the document".to_owned(),
        "document" => "The document follows the rules of OpenAPI 3.0".to_owned(),
        "schema" => "The schema is one that payloads can be checked against".to_owned(),
        "expected" => "Each expected failure occurs".to_owned(),
        "externalValue" => "The file of an example can be read".to_owned(),
        keyword => format!("The payload satisfies `{keyword}` of its schema"),
    }
}
