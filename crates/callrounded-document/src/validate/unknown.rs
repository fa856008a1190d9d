//! Finds properties of a payload that the document does not describe: the schema lists properties, but has no
//! `additionalProperties`. JSON Schema allows them, but they show that the service has changed.

use std::{collections::HashMap, iter};

use fnv::FnvHashMap;
use serde_json::Value;

use super::{Mismatch, Verdict, discriminator, representation::Strict};
use crate::{
    diagnostic::Diagnostics,
    document::Document,
    json::{Json, Kind, Node},
    pointer,
    traverse::Direction,
};

/// The shapes of all schemas that can be reached from a schema. The first is that of the schema itself.
#[derive(Debug)]
pub(super) struct Shapes(Vec<Shape>);

/// The properties, items and parts of a schema. Other shapes are referred to by their index.
#[derive(Debug, Default)]
struct Shape {
    properties: FnvHashMap<String, usize>,
    /// JSON pointer to `properties` in the document.
    properties_pointer: String,
    additional: Additional,
    items: Option<usize>,
    /// The parts of `allOf`.
    all_of: Vec<usize>,
    /// The branches of `anyOf` and `oneOf`, and the schemas that a discriminator selects.
    any_of: Vec<Branch>,
}

/// What a schema specifies about other properties than those that it lists.
#[derive(Debug, Default)]
enum Additional {
    /// It lists no properties.
    #[default]
    NoProperties,
    /// It lists properties, and does not specify whether there may be others.
    Unspecified,
    /// It allows or forbids others. The validator reports those that are forbidden.
    Explicit,
    /// It allows others with this schema.
    Schema(usize),
}

#[derive(Debug)]
struct Branch {
    shape: usize,
    choice: Choice,
}

/// The condition under which a branch applies to a value.
#[derive(Debug)]
enum Choice {
    /// Always: it is the only branch for objects and arrays.
    Only,
    /// The discriminator property has one of these values.
    Discriminator(String, Vec<String>),
    /// The value is valid.
    Valid(Box<jsonschema::Validator<Strict>>),
}

impl Choice {
    fn applies(&self, node: Node<'_>) -> bool {
        match self {
            Self::Only => true,
            Self::Discriminator(property, values) => {
                let value = node.get(property);
                value
                    .and_then(|value| value.as_str())
                    .is_some_and(|value| values.iter().any(|known| *known == value))
            }
            Self::Valid(validator) => validator.is_valid(node),
        }
    }
}

impl Shapes {
    pub(super) fn of(document: &Document, at: &str, direction: Option<Direction>) -> Result<Self, Diagnostics> {
        let mut builder = Builder {
            document,
            direction,
            shapes: Vec::new(),
            known: HashMap::new(),
        };
        builder.shape(at, true)?;
        Ok(Self(builder.shapes))
    }

    /// Returns a mismatch for each property of the payload that the document does not describe.
    pub(super) fn unknown(&self, payload: &Json) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.visit(&[0], payload.root(), &String::new, &mut found);
        found
    }

    /// Adds the shapes that apply to the value: the one at `index`, its parts, and its branches.
    fn applicable<'a>(&'a self, index: usize, node: Node<'_>, applicable: &mut Vec<&'a Shape>) {
        let Some(shape) = self.0.get(index) else { return };
        if applicable.iter().any(|known| std::ptr::eq(*known, shape)) {
            return;
        }
        applicable.push(shape);
        for part in &shape.all_of {
            self.applicable(*part, node, applicable);
        }
        let mut any_applies = false;
        for branch in shape.any_of.iter().filter(|branch| branch.choice.applies(node)) {
            any_applies = true;
            self.applicable(branch.shape, node, applicable);
        }
        // If no branch applies, the validator reports that. Any of them may have been intended.
        if !any_applies {
            for branch in &shape.any_of {
                self.applicable(branch.shape, node, applicable);
            }
        }
    }

    /// `at` builds the pointer to the node, which is needed only if there is a finding.
    fn visit(&self, shapes: &[usize], node: Node<'_>, at: &dyn Fn() -> String, found: &mut Vec<Mismatch>) {
        if shapes.is_empty() || !matches!(node.kind(), Kind::Object | Kind::Array) {
            return;
        }
        let mut applicable = Vec::new();
        for shape in shapes {
            self.applicable(*shape, node, &mut applicable);
        }
        let items: Vec<usize> = applicable.iter().filter_map(|shape| shape.items).collect();
        for (index, element) in node.elements().enumerate() {
            self.visit(&items, element, &|| pointer::join(&at(), &index.to_string()), found);
        }
        let specifies = |shape: &Shape| matches!(shape.additional, Additional::Explicit | Additional::Schema(_));
        let unspecified = applicable
            .iter()
            .find(|shape| matches!(shape.additional, Additional::Unspecified));
        let unspecified = unspecified.filter(|_| !applicable.iter().any(|shape| specifies(shape)));
        for (key, value) in node.members() {
            let key = key.as_str().unwrap_or_default();
            let at = || pointer::join(&at(), &key);
            let mut known = applicable
                .iter()
                .filter_map(|shape| shape.properties.get(key.as_ref()).copied());
            let first = known.next();
            if let (Some(shape), None) = (unspecified, first) {
                found.push(unknown(&key, at(), value, shape));
            }
            // Other kinds have no content.
            if !matches!(value.kind(), Kind::Object | Kind::Array) {
                continue;
            }
            let inner: Vec<usize> = match first {
                Some(first) => iter::once(first).chain(known).collect(),
                None => {
                    let additional = applicable.iter().filter_map(|shape| match shape.additional {
                        Additional::Schema(schema) => Some(schema),
                        _ => None,
                    });
                    additional.collect()
                }
            };
            self.visit(&inner, value, &at, found);
        }
    }
}

