//! A schema for values that were seen.

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{
    json::{Kind, Node},
    pointer,
};
use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::{ENOUGH, formats::Texts};

/// An object with more different names than this is a map.
const MOST_NAMES: usize = 40;

/// What values looked like.
#[derive(Debug, Default)]
pub(super) struct Inferred {
    count: u64,
    types: BTreeSet<&'static str>,
    texts: Texts,
    members: BTreeMap<String, Inferred>,
    items: Option<Box<Inferred>>,
    /// Whether an object had a name that is data, or too many.
    is_map: bool,
}

impl Inferred {
    pub fn see(&mut self, node: Node<'_>) {
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
                self.texts.see(&node.as_str().unwrap_or_default());
            }
            Kind::Array => {
                self.types.insert("array");
                for element in node.elements() {
                    self.items.get_or_insert_default().see(element);
                }
            }
            Kind::Object => {
                self.types.insert("object");
                for (name, value) in node.members() {
                    let name = name.as_str().unwrap_or_default();
                    if !is_name(&name) || self.members.len() >= MOST_NAMES {
                        self.is_map = true;
                        self.members.clear();
                    }
                    if !self.is_map {
                        self.members.entry(name.into_owned()).or_default().see(value);
                    }
                }
            }
        }
    }

    /// Whether nothing but null was seen.
    pub fn is_only_null(&self) -> bool {
        self.types.is_empty()
    }

    /// The schema of a property called `name` of the schema at `holder`, and components that it refers to; `taken` are the
    /// names that components have.
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
            let note = format!("Seen {times} in {payloads} recorded payloads; no page names it.");
            schema.insert("x-inferred".to_owned(), json!(note));
        }
        (schema, components)
    }

    fn value(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> Value {
        let mut types = self.types.clone();
        // A whole number is a number.
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
                        if let Some(format) = self.texts.format(ENOUGH) {
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
                // Nothing promises that it is never null.
                schema.insert("nullable".to_owned(), json!(true));
            }
            // Nothing but null, or values of several types: anything.
            _ => {}
        }
        Value::Object(schema)
    }

    /// An item of a list: one that is an object is a component.
    fn element(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> Value {
        let is_object = self.types.len() == 1 && self.types.contains("object");
        if is_object && !self.is_map && !self.members.is_empty() {
            let name = self.component(&format!("{stem}Item"), taken, components);
            return json!({ "$ref": format!("#/components/schemas/{name}") });
        }
        self.value(stem, taken, components)
    }

    fn component(&self, stem: &str, taken: &mut BTreeSet<String>, components: &mut Vec<(String, Value)>) -> String {
        let free = |name: &String| !taken.iter().any(|known| known.to_pascal_case() == *name);
        let candidates = (2..).map(|count: u32| format!("{stem}{count}"));
        let name = std::iter::once(stem.to_owned())
            .chain(candidates)
            .find(free)
            .unwrap_or_else(|| stem.to_owned());
        taken.insert(name.clone());
        let mut properties = Map::new();
        for (member, inferred) in &self.members {
            let stem = format!("{name} {member}").to_pascal_case();
            properties.insert(member.clone(), inferred.value(&stem, taken, components));
        }
        let schema = json!({
            "type": "object",
            "x-inferred": "Seen in recorded payloads; no page names it. Each field may be absent or null.",
            "properties": properties,
        });
        components.push((name.clone(), schema));
        name
    }
}

/// Whether a name is a word that a program wrote, and no data.
pub(super) fn is_name(name: &str) -> bool {
    const LONGEST: usize = 48;
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.len() <= LONGEST
        && name.starts_with(letter)
        && name.chars().all(|c| letter(c) || c == '-' || c.is_ascii_digit())
        && name.chars().filter(char::is_ascii_digit).count() <= 3
}
