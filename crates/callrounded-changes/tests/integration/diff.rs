//! Tests the effect of each change between two documents, by the cases in `diff/`, in both directions and on both axes.
//! Also tests which release edits of this workspace's document require.

use std::{collections::BTreeSet, fs, path::Path};

use callrounded_changes::diff::{Bump, Diff, Effect, RULES, diff};
use callrounded_document::Document;
use callrounded_test_support::merge_patch;
use serde_json::{Map, Value, json};

const OTHER_FILES: [&str; 2] = ["base.yaml", "bumps.yaml"];

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff"))
}

fn yaml(name: &str) -> Value {
    let text = fs::read_to_string(directory().join(name)).unwrap();
    match Document::parse(name, &text) {
        Ok(document) => document.value().clone(),
        Err(unreadable) => panic!("{unreadable}"),
    }
}

fn parsed(name: &str, document: &Value) -> Document {
    Document::parse(name, &document.to_string()).unwrap()
}

struct Case {
    /// The file and the name of the case.
    name: String,
    value: Value,
}

impl Case {
    fn get(&self, key: &str) -> Value {
        self.value.get(key).cloned().unwrap_or_else(|| json!({}))
    }

    fn text(&self, key: &str) -> &str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn document(&self, side: &str, base: &Value) -> Document {
        let name = format!("{side}.json");
        if self.text("at") == "document" {
            let mut document = base.clone();
            merge_patch(&mut document, &self.get(side));
            return parsed(&name, &document);
        }
        let mut schemas = Map::new();
        for more in ["components".to_owned(), format!("{side}_components")] {
            schemas.extend(self.get(&more).as_object().unwrap().clone());
        }
        let mut schema = self.get(side);
        if self.value.get("inline") != Some(&json!(true)) {
            schemas.insert("Thing".to_owned(), schema);
            schema = json!({ "$ref": "#/components/schemas/Thing" });
        }
        let content = json!({ "application/json": { "schema": schema } });
        let mut paths = Map::new();
        let at = self.text("at");
        if ["request", "both"].contains(&at) {
            let put = json!({
                "operationId": "put_thing",
                "requestBody": { "required": true, "content": content },
                "responses": { "204": { "description": "It is so now." } },
            });
            paths.insert("put".to_owned(), put);
        }
        if ["response", "both"].contains(&at) {
            let get = json!({
                "operationId": "get_thing",
                "responses": { "200": { "description": "The thing.", "content": content } },
            });
            paths.insert("get".to_owned(), get);
        }
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "Things", "version": "1.0.0" },
            "paths": { "/thing": paths },
            "components": { "schemas": schemas },
        });
        parsed(&name, &document)
    }

    /// Returns the errors of the outcome, if there are any.
    fn errors(&self, base: &Value, rules: &mut BTreeSet<&str>) -> Vec<String> {
        let mut errors = self.format_errors();
        let (old, new) = (self.document("old", base), self.document("new", base));
        for (direction, from, to) in [("forward", &old, &new), ("backward", &new, &old)] {
            let found = diff(from, to);
            rules.extend(found.changes.iter().map(|change| change.rule));
            let mut found_errors = self.unmet_expectations(direction, &found);
            found_errors.extend(location_errors(&found, from, to));
            if !found_errors.is_empty() {
                errors.push(format!("{direction}: {}{}", found_errors.join("; "), shown(&found)));
            }
        }
        errors
    }

    /// Checks the case itself, since a typing error could make it test less than it seems to.
    fn format_errors(&self) -> Vec<String> {
        let known = |value: &Value, keys: &[&str]| -> Vec<String> {
            let own = value.as_object().unwrap().keys();
            own.filter(|key| !keys.contains(&key.as_str()))
                .map(|key| format!("unknown key `{key}`"))
                .collect()
        };
        let mut errors = known(
            &self.value,
            &[
                "name",
                "reason",
                "at",
                "inline",
                "old",
                "new",
                "components",
                "old_components",
                "new_components",
                "forward",
                "backward",
            ],
        );
        for direction in ["forward", "backward"] {
            errors.extend(known(&self.value[direction], &["wire", "source", "rules"]));
        }
        if self.text("reason").trim().is_empty() {
            errors.push("missing `reason`".to_owned());
        }
        if !["request", "response", "both", "document"].contains(&self.text("at")) {
            errors.push(format!("invalid `at`: {:?}", self.text("at")));
        }
        if self.name.starts_with("rewrites.yaml") {
            for direction in ["forward", "backward"] {
                if self.value[direction]["wire"] != "none" {
                    errors.push(format!("expected wire none {direction}, since this is a rewrite"));
                }
            }
        }
        errors
    }

    fn unmet_expectations(&self, direction: &str, found: &Diff) -> Vec<String> {
        let expected = &self.value[direction];
        let text = |key: &str| expected[key].as_str().unwrap_or_default();
        let mut errors = Vec::new();
        if text("wire") != found.wire().to_string() {
            errors.push(format!("expected wire {}, got {}", text("wire"), found.wire()));
        }
        // If no client can be generated, the effect on source is unknown.
        let source = match &found.bump {
            Ok(_) => found.source().to_string(),
            Err(_) => "unknown".to_owned(),
        };
        if text("source") != source {
            errors.push(format!("expected source {}, got {source}", text("source")));
        }
        let bump = match found.source() {
            Effect::Breaking => vec![Bump::Major],
            Effect::Compatible => vec![Bump::Minor],
            Effect::None => vec![Bump::None, Bump::Patch],
        };
        if let Ok(got) = &found.bump
            && !bump.contains(got)
        {
            errors.push(format!("bump {got} contradicts source {}", found.source()));
        }
        for rule in expected["rules"].as_array().into_iter().flatten() {
            if !found.changes.iter().any(|change| Some(change.rule) == rule.as_str()) {
                errors.push(format!("expected a change with the rule {rule}"));
            }
        }
        errors
    }
}

