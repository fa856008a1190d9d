//! `cargo xtask validate`: every example payload fits its schema, decodes into its generated type, and encodes back to
//! the same JSON.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use callrounded_document::{Diagnostic, Diagnostics, Document, Place, pointer};
use serde_json::Value;

use crate::{
    DOCUMENT,
    compare::{self, DifferenceKind},
    exit::Exit,
    expected::{self, Expected},
    payload::Loaded,
    round_trip::{self, RoundTrip, Sample},
};

pub(crate) fn run(root: &Path, round_trip: &dyn RoundTrip, out: &mut dyn Write) -> io::Result<Exit> {
    let read = fs::read_to_string(root.join(DOCUMENT));
    let text = match read {
        Ok(text) => text,
        Err(error) => {
            writeln!(out, "error: {DOCUMENT} can't be read: {error}")?;
            return Ok(Exit::InputError);
        }
    };
    match check(root, &text, round_trip) {
        Ok(report) => report.print(out),
        Err(Unable::Input(found)) => {
            writeln!(out, "{found}")?;
            Ok(Exit::InputError)
        }
        Err(Unable::Types(reason)) => {
            writeln!(out, "error: {reason}")?;
            Ok(Exit::InputError)
        }
    }
}

/// Why nothing could be said of the payloads.
enum Unable {
    Input(Diagnostics),
    Types(String),
}

impl From<Diagnostics> for Unable {
    fn from(found: Diagnostics) -> Self {
        Self::Input(found)
    }
}

/// What a finding says of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It contradicts the document.
    Error,
    /// It holds something that the document does not know: a property, or a value of an enumeration.
    Drift,
}

struct Report {
    payloads: usize,
    findings: Vec<(Verdict, Diagnostic)>,
    expected: usize,
}

