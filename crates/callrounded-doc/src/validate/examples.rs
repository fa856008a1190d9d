//! The payloads that the document itself gives: examples, in it and in files beside it, and defaults.

use std::fs;

use callrounded_document::{
    Diagnostics, Document, Example, Payload,
    check::{Check, Finding, Findings, Subject, Values},
    json::Json,
};

use super::{Run, Unable, component, types::Types};
use crate::{context::Source, expected::Expected, types::Sample};

struct Loaded<'d> {
    example: Example<'d>,
    check: Check<'d>,
    /// The file that it stands in, or the document.
    file: String,
    payload: Json,
    findings: Findings,
}

pub(super) fn check(
    source: &Source,
    document: &Document,
    sound: &Result<(), Diagnostics>,
    expected: &mut Expected,
    types: &mut Types<'_>,
    run: &mut Run<'_>,
) -> Result<(), Unable> {
    let mut found: Vec<Finding> = Vec::new();
    let mut loaded = Vec::new();
    for example in document.examples() {
        run.summary.payloads += 1;
        let subject = Subject {
            name: example.about.clone(),
            schema: example.schema.clone(),
            direction: example.direction,
        };
        match document.check(subject) {
            Ok(check) => match load(source, document, example, check) {
                Ok(one) => loaded.push(one),
                Err(findings) => found.extend(findings),
            },
            Err(wrong) => found.extend(wrong.iter().map(|one| Finding::in_document("schema", one))),
        }
    }
    // A schema that is none is found where no example is too.
    for (_, schema) in document.members("/components/schemas") {
        if let Err(wrong) = document.validator(&schema, None) {
            found.extend(wrong.iter().map(|one| Finding::in_document("schema", one)));
        }
    }
    // What keeps a client from being generated has been said.
    let said: Vec<&str> = sound
        .as_ref()
        .err()
        .into_iter()
        .flatten()
        .map(|one| one.pointer.as_str())
        .collect();
    found.retain(|one| one.keyword != "schema" || !said.contains(&one.pointer.as_str()));
    let typed: Vec<(&Loaded<'_>, (String, &Json))> = loaded
        .iter()
        .filter(|one| one.check.accepts(&one.payload))
        .filter_map(|one| Some((one, (component(document, &one.check)?, &one.payload))))
        .collect();
    let samples: Vec<Sample<'_>> = typed
        .iter()
        .map(|(_, (schema, payload))| Sample { schema, payload })
        .collect();
    let of_types = types.round_trip(document, &samples).into_iter();
    let of_schemas = types.against_schemas(&samples)?;
    for ((one, _), (of_types, of_schemas)) in typed.iter().zip(of_types.zip(of_schemas)) {
        for deviation in of_types.into_iter().chain(of_schemas) {
            found.push(match one.example.payload {
                Payload::Inline(_) => one.check.other_inline(&one.example.pointer, deviation),
                Payload::File(_) => one.check.other(&one.file, 1, &one.payload, Values::Shown, deviation),
            });
        }
    }
    let files: Vec<String> = loaded.iter().map(|one| one.file.clone()).collect();
    found.extend(loaded.into_iter().flat_map(|one| one.findings));
    found.sort_by(|a, b| {
        (&a.file, a.place, &a.keyword, &a.fingerprint).cmp(&(&b.file, b.place, &b.keyword, &b.fingerprint))
    });
    found.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.place == b.place && a.file == b.file);
    let before = found.len();
    found.retain(|one| !expected.covers(&one.fingerprint, false));
    run.summary.expected = (before - found.len()) as u64;
    for finding in &mut found {
        finding.remedy.push_str(&expected.entry_for(finding, false));
    }
    found.extend(expected.idle().map(|one| Finding::in_document("expected", &one)));
    let mut names: Vec<&String> = files.iter().chain(found.iter().map(|one| &one.file)).collect();
    names.sort();
    names.dedup();
    for name in names {
        run.file(name)?;
        for finding in found.iter().filter(|one| one.file == *name) {
            run.finding(finding)?;
        }
    }
    Ok(())
}

fn load<'d>(
    source: &Source,
    document: &'d Document,
    example: Example<'d>,
    check: Check<'d>,
) -> Result<Loaded<'d>, Findings> {
    let (file, payload, findings) = match example.payload {
        Payload::Inline(value) => (
            document.name().to_owned(),
            Json::of(value),
            check.inline(&example.pointer),
        ),
        Payload::File(name) => {
            let file = source.beside(name);
            let text = fs::read_to_string(source.directory.join(name)).map_err(|error| {
                let problem = format!("the example file {file} can't be read: {error}");
                let wrong = document.diagnostic(&example.pointer, problem, "add the file or correct its name");
                Findings::from(vec![Finding::in_document("externalValue", &wrong)])
            })?;
            let payload =
                Json::read(text).map_err(|unreadable| check.unreadable(&file, 1, &unreadable, Values::Shown))?;
            let findings = check.payload(&file, 1, &payload, Values::Shown);
            (file, payload, findings)
        }
    };
    Ok(Loaded {
        example,
        check,
        file,
        payload,
        findings,
    })
}
