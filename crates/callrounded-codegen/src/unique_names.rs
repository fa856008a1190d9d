//! Distinguishes names that differ in the document but would become one name in Rust: `caller-type` and `caller_type`,
//! `StartTime` and `StartTime<`, `asc` and `ASC`. One of them is replaced by a substitute before progenitor sees it. In
//! the output, the substitute is replaced by the original.

mod apply;
mod identifiers;
mod siblings;

use std::collections::{BTreeMap, HashMap, HashSet};

use callrounded_document::{
    Document, Operation, pointer,
    traverse::{self, Kind},
};
use proc_macro2::{Literal, TokenStream, TokenTree};
use serde_json::Value;

pub(crate) use identifiers::{argument, operation};
use identifiers::{field, full_variant, variant, words};
use siblings::sibling_properties;

/// Names that progenitor's builders use themselves.
const RESERVED: [&str; 7] = ["body", "body_map", "send", "new", "client", "header_map", "info"];
/// The field for properties that the document does not name.
const EXTRA_FIELD: &str = "extra";

/// The substitutes for names of the document.
#[derive(Default)]
pub(crate) struct UniqueNames {
    /// By the schema, then by the name of the property.
    properties: HashMap<String, HashMap<String, String>>,
    /// By the schema, then by the value.
    values: HashMap<String, HashMap<String, String>>,
    /// By the operation, then by the pointer to the parameter.
    parameters: HashMap<String, HashMap<String, String>>,
    /// The original names, by substitute.
    originals: HashMap<String, String>,
    /// Names that appear in the document. No substitute may be one of them.
    known: HashSet<String>,
}

impl UniqueNames {
    /// Chooses the substitutes for a document.
    pub fn of(document: &Document) -> Self {
        let mut names = Self::default();
        let nodes = traverse::nodes(document);
        for node in &nodes {
            let value = document.get(&node.pointer);
            let values = value
                .and_then(|value| value.get("enum")?.as_array())
                .into_iter()
                .flatten();
            let properties = value.and_then(|value| value.get("properties")?.as_object());
            let name = value.and_then(|value| value.get("name")?.as_str()).map(str::to_owned);
            names
                .known
                .extend(values.filter_map(|value| value.as_str().map(str::to_owned)));
            names
                .known
                .extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
            names.known.extend(name);
        }
        for node in nodes.iter().filter(|node| node.kind == Kind::Schema) {
            names.values(document, &node.pointer);
            names.properties(document, &node.pointer);
        }
        let mut items: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
        for operation in document.operations() {
            items.entry(operation.path).or_default().push(operation);
        }
        items
            .values()
            .for_each(|operations| names.path_item(document, operations));
        names
    }

    /// Returns the substitute for the name of a parameter, if it has one. Both arguments are pointers.
    pub fn parameter(&self, operation: &str, parameter: &str) -> Option<&str> {
        Some(self.parameters.get(operation)?.get(parameter)?)
    }

