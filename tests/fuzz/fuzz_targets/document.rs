//! Fuzz target: any text as a document. Parsing and checking it never panics, and what passes can be generated.
#![no_main]

use callrounded_document::Document;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(found) = Document::parse("api.yaml", text) {
        assert!(!found.to_string().is_empty());
        return;
    }
    if let Ok(source) = callrounded_codegen::generate("api.yaml", text) {
        syn::parse_file(&source).unwrap();
    }
});
