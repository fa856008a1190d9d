//! Imports a document of OpenAPI 3.1 or 3.0, as one that a client can be generated from.

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
use callrounded_document::{Method, Place};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    context::{Context, DefaultDocument, Streams},
    documents,
    exit::Exit,
    files, progress,
    report::plural,
};

/// What to import, and where to.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// The document to write. What it says of its own is kept. [default in this workspace: openapi/calls.yaml]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How to print what became of it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What to import.
#[derive(Args, Clone, Debug)]
pub struct Source {
    /// The document of the service: OpenAPI 3.1 or 3.0, JSON or YAML.
    document: PathBuf,
    /// Only the operations with this tag; may be given more than once.
    #[arg(long, value_name = "TAG")]
    only_tag: Vec<String>,
    /// Only the operations on these paths, in which * stands for anything; may be given more than once.
    #[arg(long, value_name = "PATTERN")]
    path: Vec<String>,
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
    // Before anything is read, so that nobody waits for this answer.
    let output = output(options, context);
    let done = output
        .map_err(|problem| format!("error: {problem}"))
        .and_then(|(name, path)| import(&options.source, &path, &name, context.here));
    let done = match done {
        Ok(done) => done,
        Err(problem) => {
            if options.format == Format::Json {
                writeln!(out, "{:#}", json!({ "failure": problem }))?;
            }
            writeln!(err, "{problem}")?;
            return Ok(Exit::InputError);
        }
    };
    match options.format {
        Format::Text => done.print(out)?,
        Format::Json => done.print_json(out)?,
    }
    let lost = done.imported.losses.iter().any(|loss| loss.kind != LossKind::Lowered);
    Ok(if lost { Exit::Findings } else { Exit::Clean })
}

/// The document to write: what messages call it, and where it is.
fn output(options: &Options, context: &Context<'_>) -> Result<(String, PathBuf), String> {
    match (&options.output, &context.document) {
        (Some(path), _) => Ok((path.display().to_string(), context.here.join(path))),
        (None, DefaultDocument::File { name, root }) => Ok(((*name).to_owned(), root.join(name))),
        (None, DefaultDocument::BuiltIn { .. }) => Err("name the document to write, by --output".to_owned()),
        (None, DefaultDocument::None(why)) => Err(why.clone()),
    }
}

/// An import that is written.
pub struct Done {
    /// How messages call the document of the service, and the one that was written.
    name: String,
    output: String,
    /// What was imported, and what of it was lost.
    pub imported: Imported,
    /// What became of the parts of the document that was there, if one was.
    pub merged: Option<Vec<Merged>>,
}

/// Imports into the document at `path`, which messages call `output`. An error is a text for the user; nothing is written
/// then.
///
/// # Errors
/// Where the document can't be read, imported or written.
pub fn import(source: &Source, path: &Path, output: &str, here: &Path) -> Result<Done, String> {
    let name = source.document.display().to_string();
    let Bundled { document, unusable } = documents::file_to_import(&name, &here.join(&source.document))?;
    let select = Select {
        tags: source.only_tag.clone(),
        paths: source.path.clone(),
    };
    let progress = format!("importing {name}");
    let imported = progress::shown(&progress, || import::import(&document, &select));
    let mut imported = imported.map_err(|found| found.to_string())?;
    let files = unusable.into_iter().map(|found| Loss {
        kind: LossKind::Lost,
        pointer: found.pointer,
        place: found.place,
        construct: "file".to_owned(),
        reason: found.problem,
    });
    imported.losses.extend(files);
    // The heaviest first, as they came.
    imported.losses.sort_by_key(|loss| loss.kind);
    let (written, merged) = match fs::read_to_string(path) {
        Ok(there) => {
            let merged = progress::shown(&progress, || import::merge(output, &there, &imported, &select));
            let (text, merged) = merged.map_err(|found| found.to_string())?;
            (text, Some(merged))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (callrounded_changes::yaml::write(&imported.document), None)
        }
        Err(error) => return Err(format!("error: {output} can't be read: {error}")),
    };
    files::write(path, &written).map_err(|error| format!("error: {output} can't be written: {error}"))?;
    Ok(Done {
        name,
        output: output.to_owned(),
        imported,
        merged,
    })
}

impl Done {
    /// Prints what became of each part, for people.
    ///
    /// # Errors
    /// Where `out` can't be written.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = &self.name;
        for group in groups(&self.imported.losses) {
            let shown = if group.len() > FEW { 1 } else { group.len() };
            for loss in group.iter().take(shown) {
                let Place { line, column } = loss.place;
                write!(
                    out,
                    "{name}:{line}:{column}: {}[{}]: {}",
                    loss.kind, loss.construct, loss.reason
                )?;
                if shown < group.len() {
                    let more = plural((group.len() - 1) as u64, "other place");
                    write!(out, " (and at {more}, which --format json lists)")?;
                }
                writeln!(out)?;
            }
        }
        for one in self.merged.iter().flatten() {
            writeln!(out, "{}: {} #{}", outcome(one.outcome), one.what, one.pointer)?;
        }
        let count = |kind: LossKind| self.imported.losses.iter().filter(|loss| loss.kind == kind).count() as u64;
        let read = plural(self.operations() + count(LossKind::Refused), "operation");
        writeln!(
            out,
            "{} is written: {} of {read}, {} lost, {} said in other words",
            self.output,
            self.operations(),
            count(LossKind::Lost),
            count(LossKind::Lowered)
        )
    }

    /// How many operations the imported document has.
    fn operations(&self) -> u64 {
        let paths = self.imported.document.get("paths").and_then(Value::as_object);
        let items = paths.into_iter().flatten().filter_map(|(_, item)| item.as_object());
        let names = items.flat_map(|item| item.keys());
        names.filter(|name| Method::from_name(name).is_some()).count() as u64
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
                    "line": loss.place.line,
                    "column": loss.place.column,
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

/// So many of one kind are listed one by one.
const FEW: usize = 3;

/// What is lost or rewritten in one way, in the order in which each first stands.
fn groups(losses: &[Loss]) -> Vec<Vec<&Loss>> {
    let mut groups: Vec<Vec<&Loss>> = Vec::new();
    let mut known: HashMap<(LossKind, &str, String), usize> = HashMap::new();
    for loss in losses {
        // The names in a reason differ from place to place.
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
