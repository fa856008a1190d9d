//! Names that the document has apart and Rust would not: `caller-type` and `caller_type`, `StartTime` and `StartTime<`, `asc` and
//! `ASC`. Progenitor is given another name for one of them, and what it writes has the name of the document again.

mod apply;
mod beside;
mod identifiers;

use std::collections::{BTreeMap, HashMap, HashSet};

use callrounded_document::{
    Document, Operation, pointer,
    walk::{self, Kind},
};
use proc_macro2::{Literal, TokenStream, TokenTree};
use serde_json::Value;

use beside::beside;
pub(crate) use identifiers::argument;
use identifiers::{field, full_variant, variant, words};

/// Names that progenitor's builders have for themselves.
const TAKEN: [&str; 7] = ["body", "body_map", "send", "new", "client", "header_map", "info"];
/// The field that holds the properties which the document does not name.
const OTHERS: &str = "extra";

/// What progenitor is given in place of names of the document.
#[derive(Default)]
pub(crate) struct Distinct {
    /// By the schema, then by the name of the property.
    properties: HashMap<String, HashMap<String, String>>,
    /// By the schema, then by the value.
    values: HashMap<String, HashMap<String, String>>,
    /// By the operation, then by the pointer to the parameter.
    parameters: HashMap<String, HashMap<String, String>>,
    /// What was given, and the name that it stands for.
    originals: HashMap<String, String>,
    /// Names that stand in the document, which none that is given may be.
    known: HashSet<String>,
}

impl Distinct {
    pub fn of(document: &Document) -> Self {
        let mut distinct = Self::default();
        let nodes = walk::nodes(document);
        for node in &nodes {
            let value = document.get(&node.pointer);
            let values = value
                .and_then(|value| value.get("enum")?.as_array())
                .into_iter()
                .flatten();
            let properties = value.and_then(|value| value.get("properties")?.as_object());
            let name = value.and_then(|value| value.get("name")?.as_str()).map(str::to_owned);
            distinct
                .known
                .extend(values.filter_map(|value| value.as_str().map(str::to_owned)));
            distinct
                .known
                .extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
            distinct.known.extend(name);
        }
        for node in nodes.iter().filter(|node| node.kind == Kind::Schema) {
            distinct.values(document, &node.pointer);
            distinct.properties(document, &node.pointer);
        }
        let mut items: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
        for operation in document.operations() {
            items.entry(operation.path).or_default().push(operation);
        }
        items
            .values()
            .for_each(|operations| distinct.item(document, operations));
        distinct
    }

    /// What progenitor is given in place of the name of a parameter.
    pub fn parameter(&self, operation: &str, parameter: &str) -> Option<&str> {
        Some(self.parameters.get(operation)?.get(parameter)?)
    }

    fn stand_in(&mut self, name: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let words = words(name);
        let numbered = (2..).map(|count: u32| format!("{words}-{count}"));
        // The hyphen makes progenitor note the name beside the one that it makes of it, where it is found again.
        let plain = (words != name).then(|| format!("{}-", words.trim_matches('-')));
        let mut candidates = plain.into_iter().chain(numbered);
        let found = candidates.find(|other| {
            let known = self.originals.get(other);
            known.is_none_or(|known| known == name) && !self.known.contains(other) && !is_taken(other)
        });
        let found = found.unwrap_or_else(|| name.to_owned());
        self.originals.insert(found.clone(), name.to_owned());
        found
    }

    fn properties(&mut self, document: &Document, schema: &str) {
        let own: Vec<String> = document
            .members(&pointer::join(schema, "properties"))
            .map(|(name, _)| name.to_owned())
            .collect();
        if own.is_empty() {
            return;
        }
        let others = pointer::join(schema, "additionalProperties");
        let has_others = document
            .get(&others)
            .is_some_and(|others| *others != Value::Bool(false));
        let beside = beside(document, schema);
        let mut taken: HashMap<String, String> = HashMap::new();
        taken.extend(has_others.then(|| (OTHERS.to_owned(), String::new())));
        taken.extend(beside.into_iter().map(|name| (field(&name), name)));
        // A name that is its own in Rust keeps it.
        let (plain, rest): (Vec<String>, Vec<String>) = own.into_iter().partition(|name| field(name) == *name);
        let mut renamed = HashMap::new();
        for name in plain.into_iter().chain(rest) {
            let rust = field(&name);
            if taken.get(&rust).is_none_or(|known| *known == name) {
                taken.insert(rust, name);
                continue;
            }
            let stand_in = self.stand_in(&name, |other| taken.contains_key(&field(other)));
            taken.insert(field(&stand_in), name.clone());
            renamed.insert(name, stand_in);
        }
        if !renamed.is_empty() {
            self.properties.insert(schema.to_owned(), renamed);
        }
    }

