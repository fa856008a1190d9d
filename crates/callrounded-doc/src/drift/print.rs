//! What was seen, for people and for programs.

use std::io::{self, Write};

use callrounded_changes::{
    drift::{Drifted, Sighting},
    yaml,
};
use callrounded_document::{Place, pointer, printable};
use serde_json::json;

use super::Seen;
use crate::{context::Context, report::plural};

pub(super) fn text(apply: bool, name: &str, seen: &Seen, context: &Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    let program = context.program;
    for sighting in &seen.sightings {
        let at = sighting.drifted.pointer();
        let Place { line, column } = seen.document.place(at);
        let what = what(sighting);
        writeln!(out, "drift[{}]: {}", kind(&sighting.drifted), printable(&what))?;
        writeln!(out, "  --> {name}:{line}:{column} #{}", printable(at))?;
        writeln!(out, "  = seen: {}", times(sighting))?;
        if !sighting.sample.is_empty() {
            writeln!(out, "  = like: {}", sighting.sample)?;
        }
        for (index, line) in edit(&sighting.drifted).lines().enumerate() {
            writeln!(out, "{}{line}", if index == 0 { "  = edit: " } else { "          " })?;
        }
        writeln!(out)?;
    }
    let mut line = format!(
        "{}, {} to learn",
        plural(seen.payloads, "payload"),
        plural(seen.sightings.len() as u64, "thing")
    );
    if seen.contradictions > 0 {
        line.push_str(&format!(
            "; {} contradict the document in other ways, which `{program} validate` shows",
            seen.contradictions
        ));
    }
    if !seen.unreadable.is_empty() {
        line.push_str(&format!("; {} could not be read", seen.unreadable.len()));
    }
    writeln!(out, "{line}")?;
    match (apply, seen.sightings.is_empty()) {
        (true, false) => writeln!(out, "{name} is changed: review it{}", context.after_change()),
        (false, false) if seen.is_file => writeln!(out, "`--apply` writes it into {name}"),
        (false, false) => Ok(()),
        (_, true) => Ok(()),
    }
}

fn kind(drifted: &Drifted) -> &'static str {
    match drifted {
        Drifted::Property { .. } => "property",
        Drifted::Value { .. } => "value",
        Drifted::Absent { .. } => "absent",
        Drifted::Null { .. } => "null",
        Drifted::AlwaysNull { .. } => "type-unknown",
        Drifted::LocalTime { .. } => "offset",
        Drifted::Format { .. } => "format",
    }
}

fn what(sighting: &Sighting) -> String {
    match &sighting.drifted {
        Drifted::Property { name, .. } => format!("the document does not know `{name}`"),
        Drifted::Value { value, shown: true, .. } => format!("the list of values lacks `{value}`"),
        Drifted::Value { value, .. } => {
            format!("the list of values lacks one like `{value}`, which may be personal data")
        }
        Drifted::Absent { name, .. } => format!("`{name}` is required, and was not there"),
        Drifted::Null { .. } => "the value was null, and may not be".to_owned(),
        Drifted::AlwaysNull { name, .. } => {
            format!("the document does not know `{name}`, whose type is unknown: it was always null")
        }
        Drifted::LocalTime { others: 0, .. } => "date-times came without an offset".to_owned(),
        Drifted::LocalTime { others, .. } => {
            format!("date-times came without an offset, and {others} with one")
        }
        Drifted::Format { format, .. } => format!("all texts were of the format `{format}`"),
    }
}

fn times(sighting: &Sighting) -> String {
    match sighting.drifted {
        Drifted::Format { .. } => plural(sighting.count, "text"),
        _ => format!(
            "{} in {} of {}",
            plural(sighting.count, "time"),
            sighting.payloads,
            plural(sighting.of, "payload")
        ),
    }
}

/// What to write, as it would stand in the document.
fn edit(drifted: &Drifted) -> String {
    match drifted {
        Drifted::Property {
            name,
            inferred,
            components,
            ..
        } => {
            let mut text = yaml::write(&json!({ name: inferred }));
            for (name, component) in components {
                text.push_str(&format!(
                    "and under components/schemas:\n{}",
                    yaml::write(&json!({ name: component }))
                ));
            }
            text
        }
        Drifted::Value { value, shown: true, .. } => format!("add {value} to the list"),
        Drifted::Value { .. } => {
            "none: mark the property `x-personal-data: false` if its values may be shown, then look again".to_owned()
        }
        Drifted::Absent { name, needed: true, .. } => {
            format!("none: `x-needed` says that an answer without `{name}` is of no use")
        }
        Drifted::Absent { name, .. } => format!("take `{name}` from `required`"),
        Drifted::Null { schema } => format!("let {} be null", pointer::last(schema)),
        Drifted::AlwaysNull { name, .. } => format!("none: record a payload in which `{name}` has a value"),
        Drifted::LocalTime { others: 0, .. } => "format: date-time-local".to_owned(),
        Drifted::LocalTime { .. } => "none: ask the service which of the two it means to send".to_owned(),
        Drifted::Format { format, .. } => format!("format: {format}"),
    }
}

pub(super) fn json(name: &str, seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
    let sightings: Vec<_> = seen
        .sightings
        .iter()
        .map(|sighting| {
            let at = sighting.drifted.pointer();
            let Place { line, column } = seen.document.place(at);
            json!({
                "kind": kind(&sighting.drifted),
                "what": what(sighting),
                "file": name,
                "line": line,
                "column": column,
                "pointer": at,
                "count": sighting.count,
                "payloads": sighting.payloads,
                "of": sighting.of,
                "sample": sighting.sample,
                "edit": edit(&sighting.drifted),
            })
        })
        .collect();
    let report = json!({
        "sightings": sightings,
        "payloads": seen.payloads,
        "contradictions": seen.contradictions,
        "unreadable": seen.unreadable.len(),
    });
    writeln!(out, "{report:#}")
}
