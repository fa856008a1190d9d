//! A schema in one form, however it is written: references followed, `allOf` put together, a branch for null taken for
//! `nullable`, branches that list types or values taken together. What has the same shape says the same.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use callrounded_document::{Document, pointer};
use serde_json::{Number, Value};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// `None`: any.
    pub types: Option<BTreeSet<String>>,
    pub values: Option<Vec<Value>>,
    /// Keywords whose value can be compared: bounds, lengths, counts.
    pub limits: BTreeMap<&'static str, Limit>,
    /// Keywords whose value can't: patterns, formats, what must be a multiple of what.
    pub marks: BTreeMap<&'static str, BTreeSet<String>>,
    /// Where each property is described, by everything that describes it.
    pub properties: BTreeMap<String, Vec<String>>,
    pub required: BTreeSet<String>,
    pub additional: Additional,
    pub items: Vec<String>,
    pub unions: Vec<Union>,
    pub not: Vec<String>,
    pub default: Option<Value>,
    pub read_only: bool,
    pub write_only: bool,
    /// The property, and which value of it names which schema.
    pub discriminator: Option<(String, BTreeMap<String, String>)>,
    /// Whether it is put together from parts of which one refuses what others describe: it says less than it seems.
    pub torn: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Additional {
    #[default]
    Open,
    Closed,
    Of(Vec<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Union {
    pub exactly_one: bool,
    pub branches: Vec<String>,
}

/// Lower limits, of which the larger is narrower; all others are upper limits.
pub(super) const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/// A limit, compared exactly and shown as it is written.
#[derive(Clone, Debug)]
pub(super) struct Limit(Number);

impl Limit {
    fn whole(&self) -> Option<i128> {
        self.0
            .as_i64()
            .map(i128::from)
            .or_else(|| self.0.as_u64().map(i128::from))
    }
}

impl From<u32> for Limit {
    fn from(limit: u32) -> Self {
        Self(Number::from(limit))
    }
}

impl PartialEq for Limit {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Limit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.whole(), other.whole()) {
            (Some(one), Some(other)) => one.partial_cmp(&other),
            _ => self.0.as_f64()?.partial_cmp(&other.0.as_f64()?),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Patterns that any text fits.
const ANY_TEXT: [&str; 8] = ["", "^", "$", ".*", "^.*", ".*$", "[\\s\\S]*", "^[\\s\\S]*$"];

impl Shape {
    /// The shape of a value that has to fit all of these.
    pub fn of(document: &Document, pointers: &[String]) -> Self {
        let mut shape = Self::default();
        for at in pointers {
            shape.gather(document, at, &mut Vec::new());
        }
        shape.settle();
        shape
    }

    /// Where values are listed, they say of what type they are.
    fn settle(&mut self) {
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
        own.take_limits(schema);
        for keyword in ["pattern", "format", "multipleOf", "uniqueItems"] {
            let mark = match schema.get(keyword) {
                None | Some(Value::Null | Value::Bool(false)) => continue,
                // How to show a text, and not to round a number, say nothing of what the value is.
                Some(Value::String(text)) if matches!(text.as_str(), "password" | "decimal") => continue,
                Some(Value::String(text)) if keyword == "pattern" && ANY_TEXT.contains(&text.as_str()) => continue,
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            own.marks.insert(keyword, BTreeSet::from([mark]));
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
                Additional::Of(vec![pointer::join(&at, "additionalProperties")])
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

    fn take_limits(&mut self, schema: &serde_json::Map<String, Value>) {
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
        // What says nothing.
        for keyword in ["minLength", "minItems", "minProperties"] {
            if self.limits.get(keyword) == Some(&Limit::from(0)) {
                self.limits.remove(keyword);
            }
        }
    }

    /// What fits both.
    fn merge(&mut self, other: Self) {
        self.torn |= other.torn || refuses(self, &other) || refuses(&other, self);
        self.types = match (self.types.take(), other.types) {
            (Some(a), Some(b)) => Some(meet(&a, &b)),
            (a, b) => a.or(b),
        };
        self.values = match (self.values.take(), other.values) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|value| b.contains(value)).collect()),
            (a, b) => a.or(b),
        };
        for (keyword, limit) in other.limits {
            let is_narrower = |known: &Limit| match LOWER.contains(&keyword) {
                true => *known >= limit,
                false => *known <= limit,
            };
            if !self.limits.get(keyword).is_some_and(is_narrower) {
                self.limits.insert(keyword, limit);
            }
        }
        for (keyword, marks) in other.marks {
            self.marks.entry(keyword).or_default().extend(marks);
        }
        self.required.extend(other.required);
        self.additional = match (std::mem::take(&mut self.additional), other.additional) {
            (Additional::Closed, _) | (_, Additional::Closed) => Additional::Closed,
            (Additional::Of(mut a), Additional::Of(b)) => {
                a.extend(b);
                Additional::Of(a)
            }
            (Additional::Of(one), _) | (_, Additional::Of(one)) => Additional::Of(one),
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
}

pub(super) fn is_of_type(value: &Value, name: &str) -> bool {
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

/// Whether one refuses properties that the other describes.
fn refuses(one: &Shape, other: &Shape) -> bool {
    one.additional == Additional::Closed && other.properties.keys().any(|name| !one.properties.contains_key(name))
}

/// The types that both allow; a whole number is a number.
fn meet(a: &BTreeSet<String>, b: &BTreeSet<String>) -> BTreeSet<String> {
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
    let count = document.get(&at).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|index| pointer::join(&at, &index.to_string())).collect()
}

/// What a discriminator says, what is not written included: each schema is named by its own name too.
fn discriminator(document: &Document, at: &str) -> Option<(String, BTreeMap<String, String>)> {
    let holder = pointer::join(at, "discriminator");
    let property = document.text(&pointer::join(&holder, "propertyName"))?.to_owned();
    let mapping = pointer::join(&holder, "mapping");
    let mut names = BTreeMap::new();
    for (value, target) in document.members(&mapping) {
        let target = document.text(&target).unwrap_or_default();
        let target = pointer::of_reference(target).unwrap_or_else(|| pointer::join("/components/schemas", target));
        names.insert(value.to_owned(), target);
    }
    for branch in ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| list(document, at, keyword))
    {
        let target = document
            .text(&pointer::join(&branch, "$ref"))
            .and_then(pointer::of_reference);
        if let Some(target) = target {
            names.entry(pointer::last(&target)).or_insert(target);
        }
    }
    Some((property, names))
}

/// What a `oneOf` or `anyOf` says, as plainly as it can be said.
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
    let plain = |shape: &Shape| {
        let bare = Shape {
            types: shape.types.clone(),
            ..Shape::default()
        };
        *shape == bare && shape.types.is_some()
    };
    let listed = |shape: &Shape| {
        let bare = Shape {
            types: shape.types.clone(),
            values: shape.values.clone(),
            ..Shape::default()
        };
        *shape == bare && shape.values.is_some()
    };
    let apart = !exactly_one || disjoint(&shapes);
    let mut shape = match shapes.as_slice() {
        [only] => only.clone(),
        all if apart && !all.is_empty() && all.iter().all(plain) => Shape {
            types: Some(all.iter().filter_map(|shape| shape.types.clone()).flatten().collect()),
            ..Shape::default()
        },
        all if apart && !all.is_empty() && all.iter().all(listed) => Shape {
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

/// Whether no value fits two of these, which list types or values.
pub(super) fn disjoint(shapes: &[Shape]) -> bool {
    let overlap = |a: &Shape, b: &Shape| match (&a.values, &b.values, &a.types, &b.types) {
        (Some(a), Some(b), ..) => a.iter().any(|value| b.contains(value)),
        (_, _, Some(a), Some(b)) => !meet(a, b).is_empty(),
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
