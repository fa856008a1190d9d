//! Schemas of OpenAPI 3.0 as JSON Schema of draft 4, from which they differ in few things: `nullable`, `readOnly` and
//! `writeOnly`, which count by the direction that a body goes, `discriminator`, and formats of numbers. Draft 4 itself
//! ignores what stands beside a `$ref`, takes `exclusiveMinimum` for a flag, and calls 1.0 no integer, as 3.0 does.
//!
//! It walks by position, never by name: a property may be called `nullable`.

mod combinators;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{
    discriminator, formats,
    hidden::{self, Hidden},
};
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
        hidden.extend(hidden::of(self.document, self.direction, from));
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
                // One that is none is found by itself, and keeps no payload from being judged by the rest.
                "pattern" if value.as_str().is_none_or(|pattern| unusable(pattern).is_some()) => continue,
                "pattern" => value.clone(),
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
        let own = hidden::own(self.document, self.direction, from);
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

    /// The schema at `target`, in place of a reference to it.
    fn in_place(&mut self, target: &str, to: String, hidden: &Hidden) -> Value {
        self.inlined.push(target.to_owned());
        let schema = self.schema(target, to, hidden);
        self.inlined.pop();
        schema
    }

    /// Whether a reference to `target` would require what is hidden; not where it is being translated in place already.
    fn requires_hidden(&self, target: &str, hidden: &Hidden) -> bool {
        hidden::requires(self.document, self.direction, target, hidden) && !self.inlined.iter().any(|at| at == target)
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

/// Why a text is no regular expression; `None` where it is one.
pub(super) fn unusable(pattern: &str) -> Option<String> {
    let schema = json!({ "pattern": pattern });
    let built = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .build(&schema);
    built.err().map(|error| error.to_string())
}
