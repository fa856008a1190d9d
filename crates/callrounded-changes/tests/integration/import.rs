//! Imports each construct of OpenAPI 3.1: the cases in `import/` have the expected schema or document and the expected
//! losses. Also tests unsupported versions and selections.

use std::{collections::BTreeSet, fs, path::Path};

use crate::support::{self, import};
use callrounded_changes::import::{Imported, Select};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

fn yaml(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name);
    match Document::parse(name, &fs::read_to_string(path).unwrap()) {
        Ok(document) => document.value().clone(),
        Err(found) => panic!("{found}"),
    }
}

const THING: &str = "/components/schemas/Thing";

/// Returns a document with one operation, whose response has the schema `Thing`.
fn document_with(version: &str, schemas: Value) -> Value {
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

    /// Returns the pointer that `@` stands for in the losses of the case.
    fn at(&self) -> String {
        match self.get("property") {
            Some(_) => format!("{THING}/properties/p"),
            None => THING.to_owned(),
        }
    }

    /// Returns all schemas, including the one that the case is about.
    fn schemas(&self, schema: &Value, others: &str) -> Value {
        let schema = match self.get("property") {
            Some(_) => json!({ "type": "object", "properties": { "p": schema } }),
            None => schema.clone(),
        };
        let mut schemas = Map::from_iter([("Thing".to_owned(), schema)]);
        let others = self.get(others).or_else(|| self.get("components"));
        schemas.extend(others.and_then(Value::as_object).cloned().unwrap_or_default());
        json!(schemas)
    }

    fn document(&self) -> Value {
        if let Some(changes) = self.get("document") {
            let mut document = document_with(self.version(), json!({ "Thing": { "type": "object" } }));
            let document_members = document.as_object_mut().unwrap();
            for (name, value) in changes.as_object().unwrap() {
                document_members.insert(name.clone(), value.clone());
            }
            return document;
        }
        let schema = self.get("property").or_else(|| self.get("schema")).unwrap();
        document_with(self.version(), self.schemas(schema, "components"))
    }

    fn failures(&self) -> Vec<String> {
        const KEYS: [&str; 14] = [
            "name",
            "version",
            "property",
            "schema",
            "document",
            "components",
            "components_out",
            "out",
            "removed",
            "tags",
            "losses",
            "valid",
            "invalid",
            "reason",
        ];
        let unknown = self.value.as_object().unwrap().keys();
        let unknown = unknown.filter(|key| !KEYS.contains(&key.as_str()));
        let mut failures: Vec<String> = unknown
            .map(|key| format!("the case has the unknown key `{key}`"))
            .collect();
        let document = self.document();
        let text = document.to_string();
        let imported = match import(&self.name, &text, &Select::default()) {
            Ok(imported) => imported,
            Err(found) => return vec![format!("the import fails: {found}")],
        };
        failures.extend(self.check_document(&imported));
        failures.extend(self.check_losses(&imported));
        failures.extend(self.check_semantics(&document, &imported.document));
        failures.extend(support::invariant_violations(
            &self.name,
            &text,
            &Select::default(),
            &imported,
        ));
        failures
    }

    fn check_document(&self, imported: &Imported) -> Vec<String> {
        let mut failures = Vec::new();
        if self.get("document").is_some() {
            for (pointer, expected) in self.get("out").and_then(Value::as_object).into_iter().flatten() {
                let actual = imported.document.pointer(pointer);
                if actual != Some(expected) {
                    let actual = actual.map(Value::to_string);
                    failures.push(format!(
                        "{pointer}\n    actual   {}\n    expected {expected}",
                        actual.unwrap_or_default()
                    ));
                }
            }
            for pointer in self.list("removed") {
                if let Some(actual) = imported.document.pointer(pointer.as_str().unwrap()) {
                    failures.push(format!("{pointer} is not removed: {actual}"));
                }
            }
            return failures;
        }
        if let Some(out) = self.get("out") {
            let expected = document_with("3.0.3", self.schemas(out, "components_out"));
            if imported.document != expected {
                let schemas = |document: &Value| document["components"]["schemas"].to_string();
                let (actual, expected) = (schemas(&imported.document), schemas(&expected));
                failures.push(if actual == expected {
                    format!("only the schemas are as expected: {}", imported.document)
                } else {
                    format!("schemas\n    actual   {actual}\n    expected {expected}")
                });
            }
        }
        failures
    }

    fn check_losses(&self, imported: &Imported) -> Vec<String> {
        let Some(expected) = self.get("losses") else {
            return Vec::new();
        };
        let mut expected: Vec<String> = expected
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().replace(" @", &format!(" {}", self.at())))
            .collect();
        let mut actual = support::lines(imported);
        expected.sort();
        actual.sort();
        if expected == actual {
            Vec::new()
        } else {
            vec![format!("losses\n    actual   {actual:#?}\n    expected {expected:#?}")]
        }
    }

    /// Validates the values of the case against the schema before and after the import.
    fn check_semantics(&self, before: &Value, after: &Value) -> Vec<String> {
        let mut failures = Vec::new();
        for (key, expected) in [("valid", true), ("invalid", false)] {
            for value in self.list(key) {
                let payload = match self.get("property") {
                    Some(_) => json!({ "p": value }),
                    None => value.clone(),
                };
                let is_3_1 = self.version().starts_with("3.1");
                if is_valid(before, is_3_1, &payload) != expected {
                    failures.push(format!(
                        "error in the case: before the import, {value} is valid: {}",
                        !expected
                    ));
                }
                if is_valid(after, false, &payload) != expected {
                    failures.push(format!(
                        "the semantics differ: after the import, {value} is valid: {}",
                        !expected
                    ));
                }
            }
        }
        failures
    }
}

