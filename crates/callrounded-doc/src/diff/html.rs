//! Prints changes as a self-contained HTML page.

use std::io::{self, Write};

use callrounded_changes::diff::{Change, Effect};
use callrounded_document::Document;

use super::{Report, print};
use crate::report::{plural, xml};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;\
background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;\
border-bottom:1px solid #ddd}code{font-size:.85em;overflow-wrap:anywhere}.breaking{color:#b00020;font-weight:600}\
small{color:#666}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th,td{border-color:#444}\
.breaking{color:#ff7a85}small{color:#999}}";

pub(super) fn print(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { diff, old, new, .. } = *report;
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>API changes</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>API changes</h1>\n<p>From <code>{}</code> to <code>{}</code>.</p>",
        xml(old.name()),
        xml(new.name())
    )?;
    if diff.changes.is_empty() {
        writeln!(out, "<p>No changes.</p>")?;
    } else {
        writeln!(out, "<p>{}.</p>", xml(&print::counts(diff)))?;
    }
    writeln!(
        out,
        "<p><strong>{}</strong></p>",
        xml(&print::capitalize(&print::bump(diff)))
    )?;
    let (breaking, non_breaking): (Vec<&Change>, Vec<&Change>) = diff
        .changes
        .iter()
        .partition(|change| change.wire.max(change.source) == Effect::Breaking);
    for (title, changes) in [("Breaking", breaking), ("Non-breaking", non_breaking)] {
        if !changes.is_empty() {
            writeln!(out, "<h2>{title}</h2>")?;
            table(&changes, old, new, out)?;
        }
    }
    if let Some(accepted) = &report.accepted {
        writeln!(out, "<p>{} accepted.</p>", plural(accepted.count, "change"))?;
        for unused in &accepted.unused {
            writeln!(
                out,
                "<p class=\"breaking\">{}:{}: {}</p>",
                xml(&unused.file),
                unused.location.line,
                xml(&unused.problem)
            )?;
        }
    }
    writeln!(out, "</body>\n</html>")
}

fn table(changes: &[&Change], old: &Document, new: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<table>\n<tr><th>Location</th><th>Change</th><th>Wire</th><th>Source</th></tr>"
    )?;
    for change in changes {
        let items: String = change
            .items
            .iter()
            .map(|item| format!("<br><code>{}</code>", xml(&item.to_string())))
            .collect();
        let operations = match change.operations.len() {
            0 | 1 => String::new(),
            count => format!("<br><small>in {count} operations</small>"),
        };
        let effect = |effect: Effect| match effect {
            Effect::Breaking => "<span class=\"breaking\">breaking</span>".to_owned(),
            other => other.to_string(),
        };
        writeln!(
            out,
            "<tr><td>{}<br><small>{}:{}</small>{operations}</td><td>{}{items}</td><td>{}</td><td>{}</td></tr>",
            xml(&change.subject),
            xml(print::file(change, old, new)),
            change.location.line,
            xml(&change.problem),
            effect(change.wire),
            effect(change.source)
        )?;
    }
    writeln!(out, "</table>")
}
