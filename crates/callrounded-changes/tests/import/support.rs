//! What every test of the import asks of what comes of it.
#![allow(dead_code)]

use callrounded_changes::{
    import::{self, Imported, LossKind, Merged, Outcome, Select, merge},
    yaml,
};
use callrounded_document::{Diagnostics, Document};
use serde_json::Value;

/// Imports the text of a document.
pub fn import(name: &str, text: &str, select: &Select) -> Result<Imported, Diagnostics> {
    import::import(&Document::parse(name, text)?, select)
}

pub fn imported(name: &str, document: &Value, select: &Select) -> Result<Imported, Diagnostics> {
    import(name, &document.to_string(), select)
}

/// One line for each loss: its kind, what it is about, and where.
pub fn lines(imported: &Imported) -> Vec<String> {
    let losses = imported.losses.iter();
    losses
        .map(|loss| format!("{} {} {}", loss.kind, loss.construct, loss.pointer))
        .collect()
}

/// What is wrong with an output whatever it was made of: it reads back, can be generated from, is the same every time, and
/// is nothing that another import would change.
pub fn unsound(name: &str, text: &str, select: &Select, first: &Imported) -> Vec<String> {
    let mut complaints = Vec::new();
    match import(name, text, select) {
        Ok(second) if second == *first && yaml::write(&second.document) == yaml::write(&first.document) => {}
        _ => complaints.push("a second run gives something else".to_owned()),
    }
    let written = yaml::write(&first.document);
    match Document::parse(name, &written) {
        Ok(read) if *read.value() == first.document => {}
        Ok(read) => complaints.push(format!("written, it reads as {}", read.value())),
        Err(found) => complaints.push(format!("written, it does not read: {found}")),
    }
    // Into what an import wrote it brings nothing.
    match import::merge(name, &written, first, select) {
        Err(found) => complaints.push(format!("it can't be brought into itself: {found}")),
        Ok((text, _)) if text == written => {}
        Ok((text, _)) => complaints.push(format!("brought into itself it changes to {text}")),
    }
    // This generates from it, too.
    match import(name, &written, &Select::default()) {
        Err(found) => complaints.push(format!("it can't be imported again: {found}")),
        Ok(again) => {
            if again.losses.iter().any(|loss| loss.kind != LossKind::Lowered) {
                let generated = callrounded_codegen::generate(name, &written);
                complaints.extend(
                    generated
                        .err()
                        .map(|found| format!("no client can be generated: {found}")),
                );
            }
            if again.document != first.document || yaml::write(&again.document) != written {
                complaints.push(format!("imported again it changes to {}", again.document));
            }
            if !again.losses.is_empty() {
                complaints.push(format!("imported again it loses {:?}", lines(&again)));
            }
        }
    }
    complaints
}

pub fn read(theirs: &Value, select: &Select) -> Imported {
    imported("theirs.json", theirs, select).unwrap_or_else(|found| panic!("{found}"))
}

/// Merges twice: the second time there is nothing left to do.
pub fn merged_into(ours: &str, theirs: &Value, select: &Select) -> (String, Vec<Merged>) {
    let imported = read(theirs, select);
    let (text, merged) = merge("ours.yaml", ours, &imported, select).unwrap_or_else(|found| panic!("{found}"));
    let (again, second) = merge("ours.yaml", &text, &imported, select).unwrap();
    assert_eq!(again, text, "merged again, it changes");
    let kept: Vec<_> = second.iter().filter(|one| one.outcome != Outcome::Kept).collect();
    assert!(kept.is_empty(), "merged again: {kept:#?}");
    let (same, what) = merge("ours.yaml", ours, &imported, select).unwrap();
    assert_eq!(
        (same, what),
        (text.clone(), merged.clone()),
        "merged the same, it is something else"
    );
    (text, merged)
}

/// What changed in the text, and what is reported.
pub fn shown(before: &str, after: &str, merged: &[Merged]) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let mut out = diff.unified_diff().context_radius(1).to_string();
    for one in merged.iter().filter(|one| one.outcome != Outcome::Kept) {
        out.push_str(&format!("{:?}: {} {}\n", one.outcome, one.what, one.pointer));
    }
    out
}
