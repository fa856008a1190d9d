//! The changes, for people and for machines.

use std::io::{self, Write};

use callrounded_changes::diff::{Bump, Change, Diff, Effect};
use callrounded_document::{Document, Place};
use serde_json::{Value, json};

use super::Report;
use crate::report::{github, plural};

pub(super) fn file<'d>(change: &Change, old: &'d Document, new: &'d Document) -> &'d str {
    if change.gone { old.name() } else { new.name() }
}

pub(super) fn bump(diff: &Diff) -> String {
    match &diff.bump {
        Ok(Bump::None) => "the generated client is the same: no release is needed".to_owned(),
        Ok(bump) => format!("recommended for the api crate: a {bump} release{}", before_one(*bump)),
        Err(reason) => format!("what the change means to source can't be told: {reason}"),
    }
}

/// Before 1.0, cargo takes the second number for what the first is later.
fn before_one(bump: Bump) -> &'static str {
    match bump {
        Bump::Major => " (0.x: the second number)",
        Bump::Minor | Bump::Patch => " (0.x: the third number)",
        Bump::None => "",
    }
}

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

/// What a list of accepted changes did, and its entries that did nothing.
fn accepted(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
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
        let Place { line, column } = change.place;
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
        if let Some((at, Place { line, column })) = &change.before {
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
    accepted(report, out)?;
    if diff.changes.is_empty() {
        writeln!(
            out,
            "no {}change",
            if report.accepted.is_some() { "other " } else { "" }
        )?;
    } else {
        writeln!(out, "{}", counts(diff))?;
    }
    writeln!(out, "{}", bump(diff))
}

pub(super) fn label(change: &Change) -> &'static str {
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
                "line": change.place.line,
                "column": change.place.column,
                "pointer": change.pointer,
                "gone": change.gone,
                "before": change.before.as_ref().map(|(at, place)| json!({
                    "file": old.name(),
                    "line": place.line,
                    "column": place.column,
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
    let (bump, unknown) = match &diff.bump {
        Ok(bump) => (Some(bump.to_string()), None),
        Err(reason) => (None, Some(reason)),
    };
    let json = json!({
        "changes": changes,
        "wire": diff.wire().to_string(),
        "source": diff.source().to_string(),
        "bump": bump,
        "bump_unknown": unknown,
        "accepted": report.accepted.as_ref().map(|accepted| accepted.count),
        "unused": report.accepted.as_ref().map(|accepted| {
            accepted.unused.iter().map(|one| json!({
                "file": one.file,
                "line": one.place.line,
                "problem": one.problem,
            })).collect::<Vec<_>>()
        }),
    });
    writeln!(out, "{json:#}")
}

pub(super) fn markdown(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    writeln!(out, "## Changes of the API\n")?;
    if diff.changes.is_empty() {
        writeln!(out, "None.\n")?;
    } else {
        writeln!(out, "{}.\n", counts(diff))?;
    }
    writeln!(out, "**{}**\n", upper(&bump(diff)))?;
    let (breaking, others): (Vec<&Change>, Vec<&Change>) = diff
        .changes
        .iter()
        .partition(|change| change.wire.max(change.source) == Effect::Breaking);
    table(&breaking, old, new, out)?;
    if !others.is_empty() {
        let count = plural(others.len() as u64, "change");
        writeln!(out, "<details><summary>{count} that break nothing</summary>\n")?;
        table(&others, old, new, out)?;
        writeln!(out, "</details>")?;
    }
    accepted(report, out)
}

fn table(changes: &[&Change], old: &Document, new: &Document, out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "| where | what | wire | source | Rust items |")?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for change in changes {
        const SHOWN: usize = 6;
        let mut items: Vec<String> = change
            .items
            .iter()
            .take(SHOWN)
            .map(|item| code(&item.to_string()))
            .collect();
        if change.items.len() > SHOWN {
            items.push(format!("and {} more", change.items.len() - SHOWN));
        }
        writeln!(
            out,
            "| {} ({}:{}) | {} | {} | {} | {} |",
            cell(&change.subject),
            cell(file(change, old, new)),
            change.place.line,
            cell(&change.problem),
            shown(change.wire),
            shown(change.source),
            items.join("<br>")
        )?;
    }
    writeln!(out)
}

pub(super) fn shown(effect: Effect) -> String {
    match effect {
        Effect::Breaking => "**breaking**".to_owned(),
        other => other.to_string(),
    }
}

/// A text in a cell of a table: no bar ends it, and nothing in it is taken for markup but code.
fn cell(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    escaped.replace(['\n', '\r'], " ")
}

fn code(text: &str) -> String {
    format!(
        "`{}`",
        text.replace('|', "\\|").replace('`', "'").replace(['\n', '\r'], " ")
    )
}

pub(super) fn upper(text: &str) -> String {
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
        // What is gone has no line in what is under review.
        let place = match change.gone {
            true => format!("file={}", github::property(&report.paths.of(new.name()))),
            false => {
                let Place { line, column } = change.place;
                format!(
                    "file={},line={line},col={column}",
                    github::property(&report.paths.of(file(change, old, new)))
                )
            }
        };
        writeln!(
            out,
            "::{command} {place},title={}::{}",
            github::property(change.rule),
            github::data(&message)
        )?;
    }
    for unused in report.accepted.iter().flat_map(|accepted| &accepted.unused) {
        writeln!(
            out,
            "::error file={},line={},title=unused::{}",
            github::property(&report.paths.of(&unused.file)),
            unused.place.line,
            github::data(&unused.problem)
        )?;
    }
    writeln!(out, "{}\n{}", counts(diff), bump(diff))
}
