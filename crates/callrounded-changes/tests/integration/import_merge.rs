//! Tests that a merge into an existing document keeps our text, and changes only the lines that have to change.

use std::{fs, path::Path};

use crate::support::{import, import_theirs, merged_into, render};
use callrounded_changes::import::{Merged, Outcome, Select, merge};
use callrounded_document::Document;
use serde_json::{Value, json};

const OURS: &str = r##"# Hand-written; the vendor's document does not have these lines.
openapi: 3.0.3

info:
  title: Our shop   # not the vendor's title
  version: "7"
  x-note: hand-written
servers:
  - url: https://api.example.com
    description: The one there is.
tags:
  - {name: items, description: All of them.}

paths:
  # What is for sale.
  /items/{item_id}:
    get:
      operationId: read_item
      tags: [items]
      summary: Read one
      description: >-
        One item,
        by its number.
      x-idempotent: true
      parameters:
        # As it is printed.
        - name: item_id
          in: path
          required: true
          description: The number of the item.
          schema: {type: string}
        - {name: verbose, in: query, schema: {type: boolean}}  # rarely used
        - name: since
          in: query
          schema:
            type: string
            format: date-time
      responses:
        "200":
          description: The item, as it is now.
          content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}
    delete:
      operationId: remove_item
      tags: [items]
      parameters:
        - {name: item_id, in: path, required: true, schema: {type: string}}
      responses: {"204": {description: It is gone.}}

  /orders:
    # Outside of the selection of some tests.
    get:
      operationId: list_orders
      tags: [orders]
      responses:
        "200":
          description: All orders.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}

components:
  schemas:
    # What is sold.
    Item:
      type: object
      description: What is sold, one of it.
      x-source: a page
      required: [id, name]
      properties:
        id: {type: string}
        # In euros.
        price:
          type: number
          minimum: 0
          description: Of one.   # not of all
        name: {type: string, example: Chair}
        kind: {$ref: "#/components/schemas/Kind"}

    Kind: {type: string, enum: [chair, table]}   # in flow
    # An order and its parts.
    Order:
      type: object
      properties:
        address: {$ref: "#/components/schemas/Address"}
        parts:
          type: array
          items: {$ref: "#/components/schemas/Order"}
    Address: {type: object, properties: {street: {type: string}}}
# At the end.
"##;

/// The vendor's document of the same API.
fn theirs() -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "title": "Id" } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "FastAPI", "version": "0.1.0" },
        "servers": [{ "url": "https://api.example.com/" }],
        "paths": {
            "/items/{id}": {
                "get": {
                    "operationId": "read_item_items__id__get",
                    "tags": ["items"],
                    "summary": "Read Item",
                    "parameters": [
                        id,
                        { "name": "verbose", "in": "query", "required": false,
                          "schema": { "anyOf": [{ "type": "boolean" }, { "type": "null" }], "title": "Verbose" } },
                        { "name": "since", "in": "query",
                          "schema": { "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "null" }] } },
                    ],
                    "responses": { "200": {
                        "description": "Successful Response",
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } },
                    } },
                },
                "delete": {
                    "operationId": "delete_item_items__id__delete",
                    "tags": ["items"],
                    "parameters": [id],
                    "responses": { "204": { "description": "Successful Response" } },
                },
            },
            "/orders": { "get": {
                "operationId": "orders_get",
                "tags": ["orders"],
                "responses": { "200": {
                    "description": "Successful Response",
                    "content": { "application/json": { "schema": {
                        "type": "array", "items": { "$ref": "#/components/schemas/Order" }, "title": "Response",
                    } } },
                } },
            } },
        },
        "components": { "schemas": {
            "Item": {
                "title": "Item",
                "type": "object",
                "required": ["name", "id"],
                "properties": {
                    "id": { "type": "string", "title": "Id" },
                    "price": { "type": "number", "minimum": 0, "title": "Price" },
                    "name": { "type": "string", "title": "Name" },
                    "kind": { "$ref": "#/components/schemas/Kind" },
                },
            },
            "Kind": { "type": "string", "enum": ["chair", "table"], "title": "Kind" },
            "Order": {
                "type": "object",
                "properties": {
                    "address": { "$ref": "#/components/schemas/Address" },
                    "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Order" } },
                },
            },
            "Address": { "type": "object", "properties": { "street": { "type": "string" } } },
        } },
    })
}

