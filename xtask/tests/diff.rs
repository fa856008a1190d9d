//! Tests `cargo xtask diff` on files: formats, accepted changes, levels, and documents that consist of several files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use callrounded_doc::Exit;
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use support::{Workspace, lossless_types};

const OLD: &str = r##"openapi: 3.0.3
info: {title: Things, version: "1"}
servers: [{url: "https://things.test"}]
paths:
  /things:
    get:
      operationId: list_things
      tags: [things]
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
  /things/{id}:
    get:
      operationId: get_thing
      tags: [things]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing: {type: object, required: [id], x-needed: [id], properties: {id: {type: string}, "a<b": {type: integer}}}
"##;

fn workspace() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("old.yaml", OLD);
    let new = OLD
        .replace(
            r#""a<b": {type: integer}"#,
            r#""a<b": {type: string}, more: {type: string}"#,
        )
        .replace("{name: q, in: query", "{name: q, in: query, required: true")
        .replace(
            "{type: object, required",
            "{type: object, contains: {type: string}, required",
        );
    workspace.write("new.yaml", new);
    workspace
}

fn assert_golden(golden: &str, output: &str) {
    support::assert_golden(&format!("diff/{golden}"), output);
}

fn diff(workspace: &Workspace, options: &str) -> (Exit, String) {
    workspace.xtask(&format!("diff old.yaml new.yaml {options}"), &mut lossless_types())
}

#[test]
fn diff_formats_match_golden_files() {
    let workspace = workspace();
    for (format, golden) in [
        ("text", "text.txt"),
        ("json", "json.json"),
        ("markdown", "markdown.md"),
        ("github", "github.txt"),
        ("junit", "junit.xml"),
        ("html", "html.html"),
    ] {
        let (exit, output) = diff(&workspace, &format!("--format {format}"));
        assert_eq!(exit, Exit::Findings);
        assert_golden(golden, &output);
    }
}

/// Counts the elements with this name.
fn count_elements(xml: &str, name: &str) -> usize {
    let mut reader = Reader::from_str(xml);
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == name => count += 1,
            Event::Eof => return count,
            _ => {}
        }
    }
}

#[test]
fn junit_counts_follow_fail_on_and_html_is_self_contained() {
    let workspace = workspace();
    for (fail_on, failures) in [("any", 2), ("wire", 2), ("source", 2), ("none", 0)] {
        let (_, output) = diff(&workspace, &format!("--format junit --fail-on {fail_on}"));
        assert_eq!(count_elements(&output, "failure"), failures, "{output}");
        assert!(output.contains(&format!("failures=\"{failures}\"")), "{output}");
        assert_eq!(count_elements(&output, "testcase"), 4, "{output}");
    }
    // Texts of the document are escaped, and the page loads no other files.
    let (_, page) = diff(&workspace, "--format html");
    assert!(page.contains("a&lt;b") && !page.contains("a<b"), "{page}");
    assert!(
        !page.contains("src=") && !page.contains("href=") && !page.contains("@import"),
        "{page}"
    );
}

fn fingerprints(workspace: &Workspace) -> Vec<(String, String)> {
    let (_, output) = diff(workspace, "--format json");
    let report: Value = serde_json::from_str(&output).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let string = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
    changes
        .iter()
        .map(|change| (string(change, "rule"), string(change, "fingerprint")))
        .collect()
}

#[test]
fn accept_listed_changes_are_hidden_and_unused_entries_are_findings() {
    let workspace = workspace();
    let all = fingerprints(&workspace);
    let list: String = all
        .iter()
        .map(|(rule, fingerprint)| format!("{fingerprint} # {rule} is intended\n"))
        .collect();
    workspace.write("accepted.txt", &list);
    let (exit, output) = diff(&workspace, "--accept accepted.txt");
    assert_eq!(exit, Exit::Clean, "{output}");
    assert_golden("accepted.txt", &output);

    // The list has an unused entry, and lacks an entry.
    let (first, rest) = list.split_once('\n').unwrap();
    workspace.write(
        "accepted.txt",
        format!("# All but {first}.\n{rest}0123456789abcdef # gone\n"),
    );
    let (exit, output) = diff(&workspace, "--accept accepted.txt");
    assert_eq!(exit, Exit::Findings);
    assert_golden("unused.txt", &output);
    workspace.write("accepted.txt", format!("{list}0123456789abcdef # gone\n"));
    assert_eq!(diff(&workspace, "--accept accepted.txt").0, Exit::Findings);
    let (_, output) = diff(&workspace, "--accept accepted.txt --format junit");
    assert_eq!(count_elements(&output, "failure"), 1, "{output}");
}

