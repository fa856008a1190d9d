//! What a payload holds that the document does not know: properties of objects whose schema lists its properties and
//! says nothing of others. A validator allows them, and yet they are what shows that the service has moved on.

use std::{collections::HashMap, iter};

use fnv::FnvHashMap;
use serde_json::Value;

use super::{Deviation, Verdict, discriminator, representation::Strict};
use crate::{
    diagnostic::Diagnostics,
    document::Document,
    json::{Json, Kind, Node},
    pointer,
    walk::Direction,
};

/// The schemas that can be reached from one, as far as properties go. The first is the one itself.
#[derive(Debug)]
pub(super) struct Shapes(Vec<Shape>);

#[derive(Debug, Default)]
struct Shape {
    properties: FnvHashMap<String, usize>,
    /// JSON pointer to the properties in the document.
    listed: String,
    additional: Additional,
    items: Option<usize>,
    /// All of which a value has to fit.
    all: Vec<usize>,
    /// Of which it has to fit one.
    any: Vec<Branch>,
}

#[derive(Debug, Default)]
enum Additional {
    /// It says nothing of properties.
    #[default]
    Free,
    /// It lists properties and is silent on others.
    Silent,
    /// It allows others, or it refuses them, which is the validator's to say.
    Said,
    /// It allows others that are as this one says.
    Of(usize),
}

#[derive(Debug)]
struct Branch {
    shape: usize,
    choice: Choice,
}

/// Whether a branch is the one.
#[derive(Debug)]
enum Choice {
    /// It is the only one for objects and lists.
    Only,
    /// The discriminator has one of these values.
    Named(String, Vec<String>),
    Fits(Box<jsonschema::Validator<Strict>>),
}

impl Choice {
    fn is_made(&self, node: Node<'_>) -> bool {
        match self {
            Self::Only => true,
            Self::Named(property, values) => {
                let value = node.get(property);
                value
                    .and_then(|value| value.as_str())
                    .is_some_and(|value| values.iter().any(|known| *known == value))
            }
            Self::Fits(validator) => validator.is_valid(node),
        }
    }
}

impl Shapes {
    pub(super) fn of(document: &Document, at: &str, direction: Option<Direction>) -> Result<Self, Diagnostics> {
        let mut maker = Maker {
            document,
            direction,
            shapes: Vec::new(),
            known: HashMap::new(),
        };
        maker.shape(at, true)?;
        Ok(Self(maker.shapes))
    }

    /// What the payload holds that the document does not know.
    pub(super) fn unknown(&self, payload: &Json) -> Vec<Deviation> {
        let mut found = Vec::new();
        self.look(&[0], payload.root(), &String::new, &mut found);
        found
    }

    /// The shapes that hold for the value, those that they are put together from included.
    fn holding<'a>(&'a self, index: usize, node: Node<'_>, holding: &mut Vec<&'a Shape>) {
        let Some(shape) = self.0.get(index) else { return };
        if holding.iter().any(|known| std::ptr::eq(*known, shape)) {
            return;
        }
        holding.push(shape);
        for part in &shape.all {
            self.holding(*part, node, holding);
        }
        let mut made = false;
        for branch in shape.any.iter().filter(|branch| branch.choice.is_made(node)) {
            made = true;
            self.holding(branch.shape, node, holding);
        }
        // Where none fits, the validator has said so, and any may have been meant.
        if !made {
            for branch in &shape.any {
                self.holding(branch.shape, node, holding);
            }
        }
    }

    /// `at` makes the pointer to the node, which is wanted only where something is found.
    fn look(&self, shapes: &[usize], node: Node<'_>, at: &dyn Fn() -> String, found: &mut Vec<Deviation>) {
        if shapes.is_empty() || !matches!(node.kind(), Kind::Object | Kind::Array) {
            return;
        }
        let mut holding = Vec::new();
        for shape in shapes {
            self.holding(*shape, node, &mut holding);
        }
        let items: Vec<usize> = holding.iter().filter_map(|shape| shape.items).collect();
        for (index, element) in node.elements().enumerate() {
            self.look(&items, element, &|| pointer::join(&at(), &index.to_string()), found);
        }
        let said = |shape: &Shape| matches!(shape.additional, Additional::Said | Additional::Of(_));
        let silent = holding
            .iter()
            .find(|shape| matches!(shape.additional, Additional::Silent));
        let silent = silent.filter(|_| !holding.iter().any(|shape| said(shape)));
        for (name, value) in node.members() {
            let name = name.as_str().unwrap_or_default();
            let at = || pointer::join(&at(), &name);
            let mut known = holding
                .iter()
                .filter_map(|shape| shape.properties.get(name.as_ref()).copied());
            let first = known.next();
            if let (Some(shape), None) = (silent, first) {
                found.push(unknown(&name, at(), value, shape));
            }
            // Nothing is inside of anything else.
            if !matches!(value.kind(), Kind::Object | Kind::Array) {
                continue;
            }
            let inner: Vec<usize> = match first {
                Some(first) => iter::once(first).chain(known).collect(),
                None => {
                    let others = holding.iter().filter_map(|shape| match shape.additional {
                        Additional::Of(schema) => Some(schema),
                        _ => None,
                    });
                    others.collect()
                }
            };
            self.look(&inner, value, &at, found);
        }
    }
}

