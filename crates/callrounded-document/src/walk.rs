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
    let mut walker = Walker {
        document,
        found: Vec::new(),
    };
    for (_, path_item) in document.members("/paths") {
        walker.path_item(path_item);
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
        for (_, at) in document.members(&section) {
            walker.node(at, kind);
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
    let mut walker = Walker {
        document,
        found: Vec::new(),
    };
    walker.node(pointer.to_owned(), Kind::Schema);
    walker.found.into_iter().map(|node| node.pointer).collect()
}

/// The component schemas that can be reached from the schemas at `roots`, through references.
#[must_use]
pub fn reachable(document: &Document, roots: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut reached: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = roots.into_iter().collect();
    while let Some(root) = waiting.pop() {
        for schema in schemas_in(document, &root) {
            let reference = document
                .text(&pointer::join(&schema, "$ref"))
                .and_then(pointer::of_reference);
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

struct Walker<'a> {
    document: &'a Document,
    found: Vec<Node>,
}

impl Walker<'_> {
    fn path_item(&mut self, pointer: String) {
        let document = self.document;
        self.each_item(&pointer::join(&pointer, "parameters"), Kind::Parameter);
        for (name, operation) in document.members(&pointer) {
            if Method::from_name(name).is_some() {
                self.each_item(&pointer::join(&operation, "parameters"), Kind::Parameter);
                self.optional(&operation, "requestBody", Kind::RequestBody);
                self.each_member(&pointer::join(&operation, "responses"), Kind::Response);
            }
        }
        self.found.push(Node {
            pointer,
            kind: Kind::PathItem,
        });
    }

    fn node(&mut self, pointer: String, kind: Kind) {
        let holder = pointer.clone();
        self.found.push(Node { pointer, kind });
        if self.document.get(&pointer::join(&holder, "$ref")).is_some() {
            return;
        }
        match kind {
            Kind::Schema => {
                self.each_member(&pointer::join(&holder, "properties"), Kind::Schema);
                for keyword in ["allOf", "anyOf", "oneOf"] {
                    self.each_item(&pointer::join(&holder, keyword), Kind::Schema);
                }
                self.optional(&holder, "items", Kind::Schema);
                self.optional(&holder, "not", Kind::Schema);
                let additional = self.document.get(&pointer::join(&holder, "additionalProperties"));
                if additional.is_some_and(|value| !value.is_boolean()) {
                    self.optional(&holder, "additionalProperties", Kind::Schema);
                }
            }
            Kind::Parameter | Kind::Header => {
                self.optional(&holder, "schema", Kind::Schema);
                self.content(&holder);
            }
            Kind::RequestBody => self.content(&holder),
            Kind::Response => {
                self.each_member(&pointer::join(&holder, "headers"), Kind::Header);
                self.content(&holder);
            }
            Kind::Example | Kind::PathItem => {}
        }
    }

    fn content(&mut self, holder: &str) {
        let document = self.document;
        for (_, media) in document.members(&pointer::join(holder, "content")) {
            self.optional(&media, "schema", Kind::Schema);
            self.each_member(&pointer::join(&media, "examples"), Kind::Example);
        }
    }

    fn optional(&mut self, holder: &str, name: &str, kind: Kind) {
        let at = pointer::join(holder, name);
        if self.document.get(&at).is_some() {
            self.node(at, kind);
        }
    }

    fn each_member(&mut self, holder: &str, kind: Kind) {
        let document = self.document;
        for (name, at) in document.members(holder) {
            if !name.starts_with("x-") || kind == Kind::Schema {
                self.node(at, kind);
            }
        }
    }

    fn each_item(&mut self, holder: &str, kind: Kind) {
        let count = self.document.get(holder).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            self.node(pointer::join(holder, &index.to_string()), kind);
        }
    }
}
