//! Prints changes as JUnit XML: a test case per change, which fails if the change makes the command fail.

use std::io::{self, Write};

use super::{Report, is_failure, print};
use crate::report::xml;

pub(super) fn print(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report {
        diff,
        old,
        new,
        fail_on,
        ..
    } = *report;
    let unused: Vec<_> = report.accepted.iter().flat_map(|accepted| &accepted.unused).collect();
    let failures = diff.changes.iter().filter(|change| is_failure(change, fail_on)).count() + unused.len();
    let bump_error = diff.bump.as_ref().err();
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\
         <testsuite name=\"diff\" tests=\"{}\" failures=\"{failures}\" errors=\"{}\">",
        diff.changes.len() + unused.len() + usize::from(bump_error.is_some()),
        u8::from(bump_error.is_some())
    )?;
    for change in &diff.changes {
        let location = format!(
            "{}:{}:{} #{}",
            print::file(change, old, new),
            change.location.line,
            change.location.column,
            change.pointer
        );
        let items: String = change.items.iter().map(|item| format!("\n{item}")).collect();
        let text = format!("{location}\nwire: {}, source: {}{items}", change.wire, change.source);
        let name = format!("{}: {}", change.subject, change.problem);
        writeln!(
            out,
            "  <testcase classname=\"{}\" name=\"{}\">",
            xml(change.rule),
            xml(&name)
        )?;
        if is_failure(change, fail_on) {
            writeln!(
                out,
                "    <failure type=\"{}\" message=\"{}\">{}</failure>",
                xml(change.rule),
                xml(&change.problem),
                xml(&text)
            )?;
        } else {
            writeln!(out, "    <system-out>{}</system-out>", xml(&text))?;
        }
        writeln!(out, "  </testcase>")?;
    }
    for unused in unused {
        let name = format!("{}:{}", unused.file, unused.location.line);
        writeln!(out, "  <testcase classname=\"unused\" name=\"{}\">", xml(&name))?;
        writeln!(
            out,
            "    <failure message=\"{}\"/>\n  </testcase>",
            xml(&unused.problem)
        )?;
    }
    if let Some(reason) = bump_error {
        writeln!(out, "  <testcase classname=\"source\" name=\"generated client\">")?;
        writeln!(out, "    <error message=\"{}\"/>\n  </testcase>", xml(reason))?;
    }
    writeln!(
        out,
        "  <system-out>{}\n{}</system-out>\n</testsuite>\n</testsuites>",
        xml(&print::counts(diff)),
        xml(&print::bump(diff))
    )
}
