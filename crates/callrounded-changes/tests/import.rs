//! What becomes of each construct of OpenAPI 3.1, case by case in `import/`: the schema or document that comes of it, and
//! what is said to be lost; and the documents that are refused, and the parts that can be selected.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "import/support.rs"]
mod support;

use std::{collections::BTreeSet, fs, path::Path};

use callrounded_changes::import::{Imported, Select};
use callrounded_document::Document;
use serde_json::{Map, Value, json};
use support::import;

fn yaml(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name);
    match Document::parse(name, &fs::read_to_string(path).unwrap()) {
        Ok(document) => document.value().clone(),
        Err(unreadable) => panic!("{unreadable}"),
    }
}

const THING: &str = "/components/schemas/Thing";

/// A document with one operation, whose answer is the given schema.
fn around(version: &str, schemas: Value) -> Value {
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } });
    json!({
        "openapi": version,
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": { "/thing": { "get": {
            "operationId": "get_thing",
            "responses": { "200": { "description": "The thing.", "content": content } },
        } } },
        "components": { "schemas": schemas },
    })
}

struct Case {
    name: String,
    value: Value,
}

impl Case {
    fn get(&self, key: &str) -> Option<&Value> {
        self.value.get(key)
    }

    fn list(&self, key: &str) -> Vec<Value> {
        self.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    fn version(&self) -> &str {
        self.get("version").and_then(Value::as_str).unwrap_or("3.1.0")
    }

    /// Where the losses of the case are counted from.
    fn at(&self) -> String {
        match self.get("property") {
            Some(_) => format!("{THING}/properties/p"),
            None => THING.to_owned(),
        }
    }

    /// All schemas, with the one that the case is about.
    fn schemas(&self, one: &Value, others: &str) -> Value {
        let one = match self.get("property") {
            Some(_) => json!({ "type": "object", "properties": { "p": one } }),
            None => one.clone(),
        };
        let mut schemas = Map::from_iter([("Thing".to_owned(), one)]);
        let others = self.get(others).or_else(|| self.get("components"));
        schemas.extend(others.and_then(Value::as_object).cloned().unwrap_or_default());
        json!(schemas)
    }

    fn document(&self) -> Value {
        if let Some(changes) = self.get("document") {
            let mut document = around(self.version(), json!({ "Thing": { "type": "object" } }));
            let document_members = document.as_object_mut().unwrap();
            for (name, value) in changes.as_object().unwrap() {
                document_members.insert(name.clone(), value.clone());
            }
            return document;
        }
        let one = self.get("property").or_else(|| self.get("schema")).unwrap();
        around(self.version(), self.schemas(one, "components"))
    }

    fn complaints(&self) -> Vec<String> {
        const KEYS: [&str; 14] = [
            "name",
            "version",
            "property",
            "schema",
            "document",
            "components",
            "components_out",
            "out",
            "gone",
            "tags",
            "losses",
            "fits",
            "fits_not",
            "why",
        ];
        let unknown = self.value.as_object().unwrap().keys();
        let unknown = unknown.filter(|key| !KEYS.contains(&key.as_str()));
        let mut complaints: Vec<String> = unknown.map(|key| format!("{key} is no part of a case")).collect();
        let document = self.document();
        let text = document.to_string();
        let imported = match import(&self.name, &text, &Select::default()) {
            Ok(imported) => imported,
            Err(found) => return vec![format!("it is refused: {found}")],
        };
        complaints.extend(self.differences(&imported));
        complaints.extend(self.losses(&imported));
        complaints.extend(self.meanings(&document, &imported.document));
        complaints.extend(support::unsound(&self.name, &text, &Select::default(), &imported));
        complaints
    }

    fn differences(&self, imported: &Imported) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.get("document").is_some() {
            for (pointer, wanted) in self.get("out").and_then(Value::as_object).into_iter().flatten() {
                let is = imported.document.pointer(pointer);
                if is != Some(wanted) {
                    let is = is.map(Value::to_string);
                    complaints.push(format!(
                        "{pointer}\n    is     {}\n    not    {wanted}",
                        is.unwrap_or_default()
                    ));
                }
            }
            for pointer in self.list("gone") {
                if let Some(there) = imported.document.pointer(pointer.as_str().unwrap()) {
                    complaints.push(format!("{pointer} is still there: {there}"));
                }
            }
            return complaints;
        }
        if let Some(out) = self.get("out") {
            let wanted = around("3.0.3", self.schemas(out, "components_out"));
            if imported.document != wanted {
                let schemas = |document: &Value| document["components"]["schemas"].to_string();
                let (is, not) = (schemas(&imported.document), schemas(&wanted));
                match is == not {
                    true => complaints.push(format!("around the schemas it is {}", imported.document)),
                    false => complaints.push(format!("the schemas\n    are    {is}\n    not    {not}")),
                }
            }
        }
        complaints
    }

