//! What machines read of `cargo xtask validate`: each format held against what its readers expect. SARIF against its
//! schema; JUnit's XML against that of the readers, by Python, where `.ci/run` has put it; GitHub's workflow commands
//! through a reading of them as the runner does it.
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

use support::{Workspace, root, same};

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

/// A file name with all that a format could trip over.
const ODD: &str = "odd, 100%: <&>\"'.json";

/// What came of a run.
struct Said {
    exit: Exit,
    text: String,
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
        workspace.write(ODD, "{\"count\": \"x\", \"fresh\": 1}");
        workspace
    }

    fn run(&self, format: &str, arguments: &[&str]) -> Said {
        let words = [&["validate", "--format", format], arguments].concat();
        // People see what is wrong with their input on standard error, programs in the report.
        let run = if format == "text" {
            support::run
        } else {
            support::output
        };
        let (exit, text) = run(&words, self.folders(), &mut same());
        Said { exit, text }
    }
}

/// A run that each format has to tell.
struct Scenario {
    what: &'static str,
    arguments: Vec<&'static str>,
    exit: Exit,
    payloads: u64,
    errors: u64,
    drift: u64,
    /// What the user did wrong has to be said too.
    says: Option<&'static str>,
}

impl Scenario {
    /// Whether drift is an error: of the document's own examples it is.
    fn is_strict(&self) -> bool {
        self.arguments.is_empty() || self.arguments.contains(&"--strict")
    }
}

fn scenarios() -> Vec<Scenario> {
    let scenario = |what, arguments: &[&'static str], exit, [payloads, errors, drift]: [u64; 3], says| Scenario {
        what,
        arguments: arguments.to_vec(),
        exit,
        payloads,
        errors,
        drift,
        says,
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
                ODD,
                "lines.ndjson",
                "many.json",
            ]),
            Exit::Findings,
            [9, 17, 6],
            None,
        ),
        scenario(
            "many, strictly",
            &[schema(&["many.json", ODD]), vec!["--strict"]].concat(),
            Exit::Findings,
            [2, 8, 3],
            None,
        ),
        scenario("examples", &[], Exit::Findings, [2, 2, 2], None),
        scenario(
            "an input error in the middle",
            &schema(&["one.json", "missing, 100%.json", "lines.ndjson", "gone.json"]),
            Exit::InputError,
            [5, 3, 1],
            Some("missing, 100%.json can't be read: "),
        ),
        scenario(
            "an input error before all",
            &["--schema", "Nothing", "one.json"],
            Exit::InputError,
            [0, 0, 0],
            Some("the document has no schema `Nothing`; it has Thing"),
        ),
    ]
}

/// Runs each scenario in a format; `check` gets what was said.
fn each(format: &str, check: impl Fn(&Scenario, &str)) {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let said = workspace.run(format, &scenario.arguments);
        assert_eq!(said.exit, scenario.exit, "{}: {}", scenario.what, said.text);
        check(&scenario, &said.text);
    }
}

#[test]
fn text_ends_with_what_it_comes_to() {
    each("text", |scenario, said| {
        let what = scenario.what;
        let count = |label: &str| said.lines().filter(|line| line.starts_with(label)).count() as u64;
        assert_eq!(count("error["), scenario.errors, "{what}: {said}");
        assert_eq!(count("drift["), scenario.drift, "{what}: {said}");
        match scenario.says {
            Some(wanted) => assert!(said.contains(wanted), "{what}: {said}"),
            None => {
                let last = said.lines().last().unwrap();
                let plural = if scenario.payloads == 1 { "" } else { "s" };
                assert!(
                    last.starts_with(&format!("{} payload{plural}, ", scenario.payloads)),
                    "{what}: {last}"
                );
            }
        }
        assert!(said.ends_with('\n'));
    });
}

