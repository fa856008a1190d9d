//! What each change between two documents means, case by case in `diff/`, in both directions and on both axes; and what
//! edits of the document of this workspace ask of the next version.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{collections::BTreeSet, fs, path::Path};

use callrounded_changes::diff::{Bump, Diff, Effect, RULES, diff};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

const NOT_CASES: [&str; 2] = ["base.yaml", "bumps.yaml"];

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
    /// File and name.
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
            patch(&mut document, &self.get(side));
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

    /// What is wrong with the outcome, if anything.
    fn complaints(&self, base: &Value, rules: &mut BTreeSet<&str>) -> Vec<String> {
        let mut complaints = self.malformed();
        let (old, new) = (self.document("old", base), self.document("new", base));
        for (direction, from, to) in [("forward", &old, &new), ("backward", &new, &old)] {
            let found = diff(from, to);
            rules.extend(found.changes.iter().map(|change| change.rule));
            let mut wrong = self.unmet(direction, &found);
            wrong.extend(misplaced(&found, from, to));
            if !wrong.is_empty() {
                complaints.push(format!("{direction}: {}{}", wrong.join("; "), shown(&found)));
            }
        }
        complaints
    }

    /// A slip of the pen must not make a case say less than it seems to.
    fn malformed(&self) -> Vec<String> {
        let known = |value: &Value, keys: &[&str]| -> Vec<String> {
            let own = value.as_object().unwrap().keys();
            own.filter(|key| !keys.contains(&key.as_str()))
                .map(|key| format!("{key} is no part of a case"))
                .collect()
        };
        let mut complaints = known(
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
            complaints.extend(known(&self.value[direction], &["wire", "source", "rules"]));
        }
        if self.text("reason").trim().is_empty() {
            complaints.push("it has no reason".to_owned());
        }
        if !["request", "response", "both", "document"].contains(&self.text("at")) {
            complaints.push(format!("`{}` is no place for a schema", self.text("at")));
        }
        if self.name.starts_with("rewrites.yaml") {
            for direction in ["forward", "backward"] {
                if self.value[direction]["wire"] != "none" {
                    complaints.push("a rewrite does nothing on the wire".to_owned());
                }
            }
        }
        complaints
    }

    fn unmet(&self, direction: &str, found: &Diff) -> Vec<String> {
        let expected = &self.value[direction];
        let text = |key: &str| expected[key].as_str().unwrap_or_default();
        let mut wrong = Vec::new();
        if text("wire") != found.wire().to_string() {
            wrong.push(format!("expected wire {}, got {}", text("wire"), found.wire()));
        }
        // Where nothing can be generated, nothing is said of source.
        let source = match &found.bump {
            Ok(_) => found.source().to_string(),
            Err(_) => "unknown".to_owned(),
        };
        if text("source") != source {
            wrong.push(format!("expected source {}, got {source}", text("source")));
        }
        let bump = match found.source() {
            Effect::Breaking => vec![Bump::Major],
            Effect::Compatible => vec![Bump::Minor],
            Effect::None => vec![Bump::None, Bump::Patch],
        };
        if let Ok(got) = &found.bump
            && !bump.contains(got)
        {
            wrong.push(format!("a bump {got} does not go with source {}", found.source()));
        }
        for rule in expected["rules"].as_array().into_iter().flatten() {
            if !found.changes.iter().any(|change| Some(change.rule) == rule.as_str()) {
                wrong.push(format!("no change has the rule {rule}"));
            }
        }
        wrong
    }
}

/// A place is one of the document that the change is seen in, so that people can go there.
fn misplaced(found: &Diff, old: &Document, new: &Document) -> Vec<String> {
    let mut wrong = Vec::new();
    for change in &found.changes {
        let document = if change.gone { old } else { new };
        if change.place != document.place(&change.pointer) {
            wrong.push(format!("{} is not where it is said to be", change.problem));
        }
        // What is gone, and what is new or changed, is there. A keyword may be in one of the two alone.
        if old.get(&change.pointer).is_none() && new.get(&change.pointer).is_none() {
            wrong.push(format!("nothing is at {}", change.pointer));
        }
    }
    wrong
}

