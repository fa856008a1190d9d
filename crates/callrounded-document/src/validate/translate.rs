//! Schemas of OpenAPI 3.0 as JSON Schema of draft 4, from which they differ in few things: `nullable`, `readOnly` and
//! `writeOnly`, which count by the direction that a body goes, `discriminator`, and formats of numbers. Draft 4 itself
//! ignores what stands beside a `$ref`, takes `exclusiveMinimum` for a flag, and calls 1.0 no integer, as 3.0 does.
//!
//! It walks by position, never by name: a property may be called `nullable`.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{discriminator, formats, hidden};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::Document,
    pointer,
    walk::Direction,
};

/// A schema ready for the validator.
pub(super) struct Translated {
    pub schema: Value,
    /// Where each part of it comes from: pointers into it, and into the document.
    pub origins: HashMap<String, String>,
    /// Pointers to the parts of it that hold the value of a discriminator against a branch.
    pub guards: HashSet<String>,
}

/// Property names that are absent, or must be, in this direction.
type Hidden = BTreeSet<String>;

pub(super) fn translate(
    document: &Document,
    at: &str,
    direction: Option<Direction>,
) -> Result<Translated, Diagnostics> {
    let mut translator = Translator {
        document,
        direction,
        waiting: Vec::new(),
        known: HashSet::new(),
        inlined: Vec::new(),
        found: Vec::new(),
        translated: Translated {
            schema: Value::Null,
            origins: HashMap::new(),
            guards: HashSet::new(),
        },
    };
    let root = translator.polymorphic(at, String::new(), &Hidden::new());
    let mut definitions = Map::new();
    while let Some(definition) = translator.waiting.pop() {
        let key = definition.key();
        let to = pointer::join("/definitions", &key);
        let schema = match definition.dispatching {
            true => translator.dispatcher(&definition.from, &to),
            false => translator.schema(&definition.from, to, &Hidden::new()),
        };
        definitions.insert(key, schema);
    }
    Diagnostics::none_or(translator.found)?;
    let Value::Object(mut root) = root else {
        return Err(document
            .diagnostic(at, "a schema is an object", "write an object here")
            .into());
    };
    root.insert("definitions".to_owned(), Value::Object(definitions));
    Ok(Translated {
        schema: Value::Object(root),
        ..translator.translated
    })
}

/// A schema that is referred to.
struct Definition {
    from: String,
    /// Whether it stands for its descendants too, by its discriminator.
    dispatching: bool,
}

impl Definition {
    fn key(&self) -> String {
        match self.dispatching {
            true => format!("{} by discriminator", self.from),
            false => self.from.clone(),
        }
    }
}

struct Translator<'a> {
    document: &'a Document,
    direction: Option<Direction>,
    waiting: Vec<Definition>,
    known: HashSet<String>,
    /// What is being translated in place of a reference to it.
    inlined: Vec<String>,
    found: Vec<Diagnostic>,
    translated: Translated,
}

