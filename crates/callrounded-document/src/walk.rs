//! Where the schemas and references of a document are. Both are found by position, never by name: a property may be
//! called `items`, an example may hold a member called `$ref`.

use serde_json::Value;

use crate::{document::Document, operation::Method, pointer};

/// What a place of the document may hold, and so what a `$ref` there may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are those of the specification.
pub enum Kind {
    Schema,
    Parameter,
    RequestBody,
    Response,
    Header,
    Example,
    PathItem,
}

impl Kind {
    /// The section of `components` that holds this kind; path items have none in 3.0.
    #[must_use]
    pub fn section(self) -> Option<&'static str> {
        match self {
            Self::Schema => Some("schemas"),
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Response => Some("responses"),
            Self::Header => Some("headers"),
            Self::Example => Some("examples"),
            Self::PathItem => None,
        }
    }
}

/// A place that holds a schema, parameter and so on, or a reference to one.
#[derive(Clone, Debug)]
pub struct Node {
    /// JSON pointer to it.
    pub pointer: String,
    /// What it is, or refers to.
    pub kind: Kind,
}

/// Every such place, outer before inner, in the order of the document. References are not followed.
#[must_use]
pub fn nodes(document: &Document) -> Vec<Node> {
    let mut walker = Walker { found: Vec::new() };
    for (name, path_item) in members(document.get("/paths")) {
        walker.path_item(pointer::join("/paths", name), path_item);
    }
    for kind in [
        Kind::Schema,
        Kind::Parameter,
        Kind::RequestBody,
        Kind::Response,
        Kind::Header,
        Kind::Example,
    ] {
        let section = format!("/components/{}", kind.section().unwrap_or_default());
        for (name, value) in members(document.get(&section)) {
            walker.node(pointer::join(&section, name), value, kind);
        }
    }
    walker.found
}

/// The schemas that a value of the schema at `at` has to fit, or one of: itself, and what it is put together from.
#[must_use]
pub fn parts(document: &Document, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![at.to_owned()];
    while let Some(next) = waiting.pop() {
        let Some(at) = document.resolve(&next).filter(|at| !found.contains(at)) else {
            continue;
        };
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let list = pointer::join(&at, keyword);
            let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            waiting.extend((0..count).map(|index| pointer::join(&list, &index.to_string())));
        }
        found.push(at);
    }
    found
}

/// JSON pointer to the schema of the member of this name, or the item of this index, of a value of the schema at `at`. It
/// is where it is used: its references are not followed.
#[must_use]
pub fn member(document: &Document, at: &str, token: &str) -> Option<String> {
    parts(document, at).into_iter().find_map(|part| {
        let property = pointer::join(&pointer::join(&part, "properties"), token);
        let items = pointer::join(&part, "items");
        let others = pointer::join(&part, "additionalProperties");
        let is_index = token.bytes().all(|b| b.is_ascii_digit());
        [property, items, others]
            .into_iter()
            .enumerate()
            .find(|(kind, at)| document.get(at).is_some_and(Value::is_object) && (*kind != 1 || is_index))
            .map(|(_, at)| at)
    })
}

/// Every schema below the one at `pointer`, itself included. References are not followed.
#[must_use]
pub fn schemas_in(document: &Document, pointer: &str) -> Vec<String> {
    let mut walker = Walker { found: Vec::new() };
    walker.node(
        pointer.to_owned(),
        document.get(pointer).unwrap_or(&Value::Null),
        Kind::Schema,
    );
    walker.found.into_iter().map(|node| node.pointer).collect()
}

/// The component schemas that can be reached from the schemas at `roots`, through references.
#[must_use]
pub fn reachable(document: &Document, roots: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut reached: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = roots.into_iter().collect();
    while let Some(root) = waiting.pop() {
        for schema in schemas_in(document, &root) {
            let reference = document.get(&schema).and_then(|schema| schema.get("$ref")?.as_str());
            let reference = reference.and_then(pointer::of_reference);
            if let Some(target) = reference.filter(|target| !reached.contains(target)) {
                reached.push(target.clone());
                waiting.push(target);
            }
        }
    }
    reached
}

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the service.
    Request,
    /// From the service to the client.
    Response,
}