fn is_valid(document: &Value, is_3_1: bool, payload: &Value) -> bool {
    let draft = if is_3_1 {
        jsonschema::Draft::Draft202012
    } else {
        jsonschema::Draft::Draft4
    };
    let mut components = document["components"].clone();
    if !is_3_1 {
        expand_nullable(&mut components);
    }
    let schema = json!({ "$ref": format!("#{THING}"), "components": components });
    let validator = jsonschema::options().with_draft(draft).build(&schema).unwrap();
    validator.is_valid(payload)
}

/// Expands `nullable` to a list of types: Draft 4 lacks the keyword.
fn expand_nullable(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("nullable") == Some(&json!(true))
                && let Some(Value::String(name)) = members.get("type").cloned()
            {
                members.insert("type".to_owned(), json!([name, "null"]));
            }
            members.values_mut().for_each(expand_nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(expand_nullable),
        _ => {}
    }
}

fn run_cases(file: &str) {
    let cases = yaml(&format!("{file}.yaml"));
    let mut names = BTreeSet::new();
    let mut failed = Vec::new();
    for case in cases.as_array().unwrap() {
        let name = format!("{file}: {}", case["name"].as_str().unwrap());
        assert!(names.insert(name.clone()), "{name} is not unique");
        let case = Case {
            name: name.clone(),
            value: case.clone(),
        };
        let failures = case.failures();
        if !failures.is_empty() {
            failed.push(format!("{name}\n  {}", failures.join("\n  ")));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} cases failed\n\n{}",
        failed.len(),
        names.len(),
        failed.join("\n\n")
    );
}

