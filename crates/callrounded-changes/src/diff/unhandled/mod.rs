//! Finds differences in keywords that no other module handles. A keyword is either compared by its meaning, in the
//! sibling modules, and listed here as handled; or it is compared literally, so that no difference goes unreported.

mod canonical;
mod changes;
mod parts;
mod schemas;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use callrounded_document::{Document, Method, Operation, pointer, structure::Object};
use serde_json::{Map, Value, json};

pub(super) use canonical::canonical;
use canonical::{is_annotation, is_default};
pub(super) use changes::changes;

use super::{
    bodies::media_types,
    directions::Directions,
    keyword_changes::KeywordChange,
    operations::{by_route, normalized_path},
    parameters::by_name,
    servers,
};

/// A literal difference between the documents.
pub(super) struct Difference {
    /// The pointers in the old and in the new document. One of the two may be `None`.
    pub old: Option<String>,
    pub new: Option<String>,
    /// The keyword, such as `dependentRequired`.
    pub keyword: String,
    /// Whether the keyword is also compared by its meaning.
    pub is_handled: bool,
    pub directions: Directions,
    /// Whether the keyword can only narrow the schema.
    is_condition: bool,
    /// The schemas that it is in. They may be equivalent despite the difference.
    pub schemas: Option<(Side, Side)>,
}

impl Difference {
    /// Returns the possible effect: what is not known to be harmless is breaking.
    pub fn keyword_change(&self) -> KeywordChange {
        let keyword = &self.keyword;
        let is_condition = self.is_condition;
        let (narrows, widens, verb) = match (&self.old, &self.new) {
            (None, _) => (true, !is_condition, "was added"),
            (_, None) => (!is_condition, true, "was removed"),
            _ => (true, true, "changed"),
        };
        let problem = format!("`{keyword}` {verb}; the effect is unknown");
        KeywordChange::new("not-understood", "", narrows, widens, problem)
    }
}

/// Keywords that can only narrow a schema, whatever other keywords it has. `minContains` is not one, since 0 allows
/// more than its absence. `prefixItems` and `patternProperties` are not either: they exempt values from `items` and
/// `additionalProperties`.
const CONDITIONS: [&str; 5] = [
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
];
/// Keywords that can only narrow a schema without `unevaluatedProperties` and `unevaluatedItems`, which exempt what
/// these keywords evaluate.
const EVALUATING_CONDITIONS: [&str; 6] = ["if", "then", "else", "contains", "dependentSchemas", "dependencies"];

/// Pointers to schemas, all of which a value has to match.
type Side = Vec<String>;

/// Checks whether a keyword is compared by its meaning, here or in the sibling modules.
fn is_handled(object: Object, keyword: &str) -> bool {
    // Keywords of OpenAPI versions after those that the structure lists.
    let later: &[&str] = match object {
        Object::Document => &["webhooks"],
        Object::Components => &["pathItems"],
        Object::Schema => &[
            "$ref",
            "$defs",
            "definitions",
            "const",
            "contentEncoding",
            "contentMediaType",
        ],
        _ => &[],
    };
    let fields = object.fields().unwrap_or_default();
    fields.contains(&keyword) || later.contains(&keyword)
}

/// Returns every literal difference between the parts that both documents have.
pub(super) fn differences(old: &Document, new: &Document) -> Vec<Difference> {
    let mut traversal = Traversal {
        old,
        new,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    traversal.root();
    traversal.found
}

struct Traversal<'a> {
    old: &'a Document,
    new: &'a Document,
    seen: HashSet<(Side, Side, Directions)>,
    found: Vec<Difference>,
}