impl Translator<'_> {
    /// The schema at `from` where a value of it stands by itself, so that its discriminator counts.
    fn polymorphic(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        match self.document.get(from) {
            Some(schema) if schema.get("$ref").is_none() && discriminator::dispatches(self.document, from) => {
                self.translated.origins.insert(to, from.to_owned());
                self.refer(from.to_owned(), true)
            }
            _ => self.schema(from, to, hidden),
        }
    }

    /// The schema at `from`, to stand at `to`, without requiring what is `hidden`.
    fn schema(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        self.translated.origins.insert(to.clone(), from.to_owned());
        let Some(Value::Object(schema)) = self.document.get(from) else {
            self.say(
                from,
                "a schema of OpenAPI 3.0 is an object",
                "write a schema object; `{}` allows anything",
            );
            return json!({});
        };
        if schema.contains_key("$ref") {
            return match self.target(from) {
                Some(target) => {
                    let dispatching = discriminator::dispatches(self.document, &target);
                    self.refer(target, dispatching)
                }
                None => json!({}),
            };
        }
        let mut hidden = hidden.clone();
        hidden.extend(self.hidden(from, &mut Vec::new()));
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        let mut out = Map::new();
        for (keyword, value) in schema {
            let (from, to) = (pointer::join(from, keyword), pointer::join(&to, keyword));
            let value = match keyword.as_str() {
                "type" if nullable && value != "null" => json!([value, "null"]),
                "properties" => self.each_property(&from, &to),
                "items" | "not" => self.polymorphic(&from, to, &Hidden::new()),
                "additionalProperties" if !value.is_boolean() => self.polymorphic(&from, to, &Hidden::new()),
                "allOf" => self.all_of(&from, &to, value, &hidden),
                "anyOf" | "oneOf" => self.one_of(&from, &to, value, &hidden),
                "required" => match value {
                    Value::Array(names) => {
                        let named = |name: &&Value| !name.as_str().is_some_and(|name| hidden.contains(name));
                        let names: Vec<&Value> = names.iter().filter(named).collect();
                        // Draft 4 has no empty list here.
                        if names.is_empty() {
                            continue;
                        }
                        json!(names)
                    }
                    other => other.clone(),
                },
                "format" => {
                    if let Some(name) = value.as_str().filter(|name| formats::is_of_numbers(name)) {
                        out.insert(formats::NUMBER_KEYWORD.to_owned(), json!(name));
                    }
                    value.clone()
                }
                // Draft 4 wants a bound beside the flag; without one it says nothing.
                "exclusiveMinimum" if !schema.contains_key("minimum") => continue,
                "exclusiveMaximum" if !schema.contains_key("maximum") => continue,
                "type"
                | "enum"
                | "multipleOf"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "minLength"
                | "maxLength"
                | "pattern"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "minProperties"
                | "maxProperties"
                | "additionalProperties" => value.clone(),
                // Annotations, and what 3.0 does not have.
                _ => continue,
            };
            out.insert(keyword.clone(), value);
        }
        let own = self.own_hidden(from);
        if let Some(direction) = self.direction.filter(|_| !own.is_empty()) {
            out.insert(hidden::keyword(direction).to_owned(), json!(own));
        }
        Value::Object(out)
    }

    fn each_property(&mut self, from: &str, to: &str) -> Value {
        let Some(Value::Object(properties)) = self.document.get(from) else {
            self.say(from, "`properties` must be an object", "name each property below it");
            return json!({});
        };
        let translated = properties.keys().map(|name| {
            let schema = self.polymorphic(&pointer::join(from, name), pointer::join(to, name), &Hidden::new());
            (name.clone(), schema)
        });
        Value::Object(translated.collect())
    }

    fn all_of(&mut self, from: &str, to: &str, list: &Value, hidden: &Hidden) -> Value {
        let Value::Array(list) = list else {
            return list.clone();
        };
        // The parent of the children that a discriminator chooses among is a plain part of each.
        let child = from.starts_with("/components/schemas/") && from.matches('/').count() == 4;
        let mut translated = Vec::new();
        for index in 0..list.len() {
            let (from, to) = (
                pointer::join(from, &index.to_string()),
                pointer::join(to, &index.to_string()),
            );
            let is_reference = self
                .document
                .get(&from)
                .is_some_and(|schema| schema.get("$ref").is_some());
            let target = if is_reference { self.target(&from) } else { None };
            translated.push(match target {
                Some(target) if self.requires(&target, hidden) && !self.inlined.contains(&target) => {
                    self.inlined.push(target.clone());
                    let schema = self.schema(&target, to, hidden);
                    self.inlined.pop();
                    schema
                }
                Some(target) if child => self.refer(target, false),
                _ => self.schema(&from, to, hidden),
            });
        }
        Value::Array(translated)
    }

    /// Branches, each held to its values of the discriminator where there is one.
    fn one_of(&mut self, from: &str, to: &str, list: &Value, hidden: &Hidden) -> Value {
        let Value::Array(list) = list else {
            return list.clone();
        };
        let holder = pointer::split(from)
            .map(|(holder, _)| holder.to_owned())
            .unwrap_or_default();
        let property = discriminator::property(self.document, &holder);
        let mut translated = Vec::new();
        for index in 0..list.len() {
            let from = pointer::join(from, &index.to_string());
            let to = pointer::join(to, &index.to_string());
            let is_reference = self
                .document
                .get(&from)
                .is_some_and(|schema| schema.get("$ref").is_some());
            let schema = match &property {
                // A schema without a name can't be chosen by name.
                Some(property) if is_reference => {
                    let inner = self.branch(&from, pointer::join(&pointer::join(&to, "allOf"), "1"), hidden);
                    let named = discriminator::named(self.document, &from);
                    let values = named.map(|target| discriminator::values(self.document, &holder, &target));
                    self.translated.origins.insert(to.clone(), from.clone());
                    let guard = pointer::join(&pointer::join(&to, "allOf"), "0");
                    self.guarded(&holder, guard, property, &values.unwrap_or_default(), inner)
                }
                _ => self.branch(&from, to, hidden),
            };
            translated.push(schema);
        }
        Value::Array(translated)
    }

    /// A branch, in place of a reference to it where that would require what is hidden.
    fn branch(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        let target = discriminator::named(self.document, from).and_then(|target| self.document.resolve(&target));
        match target.filter(|target| self.requires(target, hidden) && !self.inlined.contains(target)) {
            Some(target) => {
                self.inlined.push(target.clone());
                let schema = self.schema(&target, to, hidden);
                self.inlined.pop();
                schema
            }
            None => self.polymorphic(from, to, hidden),
        }
    }

    /// The schema at `from`, or a descendant of it, as its discriminator says.
    fn dispatcher(&mut self, from: &str, to: &str) -> Value {
        let plain = self.refer(from.to_owned(), false);
        let Some(property) = discriminator::property(self.document, from) else {
            return plain;
        };
        // What is no object has no discriminator; whether it may stand here is the schema's own to say.
        let other = pointer::join(&pointer::join(to, "oneOf"), "0");
        self.translated.guards.insert(other);
        let mut branches = vec![json!({ "not": { "type": "object" } })];
        let family = [from.to_owned()]
            .into_iter()
            .chain(discriminator::descendants(self.document, from));
        for (index, member) in family.enumerate() {
            let to = pointer::join(&pointer::join(to, "oneOf"), &(index + 1).to_string());
            self.translated.origins.insert(to.clone(), member.clone());
            let values = discriminator::values(self.document, from, &member);
            let inner = self.refer(member, false);
            let guard = pointer::join(&pointer::join(&to, "allOf"), "0");
            branches.push(self.guarded(from, guard, &property, &values, inner));
        }
        self.translated.origins.insert(to.to_owned(), from.to_owned());
        json!({ "allOf": [plain], "oneOf": branches })
    }

    fn guarded(&mut self, holder: &str, guard: String, property: &str, values: &[String], inner: Value) -> Value {
        self.translated
            .origins
            .insert(guard.clone(), pointer::join(holder, "discriminator"));
        self.translated.guards.insert(guard);
        json!({ "allOf": [
            { "type": "object", "required": [property], "properties": { property: { "enum": values } } },
            inner,
        ] })
    }

    /// A reference to the schema at `from`, which is to be translated.
    fn refer(&mut self, from: String, dispatching: bool) -> Value {
        let definition = Definition { from, dispatching };
        let key = definition.key();
        let reference = format!("#{}", uri_fragment(&pointer::join("/definitions", &key)));
        if self.known.insert(key) {
            self.waiting.push(definition);
        }
        json!({ "$ref": reference })
    }

    /// What the `$ref` at `from` leads to in the end.
    fn target(&mut self, from: &str) -> Option<String> {
        let target = self.document.resolve(from);
        let found = target.filter(|target| self.document.get(target).is_some());
        if found.is_none() {
            self.say(
                &pointer::join(from, "$ref"),
                "this reference leads nowhere in the document",
                "correct it, or add what it names under components/schemas",
            );
        }
        found
    }

    /// The properties of the schema at `at`, and of what it is put together from, that are hidden in this direction.
    fn hidden(&self, at: &str, seen: &mut Vec<String>) -> Hidden {
        let mut hidden = self.own_hidden(at);
        let list = pointer::join(at, "allOf");
        let count = self.document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for part in (0..count).filter_map(|index| self.document.resolve(&pointer::join(&list, &index.to_string()))) {
            if !seen.contains(&part) {
                seen.push(part.clone());
                hidden.extend(self.hidden(&part, seen));
            }
        }
        hidden
    }

    fn own_hidden(&self, at: &str) -> Hidden {
        let Some(flag) = self.direction.map(hidden::keyword) else {
            return Hidden::new();
        };
        let properties = pointer::join(at, "properties");
        let is_hidden = |(name, at): (&str, String)| {
            let schema = self.document.resolve(&at)?;
            (self.document.get(&pointer::join(&schema, flag))? == true).then(|| name.to_owned())
        };
        self.document.members(&properties).filter_map(is_hidden).collect()
    }

    /// Whether the schema at `at`, or one that it is put together from, requires any of these by itself.
    fn requires(&self, at: &str, names: &Hidden) -> bool {
        !names.is_empty() && self.requires_within(at, names, &mut Vec::new())
    }

    fn requires_within(&self, at: &str, names: &Hidden, seen: &mut Vec<String>) -> bool {
        let Some(at) = self.document.resolve(at).filter(|at| !seen.contains(at)) else {
            return false;
        };
        seen.push(at.clone());
        let list = |keyword: &str| {
            let at = pointer::join(&at, keyword);
            let list = self.document.get(&at).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .enumerate()
                .map(move |(index, value)| (pointer::join(&at, &index.to_string()), value))
        };
        let own = self.own_hidden(&at);
        let mut required = list("required").filter_map(|(_, name)| name.as_str());
        if required.any(|name| names.contains(name) && !own.contains(name)) {
            return true;
        }
        let mut parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(list);
        parts.any(|(part, _)| self.requires_within(&part, names, seen))
    }

    fn say(&mut self, at: &str, problem: &str, remedy: &str) {
        self.found.push(self.document.diagnostic(at, problem, remedy));
    }
}

/// A JSON pointer as the fragment of a URI.
fn uri_fragment(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
