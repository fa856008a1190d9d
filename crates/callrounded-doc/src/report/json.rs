//! One JSON object: `findings`, one a line, then the counts.

use std::io::{self, Write};

use callrounded_document::{Verdict, check::Finding};
use serde_json::{Value, json};

use super::{Report, Summary};

#[derive(Default)]
pub(super) struct Json {
    begun: bool,
}

impl Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let before = if self.begun { ",\n" } else { "{\"findings\": [\n" };
        self.begun = true;
        write!(out, "{before}")
    }
}

impl Report for Json {
    fn finding(&mut self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        write!(out, "{}", of(finding))
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let unreadable = summary.unreadable.iter();
        let unreadable = unreadable.map(|(file, problem)| json!({ "file": file, "problem": problem }));
        let before = if self.begun { "\n]" } else { "{\"findings\": []" };
        writeln!(
            out,
            "{before}, \"payloads\": {}, \"errors\": {}, \"drift\": {}, \"expected\": {}, \"hidden\": {}, \
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

fn of(finding: &Finding) -> Value {
    json!({
        "verdict": match finding.verdict {
            Verdict::Error => "error",
            Verdict::Drift => "drift",
        },
        "keyword": finding.keyword,
        "file": finding.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "about": finding.about,
        "pointer": finding.pointer,
        "excerpt": finding.excerpt.text(),
        "also": finding.also.as_ref().map(|(place, _)| json!({ "line": place.line, "column": place.column })),
        "required_by": finding.asked.as_ref().map(|asked| json!({
            "file": asked.file,
            "line": asked.place.line,
            "column": asked.place.column,
            "pointer": asked.pointer,
        })),
        "problem": finding.problem,
        "remedy": finding.remedy,
        "fingerprint": finding.fingerprint,
    })
}
