//! Tests of the server with a document whose operations have no behaviour of their own.

#![allow(clippy::unwrap_used)]

use callrounded_document::Document;
use serde_json::json;

use super::*;

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
  /things/newest:
    get:
      operationId: get_newest_thing
      responses:
        "204": {description: There is none.}
  /things:
    get:
      operationId: list_things
      x-pagination: {items: data, cursor: cursor, next: next, size: limit}
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: name, in: query, schema: {type: string}}
        - {name: order, in: query, schema: {type: string}}
      responses:
        "200": {description: A page., content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}
    post:
      operationId: add_thing
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
      responses:
        "204": {description: Done.}
components:
  schemas:
    Thing: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}
    Page:
      type: object
      required: [data]
      properties: {data: {type: array, items: {$ref: "#/components/schemas/Thing"}}, next: {type: string}}
"##;

/// Sends a request and returns status and body of the response.
fn respond(method: &str, path: &str, body: &str) -> (u16, Value) {
    let contract = Contract::of(Document::parse("things.yaml", DOCUMENT).unwrap()).unwrap();
    let calls = Calls::default();
    let service = Service::new(Arc::new(contract), String::new(), calls, Some(0), None);
    let mut request = http::Request::builder().method(method).uri(path);
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let (outcome, _) = service.outcome(parts, Ok(Bytes::copy_from_slice(body.as_bytes())));
    let reply = outcome.reply.unwrap();
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}

#[test]
fn optional_body_when_absent_is_accepted() {
    assert_eq!(respond("POST", "/things", ""), (204, Value::Null));
    assert_eq!(respond("POST", "/things", r#"{"id":"a"}"#).0, 204);
    assert_eq!(respond("POST", "/things", "{}").0, 422);
}

#[test]
fn fixed_path_takes_precedence_over_path_with_parameters() {
    assert_eq!(respond("GET", "/things/newest", ""), (204, Value::Null));
    assert_eq!(respond("GET", "/things/oldest", "").1["id"], "oldest");
    assert_eq!(respond("PUT", "/things/oldest", "").0, 405);
}

#[test]
fn last_page_has_no_cursor_and_foreign_cursor_is_rejected() {
    let (_, page) = respond("GET", "/things?limit=20", "");
    assert_eq!(
        (page["data"].as_array().unwrap().len(), &page["next"]),
        (20, &json!("20"))
    );
    let (status, page) = respond("GET", "/things?limit=20&cursor=20", "");
    assert_eq!(
        (status, page["data"].as_array().unwrap().len(), page.get("next")),
        (200, 5, None)
    );
    let (status, error) = respond("GET", "/things?cursor=elsewhere", "");
    assert_eq!(
        (status, &error["error"]["message"]),
        (422, &json!("invalid cursor: expected one that this server sent"))
    );
}

#[test]
fn filter_of_property_applies_and_unknown_parameter_is_rejected() {
    let (status, page) = respond("GET", "/things?name=nobody", "");
    assert_eq!((status, &page["data"]), (200, &json!([])));
    let (status, error) = respond("GET", "/things?order=name", "");
    assert!(
        status == 501
            && error["error"]["message"]
                .as_str()
                .unwrap()
                .contains("`order` of list_things"),
        "{error}"
    );
}
