//! Validates payloads: they fit their schemas and, where there are generated types, decode into them and encode back to the same
//! JSON. Without payloads: those of the document itself, all its examples and defaults.

mod examples;
mod files;
mod types;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use callrounded_document::{
    Diagnostics, Document,
    check::{Check, Finding, Subject},
    printable,
};
use clap::Args;

use crate::{
    chosen::Chosen,
    context::{Context, Streams},
    exit::Exit,
    expected::{self, Expected},
    inputs::Inputs,
    output::{Output, is_same_file},
    report::{Format, Manner, Paths, Report, Summary},
};

/// So many findings are printed for people, unless they say how many.
const MOST: u64 = 200;

/// What to check, and how to report it.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    chosen: Chosen,
    /// How to print findings.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Prints at most so many findings; all are counted. [default: 200 in the formats text and github, else all]
    #[arg(long, value_name = "N")]
    max_findings: Option<u64>,
    /// Prints findings only: neither notes nor a summary. (The formats json, sarif and junit have both in any case.)
    #[arg(long, short)]
    quiet: bool,
    /// Writes the report to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Treats what the document does not describe as an error too. (In the document's own examples it always is.)
    #[arg(long)]
    strict: bool,
}

impl Options {
    /// Whether what the document does not describe is an error.
    fn drift_counts(&self) -> bool {
        self.strict || self.inputs.payloads.is_empty()
    }

    /// Opens the file of the report, which must not be one that is read. An error is the end of a sentence that begins with the path.
    fn open(&self, path: &Path, context: &Context<'_>) -> Result<Output, String> {
        let at = context.here.join(path);
        let mut read = self.inputs.payloads.iter().chain(self.chosen.document.as_ref());
        if read.any(|one| at.is_file() && is_same_file(&context.here.join(one), &at)) {
            return Err("is an input, and can't be the report too".to_owned());
        }
        Output::open(&at).map_err(|error| format!("can't be written: {error}"))
    }
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

/// Runs the command.
///
/// # Errors
/// Where the report can't be written.
pub fn run(options: &Options, context: &mut Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, is_colored } = streams;
    let manner = Manner {
        format: options.format,
        strict: options.drift_counts(),
        quiet: options.quiet,
        is_colored: is_colored && options.output.is_none(),
        paths: Paths::new(context),
    };
    let mut file = match &options.output {
        None => None,
        Some(path) => match options.open(path, context) {
            Ok(file) => Some(file),
            Err(problem) => {
                writeln!(err, "error: {} {problem}", path.display())?;
                return Ok(Exit::InputError);
            }
        },
    };
    let is_for_people = matches!(options.format, Format::Text | Format::Github);
    let mut run = Run {
        report: manner.report()?,
        summary: Summary::default(),
        most: options
            .max_findings
            .unwrap_or(if is_for_people { MOST } else { u64::MAX }),
        out: match &mut file {
            Some(file) => file,
            None => out,
        },
        err: &mut *err,
    };
    let exit = match check(options, context, &mut run) {
        Ok(()) => match run.summary.errors > 0 || options.drift_counts() && run.summary.drift > 0 {
            _ if !run.summary.unreadable.is_empty() => Exit::InputError,
            true => Exit::Findings,
            false => Exit::Clean,
        },
        Err(unable) => {
            let said = match unable {
                Unable::Input(found) => found.to_string(),
                Unable::Said(reason) => format!("error: {reason}"),
                Unable::Output(error) => return Err(error),
            };
            writeln!(run.err, "{said}")?;
            // People have been told; a report of an earlier run stays as it is.
            if options.format == Format::Text {
                return Ok(Exit::InputError);
            }
            run.summary.failure = Some(said.trim_start_matches("error: ").to_owned());
            Exit::InputError
        }
    };
    run.report.end(&run.summary, run.out)?;
    if let Some((file, path)) = file.zip(options.output.as_ref())
        && let Err(error) = file.finish()
    {
        writeln!(err, "error: {} can't be written: {error}", path.display())?;
        return Ok(Exit::InputError);
    }
    Ok(exit)
}

/// Where findings go.
struct Run<'o> {
    report: Box<dyn Report>,
    summary: Summary,
    /// So many findings are printed.
    most: u64,
    out: &'o mut dyn Write,
    err: &'o mut dyn Write,
}

