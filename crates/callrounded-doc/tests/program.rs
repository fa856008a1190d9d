//! Tests the program as a user runs it: in an empty directory, with the built-in document.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    str,
};

use callrounded_document::Document;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The output and the exit code of a run.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// A temporary directory outside of this repository.
struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs the program with arguments that are separated by spaces, this standard input, and these environment
    /// variables.
    fn run_with(&self, arguments: &str, input: &[u8], variables: &[(&str, &str)]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_callrounded-doc"))
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .env_remove("CLICOLOR_FORCE")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, b"", &[])
    }

    /// Validates payloads against the schema `Call`.
    fn validate(&self, arguments: &str) -> Run {
        self.run(&format!("validate --schema Call {arguments}"))
    }
}

/// Returns a sample call of the built-in document.
fn call() -> Value {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/calls.yaml")).unwrap();
    let document = Document::parse("calls.yaml", &text).unwrap();
    document.sample("/components/schemas/Call")
}

/// Returns a call that violates its schema.
fn invalid_call() -> Value {
    let mut call = call();
    call["id"] = json!(7);
    call
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
fn assert_run(run: &Run, code: i32, last: &str) {
    assert_eq!(run.code, code, "{run:#?}");
    assert_eq!(run.out.lines().last().unwrap_or_default(), last, "{run:#?}");
}

#[test]
fn validate_in_empty_directory_uses_built_in_document() {
    let directory = Directory::new();
    let page = json!({ "data": [call()], "status": 200, "message": "ok" });
    directory.write("traffic.ndjson", format!("{page}\n{page}\n"));
    let run = directory.run("validate --operation list_calls --response 200 traffic.ndjson");
    assert_run(&run, 0, "2 payloads, 0 errors");
    directory.write("bad.json", invalid_call().to_string());
    let run = directory.validate("bad.json");
    assert_run(&run, 1, "1 payload, 1 error");
    assert!(run.out.contains("error[type]: "), "{run:#?}");
    assert!(run.out.contains("--> bad.json:1:"), "{run:#?}");
    assert!(run.out.contains("= required by: calls.yaml (built in):"), "{run:#?}");
    assert_eq!(run.err, "");
}

#[test]
fn validate_with_document_option_uses_that_document() {
    let directory = Directory::new();
    directory.write(
        "api/pets.yaml",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Pet: {type: object, required: \
         [name], properties: {name: {type: string, example: 5}}}\n",
    );
    directory.write("pet.json", "{}");
    let run = directory.run("validate --document api/pets.yaml --schema Pet pet.json");
    assert_run(&run, 1, "1 payload, 1 error");
    assert!(run.out.contains("required by: api/pets.yaml:6:"), "{run:#?}");
    // Without payloads, the examples of the document are validated.
    let run = directory.run("validate --document api/pets.yaml");
    assert_run(&run, 1, "1 payload, 1 error");
    // The rules of the generator are not checked: this document has no operationId.
    directory.write(
        "api/pets.yaml",
        "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: Fine}}}}}\n",
    );
    assert_run(
        &directory.run("validate --document api/pets.yaml"),
        0,
        "0 payloads, 0 errors",
    );
    directory.write(
        "api/pets.yaml",
        "openapi: 3.0.3\ninfo: {titel: Pets, version: '1'}\npaths: {}\n",
    );
    let run = directory.run("validate --document api/pets.yaml");
    assert_run(&run, 1, "0 payloads, 2 errors");
    assert!(
        run.out
            .contains("error[document]: unknown field `titel` in an info object"),
        "{run:#?}"
    );
    assert!(run.out.contains("help: did you mean `title`?"), "{run:#?}");
}

#[test]
fn inputs_of_files_directories_and_patterns_are_expanded() {
    let directory = Directory::new();
    for name in [
        "a.json",
        "b.ndjson",
        "notes.txt",
        "sub/c.json",
        "sub/deep/d.jsonl",
        ".hidden/e.json",
    ] {
        directory.write(&format!("all/{name}"), format!("{}\n", call()));
    }
    directory.write("all/sub/deep/bad.json", invalid_call().to_string());
    assert_run(&directory.validate("all"), 0, "2 payloads, 0 errors");
    let run = directory.validate("all --recursive");
    assert_run(&run, 1, "5 payloads, 1 error");
    assert!(run.out.contains("--> all/sub/deep/bad.json:1:"), "{run:#?}");
    assert_run(&directory.validate("all/*.json"), 0, "1 payload, 0 errors");
    assert_run(&directory.validate("all/s*/**/*.json"), 1, "2 payloads, 1 error");
    // Inputs are validated in the order of the arguments.
    let run = directory.validate("all/a.json all/sub/deep/bad.json all/b.ndjson --format junit");
    let names: Vec<usize> = ["all/a.json", "all/sub/deep/bad.json", "all/b.ndjson"]
        .iter()
        .map(|name| run.out.find(&format!("name=\"{name}\"")).unwrap())
        .collect();
    assert!(names.is_sorted() && run.code == 1, "{run:#?}");
    // An existing file takes precedence over a pattern.
    directory.write("[ab].json", call().to_string());
    assert_run(&directory.validate("[ab].json"), 0, "1 payload, 0 errors");
}

#[test]
fn input_without_payloads_is_reported_and_others_are_validated() {
    let directory = Directory::new();
    directory.write("bad.json", invalid_call().to_string());
    directory.write("empty.json", " \n");
    directory.write("void/notes.txt", "");
    for (input, problem) in [
        ("empty.json", "error: empty.json is empty"),
        ("gone.json", "error: gone.json cannot be read: "),
        ("gone/*.json", "error: gone/*.json matches no file"),
        (
            "void",
            "error: void contains no .json, .ndjson or .jsonl file; use --recursive to include subdirectories",
        ),
        ("-", "error: <stdin> is empty"),
    ] {
        let run = directory.validate(&format!("{input} bad.json"));
        assert_run(&run, 2, "1 payload, 1 error");
        assert!(run.err.starts_with(problem), "{run:#?}");
        assert!(run.out.contains("--> bad.json:1:"), "{run:#?}");
        let allowed = directory.validate(&format!("{input} bad.json --allow-empty"));
        // A missing file is always an error.
        let code = if input == "gone.json" { 2 } else { 1 };
        assert_run(&allowed, code, "1 payload, 1 error");
        assert_eq!(allowed.err.is_empty(), code == 1, "{allowed:#?}");
    }
    directory.write("cut.json.gz", &compressed(&call().to_string())[..20]);
    let run = directory.validate("cut.json.gz");
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.err.starts_with("error: cut.json.gz cannot be read: "), "{run:#?}");
}