#[test]
fn json_is_one_value_with_every_finding_and_the_counts() {
    each("json", |scenario, said| {
        let what = scenario.what;
        let value: Value = serde_json::from_str(said).unwrap_or_else(|error| panic!("{what}: {error}: {said}"));
        let mut names: Vec<&String> = value.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(
            names,
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
            "{what}"
        );
        let findings = value["findings"].as_array().unwrap();
        let of = |verdict: &str| findings.iter().filter(|one| one["verdict"] == verdict).count() as u64;
        let counts = [
            scenario.payloads,
            scenario.errors,
            scenario.drift,
            scenario.errors,
            scenario.drift,
        ];
        let found = [&value["payloads"], &value["errors"], &value["drift"]].map(|count| count.as_u64().unwrap());
        assert_eq!(
            [found[0], found[1], found[2], of("error"), of("drift")],
            counts,
            "{what}: {value:#}"
        );
        assert_eq!(value["expected"], 0);
        for one in findings {
            finding(one);
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
        let mut told = notes
            .iter()
            .copied()
            .chain(value["failure"].as_str())
            .map(str::to_owned)
            .chain(unreadable);
        assert_eq!(
            told.any(|note| scenario.says.is_some_and(|wanted| note.contains(wanted))),
            scenario.says.is_some()
        );
        // One finding a line, so that a diff of two reports reads well.
        assert_eq!(
            said.lines().count(),
            if findings.is_empty() { 1 } else { findings.len() + 2 },
            "{said}"
        );
    });
}

/// What every finding has, in JSON.
fn finding(one: &Value) {
    for name in [
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
        assert!(one[name].is_string(), "{name}: {one:#}");
    }
    for name in ["keyword", "file", "problem", "remedy"] {
        assert!(!one[name].as_str().unwrap().is_empty(), "{name}: {one:#}");
    }
    let fingerprint = one["fingerprint"].as_str().unwrap();
    assert!(
        fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit()),
        "{fingerprint}"
    );
    assert!(
        one["line"].as_u64().unwrap() > 0 && one["column"].as_u64().unwrap() > 0,
        "{one:#}"
    );
    for (name, fields) in [
        ("also", &["line", "column"][..]),
        ("required_by", &["file", "line", "column", "pointer"]),
    ] {
        assert!(one.get(name).is_some(), "{name} is there, or null: {one:#}");
        if let Some(place) = one[name].as_object() {
            assert!(fields.iter().all(|field| place.contains_key(*field)), "{one:#}");
        }
    }
    assert_eq!(one["also"].is_object(), one["keyword"] == "duplicate", "{one:#}");
    assert_eq!(one.as_object().unwrap().len(), 13, "{one:#}");
}

/// What `cargo` knows of the packages of this workspace, those that are never compiled included.
fn source_of(package: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|known| known["name"] == package).unwrap();
    Path::new(found["manifest_path"].as_str().unwrap())
        .parent()
        .unwrap()
        .to_owned()
}

