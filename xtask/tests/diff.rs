//! `cargo xtask diff` over files: formats, accepted changes, levels, and documents of several files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use callrounded_doc::Exit;
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use support::{Workspace, same};

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

fn hold(golden: &str, said: &str) {
    support::hold(&format!("diff/{golden}"), said);
}

fn diff(workspace: &Workspace, options: &str) -> (Exit, String) {
    workspace.xtask(&format!("diff old.yaml new.yaml {options}"), &mut same())
}

#[test]
fn each_format_says_the_same() {
    let workspace = workspace();
    for (format, golden) in [
        ("text", "text.txt"),
        ("json", "json.json"),
        ("markdown", "markdown.md"),
        ("github", "github.txt"),
        ("junit", "junit.xml"),
        ("html", "html.html"),
    ] {
        let (exit, said) = diff(&workspace, &format!("--format {format}"));
        assert_eq!(exit, Exit::Findings);
        hold(golden, &said);
    }
}

/// The texts of all elements with this name.
fn elements(xml: &str, name: &str) -> usize {
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
fn reports_of_tests_count_what_fails() {
    let workspace = workspace();
    for (fail_on, failures) in [("any", 2), ("wire", 2), ("source", 2), ("none", 0)] {
        let (_, said) = diff(&workspace, &format!("--format junit --fail-on {fail_on}"));
        assert_eq!(elements(&said, "failure"), failures, "{said}");
        assert!(said.contains(&format!("failures=\"{failures}\"")), "{said}");
        assert_eq!(elements(&said, "testcase"), 4, "{said}");
    }
    // Nothing of the document is markup, and the page asks for nothing.
    let (_, page) = diff(&workspace, "--format html");
    assert!(page.contains("a&lt;b") && !page.contains("a<b"), "{page}");
    assert!(
        !page.contains("src=") && !page.contains("href=") && !page.contains("@import"),
        "{page}"
    );
}

fn fingerprints(workspace: &Workspace) -> Vec<(String, String)> {
    let (_, said) = diff(workspace, "--format json");
    let report: Value = serde_json::from_str(&said).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let text = |change: &Value, field: &str| change[field].as_str().unwrap().to_owned();
    changes
        .iter()
        .map(|change| (text(change, "rule"), text(change, "fingerprint")))
        .collect()
}

#[test]
fn accepted_changes_are_not_told_and_fail_nothing() {
    let workspace = workspace();
    let all = fingerprints(&workspace);
    let list: String = all
        .iter()
        .map(|(rule, fingerprint)| format!("{fingerprint} # {rule} is meant\n"))
        .collect();
    workspace.write("accepted.txt", &list);
    let (exit, said) = diff(&workspace, "--accept accepted.txt");
    assert_eq!(exit, Exit::Clean, "{said}");
    hold("accepted.txt", &said);

    // An entry that is for nothing, and one that is missing.
    let (first, rest) = list.split_once('\n').unwrap();
    workspace.write(
        "accepted.txt",
        format!("# All but {first}.\n{rest}0123456789abcdef # gone\n"),
    );
    let (exit, said) = diff(&workspace, "--accept accepted.txt");
    assert_eq!(exit, Exit::Findings);
    hold("unused.txt", &said);
    workspace.write("accepted.txt", format!("{list}0123456789abcdef # gone\n"));
    assert_eq!(diff(&workspace, "--accept accepted.txt").0, Exit::Findings);
    let (_, said) = diff(&workspace, "--accept accepted.txt --format junit");
    assert_eq!(elements(&said, "failure"), 1, "{said}");
}

#[test]
fn a_list_that_is_none_is_an_error() {
    let workspace = workspace();
    workspace.write("no-reason.txt", "0123456789abcdef\n");
    workspace.write("payload.txt", "payload 0123456789abcdef # of validate\n");
    let (exit, said) = diff(&workspace, "--accept no-reason.txt");
    assert_eq!(exit, Exit::InputError);
    assert!(
        said.contains("no-reason.txt:1:1") && said.contains("FINGERPRINT # REASON"),
        "{said}"
    );
    let (exit, said) = diff(&workspace, "--accept missing.txt");
    assert_eq!(exit, Exit::InputError);
    assert!(said.contains("missing.txt can't be read"), "{said}");
    let (exit, said) = diff(&workspace, "--accept payload.txt");
    assert_eq!(exit, Exit::Findings);
    assert!(
        said.contains("this entry is about a payload, and here are none"),
        "{said}"
    );
}

#[test]
fn a_level_says_what_a_kind_of_change_means() {
    let workspace = workspace();
    let wire =
        "--fail-on wire --level not-understood=none --level type=compatible --level parameter-required=compatible";
    assert_eq!(diff(&workspace, wire).0, Exit::Clean);
    let wire = format!("{wire} --level property-added=breaking");
    assert_eq!(diff(&workspace, &wire).0, Exit::Findings);
}

#[test]
fn a_level_of_nothing_is_refused() {
    use clap::Parser;
    for (level, problem) in [
        ("type", "write RULE=LEVEL, such as property-added=breaking"),
        (
            "no-rule=none",
            "there is no rule `no-rule`; the rules are additional-properties,",
        ),
        (
            "type=fatal",
            "`fatal` is no level; the levels are none, compatible and breaking",
        ),
    ] {
        let found = xtask::Arguments::try_parse_from(["xtask", "diff", "a", "b", "--level", level]).unwrap_err();
        assert!(found.to_string().contains(problem), "{found}");
    }
}

#[test]
fn other_files_are_read_from_where_they_are_referred_to() {
    let workspace = Workspace::empty();
    let api = OLD.replace(
        r##"schema: {$ref: "#/components/schemas/Thing"}"##,
        r#"schema: {$ref: "parts/thing.yaml#/Thing"}"#,
    );
    let thing = "Thing: {type: object, required: [id], properties: {id: {type: string}}}\n";
    for (folder, thing) in [
        ("one", thing.to_owned()),
        ("two", thing.replace("required: [id], ", "")),
    ] {
        workspace.write(&format!("{folder}/api.yaml"), &api);
        workspace.write(&format!("{folder}/parts/thing.yaml"), thing);
    }
    let (exit, said) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut same());
    assert_eq!(exit, Exit::Findings);
    assert!(said.contains("property-optional"), "{said}");
    let (exit, said) = workspace.xtask("import one/api.yaml -o whole.yaml", &mut same());
    assert_eq!(exit, Exit::Clean, "{said}");
    // The document has another of the name.
    let whole = workspace.read("whole.yaml").unwrap();
    assert!(whole.contains("#/components/schemas/thing_Thing"), "{whole}");

    workspace.write(
        "two/api.yaml",
        api.replace("parts/thing.yaml", "https://things.test/thing.yaml"),
    );
    let (exit, said) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut same());
    assert_eq!(exit, Exit::InputError);
    assert!(
        said.contains("it is an address, and nothing is fetched") && said.contains("two/api.yaml:11:"),
        "{said}"
    );
    std::fs::remove_file(workspace.path().join("one/parts/thing.yaml")).unwrap();
    let (exit, said) = workspace.xtask("diff one/api.yaml two/api.yaml", &mut same());
    assert_eq!(exit, Exit::InputError);
    assert!(said.contains("which it refers to, can't be read"), "{said}");
}