/// Checks that the location of each change exists in the document that it refers to.
fn location_errors(found: &Diff, old: &Document, new: &Document) -> Vec<String> {
    let mut errors = Vec::new();
    for change in &found.changes {
        let document = if change.removed { old } else { new };
        if change.location != document.location(&change.pointer) {
            errors.push(format!("wrong location of {:?}", change.problem));
        }
        // A keyword may be in only one of the documents.
        if old.get(&change.pointer).is_none() && new.get(&change.pointer).is_none() {
            errors.push(format!("{} is in neither document", change.pointer));
        }
    }
    errors
}

fn shown(found: &Diff) -> String {
    let mut text = String::new();
    for change in &found.changes {
        text.push_str(&format!(
            "\n      {} {}: {} [wire {}, source {}]",
            change.rule, change.subject, change.problem, change.wire, change.source
        ));
        // One change may affect a hundred items. The breaking ones are shown first.
        let mut items: Vec<_> = change.items.iter().collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.effect));
        for item in items.iter().take(8) {
            text.push_str(&format!("\n          {item} ({})", item.effect));
        }
        if items.len() > 8 {
            text.push_str(&format!("\n          and {} more", items.len() - 8));
        }
    }
    if let Err(reason) = &found.bump {
        text.push_str(&format!("\n      {reason}"));
    }
    text
}

fn cases() -> Vec<Case> {
    let mut files: Vec<String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".yaml") && !OTHER_FILES.contains(&name.as_str()))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        for value in yaml(&file).as_array().unwrap() {
            let name = format!("{file}: {}", value["name"].as_str().unwrap_or("(no name)"));
            let value = value.clone();
            cases.push(Case { name, value });
        }
    }
    cases
}