#[test]
fn format_of_stdin_and_other_extensions_is_detected() {
    let directory = Directory::new();
    let (valid, invalid) = (call(), invalid_call());
    let pretty = format!("{valid:#}\n");
    let cases = [
        (pretty.clone(), "1 payload, 0 errors"),
        (format!("{valid}\n"), "1 payload, 0 errors"),
        (format!("\n{valid}\n\n{invalid}"), "2 payloads, 1 error"),
        // With an invalid line, each line is still a payload.
        (format!("{{\"id\": }}\n{valid}\n{invalid}\n"), "3 payloads, 2 errors"),
        (format!("{invalid:#}"), "1 payload, 1 error"),
        // An invalid or truncated first line does not hide the others.
        (format!("starting\n{invalid}\n{invalid}\n"), "3 payloads, 3 errors"),
        (format!("{{\"id\": \"1\"\n{valid}\n{invalid}\n"), "3 payloads, 2 errors"),
        // A line that begins in the middle of a value is not a payload.
        (
            "{\"metadata\":\n{\"a\": 1},\n\"id\": \"3\"}".to_owned(),
            "1 payload, 0 errors",
        ),
        (
            "{\"metadata\":\n{\"a\": 1}\n,\"id\": \"3\"}".to_owned(),
            "1 payload, 0 errors",
        ),
    ];
    for (text, last) in cases {
        let code = i32::from(!last.ends_with("0 errors"));
        let run = directory.run_with("validate --schema Call -", text.as_bytes(), &[]);
        assert_run(&run, code, last);
        let run = directory.run_with("validate --schema Call -", &compressed(&text), &[]);
        assert_run(&run, code, last);
        directory.write("recorded.log", &text);
        assert_run(&directory.validate("recorded.log"), code, last);
    }
    let run = directory.run_with("validate --schema Call -", invalid.to_string().as_bytes(), &[]);
    assert!(run.out.contains("--> <stdin>:1:"), "{run:#?}");
    // Compression is detected from the content, whatever the extension.
    directory.write("call.json", compressed(&pretty));
    directory.write("calls.ndjson.gz", compressed(&format!("{valid}\n{invalid}\n")));
    assert_run(
        &directory.validate("call.json calls.ndjson.gz"),
        1,
        "3 payloads, 1 error",
    );
    // A stream may have several gzip members, as written by log rotation.
    let members = [compressed(&format!("{valid}\n")), compressed(&format!("{invalid}\n"))].concat();
    directory.write("two.ndjson.gz", members);
    assert_run(&directory.validate("two.ndjson.gz"), 1, "2 payloads, 1 error");
}

