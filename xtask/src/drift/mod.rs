//! `cargo xtask drift`: what recorded payloads know better than the document, and with `--apply` the document that knows it
//! too.

mod print;

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use callrounded_changes::{
    drift::{self, Sighting, Watch},
    yaml::Edited,
};
use callrounded_document::{
    Document,
    check::{Subject, UnknownSubject},
};
use clap::{Args, ValueEnum};

use crate::{Folders, chosen::Chosen, exit::Exit, freshness, payloads};

/// What to look at.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Recorded payloads: JSON, or NDJSON where the name ends in .ndjson or .jsonl. Each is taken for the answer that it
    /// fits best, unless it is said what they are; of an operation they are the answers of success.
    #[arg(required = true)]
    payloads: Vec<PathBuf>,
    #[command(flatten)]
    chosen: Chosen,
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
    let (name, path) = match options.chosen.document(folders) {
        Ok(document) => document,
        Err(said) => {
            writeln!(out, "error: {said}")?;
            return Ok(Exit::InputError);
        }
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
        Format::Text => print::text(options.apply, &name, &seen, out)?,
        Format::Json => print::json(&name, &seen, out)?,
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
    callrounded_codegen::check(&document).map_err(|found| found.to_string())?;
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
    let one = |subject: Result<Subject, UnknownSubject>| {
        subject
            .map(|subject| vec![subject])
            .map_err(|unknown| format!("error: {unknown}"))
    };
    match (options.chosen.subject(document), &options.chosen.operation) {
        (Ok(None), Some(operation)) => {
            let status = success(document, operation).unwrap_or_else(|| "200".to_owned());
            return one(document.response(operation, &status));
        }
        (Ok(None), None) => {}
        (Ok(Some(subject)), _) => return Ok(vec![subject]),
        (Err(unknown), _) => return one(Err(unknown)),
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
    callrounded_codegen::check(edited.document())
        .map_err(|found| format!("nothing is written: no client could be generated\n{found}"))?;
    Ok((edited.text().to_owned(), written))
}