#[test]
fn sarif_fits_its_schema() {
    let schema = fs::read_to_string(source_of("serde-sarif").join("src/schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // A stray bracket keeps this pattern from being a regular expression. A report of ours names no language.
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
        "the schema asks for a tool"
    );
    each("sarif", |scenario, said| {
        let what = scenario.what;
        let log: Value = serde_json::from_str(said).unwrap_or_else(|error| panic!("{what}: {error}: {said}"));
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}\n{log:#}");
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let strict = scenario.is_strict();
        let of = |level: &str| results.iter().filter(|result| result["level"] == level).count() as u64;
        let expected = match strict {
            true => (scenario.errors + scenario.drift, 0),
            false => (scenario.errors, scenario.drift),
        };
        assert_eq!((of("error"), of("warning")), expected, "{what}: {run:#}");
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
        let odd = results.iter().any(|result| {
            let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            uri == "odd%2C%20100%25%3A%20%3C%26%3E%22%27.json"
        });
        assert_eq!(odd, scenario.arguments.contains(&ODD), "{what}");
        let invocation = &run["invocations"][0];
        assert_eq!(
            invocation["executionSuccessful"],
            scenario.exit != Exit::InputError,
            "{what}"
        );
        let said = format!(
            "{}{}",
            run["properties"]["notes"], invocation["toolExecutionNotifications"]
        );
        assert!(
            scenario.says.is_none_or(|wanted| said.contains(wanted)),
            "{what}: {said}"
        );
    });
}

#[test]
fn sarif_has_both_places_of_a_finding() {
    let workspace = Workspace::new();
    let log: Value = serde_json::from_str(&workspace.run("sarif", &["--schema", "Thing", "many.json"]).text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap();
    let duplicate = &of("duplicate")["relatedLocations"][0]["physicalLocation"];
    assert_eq!(duplicate["artifactLocation"]["uri"], "many.json");
    assert_eq!(duplicate["region"]["startLine"], 2);
    let asked = &of("maximum")["relatedLocations"][0]["physicalLocation"];
    assert_eq!(asked["artifactLocation"]["uri"], "openapi/calls.yaml");
    let line = asked["region"]["startLine"].as_u64().unwrap() as usize;
    let column = asked["region"]["startColumn"].as_u64().unwrap() as usize;
    let source = DOCUMENT.lines().nth(line - 1).unwrap();
    assert!(
        source.chars().skip(column - 1).collect::<String>().starts_with('5'),
        "{source}"
    );
}

/// A test case, as a reader of the report sees it.
#[derive(Debug, Default)]
struct Case {
    name: String,
    failures: Vec<(String, String, String)>,
    said: Vec<String>,
}

/// Reads a report back, and holds its counts against what is there.
fn junit(text: &str) -> (Vec<Case>, String) {
    let mut reader = Reader::from_str(text);
    let (mut cases, mut of_suite) = (Vec::<Case>::new(), String::new());
    let (mut open, mut within, mut counts) = (Vec::<String>::new(), String::new(), None);
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        match event {
            Event::Start(start) => {
                let attribute = |name: &str| {
                    let found = start.try_get_attribute(name).unwrap()?;
                    Some(unescaped(&found.value))
                };
                let name = start.name().as_ref().to_owned();
                match name.as_str() {
                    "testsuite" => counts = Some(["tests", "failures", "errors"].map(|one| attribute(one).unwrap())),
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
                within.clear();
            }
            Event::Text(part) => within.push_str(&part),
            Event::GeneralRef(part) => within.push_str(&format!("&{};", &*part)),
            Event::End(_) => {
                let name = open.pop().unwrap();
                let in_case = open.last().is_some_and(|parent| parent == "testcase");
                match (name.as_str(), in_case) {
                    ("failure", _) => cases.last_mut().unwrap().failures.last_mut().unwrap().2 = unescaped(&within),
                    ("system-out", true) => cases.last_mut().unwrap().said.push(unescaped(&within)),
                    ("system-out", false) => of_suite = unescaped(&within),
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
    (cases, of_suite)
}

/// A text of XML as it reads.
fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).unwrap().into_owned()
}

#[test]
fn junit_has_a_case_for_each_file_and_a_failure_for_each_error() {
    each("junit", |scenario, said| {
        let what = scenario.what;
        let (cases, of_suite) = junit(said);
        let failures: u64 = cases.iter().map(|case| case.failures.len() as u64).sum();
        let notices: u64 = cases.iter().map(|case| case.said.len() as u64).sum();
        let expected = match scenario.is_strict() {
            true => (scenario.errors + scenario.drift, 0),
            false => (scenario.errors, scenario.drift),
        };
        assert_eq!((failures, notices), expected, "{what}: {said}");
        if scenario.exit != Exit::InputError {
            let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            let wanted = match scenario.arguments.is_empty() {
                true => vec!["openapi/calls.yaml", "openapi/examples/a thing, 100%: odd.json"],
                false => scenario
                    .arguments
                    .iter()
                    .skip(2)
                    .filter(|one| !one.starts_with("--"))
                    .copied()
                    .collect(),
            };
            assert_eq!(names, wanted, "{what}");
            names.dedup();
            assert_eq!(names.len(), cases.len(), "{what}");
        }
        for (kind, message, body) in cases.iter().flat_map(|case| &case.failures) {
            assert!(
                body.contains(&format!("[{kind}]")) && body.contains("fingerprint"),
                "{what}: {body}"
            );
            assert!(
                !message.is_empty() && body.contains(message.lines().next().unwrap().trim_end()),
                "{what}: {body}"
            );
        }
        assert!(
            scenario.says.is_none_or(|wanted| of_suite.contains(wanted)),
            "{what}: {of_suite}"
        );
        // What XML has no place for is not there at all.
        assert!(
            !said
                .chars()
                .any(|c| c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}'))
        );
    });
}

/// A file of a package that `tests/python/fetch_suites.sh` fetches, and the Python of `.ci/run`; says so where either is
/// missing.
fn python_and(file: &str) -> Option<(PathBuf, PathBuf)> {
    let target = root().join("target");
    let (python, file) = (target.join(".venv/bin/python"), target.join("suites").join(file));
    for needed in [&python, &file] {
        if !needed.exists() {
            skip_without_tool(format!(
                "JUnit reports against their schema: {} is not there; `.ci/run tests` puts it there",
                needed.display()
            ));
            return None;
        }
    }
    Some((python, file))
}

#[test]
fn junit_fits_its_schema() {
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
    // Of a report that does not fit, it is said.
    let wrong = reports.path().join("wrong.xml");
    fs::write(
        &wrong,
        "<testsuites><testsuite name=\"x\" tests=\"0\" failures=\"0\" errors=\"0\"><nonsense/></testsuite></testsuites>",
    )
    .unwrap();
    let output = validate(std::slice::from_ref(&wrong));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("XMLSchemaChildrenValidationError"),
        "{said}"
    );
    each("junit", |scenario, said| {
        fs::write(reports.path().join(format!("{}.xml", scenario.what)), said).unwrap();
    });
    fs::remove_file(wrong).unwrap();
    let files: Vec<PathBuf> = fs::read_dir(reports.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), scenarios().len());
    let output = validate(&files);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A workflow command.
#[derive(Debug, PartialEq)]
struct Annotation {
    command: String,
    properties: Vec<(String, String)>,
    message: String,
}

/// Reads a line of output as the runner does: `ActionCommand.TryParseV2` of actions/runner
/// (src/Runner.Common/ActionCommand.cs), which undoes `escapeData` and `escapeProperty` of @actions/core
/// (packages/core/src/command.ts). `None` is a line that it leaves alone.
fn annotation(line: &str) -> Option<Annotation> {
    // It looks at the line without the space around it.
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, message) = rest.split_once("::")?;
    // The name ends at the first space; properties are parted by commas, and each by its first equals sign.
    let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties
        .trim()
        .split(',')
        .filter(|part| !part.is_empty())
        .filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":");
            Some((name.to_owned(), value.replace("%2C", ",").replace("%25", "%")))
        });
    Some(Annotation {
        command: command.to_owned(),
        properties: properties.collect(),
        message: message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"),
    })
}

