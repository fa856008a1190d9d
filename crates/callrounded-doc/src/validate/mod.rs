//! Validates payloads against their schemas. If there are generated types, payloads must also decode into them and
//! encode to the same JSON. Without payloads, the examples and defaults of the document are validated.

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
    context::{Context, Streams},
    exit::Exit,
    expected::{self, Expected},
    inputs::Inputs,
    output::{Output, is_same_file},
    report::{Format, Paths, Report, ReportOptions, Summary},
    target::Target,
};

/// The default of `--max-findings` in the formats `text` and `github`.
const DEFAULT_MAX_FINDINGS: u64 = 200;

/// The options of the command `validate`.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    target: Target,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The maximum number of findings to print. All findings are counted. [default: 200 in the formats text and github,
    /// otherwise unlimited]
    #[arg(long, value_name = "N")]
    max_findings: Option<u64>,
    /// Prints findings only, without notes and summary. The formats json, sarif and junit always include both.
    #[arg(long, short)]
    quiet: bool,
    /// Writes the report to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Treats undocumented properties and values as errors. For the document's own examples, they always are.
    #[arg(long)]
    strict: bool,
}

impl Options {
    /// Checks whether drift is treated as an error.
    fn is_drift_error(&self) -> bool {
        self.strict || self.inputs.payloads.is_empty()
    }

    /// Opens the file of the report, which must not be an input. The error is the end of a sentence that begins with
    /// the path.
    fn open(&self, path: &Path, context: &Context<'_>) -> Result<Output, String> {
        let output = context.current_dir.join(path);
        let mut inputs = self.inputs.payloads.iter().chain(self.target.document.as_ref());
        if inputs.any(|input| output.is_file() && is_same_file(&context.current_dir.join(input), &output)) {
            return Err("is an input and cannot be the output; write to another file".to_owned());
        }
        Output::open(&output).map_err(|error| format!("cannot be written: {error}"))
    }
}

/// An error that stops the validation.
enum Failure {
    /// An input file is invalid.
    Input(Diagnostics),
    /// A message for the user.
    Message(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Input(diagnostics)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the command.
///
/// # Errors
/// Returns an error if the output cannot be written.
pub fn run(options: &Options, context: &mut Context<'_>, streams: Streams<'_>) -> io::Result<Exit> {
    let Streams { out, err, is_colored } = streams;
    let report_options = ReportOptions {
        format: options.format,
        strict: options.is_drift_error(),
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
        report: report_options.report()?,
        summary: Summary::default(),
        max_findings: options
            .max_findings
            .unwrap_or(if is_for_people { DEFAULT_MAX_FINDINGS } else { u64::MAX }),
        out: match &mut file {
            Some(file) => file,
            None => out,
        },
        err: &mut *err,
    };
    let exit = match check(options, context, &mut run) {
        Ok(()) => match run.summary.errors > 0 || options.is_drift_error() && run.summary.drift > 0 {
            _ if !run.summary.unreadable.is_empty() => Exit::InputError,
            true => Exit::Findings,
            false => Exit::Clean,
        },
        Err(failure) => {
            let message = match failure {
                Failure::Input(diagnostics) => diagnostics.to_string(),
                Failure::Message(message) => format!("error: {message}"),
                Failure::Output(error) => return Err(error),
            };
            writeln!(run.err, "{message}")?;
            // The message on standard error is enough for people. The report of an earlier run is kept.
            if options.format == Format::Text {
                return Ok(Exit::InputError);
            }
            run.summary.failure = Some(message.trim_start_matches("error: ").to_owned());
            Exit::InputError
        }
    };
    run.report.end(&run.summary, run.out)?;
    if let Some((file, path)) = file.zip(options.output.as_ref())
        && let Err(error) = file.finish()
    {
        writeln!(err, "error: {} cannot be written: {error}", path.display())?;
        return Ok(Exit::InputError);
    }
    Ok(exit)
}

/// The report of a run, with its summary and output streams.
struct Run<'o> {
    report: Box<dyn Report>,
    summary: Summary,
    /// The maximum number of findings to print.
    max_findings: u64,
    out: &'o mut dyn Write,
    err: &'o mut dyn Write,
}

impl Run<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let printed = self.summary.errors + self.summary.drift - self.summary.hidden;
        self.summary.count(finding.verdict);
        if printed >= self.max_findings {
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

    /// Reports that a file cannot be read.
    fn unreadable(&mut self, name: &str, problem: &str) -> io::Result<()> {
        writeln!(self.err, "error: {} {problem}", printable(name))?;
        self.report.unreadable(name, problem, self.out)?;
        self.summary.unreadable.push((name.to_owned(), problem.to_owned()));
        Ok(())
    }

    /// Reports diagnostics of the document as findings of a rule.
    fn document_findings<'d>(
        &mut self,
        name: &str,
        rule: &str,
        diagnostics: impl IntoIterator<Item = &'d callrounded_document::Diagnostic>,
    ) -> io::Result<()> {
        self.file(name)?;
        for diagnostic in diagnostics {
            self.finding(&Finding::in_document(rule, diagnostic))?;
        }
        Ok(())
    }
}