#[test]
fn accept_invalid_or_missing_list_is_error() {
    let workspace = workspace();
    workspace.write("no-reason.txt", "0123456789abcdef\n");
    workspace.write("payload.txt", "payload 0123456789abcdef # of validate\n");
    let (exit, output) = diff(&workspace, "--accept no-reason.txt");
    assert_eq!(exit, Exit::InputError);
    assert!(
        output.contains("no-reason.txt:1:1") && output.contains("FINGERPRINT # REASON"),
        "{output}"
    );
    let (exit, output) = diff(&workspace, "--accept missing.txt");
    assert_eq!(exit, Exit::InputError);
    assert!(output.contains("missing.txt cannot be read"), "{output}");
    let (exit, output) = diff(&workspace, "--accept payload.txt");
    assert_eq!(exit, Exit::Findings);
    assert!(
        output.contains("invalid entry: `payload` is allowed only in the list of `validate`"),
        "{output}"
    );
}

#[test]
fn level_sets_effect_of_rule() {
    let workspace = workspace();
    let wire =
        "--fail-on wire --level not-understood=none --level type=compatible --level parameter-required=compatible";
    assert_eq!(diff(&workspace, wire).0, Exit::Clean);
    let wire = format!("{wire} --level property-added=breaking");
    assert_eq!(diff(&workspace, &wire).0, Exit::Findings);
}

#[test]
fn level_invalid_is_usage_error() {
    use clap::Parser;
    for (level, problem) in [
        ("type", "expected RULE=LEVEL, such as property-added=breaking"),
        (
            "no-rule=none",
            "unknown rule `no-rule`; expected one of additional-properties,",
        ),
        (
            "type=fatal",
            "unknown level `fatal`; expected none, compatible or breaking",
        ),
    ] {
        let error = xtask::Arguments::try_parse_from(["xtask", "diff", "a", "b", "--level", level]).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[test]
fn references_to_other_files_are_relative_to_the_document() {
    let workspace = Workspace::empty();
    let api = OLD.replace(
        r##"schema: {$ref: "#/components/schemas/Thing"}"##,
        r#"schema: {$ref: "parts/thing.yaml#/Thing"}"#,
    );
    let thing = "Thing: {type: object, required: [id], properties: {id: {type: string}}}\n";
    for (directory, thing) in [
        ("one", thing.to_owned()),
        ("two", thing.replace("required: [id], ", "")),
    ] {
        workspace.write(&format!("{directory}/api.yaml"), &api);
        workspace.write(&format!("{directory}/parts/thing.yaml"), thing);
    }
    let (exit, output) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut lossless_types());
    assert_eq!(exit, Exit::Findings);
    assert!(output.contains("property-optional"), "{output}");
    let (exit, output) = workspace.xtask("import one/api.yaml -o whole.yaml", &mut lossless_types());
    assert_eq!(exit, Exit::Clean, "{output}");
    // The document has another schema `Thing`.
    let whole = workspace.read("whole.yaml").unwrap();
    assert!(whole.contains("#/components/schemas/thing_Thing"), "{whole}");

    workspace.write(
        "two/api.yaml",
        api.replace("parts/thing.yaml", "https://things.test/thing.yaml"),
    );
    let (exit, output) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut lossless_types());
    assert_eq!(exit, Exit::InputError);
    assert!(
        output.contains("URLs are not fetched") && output.contains("two/api.yaml:11:"),
        "{output}"
    );
    std::fs::remove_file(workspace.path().join("one/parts/thing.yaml")).unwrap();
    let (exit, output) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut lossless_types());
    assert_eq!(exit, Exit::InputError);
    assert!(output.contains("cannot read the referenced file"), "{output}");
}