fn changed(change: impl Fn(&mut Value)) -> Value {
    let mut theirs = theirs();
    change(&mut theirs);
    theirs
}

fn tag(name: &str) -> Select {
    Select {
        tags: vec![name.to_owned()],
        paths: Vec::new(),
    }
}

fn merged(theirs: &Value) -> (String, Vec<Merged>) {
    merged_into(OURS, theirs, &Select::default())
}

fn assert_snapshot(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/import/merge")
        .join(name);
    expect_test::expect_file![path.with_extension("txt")].assert_eq(actual);
}

/// Merges the changed document into ours, and compares the result with a snapshot.
fn assert_change(name: &str, change: impl Fn(&mut Value)) -> String {
    let (text, merged) = merged(&changed(change));
    assert_snapshot(name, &render(OURS, &text, &merged));
    text
}

fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| {
            line.split_once('#')
                .filter(|(before, _)| !before.ends_with(['"', '\'']))
                .map(|(_, it)| it)
        })
        .collect()
}

#[test]
fn merge_equivalent_document_changes_nothing() {
    let (text, merged) = merged(&theirs());
    assert_eq!(text, OURS);
    assert!(merged.iter().all(|one| one.outcome == Outcome::Kept), "{merged:#?}");
    let what: Vec<_> = merged.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "operation read_item",
            "operation remove_item",
            "operation list_orders",
            "schema Item",
            "schema Kind",
            "schema Order",
            "schema Address",
        ]
    );
}

#[test]
fn merge_workspace_document_into_itself_changes_nothing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/calls.yaml");
    let text = fs::read_to_string(path).unwrap();
    let imported = import("calls.yaml", &text, &Select::default()).unwrap();
    let losses: Vec<_> = imported
        .losses
        .iter()
        .map(|loss| format!("{} {}", loss.construct, loss.pointer))
        .collect();
    assert_eq!(losses, Vec::<String>::new());
    let (after, merged) = merge("calls.yaml", &text, &imported, &Select::default()).unwrap();
    assert!(
        after == text,
        "{}",
        similar::TextDiff::from_lines(&text, &after).unified_diff()
    );
    assert!(merged.iter().all(|one| one.outcome == Outcome::Kept), "{merged:#?}");
}

