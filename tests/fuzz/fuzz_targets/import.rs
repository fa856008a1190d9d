//! Fuzz target: an edited document of another generator is either rejected with a message, or becomes OpenAPI 3.0 from
//! which a client can be generated.
#![no_main]

use arbitrary::Unstructured;
use callrounded_changes::import::{self, Select};
use callrounded_document::Document;
use callrounded_fuzz::edit;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut document = callrounded_fuzz::document(&mut input);
    edit(&mut document, &mut input);
    let Ok(source) = Document::parse("api.json", &document.to_string()) else {
        return;
    };
    match import::import(&source, &Select::default()) {
        Ok(imported) => {
            let imported = Document::parse("imported.json", &imported.document.to_string()).unwrap();
            assert_eq!(imported.get_str("/openapi"), Some("3.0.3"));
            if let Err(found) = callrounded_codegen::check(&imported) {
                panic!("an imported document is rejected: {found}");
            }
        }
        Err(found) => assert!(!found.to_string().is_empty()),
    }
});
