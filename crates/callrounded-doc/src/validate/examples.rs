//! Validates the examples and defaults of the document, including examples in files next to it.

use std::fs;

use callrounded_document::{
    Diagnostics, Document, Example, Payload,
    check::{Check, Finding, Findings, Subject, Values},
    json::Json,
};

use super::{Failure, Run, component_name, types::Types};
use crate::{context::Source, expected::Expected, types::Sample};

/// An example with its payload and the findings in it.
struct LoadedExample<'d> {
    example: Example<'d>,
    check: Check<'d>,
    /// The name of the file that contains the payload: an example file or the document.
    file: String,
    payload: Json,
    findings: Findings,
}

pub(super) fn check(
    source: &Source,
    document: &Document,
    document_check: &Result<(), Diagnostics>,
    expected: &mut Expected,
    types: &mut Types<'_>,
    run: &mut Run<'_>,
) -> Result<(), Failure> {
    let (examples, mut findings) = load_all(source, document, run);
    // Invalid schemas are reported even if they have no example.
    for (_, schema) in document.members("/components/schemas") {
        if let Err(errors) = document.validator(&schema, None) {
            findings.extend(errors.iter().map(|error| Finding::in_document("schema", error)));
        }
    }
    // The findings of the check of the document have been reported already.
    let reported = document_check.as_ref().err().into_iter().flatten();
    let reported: Vec<&str> = reported.map(|diagnostic| diagnostic.pointer.as_str()).collect();
    findings.retain(|finding| finding.keyword != "schema" || !reported.contains(&finding.pointer.as_str()));
    findings.extend(check_types(document, &examples, types)?);
    let files: Vec<String> = examples.iter().map(|example| example.file.clone()).collect();
    findings.extend(examples.into_iter().flat_map(|example| example.findings));
    findings.sort_by(|a, b| {
        (&a.file, a.location, &a.keyword, &a.fingerprint).cmp(&(&b.file, b.location, &b.keyword, &b.fingerprint))
    });
    findings.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.location == b.location && a.file == b.file);
    remove_expected(&mut findings, expected, run);
    report(&findings, &files, run)
}

/// Reads and validates all examples. Returns those that can be read, and the findings in the others.
fn load_all<'d>(source: &Source, document: &'d Document, run: &mut Run<'_>) -> (Vec<LoadedExample<'d>>, Vec<Finding>) {
    let (mut examples, mut findings) = (Vec::new(), Vec::new());
    for example in document.examples() {
        run.summary.payloads += 1;
        let subject = Subject {
            name: example.subject.clone(),
            schema: example.schema.clone(),
            direction: example.direction,
        };
        match document.check(subject) {
            Ok(check) => match load(source, document, example, check) {
                Ok(example) => examples.push(example),
                Err(unreadable) => findings.extend(unreadable),
            },
            Err(errors) => findings.extend(errors.iter().map(|error| Finding::in_document("schema", error))),
        }
    }
    (examples, findings)
}

/// Validates the examples that their schemas accept with the generated types.
fn check_types(
    document: &Document,
    examples: &[LoadedExample<'_>],
    types: &mut Types<'_>,
) -> Result<Vec<Finding>, Failure> {
    let accepted = examples
        .iter()
        .filter(|example| example.check.accepts(&example.payload));
    let typed: Vec<(&LoadedExample<'_>, String)> = accepted
        .filter_map(|example| Some((example, component_name(document, &example.check)?)))
        .collect();
    let samples: Vec<Sample<'_>> = typed
        .iter()
        .map(|(example, schema)| Sample {
            schema,
            payload: &example.payload,
        })
        .collect();
    let of_types = types.round_trip(document, &samples).into_iter();
    let of_schemas = types.validate_json_schemas(&samples)?;
    let mut findings = Vec::new();
    for ((loaded, _), (of_types, of_schemas)) in typed.iter().zip(of_types.zip(of_schemas)) {
        for mismatch in of_types.into_iter().chain(of_schemas) {
            findings.push(match loaded.example.payload {
                Payload::Inline(_) => loaded.check.inline_finding(&loaded.example.pointer, mismatch),
                Payload::File(_) => loaded
                    .check
                    .finding(&loaded.file, 1, &loaded.payload, Values::Shown, mismatch),
            });
        }
    }
    Ok(findings)
}

/// Removes the expected findings, and adds findings for entries that no finding matches.
fn remove_expected(findings: &mut Vec<Finding>, expected: &mut Expected, run: &mut Run<'_>) {
    let before = findings.len();
    findings.retain(|finding| !expected.covers(&finding.fingerprint, false));
    run.summary.expected = (before - findings.len()) as u64;
    for finding in findings.iter_mut() {
        finding.remedy.push_str(&expected.entry_for(finding, false));
    }
    let unused = expected.unused();
    findings.extend(unused.map(|diagnostic| Finding::in_document("expected", &diagnostic)));
}

/// Reports the findings by file. Files without findings are reported too.
fn report(findings: &[Finding], files: &[String], run: &mut Run<'_>) -> Result<(), Failure> {
    let mut names: Vec<&String> = files
        .iter()
        .chain(findings.iter().map(|finding| &finding.file))
        .collect();
    names.sort();
    names.dedup();
    for name in names {
        run.file(name)?;
        for finding in findings.iter().filter(|finding| finding.file == *name) {
            run.finding(finding)?;
        }
    }
    Ok(())
}

/// Reads the payload of an example and validates it. The error is the finding that the payload cannot be read or is not
/// valid JSON.
fn load<'d>(
    source: &Source,
    document: &'d Document,
    example: Example<'d>,
    check: Check<'d>,
) -> Result<LoadedExample<'d>, Findings> {
    let (file, payload, findings) = match example.payload {
        Payload::Inline(value) => (
            document.name().to_owned(),
            Json::of(value),
            check.inline(&example.pointer),
        ),
        Payload::File(name) => {
            let file = source.sibling(name);
            let text = fs::read_to_string(source.directory.join(name)).map_err(|error| {
                let problem = format!("the example file {file} cannot be read: {error}");
                let diagnostic = document.diagnostic(&example.pointer, problem, "add the file or correct its name");
                Findings::from(vec![Finding::in_document("externalValue", &diagnostic)])
            })?;
            let payload = Json::read(text).map_err(|error| check.parse_error(&file, 1, &error, Values::Shown))?;
            let findings = check.payload(&file, 1, &payload, Values::Shown);
            (file, payload, findings)
        }
    };
    Ok(LoadedExample {
        example,
        check,
        file,
        payload,
        findings,
    })
}
