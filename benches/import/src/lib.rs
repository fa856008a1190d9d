//! Documents of any number of operations, like those that a framework writes: resources with five operations each, schemas that
//! refer to each other, and now and then something that can't be imported.

use callrounded_changes::import::{self, Select};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

/// Operations of one resource.
const EACH: usize = 5;

/// One resource in so many has an upload, one a default of another type.
const UPLOAD: usize = 7;
const DEFAULT: usize = 11;

/// A document with so many operations, to the next multiple of five.
pub fn document(operations: usize) -> String {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for index in 0..operations.div_ceil(EACH) {
        resource(index, &mut paths, &mut schemas);
    }
    schemas.insert(
        "Problem".to_owned(),
        json!({
            "type": "object",
            "required": ["message"],
            "properties": {"message": {"type": "string"}, "details": {"type": "array", "items": {"type": "string"}}},
        }),
    );
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Resources", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
    .to_string()
}

/// Imports it, and gives how many operations came through.
pub fn imported(text: &str) -> Result<usize, String> {
    let document = Document::parse("resources", text).map_err(|found| found.to_string())?;
    let imported = import::import(&document, &Select::default()).map_err(|found| found.to_string())?;
    let paths = imported.document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    Ok(items.map(Map::len).sum())
}

fn resource(index: usize, paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let name = format!("Resource{index}");
    let to = |schema: &str| json!({"$ref": format!("#/components/schemas/{schema}")});
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let responses = |status: &str, schema: Value| {
        json!({
            status: {"description": "As asked for.", "content": content(schema)},
            "422": {"description": "Something is wrong.", "content": content(to("Problem"))},
        })
    };
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}});
    let body = |schema: &str| json!({"required": true, "content": content(to(schema))});
    let mut create = json!({
        "operationId": format!("create_resource_{index}"),
        "requestBody": body(&format!("{name}Create")),
        "responses": responses("201", to(&name)),
    });
    if index % UPLOAD == UPLOAD - 1 {
        create["requestBody"] = json!({"content": {"multipart/form-data": {"schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
        }}}});
    }
    paths.insert(
        format!("/resources/{index}"),
        json!({
            "get": {
                "operationId": format!("list_resource_{index}"),
                "parameters": [
                    {"name": "cursor", "in": "query", "schema": {"type": ["string", "null"]}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
                    {"name": "state", "in": "query", "schema": to(&format!("{name}State"))},
                ],
                "responses": responses("200", to(&format!("{name}Page"))),
            },
            "post": create,
        }),
    );
    paths.insert(
        format!("/resources/{index}/{{id}}"),
        json!({
            "get": {
                "operationId": format!("get_resource_{index}"),
                "parameters": [id],
                "responses": responses("200", to(&name)),
            },
            "patch": {
                "operationId": format!("update_resource_{index}"),
                "parameters": [id],
                "requestBody": body(&format!("{name}Create")),
                "responses": responses("200", to(&name)),
            },
            "delete": {
                "operationId": format!("delete_resource_{index}"),
                "parameters": [id],
                "responses": {"204": {"description": "It is gone."}},
            },
        }),
    );
    let mut thing = json!({
        "type": "object",
        "description": "What the service keeps.",
        "required": ["id", "state", "created_at"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "state": to(&format!("{name}State")),
            "created_at": {"type": "string", "format": "date-time"},
            "name": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}]},
            "size": {"type": "integer", "minimum": 0, "default": 0},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    });
    if index % DEFAULT == DEFAULT - 1 {
        thing["properties"]["size"]["default"] = json!("none");
    }
    // All of a document are connected, as they usually are.
    if let Some(before) = index.checked_sub(1) {
        thing["properties"]["parent"] = json!({"anyOf": [to(&format!("Resource{before}")), {"type": "null"}]});
    }
    schemas.insert(name.clone(), thing);
    schemas.insert(
        format!("{name}State"),
        json!({"type": "string", "enum": ["new", "active", "ended"]}),
    );
    schemas.insert(
        format!("{name}Page"),
        json!({
            "type": "object",
            "required": ["data"],
            "properties": {
                "data": {"type": "array", "items": to(&name)},
                "next_cursor": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        }),
    );
    schemas.insert(
        format!("{name}Create"),
        json!({
            "type": "object",
            "required": ["state"],
            "additionalProperties": false,
            "properties": {"state": to(&format!("{name}State")), "name": {"type": "string"}},
        }),
    );
}
