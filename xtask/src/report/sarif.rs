//! SARIF 2.1.0, the format of code scanning. Its results are written one by one; what a rule is, is said with each.

use std::io::{self, Write};

use callrounded_document::{Place, Verdict, check::Finding};
use serde_json::{Value, json};

use super::{Report, Summary, message};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) struct Sarif {
    strict: bool,
    begun: bool,
}

impl Sarif {
    pub fn new(strict: bool) -> Self {
        Self { strict, begun: false }
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
    let driver = json!({
        "name": "callrounded-xtask-validate",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": [],
    });
    writeln!(
        out,
        "{{\"$schema\": \"{SCHEMA}\", \"version\": \"2.1.0\", \"runs\": [{{\n\
         \"tool\": {{\"driver\": {driver}}},\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": ["
    )
}

impl Report for Sarif {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
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
            "notes": summary.notes,
        });
        let failures = summary.failure.iter();
        let failures = failures.map(|failure| json!({ "level": "error", "message": { "text": failure } }));
        let invocation = json!({
            "executionSuccessful": summary.failure.is_none(),
            "toolExecutionNotifications": failures.collect::<Vec<_>>(),
        });
        writeln!(
            out,
            "\n],\n\"invocations\": [{invocation}],\n\"properties\": {properties}\n}}]}}"
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
                "physicalLocation": physical(&finding.file, finding.place),
                "logicalLocations": [{
                    "fullyQualifiedName": format!("{}#{}", finding.about, finding.pointer),
                    "kind": "element",
                }],
            }],
            "partialFingerprints": { "callrounded/v1": finding.fingerprint },
        });
        let asked = finding.asked.iter().map(|asked| {
            json!({
                "physicalLocation": physical(&asked.file, asked.place),
                "message": { "text": format!("asked for by #{}", asked.pointer) },
            })
        });
        let also = finding.also.iter().map(|(place, _)| {
            json!({
                "physicalLocation": physical(&finding.file, *place),
                "message": { "text": "this belongs to it" },
            })
        });
        let related: Vec<Value> = asked.chain(also).collect();
        if let (Some(result), false) = (result.as_object_mut(), related.is_empty()) {
            result.insert("relatedLocations".to_owned(), related.into());
        }
        result
    }
}

fn physical(file: &str, place: Place) -> Value {
    json!({
        "artifactLocation": { "uri": uri(file) },
        "region": { "startLine": place.line, "startColumn": place.column },
    })
}

/// A path as the relative reference that SARIF asks for.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