    fn losses(&self, imported: &Imported) -> Vec<String> {
        let Some(wanted) = self.get("losses") else {
            return Vec::new();
        };
        let mut wanted: Vec<String> = wanted
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().replace(" @", &format!(" {}", self.at())))
            .collect();
        let mut found = support::lines(imported);
        wanted.sort();
        found.sort();
        match wanted == found {
            true => Vec::new(),
            false => vec![format!("its losses\n    are    {found:#?}\n    not    {wanted:#?}")],
        }
    }

    /// Values that fit the schema, and that do not, in the words of either version.
    fn meanings(&self, before: &Value, after: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        for (key, wanted) in [("fits", true), ("fits_not", false)] {
            for value in self.list(key) {
                let payload = match self.get("property") {
                    Some(_) => json!({ "p": value }),
                    None => value.clone(),
                };
                let is_3_1 = self.version().starts_with("3.1");
                if fits(before, is_3_1, &payload) != wanted {
                    complaints.push(format!("the case is wrong: before, {value} fits: {}", !wanted));
                }
                if fits(after, false, &payload) != wanted {
                    complaints.push(format!("what is meant differs: {value} fits now: {}", !wanted));
                }
            }
        }
        complaints
    }
}

fn fits(document: &Value, is_3_1: bool, payload: &Value) -> bool {
    let draft = match is_3_1 {
        true => jsonschema::Draft::Draft202012,
        false => jsonschema::Draft::Draft4,
    };
    let mut components = document["components"].clone();
    if !is_3_1 {
        nullable(&mut components);
    }
    let schema = json!({ "$ref": format!("#{THING}"), "components": components });
    let validator = jsonschema::options().with_draft(draft).build(&schema).unwrap();
    validator.is_valid(payload)
}

/// What 3.0 has and Draft 4 has not.
fn nullable(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("nullable") == Some(&json!(true))
                && let Some(Value::String(name)) = members.get("type").cloned()
            {
                members.insert("type".to_owned(), json!([name, "null"]));
            }
            members.values_mut().for_each(nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable),
        _ => {}
    }
}

