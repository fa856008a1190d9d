//! Merges the parameters, request bodies and responses of operations.

use callrounded_document::{Document, Operation, pointer};
use serde_json::{Value, json};

use super::{Merger, Outcome, is_ours};
use crate::{diff, import::fields::members};

impl Merger<'_> {
    pub(super) fn operation(&mut self, was: &Operation<'_>, is: &Operation<'_>) {
        self.parameters(was, is);
        let at = &is.pointer;
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        for field in ["requestBody", "responses", "security", "servers", "deprecated"] {
            let at = pointer::join(at, field);
            match (our.get(field), their.get(field)) {
                // The requirements of the document apply to all operations.
                (None, Some(value)) if field == "security" && self.our("/security").as_ref() == Some(value) => {}
                (Some(_), Some(_)) if matches!(field, "requestBody" | "responses") => self.body(&at, field),
                (_, Some(value)) => self.ours.set(&at, value),
                (Some(_), None) => self.ours.remove(&at),
                (None, None) => {}
            }
        }
    }

    fn parameters(&mut self, was: &Operation<'_>, is: &Operation<'_>) {
        let ours = self.ours.document().clone();
        let (old, new) = (ours.parameters(was), self.theirs.parameters(is));
        let list = pointer::join(&is.pointer, "parameters");
        for at in &new {
            let wanted = key(&self.theirs, at);
            match old.iter().find(|other| key(&ours, other) == wanted) {
                None => {
                    let index = self
                        .our(&list)
                        .and_then(|list| list.as_array().map(Vec::len))
                        .unwrap_or_default();
                    let value = self.their(at).unwrap_or_default();
                    match index {
                        0 => self.ours.set(&list, &json!([value])),
                        _ => self.ours.set(&pointer::join(&list, &index.to_string()), &value),
                    }
                    self.report(Outcome::New, &list, format!("parameter {}", wanted.1));
                }
                Some(other) if diff::same_parameter(&ours, other, &self.theirs, at) => {}
                Some(other) => {
                    let other = &self.writable_parameter(is, other, at);
                    let value = self.their(at).unwrap_or_default();
                    let is_default = |field: &str, value: &Value| field == "required" && *value == json!(false);
                    for (field, value) in members(&value).filter(|(field, _)| !is_ours(field) && *field != "schema") {
                        let at = pointer::join(other, field);
                        if !is_default(field, value) || self.our(&at).is_some() {
                            self.ours.set(&at, value);
                        }
                    }
                    if value.get("required").is_none() {
                        self.ours.remove(&pointer::join(other, "required"));
                    }
                    self.schema(&pointer::join(other, "schema"), &pointer::join(at, "schema"));
                    self.report(Outcome::Changed, other, format!("parameter {}", wanted.1));
                }
            }
        }
        // In reverse order, so that the indexes of the others stay valid.
        for at in old.iter().rev() {
            let name = key(&ours, at);
            if new.iter().any(|other| key(&self.theirs, other) == name) {
                continue;
            }
            let items = self
                .our(&list)
                .and_then(|list| list.as_array().cloned())
                .unwrap_or_default();
            let is_parameter = |index: &usize| {
                let item = pointer::join(&list, &index.to_string());
                self.ours
                    .document()
                    .resolve(&item)
                    .is_some_and(|target| key(self.ours.document(), &target) == name)
            };
            if let Some(index) = (0..items.len()).find(is_parameter) {
                match items.len() {
                    1 => self.ours.remove(&list),
                    _ => self.ours.remove(&pointer::join(&list, &index.to_string())),
                }
                self.report(Outcome::Gone, at, format!("parameter {}", name.1));
            }
        }
    }

    /// Returns the pointer to a parameter that can be changed for an operation. If other operations share the parameter
    /// and do not change, the operation gets a copy.
    fn writable_parameter(&mut self, operation: &Operation<'_>, other: &str, their_at: &str) -> String {
        let is_own = other
            .strip_prefix(operation.pointer.as_str())
            .is_some_and(|rest| rest.starts_with('/'));
        if is_own || self.changes_for_all(other, their_at) {
            return other.to_owned();
        }
        let list = pointer::join(&operation.pointer, "parameters");
        let items = self
            .our(&list)
            .and_then(|list| list.as_array().map(Vec::len))
            .unwrap_or_default();
        let refers = |index: &usize| {
            let item = pointer::join(&list, &index.to_string());
            self.ours
                .document()
                .resolve(&item)
                .is_some_and(|target| target == other)
        };
        let index = (0..items).find(refers).unwrap_or(items);
        let at = pointer::join(&list, &index.to_string());
        let value = self.our(other).unwrap_or_default();
        match items {
            0 => self.ours.set(&list, &json!([value])),
            _ => self.ours.set(&at, &value),
        }
        at
    }

    /// Checks whether every operation of ours with this shared parameter changes it in the same way.
    fn changes_for_all(&self, other: &str, their_at: &str) -> bool {
        let ours = self.ours.document();
        let users = ours
            .operations()
            .into_iter()
            .filter(|one| ours.parameters(one).iter().any(|at| at == other));
        let wanted = key(&self.theirs, their_at);
        users.into_iter().all(|user| {
            let their = self
                .theirs
                .operations()
                .into_iter()
                .find(|one| one.pointer == user.pointer);
            let parameters = their.map(|one| self.theirs.parameters(&one)).unwrap_or_default();
            parameters.iter().any(|at| {
                key(&self.theirs, at) == wanted && diff::same_parameter(&self.theirs, at, &self.theirs, their_at)
            })
        })
    }

    /// Moves the parameters of a path item into its operations if not all of their operations on the path have them.
    pub(super) fn push_down_parameters(&mut self) {
        let ours = self.ours.document().clone();
        for (path, item) in ours.members("/paths") {
            let shared = pointer::join(&item, "parameters");
            let shared_at: Vec<String> = ours.items(&shared).filter_map(|at| ours.resolve(&at)).collect();
            let keys: Vec<_> = shared_at.iter().map(|at| key(&ours, at)).collect();
            let has_all = |operation: &Operation<'_>| {
                let parameters = self.theirs.parameters(operation);
                keys.iter()
                    .all(|wanted| parameters.iter().any(|at| key(&self.theirs, at) == *wanted))
            };
            let theirs = self.theirs.operations();
            if theirs.iter().filter(|operation| operation.path == path).all(has_all) {
                continue;
            }
            for operation in ours.operations().iter().filter(|operation| operation.path == path) {
                let list = pointer::join(&operation.pointer, "parameters");
                let mut own = ours.get(&list).and_then(Value::as_array).cloned().unwrap_or_default();
                let known: Vec<_> = (0..own.len())
                    .filter_map(|index| ours.resolve(&pointer::join(&list, &index.to_string())))
                    .map(|at| key(&ours, &at))
                    .collect();
                for (index, wanted) in keys.iter().enumerate() {
                    if !known.contains(wanted) {
                        own.extend(ours.get(&pointer::join(&shared, &index.to_string())).cloned());
                    }
                }
                self.ours.set(&list, &Value::Array(own));
            }
            self.ours.remove(&shared);
        }
    }

    /// Merges the request body, or all responses.
    fn body(&mut self, at: &str, field: &str) {
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        let pointers: Vec<String> = match field {
            "requestBody" => vec![at.to_owned()],
            _ => {
                for (status, _) in members(&our).filter(|(status, _)| their.get(status.as_str()).is_none()) {
                    self.ours.remove(&pointer::join(at, status));
                }
                members(&their).map(|(status, _)| pointer::join(at, status)).collect()
            }
        };
        for at in pointers {
            self.fields(&at);
        }
    }

    /// Merges the fields of one request body, response or security scheme.
    pub(super) fn fields(&mut self, at: &str) {
        let (our, their) = (self.our(at), self.their(at).unwrap_or_default());
        let Some(our) = our.filter(|our| our.get("$ref").is_none() && their.get("$ref").is_none()) else {
            if self.our(at).as_ref() != Some(&their) {
                self.ours.set(at, &their);
            }
            return;
        };
        for (field, value) in members(&their).filter(|(field, _)| !is_ours(field)) {
            let at = pointer::join(at, field);
            match (field.as_str(), our.get(field.as_str())) {
                ("content", Some(_)) => self.content(&at),
                _ => self.ours.set(&at, value),
            }
        }
        for (field, _) in members(&our).filter(|(field, _)| !is_ours(field) && their.get(field.as_str()).is_none()) {
            self.ours.remove(&pointer::join(at, field));
        }
    }

    fn content(&mut self, at: &str) {
        let (our, their) = (self.our(at).unwrap_or_default(), self.their(at).unwrap_or_default());
        for (name, value) in members(&their) {
            let media = pointer::join(at, name);
            match our.get(name.as_str()) {
                Some(_) => {
                    let schema = pointer::join(&media, "schema");
                    self.schema(&schema, &schema);
                }
                None => self.ours.set(&media, value),
            }
        }
        for (name, _) in members(&our).filter(|(name, _)| their.get(name.as_str()).is_none()) {
            self.ours.remove(&pointer::join(at, name));
        }
    }
}

/// Returns the location (`in`) and the name of a parameter, which identify it.
pub(super) fn key(document: &Document, at: &str) -> (String, String) {
    let field = |name: &str| {
        document
            .get_str(&pointer::join(at, name))
            .unwrap_or_default()
            .to_owned()
    };
    (field("in"), field("name"))
}
