//! `cargo xtask validate`: payloads fit their schemas, decode into their generated types, and encode back to the same
//! JSON. Without payloads: those of the document itself, all that it gives as an example or a default.

mod examples;
mod files;
mod types;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use callrounded_document::{
    Diagnostics, Document,
    check::{Check, Finding, Subject},
};
use clap::Args;

use crate::{
    DOCUMENT, Folders,
    chosen::Chosen,
    exit::Exit,
    expected::{self, Expected},
    report::{self, Format, Report, Summary},
    round_trip::RoundTrip,
};

/// What to check, and how to say it.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Payloads: JSON, or NDJSON where the name ends in .ndjson or .jsonl. None: the examples and defaults of the document.
    payloads: Vec<PathBuf>,
    #[command(flatten)]
    chosen: Chosen,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What the document does not know counts as an error too. (Of the document's own examples it always does.)
    #[arg(long)]
    strict: bool,
}

/// Why nothing, or nothing more, could be said of the payloads.
enum Unable {
    /// What the user gave can't be read.
    Input(Diagnostics),
    Said(String),
    Output(io::Error),
}

impl From<Diagnostics> for Unable {
    fn from(found: Diagnostics) -> Self {
        Self::Input(found)
    }
}

impl From<io::Error> for Unable {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

pub(crate) fn run(
    options: &Options,
    folders: Folders<'_>,
    round_trip: &mut dyn RoundTrip,
    out: &mut dyn Write,
) -> io::Result<Exit> {
    let mut run = Run {
        report: report::report(options.format, options.strict)?,
        summary: Summary::default(),
        out,
    };
    let exit = match check(options, folders, round_trip, &mut run) {
        Ok(()) => {
            let drift_counts = options.strict || options.payloads.is_empty();
            match run.summary.errors > 0 || drift_counts && run.summary.drift > 0 {
                true => Exit::Findings,
                false => Exit::Clean,
            }
        }
        Err(unable) => {
            let said = match unable {
                Unable::Input(found) => found.to_string(),
                Unable::Said(reason) => format!("error: {reason}"),
                Unable::Output(error) => return Err(error),
            };
            if options.format == Format::Text {
                writeln!(run.out, "{said}")?;
                return Ok(Exit::InputError);
            }
            // What a machine reads stays whole.
            eprintln!("{said}");
            run.summary.failure = Some(said);
            Exit::InputError
        }
    };
    run.report.end(&run.summary, run.out)?;
    Ok(exit)
}

/// Where findings go.
struct Run<'o> {
    report: Box<dyn Report>,
    summary: Summary,
    out: &'o mut dyn Write,
}

impl Run<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.summary.count(finding.verdict);
        self.report.finding(finding, self.out)
    }

    fn file(&mut self, name: &str) -> io::Result<()> {
        self.report.file(name, self.out)
    }
}

/// The document that is validated against, and how messages call it.
struct Input {
    name: String,
    folder: PathBuf,
    text: String,
    /// Whether the generated types are made of it.
    is_own: bool,
}

impl Input {
    fn read(options: &Options, folders: Folders<'_>) -> Result<Self, Unable> {
        let (name, path) = options.chosen.document(folders).map_err(Unable::Said)?;
        let text = fs::read_to_string(&path).map_err(|error| Unable::Said(format!("{name} can't be read: {error}")))?;
        let own = folders.root.and_then(|root| fs::canonicalize(root.join(DOCUMENT)).ok());
        Ok(Self {
            is_own: own.is_some() && own == fs::canonicalize(&path).ok(),
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
            name,
            text,
        })
    }

    /// How messages call a file that stands beside the document.
    fn beside(&self, file: &str) -> String {
        Path::new(&self.name).with_file_name(file).display().to_string()
    }
}

fn check(
    options: &Options,
    folders: Folders<'_>,
    round_trip: &mut dyn RoundTrip,
    run: &mut Run<'_>,
) -> Result<(), Unable> {
    let input = Input::read(options, folders)?;
    let document = Document::parse(&input.name, &input.text)?;
    let mut expected = Expected::read(&input.folder.join(expected::FILE), &input.beside(expected::FILE))?;
    let generated = callrounded_codegen::check(&document);
    let mut types = types::Types::new(round_trip);
    match &generated {
        Ok(()) if input.is_own => {}
        Ok(()) => types.leave(
            &mut run.summary,
            format!("the generated types are made of {DOCUMENT}, so only the schemas were checked"),
        ),
        Err(found) => {
            run.file(&input.name)?;
            for one in found {
                run.finding(&Finding::in_document("generation", one))?;
            }
            types.leave(
                &mut run.summary,
                "no types can be generated, so only the schemas were checked".to_owned(),
            );
            // What is no document of 3.0 has no payloads that could be judged by its rules.
            if found
                .iter()
                .any(|one| one.pointer == "/openapi" || one.pointer.is_empty())
            {
                return Ok(());
            }
        }
    }
    let patterns = document.unusable_patterns();
    if !patterns.is_empty() {
        run.file(&input.name)?;
        for one in &patterns {
            run.finding(&Finding::in_document("pattern", one))?;
        }
    }
    match subject(options, &document)? {
        None => examples::check(&input, &document, &generated, &mut expected, &mut types, run),
        Some(subject) => {
            let check = document.check(subject)?;
            files::check(options, folders, &document, &check, &mut expected, &mut types, run)
        }
    }
}

/// What kind of payloads the user gave; `None` where there are none.
fn subject(options: &Options, document: &Document) -> Result<Option<Subject>, Unable> {
    let usage = |said: &str| Err(Unable::Said(said.to_owned()));
    match (options.payloads.is_empty(), options.chosen.is_any()) {
        (true, true) => return usage("name the files of the payloads; without any, the document's own are checked"),
        (false, false) => {
            return usage(
                "say what the payloads are: --schema NAME, or --operation ID with --request or --response STATUS",
            );
        }
        (true, false) => return Ok(None),
        (false, true) => {}
    }
    match options.chosen.subject(document) {
        Ok(None) => usage("say which bodies of the operation these are: --request, or --response STATUS"),
        known => known.map_err(|unknown| Unable::Said(unknown.to_string())),
    }
}

/// The component schema that payloads of this kind are of, if they are of one: its type is checked too.
fn component(document: &Document, check: &Check<'_>) -> Option<String> {
    let schema = document.resolve(&check.subject().schema)?;
    let name = schema.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| callrounded_document::pointer::last(&schema))
}