#[test]
fn merge_changed_property_changes_only_its_lines() {
    assert_change("property-limit", |theirs| {
        theirs["components"]["schemas"]["Item"]["properties"]["price"]["exclusiveMaximum"] = json!(100);
    });
    assert_change("property-type", |theirs| {
        theirs["components"]["schemas"]["Item"]["properties"]["id"] = json!({ "type": "integer", "title": "Id" });
    });
    assert_change("property-nullable", |theirs| {
        theirs["components"]["schemas"]["Item"]["properties"]["price"] =
            json!({ "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "null" }], "description": "Theirs" });
    });
    assert_change("property-reference-or-null", |theirs| {
        theirs["components"]["schemas"]["Item"]["properties"]["kind"] =
            json!({ "anyOf": [{ "$ref": "#/components/schemas/Kind" }, { "type": "null" }] });
    });
}

#[test]
fn merge_adds_and_removes_properties_and_values() {
    let text = assert_change("properties", |theirs| {
        let item = &mut theirs["components"]["schemas"]["Item"];
        let properties = item["properties"].as_object_mut().unwrap();
        properties.shift_remove("name");
        properties.insert(
            "weight".to_owned(),
            json!({ "type": ["number", "null"], "title": "Weight" }),
        );
        item["required"] = json!(["id"]);
    });
    assert_eq!(comments(&text), comments(OURS));
    assert_change("values", |theirs| {
        theirs["components"]["schemas"]["Kind"]["enum"] = json!(["chair", "table", "lamp"]);
    });
}

#[test]
fn merge_adds_removes_and_changes_parameters() {
    let text = assert_change("parameters", |theirs| {
        let parameters = &mut theirs["paths"]["/items/{id}"]["get"]["parameters"];
        parameters[2]["schema"] = json!({ "type": "string", "format": "date" });
        parameters[2]["required"] = json!(true);
        let list = parameters.as_array_mut().unwrap();
        list.remove(1);
        list.push(
            json!({ "name": "X-Trace", "in": "header", "schema": { "type": "string" }, "description": "Theirs." }),
        );
    });
    assert!(text.contains("The number of the item.") && text.contains("{item_id}"));
    assert!(!text.contains("name: id\n"));
}

#[test]
fn merge_adds_and_removes_responses_and_bodies() {
    assert_change("responses", |theirs| {
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Missing" } } });
        theirs["paths"]["/items/{id}"]["get"]["responses"]["404"] =
            json!({ "description": "Missing", "content": content });
        theirs["components"]["schemas"]["Missing"] =
            json!({ "type": "object", "properties": { "detail": { "type": "string" } } });
        let remove = &mut theirs["paths"]["/items/{id}"]["delete"];
        remove["responses"] = json!({ "202": { "description": "Accepted" } });
        remove["requestBody"] = json!({ "required": true, "content": {
            "application/json": { "schema": { "type": "object", "properties": { "why": { "const": "broken" } } } },
        } });
    });
}

#[test]
fn merge_adds_and_removes_operations_with_their_schemas() {
    let text = assert_change("operations", |theirs| {
        let paths = theirs["paths"].as_object_mut().unwrap();
        paths.shift_remove("/orders");
        let schemas = theirs["components"]["schemas"].as_object_mut().unwrap();
        schemas.shift_remove("Order");
        schemas.shift_remove("Address");
        schemas.insert(
            "Cart".to_owned(),
            json!({ "type": "object", "properties": { "n": { "type": "integer" } } }),
        );
        theirs["paths"]["/carts"] = json!({ "get": {
            "operationId": "get_cart",
            "tags": ["carts"],
            "summary": "Cart",
            "responses": { "200": { "description": "Yes", "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Cart" } },
            } } },
        } });
        theirs["paths"]["/items/{id}"]
            .as_object_mut()
            .unwrap()
            .shift_remove("delete");
    });
    let after = Document::parse("ours.yaml", &text).unwrap();
    assert!(after.get("/paths/~1orders").is_none());
    assert!(after.get("/paths/~1items~1{item_id}/get").is_some());
    assert!(after.get("/components/schemas/Address").is_none());
    assert!(
        after.get("/components/schemas/Order").is_none(),
        "it is referenced only by itself"
    );
}

