//! Schemas of 3.1 in the words of 3.0. It walks by position, never by name: a property may be called `const`.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use super::{frame::members, loss::Losses};

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

/// A component: it keeps its title, as a name for people.
pub(super) fn component(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let mut lowered = schema(value, at, losses);
    let title = value.get("title").and_then(Value::as_str);
    if let (Some(schema), Some(title)) = (lowered.as_object_mut(), title)
        && !schema.contains_key("$ref")
    {
        schema.insert("title".to_owned(), json!(title));
    }
    lowered
}

pub(super) fn schema(value: &Value, at: &str, losses: &mut Losses<'_>) -> Value {
    let members = match value {
        Value::Bool(true) => {
            losses.lowered(at, "boolean schema", "`{}` allows anything too");
            return json!({});
        }
        Value::Bool(false) => {
            losses.lowered(at, "boolean schema", "`not: {}` allows nothing too");
            return json!({ "not": {} });
        }
        Value::Object(members) => members,
        _ => return value.clone(),
    };
    if members.contains_key("$ref") {
        return reference(members, at, losses);
    }
    let mut lowering = Lowering {
        at,
        losses,
        out: Map::new(),
    };
    for (keyword, value) in members {
        lowering.keyword(keyword, value, members);
    }
    lowering.content(members);
    let mut out = Value::Object(lowering.out);
    types(&mut out, members, at, losses);
    null_branch(&mut out, members, at, losses);
    discriminator(&mut out, at, losses);
    if let Some(out) = out.as_object_mut() {
        // Names of properties, as FastAPI makes them of the names themselves, would become names of types.
        out.shift_remove("title");
    }
    out
}

/// A reference, and what stands beside it.
fn reference(members: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) -> Value {
    let target = json!({ "$ref": members.get("$ref") });
    if losses
        .source
        .text("/openapi")
        .is_some_and(|version| version.starts_with("3.0"))
    {
        for (keyword, _) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
            losses.lost(
                &pointer::join(at, keyword),
                keyword,
                "beside a `$ref` it does not count in 3.0",
            );
        }
        return target;
    }
    let mut beside = Map::new();
    let mut asserted = Map::new();
    for (keyword, value) in members.iter().filter(|(keyword, _)| *keyword != "$ref") {
        match keyword.as_str() {
            "title" => {}
            "description" | "default" | "deprecated" | "readOnly" | "writeOnly" | "example" => {
                beside.insert(keyword.clone(), value.clone());
            }
            "examples" => {
                let examples = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if let Some(first) = examples.first() {
                    beside.insert("example".to_owned(), first.clone());
                }
                if examples.len() > 1 {
                    losses.lost(
                        &pointer::join(at, keyword),
                        "examples",
                        "3.0 has one; the first is kept",
                    );
                }
            }
            extension if extension.starts_with("x-") => {
                beside.insert(keyword.clone(), value.clone());
            }
            _ => {
                asserted.insert(keyword.clone(), value.clone());
            }
        }
    }
    // Together, since one may be about the other.
    let mut parts = vec![target.clone()];
    if !asserted.is_empty() {
        let mut lowered = schema(&Value::Object(asserted), at, losses)
            .as_object()
            .cloned()
            .unwrap_or_default();
        if let Some(Value::Array(others)) = lowered.shift_remove("allOf") {
            parts.extend(others);
        }
        beside.extend(lowered);
    }
    if beside.is_empty() && parts.len() == 1 {
        return target;
    }
    losses.lowered(
        at,
        "$ref with siblings",
        "the reference stands in `allOf`, where what is beside it counts",
    );
    let mut out = Map::from_iter([("allOf".to_owned(), Value::Array(parts))]);
    out.extend(beside);
    Value::Object(out)
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
            // The constant says more.
            "enum" if all.contains_key("const") => {}
            "exclusiveMinimum" | "exclusiveMaximum" => self.exclusive(keyword, value, &at, all),
            "minimum" if all.get("exclusiveMinimum").is_some_and(Value::is_number) => {}
            "maximum" if all.get("exclusiveMaximum").is_some_and(Value::is_number) => {}
            "examples" => self.examples(value, &at, all),
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