#[test]
fn recursive_input_skips_links_hidden_directories_and_pipes() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = Directory::new();
    for name in [
        "all/a.json",
        "all/.hidden/b.json",
        "all/sub/C.JSON",
        "all/locked/d.json",
    ] {
        directory.write(name, call().to_string());
    }
    let at = |name: &str| directory.path().join(name);
    symlink(".", at("all/round")).unwrap();
    symlink(".", at("all/about")).unwrap();
    symlink("sub/C.JSON", at("all/link.json")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(at("all/pipe.json"))
            .status()
            .unwrap()
            .success()
    );
    assert_run(&directory.validate("-r all"), 0, "4 payloads, 0 errors");
    assert_run(&directory.validate("all/**/*.json"), 0, "3 payloads, 0 errors");
    assert_run(&directory.validate("all/.hidden/*.json"), 0, "1 payload, 0 errors");
    // An unreadable directory does not affect the others. (As root, every directory can be read.)
    fs::set_permissions(at("all/locked"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(at("all/locked")).is_err() {
        let run = directory.validate("-r all");
        assert_run(&run, 2, "3 payloads, 0 errors");
        assert!(run.err.starts_with("error: all/locked cannot be read: "), "{run:#?}");
    }
    fs::set_permissions(at("all/locked"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn output_file_is_never_an_input() {
    let directory = Directory::new();
    directory.write("call.json", call().to_string());
    directory.write(
        "api.yaml",
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n",
    );
    let run = directory.validate("call.json -o call.json");
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            2,
            "error: call.json is an input and cannot be the output; write to another file\n"
        )
    );
    let run = directory.run("validate --document api.yaml -o api.yaml");
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(
        fs::read_to_string(directory.path().join("api.yaml"))
            .unwrap()
            .starts_with("openapi")
    );
    // In a directory, the report is skipped. An earlier report is kept if the command fails.
    for _ in 0..2 {
        let run = directory.validate(". --format json -o report.json");
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    }
    let report = fs::read_to_string(directory.path().join("report.json")).unwrap();
    let run = directory.run("validate --schema Typo call.json -o report.json");
    assert_eq!(run.code, 2, "{run:#?}");
    assert_eq!(
        fs::read_to_string(directory.path().join("report.json")).unwrap(),
        report
    );
}

/// Keys in payloads and names of files are untrusted.
#[test]
fn untrusted_names_are_printed_without_control_characters() {
    let directory = Directory::new();
    directory.write(
        "call.json",
        "{\"id\": \"1\", \"\\n::error::pwn\\u001b[31m\\u202e\\n```\": 1}",
    );
    directory.write("\n::warning::pwn.json", "");
    for format in ["text", "github"] {
        let run = directory.run_with(
            &format!("validate --schema Call . --format {format}"),
            b"",
            &[("CLICOLOR_FORCE", "1")],
        );
        assert_eq!(run.code, 2, "{run:#?}");
        let lines = || run.out.lines().chain(run.err.lines());
        assert!(
            lines().all(|line| !line.starts_with("::error::pwn") && !line.starts_with("::warning::pwn")),
            "{run:#?}"
        );
        assert!(lines().all(|line| !line.starts_with("```")), "{run:#?}");
        assert!(
            !run.out.contains("\u{1b}[31m") && !run.out.contains('\u{202e}'),
            "{run:#?}"
        );
    }
}

#[test]
fn response_option_accepts_documented_statuses_with_json_only() {
    let directory = Directory::new();
    directory.write(
        "api.yaml",
        "openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /a:
    get:
      operationId: get_a
      responses:
        '200': {description: Fine, content: {text/csv: {schema: {type: string}}}}
        '204': {description: Nothing}
        4XX: {description: Wrong, content: {application/json: {schema: {type: object, required: [error]}}}}
        default: {description: Worse, content: {application/json: {schema: {type: object}}}}
",
    );
    directory.write("a.json", "{}");
    let validate = |status: &str| {
        directory.run(&format!(
            "validate --document api.yaml --operation get_a --response {status} a.json"
        ))
    };
    for status in ["200", "204", "40", "xyz", "0", "600"] {
        let run = validate(status);
        assert_eq!(run.code, 2, "{status}: {run:#?}");
        assert!(run.err.contains("; it has 4XX, default"), "{status}: {run:#?}");
    }
    for (status, code) in [("404", 1), ("4XX", 1), ("500", 0), ("default", 0)] {
        assert_eq!(validate(status).code, code, "{status}");
    }
}

#[test]
fn junit_hidden_findings_fail_their_test_case() {
    let directory = Directory::new();
    directory.write("a.ndjson", format!("{}\n{}\n", invalid_call(), invalid_call()));
    directory.write("b.json", invalid_call().to_string());
    let run = directory.validate("a.ndjson b.json --format junit --max-findings 1");
    assert!(run.out.contains("tests=\"2\" failures=\"2\" errors=\"0\""), "{run:#?}");
}

#[test]
fn stderr_write_error_is_ignored() {
    let directory = Directory::new();
    directory.write("bad.json", invalid_call().to_string());
    let full = fs::File::options().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let run = Command::new(env!("CARGO_BIN_EXE_callrounded-doc"))
        .args(["validate", "--schema", "Call", "gone.json", "bad.json"])
        .current_dir(directory.path())
        .stderr(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(str::from_utf8(&run.stdout).unwrap().ends_with("1 payload, 1 error\n"));
}

#[test]
fn max_findings_limits_output_but_not_counts() {
    let directory = Directory::new();
    directory.write("bad.ndjson", format!("{}\n", invalid_call()).repeat(250));
    let count = |run: &Run, what: &str| run.out.matches(what).count();
    let run = directory.validate("bad.ndjson");
    assert_run(&run, 1, "250 payloads, 250 errors");
    assert_eq!(count(&run, "error[type]"), 200);
    assert!(run.out.contains("\n… and 50 more findings\n"), "{run:#?}");
    let run = directory.validate("bad.ndjson --format github --max-findings 249");
    assert_eq!(count(&run, "::error file=bad.ndjson,"), 249);
    assert!(run.out.contains("\n… and 1 more finding\n"), "{run:#?}");
    let run = directory.validate("bad.ndjson --max-findings 0");
    assert_eq!(run.out, "… and 250 more findings\n250 payloads, 250 errors\n");
    for format in ["json", "sarif", "junit"] {
        let all = directory.validate(&format!("bad.ndjson --format {format}"));
        let some = directory.validate(&format!("bad.ndjson --format {format} --max-findings 3"));
        // The remedy of each finding has this word.
        let fingerprint = "payload ";
        assert_eq!(
            count(&all, fingerprint) / 250,
            count(&some, fingerprint) / 3,
            "{format}"
        );
        assert_eq!(some.code, 1);
    }
}

#[test]
fn quiet_prints_findings_only() {
    let directory = Directory::new();
    directory.write("good.json", call().to_string());
    directory.write("bad.json", invalid_call().to_string());
    let run = directory.validate("good.json --quiet");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let run = directory.validate("bad.json -q");
    assert!(
        run.out.starts_with("error[type]: ") && !run.out.contains("1 payload"),
        "{run:#?}"
    );
    let run = directory.validate("bad.json -q --format github");
    assert_eq!(run.out.lines().count(), 1, "{run:#?}");
}

#[test]
fn output_option_writes_report_to_file() {
    let directory = Directory::new();
    directory.write("bad.json", invalid_call().to_string());
    let plain = directory.validate("bad.json --format sarif");
    let run = directory.validate("bad.json --format sarif --output report.sarif");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "", ""));
    assert_eq!(
        fs::read_to_string(directory.path().join("report.sarif")).unwrap(),
        plain.out
    );
    let run = directory.validate("bad.json --output nowhere/report.txt");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.starts_with("error: nowhere/report.txt cannot be written: "),
        "{run:#?}"
    );
}