fn hold(file: &str) {
    let cases = yaml(&format!("{file}.yaml"));
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in cases.as_array().unwrap() {
        let name = format!("{file}: {}", case["name"].as_str().unwrap());
        assert!(names.insert(name.clone()), "{name} is there twice");
        let case = Case {
            name: name.clone(),
            value: case.clone(),
        };
        let complaints = case.complaints();
        if !complaints.is_empty() {
            wrong.push(format!("{name}\n  {}", complaints.join("\n  ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases are wrong\n\n{}",
        wrong.len(),
        names.len(),
        wrong.join("\n\n")
    );
}

/// A test for each file.
macro_rules! files {
    ($($(#[$attribute:meta])* $file:ident),* $(,)?) => {
        $(
            #[test]
            $(#[$attribute])*
            fn $file() {
                hold(stringify!($file));
            }
        )*

        #[test]
        fn every_file_is_held() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                    assert!([$(stringify!($file)),*].contains(&name.as_str()), "{name} is held by no test");
                }
            }
        }
    };
}

files!(
    null,
    types,
    values,
    bounds,
    booleans,
    tuples,
    references,
    texts,
    objects,
    unions,
    names_like_keywords,
    frame,
    parameters,
    answers,
    bodies,
    naming,
    version_3_0,
);

#[test]
fn other_versions_are_refused_where_they_say_which_they_are() {
    for (text, at, problem) in [
        (
            "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/swagger",
            "Swagger 2.0",
        ),
        (
            "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "3.2.0",
        ),
        (
            "openapi: 4.0.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "4.0.0",
        ),
        (
            "openapi: 2.0.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "2.0.0",
        ),
        (
            "openapi: 3.10.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "3.10.0",
        ),
        (
            "openapi: 3.1\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "3.1",
        ),
        (
            "openapi: null\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "/openapi",
            "null",
        ),
        (
            "info: {title: T, version: '1'}\npaths: {}\n",
            "",
            "does not say which version",
        ),
        ("- 1\n- 2\n", "", "does not say which version"),
        ("just a text\n", "", "does not say which version"),
    ] {
        let found = import("d.yaml", text, &Select::default()).unwrap_err();
        let found: Vec<_> = (&found).into_iter().collect();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].pointer, at, "{text}");
        assert!(found[0].problem.contains(problem), "{text}: {}", found[0].problem);
        assert!(!found[0].remedy.is_empty());
    }
    for text in [
        "openapi: [3.1.0\n",
        "{\"openapi\": \"3.1.0\"",
        "a: 1\na: 2\n",
        "\tx: 1\n",
        "",
    ] {
        assert!(import("d.yaml", text, &Select::default()).is_err(), "{text:?}");
    }
}

#[test]
fn every_patch_of_3_1_is_taken() {
    for version in ["3.1.0", "3.1.1", "3.1.2"] {
        let document = around(version, json!({ "Thing": { "const": "a" } }));
        let imported = support::imported("d", &document, &Select::default()).unwrap();
        assert_eq!(imported.document["openapi"], "3.0.3");
        assert_eq!(
            imported.document.pointer(THING),
            Some(&json!({ "type": "string", "enum": ["a"] }))
        );
    }
}

#[test]
fn losses_have_places_and_reasons_and_the_heaviest_come_first() {
    let text = "openapi: 3.1.0
info: {title: T, version: '1', summary: S}
paths:
  /a:
    post:
      operationId: send
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object}
      responses: {'204': {description: None}}
  /b:
    get:
      operationId: read
      responses:
        '200':
          description: One
          content:
            application/json:
              schema:
                const: a
";
    let imported = import("d.yaml", text, &Select::default()).unwrap();
    let shown: Vec<_> = (imported.losses.iter())
        .map(|loss| {
            format!(
                "{} {} {}:{}",
                loss.kind, loss.construct, loss.place.line, loss.place.column
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "refused operation 9:11",
            "lost info.summary 2:41",
            "lowered inline schema 20:15",
            "lowered const 21:24",
        ]
    );
    assert!(imported.losses.iter().all(|loss| loss.reason.len() > 10));
    assert!(imported.losses[0].reason.contains("`send`"), "{:?}", imported.losses[0]);
}

/// Names of all components of a document.
fn components(document: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let sections = document.get("components").and_then(Value::as_object);
    for (section, content) in sections.into_iter().flatten() {
        names.extend(
            content
                .as_object()
                .unwrap()
                .keys()
                .map(|name| format!("{section}/{name}")),
        );
    }
    names.sort();
    names
}

fn operations(document: &Value) -> Vec<String> {
    let document = Document::from_value("d", document.clone());
    let operations = document.operations();
    operations
        .iter()
        .map(|one| one.id.unwrap_or_default().to_owned())
        .collect()
}

struct Selection {
    tags: &'static [&'static str],
    paths: &'static [&'static str],
    operations: &'static [&'static str],
    components: &'static [&'static str],
    tags_left: &'static [&'static str],
}

