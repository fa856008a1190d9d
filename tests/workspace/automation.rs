//! Runs the scripts of the GitHub Action and the pre-commit hooks as GitHub and pre-commit would.

use std::{collections::BTreeSet, env, fs, path::Path, process::Command};

use callrounded_document::Document;
use callrounded_tests::workspace;
use serde_json::Value;
use tempfile::TempDir;

use crate::{cargo, prepare, text};

const ACTION: &str = ".github/actions/callrounded-doc";

/// A repository that contains nothing of this workspace, as a GitHub runner sees it.
struct Runner {
    repository: TempDir,
    /// The runner's files outside the repository.
    temporary: TempDir,
}

/// The outcome of a step.
struct Step {
    code: i32,
    out: String,
    err: String,
    /// The files that the step wrote for the runner.
    output: String,
    path: String,
    summary: String,
}

impl Runner {
    fn new() -> Self {
        let runner = Self {
            repository: TempDir::new().unwrap(),
            temporary: TempDir::new().unwrap(),
        };
        fs::create_dir(runner.repository.path().join(".git")).unwrap();
        // The step `Install` puts this program on the PATH.
        let build = cargo()
            .args(["build", "--quiet", "--bin", "callrounded-doc"])
            .current_dir(workspace())
            .output()
            .unwrap();
        assert!(build.status.success(), "{}", text(&build.stderr));
        let bin = runner.temporary.path().join("callrounded-doc/bin");
        fs::create_dir_all(&bin).unwrap();
        let program = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .unwrap()
            .join("debug/callrounded-doc");
        std::os::unix::fs::symlink(program, bin.join("callrounded-doc")).unwrap();
        runner
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.repository.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.repository.path().join(name)).unwrap()
    }

    /// Runs a step of the action in a directory of the repository with these inputs.
    fn step(&self, name: &str, directory: &str, inputs: &[(&str, &str)]) -> Step {
        let path = workspace().join(ACTION).join("action.yml");
        let action = Document::parse("action.yml", &fs::read_to_string(path).unwrap()).unwrap();
        let steps = action.value()["runs"]["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["name"] == name).unwrap();
        assert_eq!(step["shell"], "bash");
        let file = |name: &str| {
            let path = self.temporary.path().join(name);
            fs::write(&path, "").unwrap();
            path
        };
        let (output, path, summary) = (file("output"), file("path"), file("summary"));
        let mut command = Command::new("bash");
        // GitHub runs steps like this.
        command.args([
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            step["run"].as_str().unwrap(),
        ]);
        let bin = self.temporary.path().join("callrounded-doc/bin");
        let search = env::var("PATH").unwrap();
        prepare(&mut command)
            .current_dir(self.repository.path().join(directory))
            .env("PATH", format!("{}:{search}", bin.display()))
            .env("GITHUB_ACTION_PATH", workspace().join(ACTION))
            .env("GITHUB_WORKSPACE", self.repository.path())
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_TEMP", self.temporary.path())
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64");
        // The step sets each variable that the script reads, from an input or its default.
        for (variable, expression) in step.get("env").and_then(Value::as_object).into_iter().flatten() {
            let expression = expression.as_str().unwrap();
            let input = expression
                .strip_prefix("${{ inputs.")
                .and_then(|rest| rest.strip_suffix(" }}"));
            let value = match input {
                None if expression == "${{ steps.key.outputs.features }}" => String::new(),
                None => self.temporary.path().join("callrounded-doc").display().to_string(),
                Some(input) => {
                    let default = action.value()["inputs"][input]["default"].as_str().unwrap();
                    let given = inputs.iter().find(|(name, _)| *name == input);
                    given.map_or(default, |(_, value)| value).to_owned()
                }
            };
            command.env(variable, value);
        }
        for (input, _) in inputs {
            assert!(action.value()["inputs"].get(input).is_some(), "{input}");
        }
        let ran = command.output().unwrap();
        Step {
            code: ran.status.code().unwrap(),
            out: text(&ran.stdout),
            err: text(&ran.stderr),
            output: fs::read_to_string(output).unwrap(),
            path: fs::read_to_string(path).unwrap(),
            summary: fs::read_to_string(summary).unwrap(),
        }
    }
}

const GOOD: &str = r#"{"id": "1"}"#;
const BAD: &str = r#"{"id": "1", "cost": "much"}"#;