/// The component schemas of all bodies that go this way.
#[must_use]
pub fn component_schemas_of(document: &Document, direction: Direction) -> Vec<String> {
    let operations = document.operations();
    let media = operations.iter().flat_map(|operation| match direction {
        Direction::Request => document.request_body(operation).into_iter().collect::<Vec<_>>(),
        Direction::Response => document
            .response_bodies(operation)
            .into_iter()
            .map(|(_, media)| media)
            .collect(),
    });
    reachable(document, media.map(|media| pointer::join(&media, "schema")))
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// It takes each value with its pointer: to look all of them up from the outermost would be most of the work.
struct Walker {
    found: Vec<Node>,
}

impl Walker {
    fn path_item(&mut self, pointer: String, item: &Value) {
        self.each_item(&pointer, item, "parameters", Kind::Parameter);
        for (name, operation) in members(Some(item)) {
            if Method::from_name(name).is_some() {
                let at = pointer::join(&pointer, name);
                self.each_item(&at, operation, "parameters", Kind::Parameter);
                self.optional(&at, operation, "requestBody", Kind::RequestBody);
                self.each_member(&at, operation, "responses", Kind::Response);
            }
        }
        self.found.push(Node {
            pointer,
            kind: Kind::PathItem,
        });
    }

    fn node(&mut self, pointer: String, value: &Value, kind: Kind) {
        let at = pointer.clone();
        self.found.push(Node { pointer, kind });
        if value.get("$ref").is_some() {
            return;
        }
        match kind {
            Kind::Schema => {
                self.each_member(&at, value, "properties", Kind::Schema);
                for keyword in ["allOf", "anyOf", "oneOf"] {
                    self.each_item(&at, value, keyword, Kind::Schema);
                }
                self.optional(&at, value, "items", Kind::Schema);
                self.optional(&at, value, "not", Kind::Schema);
                if value
                    .get("additionalProperties")
                    .is_some_and(|value| !value.is_boolean())
                {
                    self.optional(&at, value, "additionalProperties", Kind::Schema);
                }
            }
            Kind::Parameter | Kind::Header => {
                self.optional(&at, value, "schema", Kind::Schema);
                self.content(&at, value);
            }
            Kind::RequestBody => self.content(&at, value),
            Kind::Response => {
                self.each_member(&at, value, "headers", Kind::Header);
                self.content(&at, value);
            }
            Kind::Example | Kind::PathItem => {}
        }
    }

    fn content(&mut self, holder: &str, value: &Value) {
        let at = pointer::join(holder, "content");
        for (name, media) in members(value.get("content")) {
            let at = pointer::join(&at, name);
            self.optional(&at, media, "schema", Kind::Schema);
            self.each_member(&at, media, "examples", Kind::Example);
        }
    }

    fn optional(&mut self, holder: &str, value: &Value, name: &str, kind: Kind) {
        if let Some(value) = value.get(name) {
            self.node(pointer::join(holder, name), value, kind);
        }
    }

    fn each_member(&mut self, holder: &str, value: &Value, name: &str, kind: Kind) {
        let at = pointer::join(holder, name);
        for (name, value) in members(value.get(name)) {
            if !name.starts_with("x-") || kind == Kind::Schema {
                self.node(pointer::join(&at, name), value, kind);
            }
        }
    }

    fn each_item(&mut self, holder: &str, value: &Value, name: &str, kind: Kind) {
        let at = pointer::join(holder, name);
        let items = value.get(name).and_then(Value::as_array).into_iter().flatten();
        for (index, value) in items.enumerate() {
            self.node(pointer::join(&at, &index.to_string()), value, kind);
        }
    }
}
