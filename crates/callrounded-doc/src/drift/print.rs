//! Prints drift as text and as JSON.

use std::io::{self, Write};

use callrounded_changes::{
    drift::{Drift, Sighting},
    yaml,
};
use callrounded_document::{Location, pointer, printable};
use serde_json::json;

use super::Observed;
use crate::{context::Context, report::plural};

pub(super) fn text(
    apply: bool,
    name: &str,
    observed: &Observed,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let program = context.program;
    for sighting in &observed.sightings {
        let pointer = sighting.drift.pointer();
        let Location { line, column } = observed.document.location(pointer);
        let headline = headline(sighting);
        writeln!(out, "drift[{}]: {}", kind(&sighting.drift), printable(&headline))?;
        writeln!(out, "  --> {name}:{line}:{column} #{}", printable(pointer))?;
        writeln!(out, "  = seen: {}", frequency(sighting))?;
        if !sighting.sample.is_empty() {
            writeln!(out, "  = sample: {}", sighting.sample)?;
        }
        for (index, line) in edit(&sighting.drift).lines().enumerate() {
            writeln!(out, "{}{line}", if index == 0 { "  = edit: " } else { "          " })?;
        }
        writeln!(out)?;
    }
    let mut line = format!(
        "{}, {}",
        plural(observed.payloads, "payload"),
        plural(observed.sightings.len() as u64, "suggestion")
    );
    if observed.contradictions > 0 {
        line.push_str(&format!(
            "; {} with other violations, see {program} validate",
            plural(observed.contradictions, "payload")
        ));
    }
    if !observed.invalid_json.is_empty() {
        line.push_str(&format!(
            "; {} with invalid JSON",
            plural(observed.invalid_json.len() as u64, "payload")
        ));
    }
    writeln!(out, "{line}")?;
    match (apply, observed.sightings.is_empty()) {
        (true, false) => writeln!(out, "{name} is updated; review it{}", context.after_change()),
        (false, false) if observed.is_file => writeln!(out, "use --apply to apply the suggestions to {name}"),
        (false, false) => Ok(()),
        (_, true) => Ok(()),
    }
}

fn kind(drift: &Drift) -> &'static str {
    match drift {
        Drift::Property { .. } => "property",
        Drift::Value { .. } => "value",
        Drift::Absent { .. } => "absent",
        Drift::Null { .. } => "null",
        Drift::AlwaysNull { .. } => "type-unknown",
        Drift::LocalTime { .. } => "offset",
        Drift::Format { .. } => "format",
    }
}

fn headline(sighting: &Sighting) -> String {
    match &sighting.drift {
        Drift::Property { name, .. } => format!("undocumented property `{name}`"),
        Drift::Value { value, shown: true, .. } => format!("undocumented enum value `{value}`"),
        Drift::Value { value, .. } => {
            format!("undocumented enum value like `{value}`, which may be personal data")
        }
        Drift::Absent { name, .. } => format!("required property `{name}` is missing"),
        Drift::Null { .. } => "value is null, but the schema is not nullable".to_owned(),
        Drift::AlwaysNull { name, .. } => {
            format!("undocumented property `{name}` of unknown type: its value was always null")
        }
        Drift::LocalTime { others: 0, .. } => "date-times without an offset".to_owned(),
        Drift::LocalTime { others, .. } => {
            format!("date-times without an offset, and {others} with one")
        }
        Drift::Format { format, .. } => format!("all strings have the format `{format}`"),
    }
}

/// Returns how often a drift was seen.
fn frequency(sighting: &Sighting) -> String {
    match sighting.drift {
        Drift::Format { .. } => plural(sighting.count, "string"),
        _ => format!(
            "{} in {} of {}",
            plural(sighting.count, "time"),
            sighting.payloads,
            plural(sighting.of, "payload")
        ),
    }
}

/// Returns the suggested edit of the document.
fn edit(drift: &Drift) -> String {
    match drift {
        Drift::Property {
            name,
            inferred,
            components,
            ..
        } => {
            let mut text = yaml::write(&json!({ name: inferred }));
            for (name, component) in components {
                text.push_str(&format!(
                    "and in components/schemas:\n{}",
                    yaml::write(&json!({ name: component }))
                ));
            }
            text
        }
        Drift::Value { value, shown: true, .. } => format!("add {value} to the enum"),
        Drift::Value { .. } => {
            "none: if the values are not personal data, set `x-personal-data: false` on the property, and run drift again"
                .to_owned()
        }
        Drift::Absent { name, needed: true, .. } => {
            format!("none: `x-needed` lists `{name}`, so a response without it is an error")
        }
        Drift::Absent { name, .. } => format!("remove `{name}` from `required`"),
        Drift::Null { schema } => format!("make {} nullable", pointer::last(schema)),
        Drift::AlwaysNull { name, .. } => format!("none: record a payload in which `{name}` has a value"),
        Drift::LocalTime { others: 0, .. } => "format: date-time-local".to_owned(),
        Drift::LocalTime { .. } => "none: ask the vendor which of the two the service is meant to send".to_owned(),
        Drift::Format { format, .. } => format!("format: {format}"),
    }
}

pub(super) fn json(name: &str, observed: &Observed, out: &mut dyn Write) -> io::Result<()> {
    let sightings: Vec<_> = observed
        .sightings
        .iter()
        .map(|sighting| {
            let pointer = sighting.drift.pointer();
            let Location { line, column } = observed.document.location(pointer);
            json!({
                "kind": kind(&sighting.drift),
                "what": headline(sighting),
                "file": name,
                "line": line,
                "column": column,
                "pointer": pointer,
                "count": sighting.count,
                "payloads": sighting.payloads,
                "of": sighting.of,
                "sample": sighting.sample,
                "edit": edit(&sighting.drift),
            })
        })
        .collect();
    let report = json!({
        "sightings": sightings,
        "payloads": observed.payloads,
        "contradictions": observed.contradictions,
        "unreadable": observed.invalid_json.len(),
    });
    writeln!(out, "{report:#}")
}
