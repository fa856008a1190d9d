//! Tests that a merge matches schemas that have another name in the import.

use std::{fs, path::Path};

use crate::support::{import, merged_into, render};
use callrounded_changes::{
    diff::diff,
    import::{Select, merge},
};
use callrounded_document::{Document, pointer};
use serde_json::{Value, json};

const OURS: &str = r##"openapi: 3.0.3
info: {title: Ours, version: "1"}
security:
  - key: []
tags:
  - name: items
paths:
  /items:
    get:
      operationId: list_items
      tags: [items]
      responses:
        "200":
          description: All of them.
          content: {application/json: {schema: {$ref: "#/components/schemas/ItemList"}}}
    post:
      operationId: add_item
      tags: [items]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}
      responses:
        "201":
          description: It was added.
          content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    ItemList:
      type: object
      required: [data]
      properties:
        data: {type: array, items: {$ref: "#/components/schemas/Item"}}
        next: {type: string, nullable: true}
    # What is sold.
    Item:
      type: object
      description: Something that is sold.
      x-source: a page
      required: [id]
      x-needed: [id]
      properties:
        id: {type: string, x-personal-data: false}
        kind:
          oneOf:
            - $ref: "#/components/schemas/Kind"
            - enum: [null]
        size: {type: object, properties: {width: {type: number}}}
        price: {type: number, format: decimal}
    NewItem:
      type: object
      required: [name]
      properties:
        name: {type: string}
        kind: {$ref: "#/components/schemas/Kind"}
    Kind: {type: string, enum: [chair, table]}
"##;

/// The same document with the vendor's names.
fn theirs() -> Value {
    let body =
        |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Theirs", "version": "7" },
        "paths": {
            "/items": {
                "get": {
                    "operationId": "list_items_items_get", "tags": ["Catalogue"], "security": [{ "ApiKeyAuth": [] }],
                    "responses": { "200": { "description": "OK", "content": body("Page") } },
                },
                "post": {
                    "operationId": "add_item_items_post", "tags": ["Catalogue"], "security": [{ "ApiKeyAuth": [] }],
                    "requestBody": { "required": true, "content": body("Creation") },
                    "responses": { "201": { "description": "OK", "content": body("Product") } },
                },
            },
        },
        "components": {
            "securitySchemes": { "ApiKeyAuth": { "type": "apiKey", "in": "header", "name": "x-key" } },
            "schemas": {
                "Page": { "type": "object", "required": ["data"], "properties": {
                    "data": { "type": "array", "items": { "$ref": "#/components/schemas/Product" } },
                    "next": { "type": "string", "nullable": true },
                } },
                "Product": { "type": "object", "required": ["id"], "properties": {
                    "id": { "type": "string" },
                    "kind": { "oneOf": [{ "$ref": "#/components/schemas/Category" }, { "enum": [null] }] },
                    "size": { "type": "object", "properties": { "width": { "type": "number" } } },
                    "price": { "type": "number" },
                } },
                "Creation": { "type": "object", "required": ["name"], "properties": {
                    "name": { "type": "string" }, "kind": { "$ref": "#/components/schemas/Category" },
                } },
                "Category": { "type": "string", "enum": ["chair", "table"] },
            },
        },
    })
}

fn schemas(document: &mut Value) -> &mut serde_json::Map<String, Value> {
    document["components"]["schemas"].as_object_mut().unwrap()
}

/// Merges the changed document into ours, and compares the result with a snapshot.
fn assert_merge(name: &str, change: impl Fn(&mut Value)) -> String {
    let mut theirs = theirs();
    change(&mut theirs);
    let (text, merged) = merged_into(OURS, &theirs, &Select::default());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/matching");
    expect_test::expect_file![path.join(name).with_extension("txt")].assert_eq(&render(OURS, &text, &merged));
    text
}

#[test]
fn merge_schemas_of_other_names_match_by_usage() {
    assert_merge("names", |_| {});
    assert_merge("names-and-change", |theirs| {
        schemas(theirs)["Product"]["properties"]["weight"] = json!({ "type": "number" });
        schemas(theirs)["Category"]["enum"] = json!(["chair", "table", "lamp"]);
    });
}

#[test]
fn merge_inline_schemas_follow_ours() {
    assert_merge("inline", |theirs| {
        for (holder, nullable) in [("Product", true), ("Creation", false)] {
            let mut kind = json!({ "type": "string", "enum": ["chair", "table", "lamp"] });
            if nullable {
                kind["nullable"] = json!(true);
            }
            schemas(theirs)[holder]["properties"]["kind"] = kind;
        }
        schemas(theirs).shift_remove("Category");
        schemas(theirs)["Product"]["properties"]["size"] = json!({ "$ref": "#/components/schemas/Size" });
        let size =
            json!({ "type": "object", "properties": { "width": { "type": "number" }, "depth": { "type": "number" } } });
        schemas(theirs).insert("Size".to_owned(), size);
    });
}

