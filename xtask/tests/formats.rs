//! Tests the machine-readable formats of `cargo xtask validate`. SARIF is validated against its schema, and JUnit XML
//! against the schema of its readers, with the Python that `.ci/run` installs. GitHub workflow commands are parsed as
//! the runner parses them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_doc::Exit;
use callrounded_test_support::skip_without_tool;
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use tempfile::TempDir;

use support::{Workspace, lossless_types, root};

const DOCUMENT: &str = r##"openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Thing"}
            examples:
              inline: {value: {name: 1, size: huge}}
              file: {externalValue: "examples/a thing, 100%: odd.json"}
      responses: {"200": {description: Added}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
        count: {type: integer, maximum: 5}
        size: {type: string, enum: [small, large]}
        'a/b~c "d"': {type: string}
        code: {type: string, pattern: "^50%,\\r\\n::[<&>]$"}
        map: {type: object, additionalProperties: {type: string}}
"##;

/// A file name with characters that the formats must escape.
const ODD_NAME: &str = "odd, 100%: <&>\"'.json";

/// The result of a run.
struct Run {
    exit: Exit,
    output: String,
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self::empty();
        workspace.write("openapi/calls.yaml", DOCUMENT);
        workspace.write(
            "openapi/examples/a thing, 100%: odd.json",
            "{\n  \"name\": \"é — 漢字\", \"count\": 9,\n  \"new\": 1\n}\n",
        );
        workspace.write("good.json", "{\"name\": \"a\"}");
        workspace.write("one.json", "{\"name\": 1}");
        workspace.write(
            "many.json",
            "{\n\t\"name\": \"a\", \"name\": 2,\n  \"count\": 6, \"size\": \"other\", \"a/b~c \\\"d\\\"\": [],\n  \"code\": \"x\", \
             \"new, <100%>:: \\r\\n\\u0000\": {}, \"map\": {\"]]>\": 1}\n}\n",
        );
        workspace.write("broken.json", "{\"name\": \"\u{1}\u{fffe}\"");
        workspace.write(
            "lines.ndjson",
            "{\"name\": \"a\"}\n{\"name\": 1}\n\n{}\n{\"name\": \"a\", \"fresh\": 1}\n",
        );
        workspace.write(ODD_NAME, "{\"count\": \"x\", \"fresh\": 1}");
        workspace
    }

    fn run(&self, format: &str, arguments: &[&str]) -> Run {
        let words = [&["validate", "--format", format], arguments].concat();
        // People see input errors on standard error, programs in the report.
        let run = if format == "text" {
            support::run
        } else {
            support::output
        };
        let (exit, output) = run(&words, self.directories(), &mut lossless_types());
        Run { exit, output }
    }
}

/// A run that each format must report.
struct Scenario {
    name: &'static str,
    arguments: Vec<&'static str>,
    exit: Exit,
    payloads: u64,
    errors: u64,
    drift: u64,
    /// The error message that the report must contain.
    message: Option<&'static str>,
}

impl Scenario {
    /// Checks whether drift is an error, as it is for the document's own examples.
    fn is_strict(&self) -> bool {
        self.arguments.is_empty() || self.arguments.contains(&"--strict")
    }
}

