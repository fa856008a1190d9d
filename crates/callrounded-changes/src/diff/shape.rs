//! Reads a schema into a normal form: references are followed, `allOf` is merged, a branch for null becomes `nullable`,
//! and branches that only list types or values are combined. Schemas of the same shape are equivalent.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{Document, pointer};
use serde_json::Value;

use super::limit::Limit;

/// The normal form of a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// The allowed types. `None` allows any.
    pub types: Option<BTreeSet<String>>,
    /// The allowed values. `None` allows any.
    pub values: Option<Vec<Value>>,
    /// Keywords whose values are ordered: bounds, lengths, counts.
    pub limits: BTreeMap<&'static str, Limit>,
    /// Keywords whose values are not ordered: patterns, formats, multiples, uniqueness.
    pub constraints: BTreeMap<&'static str, BTreeSet<String>>,
    /// The pointers to all schemas that describe a property, by its name.
    pub properties: BTreeMap<String, Vec<String>>,
    pub required: BTreeSet<String>,
    pub additional: Additional,
    pub items: Vec<String>,
    pub unions: Vec<Union>,
    pub not: Vec<String>,
    pub default: Option<Value>,
    pub read_only: bool,
    pub write_only: bool,
    /// The name of the property, and the schema for each of its values.
    pub discriminator: Option<(String, BTreeMap<String, String>)>,
    /// Whether one part of an `allOf` rejects properties that another describes. Then fewer values match than the shape
    /// suggests.
    pub conflicting: bool,
}

/// The schema of properties that are not described.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Additional {
    #[default]
    Open,
    Closed,
    Schemas(Vec<String>),
}

/// A `oneOf` (exactly one branch matches) or an `anyOf`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Union {
    pub exactly_one: bool,
    pub branches: Vec<String>,
}

/// The lower limits, for which a larger value is narrower.
pub(super) const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/// Patterns that match any string.
const MATCH_ALL_PATTERNS: [&str; 8] = ["", "^", "$", ".*", "^.*", ".*$", "[\\s\\S]*", "^[\\s\\S]*$"];

impl Shape {
    /// Returns the shape of a value that has to match all of these schemas.
    pub fn of(document: &Document, pointers: &[String]) -> Self {
        let mut shape = Self::default();
        for at in pointers {
            shape.gather(document, at, &mut Vec::new());
        }
        shape.normalize();
        shape
    }

    /// Removes listed values that the types exclude, and then the types, which follow from the values.
    fn normalize(&mut self) {
        if let (Some(values), Some(types)) = (&mut self.values, &self.types) {
            values.retain(|value| types.iter().any(|name| is_of_type(value, name)));
            self.types = None;
        }
    }

    fn gather(&mut self, document: &Document, at: &str, seen: &mut Vec<String>) {
        let Some(at) = document.resolve(at) else { return };
        if seen.contains(&at) {
            return;
        }
        let Some(Value::Object(schema)) = document.get(&at) else {
            return;
        };
        seen.push(at.clone());
        let mut own = Self::default();
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if let Some(name) = schema.get("type").and_then(Value::as_str) {
            let mut types = BTreeSet::from([name.to_owned()]);
            if nullable {
                types.insert("null".to_owned());
            }
            own.types = Some(types);
        }
        own.values = schema.get("enum").and_then(Value::as_array).cloned();
        own.read_limits(schema);
        for keyword in ["pattern", "format", "multipleOf", "uniqueItems"] {
            let constraint = match schema.get(keyword) {
                None | Some(Value::Null | Value::Bool(false)) => continue,
                // `password` affects display and `decimal` rounding. Neither restricts the value.
                Some(Value::String(text)) if matches!(text.as_str(), "password" | "decimal") => continue,
                Some(Value::String(text)) if keyword == "pattern" && MATCH_ALL_PATTERNS.contains(&text.as_str()) => {
                    continue;
                }
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            own.constraints.insert(keyword, BTreeSet::from([constraint]));
        }
        let properties = pointer::join(&at, "properties");
        for (name, property) in document.members(&properties) {
            own.properties.insert(name.to_owned(), vec![property]);
        }
        let required = schema.get("required").and_then(Value::as_array);
        own.required = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        own.additional = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => Additional::Closed,
            Some(Value::Object(inner)) if !inner.is_empty() => {
                Additional::Schemas(vec![pointer::join(&at, "additionalProperties")])
            }
            _ => Additional::Open,
        };
        if schema
            .get("items")
            .and_then(Value::as_object)
            .is_some_and(|items| !items.is_empty())
        {
            own.items = vec![pointer::join(&at, "items")];
        }
        if schema.contains_key("not") {
            own.not = vec![pointer::join(&at, "not")];
        }
        own.default = schema.get("default").cloned();
        own.read_only = schema.get("readOnly") == Some(&Value::Bool(true));
        own.write_only = schema.get("writeOnly") == Some(&Value::Bool(true));
        own.discriminator = discriminator(document, &at);
        for keyword in ["oneOf", "anyOf"] {
            let branches = list(document, &at, keyword);
            if !branches.is_empty() {
                own.merge(union(document, branches, keyword == "oneOf", seen));
            }
        }
        for part in list(document, &at, "allOf") {
            own.gather(document, &part, seen);
        }
        seen.pop();
        self.merge(own);
    }