#[test]
fn merge_keeps_unused_schemas_that_theirs_still_has() {
    let theirs = changed(|theirs| {
        theirs["paths"].as_object_mut().unwrap().shift_remove("/orders");
        theirs["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .shift_remove("Address");
        theirs["components"]["schemas"]["Order"]["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("address");
    });
    let (text, _) = merged(&theirs);
    let after = Document::parse("ours.yaml", &text).unwrap();
    let names: Vec<_> = after.members("/components/schemas").map(|(name, _)| name).collect();
    assert_eq!(names, ["Item", "Kind", "Order"], "{text}");
}

#[test]
fn merge_renames_new_operation_only_if_all_of_ours_are_in_snake_case() {
    let theirs = changed(|theirs| {
        let responses = json!({ "204": { "description": "Successful Response" } });
        theirs["paths"]["/carts"] =
            json!({ "post": { "operationId": "addCart", "tags": ["carts"], "responses": responses } });
    });
    for (our, expected) in [("remove_item", "add_cart"), ("removeItem", "addCart")] {
        let ours = OURS.replace("remove_item", our);
        let (text, _) = merged_into(&ours, &theirs, &Select::default());
        assert!(text.contains(&format!("operationId: {expected}\n")), "{text}");
        assert!(text.contains(&format!("operationId: {our}\n")), "{text}");
    }
}

#[test]
fn merge_keeps_operations_outside_of_selection() {
    let theirs = changed(|theirs| {
        theirs["paths"].as_object_mut().unwrap().shift_remove("/orders");
        let schemas = theirs["components"]["schemas"].as_object_mut().unwrap();
        schemas.shift_remove("Order");
        schemas.shift_remove("Address");
        theirs["components"]["schemas"]["Item"]["properties"]["price"]["minimum"] = json!(1);
    });
    let (text, merged) = merged_into(OURS, &theirs, &tag("items"));
    assert_eq!(text, OURS.replace("          minimum: 0\n", "          minimum: 1\n"));
    let found: Vec<_> = merged
        .iter()
        .filter(|one| one.outcome != Outcome::Kept)
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(
        found,
        ["minimum of price: changed from 0 to 1", "property price", "schema Item"]
    );
}

/// The property has the name of a keyword whose value is not a schema.
#[test]
fn merge_keeps_schemas_used_by_properties_named_like_keywords() {
    for name in ["default", "example", "examples", "enum", "mapping", "x-note"] {
        let ours = OURS.replace("        address: {$ref", &format!("        {name}: {{$ref"));
        let theirs = changed(|theirs| {
            theirs["paths"].as_object_mut().unwrap().shift_remove("/orders");
            let schemas = theirs["components"]["schemas"].as_object_mut().unwrap();
            schemas.shift_remove("Order");
            schemas.shift_remove("Address");
        });
        let (text, _) = merged_into(&ours, &theirs, &tag("items"));
        assert_eq!(text, ours, "{name}");
    }
}

/// With one path selected, operations on other paths are not removed.
#[test]
fn merge_removes_operations_only_in_selection() {
    let theirs = changed(|theirs| {
        theirs["paths"]["/items/{id}"]
            .as_object_mut()
            .unwrap()
            .shift_remove("delete");
        theirs["paths"].as_object_mut().unwrap().shift_remove("/orders");
    });
    let select = Select {
        tags: Vec::new(),
        paths: vec!["/items/*".to_owned()],
    };
    let (text, merged) = merged_into(OURS, &theirs, &select);
    let after = Document::parse("ours.yaml", &text).unwrap();
    assert!(after.get("/paths/~1items~1{item_id}/delete").is_none());
    assert!(after.get("/paths/~1orders/get").is_some());
    let removed: Vec<_> = merged
        .iter()
        .filter(|one| one.outcome == Outcome::Gone)
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(removed, ["operation remove_item"]);
    assert_eq!(comments(&text), comments(OURS));
}

#[test]
fn merge_without_generatable_client_is_error() {
    let (theirs, select) = (import_theirs(&theirs(), &Select::default()), Select::default());
    let ours = OURS.replace("operationId: list_orders", "operationId: read_item");
    let found = merge("ours.yaml", &ours, &theirs, &select).unwrap_err();
    assert!(found.to_string().contains("read_item"), "{found}");
    assert!(merge("ours.yaml", "a: [\n", &theirs, &select).is_err());
}

#[test]
fn merge_adds_components_used_by_new_operations() {
    let theirs = changed(|theirs| {
        theirs["paths"]["/carts"] = json!({
            "parameters": [{ "$ref": "#/components/parameters/Page" }],
            "get": {
                "operationId": "get_cart",
                "tags": ["items"],
                "security": [{ "token": [] }],
                "responses": {
                    "200": {
                        "description": "D",
                        "headers": { "X-Left": { "$ref": "#/components/headers/Left" } },
                        "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/Cart" },
                        } },
                    },
                    "404": { "$ref": "#/components/responses/Missing" },
                },
            },
        });
        let components = &mut theirs["components"];
        components["parameters"] =
            json!({ "Page": { "name": "page", "in": "query", "schema": { "type": "integer" } } });
        components["headers"] = json!({ "Left": { "schema": { "type": "integer" } } });
        components["responses"] = json!({ "Missing": { "description": "M" } });
        components["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
        components["schemas"]["Cart"] = json!({ "type": "object" });
    });
    for select in [Select::default(), tag("items")] {
        let (text, _) = merged_into(OURS, &theirs, &select);
        let after = Document::parse("ours.yaml", &text).unwrap();
        for at in [
            "/components/parameters/Page",
            "/components/headers/Left",
            "/components/responses/Missing",
            "/components/securitySchemes/token",
            "/components/schemas/Cart",
        ] {
            assert!(after.get(at).is_some(), "{at}\n{text}");
        }
        let parameters: Vec<_> = (after.operations().iter())
            .filter(|one| one.id == Some("get_cart"))
            .flat_map(|one| after.parameters(one))
            .collect();
        assert_eq!(
            parameters.len(),
            1,
            "the parameter of the path item is moved into the operation"
        );
    }
}

