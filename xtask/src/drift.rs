//! `cargo xtask drift`: what recorded payloads know better than the document, and with `--apply` the document that knows it
//! too.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use callrounded_changes::{
    drift::{self, Drifted, Sighting, Watch},
    yaml::{self, Edited},
};
use callrounded_document::{Document, Place, check::Subject, pointer};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{DOCUMENT, Folders, exit::Exit, freshness, payloads, report::plural};

/// What to look at.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Recorded payloads: JSON, or NDJSON where the name ends in .ndjson or .jsonl.
    #[arg(required = true)]
    payloads: Vec<PathBuf>,
    /// They are of this component schema.
    #[arg(long, value_name = "NAME", conflicts_with = "operation")]
    schema: Option<String>,
    /// They are bodies of this operation. Without it, each payload is taken for the answer that it fits best.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// They are requests of the operation.
    #[arg(long, requires = "operation", conflicts_with = "response")]
    request: bool,
    /// They are answers of the operation with this status. Default: the one of success.
    #[arg(long, value_name = "STATUS", requires = "operation")]
    response: Option<String>,
    /// The document, instead of openapi/calls.yaml.
    #[arg(long, value_name = "PATH")]
    document: Option<PathBuf>,
    /// Writes what was seen into the document.
    #[arg(long)]
    apply: bool,
    /// How to print what was seen.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

pub(crate) fn run(options: &Options, folders: Folders<'_>, out: &mut dyn Write) -> io::Result<Exit> {
    let (name, path) = match &options.document {
        None => (DOCUMENT.to_owned(), folders.root.join(DOCUMENT)),
        Some(path) => (path.display().to_string(), folders.here.join(path)),
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            writeln!(out, "error: {name} can't be read: {error}")?;
            return Ok(Exit::InputError);
        }
    };
    let seen = match look(options, folders, &name, &text) {
        Ok(seen) => seen,
        Err(said) => {
            writeln!(out, "{said}")?;
            return Ok(Exit::InputError);
        }
    };
    let mut left = seen.sightings.len();
    if options.apply {
        match applied(&name, &text, &seen.sightings) {
            Ok((text, count)) => {
                left -= count;
                if let Err(error) = freshness::write(&path, &text) {
                    writeln!(out, "error: {name} can't be written: {error}")?;
                    return Ok(Exit::InputError);
                }
            }
            Err(said) => {
                writeln!(out, "{said}")?;
                return Ok(Exit::InputError);
            }
        }
    }
    match options.format {
        Format::Text => print(options, &name, &seen, out)?,
        Format::Json => print_json(&name, &seen, out)?,
    }
    Ok(if left > 0 { Exit::Findings } else { Exit::Clean })
}

/// What was seen in all payloads.
struct Seen {
    document: Document,
    payloads: u64,
    contradictions: u64,
    unreadable: u64,
    sightings: Vec<Sighting>,
}

fn look(options: &Options, folders: Folders<'_>, name: &str, text: &str) -> Result<Seen, String> {
    let document = Document::parse(name, text).map_err(|found| found.to_string())?;
    callrounded_codegen::generate(name, text).map_err(|found| found.to_string())?;
    let subjects = subjects(options, &document)?;
    let watches: Result<Vec<Watch<'_>>, _> = subjects.into_iter().map(|one| Watch::new(&document, one)).collect();
    let mut watches = watches.map_err(|found| found.to_string())?;
    let (mut payloads, mut unreadable) = (0, 0);
    for path in &options.payloads {
        let file = path.display().to_string();
        let mut take = |_line, payload| {
            match payload {
                Ok(payload) => {
                    payloads += 1;
                    if let Some(watch) = watches.iter_mut().rev().max_by_key(|watch| watch.fit(&payload)) {
                        watch.see(&payload);
                    }
                }
                Err(_) => unreadable += 1,
            }
            Ok::<(), ()>(())
        };
        let _ = payloads::each(&folders.here.join(path), &mut take)
            .map_err(|error| format!("error: {file} can't be read: {error}"))?;
    }
    let mut sightings: Vec<Sighting> = Vec::new();
    for sighting in watches.iter().flat_map(Watch::sightings) {
        // Answers of several operations have parts in common.
        match sightings.iter_mut().find(|known| known.drifted == sighting.drifted) {
            Some(known) => {
                known.count += sighting.count;
                known.payloads += sighting.payloads;
                known.of += sighting.of;
            }
            None => sightings.push(sighting),
        }
    }
    let contradictions = watches.iter().map(Watch::contradictions).sum();
    drop(watches);
    Ok(Seen {
        document,
        payloads,
        contradictions,
        unreadable,
        sightings,
    })
}

/// What the payloads may be.
fn subjects(options: &Options, document: &Document) -> Result<Vec<Subject>, String> {
    let one = |subject: Result<Subject, _>| {
        subject
            .map(|subject| vec![subject])
            .map_err(|unknown: callrounded_document::check::UnknownSubject| format!("error: {unknown}"))
    };
    if let Some(schema) = &options.schema {
        return one(document.schema(schema));
    }
    if let Some(operation) = &options.operation {
        if options.request {
            return one(document.request(operation));
        }
        let status = match &options.response {
            Some(status) => status.clone(),
            None => success(document, operation).unwrap_or_else(|| "200".to_owned()),
        };
        return one(document.response(operation, &status));
    }
    let mut found: Vec<Subject> = Vec::new();
    for operation in document.operations() {
        let Some(id) = operation.id else { continue };
        for (status, _) in document.response_bodies(&operation) {
            if let Ok(subject) = document.response(id, &status) {
                // Two answers of one schema are one kind.
                let same = |other: &Subject| document.resolve(&other.schema) == document.resolve(&subject.schema);
                if !found.iter().any(same) {
                    found.push(subject);
                }
            }
        }
    }
    match found.is_empty() {
        true => Err("error: the document describes no answer in JSON".to_owned()),
        false => Ok(found),
    }
}

