//! Every wall of the generator: each document in `tests/broken` gives the message beside it, and no panic.
//! `UPDATE_EXPECT=1 cargo test` writes the messages anew, for review.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{fs, path::Path};

#[test]
fn each_broken_document_gives_its_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    documents.sort();
    assert!(documents.len() >= 35, "only {} documents", documents.len());
    for path in documents {
        let text = fs::read_to_string(&path).unwrap();
        let Err(found) = callrounded_codegen::generate("calls.yaml", &text) else {
            panic!("{} is not refused", path.display());
        };
        assert!(found.iter().all(|one| !one.remedy.is_empty() && one.place.line > 0));
        expect_test::expect_file![path.with_extension("txt")].assert_eq(&format!("{found}\n"));
    }
}
