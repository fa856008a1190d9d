//! Reports what recorded payloads contain that the document does not describe. With `--apply`, it is added to the
//! document.

mod print;

use std::io::{self, Write};

use callrounded_changes::{
    drift::{self, Detector, Sighting},
    yaml::Editor,
};
use callrounded_document::{
    Document,
    check::{Subject, UnknownSubject},
    printable,
};
use clap::{Args, ValueEnum};

use crate::{
    context::{Context, Source, Streams},
    exit::Exit,
    files,
    inputs::Inputs,
    payloads::{self, ReadError},
    target::Target,
};

/// The options of the command `drift`. Without `--schema` and `--operation`, each payload is treated as the response that
/// it fits best. With `--operation` alone, payloads are treated as its success responses.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    target: Target,
    /// Applies the suggestions to the document.
    #[arg(long)]
    apply: bool,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Plain text.
    Text,
    /// A JSON object.
    Json,
}

/// Runs the command.
///
/// # Errors
/// Returns an error if the output cannot be written.
pub fn run(options: &Options, context: &Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, .. } = streams;
    match report(options, context, out, err)? {
        Ok(observed) if !observed.unreadable_files.is_empty() => Ok(Exit::InputError),
        Ok(observed) if observed.remaining > 0 || !observed.invalid_json.is_empty() => Ok(Exit::Findings),
        Ok(_) => Ok(Exit::Clean),
        Err(message) => writeln!(err, "{message}").map(|()| Exit::InputError),
    }
}