fn scenarios() -> Vec<Scenario> {
    let scenario = |name, arguments: &[&'static str], exit, [payloads, errors, drift]: [u64; 3], message| Scenario {
        name,
        arguments: arguments.to_vec(),
        exit,
        payloads,
        errors,
        drift,
        message,
    };
    let schema = |files: &[&'static str]| [&["--schema", "Thing"], files].concat();
    vec![
        scenario("none", &schema(&["good.json"]), Exit::Clean, [1, 0, 0], None),
        scenario("one", &schema(&["one.json"]), Exit::Findings, [1, 1, 0], None),
        scenario(
            "drift alone",
            &schema(&["lines.ndjson"]),
            Exit::Findings,
            [4, 2, 1],
            None,
        ),
        scenario(
            "many",
            &schema(&[
                "many.json",
                "good.json",
                "broken.json",
                ODD_NAME,
                "lines.ndjson",
                "many.json",
            ]),
            Exit::Findings,
            [9, 17, 6],
            None,
        ),
        scenario(
            "many, strictly",
            &[schema(&["many.json", ODD_NAME]), vec!["--strict"]].concat(),
            Exit::Findings,
            [2, 8, 3],
            None,
        ),
        scenario("examples", &[], Exit::Findings, [2, 2, 2], None),
        scenario(
            "an input error between other files",
            &schema(&["one.json", "missing, 100%.json", "lines.ndjson", "gone.json"]),
            Exit::InputError,
            [5, 3, 1],
            Some("missing, 100%.json cannot be read: "),
        ),
        scenario(
            "an input error before all files",
            &["--schema", "Nothing", "one.json"],
            Exit::InputError,
            [0, 0, 0],
            Some("the document has no schema `Nothing`; it has Thing"),
        ),
    ]
}

/// Runs each scenario in a format, and calls `check` with its output.
fn for_each_scenario(format: &str, check: impl Fn(&Scenario, &str)) {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let run = workspace.run(format, &scenario.arguments);
        assert_eq!(run.exit, scenario.exit, "{}: {}", scenario.name, run.output);
        check(&scenario, &run.output);
    }
}

#[test]
fn text_lists_findings_and_ends_with_counts() {
    for_each_scenario("text", |scenario, output| {
        let name = scenario.name;
        let count = |label: &str| output.lines().filter(|line| line.starts_with(label)).count() as u64;
        assert_eq!(count("error["), scenario.errors, "{name}: {output}");
        assert_eq!(count("drift["), scenario.drift, "{name}: {output}");
        match scenario.message {
            Some(message) => assert!(output.contains(message), "{name}: {output}"),
            None => {
                let last = output.lines().last().unwrap();
                let plural = if scenario.payloads == 1 { "" } else { "s" };
                assert!(
                    last.starts_with(&format!("{} payload{plural}, ", scenario.payloads)),
                    "{name}: {last}"
                );
            }
        }
        assert!(output.ends_with('\n'));
    });
}

#[test]
fn json_is_one_value_with_findings_and_counts() {
    for_each_scenario("json", |scenario, output| {
        let name = scenario.name;
        let value: Value = serde_json::from_str(output).unwrap_or_else(|error| panic!("{name}: {error}: {output}"));
        let mut keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "drift",
                "errors",
                "expected",
                "failure",
                "findings",
                "hidden",
                "notes",
                "payloads",
                "unreadable"
            ],
            "{name}"
        );
        let findings = value["findings"].as_array().unwrap();
        let count = |verdict: &str| findings.iter().filter(|finding| finding["verdict"] == verdict).count() as u64;
        let expected = [
            scenario.payloads,
            scenario.errors,
            scenario.drift,
            scenario.errors,
            scenario.drift,
        ];
        let counts = [&value["payloads"], &value["errors"], &value["drift"]].map(|count| count.as_u64().unwrap());
        assert_eq!(
            [counts[0], counts[1], counts[2], count("error"), count("drift")],
            expected,
            "{name}: {value:#}"
        );
        assert_eq!(value["expected"], 0);
        for finding in findings {
            assert_finding(finding);
        }
        let notes: Vec<&str> = value["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| note.as_str().unwrap())
            .collect();
        let unreadable = value["unreadable"].as_array().unwrap().iter();
        let unreadable =
            unreadable.map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["problem"].as_str().unwrap()));
        let mut messages = notes
            .iter()
            .copied()
            .chain(value["failure"].as_str())
            .map(str::to_owned)
            .chain(unreadable);
        assert_eq!(
            messages.any(|text| scenario.message.is_some_and(|message| text.contains(message))),
            scenario.message.is_some()
        );
        // One finding per line keeps diffs of reports readable.
        assert_eq!(
            output.lines().count(),
            if findings.is_empty() { 1 } else { findings.len() + 2 },
            "{output}"
        );
    });
}

