//! Keyword by keyword.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::schema;
use crate::import::{frame::members, loss::Losses};

/// Keywords that stay as they are.
const KEPT: &[&str] = &[
    "description",
    "default",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "example",
    "nullable",
    "enum",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "title",
];

/// Keywords that 3.0 has no words for, and what is lost with them.
const LOST: &[(&str, &str)] = &[
    ("if", "3.0 has no conditions"),
    ("then", "3.0 has no conditions"),
    ("else", "3.0 has no conditions"),
    ("contains", "3.0 can't ask for one item of many"),
    ("minContains", "3.0 can't ask for one item of many"),
    ("maxContains", "3.0 can't ask for one item of many"),
    ("propertyNames", "3.0 says nothing of the names of properties"),
    ("dependentRequired", "3.0 has no dependent properties"),
    ("dependentSchemas", "3.0 has no dependent properties"),
    ("dependencies", "3.0 has no dependent properties"),
    (
        "unevaluatedProperties",
        "3.0 looks at the properties of one schema at a time",
    ),
    ("unevaluatedItems", "3.0 looks at the items of one schema at a time"),
    ("contentSchema", "3.0 says nothing of what a text holds"),
    ("$dynamicRef", "3.0 has references that are the same everywhere only"),
    ("$dynamicAnchor", "3.0 has references that are the same everywhere only"),
    ("$anchor", "3.0 refers by pointers only"),
    ("$id", "3.0 refers by pointers only"),
    ("$schema", "3.0 has one dialect of schemas"),
    ("$vocabulary", "3.0 has one dialect of schemas"),
    ("$comment", "3.0 has no place for it"),
];

pub(super) fn lower(members: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) -> Map<String, Value> {
    let mut lowering = Lowering {
        at,
        losses,
        out: Map::new(),
    };
    for (keyword, value) in members {
        lowering.keyword(keyword, value, members);
    }
    lowering.content(members);
    lowering.out
}

struct Lowering<'l, 'a, 's> {
    at: &'l str,
    losses: &'a mut Losses<'s>,
    out: Map<String, Value>,
}