/// Defines a test for each file.
macro_rules! files {
    ($($(#[$attribute:meta])* $file:ident),* $(,)?) => {
        $(
            #[test]
            $(#[$attribute])*
            fn $file() {
                run_cases(stringify!($file));
            }
        )*

        #[test]
        fn case_file_has_test() {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                    assert!([$(stringify!($file)),*].contains(&name.as_str()), "no test runs the cases of {name}.yaml");
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
    content_encoding,
    objects,
    unions,
    names_like_keywords,
    document,
    parameters,
    responses,
    bodies,
    naming,
    version_3_0,
);

#[test]
fn import_unsupported_version_is_error_at_version() {
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
            "missing field `openapi`",
        ),
        ("- 1\n- 2\n", "", "missing field `openapi`"),
        ("just a text\n", "", "missing field `openapi`"),
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
fn import_patch_versions_of_3_1_are_accepted() {
    for version in ["3.1.0", "3.1.1", "3.1.2"] {
        let document = document_with(version, json!({ "Thing": { "const": "a" } }));
        let imported = support::imported("d", &document, &Select::default()).unwrap();
        assert_eq!(imported.document["openapi"], "3.0.3");
        assert_eq!(
            imported.document.pointer(THING),
            Some(&json!({ "type": "string", "enum": ["a"] }))
        );
    }
}

#[test]
fn losses_are_ordered_by_severity_and_have_location_and_reason() {
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
    let rendered: Vec<_> = (imported.losses.iter())
        .map(|loss| {
            format!(
                "{} {} {}:{}",
                loss.kind, loss.construct, loss.location.line, loss.location.column
            )
        })
        .collect();
    assert_eq!(
        rendered,
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

/// Returns the section and name of each component of a document.
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
    kept_tags: &'static [&'static str],
}

#[test]
fn selection_keeps_only_used_components_and_tags() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/selection.txt")).unwrap();
    let all = import("selection", &text, &Select::default()).unwrap();
    assert_eq!(operations(&all.document).len(), 6);
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
    for expected in [
        Selection {
            tags: &["pets"],
            paths: &[],
            operations: &["list_pets"],
            components: pets,
            kept_tags: &["pets"],
        },
        Selection {
            tags: &[],
            paths: &["/pets"],
            operations: &["list_pets"],
            components: pets,
            kept_tags: &["pets"],
        },
        Selection {
            tags: &["trees"],
            paths: &[],
            operations: &["get_tree", "put_tree"],
            components: &["requestBodies/Tree", "schemas/Node", "securitySchemes/other"],
            kept_tags: &["trees", "wood"],
        },
        Selection {
            tags: &[],
            paths: &["/trees/*"],
            operations: &["get_tree", "put_tree", "no_security"],
            components: &["requestBodies/Tree", "schemas/Node", "securitySchemes/other"],
            kept_tags: &["trees", "wood"],
        },
        Selection {
            tags: &["plain"],
            paths: &[],
            operations: &["no_security"],
            components: &[],
            kept_tags: &[],
        },
        Selection {
            tags: &["shared"],
            paths: &[],
            operations: &["shared"],
            components: &["headers/Rest", "schemas/Count", "securitySchemes/key"],
            kept_tags: &[],
        },
        Selection {
            tags: &["examples"],
            paths: &[],
            operations: &["examples"],
            components: &["examples/One", "schemas/Sample", "securitySchemes/key"],
            kept_tags: &[],
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
            kept_tags: &["pets"],
        },
    ] {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let select = Select {
            tags: owned(expected.tags),
            paths: owned(expected.paths),
        };
        let imported = import("selection", &text, &select).unwrap_or_else(|found| panic!("{select:?}: {found}"));
        assert_eq!(operations(&imported.document), expected.operations, "{select:?}");
        assert_eq!(components(&imported.document), expected.components, "{select:?}");
        let tags: Vec<_> = imported
            .document
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect();
        let tags: Vec<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(tags, expected.kept_tags, "{select:?}");
        let violations = support::invariant_violations("selection", &text, &select, &imported);
        assert!(violations.is_empty(), "{select:?}: {violations:#?}");
    }
}

#[test]
fn selection_without_match_is_error_that_lists_tags() {
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
        "a selection from a document without paths matches nothing"
    );
    assert!(import("empty", empty, &Select::default()).is_ok());
}

/// Losses outside of the selection are not reported.
#[test]
fn selection_reports_only_own_losses() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/selection.txt")).unwrap();
    let select = Select {
        tags: vec!["plain".to_owned()],
        paths: Vec::new(),
    };
    let imported = import("selection", &text, &select).unwrap();
    assert_eq!(support::lines(&imported), Vec::<String>::new());
}
