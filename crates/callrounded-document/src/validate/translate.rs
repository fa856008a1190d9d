//! Translates schemas of OpenAPI 3.0 to JSON Schema draft 4.
//!
//! The two differ in `nullable`, in `readOnly` and `writeOnly`, which depend on the direction, in `discriminator`, and
//! in the formats of numbers. In both, keywords beside a `$ref` are ignored, `exclusiveMinimum` is a boolean, and 1.0
//! is no integer. Keywords are found by position, never by name: a property may be named `nullable`.

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
    traverse::Direction,
};

/// A translated schema.
pub(super) struct Translated {
    pub schema: Value,
    /// The origins of its parts, as a map from JSON pointers into the schema to JSON pointers into the document.
    pub origins: HashMap<String, String>,
    /// JSON pointers to its guards: the parts that check the discriminator of a branch.
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
        pending: Vec::new(),
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
    while let Some(definition) = translator.pending.pop() {
        let key = definition.key();
        let to = pointer::join("/definitions", &key);
        let schema = if definition.dispatching {
            translator.dispatcher(&definition.from, &to)
        } else {
            translator.schema(&definition.from, to, &Hidden::new())
        };
        definitions.insert(key, schema);
    }
    Diagnostics::ok_if_empty(translator.found)?;
    let Value::Object(mut root) = root else {
        return Err(document
            .diagnostic(at, "invalid schema: expected an object", "write a schema object")
            .into());
    };
    root.insert("definitions".to_owned(), Value::Object(definitions));
    Ok(Translated {
        schema: Value::Object(root),
        ..translator.translated
    })
}

/// A schema to translate because a reference leads to it.
struct Definition {
    from: String,
    /// Whether its discriminator selects among its descendants.
    dispatching: bool,
}

impl Definition {
    fn key(&self) -> String {
        if self.dispatching {
            format!("{} by discriminator", self.from)
        } else {
            self.from.clone()
        }
    }
}

struct Translator<'a> {
    document: &'a Document,
    direction: Option<Direction>,
    pending: Vec<Definition>,
    known: HashSet<String>,
    /// The schemas that are being translated in place of a reference.
    inlined: Vec<String>,
    found: Vec<Diagnostic>,
    translated: Translated,
}

impl Translator<'_> {
    /// Translates the schema at `from` where its discriminator applies, which is not the case in the `allOf` of a
    /// descendant.
    fn polymorphic(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        match self.document.get(from) {
            Some(schema) if schema.get("$ref").is_none() && discriminator::dispatches(self.document, from) => {
                self.translated.origins.insert(to, from.to_owned());
                self.refer(from.to_owned(), true)
            }
            _ => self.schema(from, to, hidden),
        }
    }

    /// Translates the schema at `from`, for the location `to`, without requiring the hidden properties.
    fn schema(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        self.translated.origins.insert(to.clone(), from.to_owned());
        let Some(Value::Object(schema)) = self.document.get(from) else {
            self.report(
                from,
                "invalid schema: expected an object",
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
                        let is_shown = |name: &&Value| !name.as_str().is_some_and(|name| hidden.contains(name));
                        let names: Vec<&Value> = names.iter().filter(is_shown).collect();
                        // Draft 4 does not allow an empty list.
                        if names.is_empty() {
                            continue;
                        }
                        json!(names)
                    }
                    other => other.clone(),
                },
                "format" => {
                    if let Some(name) = value.as_str().filter(|name| formats::is_number_format(name)) {
                        out.insert(formats::NUMBER_KEYWORD.to_owned(), json!(name));
                    }
                    value.clone()
                }
                // Invalid patterns are omitted, so that the rest can be validated. `invalid_patterns` reports them.
                "pattern" if value.as_str().is_none_or(|pattern| pattern_error(pattern).is_some()) => continue,
                "pattern" => value.clone(),
                // Without the bound the flag has no effect, and draft 4 does not allow it.
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
                // Annotations, and keywords that OpenAPI 3.0 does not have.
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
            self.report(
                from,
                "invalid `properties`: expected an object",
                "write each property with its schema below it",
            );
            return json!({});
        };
        let translated = properties.keys().map(|name| {
            let schema = self.polymorphic(&pointer::join(from, name), pointer::join(to, name), &Hidden::new());
            (name.clone(), schema)
        });
        Value::Object(translated.collect())
    }

    /// Returns a reference to the translated schema at `from`, and schedules its translation.
    fn refer(&mut self, from: String, dispatching: bool) -> Value {
        let definition = Definition { from, dispatching };
        let key = definition.key();
        let reference = format!("#{}", uri_fragment(&pointer::join("/definitions", &key)));
        if self.known.insert(key) {
            self.pending.push(definition);
        }
        json!({ "$ref": reference })
    }

    /// Returns the schema that the `$ref` at `from` resolves to, and reports it if there is none.
    fn target(&mut self, from: &str) -> Option<String> {
        let target = self.document.resolve(from);
        let found = target.filter(|target| self.document.get(target).is_some());
        if found.is_none() {
            self.report(
                &pointer::join(from, "$ref"),
                "unresolved reference",
                "correct it, or add the schema under components/schemas",
            );
        }
        found
    }

    /// Translates the schema at `target` in place of a reference to it.
    fn inline(&mut self, target: &str, to: String, hidden: &Hidden) -> Value {
        self.inlined.push(target.to_owned());
        let schema = self.schema(target, to, hidden);
        self.inlined.pop();
        schema
    }

    /// Checks whether a reference to `target` would require hidden properties. `false` if `target` is being translated
    /// in place already.
    fn requires_hidden(&self, target: &str, hidden: &Hidden) -> bool {
        hidden::requires(self.document, self.direction, target, hidden) && !self.inlined.iter().any(|at| at == target)
    }

    fn report(&mut self, at: &str, problem: &str, remedy: &str) {
        self.found.push(self.document.diagnostic(at, problem, remedy));
    }
}

/// Encodes a JSON pointer as a URI fragment.
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

/// Returns the error of an invalid regular expression, or `None` if it is valid.
pub(super) fn pattern_error(pattern: &str) -> Option<String> {
    let schema = json!({ "pattern": pattern });
    let built = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .build(&schema);
    built.err().map(|error| error.to_string())
}