#[test]
fn diff_case_matches_expectation() {
    let base = yaml("base.yaml");
    let cases = cases();
    assert!(cases.len() >= 320, "expected at least 320 cases, found {}", cases.len());
    let mut names: Vec<&String> = cases.iter().map(|case| &case.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    let mut failures = Vec::new();
    let mut rules = BTreeSet::new();
    for case in &cases {
        let errors = case.errors(&base, &mut rules);
        if !errors.is_empty() {
            failures.push(format!("{}\n    {}", case.name, errors.join("\n    ")));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases failed:\n\n{}\n",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
    // `--level` accepts exactly the rules that are reported.
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), RULES);
}

#[test]
fn diff_same_document_is_empty() {
    let base = yaml("base.yaml");
    for case in cases() {
        let document = case.document("new", &base);
        let found = diff(&document, &document);
        assert!(found.changes.is_empty(), "{}: {}", case.name, shown(&found));
        // Even if no client can be generated from the document.
        assert_eq!(found.bump, Ok(Bump::None), "{}", case.name);
    }
}

/// Tests every fifth case, since all cases use the same maps and sets.
#[test]
fn diff_same_input_is_deterministic() {
    let base = yaml("base.yaml");
    for case in cases().iter().step_by(5) {
        let (old, new) = (case.document("old", &base), case.document("new", &base));
        assert_eq!(diff(&old, &new), diff(&old, &new), "{}", case.name);
    }
}

/// The document of this workspace.
const CALLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/calls.yaml");

#[test]
fn diff_calls_document_with_itself_is_empty() {
    let text = fs::read_to_string(CALLS).unwrap();
    let calls = Document::parse("calls.yaml", &text).unwrap();
    let found = diff(&calls, &calls);
    assert!(found.changes.is_empty(), "{}", shown(&found));
    assert_eq!(found.bump, Ok(Bump::None));
    // The name and the format of a document make no difference.
    let rewritten = parsed("other.json", calls.value());
    assert_eq!(diff(&calls, &rewritten).changes, []);
    assert_eq!(diff(&rewritten, &calls).bump, Ok(Bump::None));
    // The order of paths makes no difference to the document, but changes the generated source.
    let mut reordered = calls.value().clone();
    let paths = reordered.pointer_mut("/paths").and_then(Value::as_object_mut).unwrap();
    let first = paths.keys().next().unwrap().clone();
    let (path, operations) = paths.shift_remove_entry(&first).unwrap();
    paths.insert(path, operations);
    assert_eq!(reordered, *calls.value());
    let found = diff(&calls, &parsed("reordered.json", &reordered));
    assert!(found.changes.is_empty(), "{}", shown(&found));
    assert_eq!(found.bump, Ok(Bump::Patch));
}

/// Tests that each edit in `diff/bumps.yaml` requires its `bump` and changes its `item`.
#[test]
fn diff_edit_requires_expected_bump() {
    let text = fs::read_to_string(CALLS).unwrap();
    let old = Document::parse("calls.yaml", &text).unwrap();
    let edits = yaml("bumps.yaml");
    let mut errors = Vec::new();
    for edit in edits.as_array().unwrap() {
        let name = edit["name"].as_str().unwrap();
        let mut edited = text.clone();
        for one in edit["edits"].as_array().unwrap() {
            let (from, to) = (one["from"].as_str().unwrap(), one["to"].as_str().unwrap());
            assert_eq!(
                edited.matches(from).count(),
                1,
                "{name}: expected `{from}` exactly once in the document"
            );
            edited = edited.replace(from, to);
        }
        let new = Document::parse("calls.yaml", &edited).unwrap();
        let found = diff(&old, &new);
        let got = found.bump.as_ref().map_or("unknown".to_owned(), ToString::to_string);
        if edit["bump"].as_str() != Some(&got) {
            errors.push(format!("{name}: expected {}, got {got}{}", edit["bump"], shown(&found)));
        }
        if let Some(item) = edit.get("item").and_then(Value::as_str) {
            let items: Vec<String> = found
                .changes
                .iter()
                .flat_map(|change| &change.items)
                .map(ToString::to_string)
                .collect();
            if !items.iter().any(|line| line == item) {
                errors.push(format!("{name}: expected the item `{item}`:{}", shown(&found)));
            }
        }
    }
    assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
}

/// Tests that a change at one location is reported once, with all operations that it affects.
/// Found by fuzzing: a schema in `not` that is too large to be proved equivalent was a change of itself.
#[test]
fn diff_unchanged_large_schema_in_not_is_no_change() {
    let properties: Map<String, Value> = (0..80)
        .map(|index| (format!("p{index}"), json!({ "maxLength": index })))
        .collect();
    let mut old = yaml("base.yaml");
    old["components"]["schemas"]["Thing"]["properties"]["a"] = json!({ "not": { "properties": properties } });
    let mut new = old.clone();
    new["info"]["title"] = json!("Other");
    let rules = |old: &Value, new: &Value| -> Vec<&str> {
        let found = diff(&parsed("old", old), &parsed("new", new));
        found.changes.iter().map(|change| change.rule).collect()
    };
    assert!(!rules(&old, &new).contains(&"not"));
    new["components"]["schemas"]["Thing"]["properties"]["a"]["not"]["properties"]["p7"] = json!({ "maxLength": 1 });
    assert!(rules(&old, &new).contains(&"not"));
}

/// A list that is removed or added says nothing about other servers: found by fuzzing.
#[test]
fn diff_list_of_servers_is_reported_server_by_server() {
    let base = yaml("base.yaml");
    let with_servers = |servers: &[&str]| {
        let mut document = base.clone();
        document["servers"] = servers.iter().map(|url| json!({ "url": url })).collect();
        parsed("api.yaml", &document)
    };
    let problems = |old: &[&str], new: &[&str]| -> Vec<String> {
        let changes = diff(&with_servers(old), &with_servers(new)).changes;
        changes.into_iter().map(|change| change.problem).collect()
    };
    let one = &["https://api.things.test/"][..];
    let (removed, added) = (
        "the server https://api.things.test was removed",
        "the server https://api.things.test was added",
    );
    assert_eq!(problems(one, &[]), [removed]);
    assert_eq!(problems(&[], one), [added]);
    assert_eq!(problems(one, &["/"]), [removed, "the server / was added"]);
    assert_eq!(problems(&["/"], one), ["the server / was removed", added]);
}

#[test]
fn diff_shared_cause_is_one_change() {
    let text = fs::read_to_string(CALLS).unwrap();
    let all = Document::parse("calls.yaml", &text).unwrap().operations().len();
    let changed = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "expected {from:?} exactly once");
        let old = Document::parse("calls.yaml", &text).unwrap();
        let new = Document::parse("calls.yaml", &text.replace(from, to)).unwrap();
        diff(&old, &new)
    };
    for (from, to, rule, operations) in [
        (
            "      name: X-Api-Key",
            "      name: X-Other-Key",
            "security-narrowed",
            all,
        ),
        (
            "        redirect_duration_seconds:\n          type: number",
            "        redirect_duration_seconds:\n          type: string",
            "type",
            3,
        ),
    ] {
        let found = changed(from, to);
        let changes: Vec<_> = found.changes.iter().filter(|change| change.rule == rule).collect();
        assert_eq!(changes.len(), 1, "{}", shown(&found));
        assert_eq!(changes[0].operations.len(), operations, "{:?}", changes[0].operations);
        assert!(
            found
                .changes
                .iter()
                .all(|change| change.rule == rule || change.wire == Effect::None),
            "{}",
            shown(&found)
        );
    }
}

