//! Checks what the generator rejects: each document in `tests/broken` results in the diagnostics in the `.txt` file of
//! the same name, without a panic. `UPDATE_EXPECT=1 cargo test` updates the expected diagnostics.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{fs, path::Path};

#[test]
fn generate_broken_document_returns_expected_diagnostics() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut documents: Vec<_> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    documents.sort();
    assert!(
        documents.len() >= 35,
        "expected at least 35 documents, found {}",
        documents.len()
    );
    for path in documents {
        let text = fs::read_to_string(&path).unwrap();
        let Err(found) = callrounded_codegen::generate("calls.yaml", &text) else {
            panic!("{}: expected diagnostics, but a client was generated", path.display());
        };
        assert!(found.iter().all(|one| !one.remedy.is_empty() && one.location.line > 0));
        expect_test::expect_file![path.with_extension("txt")].assert_eq(&format!("{found}\n"));
    }
}
