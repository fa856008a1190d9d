//! Lowers the keywords of a schema.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::schema;
use crate::import::{fields::members, loss::Losses};

/// Keywords that are copied unchanged.
const UNCHANGED: &[&str] = &[
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

/// Keywords that OpenAPI 3.0 cannot express, with the reason.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("if", "OpenAPI 3.0 has no conditional schemas"),
    ("then", "OpenAPI 3.0 has no conditional schemas"),
    ("else", "OpenAPI 3.0 has no conditional schemas"),
    ("contains", "OpenAPI 3.0 cannot constrain single items of an array"),
    ("minContains", "OpenAPI 3.0 cannot constrain single items of an array"),
    ("maxContains", "OpenAPI 3.0 cannot constrain single items of an array"),
    ("propertyNames", "OpenAPI 3.0 cannot constrain the keys of objects"),
    ("dependentRequired", "OpenAPI 3.0 has no dependent properties"),
    ("dependentSchemas", "OpenAPI 3.0 has no dependent schemas"),
    ("dependencies", "OpenAPI 3.0 has no dependent properties or schemas"),
    (
        "unevaluatedProperties",
        "OpenAPI 3.0 cannot refer to the properties of other subschemas",
    ),
    (
        "unevaluatedItems",
        "OpenAPI 3.0 cannot refer to the items of other subschemas",
    ),
    ("contentSchema", "OpenAPI 3.0 cannot describe the content of strings"),
    ("$dynamicRef", "OpenAPI 3.0 has no dynamic references"),
    ("$dynamicAnchor", "OpenAPI 3.0 has no dynamic references"),
    ("$anchor", "OpenAPI 3.0 supports references by JSON pointer only"),
    ("$id", "OpenAPI 3.0 supports references by JSON pointer only"),
    ("$schema", "OpenAPI 3.0 has only one schema dialect"),
    ("$vocabulary", "OpenAPI 3.0 has only one schema dialect"),
    ("$comment", "OpenAPI 3.0 has no such keyword"),
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
            // Lowered later, when all keywords are known.
            "type" | "discriminator" | "contentEncoding" | "contentMediaType" => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            "properties" => self.each_property(value, &at),
            "items" => self.items(value, &at, all),
            "maxItems" if all.contains_key("prefixItems") && all.get("items") == Some(&Value::Bool(false)) => {}
            "prefixItems" => self.prefix_items(value, &at, all),
            // Lowered with `patternProperties`.
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
            // An empty list has no meaning, and OpenAPI 3.0 does not allow it.
            "required" if value.as_array().is_some_and(Vec::is_empty) => {}
            // Every key is a string.
            "propertyNames" if *value == json!({"type": "string"}) => {}
            // `const` is narrower.
            "enum" if all.contains_key("const") => {}
            "exclusiveMinimum" | "exclusiveMaximum" => self.exclusive(keyword, value, &at, all),
            "minimum" if all.get("exclusiveMinimum").is_some_and(Value::is_number) => {}
            "maximum" if all.get("exclusiveMaximum").is_some_and(Value::is_number) => {}
            "examples" => self.examples(value, &at, all),
            "$defs" | "definitions" if self.losses.comparison_only => {
                let lowered = members(value)
                    .map(|(name, one)| (name.clone(), schema(one, &pointer::join(&at, name), self.losses)));
                let lowered: Map<String, Value> = lowered.collect();
                self.out.insert(keyword.to_owned(), Value::Object(lowered));
            }
            "$defs" | "definitions" => {
                self.losses.lowered(
                    &at,
                    keyword,
                    "its schemas are moved to the components, or inlined where they are referenced",
                );
            }
            extension if extension.starts_with("x-") => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            unchanged if UNCHANGED.contains(&unchanged) => {
                self.out.insert(keyword.to_owned(), value.clone());
            }
            other => {
                let known = UNSUPPORTED.iter().find(|(name, _)| *name == other);
                let reason = known.map_or("OpenAPI 3.0 has no such keyword", |(_, reason)| reason);
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
        // With `prefixItems`, `items` is about the items after those, and is lowered there.
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
                // Further items may be anything, unless `maxItems` forbids them.
                let max = all.get("maxItems").and_then(Value::as_u64);
                if max.is_none_or(|max| max > prefix.len() as u64) {
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
            let max = all.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
            self.out
                .insert("maxItems".to_owned(), json!(max.min(prefix.len() as u64)));
        }
        let has_any = branches
            .iter()
            .any(|branch| branch.as_object().is_some_and(Map::is_empty));
        match branches.len() {
            0 | 1 if !has_any => self.losses.lowered(
                at,
                "prefixItems",
                "replaced by `items`, since all items have the same schema",
            ),
            _ => self.losses.lost(
                at,
                "prefixItems",
                "OpenAPI 3.0 has no tuples; each item may have any of the schemas",
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
            "OpenAPI 3.0 has no patterns of keys; every additional property may have any of the schemas",
        );
        match all.get("additionalProperties") {
            None | Some(Value::Bool(false)) => {}
            // All others may be anything.
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
        self.losses.lowered(at, "const", "replaced by an `enum` with one value");
        self.out.insert("enum".to_owned(), json!([value]));
    }

    /// Lowers an exclusive bound, which is a number in 3.1 and a flag in 3.0. Of an inclusive and an exclusive bound,
    /// the tighter one is kept.
    fn exclusive(&mut self, keyword: &str, value: &Value, at: &str, all: &Map<String, Value>) {
        let bound = if keyword == "exclusiveMinimum" {
            "minimum"
        } else {
            "maximum"
        };
        let Some(exclusive) = value.as_f64().filter(|_| value.is_number()) else {
            // A flag, as in 3.0.
            self.out.insert(keyword.to_owned(), value.clone());
            return;
        };
        self.losses
            .lowered(at, keyword, format!("replaced by `{bound}` and a flag"));
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
                .lost(at, "examples", "OpenAPI 3.0 allows one example; `example` is kept");
        }
        if let Some(first) = examples.first() {
            self.out.insert("example".to_owned(), first.clone());
        }
        match examples.len() {
            0 | 1 => self.losses.lowered(at, "examples", "replaced by `example`"),
            _ => self
                .losses
                .lost(at, "examples", "OpenAPI 3.0 allows one example; the first is kept"),
        }
    }

    /// Lowers the content of a string: bytes to a format, anything else is lost.
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
            return self.losses.lost(
                &at,
                keyword,
                "OpenAPI 3.0 has only the formats `byte` (base64) and `binary`",
            );
        }
        self.losses
            .lowered(&at, keyword, format!("replaced by the format `{format}`"));
        self.out.insert("format".to_owned(), json!(format));
        self.out.entry("type").or_insert_with(|| json!("string"));
    }
}