impl Traversal<'_> {
    fn report(
        &mut self,
        keyword: &str,
        old: Option<String>,
        new: Option<String>,
        is_handled: bool,
        directions: Directions,
    ) {
        self.found.push(Difference {
            old,
            new,
            keyword: keyword.to_owned(),
            is_handled,
            directions,
            is_condition: false,
            schemas: None,
        });
    }

    /// Compares the keywords of two objects literally: those that are not handled, and those in `literal`.
    fn keywords(&mut self, object: Object, old: &str, new: &str, literal: &[&str], directions: Directions) {
        let empty = Map::new();
        let of = |document: &Document, at: &str| document.get(at).and_then(Value::as_object).cloned();
        let (before, after) = (of(self.old, old), of(self.new, new));
        let (before, after) = (before.as_ref().unwrap_or(&empty), after.as_ref().unwrap_or(&empty));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| !is_annotation(name)) {
            let handled = is_handled(object, name);
            if handled && !literal.contains(&name.as_str()) {
                continue;
            }
            let plain = |value: Option<&Value>| value.map(canonical).filter(|value| !is_default(name, value));
            let (before, after) = (plain(before.get(name)), plain(after.get(name)));
            if before != after {
                let old = before.map(|_| pointer::join(old, name));
                let new = after.map(|_| pointer::join(new, name));
                self.report(name, old, new, handled, directions);
            }
        }
    }

    fn root(&mut self) {
        self.keywords(Object::Document, "", "", &["tags"], Directions::default());
        self.keywords(
            Object::Components,
            "/components",
            "/components",
            &[],
            Directions::default(),
        );
        let items = |document: &Document| -> BTreeMap<String, String> {
            let paths = document.members("/paths");
            paths.map(|(path, at)| (normalized_path(path), at)).collect()
        };
        let (old, new) = (items(self.old), items(self.new));
        for (path, before) in &old {
            match new.get(path) {
                Some(after) => self.keywords(Object::PathItem, before, after, &[], Directions::default()),
                // Removed operations are reported elsewhere.
                None if operations_of(self.old, before).is_empty() => {
                    self.report(path, Some(before.clone()), None, true, Directions::default());
                }
                None => {}
            }
        }
        for (path, after) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
            if operations_of(self.new, after).is_empty() {
                self.report(path, None, Some(after.clone()), true, Directions::default());
            }
        }
        let (old, new) = (self.old, self.new);
        let (before, after) = (by_route(old), by_route(new));
        if before.is_empty() && after.is_empty() {
            self.servers("/servers", "/servers");
        }
        for (route, before) in &before {
            if let Some(after) = after.get(route) {
                self.operation(before, after, Directions::REQUEST);
            }
        }
        for (name, before) in old.members("/webhooks") {
            self.incoming(&before, &pointer::join("/webhooks", name));
        }
        for (section, object) in [
            ("schemas", Object::Schema),
            ("parameters", Object::Parameter),
            ("headers", Object::Header),
            ("requestBodies", Object::RequestBody),
            ("responses", Object::Response),
            ("securitySchemes", Object::SecurityScheme),
        ] {
            let section = pointer::join("/components", section);
            for (name, before) in old.members(&section) {
                let after = pointer::join(&section, name);
                if new.get(&after).is_some() {
                    self.component(object, &before, &after);
                }
            }
        }
    }

    /// Compares the servers that apply to an operation, or those of the document.
    fn servers(&mut self, before: &str, after: &str) {
        let plain = |document: &Document, at: &str| {
            let mut list = document.get(at).map(canonical).filter(|list| *list != json!([]));
            for server in list.iter_mut().filter_map(Value::as_array_mut).flatten() {
                if let Some(Value::String(url)) = server.get_mut("url") {
                    *url = url.trim_end_matches('/').to_owned();
                }
            }
            // Without a server, the default is the one that the document was served from.
            list.filter(|list| *list != json!([{ "url": "" }]))
        };
        let (one, other) = (plain(self.old, before), plain(self.new, after));
        if one != other {
            let at = |value: Option<Value>, at: &str| value.map(|_| at.to_owned());
            self.report(
                "servers",
                at(one, before),
                at(other, after),
                true,
                Directions::default(),
            );
        }
    }

    /// Compares a component, which may be unused.
    fn component(&mut self, object: Object, before: &str, after: &str) {
        let none = Directions::default();
        match object {
            Object::Schema => {
                let (before, after) = (vec![before.to_owned()], vec![after.to_owned()]);
                let seen = |directions| self.seen.contains(&(before.clone(), after.clone(), directions));
                if !seen(Directions::REQUEST) && !seen(Directions::RESPONSE) {
                    self.schema(before, after, none);
                }
            }
            Object::Parameter | Object::Header => self.parameter(object, before, after, none),
            Object::RequestBody => self.body(before, after, none),
            Object::Response => self.response(before, after, none),
            Object::SecurityScheme => self.keywords(object, before, after, &[], none),
            _ => {}
        }
    }

    /// Compares a webhook or callback.
    fn incoming(&mut self, before: &str, after: &str) {
        let (Some(before), Some(after)) = (self.old.resolve(before), self.new.resolve(after)) else {
            return;
        };
        self.keywords(Object::PathItem, &before, &after, &[], Directions::default());
        let (old, new) = (self.old, self.new);
        for (one, other) in in_both(operations_of(old, &before), &operations_of(new, &after)) {
            self.operation(&one, &other, Directions::RESPONSE);
        }
    }

    /// Compares two operations. `request_directions` are the directions in which their request is sent.
    fn operation(&mut self, before: &Operation<'_>, after: &Operation<'_>, request_directions: Directions) {
        const LITERAL: [&str; 3] = ["operationId", "tags", "deprecated"];
        let response_directions = Directions {
            request: request_directions.response,
            response: request_directions.request,
        };
        self.keywords(
            Object::Operation,
            &before.pointer,
            &after.pointer,
            &LITERAL,
            Directions::default(),
        );
        self.servers(
            &servers::effective(self.old, before),
            &servers::effective(self.new, after),
        );
        let (old, new) = (by_name(self.old, before), by_name(self.new, after));
        for (one, other) in in_both(old, &new) {
            self.parameter(Object::Parameter, &one, &other, request_directions);
        }
        let body = |operation: &Operation<'_>| pointer::join(&operation.pointer, "requestBody");
        let bodies = self.old.resolve(&body(before)).zip(self.new.resolve(&body(after)));
        if let Some((one, other)) = bodies {
            self.body(&one, &other, request_directions);
        }
        let responses = |document: &Document, operation: &Operation<'_>| -> BTreeMap<String, String> {
            let all = pointer::join(&operation.pointer, "responses");
            let members = document.members(&all).filter(|(status, _)| !status.starts_with("x-"));
            members
                .filter_map(|(status, at)| Some((status.to_uppercase(), document.resolve(&at)?)))
                .collect()
        };
        let (old, new) = (responses(self.old, before), responses(self.new, after));
        for (one, other) in in_both(old, &new) {
            self.response(&one, &other, response_directions);
        }
        let callbacks = pointer::join(&before.pointer, "callbacks");
        let (old, new) = (self.old, self.new);
        for (name, one) in old.members(&callbacks) {
            let other = pointer::join(&pointer::join(&after.pointer, "callbacks"), name);
            let (Some(one), Some(other)) = (old.resolve(&one), new.resolve(&other)) else {
                continue;
            };
            for (expression, before) in old.members(&one) {
                self.incoming(&before, &pointer::join(&other, expression));
            }
        }
    }

    fn parameter(&mut self, object: Object, before: &str, after: &str, directions: Directions) {
        let literal = ["required", "allowReserved", "allowEmptyValue", "deprecated"];
        self.keywords(object, before, after, &literal, directions);
        self.schema_in(before, after, directions);
        self.content(before, after, directions);
    }

    fn body(&mut self, before: &str, after: &str, directions: Directions) {
        self.keywords(Object::RequestBody, before, after, &["required"], directions);
        self.content(before, after, directions);
    }

    fn response(&mut self, before: &str, after: &str, directions: Directions) {
        self.keywords(Object::Response, before, after, &[], directions);
        let headers = |document: &Document, at: &str| -> BTreeMap<String, String> {
            let all = pointer::join(at, "headers");
            let members = document.members(&all);
            members
                .filter_map(|(name, at)| Some((name.to_lowercase(), document.resolve(&at)?)))
                .collect()
        };
        let (old, new) = (headers(self.old, before), headers(self.new, after));
        for (one, other) in in_both(old, &new) {
            self.parameter(Object::Header, &one, &other, directions);
        }
        self.content(before, after, directions);
    }

    fn content(&mut self, before: &str, after: &str, directions: Directions) {
        let (old, new) = (media_types(self.old, before), media_types(self.new, after));
        for (one, other) in in_both(old, &new) {
            self.keywords(Object::MediaType, &one, &other, &["encoding"], directions);
            self.schema_in(&one, &other, directions);
        }
    }
}

/// Returns the pairs of values that have the same key in both maps.
fn in_both<K: Ord, V, W: Clone>(old: BTreeMap<K, V>, new: &BTreeMap<K, W>) -> Vec<(V, W)> {
    old.into_iter()
        .filter_map(|(name, one)| Some((one, new.get(&name)?.clone())))
        .collect()
}

/// Returns the operations of a path item, by method.
pub(super) fn operations_of<'d>(document: &'d Document, item: &'d str) -> BTreeMap<&'d str, Operation<'d>> {
    document
        .members(item)
        .filter_map(|(name, pointer)| {
            let operation = Operation {
                id: document.get_str(&pointer::join(&pointer, "operationId")),
                method: Method::from_name(name)?,
                path: "",
                pointer,
            };
            Some((name, operation))
        })
        .collect()
}
