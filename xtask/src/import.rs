//! `cargo xtask import`: a document of the service, of OpenAPI 3.1 or 3.0, as the one that the client is made of.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use callrounded_changes::import::{self, Imported, Loss, LossKind, Merged, Outcome, Select};
use callrounded_document::Place;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::{DOCUMENT, Folders, exit::Exit, freshness, report::plural};

/// What to import, and where to.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The document of the service: OpenAPI 3.1 or 3.0, JSON or YAML.
    document: PathBuf,
    /// The document to write.
    #[arg(short, long, value_name = "PATH", default_value = DOCUMENT)]
    output: PathBuf,
    /// Only the operations with this tag; may be given more than once.
    #[arg(long, value_name = "TAG")]
    only_tag: Vec<String>,
    /// Only the operations on these paths, in which * stands for anything; may be given more than once.
    #[arg(long, value_name = "PATTERN")]
    path: Vec<String>,
    /// How to print what became of it.
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
    let name = options.document.display().to_string();
    // Before anything is read, so that nobody waits for this answer.
    let path = match options.output.as_os_str() == DOCUMENT {
        true => match folders.workspace() {
            Ok(root) => root.join(DOCUMENT),
            Err(said) => return unable(options, &format!("error: {said}"), out),
        },
        false => folders.here.join(&options.output),
    };
    let text = match fs::read_to_string(folders.here.join(&options.document)) {
        Ok(text) => text,
        Err(error) => {
            return unable(options, &format!("error: {name} can't be read: {error}"), out);
        }
    };
    let select = Select {
        tags: options.only_tag.clone(),
        paths: options.path.clone(),
    };
    let imported = match import::import(&name, &text, &select) {
        Ok(imported) => imported,
        Err(found) => return unable(options, &found.to_string(), out),
    };
    let target = options.output.display().to_string();
    let (written, merged) = match fs::read_to_string(&path) {
        Ok(there) => match import::merge(&target, &there, &imported, &select) {
            Ok((text, merged)) => (text, Some(merged)),
            Err(found) => return unable(options, &found.to_string(), out),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (callrounded_changes::yaml::write(&imported.document), None)
        }
        Err(error) => return unable(options, &format!("error: {target} can't be read: {error}"), out),
    };
    if let Err(error) = freshness::write(&path, &written) {
        writeln!(out, "error: {} can't be written: {error}", options.output.display())?;
        return Ok(Exit::InputError);
    }
    let lost = imported.losses.iter().any(|loss| loss.kind != LossKind::Lowered);
    match options.format {
        Format::Text => print(&name, options, &imported, merged.as_deref(), out)?,
        Format::Json => print_json(&name, options, &imported, merged.as_deref(), out)?,
    }
    Ok(if lost { Exit::Findings } else { Exit::Clean })
}

/// Says why nothing is written, in the format that was asked for.
fn unable(options: &Options, said: &str, out: &mut dyn Write) -> io::Result<Exit> {
    match options.format {
        Format::Text => writeln!(out, "{said}")?,
        Format::Json => writeln!(out, "{:#}", json!({ "failure": said }))?,
    }
    Ok(Exit::InputError)
}

fn print(
    name: &str,
    options: &Options,
    imported: &Imported,
    merged: Option<&[Merged]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut said = HashSet::new();
    for loss in &imported.losses {
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
        let more = imported.losses.iter().filter(is_same).count().saturating_sub(1) as u64;
        if more > 0 {
            writeln!(
                out,
                "  = and at {}, which --format json names",
                plural(more, "other place")
            )?;
        }
    }
    for one in merged.unwrap_or_default() {
        writeln!(out, "{}: {} #{}", outcome(one.outcome), one.what, one.pointer)?;
    }
    let count = |kind: LossKind| imported.losses.iter().filter(|loss| loss.kind == kind).count() as u64;
    writeln!(
        out,
        "{} is written: {} refused, {} lost, {} said in other words",
        options.output.display(),
        plural(count(LossKind::Refused), "operation"),
        count(LossKind::Lost),
        count(LossKind::Lowered)
    )
}

fn print_json(
    name: &str,
    options: &Options,
    imported: &Imported,
    merged: Option<&[Merged]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let losses: Vec<_> = imported
        .losses
        .iter()
        .map(|loss| {
            json!({
                "kind": loss.kind.to_string(),
                "construct": loss.construct,
                "reason": loss.reason,
                "file": name,
                "line": loss.place.line,
                "column": loss.place.column,
                "pointer": loss.pointer,
            })
        })
        .collect();
    let merged = merged.map(|merged| {
        let one = |one: &Merged| json!({ "outcome": outcome(one.outcome), "what": one.what, "pointer": one.pointer });
        merged.iter().map(one).collect::<Vec<_>>()
    });
    let report = json!({ "output": options.output.display().to_string(), "losses": losses, "merged": merged });
    writeln!(out, "{report:#}")
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
