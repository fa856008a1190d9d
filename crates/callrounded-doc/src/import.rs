//! Imports an OpenAPI 3.1 or 3.0 document as an OpenAPI 3.0 document that a client can be generated from.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use callrounded_changes::{
    Bundled,
    import::{self, Imported, Loss, LossKind, Merged, Outcome, Select},
};
use callrounded_document::{Location, Method};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    context::{Context, DefaultDocument, Streams},
    documents,
    exit::Exit,
    files,
    progress::with_progress,
    report::plural,
};

/// The options of the command `import`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// The document to write. If it exists, the import is merged into it, and its own additions are kept. [default in
    /// the callrounded workspace: openapi/calls.yaml]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The options that select what is imported.
#[derive(Args, Clone, Debug)]
pub struct Source {
    /// The document to import: OpenAPI 3.1 or 3.0, in JSON or YAML.
    document: PathBuf,
    /// Imports only operations with this tag. Can be repeated.
    #[arg(long, value_name = "TAG")]
    only_tag: Vec<String>,
    /// Imports only operations on paths that match this pattern, in which * matches any text. Can be repeated.
    #[arg(long, value_name = "PATTERN")]
    path: Vec<String>,
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
    // Checked first, so that a usage error is reported before the import, which may take seconds.
    let output = output(options, context);
    let report = output
        .map_err(|message| format!("error: {message}"))
        .and_then(|(name, path)| import(&options.source, &path, &name, context.current_dir));
    let report = match report {
        Ok(report) => report,
        Err(message) => {
            if options.format == Format::Json {
                writeln!(out, "{:#}", json!({ "failure": message }))?;
            }
            writeln!(err, "{message}")?;
            return Ok(Exit::InputError);
        }
    };
    match options.format {
        Format::Text => report.print(out)?,
        Format::Json => report.print_json(out)?,
    }
    let lost = report.imported.losses.iter().any(|loss| loss.kind != LossKind::Lowered);
    Ok(if lost { Exit::Findings } else { Exit::Clean })
}

/// Returns the document to write: its name in messages, and its path.
fn output(options: &Options, context: &Context<'_>) -> Result<(String, PathBuf), String> {
    match (&options.output, &context.document) {
        (Some(path), _) => Ok((path.display().to_string(), context.current_dir.join(path))),
        (None, DefaultDocument::File { name, root }) => Ok(((*name).to_owned(), root.join(name))),
        (None, DefaultDocument::BuiltIn { .. }) => {
            Err("missing the document to write; specify it with --output".to_owned())
        }
        (None, DefaultDocument::None(message)) => Err(message.clone()),
    }
}

/// The report of an import that was written.
pub struct Report {
    /// The name of the imported document in messages.
    name: String,
    /// The name of the written document in messages.
    output: String,
    /// The imported document, and what was lost.
    pub imported: Imported,
    /// What was merged into the existing document; `None` if there was none.
    pub merged: Option<Vec<Merged>>,
}

/// Imports into the document at `path`, which has the name `output` in messages. Paths in `source` are relative to
/// `current_dir`.
///
/// # Errors
/// Returns a message for the user if the document cannot be read, imported or written. Nothing is written then.
pub fn import(source: &Source, path: &Path, output: &str, current_dir: &Path) -> Result<Report, String> {
    let name = source.document.display().to_string();
    let Bundled { document, unresolved } = documents::read_for_import(&name, &current_dir.join(&source.document))?;
    let select = Select {
        tags: source.only_tag.clone(),
        paths: source.path.clone(),
    };
    let progress = format!("importing {name}");
    let imported = with_progress(&progress, || import::import(&document, &select));
    let mut imported = imported.map_err(|diagnostics| diagnostics.to_string())?;
    let files = unresolved.into_iter().map(|diagnostic| Loss {
        kind: LossKind::Lost,
        pointer: diagnostic.pointer,
        location: diagnostic.location,
        construct: "file".to_owned(),
        reason: diagnostic.problem,
    });
    imported.losses.extend(files);
    // The most severe first; losses of a kind keep their order.
    imported.losses.sort_by_key(|loss| loss.kind);
    let (written, merged) = match fs::read_to_string(path) {
        Ok(existing) => {
            let merged = with_progress(&progress, || import::merge(output, &existing, &imported, &select));
            let (text, merged) = merged.map_err(|diagnostics| diagnostics.to_string())?;
            (text, Some(merged))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (callrounded_changes::yaml::write(&imported.document), None)
        }
        Err(error) => return Err(format!("error: {output} cannot be read: {error}")),
    };
    files::write(path, &written).map_err(|error| format!("error: {output} cannot be written: {error}"))?;
    Ok(Report {
        name,
        output: output.to_owned(),
        imported,
        merged,
    })
}

