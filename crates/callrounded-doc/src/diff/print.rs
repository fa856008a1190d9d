//! Prints changes as text, JSON, Markdown and GitHub workflow commands.

use std::io::{self, Write};

use callrounded_changes::diff::{Bump, Change, Diff, Effect};
use callrounded_document::{Document, Location};
use serde_json::{Value, json};

use super::Report;
use crate::report::{github, plural};

/// Returns the name of the document that the location of a change is in.
pub(super) fn file<'d>(change: &Change, old: &'d Document, new: &'d Document) -> &'d str {
    if change.removed { old.name() } else { new.name() }
}

/// Returns the sentence that recommends a release.
pub(super) fn bump(diff: &Diff) -> String {
    match &diff.bump {
        Ok(Bump::None) => "the generated client is unchanged: no release is needed".to_owned(),
        Ok(bump) => format!(
            "recommended for the generated crate: a {bump} release{}",
            zero_version_note(*bump)
        ),
        Err(reason) => format!("the effect on source code is unknown: {reason}"),
    }
}

/// Returns which part of a version before 1.0 to increase: there, cargo treats a change of the minor version as
/// breaking.
fn zero_version_note(bump: Bump) -> &'static str {
    match bump {
        Bump::Major => " (0.x: increase the minor version)",
        Bump::Minor | Bump::Patch => " (0.x: increase the patch version)",
        Bump::None => "",
    }
}

/// Returns the sentence that counts the changes.
pub(super) fn counts(diff: &Diff) -> String {
    let count = |effect: &dyn Fn(&Change) -> Effect| {
        let breaking = diff.changes.iter().filter(|change| effect(change) == Effect::Breaking);
        breaking.count()
    };
    format!(
        "{}: {} breaking on the wire, {} breaking in source",
        plural(diff.changes.len() as u64, "change"),
        count(&|change| change.wire),
        count(&|change| change.source)
    )
}

/// Prints the number of accepted changes, and the unused entries of the list.
fn print_accepted(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(accepted) = &report.accepted {
        for unused in &accepted.unused {
            writeln!(out, "{unused}\n")?;
        }
        writeln!(out, "{} accepted", plural(accepted.count, "change"))?;
    }
    Ok(())
}

pub(super) fn text(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    for change in &diff.changes {
        let Location { line, column } = change.location;
        writeln!(
            out,
            "{}[{}]: {}: {}",
            label(change),
            change.rule,
            change.subject,
            change.problem
        )?;
        writeln!(
            out,
            "  --> {}:{line}:{column} #{}",
            file(change, old, new),
            change.pointer
        )?;
        if let Some((at, Location { line, column })) = &change.before {
            writeln!(out, "  --> {}:{line}:{column} #{at}", old.name())?;
        }
        writeln!(out, "  = wire: {}, source: {}", change.wire, change.source)?;
        if let [_, _, ..] = change.operations.as_slice() {
            writeln!(out, "  = in {} operations", change.operations.len())?;
        }
        if report.accepted.is_some() {
            writeln!(out, "  = fingerprint: {}", change.fingerprint())?;
        }
        for item in &change.items {
            writeln!(out, "  = {item}")?;
        }
        writeln!(out)?;
    }
    print_accepted(report, out)?;
    if diff.changes.is_empty() {
        writeln!(
            out,
            "no {}changes",
            if report.accepted.is_some() { "other " } else { "" }
        )?;
    } else {
        writeln!(out, "{}", counts(diff))?;
    }
    writeln!(out, "{}", bump(diff))
}

fn label(change: &Change) -> &'static str {
    match change.wire.max(change.source) {
        Effect::Breaking => "breaking",
        Effect::Compatible => "compatible",
        Effect::None => "info",
    }
}