fn unknown(name: &str, pointer: String, value: Node<'_>, shape: &Shape) -> Deviation {
    Deviation {
        verdict: Verdict::Drift,
        keyword: "properties".to_owned(),
        pointer,
        span: value.span(),
        also: None,
        property: None,
        problem: format!("the document does not know `{name}`"),
        remedy: "add it to the properties in the document, or correct its name in one of the two".to_owned(),
        schema: shape.listed.clone(),
    }
}

struct Maker<'a> {
    document: &'a Document,
    direction: Option<Direction>,
    shapes: Vec<Shape>,
    /// By pointer, and whether its discriminator counts.
    known: HashMap<(String, bool), usize>,
}

impl Maker<'_> {
    /// The index of the shape of the schema at `at`; `polymorphic` where its discriminator counts.
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
        let shape = match dispatches {
            true => self.family(&at)?,
            false => self.plain(&at)?,
        };
        if let Some(place) = self.shapes.get_mut(index) {
            *place = shape;
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
            shape.any.push(Branch {
                shape: self.shape(&member, false)?,
                choice: Choice::Named(property.clone(), values),
            });
        }
        Ok(shape)
    }

    fn plain(&mut self, at: &str) -> Result<Shape, Diagnostics> {
        let document = self.document;
        let mut shape = Shape {
            listed: pointer::join(at, "properties"),
            ..Shape::default()
        };
        for (name, property) in document.members(&shape.listed.clone()) {
            shape.additional = Additional::Silent;
            shape.properties.insert(name.to_owned(), self.shape(&property, true)?);
        }
        let additional = pointer::join(at, "additionalProperties");
        match document.get(&additional) {
            None => {}
            Some(Value::Object(schema)) if !schema.is_empty() => {
                shape.additional = Additional::Of(self.shape(&additional, true)?);
            }
            Some(_) => shape.additional = Additional::Said,
        }
        let items = pointer::join(at, "items");
        if document.get(&items).is_some() {
            shape.items = Some(self.shape(&items, true)?);
        }
        for part in self.list(at, "allOf") {
            let child = at.starts_with("/components/schemas/") && at.matches('/').count() == 3;
            shape.all.push(self.shape(&part, !child)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches: Vec<String> = self
                .list(at, keyword)
                .into_iter()
                .filter(|one| self.holds_others(one))
                .collect();
            let property = discriminator::property(document, at);
            for branch in &branches {
                let target = discriminator::named(document, branch);
                let choice = match (&property, target) {
                    _ if branches.len() == 1 => Choice::Only,
                    (Some(property), Some(target)) => {
                        Choice::Named(property.clone(), discriminator::values(document, at, &target))
                    }
                    _ => Choice::Fits(Box::new(super::compile(document, branch, self.direction)?.inner)),
                };
                shape.any.push(Branch {
                    shape: self.shape(branch, true)?,
                    choice,
                });
            }
        }
        Ok(shape)
    }

    fn list(&self, at: &str, keyword: &str) -> Vec<String> {
        let at = pointer::join(at, keyword);
        let count = self.document.get(&at).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(|index| pointer::join(&at, &index.to_string())).collect()
    }

    /// Whether the schema at `at` may take an object or a list.
    fn holds_others(&self, at: &str) -> bool {
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
