//! What the comparison does not understand. A keyword is either compared by what it means, in the files beside this one, and
//! listed here as understood; or it is compared as it is written, so that no difference goes unsaid.

mod canonical;
mod changes;
mod parts;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use callrounded_document::{Document, Method, Operation, pointer, structure::Object};
use serde_json::{Map, Value, json};

pub(super) use canonical::canonical;
use canonical::{is_default, is_text};
pub(super) use changes::changes;
use parts::{Parts, Said};

use super::{
    aspects::Aspect,
    bodies::media_types,
    operations::{bare, by_route},
    parameters::by_name,
    schemas::Ways,
    servers,
};

/// Something that is written differently.
pub(super) struct Difference {
    /// Where it stood, and where it stands; one of the two may be `None`.
    pub old: Option<String>,
    pub new: Option<String>,
    /// What it is about, such as `dependentRequired`.
    pub keyword: String,
    /// Whether it is compared by what it means too.
    pub is_understood: bool,
    pub ways: Ways,
    /// Whether with the keyword fewer values fit, and never others.
    is_condition: bool,
    /// The schemas that it is in, which may say the same otherwise.
    pub schemas: Option<(Side, Side)>,
}

impl Difference {
    /// What it may mean: whatever is not shown to be harmless breaks.
    pub fn aspect(&self) -> Aspect {
        let keyword = &self.keyword;
        let is_condition = self.is_condition;
        let (narrows, widens, verb) = match (&self.old, &self.new) {
            (None, _) => (true, !is_condition, "is new"),
            (_, None) => (!is_condition, true, "is gone"),
            _ => (true, true, "changed"),
        };
        let problem = format!("`{keyword}` {verb}; what that means is not known");
        Aspect::new("not-understood", "", narrows, widens, problem)
    }
}

/// Keywords of schemas with which fewer values fit, whatever stands beside them. (Not `minContains`, of which 0 allows more than
/// none, nor `prefixItems` and `patternProperties`, which take values from `items` and `additionalProperties`.)
const CONDITIONS: [&str; 5] = [
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
];
/// The same, unless `unevaluatedProperties` or `unevaluatedItems` let through what these have looked at.
const LOOKING: [&str; 6] = ["if", "then", "else", "contains", "dependentSchemas", "dependencies"];

/// Schemas of which a value has to fit all.
type Side = Vec<String>;