    fn read_limits(&mut self, schema: &serde_json::Map<String, Value>) {
        for keyword in LOWER.into_iter().chain(UPPER) {
            if let Some(Value::Number(limit)) = schema.get(keyword) {
                self.limits.insert(keyword, Limit(limit.clone()));
            }
        }
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if schema.get(flag) == Some(&Value::Bool(true))
                && let Some(limit) = self.limits.remove(bound)
            {
                self.limits.insert(flag, limit);
            }
        }
        // A lower limit of 0 has no effect.
        for keyword in ["minLength", "minItems", "minProperties"] {
            if self.limits.get(keyword) == Some(&Limit::from(0)) {
                self.limits.remove(keyword);
            }
        }
    }

    /// Restricts the shape to values that also match `other`.
    fn merge(&mut self, other: Self) {
        self.conflicting |= other.conflicting || rejects(self, &other) || rejects(&other, self);
        self.types = match (self.types.take(), other.types) {
            (Some(a), Some(b)) => Some(common_types(&a, &b)),
            (a, b) => a.or(b),
        };
        self.values = match (self.values.take(), other.values) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|value| b.contains(value)).collect()),
            (a, b) => a.or(b),
        };
        for (keyword, limit) in other.limits {
            let is_narrower = |known: &Limit| {
                if LOWER.contains(&keyword) {
                    *known >= limit
                } else {
                    *known <= limit
                }
            };
            if !self.limits.get(keyword).is_some_and(is_narrower) {
                self.limits.insert(keyword, limit);
            }
        }
        for (keyword, constraints) in other.constraints {
            self.constraints.entry(keyword).or_default().extend(constraints);
        }
        self.required.extend(other.required);
        self.additional = match (std::mem::take(&mut self.additional), other.additional) {
            (Additional::Closed, _) | (_, Additional::Closed) => Additional::Closed,
            (Additional::Schemas(mut a), Additional::Schemas(b)) => {
                a.extend(b);
                Additional::Schemas(a)
            }
            (Additional::Schemas(one), _) | (_, Additional::Schemas(one)) => Additional::Schemas(one),
            (Additional::Open, Additional::Open) => Additional::Open,
        };
        for (name, at) in other.properties {
            self.properties.entry(name).or_default().extend(at);
        }
        self.items.extend(other.items);
        self.unions.extend(other.unions);
        self.not.extend(other.not);
        self.default = self.default.take().or(other.default);
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.discriminator = self.discriminator.take().or(other.discriminator);
    }

    /// Checks whether values of the type of this one are allowed.
    pub fn allows_type_of(&self, value: &Value) -> bool {
        let types = self.types.as_ref();
        types.is_none_or(|types| types.iter().any(|name| is_of_type(value, name)))
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match (value, name) {
        (Value::Null, "null")
        | (Value::Bool(_), "boolean")
        | (Value::String(_), "string")
        | (Value::Array(_), "array")
        | (Value::Object(_), "object")
        | (Value::Number(_), "number") => true,
        (Value::Number(number), "integer") => number.is_i64() || number.is_u64(),
        _ => false,
    }
}

/// Checks whether `one` rejects properties that `other` describes.
fn rejects(one: &Shape, other: &Shape) -> bool {
    one.additional == Additional::Closed && other.properties.keys().any(|name| !one.properties.contains_key(name))
}

/// Returns the types that both allow. An integer is a number.
fn common_types(a: &BTreeSet<String>, b: &BTreeSet<String>) -> BTreeSet<String> {
    let mut both: BTreeSet<String> = a.intersection(b).cloned().collect();
    for (one, other) in [(a, b), (b, a)] {
        if one.contains("integer") && other.contains("number") && !one.contains("number") {
            both.insert("integer".to_owned());
        }
    }
    both
}