#[test]
fn merge_adds_examples_used_by_new_operations() {
    let theirs = changed(|theirs| {
        let content = json!({ "application/json": {
            "schema": { "$ref": "#/components/schemas/Item" },
            "examples": { "one": { "$ref": "#/components/examples/Item" } },
        } });
        theirs["paths"]["/carts"] = json!({ "get": {
            "operationId": "get_cart", "tags": ["items"],
            "parameters": [{
                "name": "size", "in": "query", "schema": { "type": "integer" },
                "examples": { "small": { "$ref": "#/components/examples/Small" } },
            }],
            "responses": { "200": { "description": "D", "content": content } },
        } });
        theirs["components"]["examples"] = json!({
            "Item": { "value": { "id": "1", "name": "n" } },
            "Small": { "value": 1 },
            "Unused": { "value": 2 },
        });
    });
    let (text, _) = merged_into(OURS, &theirs, &Select::default());
    let after = Document::parse("ours.yaml", &text).unwrap();
    let examples: Vec<_> = after.members("/components/examples").map(|(name, _)| name).collect();
    assert_eq!(examples, ["Item", "Small"], "{text}");
}

/// References of ours are kept where theirs has the same content inline.
#[test]
fn merge_keeps_shared_parameters() {
    let ours = OURS
        .replace(
            "        - {name: verbose, in: query, schema: {type: boolean}}  # rarely used\n",
            "        - {$ref: '#/components/parameters/Verbose'}  # shared\n",
        )
        .replace(
            "components:\n",
            "components:\n  parameters:\n    # Rarely used.\n    Verbose: {name: verbose, in: query, schema: {type: boolean}}\n",
        );
    let (text, _) = merged_into(&ours, &theirs(), &Select::default());
    assert_eq!(text, ours);
    // The reference is removed from the list. The component may stay for other operations.
    let theirs = changed(|theirs| {
        theirs["paths"]["/items/{id}"]["get"]["parameters"]
            .as_array_mut()
            .unwrap()
            .remove(1);
    });
    let (text, merged) = merged_into(&ours, &theirs, &Select::default());
    assert!(!text.contains("# shared"), "{text}");
    assert!(
        merged
            .iter()
            .any(|one| one.outcome == Outcome::Gone && one.what == "parameter verbose"),
        "{merged:#?}"
    );
}

/// New lines have the line endings of the rest of the document.
#[test]
fn merge_keeps_line_endings() {
    let change = |theirs: &mut Value| {
        theirs["components"]["schemas"]["Item"]["properties"]["price"]["minimum"] = json!(1);
    };
    let ours = OURS.replace('\n', "\r\n");
    let (text, _) = merged_into(&ours, &theirs(), &Select::default());
    assert_eq!(text, ours);
    let (text, _) = merged_into(&ours, &changed(change), &Select::default());
    assert_eq!(text, ours.replace("minimum: 0", "minimum: 1"), "with CRLF line endings");
    let ours = OURS.trim_end();
    let (text, _) = merged_into(ours, &theirs(), &Select::default());
    assert_eq!(text, ours);
}

