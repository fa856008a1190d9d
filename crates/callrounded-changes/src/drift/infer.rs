//! Infers a schema from observed values.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{
    json::{Kind, Node},
    pointer,
};
use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::{MIN_DISTINCT_STRINGS, formats::Strings};

/// The maximum number of distinct keys of an object. One with more is inferred as a map.
const MAX_KEYS: usize = 40;

/// The types, formats and members that the values at one location had.
#[derive(Debug, Default)]
pub(super) struct Inferred {
    count: u64,
    types: BTreeSet<&'static str>,
    strings: Strings,
    members: BTreeMap<String, Inferred>,
    items: Option<Box<Inferred>>,
    /// Whether an object had a key that is data, or more than `MAX_KEYS` keys.
    is_map: bool,
}

impl Inferred {
    pub fn observe(&mut self, node: Node<'_>) {
        self.count += 1;
        match node.kind() {
            Kind::Null => {}
            Kind::Boolean => {
                self.types.insert("boolean");
            }
            Kind::Number => {
                let whole = !node.source().contains(['.', 'e', 'E']);
                self.types.insert(if whole { "integer" } else { "number" });
            }
            Kind::String => {
                self.types.insert("string");
                self.strings.observe(&node.as_str().unwrap_or_default());
            }
            Kind::Array => {
                self.types.insert("array");
                for element in node.elements() {
                    self.items.get_or_insert_default().observe(element);
                }
            }
            Kind::Object => {
                self.types.insert("object");
                for (name, value) in node.members() {
                    let name = name.as_str().unwrap_or_default();
                    if !is_identifier(&name) || self.members.len() >= MAX_KEYS {
                        self.is_map = true;
                        self.members.clear();
                    }
                    if !self.is_map {
                        self.members.entry(name.into_owned()).or_default().observe(value);
                    }
                }
            }
        }
    }

    /// Returns whether every observed value was null.
    pub fn is_only_null(&self) -> bool {
        self.types.is_empty()
    }

    /// Returns the schema of the property `name` of the schema at `holder`, and the components that it refers to.
    /// `taken` has the names of all components; new ones are added to it.
    pub fn schema(
        &self,
        holder: &str,
        name: &str,
        taken: &mut BTreeSet<String>,
        payloads: u64,
    ) -> (Value, Vec<(String, Value)>) {
        let mut components = Vec::new();
        let stem = format!("{} {name}", pointer::last(holder)).to_pascal_case();
        let mut schema = self.value(&stem, taken, &mut components);
        if let Some(schema) = schema.as_object_mut() {
            let times = if self.count == 1 {
                "once".to_owned()
            } else {
                format!("{} times", self.count)
            };
            let plural = if payloads == 1 { "payload" } else { "payloads" };
            let note = format!("Seen {times} in {payloads} recorded {plural}; not documented.");
            schema.insert("x-inferred".to_owned(), json!(note));
        }
        (schema, components)
    }

    fn value(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> Value {
        let mut types = self.types.clone();
        // The type `number` includes integers.
        if types.contains("number") {
            types.remove("integer");
        }
        let kinds: Vec<&str> = types.into_iter().collect();
        let mut schema = Map::new();
        match kinds.as_slice() {
            ["object"] if !self.is_map && !self.members.is_empty() => {
                let name = self.component(stem, taken, components);
                return json!({ "oneOf": [{ "$ref": format!("#/components/schemas/{name}") }, { "enum": [null] }] });
            }
            [kind] => {
                schema.insert("type".to_owned(), json!(kind));
                match *kind {
                    "string" => {
                        if let Some(format) = self.strings.format(MIN_DISTINCT_STRINGS) {
                            schema.insert("format".to_owned(), json!(format));
                        }
                    }
                    "object" => {
                        schema.insert("additionalProperties".to_owned(), json!(true));
                    }
                    "array" => {
                        let items = self.items.as_ref().map(|items| items.element(stem, taken, components));
                        schema.insert("items".to_owned(), items.unwrap_or_else(|| json!({})));
                    }
                    _ => {}
                }
                // The payloads do not prove that the value is never null.
                schema.insert("nullable".to_owned(), json!(true));
            }
            // Only null, or values of several types: a schema that allows anything.
            _ => {}
        }
        Value::Object(schema)
    }

    /// Returns the schema of an array's items. Objects become a component.
    fn element(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> Value {
        let is_object = self.types.len() == 1 && self.types.contains("object");
        if is_object && !self.is_map && !self.members.is_empty() {
            let name = self.component(&format!("{stem}Item"), taken, components);
            return json!({ "$ref": format!("#/components/schemas/{name}") });
        }
        self.value(stem, taken, components)
    }

    fn component(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> String {
        let is_free = |name: &String| !taken.iter().any(|known| known.to_pascal_case() == *name);
        let candidates = (2..).map(|count: u32| format!("{stem}{count}"));
        let name = std::iter::once(stem.to_owned())
            .chain(candidates)
            .find(is_free)
            .unwrap_or_else(|| stem.to_owned());
        taken.insert(name.clone());
        let mut properties = Map::new();
        for (member, inferred) in &self.members {
            let stem = format!("{name} {member}").to_pascal_case();
            properties.insert(member.clone(), inferred.value(&stem, taken, components));
        }
        let schema = json!({
            "type": "object",
            "x-inferred": "Seen in recorded payloads; not documented. Each field may be absent or null.",
            "properties": properties,
        });
        components.push((name.clone(), schema));
        name
    }
}

/// Checks whether a key looks like an identifier. Other keys may be data.
pub(super) fn is_identifier(name: &str) -> bool {
    const MAX_LEN: usize = 48;
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.len() <= MAX_LEN
        && name.starts_with(letter)
        && name.chars().all(|c| letter(c) || c == '-' || c.is_ascii_digit())
        && name.chars().filter(char::is_ascii_digit).count() <= 3
}