/// The keywords that are about values of one type.
fn belongs_to(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &["number", "integer"],
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => &["object"],
        _ => return None,
    })
}

/// Lists of types, the type null, and constants without a type.
fn types(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    match out.get("type").cloned() {
        Some(Value::Array(names)) => {
            let at = pointer::join(at, "type");
            let null = names.iter().any(|name| name == "null");
            let is_number = names.iter().any(|name| name == "number");
            // A whole number is a number.
            let counts = |name: &Value| name != "null" && !(is_number && name == "integer");
            let others: Vec<Value> = names.into_iter().filter(counts).collect();
            losses.lowered(&at, "type", "one type, `nullable`, or a choice of types says the same");
            match others.as_slice() {
                [] => {
                    out.shift_remove("type");
                    out.insert("enum".to_owned(), json!([null]));
                }
                [only] => {
                    out.insert("type".to_owned(), only.clone());
                    // A list of values without null refuses it here as it does there.
                    if null {
                        out.insert("nullable".to_owned(), json!(true));
                    }
                }
                several => split(out, several, null),
            }
        }
        Some(Value::String(name)) if name == "null" => {
            losses.lowered(&pointer::join(at, "type"), "type", "`enum: [null]` says the same");
            out.shift_remove("type");
            out.insert("enum".to_owned(), json!([null]));
        }
        None if source.contains_key("const") || source.contains_key("enum") => {
            // The generator makes a type of values only where it knows what they are.
            let values = out.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
            let mut kinds: Vec<&str> = values.iter().filter_map(kind).collect();
            kinds.dedup();
            if let [kind] = kinds.as_slice() {
                out.insert("type".to_owned(), json!(kind));
                if values.iter().any(Value::is_null) {
                    out.insert("nullable".to_owned(), json!(true));
                }
            }
        }
        _ => {}
    }
}

fn kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

/// `nullable` holds beside a type only, and a list of values has to list null too.
fn make_nullable(schema: &mut Map<String, Value>) {
    schema.insert("nullable".to_owned(), json!(true));
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.iter().any(Value::is_null)
    {
        values.push(Value::Null);
    }
}

/// A choice with a branch for each type, which takes the keywords that are about it.
fn split(schema: &mut Map<String, Value>, names: &[Value], null: bool) {
    let mut branches: Vec<Value> = Vec::new();
    for name in names {
        let mut branch = Map::from_iter([("type".to_owned(), name.clone())]);
        for (keyword, value) in schema.iter() {
            if belongs_to(keyword).is_some_and(|types| types.iter().any(|one| *name == *one)) {
                branch.insert(keyword.clone(), value.clone());
            }
        }
        // A format is of texts or of numbers.
        if let Some(format) = schema.get("format")
            && matches!(name.as_str(), Some("string" | "number" | "integer"))
        {
            branch.insert("format".to_owned(), format.clone());
        }
        branches.push(Value::Object(branch));
    }
    if null {
        branches.push(json!({ "enum": [null] }));
    }
    schema.retain(|keyword, _| belongs_to(keyword).is_none() && !matches!(keyword.as_str(), "type" | "format"));
    if schema.contains_key("oneOf") {
        // Both choices hold.
        let mut parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        parts.push(json!({ "oneOf": branches }));
        schema.insert("allOf".to_owned(), Value::Array(parts));
        return;
    }
    schema.insert("oneOf".to_owned(), Value::Array(branches));
}

/// Whether what two schemas assert can stand in one.
fn agrees(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    const WORDS: [&str; 5] = ["title", "description", "default", "example", "deprecated"];
    other.iter().all(|(keyword, value)| {
        WORDS.contains(&keyword.as_str())
            || matches!(keyword.as_str(), "anyOf" | "oneOf")
            || one.get(keyword).is_none_or(|known| known == value)
    })
}