#[test]
fn merge_into_json_document_is_supported() {
    let ours = serde_json::to_string_pretty(Document::parse("ours.yaml", OURS).unwrap().value()).unwrap();
    let (text, _) = merged_into(&ours, &theirs(), &Select::default());
    assert_eq!(text, ours);
    let theirs = changed(|theirs| {
        theirs["components"]["schemas"]["Item"]["properties"]["price"]["minimum"] = json!(1);
    });
    let (text, _) = merged_into(&ours, &theirs, &Select::default());
    let after = Document::parse("ours.yaml", &text).unwrap();
    assert_eq!(
        after.get("/components/schemas/Item/properties/price/minimum"),
        Some(&json!(1))
    );
    assert_eq!(
        after.get("/components/schemas/Item/properties/price/description"),
        Some(&json!("Of one."))
    );
}

#[test]
fn merge_replaces_different_servers_and_security() {
    let (text, merged) = merged(&changed(|theirs| {
        theirs["servers"] = json!([{ "url": "https://other.example.com" }]);
        theirs["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
        theirs["paths"]["/orders"]["get"]["security"] = json!([{ "token": [] }]);
    }));
    assert_snapshot("servers", &render(OURS, &text, &merged));
}

/// Merges two documents, of which only the paths and components are given. Returns the merged document and the
/// outcomes.
fn merge_documents(ours: &str, theirs: &str) -> (Document, Vec<String>) {
    let complete = |rest: &str| format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{rest}");
    let imported = import("theirs.yaml", &complete(theirs), &Select::default()).unwrap();
    let (text, merged) = merge("ours.yaml", &complete(ours), &imported, &Select::default()).unwrap();
    let outcomes = merged.iter().filter(|one| one.outcome != Outcome::Kept);
    let outcomes = outcomes.map(|one| format!("{:?} {}", one.outcome, one.what)).collect();
    (Document::parse("merged.yaml", &text).unwrap(), outcomes)
}

/// Two operations that share a parameter.
const SHARED_PARAMETER: &str = "\
paths:
  /a:
    get: {operationId: ga, parameters: [{$ref: '#/components/parameters/C'}], responses: {'204': {description: D}}}
  /b:
    get: {operationId: gb, parameters: [{$ref: '#/components/parameters/C'}], responses: {'204': {description: D}}}
components:
  parameters:
    C: {name: c, in: query, description: Our description, schema: {type: string}}
";

#[test]
fn merge_shared_parameter_changes_only_for_changed_operations() {
    let inline = |format: &str| format!("{{name: c, in: query, schema: {{type: string{format}}}}}");
    let theirs = |a: &str, b: &str| {
        format!(
            "paths:\n  /a:\n    get: {{operationId: ga, parameters: [{}], responses: {{'204': {{description: D}}}}}}\n  \
             /b:\n    get: {{operationId: gb, parameters: [{}], responses: {{'204': {{description: D}}}}}}\n",
            inline(a),
            inline(b)
        )
    };
    let (uuid, format) = (", format: uuid", |document: &Document, path: &str| {
        let operation = document.operation(path).unwrap();
        let parameter = document.parameters(&operation).remove(0);
        (
            document
                .get_str(&format!("{parameter}/schema/format"))
                .map(str::to_owned),
            document.get_str(&format!("{parameter}/description")).map(str::to_owned),
        )
    });
    let ours = Some("Our description".to_owned());
    let changed = (Some("uuid".to_owned()), ours.clone());
    for (a, b) in [(uuid, ""), ("", uuid)] {
        let (document, _) = merge_documents(SHARED_PARAMETER, &theirs(a, b));
        let expected = |format: &str| match format {
            "" => (None, ours.clone()),
            _ => changed.clone(),
        };
        assert_eq!(format(&document, "ga"), expected(a));
        assert_eq!(format(&document, "gb"), expected(b));
    }
    // If it changes for both, the component is changed.
    let (document, _) = merge_documents(SHARED_PARAMETER, &theirs(uuid, uuid));
    assert_eq!(document.get_str("/components/parameters/C/schema/format"), Some("uuid"));
    assert_eq!(
        document.get_str("/paths/~1a/get/parameters/0/$ref"),
        Some("#/components/parameters/C")
    );
}

#[test]
fn merge_path_parameters_move_into_operations_if_not_common() {
    let ours = "\
paths:
  /a:
    parameters:
      - {name: q, in: query, description: Ours., schema: {type: string}}
      - {name: r, in: query, schema: {type: string}}
    get: {operationId: ga, responses: {'204': {description: D}}}
    post: {operationId: pa, responses: {'204': {description: D}}}
";
    let parameters = |document: &Document, id: &str| -> Vec<String> {
        let operation = document.operation(id).unwrap();
        let names = document.parameters(&operation).into_iter();
        names
            .map(|at| document.get_str(&format!("{at}/name")).unwrap().to_owned())
            .collect()
    };
    let q = "{name: q, in: query, schema: {type: string}}";
    let r = "{name: r, in: query, schema: {type: string}}";
    let theirs = format!(
        "paths:\n  /a:\n    get: {{operationId: ga, parameters: [{r}], responses: {{'204': {{description: D}}}}}}\n    post: \
         {{operationId: pa, parameters: [{q}, {r}], responses: {{'204': {{description: D}}}}}}\n    put: {{operationId: ua, \
         responses: {{'204': {{description: D}}}}}}\n"
    );
    let (document, _) = merge_documents(ours, &theirs);
    assert_eq!(parameters(&document, "ga"), ["r"]);
    assert_eq!(parameters(&document, "pa"), ["q", "r"]);
    assert!(parameters(&document, "ua").is_empty());
    assert_eq!(
        document.get_str("/paths/~1a/post/parameters/0/description"),
        Some("Ours.")
    );
}

#[test]
fn merge_path_parameter_names_are_swapped_correctly() {
    let ours = "\
paths:
  /orgs/{id}/calls/{call_id}:
    get:
      operationId: ga
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: call_id, in: path, required: true, schema: {type: string}}
      responses: {'204': {description: D}}
";
    let theirs = "\
paths:
  /orgs/{org_id}/calls/{id}:
    get:
      operationId: ga
      parameters:
        - {name: org_id, in: path, required: true, schema: {type: string}}
        - {$ref: '#/components/parameters/Id'}
        - {name: later, in: query, schema: {type: string}}
      responses: {'204': {description: D}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
";
    let (document, outcomes) = merge_documents(ours, theirs);
    assert_eq!(outcomes, ["New parameter later", "Changed operation ga"]);
    let names: Vec<_> = (0..3)
        .map(|index| {
            document.get_str(&format!(
                "/paths/~1orgs~1{{id}}~1calls~1{{call_id}}/get/parameters/{index}/name"
            ))
        })
        .collect();
    assert_eq!(names, [Some("id"), Some("call_id"), Some("later")]);
}

#[test]
fn merge_changes_components_other_than_schemas() {
    let document = |header: &str, status: &str, security: &str| {
        format!(
            "security: [{{{security}: []}}]
paths:
  /a:
    get: {{operationId: ga, responses: {{'204': {{description: D}}, '404': {{$ref: '#/components/responses/E'}}}}}}
components:
  responses:
    E: {{description: Ours, content: {{application/json: {{schema: {{type: {status}}}}}}}}}
  securitySchemes:
    k: {{type: apiKey, in: header, name: {header}}}
    l: {{type: apiKey, in: header, name: X-L}}
"
        )
    };
    let (merged, outcomes) = merge_documents(
        &document("X-Api-Key", "string", "k"),
        &document("Authorization", "integer", "l").replace("Ours", "Theirs"),
    );
    assert_eq!(
        merged.get_str("/components/securitySchemes/k/name"),
        Some("Authorization")
    );
    assert_eq!(
        merged.get_str("/components/responses/E/content/application~1json/schema/type"),
        Some("integer")
    );
    assert_eq!(merged.get_str("/components/responses/E/description"), Some("Ours"));
    assert_eq!(merged.get("/security"), Some(&json!([{ "l": [] }])));
    for what in ["security", "responses E", "securitySchemes k"] {
        assert!(outcomes.contains(&format!("Changed {what}")), "{outcomes:?}");
    }
}