#[test]
fn action_installs_its_own_version_once() {
    let runner = Runner::new();
    let key = runner.step("Key", "", &[]);
    assert_eq!((key.code, key.err.as_str()), (0, ""));
    let directory = runner.temporary.path().join("callrounded-doc");
    let lines: Vec<&str> = key.output.lines().collect();
    let [features, first, second] = lines.as_slice() else {
        panic!("{}", key.output)
    };
    assert_eq!(*features, "features=");
    assert_eq!(*first, format!("directory={}", directory.display()));
    assert!(
        second.starts_with("key=callrounded-doc-Linux-X64-validate-rustc-"),
        "{second}"
    );
    assert_eq!(runner.step("Key", "", &[]).output, key.output);
    let compared = runner.step("Key", "", &[("compare-with", "main:openapi.yaml")]).output;
    assert!(compared.starts_with("features=changes\n"), "{compared}");
    assert!(
        compared.contains("\nkey=callrounded-doc-Linux-X64-changes-rustc-"),
        "{compared}"
    );
    // It was cached.
    let install = runner.step("Install", "", &[]);
    assert_eq!((install.code, install.err.as_str()), (0, ""));
    assert!(install.out.starts_with("callrounded-doc "), "{}", install.out);
    assert_eq!(install.path, format!("{}/bin\n", directory.display()));
}

#[test]
fn action_checks_every_line_of_payloads() {
    let runner = Runner::new();
    runner.write("services/calls/first.json", GOOD);
    runner.write("services/calls/second one.json", BAD);
    runner.write("services/calls/more/third.json", BAD);
    let validate = |inputs: &[(&str, &str)]| runner.step("Validate", "services/calls", inputs);
    // The invalid file on the second line is found, with its path from the root of the repository.
    let step = validate(&[("payloads", "first.json\n  second one.json  \n\n"), ("schema", "Call")]);
    assert_eq!(step.code, 1, "{}{}", step.out, step.err);
    assert!(
        step.out.contains("::error file=services/calls/second one.json,line=1,"),
        "{}",
        step.out
    );
    assert!(step.out.ends_with("2 payloads, 1 error\n"), "{}", step.out);
    assert!(
        step.summary.starts_with("### Payloads\n```\nerror[type]: "),
        "{}",
        step.summary
    );
    assert!(
        step.summary.ends_with("\n2 payloads, 1 error\n```\n"),
        "{}",
        step.summary
    );
    let sarif: Value = serde_json::from_str(&runner.read("services/calls/callrounded-doc.sarif")).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "services/calls/second%20one.json");
    assert!(
        step.output.ends_with("/services/calls/callrounded-doc.sarif\n"),
        "{}",
        step.output
    );
    // Patterns and directories are expanded by the program.
    let step = validate(&[("payloads", "**/*.json"), ("schema", "Call")]);
    assert!(
        step.out.ends_with("3 payloads, 2 errors\n") && step.code == 1,
        "{}",
        step.out
    );
    let step = validate(&[("payloads", "first.json\nmore"), ("schema", "Call")]);
    assert!(
        step.out.ends_with("2 payloads, 1 error\n") && step.code == 1,
        "{}",
        step.out
    );
    // An unreadable file is reported and fails.
    let step = validate(&[("payloads", "gone/*.json\nfirst.json"), ("schema", "Call")]);
    assert!(
        step.out
            .contains("::error file=services/calls/gone/*.json,title=unreadable::"),
        "{}",
        step.out
    );
    assert!(
        step.out.ends_with("1 payload, 0 errors\n") && step.code == 2,
        "{}",
        step.out
    );
    let step = validate(&[("payloads", "first.json"), ("schema", "Call")]);
    assert!(
        step.out.ends_with("1 payload, 0 errors\n") && step.code == 0,
        "{}",
        step.out
    );
    // Contradictory inputs are rejected.
    for (inputs, problem) in [
        (
            [("strict", "True"), ("schema", "Call")],
            "::error::invalid input strict: expected true or false, got True\n",
        ),
        (
            [("sarif", ""), ("schema", "Call")],
            "::error::the input sarif is empty: expected the path of the file to write\n",
        ),
        (
            [("sarif", "gone/out.sarif"), ("schema", "Call")],
            "::error::the SARIF file could not be written: error: gone/out.sarif cannot be ",
        ),
    ] {
        let step = validate(&[("payloads", "first.json"), inputs[0], inputs[1]]);
        assert!(
            step.code == 2 && step.out.starts_with(problem),
            "{}{}",
            step.out,
            step.err
        );
    }
    let elsewhere = runner.temporary.path().join("out.sarif").display().to_string();
    let step = validate(&[("payloads", "first.json"), ("schema", "Call"), ("sarif", &elsewhere)]);
    assert_eq!((step.code, step.output), (0, format!("sarif={elsewhere}\n")));
    // The report is never read as a payload, even after it was written once.
    for _ in 0..2 {
        let step = validate(&[("payloads", "."), ("schema", "Call"), ("sarif", "report.json")]);
        assert!(step.out.ends_with("2 payloads, 1 error\n"), "{}", step.out);
    }
    fs::remove_file(runner.repository.path().join("services/calls/report.json")).unwrap();
    // A name is never parsed as an option, and never executed.
    runner.write("services/calls/--strict", GOOD);
    runner.write("services/calls/$(touch ran);.json", GOOD);
    let step = validate(&[("payloads", "--strict\n$(touch ran);.json"), ("schema", "Call")]);
    assert!(
        step.out.ends_with("2 payloads, 0 errors\n") && step.code == 0,
        "{}{}",
        step.out,
        step.err
    );
    assert!(!runner.repository.path().join("services/calls/ran").exists());
}