fn check(options: &Options, context: &mut Context<'_>, run: &mut Run<'_>) -> Result<(), Failure> {
    let source = options.target.source(context).map_err(Failure::Message)?;
    if options.inputs.payloads.is_empty() && source.path.is_none() {
        return Err(Failure::Message(
            "missing payloads; specify their files, or --document to validate the examples of a document".to_owned(),
        ));
    }
    let document = Document::parse(&source.name, &source.text)?;
    let list = source.sibling(expected::FILE_NAME);
    let mut expected = Expected::read(&source.directory.join(expected::FILE_NAME), &list)?;
    let has_no_payloads = options.inputs.payloads.is_empty();
    let (rule, document_check) = match &context.client {
        None => ("document", document.lint()),
        // Generating takes longer than validating most payloads. With payloads, it is left to the build of the types.
        Some(client) if has_no_payloads => ("generation", (client.check)(&document)),
        Some(client) => ("generation", (client.rules)(&document)),
    };
    if let Err(diagnostics) = &document_check {
        run.document_findings(&source.name, rule, diagnostics)?;
        // Payloads cannot be validated against a document that is not OpenAPI 3.0.
        if diagnostics
            .iter()
            .any(|diagnostic| ["", "/openapi", "/swagger"].contains(&diagnostic.pointer.as_str()))
        {
            return Ok(());
        }
    }
    let current_dir = context.current_dir;
    let default_document = context.document.name();
    let check_client = context.client.as_ref().map(|client| client.check);
    let mut types = types::Types::default();
    match (&mut context.client, &document_check) {
        (None, _) => {}
        (Some(_), Err(_)) => run.note(NO_TYPES),
        (Some(_), Ok(())) if !source.is_default => {
            run.note(&format!(
                "the generated types are those of {default_document}; payloads were validated against schemas only"
            ));
        }
        (Some(client), Ok(())) => types = types::Types::new(&mut *client.types),
    }
    let patterns = document.invalid_patterns();
    if !patterns.is_empty() {
        run.document_findings(&source.name, "pattern", &patterns)?;
    }
    match subject(options, &document)? {
        None => examples::check(&source, &document, &document_check, &mut expected, &mut types, run)?,
        Some(subject) => {
            let check = document.check(subject)?;
            files::check(options, current_dir, &document, &check, &mut expected, &mut types, run)?;
        }
    }
    let Some(reason) = types.failure() else {
        return Ok(());
    };
    match check_client.map(|check| check(&document)) {
        // The diagnostics have the same cause as the failure, and a location.
        Some(Err(diagnostics)) => {
            run.document_findings(&source.name, rule, &diagnostics)?;
            run.note(NO_TYPES);
            Ok(())
        }
        _ => Err(Failure::Message(reason)),
    }
}

const NO_TYPES: &str = "types cannot be generated; payloads were validated against schemas only";

/// Returns the kind of the payloads; `None` if the user specified no payloads.
fn subject(options: &Options, document: &Document) -> Result<Option<Subject>, Failure> {
    let usage_error = |message: &str| Err(Failure::Message(message.to_owned()));
    match (options.inputs.payloads.is_empty(), options.target.is_given()) {
        (true, true) => {
            return usage_error(
                "missing payloads; specify their files, or omit --schema and --operation to validate examples",
            );
        }
        (false, false) => {
            return usage_error(
                "missing the kind of the payloads; \
                 specify --schema NAME, or --operation ID with --request or --response STATUS",
            );
        }
        (true, false) => return Ok(None),
        (false, true) => {}
    }
    match options.target.subject(document) {
        Ok(None) => usage_error("missing the kind of the bodies; specify --request or --response STATUS"),
        subject => subject.map_err(|unknown| Failure::Message(unknown.to_string())),
    }
}

/// Returns the name of the component schema that payloads of this kind are instances of, if there is one. They are then
/// sent through its generated type, too.
fn component_name(document: &Document, check: &Check<'_>) -> Option<String> {
    let schema = document.resolve(&check.subject().schema)?;
    let name = schema.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| callrounded_document::pointer::last(&schema))
}