/// Checks the properties that every finding has in JSON.
fn assert_finding(finding: &Value) {
    for key in [
        "verdict",
        "keyword",
        "file",
        "about",
        "pointer",
        "excerpt",
        "problem",
        "remedy",
        "fingerprint",
    ] {
        assert!(finding[key].is_string(), "{key}: {finding:#}");
    }
    for key in ["keyword", "file", "problem", "remedy"] {
        assert!(!finding[key].as_str().unwrap().is_empty(), "{key}: {finding:#}");
    }
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    assert!(
        fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit()),
        "{fingerprint}"
    );
    assert!(
        finding["line"].as_u64().unwrap() > 0 && finding["column"].as_u64().unwrap() > 0,
        "{finding:#}"
    );
    for (key, location_keys) in [
        ("also", &["line", "column"][..]),
        ("required_by", &["file", "line", "column", "pointer"]),
    ] {
        assert!(finding.get(key).is_some(), "{key} must be present or null: {finding:#}");
        if let Some(location) = finding[key].as_object() {
            assert!(
                location_keys.iter().all(|key| location.contains_key(*key)),
                "{finding:#}"
            );
        }
    }
    assert_eq!(
        finding["also"].is_object(),
        finding["keyword"] == "duplicate",
        "{finding:#}"
    );
    assert_eq!(finding.as_object().unwrap().len(), 13, "{finding:#}");
}

/// Returns the source directory of a package that the workspace depends on, even if it is never compiled.
fn package_source(package: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|known| known["name"] == package).unwrap();
    Path::new(package["manifest_path"].as_str().unwrap())
        .parent()
        .unwrap()
        .to_owned()
}