#[test]
fn colors_follow_environment_variables() {
    let directory = Directory::new();
    directory.write("bad.json", invalid_call().to_string());
    let arguments = "validate --schema Call bad.json";
    assert!(!directory.run(arguments).out.contains('\x1b'));
    let forced = directory.run_with(arguments, b"", &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.out.starts_with("\x1b[1;31merror[type]\x1b[0m: "), "{forced:#?}");
    let plain = directory.run_with(arguments, b"", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
    assert!(!plain.out.contains('\x1b'), "{plain:#?}");
    // A report in a file has no colours.
    directory.run_with(
        &format!("{arguments} --output report.txt"),
        b"",
        &[("CLICOLOR_FORCE", "1")],
    );
    assert!(
        !fs::read_to_string(directory.path().join("report.txt"))
            .unwrap()
            .contains('\x1b')
    );
}

#[test]
fn junit_unreadable_file_fails_its_test_case() {
    let directory = Directory::new();
    directory.write("good.json", call().to_string());
    let run = directory.validate("good.json gone.json --format junit");
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.out.contains("tests=\"2\" failures=\"0\" errors=\"1\""), "{run:#?}");
    let case = "name=\"gone.json\">\n    <error message=\"gone.json cannot be read: ";
    assert!(run.out.contains(case), "{run:#?}");
    let run = directory.validate("good.json gone.json --format json");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["unreadable"][0]["file"], "gone.json");
    assert_eq!(report["payloads"], 1);
}