impl Lowering<'_, '_, '_> {
    fn keyword(&mut self, keyword: &str, value: &Value, all: &Map<String, Value>) {
        let at = pointer::join(self.at, keyword);
        match keyword {
            // Done below, where all of it is known.
            "type" | "discriminator" | "contentEncoding" | "contentMediaType" => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            "properties" => self.each_property(value, &at),
            "items" => self.items(value, &at, all),
            "maxItems" if all.contains_key("prefixItems") && all.get("items") == Some(&Value::Bool(false)) => {}
            "prefixItems" => self.prefix_items(value, &at, all),
            // Said together with the patterns.
            "additionalProperties" if all.contains_key("patternProperties") => {}
            "additionalProperties" if value.is_boolean() => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            "additionalProperties" | "not" => {
                let lowered = schema(value, &at, self.losses);
                self.out.insert(keyword.to_owned(), lowered);
            }
            "patternProperties" => self.pattern_properties(value, &at, all),
            "allOf" | "anyOf" | "oneOf" => {
                let list = value.as_array().into_iter().flatten().enumerate();
                let lowered =
                    list.map(|(index, one)| schema(one, &pointer::join(&at, &index.to_string()), self.losses));
                let lowered: Vec<Value> = lowered.collect();
                self.out.insert(keyword.to_owned(), Value::Array(lowered));
            }
            "const" => self.constant(value, &at),
            // A list of none requires none, and 3.0 does not allow it.
            "required" if value.as_array().is_some_and(Vec::is_empty) => {}
            // Every name is a string.
            "propertyNames" if *value == json!({"type": "string"}) => {}
            // The constant says more.
            "enum" if all.contains_key("const") => {}
            "exclusiveMinimum" | "exclusiveMaximum" => self.exclusive(keyword, value, &at, all),
            "minimum" if all.get("exclusiveMinimum").is_some_and(Value::is_number) => {}
            "maximum" if all.get("exclusiveMaximum").is_some_and(Value::is_number) => {}
            "examples" => self.examples(value, &at, all),
            "$defs" | "definitions" if self.losses.only_compared => {
                let lowered = members(value)
                    .map(|(name, one)| (name.clone(), schema(one, &pointer::join(&at, name), self.losses)));
                let lowered: Map<String, Value> = lowered.collect();
                self.out.insert(keyword.to_owned(), Value::Object(lowered));
            }
            "$defs" | "definitions" => {
                self.losses.lowered(
                    &at,
                    keyword,
                    "its schemas stand where they are referred to, or among the components",
                );
            }
            extension if extension.starts_with("x-") => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            kept if KEPT.contains(&kept) => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            other => {
                let known = LOST.iter().find(|(name, _)| *name == other);
                let reason = known.map_or("3.0 has no such keyword", |(_, reason)| reason);
                self.losses.lost(&at, other, reason);
            }
        }
    }

    fn each_property(&mut self, properties: &Value, at: &str) {
        let lowered =
            members(properties).map(|(name, one)| (name.clone(), schema(one, &pointer::join(at, name), self.losses)));
        let lowered: Map<String, Value> = lowered.collect();
        self.out.insert("properties".to_owned(), Value::Object(lowered));
    }

    fn items(&mut self, value: &Value, at: &str, all: &Map<String, Value>) {
        // Beside `prefixItems` it is about the items after those.
        if all.contains_key("prefixItems") {
            return;
        }
        let lowered = schema(value, at, self.losses);
        self.out.insert("items".to_owned(), lowered);
    }

    fn prefix_items(&mut self, value: &Value, at: &str, all: &Map<String, Value>) {
        let prefix = value.as_array().cloned().unwrap_or_default();
        let mut branches: Vec<Value> = Vec::new();
        for (index, one) in prefix.iter().enumerate() {
            let lowered = schema(one, &pointer::join(at, &index.to_string()), self.losses);
            if !branches.contains(&lowered) {
                branches.push(lowered);
            }
        }
        let closed = match all.get("items") {
            Some(Value::Bool(false)) => true,
            Some(rest) => {
                let lowered = schema(rest, &pointer::join(self.at, "items"), self.losses);
                if !branches.contains(&lowered) {
                    branches.push(lowered);
                }
                false
            }
            None => {
                // What follows may be anything, unless nothing may.
                let most = all.get("maxItems").and_then(Value::as_u64);
                if most.is_none_or(|most| most > prefix.len() as u64) {
                    branches = vec![json!({})];
                }
                false
            }
        };
        let items = match branches.as_slice() {
            [only] => only.clone(),
            _ => json!({ "anyOf": branches }),
        };
        self.out.insert("items".to_owned(), items);
        if closed {
            let most = all.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
            self.out
                .insert("maxItems".to_owned(), json!(most.min(prefix.len() as u64)));
        }
        let any = branches
            .iter()
            .any(|branch| branch.as_object().is_some_and(Map::is_empty));
        match branches.len() {
            0 | 1 if !any => self.losses.lowered(at, "prefixItems", "all its items have one schema"),
            _ => self.losses.lost(
                at,
                "prefixItems",
                "which item has which schema; each may have any of them",
            ),
        }
    }

    fn pattern_properties(&mut self, value: &Value, at: &str, all: &Map<String, Value>) {
        let mut branches: Vec<Value> = Vec::new();
        for (pattern, one) in members(value) {
            let lowered = schema(one, &pointer::join(at, pattern), self.losses);
            if !branches.contains(&lowered) {
                branches.push(lowered);
            }
        }
        self.losses.lost(
            at,
            "patternProperties",
            "which names have which schema; every other property may have any of them",
        );
        match all.get("additionalProperties") {
            None | Some(Value::Bool(false)) => {}
            // Others may be anything.
            Some(Value::Bool(true)) => {
                self.out.insert("additionalProperties".to_owned(), json!(true));
                return;
            }
            Some(others) => {
                let at = pointer::join(self.at, "additionalProperties");
                let lowered = schema(others, &at, self.losses);
                if !branches.contains(&lowered) {
                    branches.push(lowered);
                }
            }
        }
        let schema = match branches.as_slice() {
            [] => return,
            [only] => only.clone(),
            _ => json!({ "anyOf": branches }),
        };
        self.out.insert("additionalProperties".to_owned(), schema);
    }

    fn constant(&mut self, value: &Value, at: &str) {
        self.losses
            .lowered(at, "const", "an `enum` with one value says the same");
        self.out.insert("enum".to_owned(), json!([value]));
    }

    /// A bound that is exclusive by itself: the tighter of the two that there may be.
    fn exclusive(&mut self, keyword: &str, value: &Value, at: &str, all: &Map<String, Value>) {
        let bound = if keyword == "exclusiveMinimum" {
            "minimum"
        } else {
            "maximum"
        };
        let Some(exclusive) = value.as_f64().filter(|_| value.is_number()) else {
            // A flag, of 3.0.
            self.out.insert(keyword.to_owned(), value.clone());
            return;
        };
        self.losses
            .lowered(at, keyword, "the bound, and a flag that it is exclusive, say the same");
        let tighter = all
            .get(bound)
            .and_then(Value::as_f64)
            .is_some_and(|inclusive| match bound {
                "minimum" => inclusive > exclusive,
                _ => inclusive < exclusive,
            });
        match (tighter, all.get(bound)) {
            (true, Some(inclusive)) => {
                self.out.insert(bound.to_owned(), inclusive.clone());
            }
            _ => {
                self.out.insert(bound.to_owned(), value.clone());
                self.out.insert(keyword.to_owned(), json!(true));
            }
        }
    }

    fn examples(&mut self, value: &Value, at: &str, all: &Map<String, Value>) {
        let Some(examples) = value.as_array() else { return };
        if all.contains_key("example") {
            return self
                .losses
                .lost(at, "examples", "3.0 has one, and `example` stands beside them");
        }
        if let Some(first) = examples.first() {
            self.out.insert("example".to_owned(), first.clone());
        }
        match examples.len() {
            0 | 1 => self.losses.lowered(at, "examples", "`example` says the same"),
            _ => self.losses.lost(at, "examples", "3.0 has one; the first is kept"),
        }
    }

    /// What a text holds: bytes by their formats, all else is lost.
    fn content(&mut self, all: &Map<String, Value>) {
        let (encoding, media) = (
            self.out.shift_remove("contentEncoding"),
            self.out.shift_remove("contentMediaType"),
        );
        let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        let format = match (text(&encoding).as_deref(), text(&media).as_deref()) {
            (None, None) => return,
            (Some("base64"), _) => "byte",
            _ if all.get("format").is_some_and(|format| format == "base64") => "byte",
            (None, Some("application/octet-stream")) => "binary",
            _ => "",
        };
        let keyword = if encoding.is_some() {
            "contentEncoding"
        } else {
            "contentMediaType"
        };
        let at = pointer::join(self.at, keyword);
        let other = all
            .get("format")
            .and_then(Value::as_str)
            .filter(|other| !matches!(*other, "base64" | "binary" | "byte"));
        if format.is_empty() || other.is_some() {
            return self
                .losses
                .lost(&at, keyword, "3.0 has the formats `byte` (base64) and `binary` only");
        }
        self.losses
            .lowered(&at, keyword, format!("the format `{format}` says the same"));
        self.out.insert("format".to_owned(), json!(format));
        self.out.entry("type").or_insert_with(|| json!("string"));
    }
}