#[test]
fn action_inputs_select_the_schema() {
    let runner = Runner::new();
    runner.write("update.json", r#"{"metadata": {"a": 1}, "new": true}"#);
    let validate = |inputs: &[(&str, &str)]| runner.step("Validate", "", inputs);
    let request = [("payloads", "update.json"), ("operation", "update_call")];
    let step = validate(&request);
    assert!(
        step.code == 0 && step.out.contains("::warning file=update.json,"),
        "{}{}",
        step.out,
        step.err
    );
    let step = validate(&[request[0], request[1], ("strict", "true")]);
    assert!(
        step.code == 1 && step.out.contains("::error file=update.json,"),
        "{}",
        step.out
    );
    let step = validate(&[request[0], request[1], ("response", "200")]);
    assert!(
        step.code == 1 && step.out.contains("update_call, response 200"),
        "{}",
        step.out
    );
    // The examples of another document.
    runner.write(
        "api.yaml",
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: string, example: 1}}}\n",
    );
    let step = validate(&[("document", "api.yaml"), ("sarif", "out.sarif")]);
    assert!(
        step.code == 1 && step.out.contains("::error file=api.yaml,line=4,"),
        "{}{}",
        step.out,
        step.err
    );
    assert!(step.output.ends_with("/out.sarif\n"), "{}", step.output);
}

#[test]
fn action_compares_two_documents() {
    let runner = Runner::new();
    let text = fs::read_to_string(workspace().join("openapi/calls.yaml")).unwrap();
    let mut document = Document::parse("calls.yaml", &text).unwrap().value().clone();
    runner.write("calls.json", &document.to_string());
    let at = "/components/schemas/CallDirection/enum";
    document
        .pointer_mut(at)
        .unwrap()
        .as_array_mut()
        .unwrap()
        .push("sideways".into());
    runner.write("old.json", &document.to_string());
    let compare = |fail_on| {
        let inputs = [
            ("document", "calls.json"),
            ("compare-with", "old.json"),
            ("fail-on", fail_on),
        ];
        runner.step("Compare", "", &inputs)
    };
    let found = compare("source");
    assert_eq!(found.code, 1, "{}{}", found.out, found.err);
    assert!(
        found.out.contains("::error file=calls.json") && found.out.contains("CallDirection::Sideways"),
        "{}",
        found.out
    );
    let summary = found.summary;
    assert!(
        summary.starts_with("## API changes") && summary.contains("a major release"),
        "{summary}"
    );
    assert_eq!(
        compare("wire").code,
        0,
        "a value that is no longer sent breaks nobody on the wire"
    );
    let step = runner.step("Compare", "", &[("compare-with", "old.json")]);
    assert!(step.code == 2 && step.out.starts_with("::error::"), "{}", step.out);
}

#[test]
fn hooks_of_this_workspace_pass_here() {
    let path = workspace().join(".pre-commit-hooks.yaml");
    let hooks = Document::parse("hooks.yaml", &fs::read_to_string(path).unwrap()).unwrap();
    let hooks = hooks.value().as_array().unwrap();
    let own = hooks.iter().filter(|hook| hook["language"] == "system");
    let mut count = 0;
    for hook in own {
        let mut words = hook["entry"].as_str().unwrap().split(' ');
        assert_eq!(words.next(), Some("cargo"));
        let output = cargo().args(words).current_dir(workspace()).output().unwrap();
        assert!(output.status.success(), "{}: {}", hook["id"], text(&output.stdout));
        assert_eq!(hook["pass_filenames"], false);
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn sample_workflow_uses_inputs_that_the_action_has() {
    let read = |path: &str| Document::parse("it", &fs::read_to_string(workspace().join(path)).unwrap()).unwrap();
    let workflow = read(".github/workflows/api-document.yml");
    let action = read(".github/actions/callrounded-doc/action.yml");
    let steps = workflow.value()["jobs"]["check"]["steps"].as_array().unwrap();
    let used = steps
        .iter()
        .find(|step| step["uses"] == "./.github/actions/callrounded-doc")
        .unwrap();
    for input in used["with"].as_object().unwrap().keys() {
        assert!(action.value()["inputs"].get(input).is_some(), "{input}");
    }
}

#[test]
fn workflow_runs_every_ci_step_on_linux() {
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
    // This step only installs what the others need.
    assert!(steps.remove("tools"));
    assert_eq!(on_linux, steps.iter().map(String::as_str).collect());

    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let oldest = jobs.iter().find(|job| job["steps"] == "oldest").unwrap();
    let promised = format!("rust-version = \"{}\"", oldest["toolchain"].as_str().unwrap());
    assert!(manifest.contains(&promised), "{promised}");
}