#[test]
fn github_paths_are_relative_to_repository_root() {
    let directory = Directory::new();
    directory.write(".git/HEAD", "");
    directory.write("services/calls/bad.json", invalid_call().to_string());
    directory.write("fixtures/bad.json", invalid_call().to_string());
    let within = Directory::new();
    within.write("bad.json", invalid_call().to_string());
    let outside = within.path().join("bad.json").display().to_string();
    let run = Command::new(env!("CARGO_BIN_EXE_callrounded-doc"))
        .args([
            "validate",
            "--schema",
            "Call",
            "bad.json",
            "../../fixtures/bad.json",
            &outside,
            "--format",
            "github",
        ])
        .current_dir(directory.path().join("services/calls"))
        .output()
        .unwrap();
    let out = str::from_utf8(&run.stdout).unwrap();
    let files: Vec<&str> = out
        .lines()
        .filter_map(|line| line.strip_prefix("::error file=")?.split(',').next())
        .collect();
    assert_eq!(
        files,
        ["services/calls/bad.json", "fixtures/bad.json", &outside],
        "{out}"
    );
    // Outside of a repository, paths are those of the arguments.
    within.write("sub/bad.json", invalid_call().to_string());
    let run = within.validate("sub/bad.json --format github");
    assert!(run.out.starts_with("::error file=sub/bad.json,"), "{run:#?}");
}

