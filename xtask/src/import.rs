//! `cargo xtask import`: a document of the service, of OpenAPI 3.1 or 3.0, as the one that the client is made of.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use callrounded_changes::import::{self, Imported, Loss, LossKind, Merged, Outcome, Select};
use callrounded_document::Place;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{DOCUMENT, Folders, documents, exit::Exit, freshness, report::plural};

/// What to import, and where to.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    /// The document to write.
    #[arg(short, long, value_name = "PATH", default_value = DOCUMENT)]
    output: PathBuf,
    /// How to print what became of it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What to import.
#[derive(Args, Clone, Debug)]
pub(crate) struct Source {
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

pub(crate) fn run(options: &Options, folders: Folders<'_>, out: &mut dyn Write) -> io::Result<Exit> {
    // Before anything is read, so that nobody waits for this answer.
    let path = match options.output.as_os_str() == DOCUMENT {
        true => folders.workspace().map(|root| root.join(DOCUMENT)),
        false => Ok(folders.here.join(&options.output)),
    };
    let done = path
        .map_err(|problem| format!("error: {problem}"))
        .and_then(|path| import(&options.source, &path, &options.output.display().to_string(), folders));
    let done = match (done, options.format) {
        (Ok(done), _) => done,
        (Err(problem), Format::Text) => {
            writeln!(out, "{problem}")?;
            return Ok(Exit::InputError);
        }
        (Err(problem), Format::Json) => {
            writeln!(out, "{:#}", json!({ "failure": problem }))?;
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

/// An import that is written.
pub(crate) struct Done {
    /// How messages call the document of the service, and the one that was written.
    name: String,
    output: String,
    pub imported: Imported,
    /// What became of the parts of the document that was there, if one was.
    pub merged: Option<Vec<Merged>>,
}

/// Imports into the document at `path`, which messages call `output`. An error is a text for the user; nothing is written
/// then.
pub(crate) fn import(source: &Source, path: &Path, output: &str, folders: Folders<'_>) -> Result<Done, String> {
    let name = source.document.display().to_string();
    let document = documents::file(&name, &folders.here.join(&source.document))?;
    let select = Select {
        tags: source.only_tag.clone(),
        paths: source.path.clone(),
    };
    let imported = import::import(&document, &select).map_err(|found| found.to_string())?;
    let (written, merged) = match fs::read_to_string(path) {
        Ok(there) => {
            let merged = import::merge(output, &there, &imported, &select);
            let (text, merged) = merged.map_err(|found| found.to_string())?;
            (text, Some(merged))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (callrounded_changes::yaml::write(&imported.document), None)
        }
        Err(error) => return Err(format!("error: {output} can't be read: {error}")),
    };
    freshness::write(path, &written).map_err(|error| format!("error: {output} can't be written: {error}"))?;
    Ok(Done {
        name,
        output: output.to_owned(),
        imported,
        merged,
    })
}

impl Done {
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = &self.name;
        let losses = &self.imported.losses;
        let mut said = HashSet::new();
        for loss in losses {
            // Nothing is lost by other words, so that those which come again and again are said once.
            let is_same = |other: &&Loss| {
                loss.kind == LossKind::Lowered
                    && (other.kind, &other.construct, &other.reason) == (loss.kind, &loss.construct, &loss.reason)
            };
            if loss.kind == LossKind::Lowered && !said.insert((&loss.construct, &loss.reason)) {
                continue;
            }
            let Place { line, column } = loss.place;
            writeln!(out, "{}[{}]: {}", loss.kind, loss.construct, loss.reason)?;
            writeln!(out, "  --> {name}:{line}:{column} #{}", loss.pointer)?;
            let more = losses.iter().filter(is_same).count().saturating_sub(1) as u64;
            if more > 0 {
                let places = plural(more, "other place");
                writeln!(out, "  = and at {places}, which --format json names")?;
            }
        }
        for one in self.merged.iter().flatten() {
            writeln!(out, "{}: {} #{}", outcome(one.outcome), one.what, one.pointer)?;
        }
        let count = |kind: LossKind| losses.iter().filter(|loss| loss.kind == kind).count() as u64;
        writeln!(
            out,
            "{} is written: {} refused, {} lost, {} said in other words",
            self.output,
            plural(count(LossKind::Refused), "operation"),
            count(LossKind::Lost),
            count(LossKind::Lowered)
        )
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
        let report = json!({ "output": self.output, "losses": losses, "merged": merged });
        writeln!(out, "{report:#}")
    }
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