#[test]
fn merge_several_candidates_are_merged_ambiguous_or_chosen() {
    // Equivalent schemas become one.
    assert_merge("several-equivalent", |theirs| {
        let mut copy = schemas(theirs)["Product"].clone();
        copy["title"] = json!("Product as added");
        schemas(theirs).insert("AddedProduct".to_owned(), copy);
        let reference = "/paths/~1items/post/responses/201/content/application~1json/schema/$ref";
        *theirs.pointer_mut(reference).unwrap() = json!("#/components/schemas/AddedProduct");
    });
    let differing = |theirs: &mut Value| {
        let short = json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } });
        schemas(theirs).insert("AddedProduct".to_owned(), short);
        let reference = "/paths/~1items/post/responses/201/content/application~1json/schema/$ref";
        *theirs.pointer_mut(reference).unwrap() = json!("#/components/schemas/AddedProduct");
    };
    let mut document = theirs();
    differing(&mut document);
    let imported = import("theirs.json", &document.to_string(), &Select::default()).unwrap();
    let (text, merged) = merge("ours.yaml", OURS, &imported, &Select::default()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/matching");
    expect_test::expect_file![path.join("several.txt")].assert_eq(&render(OURS, &text, &merged));
    // `x-vendor-name` chooses one.
    let chosen = OURS.replace(
        "      x-source: a page\n",
        "      x-source: a page\n      x-vendor-name: Product\n",
    );
    let (text, merged) = merged_into(&chosen, &document, &Select::default());
    expect_test::expect_file![path.join("several-chosen.txt")].assert_eq(&render(&chosen, &text, &merged));
}

#[test]
fn merge_one_schema_matches_several_of_ours() {
    let ours = OURS.replace(
        "        kind: {$ref: \"#/components/schemas/Kind\"}\n",
        "        kind: {$ref: \"#/components/schemas/NewKind\"}\n",
    ) + "    NewKind: {type: string, enum: [chair, table]}\n";
    let mut document = theirs();
    schemas(&mut document)["Category"]["enum"] = json!(["chair", "table", "lamp"]);
    let (text, merged) = merged_into(&ours, &document, &Select::default());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/matching/one-for-several.txt");
    expect_test::expect_file![path].assert_eq(&render(&ours, &text, &merged));
}

#[test]
fn merge_different_schema_of_same_name_is_renamed() {
    assert_merge("other-of-same-name", |theirs| {
        let item = json!({ "type": "object", "properties": { "position": { "type": "integer" } } });
        schemas(theirs).insert("Item".to_owned(), item);
        schemas(theirs)["Page"]["properties"]["first"] = json!({ "$ref": "#/components/schemas/Item" });
    });
}

#[test]
fn merge_union_in_response_becomes_one_object() {
    let text = assert_merge("union", |theirs| {
        let mut chair = schemas(theirs).shift_remove("Product").unwrap();
        chair["required"] = json!(["id", "kind", "legs"]);
        let mut table = chair.clone();
        chair["properties"]["kind"] = json!({ "type": "string", "enum": ["chair"] });
        chair["properties"]["legs"] = json!({ "type": "integer" });
        chair["properties"]["mark"] = json!({ "type": "string" });
        table["properties"]["kind"] = json!({ "type": "string", "enum": ["table"] });
        table["properties"]["mark"] = json!({ "type": "object" });
        let category = json!({ "$ref": "#/components/schemas/Category" });
        chair["properties"]["group"] = json!({ "nullable": true, "allOf": [category] });
        table["properties"]["group"] = category;
        let part = |description: &str| {
            json!({ "type": "object", "description": description, "properties": {
            "width": { "type": "number" },
        } })
        };
        chair["properties"]["seat"] = part("Of the chair.");
        table["properties"]["seat"] = part("Of the table.");
        table["required"] = json!(["id", "kind"]);
        schemas(theirs).insert("Chair".to_owned(), chair);
        schemas(theirs).insert("Table".to_owned(), table);
        let union = json!({
            "oneOf": [{ "$ref": "#/components/schemas/Chair" }, { "$ref": "#/components/schemas/Table" }],
            "discriminator": { "propertyName": "kind" },
        });
        schemas(theirs)["Page"]["properties"]["data"]["items"] = union.clone();
        schemas(theirs).insert("Product".to_owned(), union);
    });
    assert!(text.contains("x-vendor-union: [Chair, Table]"));
}

