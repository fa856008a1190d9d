//! The GitHub action and the pre-commit hooks: their own scripts are run here, as those would run them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use callrounded_document::Document;
use callrounded_tests::workspace;
use tempfile::TempDir;

use crate::{cargo, prepare, text};

/// A step of the action, run by bash with these variables.
fn step(name: &str, variables: &[(&str, &str)]) -> Output {
    let path = workspace().join(".github/actions/api-document/action.yml");
    let action = Document::parse("action.yml", &fs::read_to_string(path).unwrap()).unwrap();
    let steps = action.value()["runs"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    assert_eq!(step["shell"], "bash");
    let mut command = Command::new("bash");
    // As GitHub runs it.
    command.args([
        "--noprofile",
        "--norc",
        "-eo",
        "pipefail",
        "-c",
        step["run"].as_str().unwrap(),
    ]);
    prepare(&mut command)
        .current_dir(workspace())
        .env_remove("GITHUB_STEP_SUMMARY");
    // Every variable that the script reads is one that the step sets.
    for name in step["env"].as_object().unwrap().keys() {
        let given = variables.iter().find(|(known, _)| known == name);
        command.env(name, given.map_or("", |(_, value)| value));
    }
    command.envs(
        variables
            .iter()
            .filter(|(name, _)| name.starts_with("GITHUB_"))
            .copied(),
    );
    command.output().unwrap()
}

/// The document of the workspace with one value more in the enumeration at `at`.
fn widened(folder: &TempDir, at: &str, value: &str) -> PathBuf {
    let text = fs::read_to_string(workspace().join("openapi/calls.yaml")).unwrap();
    let mut document = Document::parse("calls.yaml", &text).unwrap().value().clone();
    document
        .pointer_mut(at)
        .unwrap()
        .as_array_mut()
        .unwrap()
        .push(value.into());
    let path = folder.path().join("old.json");
    fs::write(&path, document.to_string()).unwrap();
    path
}

#[test]
fn the_action_checks_the_examples_or_payloads() {
    let clean = step("Validate", &[("STRICT", "false")]);
    assert!(clean.status.success(), "{}{}", text(&clean.stdout), text(&clean.stderr));
    let folder = TempDir::new().unwrap();
    let payload = folder.path().join("call.json");
    fs::write(&payload, "{\"id\": \"1\", \"cost\": \"much\", \"unheard\": 1}").unwrap();
    let payload = payload.display().to_string();
    let given = [("PAYLOADS", payload.as_str()), ("PAYLOADS_ARE", "--schema Call")];
    let found = step("Validate", &given);
    assert_eq!(found.status.code(), Some(1));
    let said = text(&found.stdout);
    assert!(
        said.contains("::error file=") && said.contains("::warning file="),
        "{said}"
    );
    let strict = step("Validate", &[given[0], given[1], ("STRICT", "true")]);
    assert!(!text(&strict.stdout).contains("::warning"), "{}", text(&strict.stdout));
}

#[test]
fn the_action_says_what_a_change_means() {
    let folder = TempDir::new().unwrap();
    let old = widened(&folder, "/components/schemas/CallDirection/enum", "sideways");
    let old = old.display().to_string();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "").unwrap();
    let summary_path = summary.display().to_string();
    let variables = [
        ("COMPARE_WITH", old.as_str()),
        ("FAIL_ON", "source"),
        ("GITHUB_STEP_SUMMARY", summary_path.as_str()),
    ];
    let found = step("Compare", &variables);
    let said = text(&found.stdout);
    assert_eq!(found.status.code(), Some(1), "{said}{}", text(&found.stderr));
    assert!(
        said.contains("::error file=openapi/calls.yaml") && said.contains("CallDirection::Sideways"),
        "{said}"
    );
    let summary = fs::read_to_string(summary).unwrap();
    assert!(
        summary.starts_with("## Changes of the API") && summary.contains("a major release"),
        "{summary}"
    );
    let tolerated = step("Compare", &[variables[0], ("FAIL_ON", "wire")]);
    assert!(
        tolerated.status.success(),
        "a value that is no longer sent breaks nobody on the wire"
    );
}

#[test]
fn the_hooks_run_commands_that_pass_here() {
    let path = workspace().join(".pre-commit-hooks.yaml");
    let hooks = Document::parse("hooks.yaml", &fs::read_to_string(path).unwrap()).unwrap();
    let hooks = hooks.value().as_array().unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        let mut words = hook["entry"].as_str().unwrap().split(' ');
        assert_eq!(words.next(), Some("cargo"));
        let output = cargo().args(words).current_dir(workspace()).output().unwrap();
        assert!(output.status.success(), "{}: {}", hook["id"], text(&output.stdout));
        assert_eq!(hook["pass_filenames"], false);
    }
}

#[test]
fn the_sample_workflow_uses_the_action_with_inputs_that_it_has() {
    let read = |path: &Path| Document::parse("it", &fs::read_to_string(workspace().join(path)).unwrap()).unwrap();
    let workflow = read(Path::new(".github/workflows/api-document.yml"));
    let action = read(Path::new(".github/actions/api-document/action.yml"));
    let steps = workflow.value()["jobs"]["check"]["steps"].as_array().unwrap();
    let used = steps
        .iter()
        .find(|step| step["uses"] == "./.github/actions/api-document")
        .unwrap();
    for input in used["with"].as_object().unwrap().keys() {
        assert!(action.value()["inputs"].get(input).is_some(), "{input}");
    }
}

#[test]
fn the_workflow_runs_every_step_of_ci_on_linux() {
    let read = |path: &str| Document::parse("it", &fs::read_to_string(workspace().join(path)).unwrap()).unwrap();
    let workflow = read(".github/workflows/ci.yml");
    let jobs = workflow.value()["jobs"]["check"]["strategy"]["matrix"]["include"]
        .as_array()
        .unwrap();
    let on_linux: BTreeSet<&str> = jobs
        .iter()
        .filter(|job| job.get("os").is_none())
        .flat_map(|job| job["steps"].as_str().unwrap().split(' '))
        .collect();
    let files = fs::read_dir(workspace().join(".ci/steps")).unwrap();
    let mut steps: BTreeSet<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    // It installs what the others need.
    assert!(steps.remove("tools"));
    assert_eq!(on_linux, steps.iter().map(String::as_str).collect());

    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let oldest = jobs.iter().find(|job| job["steps"] == "oldest").unwrap();
    let promised = format!("rust-version = \"{}\"", oldest["toolchain"].as_str().unwrap());
    assert!(manifest.contains(&promised), "{promised}");
}
