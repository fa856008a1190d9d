//! Imports each document of `tests/generators`, and of `documents` here, and generates its client, as `cargo xtask import` and
//! a build of `callrounded-api` would.

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
    for folder in DOCUMENTS {
        println!("cargo::rerun-if-changed={folder}");
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
    for folder in DOCUMENTS {
        let entries = fs::read_dir(folder).map_err(|error| format!("{folder} can't be read: {error}"))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        documents.extend(paths.filter(|path| path.extension().is_some_and(|kind| kind == "json" || kind == "yaml")));
    }
    documents.sort();
    for path in documents {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let imported = Document::parse(name, &text)
            .and_then(|document| import::import(&document, &Select::default()))
            .map_err(|found| found.to_string())?;
        // Each operation of `documents` is a case to compile. Those of generators may have what cannot be generated.
        let refused = imported.losses.iter().find(|loss| loss.kind == LossKind::Refused);
        if let Some(refused) = refused.filter(|_| path.starts_with("documents")) {
            return Err(format!("{name}: {} is refused: {}", refused.pointer, refused.reason));
        }
        // What is written is what is generated from.
        let written = yaml::write(&imported.document);
        let source = callrounded_codegen::generate(name, &written).map_err(|found| found.to_string())?;
        // One crate has room for one macro of a name.
        let source = source.replace("#[macro_export]", "#[allow(unused_macros)]");
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