#[test]
fn sarif_rules_are_those_of_the_results() {
    let directory = Directory::new();
    directory.write("bad.ndjson", format!("{}\n{}\n{{\n", invalid_call(), json!({})));
    let run = directory.validate("bad.ndjson --format sarif");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let run = &report["runs"][0];
    let rules: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            assert!(!rule["shortDescription"]["text"].as_str().unwrap().is_empty());
            rule["id"].as_str().unwrap()
        })
        .collect();
    assert_eq!(rules, ["json", "required", "type"]);
    assert_eq!(run["tool"]["driver"]["name"], "callrounded-doc");
    let results = run["results"].as_array().unwrap();
    // The built-in document is not a file, so it is not a related location.
    assert!(
        results.iter().all(|result| result.get("relatedLocations").is_none()),
        "{run:#}"
    );
    assert!(
        results
            .iter()
            .all(|result| rules.contains(&result["ruleId"].as_str().unwrap()))
    );
}

#[cfg(feature = "changes")]
#[test]
fn diff_import_and_drift_work_outside_a_workspace() {
    let directory = Directory::new();
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/calls.yaml")).unwrap();
    directory.write("old.yaml", &text);
    assert_run(
        &directory.run("diff old.yaml"),
        0,
        "the generated client is unchanged: no release is needed",
    );
    let run = directory.run("import old.yaml --output new.yaml");
    assert_eq!(run.code, 0, "{run:#?}");
    let run = directory.run("diff old.yaml new.yaml --format html --output notes.html");
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert!(
        fs::read_to_string(directory.path().join("notes.html"))
            .unwrap()
            .contains("No changes.")
    );
    let mut known = call();
    known["added"] = json!("later");
    directory.write("calls.ndjson.gz", compressed(&format!("{known}\n")));
    let run = directory.run("drift --schema Call calls.ndjson.gz");
    assert_eq!(run.code, 1, "{run:#?}");
    assert!(
        run.out.contains("drift[property]: undocumented property `added`"),
        "{run:#?}"
    );
    for (arguments, problem) in [
        ("diff", "error: missing the document to compare with; specify OLD\n"),
        (
            "import old.yaml",
            "error: missing the document to write; specify it with --output\n",
        ),
        ("drift", "error: missing the recorded payloads; specify their files\n"),
        (
            "drift --schema Call calls.ndjson.gz --apply",
            "error: the built-in document cannot be changed; specify another with --document\n",
        ),
        ("drift --schema Call gone.json", "error: gone.json cannot be read: "),
        (
            "validate",
            "error: missing payloads; specify their files, or --document to validate the examples of a document\n",
        ),
        (
            "validate calls.ndjson.gz",
            "error: missing the kind of the payloads; \
             specify --schema NAME, or --operation ID with --request or --response STATUS\n",
        ),
        (
            "validate --schema Cal x.json",
            "error: the document has no schema `Cal`; it has ",
        ),
    ] {
        let run = directory.run(arguments);
        assert_eq!(run.code, 2, "{arguments}: {run:#?}");
        assert!(run.err.starts_with(problem), "{arguments}: {run:#?}");
    }
}

#[test]
fn help_is_printed_and_unknown_option_exits_with_2() {
    let directory = Directory::new();
    let run = directory.run("validate --help");
    assert_eq!(run.code, 0);
    expect_test::expect_file!["golden/validate-help.txt"].assert_eq(&run.out);
    assert_eq!(directory.run("validate --formt json").code, 2);
    assert!(directory.run("--version").out.starts_with("callrounded-doc "));
}