#[test]
fn sarif_is_valid_against_its_schema() {
    let schema = fs::read_to_string(package_source("serde-sarif").join("src/schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // This pattern is not a valid regular expression because of a stray bracket. Our reports have no language.
    for holder in ["run", "toolComponent"] {
        let language = schema
            .pointer_mut(&format!("/definitions/{holder}/properties/language"))
            .unwrap();
        assert_eq!(language["pattern"], "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        language.as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    assert!(
        !validator.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})),
        "the schema requires a tool"
    );
    for_each_scenario("sarif", |scenario, output| {
        let name = scenario.name;
        let log: Value = serde_json::from_str(output).unwrap_or_else(|error| panic!("{name}: {error}: {output}"));
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{log:#}");
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let strict = scenario.is_strict();
        let count = |level: &str| results.iter().filter(|result| result["level"] == level).count() as u64;
        let expected = if strict {
            (scenario.errors + scenario.drift, 0)
        } else {
            (scenario.errors, scenario.drift)
        };
        assert_eq!((count("error"), count("warning")), expected, "{name}: {run:#}");
        for result in results {
            let location = &result["locations"][0]["physicalLocation"];
            let uri = location["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes()
                    .all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`#?:, ".contains(&b)),
                "{uri}"
            );
            assert!(location["region"]["startLine"].as_u64().unwrap() > 0);
            assert_eq!(
                result["partialFingerprints"]["callrounded/v1"].as_str().unwrap().len(),
                16
            );
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        }
        let has_odd_name = results.iter().any(|result| {
            let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            uri == "odd%2C%20100%25%3A%20%3C%26%3E%22%27.json"
        });
        assert_eq!(has_odd_name, scenario.arguments.contains(&ODD_NAME), "{name}");
        let invocation = &run["invocations"][0];
        assert_eq!(
            invocation["executionSuccessful"],
            scenario.exit != Exit::InputError,
            "{name}"
        );
        let messages = format!(
            "{}{}",
            run["properties"]["notes"], invocation["toolExecutionNotifications"]
        );
        assert!(
            scenario.message.is_none_or(|message| messages.contains(message)),
            "{name}: {messages}"
        );
    });
}

#[test]
fn sarif_finding_has_related_locations() {
    let workspace = Workspace::new();
    let log: Value = serde_json::from_str(&workspace.run("sarif", &["--schema", "Thing", "many.json"]).output).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let find = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap();
    let duplicate = &find("duplicate")["relatedLocations"][0]["physicalLocation"];
    assert_eq!(duplicate["artifactLocation"]["uri"], "many.json");
    assert_eq!(duplicate["region"]["startLine"], 2);
    let required_by = &find("maximum")["relatedLocations"][0]["physicalLocation"];
    assert_eq!(required_by["artifactLocation"]["uri"], "openapi/calls.yaml");
    let line = required_by["region"]["startLine"].as_u64().unwrap() as usize;
    let column = required_by["region"]["startColumn"].as_u64().unwrap() as usize;
    let source = DOCUMENT.lines().nth(line - 1).unwrap();
    assert!(
        source.chars().skip(column - 1).collect::<String>().starts_with('5'),
        "{source}"
    );
}

/// A test case of a JUnit report.
#[derive(Debug, Default)]
struct Case {
    name: String,
    /// Type, message and text of each failure.
    failures: Vec<(String, String, String)>,
    outputs: Vec<String>,
}

/// Parses a JUnit report, and checks its counts. Returns the test cases, and the output of the suite.
fn parse_junit(text: &str) -> (Vec<Case>, String) {
    let mut reader = Reader::from_str(text);
    let (mut cases, mut suite_output) = (Vec::<Case>::new(), String::new());
    let (mut open, mut content, mut counts) = (Vec::<String>::new(), String::new(), None);
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        match event {
            Event::Start(start) => {
                let attribute = |name: &str| {
                    let attribute = start.try_get_attribute(name).unwrap()?;
                    Some(unescape(&attribute.value))
                };
                let name = start.name().as_ref().to_owned();
                match name.as_str() {
                    "testsuite" => counts = Some(["tests", "failures", "errors"].map(|name| attribute(name).unwrap())),
                    "testcase" => cases.push(Case {
                        name: attribute("name").unwrap(),
                        ..Case::default()
                    }),
                    "failure" => {
                        let failure = (attribute("type").unwrap(), attribute("message").unwrap(), String::new());
                        cases.last_mut().unwrap().failures.push(failure);
                    }
                    _ => {}
                }
                open.push(name);
                content.clear();
            }
            Event::Text(part) => content.push_str(&part),
            Event::GeneralRef(part) => content.push_str(&format!("&{};", &*part)),
            Event::End(_) => {
                let name = open.pop().unwrap();
                let in_case = open.last().is_some_and(|parent| parent == "testcase");
                match (name.as_str(), in_case) {
                    ("failure", _) => cases.last_mut().unwrap().failures.last_mut().unwrap().2 = unescape(&content),
                    ("system-out", true) => cases.last_mut().unwrap().outputs.push(unescape(&content)),
                    ("system-out", false) => suite_output = unescape(&content),
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let failures: usize = cases.iter().map(|case| case.failures.len()).sum();
    let [tests, failed, _errors] = counts.unwrap();
    assert_eq!(
        (tests, failed),
        (cases.len().to_string(), failures.to_string()),
        "{text}"
    );
    (cases, suite_output)
}

fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).unwrap().into_owned()
}

#[test]
fn junit_has_case_per_file_and_failure_per_error() {
    for_each_scenario("junit", |scenario, output| {
        let name = scenario.name;
        let (cases, suite_output) = parse_junit(output);
        let failures: u64 = cases.iter().map(|case| case.failures.len() as u64).sum();
        let outputs: u64 = cases.iter().map(|case| case.outputs.len() as u64).sum();
        let expected = if scenario.is_strict() {
            (scenario.errors + scenario.drift, 0)
        } else {
            (scenario.errors, scenario.drift)
        };
        assert_eq!((failures, outputs), expected, "{name}: {output}");
        if scenario.exit != Exit::InputError {
            let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            let expected_names = if scenario.arguments.is_empty() {
                vec!["openapi/calls.yaml", "openapi/examples/a thing, 100%: odd.json"]
            } else {
                scenario
                    .arguments
                    .iter()
                    .skip(2)
                    .filter(|one| !one.starts_with("--"))
                    .copied()
                    .collect()
            };
            assert_eq!(names, expected_names, "{name}");
            names.dedup();
            assert_eq!(names.len(), cases.len(), "{name}");
        }
        for (kind, message, body) in cases.iter().flat_map(|case| &case.failures) {
            assert!(
                body.contains(&format!("[{kind}]")) && body.contains("fingerprint"),
                "{name}: {body}"
            );
            assert!(
                !message.is_empty() && body.contains(message.lines().next().unwrap().trim_end()),
                "{name}: {body}"
            );
        }
        assert!(
            scenario.message.is_none_or(|message| suite_output.contains(message)),
            "{name}: {suite_output}"
        );
        // The report has no characters that XML does not allow.
        assert!(
            !output
                .chars()
                .any(|c| c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}'))
        );
    });
}

/// Returns the Python that `.ci/run` installs, and a file of a package that `tests/python/fetch_suites.sh` fetches. If
/// either is missing, prints that the test is skipped.
fn python_and(file: &str) -> Option<(PathBuf, PathBuf)> {
    let target = root().join("target");
    let (python, file) = (target.join(".venv/bin/python"), target.join("suites").join(file));
    for needed in [&python, &file] {
        if !needed.exists() {
            skip_without_tool(format!(
                "validation of JUnit reports: {} is missing; `.ci/run tests` installs it",
                needed.display()
            ));
            return None;
        }
    }
    Some((python, file))
}

#[test]
fn junit_is_valid_against_its_schema() {
    let Some((python, schema)) = python_and("pytest-9.2.0/testing/example_scripts/junit-10.xsd") else {
        return;
    };
    let reports = TempDir::new().unwrap();
    let validate = |files: &[PathBuf]| {
        let script = "import sys, xmlschema\nschema = xmlschema.XMLSchema(sys.argv[1])\n\
                      for file in sys.argv[2:]: schema.validate(file)";
        Command::new(&python)
            .args(["-c", script])
            .arg(&schema)
            .args(files)
            .output()
            .unwrap()
    };
    // An invalid report is rejected.
    let invalid = reports.path().join("invalid.xml");
    fs::write(
        &invalid,
        "<testsuites><testsuite name=\"x\" tests=\"0\" failures=\"0\" errors=\"0\"><nonsense/></testsuite></testsuites>",
    )
    .unwrap();
    let output = validate(std::slice::from_ref(&invalid));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && stderr.contains("XMLSchemaChildrenValidationError"),
        "{stderr}"
    );
    for_each_scenario("junit", |scenario, report| {
        fs::write(reports.path().join(format!("{}.xml", scenario.name)), report).unwrap();
    });
    fs::remove_file(invalid).unwrap();
    let files: Vec<PathBuf> = fs::read_dir(reports.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), scenarios().len());
    let output = validate(&files);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A GitHub workflow command.
#[derive(Debug, PartialEq)]
struct Annotation {
    command: String,
    properties: Vec<(String, String)>,
    message: String,
}

/// Parses a line of output as GitHub's runner does: see `ActionCommand.TryParseV2` of actions/runner
/// (src/Runner.Common/ActionCommand.cs), the inverse of `escapeData` and `escapeProperty` of @actions/core
/// (packages/core/src/command.ts). Returns `None` for a line that is not a command.
fn parse_annotation(line: &str) -> Option<Annotation> {
    // The runner ignores leading white space.
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, message) = rest.split_once("::")?;
    // The name ends at the first space. Properties are separated by commas; their keys end at the first equals sign.
    let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties
        .trim()
        .split(',')
        .filter(|part| !part.is_empty())
        .filter_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":");
            Some((key.to_owned(), value.replace("%2C", ",").replace("%25", "%")))
        });
    Some(Annotation {
        command: command.to_owned(),
        properties: properties.collect(),
        message: message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"),
    })
}

#[test]
fn github_annotations_match_json_findings() {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let name = scenario.name;
        let output = workspace.run("github", &scenario.arguments).output;
        let value: Value = serde_json::from_str(&workspace.run("json", &scenario.arguments).output).unwrap();
        let findings = value["findings"].as_array().unwrap();
        let annotations: Vec<Annotation> = output.lines().filter_map(parse_annotation).collect();
        let (of_findings, others): (Vec<_>, Vec<_>) = annotations
            .iter()
            .partition(|annotation| annotation.properties.iter().any(|(key, _)| key == "line"));
        assert_eq!(of_findings.len(), findings.len(), "{name}: {output}");
        for (annotation, finding) in of_findings.iter().zip(findings) {
            let string = |key: &str| finding[key].as_str().unwrap();
            // Control characters are replaced.
            let printable = |key: &str| string(key).replace('\0', "\u{fffd}");
            let strict = scenario.is_strict();
            let command = if string("verdict") == "drift" && !strict {
                "warning"
            } else {
                "error"
            };
            assert_eq!(annotation.command, command, "{name}");
            let expected = [
                ("file", string("file").to_owned()),
                ("line", finding["line"].to_string()),
                ("col", finding["column"].to_string()),
                ("title", format!("{} [{}]", string("keyword"), string("fingerprint"))),
            ];
            let expected: Vec<(String, String)> = expected
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect();
            assert_eq!(annotation.properties, expected, "{name}");
            assert!(
                annotation.message.starts_with(&printable("problem")),
                "{name}: {annotation:?}"
            );
            assert!(annotation.message.ends_with(string("remedy")), "{name}: {annotation:?}");
        }
        if let Some(message) = scenario.message {
            assert!(
                others.iter().any(|annotation| annotation.message.contains(message)),
                "{name}: {output}"
            );
        }
        // The output consists of commands, one per line, and the summary.
        assert_eq!(output.lines().count(), annotations.len() + 1, "{name}: {output}");
        assert_eq!(parse_annotation(output.lines().last().unwrap()), None);
    }
}

#[test]
fn github_special_characters_are_escaped() {
    let workspace = Workspace::new();
    let names = [
        "100%, sure: a::b.json",
        "%0A %2C %25.json",
        "line=1,col=2.json",
        "tab\tand\rreturn.json",
        "two\nlines.json",
    ];
    for name in names {
        workspace.write(name, "{\"a % , :: \\r \\n \\\" %0A\": 1, \"code\": \"x\"}");
        let output = workspace.run("github", &["--schema", "Thing", name]).output;
        let annotations: Vec<Annotation> = output.split('\n').filter_map(parse_annotation).collect();
        assert_eq!(annotations.len(), 3, "{output}");
        for annotation in &annotations {
            assert_eq!(
                annotation.properties[0],
                ("file".to_owned(), name.to_owned()),
                "{output}"
            );
            assert_eq!(annotation.properties.len(), 4, "{output}");
        }
        let unknown = annotations.iter().find(|one| one.command == "warning").unwrap();
        assert!(unknown.message.contains("`a % , :: \r \n \" %0A`"), "{unknown:?}");
        let pattern = annotations.iter().find(|one| one.message.contains("pattern")).unwrap();
        assert!(pattern.message.contains("^50%,\\r\\n::[<&>]$"), "{pattern:?}");
    }
}

#[test]
fn all_formats_report_the_same_findings() {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let value: Value = serde_json::from_str(&workspace.run("json", &scenario.arguments).output).unwrap();
        let findings = value["findings"].as_array().unwrap().iter();
        let fingerprints: Vec<&str> = findings
            .map(|finding| finding["fingerprint"].as_str().unwrap())
            .collect();
        for format in ["text", "github", "sarif", "junit"] {
            let output = workspace.run(format, &scenario.arguments).output;
            let mut rest = output.as_str();
            for fingerprint in &fingerprints {
                let at = rest.find(fingerprint);
                let at = at
                    .unwrap_or_else(|| panic!("{}, {format}: {fingerprint} is missing or out of order", scenario.name));
                rest = rest.get(at + 1..).unwrap();
            }
        }
    }
}
