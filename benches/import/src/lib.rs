//! Generates documents with any number of operations, like those of web frameworks: resources with five operations
//! each, schemas that refer to each other, and occasionally a feature that cannot be imported.

use callrounded_changes::import::{self, Select};
use callrounded_document::Document;
use serde_json::{Map, Value, json};

/// The number of operations of a resource.
const OPERATIONS_PER_RESOURCE: usize = 5;

/// Every 7th resource has an upload, which cannot be imported.
const UPLOAD_INTERVAL: usize = 7;

/// Every 11th resource has a default value that does not match its type.
const INVALID_DEFAULT_INTERVAL: usize = 11;

/// Returns a document with this many operations, rounded up to a multiple of five.
pub fn document(operations: usize) -> String {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for index in 0..operations.div_ceil(OPERATIONS_PER_RESOURCE) {
        add_resource(index, &mut paths, &mut schemas);
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

/// Imports a document, and returns how many operations were imported.
///
/// # Errors
/// A message if the document cannot be parsed or imported.
pub fn count_imported_operations(text: &str) -> Result<usize, String> {
    let document = Document::parse("resources", text).map_err(|error| error.to_string())?;
    let imported = import::import(&document, &Select::default()).map_err(|error| error.to_string())?;
    let paths = imported.document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    Ok(items.map(Map::len).sum())
}

/// Adds a resource with its operations and schemas.
fn add_resource(index: usize, paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let name = format!("Resource{index}");
    let reference = |schema: &str| json!({"$ref": format!("#/components/schemas/{schema}")});
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let responses = |status: &str, schema: Value| {
        json!({
            status: {"description": "Success.", "content": content(schema)},
            "422": {"description": "Invalid input.", "content": content(reference("Problem"))},
        })
    };
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}});
    let body = |schema: &str| json!({"required": true, "content": content(reference(schema))});
    let mut create = json!({
        "operationId": format!("create_resource_{index}"),
        "requestBody": body(&format!("{name}Create")),
        "responses": responses("201", reference(&name)),
    });
    if index % UPLOAD_INTERVAL == UPLOAD_INTERVAL - 1 {
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
                    {"name": "state", "in": "query", "schema": reference(&format!("{name}State"))},
                ],
                "responses": responses("200", reference(&format!("{name}Page"))),
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
                "responses": responses("200", reference(&name)),
            },
            "patch": {
                "operationId": format!("update_resource_{index}"),
                "parameters": [id],
                "requestBody": body(&format!("{name}Create")),
                "responses": responses("200", reference(&name)),
            },
            "delete": {
                "operationId": format!("delete_resource_{index}"),
                "parameters": [id],
                "responses": {"204": {"description": "Deleted."}},
            },
        }),
    );
    let mut resource = json!({
        "type": "object",
        "description": "A resource.",
        "required": ["id", "state", "created_at"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "state": reference(&format!("{name}State")),
            "created_at": {"type": "string", "format": "date-time"},
            "name": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}]},
            "size": {"type": "integer", "minimum": 0, "default": 0},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    });
    if index % INVALID_DEFAULT_INTERVAL == INVALID_DEFAULT_INTERVAL - 1 {
        resource["properties"]["size"]["default"] = json!("none");
    }
    // All schemas of a document are connected, as usual.
    if let Some(previous) = index.checked_sub(1) {
        resource["properties"]["parent"] =
            json!({"anyOf": [reference(&format!("Resource{previous}")), {"type": "null"}]});
    }
    schemas.insert(name.clone(), resource);
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
                "data": {"type": "array", "items": reference(&name)},
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
            "properties": {"state": reference(&format!("{name}State")), "name": {"type": "string"}},
        }),
    );
}