/// JSON merge patch (RFC 7396).
fn patch(target: &mut Value, patched: &Value) {
    let Value::Object(members) = patched else {
        *target = patched.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let target = target.as_object_mut().unwrap();
    for (name, value) in members {
        match value {
            Value::Null => {
                target.shift_remove(name);
            }
            value => patch(target.entry(name.clone()).or_insert(Value::Null), value),
        }
    }
}

fn shown(found: &Diff) -> String {
    let mut text = String::new();
    for change in &found.changes {
        text.push_str(&format!(
            "\n      {} {}: {} [wire {}, source {}]",
            change.rule, change.subject, change.problem, change.wire, change.source
        ));
        // One change may move a hundred items; those that break tell most.
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
        .filter(|name| name.ends_with(".yaml") && !NOT_CASES.contains(&name.as_str()))
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
fn every_change_is_what_it_means() {
    let base = yaml("base.yaml");
    let cases = cases();
    assert!(cases.len() >= 320, "only {} cases were found", cases.len());
    let mut names: Vec<&String> = cases.iter().map(|case| &case.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    let mut wrong = Vec::new();
    let mut rules = BTreeSet::new();
    for case in &cases {
        let complaints = case.complaints(&base, &mut rules);
        if !complaints.is_empty() {
            wrong.push(format!("{}\n    {}", case.name, complaints.join("\n    ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n\n{}\n",
        wrong.len(),
        cases.len(),
        wrong.join("\n\n")
    );
    // What `--level` takes is what there is.
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), RULES);
}

#[test]
fn no_document_differs_from_itself() {
    let base = yaml("base.yaml");
    for case in cases() {
        let document = case.document("new", &base);
        let found = diff(&document, &document);
        assert!(found.changes.is_empty(), "{}: {}", case.name, shown(&found));
        assert!(matches!(found.bump, Ok(Bump::None) | Err(_)), "{}", case.name);
    }
}

/// Every few cases will do: each of them goes through the same maps and sets.
#[test]
fn the_same_documents_give_the_same_difference() {
    let base = yaml("base.yaml");
    for case in cases().iter().step_by(5) {
        let (old, new) = (case.document("old", &base), case.document("new", &base));
        assert_eq!(diff(&old, &new), diff(&old, &new), "{}", case.name);
    }
}

/// The document of this workspace.
const CALLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/calls.yaml");

#[test]
fn the_calls_do_not_differ_from_themselves() {
    let text = fs::read_to_string(CALLS).unwrap();
    let calls = Document::parse("calls.yaml", &text).unwrap();
    let found = diff(&calls, &calls);
    assert!(found.changes.is_empty(), "{}", shown(&found));
    assert_eq!(found.bump, Ok(Bump::None));
    // What a document is called and how it is written make no difference.
    let rewritten = parsed("other.json", calls.value());
    assert_eq!(diff(&calls, &rewritten).changes, []);
    assert_eq!(diff(&rewritten, &calls).bump, Ok(Bump::None));
    // In another order they are the same, and the source is not.
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

/// The edits of `diff/bumps.yaml`: each makes the change it is named after, and asks for the bump beside it.
#[test]
fn edits_ask_for_their_bump() {
    let text = fs::read_to_string(CALLS).unwrap();
    let old = Document::parse("calls.yaml", &text).unwrap();
    let edits = yaml("bumps.yaml");
    let mut wrong = Vec::new();
    for edit in edits.as_array().unwrap() {
        let name = edit["name"].as_str().unwrap();
        let mut edited = text.clone();
        for one in edit["edits"].as_array().unwrap() {
            let (from, to) = (one["from"].as_str().unwrap(), one["to"].as_str().unwrap());
            assert_eq!(
                edited.matches(from).count(),
                1,
                "{name}: `{from}` must stand there once"
            );
            edited = edited.replace(from, to);
        }
        let new = Document::parse("calls.yaml", &edited).unwrap();
        let found = diff(&old, &new);
        let got = found.bump.as_ref().map_or("unknown".to_owned(), ToString::to_string);
        if edit["bump"].as_str() != Some(&got) {
            wrong.push(format!("{name}: expected {}, got {got}{}", edit["bump"], shown(&found)));
        }
        if let Some(item) = edit.get("item").and_then(Value::as_str) {
            let items: Vec<String> = found
                .changes
                .iter()
                .flat_map(|change| &change.items)
                .map(ToString::to_string)
                .collect();
            if !items.iter().any(|line| line == item) {
                wrong.push(format!("{name}: no item is `{item}`:{}", shown(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What changes in one place is told once, with the operations that it affects.
#[test]
fn one_cause_is_one_change() {
    let text = fs::read_to_string(CALLS).unwrap();
    let all = Document::parse("calls.yaml", &text).unwrap().operations().len();
    let changed = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
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
fn only_documents_of_version_3_are_compared() {
    for (text, problem) in [
        (
            r#"{"swagger": "2.0", "paths": {}}"#,
            "this is a Swagger 2.0 document; compared are documents of OpenAPI 3",
        ),
        (
            r#"{"openapi": "4.0.0"}"#,
            "this is OpenAPI 4.0.0; compared are documents of OpenAPI 3",
        ),
        (
            r#"{"name": "something else"}"#,
            "the document does not say which version of OpenAPI it is written in",
        ),
        (
            "[]",
            "the document does not say which version of OpenAPI it is written in",
        ),
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
    /// A schema that refers to itself, to another of its own file, and to one of the document.
    const SHARED: &str = r##"
parameters:
  Limit: {name: limit, in: query, schema: {type: integer}}
Pet:
  type: object
  required: [name]
  properties: {name: {$ref: "#/Name"}, mother: {$ref: "#/Pet"}, kind: {$ref: "api.yaml#/components/schemas/Pet"}}
Name: {type: string}
"##;

    fn whole(files: &[(&str, &str)]) -> Result<Document, String> {
        let files: HashMap<&str, &str> = files.iter().copied().collect();
        let document = Document::parse("api.yaml", API).unwrap();
        let mut load = |path: &Path| {
            let text = files.get(path.to_str().unwrap());
            text.map(|text| (*text).to_owned())
                .ok_or_else(|| "no such file".to_owned())
        };
        let bundled = bundle(&document, Path::new("folder/api.yaml"), &mut load);
        bundled.complete().map_err(|found| found.to_string())
    }

    #[test]
    fn what_is_in_other_files_is_compared() {
        let old = whole(&[("folder/paths/pets.yaml", PETS), ("folder/shared.yaml", SHARED)]).unwrap();
        assert_eq!(diff(&old, &old).changes, []);
        for (from, to, rule) in [
            ("required: [name]", "required: []", "property-optional"),
            ("Name: {type: string}", "Name: {type: integer}", "type"),
            ("schema: {type: integer}", "schema: {type: boolean}", "type"),
        ] {
            assert_eq!(SHARED.matches(from).count(), 1);
            let shared = SHARED.replace(from, to);
            let new = whole(&[("folder/paths/pets.yaml", PETS), ("folder/shared.yaml", &shared)]).unwrap();
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
    fn a_file_that_is_not_there_is_said_where_it_is_referred_to() {
        let found = whole(&[]).unwrap_err();
        assert!(
            found.contains("`folder/paths/pets.yaml`, which it refers to, can't be read: no such file"),
            "{found}"
        );
        assert!(found.contains("api.yaml:7:11"), "{found}");
        let found = whole(&[("folder/paths/pets.yaml", PETS), ("folder/shared.yaml", "Pet: {}")]).unwrap_err();
        assert!(
            found.contains("there is nothing at `/parameters/Limit` of `folder/shared.yaml`"),
            "{found}"
        );
    }
}