impl Report {
    /// Prints the report as text: each loss, each merged part, and a summary.
    ///
    /// # Errors
    /// Returns an error if `out` cannot be written.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = &self.name;
        for group in groups(&self.imported.losses) {
            let count = if group.len() > MAX_LISTED { 1 } else { group.len() };
            for loss in group.iter().take(count) {
                let Location { line, column } = loss.location;
                write!(
                    out,
                    "{name}:{line}:{column}: {}[{}]: {}",
                    loss.kind, loss.construct, loss.reason
                )?;
                if count < group.len() {
                    let more = plural((group.len() - 1) as u64, "other location");
                    write!(out, " (and at {more}; list them with --format json)")?;
                }
                writeln!(out)?;
            }
        }
        for one in self.merged.iter().flatten() {
            writeln!(out, "{}: {} #{}", outcome(one.outcome), one.what, one.pointer)?;
        }
        let count = |kind: LossKind| self.imported.losses.iter().filter(|loss| loss.kind == kind).count() as u64;
        let total = plural(self.operations() + count(LossKind::Refused), "operation");
        writeln!(
            out,
            "{} is written: {} of {total}, {} lost, {} lowered",
            self.output,
            self.operations(),
            count(LossKind::Lost),
            count(LossKind::Lowered)
        )
    }

    /// Returns the number of operations in the imported document.
    fn operations(&self) -> u64 {
        let paths = self.imported.document.get("paths").and_then(Value::as_object);
        let items = paths.into_iter().flatten().filter_map(|(_, item)| item.as_object());
        let keys = items.flat_map(|item| item.keys());
        keys.filter(|key| Method::from_name(key).is_some()).count() as u64
    }

    fn print_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let losses: Vec<_> = self
            .imported
            .losses
            .iter()
            .map(|loss| {
                json!({
                    "kind": loss.kind.to_string(),
                    "construct": loss.construct,
                    "reason": loss.reason,
                    "file": self.name,
                    "line": loss.location.line,
                    "column": loss.location.column,
                    "pointer": loss.pointer,
                })
            })
            .collect();
        let merged = self.merged.as_ref().map(|merged| {
            let one =
                |one: &Merged| json!({ "outcome": outcome(one.outcome), "what": one.what, "pointer": one.pointer });
            merged.iter().map(one).collect::<Vec<_>>()
        });
        let report = json!({
            "output": self.output,
            "operations": self.operations(),
            "losses": losses,
            "merged": merged,
        });
        writeln!(out, "{report:#}")
    }
}

/// Groups of up to this many losses are listed one by one. Of larger groups, only the first loss is.
const MAX_LISTED: usize = 3;

/// Groups losses with the same kind, construct and reason. Groups are in the order of their first loss.
fn groups(losses: &[Loss]) -> Vec<Vec<&Loss>> {
    let mut groups: Vec<Vec<&Loss>> = Vec::new();
    let mut known: HashMap<(LossKind, &str, String), usize> = HashMap::new();
    for loss in losses {
        // The quoted names in a reason differ from location to location.
        let reason = loss.reason.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let index = *known
            .entry((loss.kind, &loss.construct, reason))
            .or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(loss),
            None => groups.push(vec![loss]),
        }
    }
    groups
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::Changed => "changed",
        Outcome::New => "new",
        Outcome::Gone => "gone",
        Outcome::Same => "same",
        Outcome::Lowered => "lowered",
        Outcome::Ambiguous => "ambiguous",
    }
}