impl Report {
    fn print(self, out: &mut dyn Write) -> io::Result<Exit> {
        let Self {
            payloads,
            mut findings,
            expected,
        } = self;
        findings.sort_by(|(_, a), (_, b)| (&a.file, a.place).cmp(&(&b.file, b.place)));
        for (verdict, finding) in &findings {
            let label = if *verdict == Verdict::Error { "error" } else { "drift" };
            writeln!(out, "{label}: {finding}\n")?;
        }
        let drift = findings
            .iter()
            .filter(|(verdict, _)| *verdict == Verdict::Drift)
            .count();
        let errors = findings.len() - drift;
        let drift = if drift == 0 {
            String::new()
        } else {
            format!(", {drift} drift")
        };
        let known = match expected {
            0 => String::new(),
            known => format!(", {known} expected by {}", expected::FILE),
        };
        writeln!(
            out,
            "{}, {}{drift}{known}",
            plural(payloads, "payload"),
            plural(errors, "error")
        )?;
        Ok(if findings.is_empty() {
            Exit::Clean
        } else {
            Exit::Findings
        })
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn check(root: &Path, text: &str, round_trip: &dyn RoundTrip) -> Result<Report, Unable> {
    // A document that can't be generated from gets the generator's messages, here and not from a failed build below.
    callrounded_codegen::generate(DOCUMENT, text)?;
    let document = Document::parse(DOCUMENT, text)?;
    let mut expected = Expected::read(root)?;
    let mut findings = Vec::new();
    let mut payloads = Vec::new();
    for example in document.examples() {
        match Loaded::read(root, &document, &example) {
            Ok(payload) => payloads.push(payload),
            Err(found) => findings.extend(found.iter().map(|one| (Verdict::Error, one.clone()))),
        }
    }
    for payload in &payloads {
        for found in document.validator(&payload.schema)?.check(&payload.value) {
            let file = payload.name.trim_start_matches("openapi/");
            if expected.covers(file, &found.pointer, &found.keyword()) {
                continue;
            }
            let Place { line, column } = document.place(&found.schema);
            let remedy = format!(
                "{DOCUMENT}:{line}:{column} asks for it (#{})\n\
                 change one of the two; what has to stay goes into {} as\n\
                 {file} #{} {} # REASON",
                found.schema,
                expected::FILE,
                found.pointer,
                found.keyword(),
            );
            // Enumerations list what is known, not all that there is.
            let verdict = if found.keyword() == "enum" {
                Verdict::Drift
            } else {
                Verdict::Error
            };
            findings.push((verdict, payload.diagnostic(&found.pointer, found.problem, remedy)));
        }
    }
    findings.extend(expected.idle().map(|one| (Verdict::Error, one)));
    findings.extend(through_types(&document, &payloads, round_trip)?);
    Ok(Report {
        payloads: payloads.len(),
        findings,
        expected: expected.fired(),
    })
}

fn through_types(
    document: &Document,
    payloads: &[Loaded<'_>],
    round_trip: &dyn RoundTrip,
) -> Result<Vec<(Verdict, Diagnostic)>, Unable> {
    let typed: Vec<(&Loaded<'_>, String)> = payloads
        .iter()
        .filter_map(|payload| Some((payload, payload.component(document)?)))
        .collect();
    let samples: Vec<Sample> = typed
        .iter()
        .map(|(payload, schema)| Sample {
            schema: schema.clone(),
            payload: payload.value.clone(),
        })
        .collect();
    if samples.is_empty() {
        return Ok(Vec::new());
    }
    let verdicts = round_trip.through(&samples).map_err(Unable::Types)?;
    let mut findings = Vec::new();
    for ((payload, schema), verdict) in typed.iter().zip(verdicts) {
        match verdict {
            round_trip::Verdict::Unknown => findings.push((
                Verdict::Error,
                payload.diagnostic(
                    "",
                    format!("no type is made of `{schema}`, so only the schema was checked"),
                    "make the schema an object or a list of values; a mere alias needs no example of its own"
                        .to_owned(),
                ),
            )),
            round_trip::Verdict::Undecodable { path, problem } => {
                let problem = format!("the generated type `{schema}` does not take it: {problem}");
                let remedy = "the document promises something that the payload does not keep; change one of them";
                findings.push((
                    Verdict::Error,
                    payload.diagnostic(&pointer_of(&path), problem, remedy.to_owned()),
                ));
            }
            round_trip::Verdict::Encoded(encoded) => {
                let is_default = |at: &str, value: &Value| {
                    property(document, schema, at)
                        .is_some_and(|property| document.get(&pointer::join(&property, "default")) == Some(value))
                };
                for difference in compare::differences(&payload.value, &encoded, &is_default) {
                    let (problem, remedy) = match &difference.kind {
                        DifferenceKind::Lost => (
                            format!("the generated type `{schema}` drops it: the document does not know it"),
                            format!("add it to the schema in {DOCUMENT}, or correct its name in one of the two"),
                        ),
                        DifferenceKind::Added => (
                            format!(
                                "the generated type `{schema}` adds {}",
                                pointer::last(&difference.pointer)
                            ),
                            "give the property a default in the document only if the service fills it in".to_owned(),
                        ),
                        DifferenceKind::Changed => (
                            format!("the generated type `{schema}` writes it as another value"),
                            format!("describe in {DOCUMENT} what the payload holds"),
                        ),
                    };
                    let verdict = if difference.kind == DifferenceKind::Lost {
                        Verdict::Drift
                    } else {
                        Verdict::Error
                    };
                    findings.push((verdict, payload.diagnostic(&difference.pointer, problem, remedy)));
                }
            }
        }
    }
    Ok(findings)
}

/// The pointer to the property that `at` points at in a payload of the schema; properties of lists are not looked for.
fn property(document: &Document, schema: &str, at: &str) -> Option<String> {
    let mut schema = pointer::join("/components/schemas", schema);
    for token in at.split('/').skip(1) {
        schema = document.resolve(&schema)?;
        schema = format!("{schema}/properties/{token}");
    }
    document.get(&schema).is_some().then_some(schema)
}

/// `data.transcript[0].role` as a JSON pointer.
fn pointer_of(path: &str) -> String {
    if path == "." {
        return String::new();
    }
    path.split('.')
        .flat_map(|part| part.split('['))
        .map(|part| part.trim_end_matches(']'))
        .filter(|part| !part.is_empty() && *part != "?")
        .fold(String::new(), |at, part| pointer::join(&at, part))
}