impl Run<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let printed = self.summary.errors + self.summary.drift - self.summary.hidden;
        self.summary.count(finding.verdict);
        if printed >= self.most {
            self.summary.hidden += 1;
            return self.report.hidden(finding, self.out);
        }
        self.report.finding(finding, self.out)
    }

    fn file(&mut self, name: &str) -> io::Result<()> {
        self.report.file(name, self.out)
    }

    fn note(&mut self, note: &str) {
        self.summary.notes.push(note.to_owned());
    }

    /// That nothing of a file could be checked.
    fn unreadable(&mut self, name: &str, problem: &str) -> io::Result<()> {
        writeln!(self.err, "error: {} {problem}", printable(name))?;
        self.report.unreadable(name, problem, self.out)?;
        self.summary.unreadable.push((name.to_owned(), problem.to_owned()));
        Ok(())
    }

    /// What is wrong with the document itself.
    fn in_document<'d>(
        &mut self,
        name: &str,
        rule: &str,
        found: impl IntoIterator<Item = &'d callrounded_document::Diagnostic>,
    ) -> io::Result<()> {
        self.file(name)?;
        for one in found {
            self.finding(&Finding::in_document(rule, one))?;
        }
        Ok(())
    }
}

fn check(options: &Options, context: &mut Context<'_>, run: &mut Run<'_>) -> Result<(), Unable> {
    let source = options.chosen.source(context).map_err(Unable::Said)?;
    if options.inputs.payloads.is_empty() && source.path.is_none() {
        return Err(Unable::Said(
            "name the payloads, or by --document the document whose examples are to be checked".to_owned(),
        ));
    }
    let document = Document::parse(&source.name, &source.text)?;
    let list = source.beside(expected::FILE);
    let mut expected = Expected::read(&source.directory.join(expected::FILE), &list)?;
    let is_of_document = options.inputs.payloads.is_empty();
    let (rule, sound) = match &context.client {
        None => ("document", document.lint()),
        // Generating takes longer than most payloads: with these, it is left to the build of the types.
        Some(client) if is_of_document => ("generation", (client.check)(&document)),
        Some(client) => ("generation", (client.rules)(&document)),
    };
    if let Err(found) = &sound {
        run.in_document(&source.name, rule, found)?;
        // What is no document of 3.0 has no payloads that could be judged by its rules.
        if found
            .iter()
            .any(|one| ["", "/openapi", "/swagger"].contains(&one.pointer.as_str()))
        {
            return Ok(());
        }
    }
    let here = context.here;
    let own = context.document.name();
    let check_client = context.client.as_ref().map(|client| client.check);
    let mut types = types::Types::default();
    match (&mut context.client, &sound) {
        (None, _) => {}
        (Some(_), Err(_)) => run.note(NO_TYPES),
        (Some(_), Ok(())) if !source.is_default => {
            run.note(&format!(
                "the generated types are made of {own}, so only the schemas were checked"
            ));
        }
        (Some(client), Ok(())) => types = types::Types::of(&mut *client.types),
    }
    let patterns = document.unusable_patterns();
    if !patterns.is_empty() {
        run.in_document(&source.name, "pattern", &patterns)?;
    }
    match subject(options, &document)? {
        None => examples::check(&source, &document, &sound, &mut expected, &mut types, run)?,
        Some(subject) => {
            let check = document.check(subject)?;
            files::check(options, here, &document, &check, &mut expected, &mut types, run)?;
        }
    }
    let Some(reason) = types.failure() else {
        return Ok(());
    };
    match check_client.map(|check| check(&document)) {
        // With the same cause as the failure, and a location.
        Some(Err(found)) => {
            run.in_document(&source.name, rule, &found)?;
            run.note(NO_TYPES);
            Ok(())
        }
        _ => Err(Unable::Said(reason)),
    }
}

const NO_TYPES: &str = "no types can be generated, so only the schemas were checked";

/// What kind of payloads the user gave; `None` where there are none.
fn subject(options: &Options, document: &Document) -> Result<Option<Subject>, Unable> {
    let usage = |said: &str| Err(Unable::Said(said.to_owned()));
    match (options.inputs.payloads.is_empty(), options.chosen.is_any()) {
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