/// A choice of something and null.
fn null_branch(schema: &mut Value, source: &Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    let is_3_0 = losses
        .source
        .text("/openapi")
        .is_some_and(|version| version.starts_with("3.0"));
    let Some(out) = schema.as_object_mut() else { return };
    // A choice that a list of types became is as it should be.
    for keyword in ["anyOf", "oneOf"]
        .into_iter()
        .filter(|keyword| source.contains_key(*keyword))
    {
        let Some(Value::Array(branches)) = out.get(keyword).cloned() else {
            continue;
        };
        let is_null = |branch: &Value| branch.get("enum") == Some(&json!([null]));
        let others: Vec<Value> = branches.iter().filter(|branch| !is_null(branch)).cloned().collect();
        // What stands there so already stays.
        let is_there = source.get(keyword) == out.get(keyword);
        let is_plain = matches!(others.as_slice(), [only] if only.get("type").is_some());
        if others.len() == branches.len() || is_there && (is_3_0 || !is_plain) {
            continue;
        }
        let at = pointer::join(at, keyword);
        match others.as_slice() {
            [Value::Object(only)] if only.contains_key("type") && !only.contains_key("$ref") && agrees(only, out) => {
                losses.lowered(&at, "null in a choice", "`nullable` says the same");
                let mut merged = only.clone();
                make_nullable(&mut merged);
                out.shift_remove(keyword);
                for (name, value) in merged {
                    // What stands outside is about this place.
                    out.entry(name).or_insert(value);
                }
            }
            // Anything allows null too.
            [Value::Object(only)] if only.is_empty() => {
                losses.lowered(&at, "null in a choice", "a schema that allows anything allows null");
                out.shift_remove(keyword);
            }
            _ => {
                losses.lowered(&at, "null in a choice", "a branch `enum: [null]` says the same");
                let mut branches = others.clone();
                branches.push(json!({ "enum": [null] }));
                out.shift_remove(keyword);
                // Null is no other of the branches, so at most one of two fits.
                let keyword = if others.len() == 1 { "oneOf" } else { keyword };
                out.insert(keyword.to_owned(), Value::Array(branches));
            }
        }
        return;
    }
}

/// A discriminator names what its values mean, so that no reader has to guess.
fn discriminator(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    let Some(Value::Object(mut discriminator)) = out.get("discriminator").cloned() else {
        return;
    };
    let at = pointer::join(at, "discriminator");
    let Some(property) = discriminator
        .get("propertyName")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        losses.lost(&at, "discriminator", "it names no property");
        out.shift_remove("discriminator");
        return;
    };
    let branches: Vec<String> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| out.get(*keyword)?.as_array())
        .flatten()
        .filter_map(|branch| branch.get("$ref")?.as_str().map(str::to_owned))
        .collect();
    if discriminator.contains_key("mapping") || branches.is_empty() {
        return;
    }
    losses.lowered(&at, "discriminator", "the mapping that it implies is written out");
    let mut mapping = Map::new();
    for reference in branches {
        let target = pointer::of_reference(&reference).unwrap_or_default();
        let tag = losses
            .source
            .get(&pointer::join(&pointer::join(&target, "properties"), &property));
        let listed = tag
            .and_then(|tag| tag.get("enum"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let constant = tag.and_then(|tag| tag.get("const")).into_iter();
        let mut values: Vec<String> = constant
            .chain(listed)
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect();
        if values.is_empty() {
            values.push(pointer::last(&target));
        }
        for value in values {
            mapping.entry(value).or_insert_with(|| json!(reference));
        }
    }
    discriminator.insert("mapping".to_owned(), Value::Object(mapping));
    out.insert("discriminator".to_owned(), Value::Object(discriminator));
}
