//! Prints findings as a JSON object: `findings`, with one finding per line, then the counts.

use std::io::{self, Write};

use callrounded_document::{Verdict, check::Finding};
use serde_json::{Value, json};

use super::{Report, Summary};

#[derive(Default)]
pub(super) struct Json {
    has_findings: bool,
}

impl Json {
    /// Writes what precedes a finding.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let prefix = if self.has_findings { ",\n" } else { "{\"findings\": [\n" };
        self.has_findings = true;
        write!(out, "{prefix}")
    }
}

impl Report for Json {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        write!(out, "{}", to_json(finding))
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let unreadable = summary.unreadable.iter();
        let unreadable = unreadable.map(|(file, problem)| json!({ "file": file, "problem": problem }));
        let prefix = if self.has_findings { "\n]" } else { "{\"findings\": []" };
        writeln!(
            out,
            "{prefix}, \"payloads\": {}, \"errors\": {}, \"drift\": {}, \"expected\": {}, \"hidden\": {}, \
             \"notes\": {}, \"unreadable\": {}, \"failure\": {}}}",
            summary.payloads,
            summary.errors,
            summary.drift,
            summary.expected,
            summary.hidden,
            json!(summary.notes),
            json!(unreadable.collect::<Vec<_>>()),
            json!(summary.failure)
        )
    }
}

fn to_json(finding: &Finding) -> Value {
    json!({
        "verdict": match finding.verdict {
            Verdict::Error => "error",
            Verdict::Drift => "drift",
        },
        "keyword": finding.keyword,
        "file": finding.file,
        "line": finding.location.line,
        "column": finding.location.column,
        "about": finding.subject,
        "pointer": finding.pointer,
        "excerpt": finding.excerpt.text(),
        "also": finding.related.as_ref().map(|(at, _)| json!({ "line": at.line, "column": at.column })),
        "required_by": finding.required_by.as_ref().map(|required_by| json!({
            "file": required_by.file,
            "line": required_by.location.line,
            "column": required_by.location.column,
            "pointer": required_by.pointer,
        })),
        "problem": finding.problem,
        "remedy": finding.remedy,
        "fingerprint": finding.fingerprint,
    })
}
