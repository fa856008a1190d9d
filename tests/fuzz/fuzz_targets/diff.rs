//! Fuzz target: two edited documents. A document does not differ from itself, and two differ in both directions or in none.
#![no_main]

use arbitrary::Unstructured;
use callrounded_changes::diff;
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
    assert!(diff::diff(&old, &old).changes.is_empty());
    let (forth, back) = (diff::diff(&old, &new), diff::diff(&new, &old));
    assert_eq!(
        forth.changes.is_empty(),
        back.changes.is_empty(),
        "{:?}\n{:?}",
        forth.changes,
        back.changes
    );
});