    /// Chooses a substitute for `name` for which `is_taken` is false.
    fn substitute(&mut self, name: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let words = words(name);
        let numbered = (2..).map(|count: u32| format!("{words}-{count}"));
        // Because of the hyphen, progenitor writes the name as a literal too, in which it is found later.
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

    /// Chooses substitutes for the properties of a schema.
    fn properties(&mut self, document: &Document, schema: &str) {
        let own: Vec<String> = document
            .members(&pointer::join(schema, "properties"))
            .map(|(name, _)| name.to_owned())
            .collect();
        if own.is_empty() {
            return;
        }
        let additional = pointer::join(schema, "additionalProperties");
        let has_extra_field = document
            .get(&additional)
            .is_some_and(|additional| *additional != Value::Bool(false));
        let siblings = sibling_properties(document, schema);
        let mut taken: HashMap<String, String> = HashMap::new();
        taken.extend(has_extra_field.then(|| (EXTRA_FIELD.to_owned(), String::new())));
        taken.extend(siblings.into_iter().map(|name| (field(&name), name)));
        // A name that is the same in Rust has precedence.
        let (unchanged, rest): (Vec<String>, Vec<String>) = own.into_iter().partition(|name| field(name) == *name);
        let mut renamed = HashMap::new();
        for name in unchanged.into_iter().chain(rest) {
            let rust = field(&name);
            if taken.get(&rust).is_none_or(|known| *known == name) {
                taken.insert(rust, name);
                continue;
            }
            let substitute = self.substitute(&name, |other| taken.contains_key(&field(other)));
            taken.insert(field(&substitute), name.clone());
            renamed.insert(name, substitute);
        }
        if !renamed.is_empty() {
            self.properties.insert(schema.to_owned(), renamed);
        }
    }

    /// Chooses substitutes for the values of an enumeration.
    fn values(&mut self, document: &Document, schema: &str) {
        let values = document.get(&pointer::join(schema, "enum")).and_then(Value::as_array);
        let values: Vec<&str> = values.into_iter().flatten().filter_map(Value::as_str).collect();
        let is_distinct = |case: fn(&str) -> String| {
            let names: HashSet<String> = values.iter().map(|value| case(value)).collect();
            names.len() == values.len()
        };
        // typify names variants in two ways. If one of them gives distinct names, no substitutes are needed.
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
                    let substitute = self.substitute(value, |other| taken.contains_key(&variant(other)));
                    taken.insert(variant(&substitute), value);
                    renamed.insert(value.to_owned(), substitute);
                }
            }
        }
        self.values.insert(schema.to_owned(), renamed);
    }

    /// Chooses substitutes for the parameters of the operations of one path. A path parameter has the same substitute
    /// in all of them.
    fn path_item(&mut self, document: &Document, operations: &[Operation<'_>]) {
        let text = |at: &str, field: &str| {
            document
                .get_str(&pointer::join(at, field))
                .unwrap_or_default()
                .to_owned()
        };
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
        let mut path_names: Vec<&str> = all
            .filter(|(_, at)| is_in_path(at))
            .map(|(name, _)| name.as_str())
            .collect();
        path_names.sort_unstable();
        path_names.dedup();
        let all_arguments: HashSet<String> = lists
            .iter()
            .flat_map(|(_, list)| list)
            .map(|(name, _)| argument(name))
            .collect();
        let mut in_path: HashMap<String, String> = HashMap::new();
        let mut taken_by_path: HashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        for name in path_names {
            let unique = if taken_by_path.contains(&argument(name)) {
                self.substitute(name, |other| {
                    taken_by_path.contains(&argument(other)) || all_arguments.contains(&argument(other))
                })
            } else {
                name.to_owned()
            };
            taken_by_path.insert(argument(&unique));
            in_path.insert(name.to_owned(), unique);
        }
        for (operation, list) in &lists {
            let mut taken = taken_by_path.clone();
            let mut renamed = HashMap::new();
            let is_unchanged = |name: &str| argument(name) == name;
            let mut others: Vec<&(String, String)> = list.iter().filter(|(_, at)| !is_in_path(at)).collect();
            others.sort_by_key(|(name, _)| !is_unchanged(name));
            for (name, at) in list.iter().filter(|(_, at)| is_in_path(at)) {
                let unique = in_path.get(name).filter(|unique| *unique != name);
                renamed.extend(unique.map(|unique| (at.clone(), unique.clone())));
            }
            for (name, at) in others {
                if taken.insert(argument(name)) {
                    continue;
                }
                let substitute = self.substitute(name, |other| {
                    taken.contains(&argument(other)) || all_arguments.contains(&argument(other))
                });
                taken.insert(argument(&substitute));
                renamed.insert(at.clone(), substitute);
            }
            if !renamed.is_empty() {
                self.parameters.insert(operation.clone(), renamed);
            }
        }
    }

    /// Replaces the substitutes in progenitor's output by the names of the document.
    pub fn restore(&self, tokens: TokenStream) -> TokenStream {
        if self.originals.is_empty() {
            return tokens;
        }
        let literal = |name: &String| Literal::string(name).to_string();
        let literals = self
            .originals
            .iter()
            .map(|(substitute, name)| (literal(substitute), name.as_str()));
        replace_literals(tokens, &literals.collect())
    }
}

fn replace_literals(tokens: TokenStream, literals: &HashMap<String, &str>) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut inner = proc_macro2::Group::new(group.delimiter(), replace_literals(group.stream(), literals));
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
