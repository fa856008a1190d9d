//! Fuzz target: an edited document is either rejected with a message, or a client is generated from it that parses.
#![no_main]

use arbitrary::Unstructured;
use callrounded_changes::import::{self, Select};
use callrounded_document::Document;
use callrounded_fuzz::edit;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let source = Document::from_value("api.json", callrounded_fuzz::document(&mut input));
    let Ok(imported) = import::import(&source, &Select::default()) else {
        return;
    };
    let mut document = imported.document;
    edit(&mut document, &mut input);
    match callrounded_codegen::generate("api.json", &document.to_string()) {
        Ok(source) => drop(syn::parse_file(&source).unwrap()),
        Err(found) => assert!(!found.to_string().is_empty()),
    }
});
