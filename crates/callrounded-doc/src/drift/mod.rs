//! Finds what recorded payloads have that the document does not describe, and with `--apply` writes it into the document.

mod print;

use std::io::{self, Write};

use callrounded_changes::{
    drift::{self, Sighting, Watch},
    yaml::Edited,
};
use callrounded_document::{
    Document,
    check::{Subject, UnknownSubject},
    printable,
};
use clap::{Args, ValueEnum};

use crate::{
    chosen::Chosen,
    context::{Context, Source, Streams},
    exit::Exit,
    files,
    inputs::Inputs,
    payloads::{self, Unusable},
};

/// What to look at. Each payload is treated as the response that it fits best, unless options say what they are; of an operation
/// they are responses of success.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    inputs: Inputs,
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

/// Runs the command.
///
/// # Errors
/// Where the output can't be written.
pub fn run(options: &Options, context: &Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    match report(options, context, out, err)? {
        Ok(seen) if !seen.unusable.is_empty() => Ok(Exit::InputError),
        Ok(seen) if seen.left > 0 || !seen.unreadable.is_empty() => Ok(Exit::Findings),
        Ok(_) => Ok(Exit::Clean),
        Err(said) => writeln!(err, "{said}").map(|()| Exit::InputError),
    }
}

/// Prints what was seen. The inner error is a text for the user.
fn report(
    options: &Options,
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Result<Seen, String>> {
    let seen = (|| {
        if options.inputs.payloads.is_empty() {
            return Err("error: name the recorded payloads".to_owned());
        }
        let source = options
            .chosen
            .source(context)
            .map_err(|said| format!("error: {said}"))?;
        let path = match (&source.path, options.apply) {
            (None, true) => {
                return Err("error: name the document to change, by --document".to_owned());
            }
            (path, _) => path.clone(),
        };
        let mut seen = look(options, context, &source)?;
        if let Some(path) = path.filter(|_| options.apply) {
            let name = &source.name;
            let (text, count) = applied(name, &source.text, &seen.sightings)?;
            seen.left -= count;
            files::write(&path, &text).map_err(|error| format!("error: {name} can't be written: {error}"))?;
        }
        Ok((source.name, seen))
    })();
    let (name, seen) = match seen {
        Ok(seen) => seen,
        Err(said) => return Ok(Err(said)),
    };
    for (name, problem) in &seen.unusable {
        writeln!(err, "error: {} {problem}", printable(name))?;
    }
    for (name, line) in &seen.unreadable {
        let (name, program) = (printable(name), context.program);
        writeln!(
            err,
            "error: {name}:{line}: this is no JSON; `{program} validate` says why"
        )?;
    }
    match options.format {
        Format::Text => print::text(options.apply, &name, &seen, context, out)?,
        Format::Json => print::json(&name, &seen, out)?,
    }
    Ok(Ok(seen))
}

/// What was seen in all payloads.
struct Seen {
    document: Document,
    payloads: u64,
    contradictions: u64,
    /// Payloads that are no JSON: the file, and the line that they begin at.
    unreadable: Vec<(String, usize)>,
    sightings: Vec<Sighting>,
    /// Whether the document is a file, which can be changed.
    is_file: bool,
    /// How many of them are not in the document now.
    left: usize,
    /// Files that could not be read, and why.
    unusable: Vec<(String, String)>,
}

fn look(options: &Options, context: &Context<'_>, source: &Source) -> Result<Seen, String> {
    let document = Document::parse(&source.name, &source.text).map_err(|found| found.to_string())?;
    document.lint().map_err(|found| found.to_string())?;
    let subjects = subjects(options, &document)?;
    let watches: Result<Vec<Watch<'_>>, _> = subjects.into_iter().map(|one| Watch::new(&document, one)).collect();
    let mut watches = watches.map_err(|found| found.to_string())?;
    let (mut payloads, mut unreadable) = (0, Vec::new());
    let mut unusable = Vec::new();
    for input in options.inputs.expand(context.here, None) {
        let mut take = |line, payload| {
            match payload {
                Ok(payload) => {
                    payloads += 1;
                    if let Some(watch) = watches.iter_mut().rev().max_by_key(|watch| watch.fit(&payload)) {
                        watch.see(&payload);
                    }
                }
                Err(_) => unreadable.push((input.name().to_owned(), line)),
            }
            Ok::<(), ()>(())
        };
        let problem = match payloads::each(&input, &mut take) {
            Ok(()) | Err(Unusable::Stopped(())) => continue,
            Err(Unusable::Empty) if options.inputs.allow_empty => continue,
            Err(Unusable::Empty) => "is empty".to_owned(),
            Err(Unusable::Unreadable(problem)) => problem,
        };
        unusable.push((input.name().to_owned(), problem));
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
        is_file: source.path.is_some(),
        left: sightings.len(),
        sightings,
        unusable,
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