    fn values(&mut self, document: &Document, schema: &str) {
        let values = document.get(&pointer::join(schema, "enum")).and_then(Value::as_array);
        let values: Vec<&str> = values.into_iter().flatten().filter_map(Value::as_str).collect();
        let is_distinct = |case: fn(&str) -> String| {
            let names: HashSet<String> = values.iter().map(|value| case(value)).collect();
            names.len() == values.len()
        };
        // Where one of typify's two ways is enough, the names stay as it makes them.
        if is_distinct(variant) || is_distinct(full_variant) {
            return;
        }
        let mut taken: HashMap<String, &str> = HashMap::new();
        let mut renamed = HashMap::new();
        for value in values {
            let rust = variant(value);
            match taken.get(&rust) {
                Some(known) if *known == value => continue,
                None => drop(taken.insert(rust, value)),
                Some(_) => {
                    let stand_in = self.stand_in(value, |other| taken.contains_key(&variant(other)));
                    taken.insert(variant(&stand_in), value);
                    renamed.insert(value.to_owned(), stand_in);
                }
            }
        }
        self.values.insert(schema.to_owned(), renamed);
    }

    /// The parameters of the operations of one path. Those in the path have one name in all of them.
    fn item(&mut self, document: &Document, operations: &[Operation<'_>]) {
        let text = |at: &str, field: &str| document.text(&pointer::join(at, field)).unwrap_or_default().to_owned();
        let lists: Vec<(String, Vec<(String, String)>)> = operations
            .iter()
            .map(|operation| {
                let parameters = document.parameters(operation).into_iter();
                let named = parameters.map(|at| (text(&at, "name"), at)).collect();
                (operation.pointer.clone(), named)
            })
            .collect();
        let is_in_path = |at: &str| text(at, "in") == "path";
        let all = lists.iter().flat_map(|(_, list)| list);
        let mut path: Vec<&str> = all
            .filter(|(_, at)| is_in_path(at))
            .map(|(name, _)| name.as_str())
            .collect();
        path.sort_unstable();
        path.dedup();
        let every: HashSet<String> = lists
            .iter()
            .flat_map(|(_, list)| list)
            .map(|(name, _)| argument(name))
            .collect();
        let mut in_path: HashMap<String, String> = HashMap::new();
        let mut taken_by_path: HashSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
        for name in path {
            let given = match taken_by_path.contains(&argument(name)) {
                true => self.stand_in(name, |other| {
                    taken_by_path.contains(&argument(other)) || every.contains(&argument(other))
                }),
                false => name.to_owned(),
            };
            taken_by_path.insert(argument(&given));
            in_path.insert(name.to_owned(), given);
        }
        for (operation, list) in &lists {
            let mut taken = taken_by_path.clone();
            let mut renamed = HashMap::new();
            let own = |name: &str| argument(name) == name;
            let mut others: Vec<&(String, String)> = list.iter().filter(|(_, at)| !is_in_path(at)).collect();
            others.sort_by_key(|(name, _)| !own(name));
            for (name, at) in list.iter().filter(|(_, at)| is_in_path(at)) {
                let given = in_path.get(name).filter(|given| *given != name);
                renamed.extend(given.map(|given| (at.clone(), given.clone())));
            }
            for (name, at) in others {
                if taken.insert(argument(name)) {
                    continue;
                }
                let stand_in = self.stand_in(name, |other| {
                    taken.contains(&argument(other)) || every.contains(&argument(other))
                });
                taken.insert(argument(&stand_in));
                renamed.insert(at.clone(), stand_in);
            }
            if !renamed.is_empty() {
                self.parameters.insert(operation.clone(), renamed);
            }
        }
    }

    /// What progenitor wrote, with the names of the document.
    pub fn restore(&self, tokens: TokenStream) -> TokenStream {
        if self.originals.is_empty() {
            return tokens;
        }
        let written = |name: &String| Literal::string(name).to_string();
        let literals = self
            .originals
            .iter()
            .map(|(given, name)| (written(given), name.as_str()));
        restored(tokens, &literals.collect())
    }
}

fn restored(tokens: TokenStream, literals: &HashMap<String, &str>) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut inner = proc_macro2::Group::new(group.delimiter(), restored(group.stream(), literals));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        TokenTree::Literal(literal) => match literals.get(&literal.to_string()) {
            Some(name) => TokenTree::Literal(Literal::string(name)),
            None => TokenTree::Literal(literal),
        },
        other => other,
    });
    each.collect()
}