fn unknown(name: &str, pointer: String, value: Node<'_>, shape: &Shape) -> Mismatch {
    Mismatch {
        verdict: Verdict::Drift,
        keyword: "properties".to_owned(),
        pointer,
        span: value.span(),
        related: None,
        property: None,
        problem: format!("the document does not describe the property `{name}`"),
        remedy: "add it to `properties` in the document, or correct its name".to_owned(),
        schema: shape.properties_pointer.clone(),
    }
}

struct Builder<'a> {
    document: &'a Document,
    direction: Option<Direction>,
    shapes: Vec<Shape>,
    /// The indexes of shapes, by the pointer of the schema and whether its discriminator applies.
    known: HashMap<(String, bool), usize>,
}

impl Builder<'_> {
    /// Returns the index of the shape of the schema at `at`. `polymorphic` says whether its discriminator applies.
    fn shape(&mut self, at: &str, polymorphic: bool) -> Result<usize, Diagnostics> {
        let document = self.document;
        let at = document.resolve(at).unwrap_or_else(|| at.to_owned());
        let dispatches = polymorphic && discriminator::dispatches(document, &at);
        if let Some(known) = self.known.get(&(at.clone(), dispatches)) {
            return Ok(*known);
        }
        let index = self.shapes.len();
        self.known.insert((at.clone(), dispatches), index);
        self.shapes.push(Shape::default());
        let shape = if dispatches {
            self.family(&at)?
        } else {
            self.keywords(&at)?
        };
        if let Some(slot) = self.shapes.get_mut(index) {
            *slot = shape;
        }
        Ok(index)
    }

    fn family(&mut self, at: &str) -> Result<Shape, Diagnostics> {
        let mut shape = Shape::default();
        let property = discriminator::property(self.document, at).unwrap_or_default();
        let members = [at.to_owned()]
            .into_iter()
            .chain(discriminator::descendants(self.document, at));
        for member in members {
            let values = discriminator::values(self.document, at, &member);
            shape.any_of.push(Branch {
                shape: self.shape(&member, false)?,
                choice: Choice::Discriminator(property.clone(), values),
            });
        }
        Ok(shape)
    }

    fn keywords(&mut self, at: &str) -> Result<Shape, Diagnostics> {
        let document = self.document;
        let mut shape = Shape {
            properties_pointer: pointer::join(at, "properties"),
            ..Shape::default()
        };
        for (name, property) in document.members(&shape.properties_pointer.clone()) {
            shape.additional = Additional::Unspecified;
            shape.properties.insert(name.to_owned(), self.shape(&property, true)?);
        }
        let additional = pointer::join(at, "additionalProperties");
        match document.get(&additional) {
            None => {}
            Some(Value::Object(schema)) if !schema.is_empty() => {
                shape.additional = Additional::Schema(self.shape(&additional, true)?);
            }
            Some(_) => shape.additional = Additional::Explicit,
        }
        let items = pointer::join(at, "items");
        if document.get(&items).is_some() {
            shape.items = Some(self.shape(&items, true)?);
        }
        for part in self.list(at, "allOf") {
            let child = at.starts_with("/components/schemas/") && at.matches('/').count() == 3;
            shape.all_of.push(self.shape(&part, !child)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches: Vec<String> = self
                .list(at, keyword)
                .into_iter()
                .filter(|one| self.may_be_container(one))
                .collect();
            let property = discriminator::property(document, at);
            for branch in &branches {
                let target = discriminator::target(document, branch);
                let choice = match (&property, target) {
                    _ if branches.len() == 1 => Choice::Only,
                    (Some(property), Some(target)) => {
                        Choice::Discriminator(property.clone(), discriminator::values(document, at, &target))
                    }
                    _ => Choice::Valid(Box::new(super::compile(document, branch, self.direction)?.inner)),
                };
                shape.any_of.push(Branch {
                    shape: self.shape(branch, true)?,
                    choice,
                });
            }
        }
        Ok(shape)
    }

    fn list(&self, at: &str, keyword: &str) -> Vec<String> {
        let at = pointer::join(at, keyword);
        self.document.items(&at).collect()
    }

    /// Checks whether the schema at `at` may accept an object or an array.
    fn may_be_container(&self, at: &str) -> bool {
        let Some(schema) = self.document.resolve(at).and_then(|at| self.document.get(&at)) else {
            return false;
        };
        let by_type = schema
            .get("type")
            .and_then(Value::as_str)
            .is_none_or(|name| matches!(name, "object" | "array"));
        let by_value = schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.iter().any(|value| value.is_object() || value.is_array()));
        by_type && by_value
    }
}