/// Reads the payloads and prints the report. The inner error is a message for the user.
fn report(
    options: &Options,
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Result<Observed, String>> {
    let result = (|| {
        if options.inputs.payloads.is_empty() {
            return Err("error: missing the recorded payloads; specify their files".to_owned());
        }
        let source = options
            .target
            .source(context)
            .map_err(|message| format!("error: {message}"))?;
        let path = match (&source.path, options.apply) {
            (None, true) => {
                return Err(
                    "error: the built-in document cannot be changed; specify another with --document".to_owned(),
                );
            }
            (path, _) => path.clone(),
        };
        let mut observed = observe(options, context, &source)?;
        if let Some(path) = path.filter(|_| options.apply) {
            let name = &source.name;
            let (text, count) = apply(name, &source.text, &observed.sightings)?;
            observed.remaining -= count;
            files::write(&path, &text).map_err(|error| format!("error: {name} cannot be written: {error}"))?;
        }
        Ok((source.name, observed))
    })();
    let (name, observed) = match result {
        Ok(result) => result,
        Err(message) => return Ok(Err(message)),
    };
    for (name, problem) in &observed.unreadable_files {
        writeln!(err, "error: {} {problem}", printable(name))?;
    }
    for (name, line) in &observed.invalid_json {
        let (name, program) = (printable(name), context.program);
        writeln!(
            err,
            "error: {name}:{line}: invalid JSON; run `{program} validate` for details"
        )?;
    }
    match options.format {
        Format::Text => print::text(options.apply, &name, &observed, context, out)?,
        Format::Json => print::json(&name, &observed, out)?,
    }
    Ok(Ok(observed))
}

/// The observations in all payloads.
struct Observed {
    document: Document,
    payloads: u64,
    contradictions: u64,
    /// Payloads that are not valid JSON: the file, and the line that they begin at.
    invalid_json: Vec<(String, usize)>,
    sightings: Vec<Sighting>,
    /// Whether the document is a file, which can be changed.
    is_file: bool,
    /// The number of sightings that were not applied to the document.
    remaining: usize,
    /// Files that could not be read, each with the end of a sentence that begins with its name.
    unreadable_files: Vec<(String, String)>,
}

fn observe(options: &Options, context: &Context<'_>, source: &Source) -> Result<Observed, String> {
    let document = Document::parse(&source.name, &source.text).map_err(|diagnostics| diagnostics.to_string())?;
    document.lint().map_err(|diagnostics| diagnostics.to_string())?;
    let subjects = subjects(options, &document)?;
    let detectors: Result<Vec<Detector<'_>>, _> = subjects
        .into_iter()
        .map(|subject| Detector::new(&document, subject))
        .collect();
    let mut detectors = detectors.map_err(|diagnostics| diagnostics.to_string())?;
    let (mut payloads, mut invalid_json) = (0, Vec::new());
    let mut unreadable_files = Vec::new();
    for input in options.inputs.expand(context.current_dir, None) {
        let mut callback = |line, payload| {
            match payload {
                Ok(payload) => {
                    payloads += 1;
                    if let Some(detector) = detectors.iter_mut().rev().max_by_key(|detector| detector.fit(&payload)) {
                        detector.observe(&payload);
                    }
                }
                Err(_) => invalid_json.push((input.name().to_owned(), line)),
            }
            Ok::<(), ()>(())
        };
        let problem = match payloads::for_each(&input, &mut callback) {
            Ok(()) | Err(ReadError::Callback(())) => continue,
            Err(ReadError::Empty) if options.inputs.allow_empty => continue,
            Err(ReadError::Empty) => "is empty".to_owned(),
            Err(ReadError::Unreadable(problem)) => problem,
        };
        unreadable_files.push((input.name().to_owned(), problem));
    }
    let mut sightings: Vec<Sighting> = Vec::new();
    for sighting in detectors.iter().flat_map(Detector::sightings) {
        // Responses of several operations share component schemas.
        match sightings.iter_mut().find(|known| known.drift == sighting.drift) {
            Some(known) => {
                known.count += sighting.count;
                known.payloads += sighting.payloads;
                known.of += sighting.of;
            }
            None => sightings.push(sighting),
        }
    }
    let contradictions = detectors.iter().map(Detector::contradictions).sum();
    drop(detectors);
    Ok(Observed {
        document,
        payloads,
        contradictions,
        invalid_json,
        is_file: source.path.is_some(),
        remaining: sightings.len(),
        sightings,
        unreadable_files,
    })
}

/// Returns the kinds that the payloads may be of.
fn subjects(options: &Options, document: &Document) -> Result<Vec<Subject>, String> {
    let one = |subject: Result<Subject, UnknownSubject>| {
        subject
            .map(|subject| vec![subject])
            .map_err(|unknown| format!("error: {unknown}"))
    };
    match (options.target.subject(document), &options.target.operation) {
        (Ok(None), Some(operation)) => {
            let status = success_status(document, operation).unwrap_or_else(|| "200".to_owned());
            return one(document.response(operation, &status));
        }
        (Ok(None), None) => {}
        (Ok(Some(subject)), _) => return Ok(vec![subject]),
        (Err(unknown), _) => return one(Err(unknown)),
    }
    let mut subjects: Vec<Subject> = Vec::new();
    for operation in document.operations() {
        let Some(id) = operation.id else { continue };
        for (status, _) in document.response_bodies(&operation) {
            if let Ok(subject) = document.response(id, &status) {
                // Responses with the same schema are one kind.
                let is_same = |other: &Subject| document.resolve(&other.schema) == document.resolve(&subject.schema);
                if !subjects.iter().any(is_same) {
                    subjects.push(subject);
                }
            }
        }
    }
    if subjects.is_empty() {
        Err("error: the document describes no JSON response".to_owned())
    } else {
        Ok(subjects)
    }
}

/// Returns the first documented success status of an operation.
fn success_status(document: &Document, operation: &str) -> Option<String> {
    let operation = document.operation(operation).ok()?;
    let bodies = document.response_bodies(&operation);
    bodies
        .into_iter()
        .map(|(status, _)| status)
        .find(|status| status.starts_with('2'))
}

/// Applies the sightings to the document. Returns its new text, and the number of sightings that could be applied.
fn apply(name: &str, text: &str, sightings: &[Sighting]) -> Result<(String, usize), String> {
    let mut editor = Editor::new(name, text).map_err(|diagnostics| diagnostics.to_string())?;
    let count = sightings
        .iter()
        .filter(|sighting| drift::apply(&mut editor, sighting))
        .count();
    callrounded_codegen::check(editor.document())
        .map_err(|diagnostics| format!("the document is unchanged: no client can be generated\n{diagnostics}"))?;
    Ok((editor.text().to_owned(), count))
}