fn list(document: &Document, at: &str, keyword: &str) -> Vec<String> {
    let at = pointer::join(at, keyword);
    document.items(&at).collect()
}

/// Reads a discriminator. The mapping includes the implicit entries: the name of each referenced component.
fn discriminator(document: &Document, at: &str) -> Option<(String, BTreeMap<String, String>)> {
    let holder = pointer::join(at, "discriminator");
    let property = document.get_str(&pointer::join(&holder, "propertyName"))?.to_owned();
    let mapping = pointer::join(&holder, "mapping");
    let mut names = BTreeMap::new();
    for (value, target) in document.members(&mapping) {
        let target = document.get_str(&target).unwrap_or_default();
        let target = pointer::of_reference(target).unwrap_or_else(|| pointer::join("/components/schemas", target));
        names.insert(value.to_owned(), target);
    }
    for branch in ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| list(document, at, keyword))
    {
        let target = document
            .get_str(&pointer::join(&branch, "$ref"))
            .and_then(pointer::of_reference);
        if let Some(target) = target {
            names.entry(pointer::last(&target)).or_insert(target);
        }
    }
    Some((property, names))
}

/// Reads a `oneOf` or `anyOf` in its simplest form: as types or values if the branches only list those.
fn union(document: &Document, branches: Vec<String>, exactly_one: bool, seen: &[String]) -> Shape {
    let (null, others): (Vec<String>, Vec<String>) = branches.into_iter().partition(|at| is_null(document, at));
    let shapes: Vec<Shape> = others
        .iter()
        .map(|at| {
            let mut shape = Shape::default();
            shape.gather(document, at, &mut seen.to_vec());
            shape
        })
        .collect();
    let has_only_types = |shape: &Shape| {
        let bare = Shape {
            types: shape.types.clone(),
            ..Shape::default()
        };
        *shape == bare && shape.types.is_some()
    };
    let has_only_values = |shape: &Shape| {
        let bare = Shape {
            types: shape.types.clone(),
            values: shape.values.clone(),
            ..Shape::default()
        };
        *shape == bare && shape.values.is_some()
    };
    let are_disjoint = !exactly_one || disjoint(&shapes);
    let mut shape = match shapes.as_slice() {
        [only] => only.clone(),
        all if are_disjoint && !all.is_empty() && all.iter().all(has_only_types) => Shape {
            types: Some(all.iter().filter_map(|shape| shape.types.clone()).flatten().collect()),
            ..Shape::default()
        },
        all if are_disjoint && !all.is_empty() && all.iter().all(has_only_values) => Shape {
            types: all
                .iter()
                .map(|shape| shape.types.clone())
                .collect::<Option<Vec<_>>>()
                .map(|types| types.into_iter().flatten().collect()),
            values: Some(all.iter().filter_map(|shape| shape.values.clone()).flatten().collect()),
            ..Shape::default()
        },
        _ => Shape {
            unions: vec![Union {
                exactly_one,
                branches: others,
            }],
            ..Shape::default()
        },
    };
    if !null.is_empty() {
        if shape.unions.is_empty() {
            if let Some(types) = &mut shape.types {
                types.insert("null".to_owned());
            }
            if let Some(values) = &mut shape.values
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
        } else if let Some(union) = shape.unions.first_mut() {
            union.branches.extend(null.into_iter().take(1));
        }
    }
    shape
}

/// Checks whether no value matches two of these shapes, as far as their types and values show.
pub(super) fn disjoint(shapes: &[Shape]) -> bool {
    let overlap = |a: &Shape, b: &Shape| match (&a.values, &b.values, &a.types, &b.types) {
        (Some(a), Some(b), ..) => a.iter().any(|value| b.contains(value)),
        (_, _, Some(a), Some(b)) => !common_types(a, b).is_empty(),
        _ => true,
    };
    let pairs = shapes.iter().enumerate();
    !pairs
        .flat_map(|(index, a)| shapes.iter().skip(index + 1).map(move |b| (a, b)))
        .any(|(a, b)| overlap(a, b))
}

pub(super) fn is_null(document: &Document, at: &str) -> bool {
    let Some(schema) = document.resolve(at).and_then(|at| document.get(&at)) else {
        return false;
    };
    let values = schema.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
}

/// Checks whether the value of a parameter may be an array or an object.
pub(super) fn is_compound(document: &Document, at: &str) -> bool {
    let shape = Shape::of(document, &[pointer::join(at, "schema")]);
    let compound = |types: &BTreeSet<String>| types.iter().any(|name| name == "array" || name == "object");
    shape.types.as_ref().is_none_or(compound) && shape.values.is_none()
}
