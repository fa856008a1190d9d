//! Translates `allOf`, `anyOf` and `oneOf`, with discriminators.

use serde_json::{Value, json};

use super::{Translator, discriminator, hidden::Hidden};
use crate::pointer;

impl Translator<'_> {
    pub(super) fn all_of(&mut self, from: &str, to: &str, list: &Value, hidden: &Hidden) -> Value {
        let Value::Array(list) = list else {
            return list.clone();
        };
        // In a component, a parent in `allOf` is a plain part: its discriminator does not apply to the child.
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
                Some(target) if self.requires_hidden(&target, hidden) => self.inline(&target, to, hidden),
                Some(target) if child => self.refer(target, false),
                _ => self.schema(&from, to, hidden),
            });
        }
        Value::Array(translated)
    }

    /// Translates the branches of `anyOf` or `oneOf`. If there is a discriminator, each branch requires its values.
    pub(super) fn one_of(&mut self, from: &str, to: &str, list: &Value, hidden: &Hidden) -> Value {
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
                // A discriminator cannot select an inline schema.
                Some(property) if is_reference => {
                    let inner = self.branch(&from, pointer::join(&pointer::join(&to, "allOf"), "1"), hidden);
                    let target = discriminator::target(self.document, &from);
                    let values = target.map(|target| discriminator::values(self.document, &holder, &target));
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

    /// Translates a branch. It is translated in place of a reference if the reference would require hidden properties.
    fn branch(&mut self, from: &str, to: String, hidden: &Hidden) -> Value {
        let target = discriminator::target(self.document, from).and_then(|target| self.document.resolve(&target));
        match target.filter(|target| self.requires_hidden(target, hidden)) {
            Some(target) => self.inline(&target, to, hidden),
            None => self.polymorphic(from, to, hidden),
        }
    }

    /// Translates the schema at `from` to one whose discriminator selects that schema or one of its descendants.
    pub(super) fn dispatcher(&mut self, from: &str, to: &str) -> Value {
        let plain = self.refer(from.to_owned(), false);
        let Some(property) = discriminator::property(self.document, from) else {
            return plain;
        };
        // A value that is not an object has no discriminator. Whether it is allowed is up to the schema itself.
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
}