#[test]
fn check_unsupported_version_is_error() {
    for (text, problem) in [
        (
            r#"{"swagger": "2.0", "paths": {}}"#,
            "unsupported version: expected OpenAPI 3, found Swagger 2.0",
        ),
        (
            r#"{"openapi": "4.0.0"}"#,
            "unsupported version: expected OpenAPI 3, found OpenAPI 4.0.0",
        ),
        (
            r#"{"name": "something else"}"#,
            "missing field `openapi`: expected OpenAPI 3",
        ),
        ("[]", "missing field `openapi`: expected OpenAPI 3"),
    ] {
        let document = Document::parse("d.json", text).unwrap();
        let found = callrounded_changes::diff::check(&document).unwrap_err().to_string();
        assert!(found.contains(problem), "{found}");
    }
}

mod files {
    use std::{collections::HashMap, path::Path};

    use callrounded_changes::bundle;

    use super::*;

    const API: &str = r##"
openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "https://a.example.com"}]
paths:
  /pets:
    $ref: "paths/pets.yaml"
components:
  schemas:
    Pet: {type: string}
"##;
    const PETS: &str = r##"
get:
  operationId: list_pets
  parameters: [{$ref: "../shared.yaml#/parameters/Limit"}]
  responses:
    "200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "../shared.yaml#/Pet"}}}}}