#[test]
fn a_selection_takes_what_it_needs_and_nothing_else() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/selection.txt")).unwrap();
    let everything = import("selection", &text, &Select::default()).unwrap();
    assert_eq!(operations(&everything.document).len(), 6);
    let pets: &[&str] = &[
        "parameters/Limit",
        "responses/Failed",
        "schemas/Cat",
        "schemas/Dog",
        "schemas/Kennel",
        "schemas/Limit",
        "schemas/Pet",
        "schemas/Problem",
        "schemas/Tail",
        "securitySchemes/key",
    ];
    for wanted in [
        Selection {
            tags: &["pets"],
            paths: &[],
            operations: &["list_pets"],
            components: pets,
            tags_left: &["pets"],
        },
        Selection {
            tags: &[],
            paths: &["/pets"],
            operations: &["list_pets"],
            components: pets,
            tags_left: &["pets"],
        },
        Selection {
            tags: &["trees"],
            paths: &[],
            operations: &["get_tree", "put_tree"],
            components: &["requestBodies/Tree", "schemas/Node", "securitySchemes/other"],
            tags_left: &["trees", "wood"],
        },
        Selection {
            tags: &[],
            paths: &["/trees/*"],
            operations: &["get_tree", "put_tree", "no_security"],
            components: &["requestBodies/Tree", "schemas/Node", "securitySchemes/other"],
            tags_left: &["trees", "wood"],
        },
        Selection {
            tags: &["plain"],
            paths: &[],
            operations: &["no_security"],
            components: &[],
            tags_left: &[],
        },
        Selection {
            tags: &["shared"],
            paths: &[],
            operations: &["shared"],
            components: &["headers/Rest", "schemas/Count", "securitySchemes/key"],
            tags_left: &[],
        },
        Selection {
            tags: &["examples"],
            paths: &[],
            operations: &["examples"],
            components: &["examples/One", "schemas/Sample", "securitySchemes/key"],
            tags_left: &[],
        },
        Selection {
            tags: &["plain", "shared"],
            paths: &["/pets"],
            operations: &["list_pets", "no_security", "shared"],
            components: &[
                "headers/Rest",
                "parameters/Limit",
                "responses/Failed",
                "schemas/Cat",
                "schemas/Count",
                "schemas/Dog",
                "schemas/Kennel",
                "schemas/Limit",
                "schemas/Pet",
                "schemas/Problem",
                "schemas/Tail",
                "securitySchemes/key",
            ],
            tags_left: &["pets"],
        },
    ] {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let select = Select {
            tags: owned(wanted.tags),
            paths: owned(wanted.paths),
        };
        let imported = import("selection", &text, &select).unwrap_or_else(|found| panic!("{select:?}: {found}"));
        assert_eq!(operations(&imported.document), wanted.operations, "{select:?}");
        assert_eq!(components(&imported.document), wanted.components, "{select:?}");
        let tags: Vec<_> = imported
            .document
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect();
        let tags: Vec<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(tags, wanted.tags_left, "{select:?}");
        let complaints = support::unsound("selection", &text, &select, &imported);
        assert!(complaints.is_empty(), "{select:?}: {complaints:#?}");
    }
}

#[test]
fn where_nothing_is_selected_the_tags_are_named() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/selection.txt")).unwrap();
    for select in [
        Select {
            tags: vec!["Pets".to_owned()],
            paths: Vec::new(),
        },
        Select {
            tags: Vec::new(),
            paths: vec!["/pet".to_owned()],
        },
    ] {
        let found = import("selection", &text, &select).unwrap_err();
        let found: Vec<_> = (&found).into_iter().collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/paths");
        assert!(
            found[0].remedy.ends_with("examples, pets, plain, shared, trees, wood"),
            "{}",
            found[0].remedy
        );
    }
    let empty = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks: {}\n";
    let select = Select {
        tags: vec!["pets".to_owned()],
        paths: Vec::new(),
    };
    assert!(
        import("empty", empty, &select).is_err(),
        "a document without paths has nothing to select"
    );
    assert!(import("empty", empty, &Select::default()).is_ok());
}

/// What is refused or lost must be so of what is selected only.
#[test]
fn nothing_is_said_of_what_was_not_selected() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/selection.txt")).unwrap();
    let select = Select {
        tags: vec!["plain".to_owned()],
        paths: Vec::new(),
    };
    let imported = import("selection", &text, &select).unwrap();
    assert_eq!(support::lines(&imported), Vec::<String>::new());
}