pub(super) fn json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(|change| {
            json!({
                "fingerprint": change.fingerprint(),
                "rule": change.rule,
                "subject": change.subject,
                "problem": change.problem,
                "wire": change.wire.to_string(),
                "source": change.source.to_string(),
                "file": file(change, old, new),
                "line": change.location.line,
                "column": change.location.column,
                "pointer": change.pointer,
                "gone": change.removed,
                "before": change.before.as_ref().map(|(at, location)| json!({
                    "file": old.name(),
                    "line": location.line,
                    "column": location.column,
                    "pointer": at,
                })),
                "operations": change.operations,
                "items": change.items.iter().map(|item| json!({
                    "path": item.path,
                    "old": item.old,
                    "new": item.new,
                    "effect": item.effect.to_string(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let (bump, bump_error) = match &diff.bump {
        Ok(bump) => (Some(bump.to_string()), None),
        Err(reason) => (None, Some(reason)),
    };
    let json = json!({
        "changes": changes,
        "wire": diff.wire().to_string(),
        "source": diff.source().to_string(),
        "bump": bump,
        "bump_unknown": bump_error,
        "accepted": report.accepted.as_ref().map(|accepted| accepted.count),
        "unused": report.accepted.as_ref().map(|accepted| {
            accepted.unused.iter().map(|one| json!({
                "file": one.file,
                "line": one.location.line,
                "problem": one.problem,
            })).collect::<Vec<_>>()
        }),
    });
    writeln!(out, "{json:#}")
}

pub(super) fn markdown(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    writeln!(out, "## API changes\n")?;
    if diff.changes.is_empty() {
        writeln!(out, "No changes.\n")?;
    } else {
        writeln!(out, "{}.\n", counts(diff))?;
    }
    writeln!(out, "**{}**\n", capitalize(&bump(diff)))?;
    let (breaking, non_breaking): (Vec<&Change>, Vec<&Change>) = diff
        .changes
        .iter()
        .partition(|change| change.wire.max(change.source) == Effect::Breaking);
    table(&breaking, old, new, out)?;
    if !non_breaking.is_empty() {
        let count = plural(non_breaking.len() as u64, "non-breaking change");
        writeln!(out, "<details><summary>{count}</summary>\n")?;
        table(&non_breaking, old, new, out)?;
        writeln!(out, "</details>")?;
    }
    print_accepted(report, out)
}

fn table(changes: &[&Change], old: &Document, new: &Document, out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "| location | change | wire | source | Rust items |")?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for change in changes {
        const MAX_ITEMS: usize = 6;
        let mut items: Vec<String> = change
            .items
            .iter()
            .take(MAX_ITEMS)
            .map(|item| code_span(&item.to_string()))
            .collect();
        if change.items.len() > MAX_ITEMS {
            items.push(format!("and {} more", change.items.len() - MAX_ITEMS));
        }
        writeln!(
            out,
            "| {} ({}:{}) | {} | {} | {} | {} |",
            cell(&change.subject),
            cell(file(change, old, new)),
            change.location.line,
            cell(&change.problem),
            emphasize(change.wire),
            emphasize(change.source),
            items.join("<br>")
        )?;
    }
    writeln!(out)
}

/// Returns an effect as Markdown, with `breaking` in bold.
fn emphasize(effect: Effect) -> String {
    match effect {
        Effect::Breaking => "**breaking**".to_owned(),
        other => other.to_string(),
    }
}

/// Escapes a text for a table cell: bars, backslashes and tags. Code spans are kept.
fn cell(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    escaped.replace(['\n', '\r'], " ")
}

fn code_span(text: &str) -> String {
    format!(
        "`{}`",
        text.replace('|', "\\|").replace('`', "'").replace(['\n', '\r'], " ")
    )
}

/// Converts the first character to upper case.
pub(super) fn capitalize(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", rest.as_str())
}

pub(super) fn github(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    for change in &diff.changes {
        let command = match change.wire.max(change.source) {
            Effect::Breaking => "error",
            Effect::Compatible => "warning",
            Effect::None => "notice",
        };
        let items: String = change.items.iter().map(|item| format!("\n{item}")).collect();
        let message = format!(
            "{}: {}\nwire: {}, source: {}{items}",
            change.subject, change.problem, change.wire, change.source
        );
        // What was removed has no line in the new document.
        let location = if change.removed {
            format!("file={}", github::property(&report.paths.of(new.name())))
        } else {
            let Location { line, column } = change.location;
            format!(
                "file={},line={line},col={column}",
                github::property(&report.paths.of(file(change, old, new)))
            )
        };
        writeln!(
            out,
            "::{command} {location},title={}::{}",
            github::property(change.rule),
            github::data(&message)
        )?;
    }
    for unused in report.accepted.iter().flat_map(|accepted| &accepted.unused) {
        writeln!(
            out,
            "::error file={},line={},title=unused::{}",
            github::property(&report.paths.of(&unused.file)),
            unused.location.line,
            github::data(&unused.problem)
        )?;
    }
    writeln!(out, "{}\n{}", counts(diff), bump(diff))
}
