//! Helpers and invariants shared by the tests of the import.

use callrounded_changes::{
    import::{self, Imported, LossKind, Merged, Outcome, Select, merge},
    yaml,
};
use callrounded_document::{Diagnostics, Document};
use serde_json::Value;

/// Imports a document from its text.
pub fn import(name: &str, text: &str, select: &Select) -> Result<Imported, Diagnostics> {
    import::import(&Document::parse(name, text)?, select)
}

pub fn imported(name: &str, document: &Value, select: &Select) -> Result<Imported, Diagnostics> {
    import(name, &document.to_string(), select)
}

/// Returns one line for each loss: its kind, construct and pointer.
pub fn lines(imported: &Imported) -> Vec<String> {
    let losses = imported.losses.iter();
    losses
        .map(|loss| format!("{} {} {}", loss.kind, loss.construct, loss.pointer))
        .collect()
}

/// Checks the invariants of an import: it is deterministic, its YAML parses to the same document, a client can be
/// generated from it, and merging or importing it again changes nothing. Returns the violations.
pub fn invariant_violations(name: &str, text: &str, select: &Select, first: &Imported) -> Vec<String> {
    let mut violations = Vec::new();
    match import(name, text, select) {
        Ok(second) if second == *first && yaml::write(&second.document) == yaml::write(&first.document) => {}
        _ => violations.push("a second import has a different result".to_owned()),
    }
    let written = yaml::write(&first.document);
    match Document::parse(name, &written) {
        Ok(parsed) if *parsed.value() == first.document => {}
        Ok(parsed) => violations.push(format!("its YAML parses to a different value: {}", parsed.value())),
        Err(found) => violations.push(format!("its YAML does not parse: {found}")),
    }
    match import::merge(name, &written, first, select) {
        Err(found) => violations.push(format!("merging it into itself fails: {found}")),
        Ok((text, _)) if text == written => {}
        Ok((text, _)) => violations.push(format!("merging it into itself changes it to {text}")),
    }
    // The import generates a client.
    match import(name, &written, &Select::default()) {
        Err(found) => violations.push(format!("importing it again fails: {found}")),
        Ok(again) => {
            if again.losses.iter().any(|loss| loss.kind != LossKind::Lowered) {
                let generated = callrounded_codegen::generate(name, &written);
                violations.extend(
                    generated
                        .err()
                        .map(|found| format!("no client can be generated: {found}")),
                );
            }
            if again.document != first.document || yaml::write(&again.document) != written {
                violations.push(format!("importing it again changes it to {}", again.document));
            }
            if !again.losses.is_empty() {
                violations.push(format!("importing it again has losses: {:?}", lines(&again)));
            }
        }
    }
    violations
}

pub fn import_theirs(theirs: &Value, select: &Select) -> Imported {
    imported("theirs.json", theirs, select).unwrap_or_else(|found| panic!("{found}"))
}

/// Merges `theirs` into `ours`, and checks that a second merge changes nothing and that merging is deterministic.
pub fn merged_into(ours: &str, theirs: &Value, select: &Select) -> (String, Vec<Merged>) {
    let imported = import_theirs(theirs, select);
    let (text, merged) = merge("ours.yaml", ours, &imported, select).unwrap_or_else(|found| panic!("{found}"));
    let (again, second) = merge("ours.yaml", &text, &imported, select).unwrap();
    assert_eq!(again, text, "the second merge changes the text");
    let not_kept: Vec<_> = second.iter().filter(|one| one.outcome != Outcome::Kept).collect();
    assert!(not_kept.is_empty(), "the second merge reports outcomes: {not_kept:#?}");
    let repeated = merge("ours.yaml", ours, &imported, select).unwrap();
    assert_eq!(
        repeated,
        (text.clone(), merged.clone()),
        "the same merge has a different result"
    );
    (text, merged)
}

/// Renders the diff of the text and all outcomes except `Kept`.
pub fn render(before: &str, after: &str, merged: &[Merged]) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let mut out = diff.unified_diff().context_radius(1).to_string();
    for one in merged.iter().filter(|one| one.outcome != Outcome::Kept) {
        out.push_str(&format!("{:?}: {} {}\n", one.outcome, one.what, one.pointer));
    }
    out
}
