//! Finds the schemas, parameters, bodies and references of a document. They are found by position, never by name: a
//! property may be named `items`, and an example may have a member named `$ref`.

use serde_json::Value;

use crate::{document::Document, operation::Method, pointer};

/// The kind of a [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The variants are named as in the specification.
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
    /// The kinds that have a section in `components`, in the order in which they are visited.
    pub const WITH_SECTION: [Self; 6] = [
        Self::Schema,
        Self::Parameter,
        Self::RequestBody,
        Self::Response,
        Self::Header,
        Self::Example,
    ];

    /// Returns the section of `components` for this kind, or `None` for path items: OpenAPI 3.0 has none for them.
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

/// A location in a document with a schema, parameter or other object of a [`Kind`], or with a reference to one.
#[derive(Clone, Debug)]
pub struct Node {
    /// JSON pointer to the object or reference.
    pub pointer: String,
    /// The kind of the object, or of the one that is referred to.
    pub kind: Kind,
}

/// Returns all nodes of a document: first those of its paths, then those of its components. A node comes
/// before the nodes in it, except for path items, which come after. References are not followed.
#[must_use]
pub fn nodes(document: &Document) -> Vec<Node> {
    let mut collector = Collector { found: Vec::new() };
    for (name, path_item) in members(document.get("/paths")) {
        collector.path_item(pointer::join("/paths", name), path_item);
    }
    for kind in Kind::WITH_SECTION {
        let section = format!("/components/{}", kind.section().unwrap_or_default());
        for (name, value) in members(document.get(&section)) {
            collector.node(pointer::join(&section, name), value, kind);
        }
    }
    collector.found
}

/// Returns the JSON pointers to the schema at `at` and to the schemas that it is composed of with `allOf`, `anyOf` and
/// `oneOf`, at any depth. References are followed.
#[must_use]
pub fn parts(document: &Document, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![at.to_owned()];
    while let Some(next) = pending.pop() {
        let Some(at) = document.resolve(&next).filter(|at| !found.contains(at)) else {
            continue;
        };
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let list = pointer::join(&at, keyword);
            pending.extend(document.items(&list));
        }
        found.push(at);
    }
    found
}

/// Checks whether the schema at `at` describes an object: by its type, or without a type by keywords for objects.
/// References and the schemas that it is composed of are not followed.
#[must_use]
pub fn describes_object(document: &Document, at: &str) -> bool {
    match document.get(&pointer::join(at, "type")) {
        Some(kind) => kind == "object",
        None => ["properties", "required", "additionalProperties"]
            .iter()
            .any(|keyword| document.get(&pointer::join(at, keyword)).is_some()),
    }
}

/// Returns the JSON pointer to the schema of a property, by name, or of an array item, by index. `at` is the schema of
/// the object or array. If the result is a reference, it is not followed.
#[must_use]
pub fn member(document: &Document, at: &str, token: &str) -> Option<String> {
    parts(document, at).into_iter().find_map(|part| {
        let property = pointer::join(&pointer::join(&part, "properties"), token);
        let items = pointer::join(&part, "items");
        let additional = pointer::join(&part, "additionalProperties");
        let is_index = token.bytes().all(|b| b.is_ascii_digit());
        [property, items, additional]
            .into_iter()
            .enumerate()
            .find(|(kind, at)| document.get(at).is_some_and(Value::is_object) && (*kind != 1 || is_index))
            .map(|(_, at)| at)
    })
}

/// Returns the JSON pointers to the schema at `pointer` and to all schemas nested in it. References are not followed.
#[must_use]
pub fn schemas_in(document: &Document, pointer: &str) -> Vec<String> {
    let mut collector = Collector { found: Vec::new() };
    collector.node(
        pointer.to_owned(),
        document.get(pointer).unwrap_or(&Value::Null),
        Kind::Schema,
    );
    collector.found.into_iter().map(|node| node.pointer).collect()
}

/// Returns the targets of all references in the schemas at `roots`, direct and indirect. A root is included only if a
/// reference leads to it.
#[must_use]
pub fn reachable(document: &Document, roots: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut reached: Vec<String> = Vec::new();
    let mut pending: Vec<String> = roots.into_iter().collect();
    while let Some(root) = pending.pop() {
        for schema in schemas_in(document, &root) {
            let reference = document.get(&schema).and_then(|schema| schema.get("$ref")?.as_str());
            let reference = reference.and_then(pointer::of_reference);
            if let Some(target) = reference.filter(|target| !reached.contains(target)) {
                reached.push(target.clone());
                pending.push(target);
            }
        }
    }
    reached
}

/// The direction of a body: request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the service.
    Request,
    /// From the service to the client.
    Response,
}

/// Returns the schemas that the JSON bodies of this direction refer to, directly or indirectly.
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

/// Collects nodes. Its methods take each value along with its pointer, since looking up every pointer from the root
/// would dominate the run time.
struct Collector {
    found: Vec<Node>,
}

impl Collector {
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