/// The branches are used only by the union, so they are matched by their properties, in any order.
#[test]
fn merge_branches_of_other_names_and_order_match() {
    let ours = OURS
        .replace(
            "        price: {type: number, format: decimal}\n",
            "        part:\n          oneOf:\n            - $ref: \"#/components/schemas/Leg\"\n            \
             - $ref: \"#/components/schemas/Top\"\n        price: {type: number, format: decimal}\n",
        )
        .replace(
            "    Kind: {type",
            "    # Of wood.\n    Leg: {type: object, properties: {length: {type: number}, count: {type: integer}}}\n    \
             Top: {type: object, properties: {width: {type: number}, shape: {type: string}}}\n    Kind: {type",
        );
    let mut theirs = theirs();
    schemas(&mut theirs)["Product"]["properties"]["part"] = json!({
        "oneOf": [{ "$ref": "#/components/schemas/Plate" }, { "$ref": "#/components/schemas/Support" }],
    });
    let number = json!({ "type": "number" });
    schemas(&mut theirs).insert(
        "Plate".to_owned(),
        json!({ "type": "object", "properties": { "width": number, "shape": { "type": "string" } } }),
    );
    schemas(&mut theirs).insert(
        "Support".to_owned(),
        json!({ "type": "object", "properties": { "length": number, "count": { "type": "integer" } } }),
    );
    let (text, _) = merged_into(&ours, &theirs, &Select::default());
    let after = Document::parse("ours.yaml", &text).unwrap();
    let names: Vec<_> = after.members("/components/schemas").map(|(name, _)| name).collect();
    assert_eq!(names, ["ItemList", "Item", "NewItem", "Leg", "Top", "Kind"], "{text}");
    assert!(text.contains("    # Of wood.\n    Leg:\n"), "{text}");
    assert_eq!(
        after.get("/components/schemas/Leg/x-vendor-name"),
        Some(&json!("Support"))
    );
    assert_eq!(
        after.get("/components/schemas/Top/x-vendor-name"),
        Some(&json!("Plate"))
    );
}

#[test]
fn merge_new_operation_has_our_tag_scheme_and_style() {
    assert_merge("new-operation", |theirs| {
        let mut operation = theirs["paths"]["/items"]["post"].clone();
        operation["operationId"] = json!("replaceItem_items__item_id__put");
        operation["parameters"] =
            json!([{ "name": "item_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
        theirs["paths"]["/items/{item_id}"] = json!({ "put": operation });
        theirs["tags"] = json!([{ "name": "Catalogue", "description": "All things." }]);
    });
}

#[test]
fn merge_removed_property_is_removed_from_needed() {
    assert_merge("removed-property", |theirs| {
        let product = &mut schemas(theirs)["Product"];
        product["properties"].as_object_mut().unwrap().shift_remove("id");
        product.as_object_mut().unwrap().shift_remove("required");
    });
}

/// Returns our extensions and descriptions by pointer.
fn annotations(document: &Document) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(at) = waiting.pop() {
        match document.get(&at).unwrap() {
            Value::Object(members) => {
                for (name, value) in members {
                    let inner = pointer::join(&at, name);
                    if (name.starts_with("x-") && !name.starts_with("x-vendor-"))
                        || (name == "description" && value.is_string())
                    {
                        found.push((inner, value.clone()));
                    } else {
                        waiting.push(inner);
                    }
                }
            }
            Value::Array(items) => waiting.extend((0..items.len()).map(|index| pointer::join(&at, &index.to_string()))),
            _ => {}
        }
    }
    found
}

#[test]
fn merge_vendor_document_keeps_annotations_and_is_idempotent() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ours = fs::read_to_string(root.join("openapi/calls.yaml")).unwrap();
    let theirs = fs::read_to_string(root.join("tests/generators/fastapi/documents/rounded.json")).unwrap();
    let select = Select::default();
    let imported = import("rounded.json", &theirs, &select).unwrap();
    let (text, _) = merge("calls.yaml", &ours, &imported, &select).unwrap();
    let (again, second) = merge("calls.yaml", &text, &imported, &select).unwrap();
    assert_eq!(again, text);
    assert!(
        second
            .iter()
            .all(|one| one.outcome == callrounded_changes::import::Outcome::Kept),
        "{second:#?}"
    );

    let (before, after) = (
        Document::parse("calls.yaml", &ours).unwrap(),
        Document::parse("calls.yaml", &text).unwrap(),
    );
    for (_, schema) in before.members("/components/schemas") {
        assert!(after.get(&schema).is_some(), "{schema} is removed");
    }
    for (at, value) in annotations(&before) {
        assert_eq!(after.get(&at), Some(&value), "{at}");
    }
    let diff = diff(
        &Document::parse("old", &ours).unwrap(),
        &Document::parse("new", &text).unwrap(),
    );
    let found: Vec<String> = diff
        .changes
        .iter()
        .map(|change| format!("{}: {}\n", change.subject, change.problem))
        .collect();
    assert!(found.len() <= 12);
    // After the document has been imported, the merge changes nothing.
    if ours == text {
        return assert_eq!(found, [""; 0]);
    }
    let path = root.join("crates/callrounded-changes/tests/import/matching/vendor.txt");
    expect_test::expect_file![path].assert_eq(&found.concat());
}