"##;
    /// Has a schema that refers to itself, to another schema of its file, and to one of the document.
    const SHARED: &str = r##"
parameters:
  Limit: {name: limit, in: query, schema: {type: integer}}
Pet:
  type: object
  required: [name]
  properties: {name: {$ref: "#/Name"}, mother: {$ref: "#/Pet"}, kind: {$ref: "api.yaml#/components/schemas/Pet"}}
Name: {type: string}
"##;

    fn bundled_document(files: &[(&str, &str)]) -> Result<Document, String> {
        let files: HashMap<&str, &str> = files.iter().copied().collect();
        let document = Document::parse("api.yaml", API).unwrap();
        let mut load = |path: &Path| {
            let text = files.get(path.to_str().unwrap());
            text.map(|text| (*text).to_owned())
                .ok_or_else(|| "no such file".to_owned())
        };
        let bundled = bundle(&document, Path::new("directory/api.yaml"), &mut load);
        bundled.into_document().map_err(|found| found.to_string())
    }

    #[test]
    fn diff_bundled_files_are_compared() {
        let old = bundled_document(&[("directory/paths/pets.yaml", PETS), ("directory/shared.yaml", SHARED)]).unwrap();
        assert_eq!(diff(&old, &old).changes, []);
        for (from, to, rule) in [
            ("required: [name]", "required: []", "property-optional"),
            ("Name: {type: string}", "Name: {type: integer}", "type"),
            ("schema: {type: integer}", "schema: {type: boolean}", "type"),
        ] {
            assert_eq!(SHARED.matches(from).count(), 1);
            let shared = SHARED.replace(from, to);
            let new =
                bundled_document(&[("directory/paths/pets.yaml", PETS), ("directory/shared.yaml", &shared)]).unwrap();
            let found = diff(&old, &new);
            assert_eq!(found.wire(), Effect::Breaking, "{}", shown(&found));
            assert!(
                found.changes.iter().any(|change| change.rule == rule),
                "{}",
                shown(&found)
            );
        }
    }

    #[test]
    fn bundle_missing_target_is_reported_at_reference() {
        let found = bundled_document(&[]).unwrap_err();
        assert!(
            found.contains("cannot read the referenced file `directory/paths/pets.yaml`: no such file"),
            "{found}"
        );
        assert!(found.contains("api.yaml:7:11"), "{found}");
        let found = bundled_document(&[
            ("directory/paths/pets.yaml", PETS),
            ("directory/shared.yaml", "Pet: {}"),
        ])
        .unwrap_err();
        assert!(
            found.contains("the reference leads nowhere: `directory/shared.yaml` has no value at `/parameters/Limit`"),
            "{found}"
        );
    }
}
