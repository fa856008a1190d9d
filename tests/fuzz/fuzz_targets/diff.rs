//! Fuzz target: two edited documents. A document does not differ from itself. From new to old, the changes are of the opposite kinds.
#![no_main]

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use callrounded_changes::diff::{self, Diff};
use callrounded_document::Document;
use callrounded_fuzz::edit;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut documents = [callrounded_fuzz::document(&mut input), serde_json::Value::Null];
    documents[1] = documents[0].clone();
    let [old, new] = documents.map(|mut document| {
        edit(&mut document, &mut input);
        Document::from_value("api.json", document)
    });
    if diff::check(&old).is_err() || diff::check(&new).is_err() {
        return;
    }
    let same = diff::diff(&old, &old).changes;
    assert!(same.is_empty(), "{same:#?}");
    let (forward, backward) = (diff::diff(&old, &new), diff::diff(&new, &old));
    let opposites: BTreeSet<String> = rules(&forward).map(opposite).collect();
    let found: BTreeSet<String> = rules(&backward).map(str::to_owned).collect();
    if [&opposites, &found]
        .into_iter()
        .flatten()
        .any(|rule| is_composite(rule))
    {
        assert_eq!(
            opposites.is_empty(),
            found.is_empty(),
            "{:#?}\n{:#?}",
            forward.changes,
            backward.changes
        );
    } else {
        assert_eq!(opposites, found, "{:#?}\n{:#?}", forward.changes, backward.changes);
    }
});

/// Checks whether a rule is about a choice. An object that becomes a union is compared with what all branches have, a union that
/// becomes an object with one branch, since readers rely on different things. A way to authenticate that replaces another narrows in
/// both directions.
fn is_composite(rule: &str) -> bool {
    ["union-", "security-"].iter().any(|prefix| rule.starts_with(prefix))
        || ["combination", "discriminator"].contains(&rule)
}

/// Returns the rules of the changes, except the one for changes of the source that nothing else explains.
fn rules(found: &Diff) -> impl Iterator<Item = &'static str> {
    found
        .changes
        .iter()
        .map(|change| change.rule)
        .filter(|rule| *rule != "generated-source")
}

/// Returns the rule of the change back.
fn opposite(rule: &str) -> String {
    let pairs = [
        ("-added", "-removed"),
        ("-required", "-optional"),
        ("-widened", "-narrowed"),
        ("-allowed", "-refused"),
        ("-described", "-undescribed"),
    ];
    for (one, other) in pairs {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(name) = rule.strip_suffix(from) {
                return format!("{name}{to}");
            }
        }
    }
    rule.to_owned()
}