#[test]
fn github_reads_back_what_json_says() {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let what = scenario.what;
        let said = workspace.run("github", &scenario.arguments).text;
        let value: Value = serde_json::from_str(&workspace.run("json", &scenario.arguments).text).unwrap();
        let findings = value["findings"].as_array().unwrap();
        let annotations: Vec<Annotation> = said.lines().filter_map(annotation).collect();
        let (of_findings, others): (Vec<_>, Vec<_>) = annotations
            .iter()
            .partition(|one| one.properties.iter().any(|(name, _)| name == "line"));
        assert_eq!(of_findings.len(), findings.len(), "{what}: {said}");
        for (annotation, finding) in of_findings.iter().zip(findings) {
            // What a terminal would take for a command is a sign that there is something.
            let shown = |name: &str| finding[name].as_str().unwrap().replace('\0', "\u{fffd}");
            let text = |name: &str| finding[name].as_str().unwrap();
            let strict = scenario.is_strict();
            let command = if text("verdict") == "drift" && !strict {
                "warning"
            } else {
                "error"
            };
            assert_eq!(annotation.command, command, "{what}");
            let expected = [
                ("file", text("file").to_owned()),
                ("line", finding["line"].to_string()),
                ("col", finding["column"].to_string()),
                ("title", format!("{} [{}]", text("keyword"), text("fingerprint"))),
            ];
            let expected: Vec<(String, String)> = expected
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            assert_eq!(annotation.properties, expected, "{what}");
            assert!(
                annotation.message.starts_with(&shown("problem")),
                "{what}: {annotation:?}"
            );
            assert!(annotation.message.ends_with(text("remedy")), "{what}: {annotation:?}");
        }
        if let Some(wanted) = scenario.says {
            assert!(others.iter().any(|one| one.message.contains(wanted)), "{what}: {said}");
        }
        // Nothing but commands, each on a line of its own, and the summary.
        assert_eq!(said.lines().count(), annotations.len() + 1, "{what}: {said}");
        assert_eq!(annotation(said.lines().last().unwrap()), None);
    }
}

#[test]
fn github_keeps_what_is_nasty() {
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
        let said = workspace.run("github", &["--schema", "Thing", name]).text;
        let annotations: Vec<Annotation> = said.split('\n').filter_map(annotation).collect();
        assert_eq!(annotations.len(), 3, "{said}");
        for one in &annotations {
            assert_eq!(one.properties[0], ("file".to_owned(), name.to_owned()), "{said}");
            assert_eq!(one.properties.len(), 4, "{said}");
        }
        let unknown = annotations.iter().find(|one| one.command == "warning").unwrap();
        assert!(unknown.message.contains("`a % , :: \r \n \" %0A`"), "{unknown:?}");
        let pattern = annotations.iter().find(|one| one.message.contains("pattern")).unwrap();
        assert!(pattern.message.contains("^50%,\\r\\n::[<&>]$"), "{pattern:?}");
    }
}

#[test]
fn every_format_tells_the_same_findings() {
    let workspace = Workspace::new();
    for scenario in scenarios() {
        let value: Value = serde_json::from_str(&workspace.run("json", &scenario.arguments).text).unwrap();
        let fingerprints = value["findings"].as_array().unwrap().iter();
        let fingerprints: Vec<&str> = fingerprints.map(|one| one["fingerprint"].as_str().unwrap()).collect();
        for format in ["text", "github", "sarif", "junit"] {
            let said = workspace.run(format, &scenario.arguments).text;
            let mut rest = said.as_str();
            for fingerprint in &fingerprints {
                let at = rest.find(fingerprint);
                let at = at
                    .unwrap_or_else(|| panic!("{}, {format}: {fingerprint} is missing or out of order", scenario.what));
                rest = rest.get(at + 1..).unwrap();
            }
        }
    }
}
