//! Compares `cargo xtask validate`, `import` and `regenerate` with similar tools.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::{Failure, RESPONSE, server};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

use crate::process::{self, cargo_in, find, median, output, program, run_timed};

/// The commands of this workspace that are measured. They are optimized, other than those that `cargo xtask` runs.
pub const WITH_TYPES: &str = "xtask validate";
pub const WITHOUT_TYPES: &str = "callrounded-doc validate";
pub const REGENERATE: &str = "xtask regenerate --check";

const PAYLOADS: usize = 10_000;
const ROUNDS: usize = 3;

pub fn measure(root: &Path) -> Result<Value, Failure> {
    install(root)?;
    let directory = tempfile::tempdir()?;
    let schema = directory.path().join("call.schema.json");
    fs::write(&schema, serde_json::to_vec_pretty(&call_schema(root)?)?)?;
    let payloads = write_payloads(directory.path())?;
    let tool = |name: &str| find(root, name).ok_or_else(|| format!("{name} is not installed"));
    let xtask = root.join("target/benches/release/xtask");

    let mut validate = Command::new(&xtask);
    validate
        .args(["validate", "--schema", "Call"])
        .args(&payloads)
        // Builds the program with the types, optimized like xtask itself.
        .env("CARGO_TARGET_DIR", root.join("target/benches"))
        .current_dir(root);
    let mut schemas = Command::new(root.join("target/benches/release/callrounded-doc"));
    schemas.args(["validate", "--schema", "Call"]).args(&payloads);
    let mut bare = program("callrounded-bench-payloads")?;
    bare.arg(&schema).args(&payloads);
    let mut jsonschema = Command::new(tool("jsonschema-cli")?);
    jsonschema.arg("validate").arg(&schema).arg("--assert-format");
    for payload in &payloads {
        jsonschema.arg("--instance").arg(payload);
    }
    let mut ajv = Command::new(tool("ajv")?);
    ajv.args(["validate", "--spec=draft7", "--strict=false", "-c", "ajv-formats", "-s"])
        .arg(&schema);
    ajv.arg("-d").arg(directory.path().join("payloads/*.json"));
    let mut check = Command::new(tool("check-jsonschema")?);
    check.arg("--schemafile").arg(&schema).args(&payloads);

    // The first run builds the types, and is not measured.
    output(&mut validate)?;
    let mut results = json!({});
    for (name, command) in [
        (WITH_TYPES, &mut validate),
        (WITHOUT_TYPES, &mut schemas),
        ("the jsonschema crate alone", &mut bare),
        ("jsonschema-cli", &mut jsonschema),
        ("ajv-cli", &mut ajv),
        ("check-jsonschema", &mut check),
    ] {
        results["validate"][name] = cpu(command, 1)?;
    }
    let out = directory.path().join("generated");
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
        .arg(directory.path().join("imported.yaml"))
        .current_dir(root);
    // Exit code 1 means that something cannot be imported, which is expected here.
    let mut import_with_losses = Command::new("sh");
    import_with_losses.args(["-c", "\"$@\" > /dev/null || test $? = 1", "sh"]);
    import_with_losses
        .arg(import.get_program())
        .args(import.get_args())
        .current_dir(root);
    let mut regenerate = Command::new(&xtask);
    regenerate.args(["regenerate", "--check"]).current_dir(root);
    // The first two take only a few ticks of the clock by which the system counts CPU time, so they are repeated.
    results["import"] = cpu(&mut import_with_losses, 20)?;
    results["generate"][REGENERATE] = cpu(&mut regenerate, 50)?;
    results["generate"]["openapi-generator"] = cpu(&mut generator, 1)?;
    Ok(results)
}

/// Returns the times of one run in seconds: the median of measurements of `runs` runs each.
fn cpu(command: &mut Command, runs: u32) -> Result<Value, Failure> {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mut cpu_sum, mut wall_sum) = (0.0, 0.0);
        for _ in 0..runs {
            let times = run_timed(command)?;
            cpu_sum += times.cpu;
            wall_sum += times.wall;
        }
        cpu.push(cpu_sum / f64::from(runs));
        wall.push(wall_sum / f64::from(runs));
    }
    Ok(json!({ "cpu": median(&mut cpu), "wall": median(&mut wall) }))
}

/// Installs the other tools at their pinned versions, and builds those of this workspace.
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
    process::install(root, "jsonschema-cli", "0.60.2")?;
    for package in ["xtask", "callrounded-doc"] {
        output(&mut cargo_in(root, ".", "build", &["--release", "--package", package]))?;
    }
    let bare = ["--release", "--package", "callrounded-bench-payloads"];
    output(&mut cargo_in(root, "benches", "build", &bare))?;
    Ok(())
}

/// Writes ten thousand calls, each in a separate file.
fn write_payloads(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let directory = directory.join("payloads");
    fs::create_dir(&directory)?;
    let mut call = serde_json::from_str::<Value>(RESPONSE)?["data"].take();
    // The example does not have a valid URL.
    call["recording_url"] = "https://example.com/recording.wav".into();
    let mut files = Vec::new();
    for number in 0..PAYLOADS {
        call["id"] = server::id(number).into();
        let file = directory.join(format!("{number:05}.json"));
        fs::write(&file, serde_json::to_vec(&call)?)?;
        files.push(file);
    }
    Ok(files)
}

/// Returns the schema of a call as JSON Schema draft 7, which all tools read.
fn call_schema(root: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(root.join("openapi/calls.yaml"))?;
    let document = Document::parse("openapi/calls.yaml", &text).map_err(|error| error.to_string())?;
    let schemas = document
        .get("/components/schemas")
        .and_then(Value::as_object)
        .ok_or("openapi/calls.yaml has no schemas")?;
    let definitions: Map<String, Value> = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), to_draft7(schema)))
        .collect();
    Ok(json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/definitions/Call",
        "definitions": definitions,
    }))
}

/// Converts a schema of OpenAPI 3.0 to draft 7.
fn to_draft7(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let nullable = members.get("nullable") == Some(&Value::Bool(true));
            let mut converted = Map::new();
            for (keyword, value) in members {
                let value = match (keyword.as_str(), value) {
                    ("nullable" | "example" | "discriminator", _) => continue,
                    (keyword, _) if keyword.starts_with("x-") => continue,
                    ("$ref", Value::String(reference)) => {
                        reference.replace("#/components/schemas/", "#/definitions/").into()
                    }
                    ("type", kind @ Value::String(_)) if nullable => json!([kind, "null"]),
                    ("enum", Value::Array(values)) if nullable && !values.contains(&Value::Null) => {
                        values.iter().cloned().chain([Value::Null]).collect()
                    }
                    (_, value) => value_to_draft7(value),
                };
                converted.insert(keyword.clone(), value);
            }
            converted.into()
        }
        other => other.clone(),
    }
}

/// Converts the value of a keyword, which may contain schemas.
fn value_to_draft7(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(to_draft7).collect(),
        value => to_draft7(value),
    }
}
