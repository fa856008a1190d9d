//! Imports each document of `tests/generators` and of `documents`, and generates its client, like `cargo xtask import`
//! and the build of `callrounded-api`.

use std::{env, fs, path::Path};

use callrounded_changes::{
    import::{self, LossKind, Select},
    yaml,
};
use callrounded_document::Document;

const DOCUMENTS: [&str; 5] = [
    "../generators/fastapi/documents",
    "../generators/spectacular/documents",
    "../generators/tsoa/documents",
    "../generators/utoipa/documents",
    "documents",
];

fn main() {
    for directory in DOCUMENTS {
        println!("cargo::rerun-if-changed={directory}");
    }
    if let Err(message) = generate() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn generate() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let mut modules = String::new();
    let mut documents: Vec<_> = Vec::new();
    for directory in DOCUMENTS {
        let entries = fs::read_dir(directory).map_err(|error| format!("cannot read {directory}: {error}"))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        documents.extend(paths.filter(|path| path.extension().is_some_and(|kind| kind == "json" || kind == "yaml")));
    }
    documents.sort();
    for path in documents {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let imported = Document::parse(name, &text)
            .and_then(|document| import::import(&document, &Select::default()))
            .map_err(|errors| errors.to_string())?;
        // Every operation of `documents` must be imported. Generators may use features that are not supported.
        let refused = imported.losses.iter().find(|loss| loss.kind == LossKind::Refused);
        if let Some(refused) = refused.filter(|_| path.starts_with("documents")) {
            return Err(format!("{name}: cannot import {}: {}", refused.pointer, refused.reason));
        }
        // The client is generated from the YAML text of the imported document.
        let written = yaml::write(&imported.document);
        let source = callrounded_codegen::generate(name, &written).map_err(|errors| errors.to_string())?;
        // A crate cannot export two macros of the same name.
        let mut source = source.replace("#[macro_export]", "#[allow(unused_macros)]");
        // Tests send requests with the clients of `documents` only. Compiling the others takes minutes, and clippy checks them.
        if !path.starts_with("documents") {
            source = source.replace("feature = \"client\"", "feature = \"all-clients\"");
        }
        fs::write(Path::new(&out).join(format!("{name}.rs")), source).map_err(|error| error.to_string())?;
        modules.push_str(&format!(
            "/// The client of `{name}`.\n\
             #[allow(missing_docs, dead_code, unused_imports, unused_mut, unreachable_patterns, irrefutable_let_patterns, clippy::all, clippy::pedantic, clippy::restriction, rustdoc::all)]\n\
             pub mod {name} {{\n\
                 include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));\n\
             }}\n"
        ));
    }
    fs::write(Path::new(&out).join("modules.rs"), modules).map_err(|error| error.to_string())
}