/// Whether a keyword is compared by what it means, here or in the files beside this one.
fn is_understood(object: Object, keyword: &str) -> bool {
    // Of later versions than the structure lists.
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

/// Every difference of two documents, in the places that they have in common.
pub(super) fn differences(old: &Document, new: &Document) -> Vec<Difference> {
    let mut walk = Walk {
        old,
        new,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    walk.root();
    walk.found
}

struct Walk<'a> {
    old: &'a Document,
    new: &'a Document,
    seen: HashSet<(Side, Side, Ways)>,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn say(&mut self, keyword: &str, old: Option<String>, new: Option<String>, is_understood: bool, ways: Ways) {
        self.found.push(Difference {
            old,
            new,
            keyword: keyword.to_owned(),
            is_understood,
            ways,
            is_condition: false,
            schemas: None,
        });
    }

    /// The keywords of two objects: those that are not understood, and those of `same`, which are to be the same.
    fn keywords(&mut self, object: Object, old: &str, new: &str, same: &[&str], ways: Ways) {
        let empty = Map::new();
        let of = |document: &Document, at: &str| document.get(at).and_then(Value::as_object).cloned();
        let (was, is) = (of(self.old, old), of(self.new, new));
        let (was, is) = (was.as_ref().unwrap_or(&empty), is.as_ref().unwrap_or(&empty));
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for name in names.into_iter().filter(|name| !is_text(name)) {
            let understood = is_understood(object, name);
            if understood && !same.contains(&name.as_str()) {
                continue;
            }
            let plain = |value: Option<&Value>| value.map(canonical).filter(|value| !is_default(name, value));
            let (was, is) = (plain(was.get(name)), plain(is.get(name)));
            if was != is {
                let old = was.map(|_| pointer::join(old, name));
                let new = is.map(|_| pointer::join(new, name));
                self.say(name, old, new, understood, ways);
            }
        }
    }

    fn root(&mut self) {
        self.keywords(Object::Document, "", "", &["tags"], Ways::default());
        self.keywords(Object::Components, "/components", "/components", &[], Ways::default());
        let items = |document: &Document| -> BTreeMap<String, String> {
            let paths = document.members("/paths");
            paths.map(|(path, at)| (bare(path), at)).collect()
        };
        let (old, new) = (items(self.old), items(self.new));
        for (path, was) in &old {
            match new.get(path) {
                Some(is) => self.keywords(Object::PathItem, was, is, &[], Ways::default()),
                // Of its operations is told that they are gone.
                None if operations_of(self.old, was).is_empty() => {
                    self.say(path, Some(was.clone()), None, true, Ways::default());
                }
                None => {}
            }
        }
        for (path, is) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
            if operations_of(self.new, is).is_empty() {
                self.say(path, None, Some(is.clone()), true, Ways::default());
            }
        }
        let (old, new) = (self.old, self.new);
        let (was, is) = (by_route(old), by_route(new));
        if was.is_empty() && is.is_empty() {
            self.servers("/servers", "/servers");
        }
        for (route, was) in &was {
            if let Some(is) = is.get(route) {
                self.operation(was, is, Ways::REQUEST);
            }
        }
        for (name, was) in old.members("/webhooks") {
            self.incoming(&was, &pointer::join("/webhooks", name));
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
            for (name, was) in old.members(&section) {
                let is = pointer::join(&section, name);
                if new.get(&is).is_some() {
                    self.component(object, &was, &is);
                }
            }
        }
    }

    /// The servers that count for an operation, or for the document.
    fn servers(&mut self, was: &str, is: &str) {
        let plain = |document: &Document, at: &str| {
            let mut list = document.get(at).map(canonical).filter(|list| *list != json!([]));
            for server in list.iter_mut().filter_map(Value::as_array_mut).flatten() {
                if let Some(Value::String(url)) = server.get_mut("url") {
                    *url = url.trim_end_matches('/').to_owned();
                }
            }
            // Where none is named, it is the one that the document came from.
            list.filter(|list| *list != json!([{ "url": "" }]))
        };
        let (one, other) = (plain(self.old, was), plain(self.new, is));
        if one != other {
            let at = |value: Option<Value>, at: &str| value.map(|_| at.to_owned());
            self.say("servers", at(one, was), at(other, is), true, Ways::default());
        }
    }

    /// A component, whose uses may be nowhere.
    fn component(&mut self, object: Object, was: &str, is: &str) {
        let none = Ways::default();
        match object {
            Object::Schema => {
                let (was, is) = (vec![was.to_owned()], vec![is.to_owned()]);
                let seen = |ways| self.seen.contains(&(was.clone(), is.clone(), ways));
                if !seen(Ways::REQUEST) && !seen(Ways::RESPONSE) {
                    self.schema(was, is, none);
                }
            }
            Object::Parameter | Object::Header => self.parameter(object, was, is, none),
            Object::RequestBody => self.body(was, is, none),
            Object::Response => self.response(was, is, none),
            Object::SecurityScheme => self.keywords(object, was, is, &[], none),
            _ => {}
        }
    }

    /// What the service calls.
    fn incoming(&mut self, was: &str, is: &str) {
        let (Some(was), Some(is)) = (self.old.resolve(was), self.new.resolve(is)) else {
            return;
        };
        self.keywords(Object::PathItem, &was, &is, &[], Ways::default());
        let (old, new) = (self.old, self.new);
        for (one, other) in in_both(operations_of(old, &was), &operations_of(new, &is)) {
            self.operation(&one, &other, Ways::RESPONSE);
        }
    }

    /// `sends` is the way of what the caller sends.
    fn operation(&mut self, was: &Operation<'_>, is: &Operation<'_>, sends: Ways) {
        const SAME: [&str; 3] = ["operationId", "tags", "deprecated"];
        let answers = Ways {
            request: sends.response,
            response: sends.request,
        };
        self.keywords(Object::Operation, &was.pointer, &is.pointer, &SAME, Ways::default());
        self.servers(&servers::own(self.old, was), &servers::own(self.new, is));
        let (old, new) = (by_name(self.old, was), by_name(self.new, is));
        for (one, other) in in_both(old, &new) {
            self.parameter(Object::Parameter, &one, &other, sends);
        }
        let body = |operation: &Operation<'_>| pointer::join(&operation.pointer, "requestBody");
        let bodies = self.old.resolve(&body(was)).zip(self.new.resolve(&body(is)));
        if let Some((one, other)) = bodies {
            self.body(&one, &other, sends);
        }
        let responses = |document: &Document, operation: &Operation<'_>| -> BTreeMap<String, String> {
            let all = pointer::join(&operation.pointer, "responses");
            let members = document.members(&all).filter(|(status, _)| !status.starts_with("x-"));
            members
                .filter_map(|(status, at)| Some((status.to_uppercase(), document.resolve(&at)?)))
                .collect()
        };
        let (old, new) = (responses(self.old, was), responses(self.new, is));
        for (one, other) in in_both(old, &new) {
            self.response(&one, &other, answers);
        }
        let callbacks = pointer::join(&was.pointer, "callbacks");
        let (old, new) = (self.old, self.new);
        for (name, one) in old.members(&callbacks) {
            let other = pointer::join(&pointer::join(&is.pointer, "callbacks"), name);
            let (Some(one), Some(other)) = (old.resolve(&one), new.resolve(&other)) else {
                continue;
            };
            for (expression, was) in old.members(&one) {
                self.incoming(&was, &pointer::join(&other, expression));
            }
        }
    }

    fn parameter(&mut self, object: Object, was: &str, is: &str, ways: Ways) {
        let same = ["required", "allowReserved", "allowEmptyValue", "deprecated"];
        self.keywords(object, was, is, &same, ways);
        self.schema_in(was, is, ways);
        self.content(was, is, ways);
    }

    fn body(&mut self, was: &str, is: &str, ways: Ways) {
        self.keywords(Object::RequestBody, was, is, &["required"], ways);
        self.content(was, is, ways);
    }

    fn response(&mut self, was: &str, is: &str, ways: Ways) {
        self.keywords(Object::Response, was, is, &[], ways);
        let headers = |document: &Document, at: &str| -> BTreeMap<String, String> {
            let all = pointer::join(at, "headers");
            let members = document.members(&all);
            members
                .filter_map(|(name, at)| Some((name.to_lowercase(), document.resolve(&at)?)))
                .collect()
        };
        let (old, new) = (headers(self.old, was), headers(self.new, is));
        for (one, other) in in_both(old, &new) {
            self.parameter(Object::Header, &one, &other, ways);
        }
        self.content(was, is, ways);
    }

    fn content(&mut self, was: &str, is: &str, ways: Ways) {
        let (old, new) = (media_types(self.old, was), media_types(self.new, is));
        for (one, other) in in_both(old, &new) {
            self.keywords(Object::MediaType, &one, &other, &["encoding"], ways);
            self.schema_in(&one, &other, ways);
        }
    }

    fn schema_in(&mut self, was: &str, is: &str, ways: Ways) {
        let (was, is) = (pointer::join(was, "schema"), pointer::join(is, "schema"));
        if self.old.get(&was).is_some() && self.new.get(&is).is_some() {
            self.schema(vec![was], vec![is], ways);
        }
    }

    fn schema(&mut self, was: Side, is: Side, ways: Ways) {
        if !self.seen.insert((was.clone(), is.clone(), ways)) {
            return;
        }
        let (old, new) = (Parts::of(self.old, &was), Parts::of(self.new, &is));
        let names: BTreeSet<&String> = old.said.keys().chain(new.said.keys()).collect();
        let lets_through = names.iter().any(|name| name.starts_with("unevaluated"));
        for name in names {
            let (one, other) = (old.said.get(name), new.said.get(name));
            let values = |said: Option<&Said>| said.map(|said| said.values.clone());
            if values(one) != values(other) {
                let at = |said: Option<&Said>| said.map(|said| said.at.clone());
                self.found.push(Difference {
                    old: at(one),
                    new: at(other),
                    keyword: name.clone(),
                    is_condition: CONDITIONS.contains(&name.as_str())
                        || LOOKING.contains(&name.as_str()) && !lets_through,
                    is_understood: is_understood(Object::Schema, name),
                    ways,
                    schemas: Some((was.clone(), is.clone())),
                });
            }
        }
        for (name, (one, other)) in old
            .held
            .iter()
            .filter_map(|(name, one)| Some((name, (one, new.held.get(name)?))))
        {
            match name.starts_with('|') {
                // Branches of a choice.
                true => self.branches(one, other, ways, (&was, &is)),
                false => self.schema(one.clone(), other.clone(), ways),
            }
        }
    }

    /// Pairs the branches of a choice that are one component, or are written the same.
    fn branches(&mut self, old: &Side, new: &Side, ways: Ways, (was, is): (&Side, &Side)) {
        let mut new = new.clone();
        let target = |document: &Document, at: &str| document.resolve(at).filter(|target| target != at);
        let mut is_left = false;
        for one in old {
            let same = |other: &String| match (target(self.old, one), target(self.new, other)) {
                (None, None) => self.old.get(one).map(canonical) == self.new.get(other).map(canonical),
                (one, other) => one == other,
            };
            match new.iter().position(same) {
                Some(index) => {
                    let other = new.remove(index);
                    self.schema(vec![one.clone()], vec![other], ways);
                }
                None => is_left = true,
            }
        }
        if is_left || !new.is_empty() {
            self.found.push(Difference {
                old: old.first().cloned(),
                new: new.first().cloned(),
                is_condition: false,
                keyword: "oneOf".to_owned(),
                is_understood: true,
                ways,
                schemas: Some((was.clone(), is.clone())),
            });
        }
    }
}

/// What stands under the same name in both.
fn in_both<K: Ord, V, W: Clone>(old: BTreeMap<K, V>, new: &BTreeMap<K, W>) -> Vec<(V, W)> {
    old.into_iter()
        .filter_map(|(name, one)| Some((one, new.get(&name)?.clone())))
        .collect()
}

/// The operations of a path item, by their methods.
pub(super) fn operations_of<'d>(document: &'d Document, item: &'d str) -> BTreeMap<&'d str, Operation<'d>> {
    document
        .members(item)
        .filter_map(|(name, pointer)| {
            let operation = Operation {
                id: document.text(&pointer::join(&pointer, "operationId")),
                method: Method::from_name(name)?,
                path: "",
                pointer,
            };
            Some((name, operation))
        })
        .collect()
}
