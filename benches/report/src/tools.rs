//! `cargo xtask validate`, `import` and `regenerate` beside other tools that do the like.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::{ANSWER, Failure, server};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

use crate::work::{self, cargo_in, find, median, output, own, took};

/// The commands of this workspace that are measured, as optimized programs: what `cargo xtask` runs is not.
pub const WITH_TYPES: &str = "xtask validate";
pub const WITHOUT_TYPES: &str = "callrounded-doc validate";
pub const REGENERATE: &str = "xtask regenerate --check";

const PAYLOADS: usize = 10_000;
const ROUNDS: usize = 3;

pub fn measure(root: &Path) -> Result<Value, Failure> {
    install(root)?;
    let folder = tempfile::tempdir()?;
    let schema = folder.path().join("call.schema.json");
    fs::write(&schema, serde_json::to_vec_pretty(&schema_of_a_call(root)?)?)?;
    let payloads = payloads(folder.path())?;
    let tool = |name: &str| find(root, name).ok_or_else(|| format!("{name} is not installed"));
    let xtask = root.join("target/benches/release/xtask");

    let mut validate = Command::new(&xtask);
    validate
        .args(["validate", "--schema", "Call"])
        .args(&payloads)
        // It builds the types, with optimization as it is itself.
        .env("CARGO_TARGET_DIR", root.join("target/benches"))
        .current_dir(root);
    let mut schemas = Command::new(root.join("target/benches/release/callrounded-doc"));
    schemas.args(["validate", "--schema", "Call"]).args(&payloads);
    let mut bare = own("payloads")?;
    bare.arg(&schema).args(&payloads);
    let mut jsonschema = Command::new(tool("jsonschema-cli")?);
    jsonschema.arg("validate").arg(&schema).arg("--assert-format");
    for payload in &payloads {
        jsonschema.arg("--instance").arg(payload);
    }
    let mut ajv = Command::new(tool("ajv")?);
    ajv.args(["validate", "--spec=draft7", "--strict=false", "-c", "ajv-formats", "-s"])
        .arg(&schema);
    ajv.arg("-d").arg(folder.path().join("payloads/*.json"));
    let mut check = Command::new(tool("check-jsonschema")?);
    check.arg("--schemafile").arg(&schema).args(&payloads);

    // Builds the types, once.
    output(&mut validate)?;
    let mut found = json!({});
    for (name, command) in [
        (WITH_TYPES, &mut validate),
        (WITHOUT_TYPES, &mut schemas),
        ("the jsonschema crate alone", &mut bare),
        ("jsonschema-cli", &mut jsonschema),
        ("ajv-cli", &mut ajv),
        ("check-jsonschema", &mut check),
    ] {
        found["validate"][name] = cpu(command, 1)?;
    }
    let out = folder.path().join("generated");
    let mut generator = Command::new(tool("openapi-generator-cli")?);
    generator
        .args(["generate", "-g", "rust", "-i"])
        .arg(root.join("openapi/calls.yaml"))
        .arg("-o")
        .arg(&out);
    let mut import = Command::new(&xtask);
    import
        .arg("import")
        .arg(root.join("tests/generators/fastapi/documents/voice.json"))
        .arg("--output")
        .arg(folder.path().join("imported.yaml"))
        .current_dir(root);
    // 1 says that something was lost, which is so here.
    let mut import_anyway = Command::new("sh");
    import_anyway.args(["-c", "\"$@\" > /dev/null || test $? = 1", "sh"]);
    import_anyway
        .arg(import.get_program())
        .args(import.get_args())
        .current_dir(root);
    let mut regenerate = Command::new(&xtask);
    regenerate.args(["regenerate", "--check"]).current_dir(root);
    // These are over within a few ticks of the clock that the system counts by.
    found["import"] = cpu(&mut import_anyway, 20)?;
    found["generate"][REGENERATE] = cpu(&mut regenerate, 50)?;
    found["generate"]["openapi-generator"] = cpu(&mut generator, 1)?;
    Ok(found)
}

/// Of one run, the median of some measurements of `times` runs.
fn cpu(command: &mut Command, times: u32) -> Result<Value, Failure> {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mut all, mut on_the_clock) = (0.0, 0.0);
        for _ in 0..times {
            let took = took(command)?;
            all += took.cpu;
            on_the_clock += took.wall;
        }
        cpu.push(all / f64::from(times));
        wall.push(on_the_clock / f64::from(times));
    }
    Ok(json!({ "cpu": median(&mut cpu), "wall": median(&mut wall) }))
}

/// The tools at the versions that this folder pins, and ours.
fn install(root: &Path) -> Result<(), Failure> {
    let node = root.join("benches/node");
    output(Command::new("npm").args(["ci", "--no-progress", "--prefix"]).arg(&node))?;
    let venv = root.join("target/.benches");
    output(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let requirements = root.join("benches/python/requirements.txt");
    output(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--requirement"])
            .arg(requirements),
    )?;
    work::install(root, "jsonschema-cli", "0.60.2")?;
    for package in ["xtask", "callrounded-doc"] {
        output(&mut cargo_in(root, ".", "build", &["--release", "--package", package]))?;
    }
    let bare = [
        "--release",
        "--package",
        "callrounded-bench-report",
        "--bin",
        "payloads",
    ];
    output(&mut cargo_in(root, "benches", "build", &bare))?;
    Ok(())
}

/// A call of a page of ten thousand, each in a file of its own.
fn payloads(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder.join("payloads");
    fs::create_dir(&folder)?;
    let mut call = serde_json::from_str::<Value>(ANSWER)?["data"].take();
    // The sample has no address there.
    call["recording_url"] = "https://example.com/recording.wav".into();
    let mut files = Vec::new();
    for number in 0..PAYLOADS {
        call["id"] = server::id(number).into();
        let file = folder.join(format!("{number:05}.json"));
        fs::write(&file, serde_json::to_vec(&call)?)?;
        files.push(file);
    }
    Ok(files)
}

/// The schema of a call as JSON Schema of draft 7, which all of the tools read.
fn schema_of_a_call(root: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(root.join("openapi/calls.yaml"))?;
    let document = Document::parse("openapi/calls.yaml", &text).map_err(|found| found.to_string())?;
    let schemas = document
        .get("/components/schemas")
        .and_then(Value::as_object)
        .ok_or("there are no schemas")?;
    let definitions: Map<String, Value> = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), translated(schema)))
        .collect();
    Ok(json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/definitions/Call",
        "definitions": definitions,
    }))
}

fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let nullable = members.get("nullable") == Some(&Value::Bool(true));
            let mut translated = Map::new();
            for (name, value) in members {
                let value = match (name.as_str(), value) {
                    ("nullable" | "example" | "discriminator", _) => continue,
                    (name, _) if name.starts_with("x-") => continue,
                    ("$ref", Value::String(to)) => to.replace("#/components/schemas/", "#/definitions/").into(),
                    ("type", kind @ Value::String(_)) if nullable => json!([kind, "null"]),
                    ("enum", Value::Array(values)) if nullable && !values.contains(&Value::Null) => {
                        values.iter().cloned().chain([Value::Null]).collect()
                    }
                    (_, value) => translated_any(value),
                };
                translated.insert(name.clone(), value);
            }
            translated.into()
        }
        other => other.clone(),
    }
}

fn translated_any(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(translated).collect(),
        value => translated(value),
    }
}