fn success(document: &Document, operation: &str) -> Option<String> {
    let operation = document.operation(operation).ok()?;
    let bodies = document.response_bodies(&operation);
    bodies
        .into_iter()
        .map(|(status, _)| status)
        .find(|status| status.starts_with('2'))
}

/// The document with what was seen, and how much of it could be written.
fn applied(name: &str, text: &str, sightings: &[Sighting]) -> Result<(String, usize), String> {
    let mut edited = Edited::new(name, text).map_err(|found| found.to_string())?;
    let written = sightings.iter().filter(|one| drift::apply(&mut edited, one)).count();
    callrounded_codegen::generate(name, edited.text())
        .map_err(|found| format!("nothing is written: no client could be generated\n{found}"))?;
    Ok((edited.text().to_owned(), written))
}

fn print(options: &Options, name: &str, seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
    for sighting in &seen.sightings {
        let at = sighting.drifted.pointer();
        let Place { line, column } = seen.document.place(at);
        writeln!(out, "drift[{}]: {}", kind(&sighting.drifted), what(sighting))?;
        writeln!(out, "  --> {name}:{line}:{column} #{at}")?;
        writeln!(out, "  = seen: {}", times(sighting))?;
        if !sighting.sample.is_empty() {
            writeln!(out, "  = like: {}", sighting.sample)?;
        }
        for (index, line) in edit(&sighting.drifted).lines().enumerate() {
            writeln!(out, "{}{line}", if index == 0 { "  = edit: " } else { "          " })?;
        }
        writeln!(out)?;
    }
    let mut line = format!(
        "{}, {} to learn",
        plural(seen.payloads, "payload"),
        plural(seen.sightings.len() as u64, "thing")
    );
    if seen.contradictions > 0 {
        line.push_str(&format!(
            "; {} contradict the document in other ways, which `cargo xtask validate` shows",
            seen.contradictions
        ));
    }
    if seen.unreadable > 0 {
        line.push_str(&format!("; {} could not be read", seen.unreadable));
    }
    writeln!(out, "{line}")?;
    match (options.apply, seen.sightings.is_empty()) {
        (true, false) => writeln!(out, "{name} is changed: review it, then `cargo xtask regenerate`"),
        (false, false) => writeln!(out, "`--apply` writes it into {name}"),
        (_, true) => Ok(()),
    }
}

fn kind(drifted: &Drifted) -> &'static str {
    match drifted {
        Drifted::Property { .. } => "property",
        Drifted::Value { .. } => "value",
        Drifted::Absent { .. } => "absent",
        Drifted::Null { .. } => "null",
        Drifted::Format { .. } => "format",
    }
}

fn what(sighting: &Sighting) -> String {
    match &sighting.drifted {
        Drifted::Property { name, .. } => format!("the document does not know `{name}`"),
        Drifted::Value { value, shown: true, .. } => format!("the list of values lacks `{value}`"),
        Drifted::Value { value, .. } => {
            format!("the list of values lacks one like `{value}`, which may be personal data")
        }
        Drifted::Absent { name, .. } => format!("`{name}` is required, and was not there"),
        Drifted::Null { .. } => "the value was null, and may not be".to_owned(),
        Drifted::Format { format, .. } => format!("all texts were of the format `{format}`"),
    }
}

fn times(sighting: &Sighting) -> String {
    match sighting.drifted {
        Drifted::Format { .. } => plural(sighting.count, "text"),
        _ => format!(
            "{} in {} of {}",
            plural(sighting.count, "time"),
            sighting.payloads,
            plural(sighting.of, "payload")
        ),
    }
}

/// What to write, as it would stand in the document.
fn edit(drifted: &Drifted) -> String {
    match drifted {
        Drifted::Property {
            name,
            inferred,
            components,
            ..
        } => {
            let mut text = yaml::write(&json!({ name: inferred }));
            for (name, component) in components {
                text.push_str(&format!(
                    "and under components/schemas:\n{}",
                    yaml::write(&json!({ name: component }))
                ));
            }
            text
        }
        Drifted::Value { value, shown: true, .. } => format!("add {value} to the list"),
        Drifted::Value { .. } => {
            "none: mark the property `x-personal-data: false` if its values may be shown, then look again".to_owned()
        }
        Drifted::Absent { name, needed: true, .. } => {
            format!("none: `x-needed` says that an answer without `{name}` is of no use")
        }
        Drifted::Absent { name, .. } => format!("take `{name}` from `required`"),
        Drifted::Null { schema } => format!("let {} be null", pointer::last(schema)),
        Drifted::Format { format, .. } => format!("format: {format}"),
    }
}

fn print_json(name: &str, seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
    let sightings: Vec<_> = seen
        .sightings
        .iter()
        .map(|sighting| {
            let at = sighting.drifted.pointer();
            let Place { line, column } = seen.document.place(at);
            json!({
                "kind": kind(&sighting.drifted),
                "what": what(sighting),
                "file": name,
                "line": line,
                "column": column,
                "pointer": at,
                "count": sighting.count,
                "payloads": sighting.payloads,
                "of": sighting.of,
                "sample": sighting.sample,
                "edit": edit(&sighting.drifted),
            })
        })
        .collect();
    let report = json!({
        "sightings": sightings,
        "payloads": seen.payloads,
        "contradictions": seen.contradictions,
        "unreadable": seen.unreadable,
    });
    writeln!(out, "{report:#}")
}
