//! Names that the document has apart and Rust would not: `caller-type` and `caller_type`, `StartTime` and `StartTime<`, `asc` and
//! `ASC`. Progenitor is given another name for one of them, and what it writes has the name of the document again.

use std::collections::{BTreeMap, HashMap, HashSet};

use callrounded_document::{
    Document, Operation, pointer,
    walk::{self, Kind},
};
use heck::{ToPascalCase, ToSnakeCase};
use proc_macro2::{Literal, TokenStream, TokenTree};
use serde_json::Value;

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

    /// Gives progenitor's copy of the document the other names.
    pub fn apply(&self, document: &Document, value: &mut Value) {
        for (schema, renamed) in &self.values {
            let values = value.pointer_mut(schema).and_then(|schema| schema.get_mut("enum"));
            let Some(values) = values.and_then(Value::as_array_mut) else {
                continue;
            };
            let mut seen = HashSet::new();
            values.retain(|one| one.as_str().is_none_or(|text| seen.insert(text.to_owned())));
            for one in values {
                if let Some(given) = one.as_str().and_then(|text| renamed.get(text)) {
                    *one = Value::from(given.as_str());
                }
            }
        }
        // From the inside, so that the places of what is inside are still what they were.
        let mut properties: Vec<_> = self.properties.iter().collect();
        properties.sort_by_key(|(schema, _)| std::cmp::Reverse(schema.len()));
        for (schema, renamed) in properties {
            let Some(schema) = value.pointer_mut(schema).and_then(Value::as_object_mut) else {
                continue;
            };
            let name = |name: String| renamed.get(&name).cloned().unwrap_or(name);
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                *properties = std::mem::take(properties)
                    .into_iter()
                    .map(|(old, property)| (name(old), property))
                    .collect();
            }
            let required = schema.get_mut("required").and_then(Value::as_array_mut);
            for one in required.into_iter().flatten() {
                if let Value::String(text) = one {
                    *text = name(std::mem::take(text));
                }
            }
        }
        self.rename_parameters(document, value);
        self.rename_paths(document, value);
    }

    /// Puts all parameters of an operation into it, since others may share them under their own names.
    fn rename_parameters(&self, document: &Document, value: &mut Value) {
        let renamed: HashSet<&str> = self
            .parameters
            .keys()
            .filter_map(|at| Some(pointer::split(at)?.0))
            .collect();
        let mut lists: Vec<(String, Vec<Value>)> = Vec::new();
        for operation in document.operations() {
            if pointer::split(&operation.pointer).is_none_or(|(item, _)| !renamed.contains(item)) {
                continue;
            }
            let parameters = document.parameters(&operation).into_iter().filter_map(|at| {
                let mut parameter = value.pointer(&at)?.clone();
                if let (Some(given), Value::Object(parameter)) =
                    (self.parameter(&operation.pointer, &at), &mut parameter)
                {
                    parameter.insert("name".to_owned(), Value::from(given));
                }
                Some(parameter)
            });
            lists.push((operation.pointer.clone(), parameters.collect()));
        }
        for (operation, parameters) in lists {
            if let Some(Value::Object(operation)) = value.pointer_mut(&operation) {
                operation.insert("parameters".to_owned(), Value::Array(parameters));
            }
        }
        for item in renamed {
            if let Some(Value::Object(item)) = value.pointer_mut(item) {
                item.shift_remove("parameters");
            }
        }
    }

    /// The parameters in a path stand in its text too.
    fn rename_paths(&self, document: &Document, value: &mut Value) {
        let mut paths: HashMap<&str, String> = HashMap::new();
        for operation in document.operations() {
            for (at, given) in self.parameters.get(&operation.pointer).into_iter().flatten() {
                let name = document.text(&pointer::join(at, "name")).unwrap_or_default();
                if document.text(&pointer::join(at, "in")) == Some("path") {
                    let path = paths.entry(operation.path).or_insert_with(|| operation.path.to_owned());
                    *path = path.replace(&format!("{{{name}}}"), &format!("{{{given}}}"));
                }
            }
        }
        if paths.is_empty() {
            return;
        }
        if let Some(Value::Object(items)) = value.get_mut("paths") {
            *items = std::mem::take(items)
                .into_iter()
                .map(|(path, item)| (paths.get(path.as_str()).cloned().unwrap_or(path), item))
                .collect();
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

/// Symbols that are all the difference between two names, in words.
fn words(name: &str) -> String {
    let mut words = name.to_owned();
    for (symbol, word) in [
        ("<=", "lte"),
        (">=", "gte"),
        ("!=", "ne"),
        ("<", "lt"),
        (">", "gt"),
        ("=", "eq"),
    ] {
        words = words.replace(symbol, &format!(" {word} "));
    }
    words.trim().to_owned()
}

/// The properties that one type has with those of the schema, by `allOf`.
fn beside(document: &Document, schema: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::from([schema.to_owned()]);
    let mut below: Vec<String> = parts(document, schema);
    let mut at = schema.to_owned();
    while let Some((holder, index)) = part_of(&at) {
        let siblings = parts(document, holder);
        let siblings = siblings.into_iter().enumerate();
        // Of two that stand here, the second gives way.
        below.extend(siblings.filter_map(|(other, part)| {
            let is_reference = document.get(&pointer::join(&part, "$ref")).is_some();
            (other < index || other > index && is_reference).then_some(part)
        }));
        found.extend(own(document, holder));
        at = holder.to_owned();
    }
    while let Some(part) = below.pop() {
        let Some(part) = document.resolve(&part) else { continue };
        if seen.insert(part.clone()) {
            found.extend(own(document, &part));
            below.extend(parts(document, &part));
        }
    }
    found
}

fn own(document: &Document, schema: &str) -> Vec<String> {
    let list = pointer::join(schema, "properties");
    document.members(&list).map(|(name, _)| name.to_owned()).collect()
}

fn parts(document: &Document, schema: &str) -> Vec<String> {
    let list = pointer::join(schema, "allOf");
    let count = document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .map(|index| pointer::join(&list, &index.to_string()))
        .collect()
}

/// The schema in whose `allOf` another stands, and where there.
fn part_of(schema: &str) -> Option<(&str, usize)> {
    let (list, index) = pointer::split(schema)?;
    let (holder, keyword) = pointer::split(list)?;
    (keyword == "allOf").then_some(())?;
    Some((holder, index.parse().ok()?))
}

/// The name that typify makes of a property.
fn field(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// The name that typify makes of a value.
fn variant(value: &str) -> String {
    identifier(value, str::to_pascal_case, "X")
}

/// The name that typify makes of a value where the first is that of another: with an X for each character that it leaves out.
fn full_variant(value: &str) -> String {
    variant(&value.replace(|c| c == '_' || !unicode_ident::is_xid_continue(c), "X"))
}

/// The name that progenitor makes of a parameter.
pub(crate) fn argument(name: &str) -> String {
    identifier(name, str::to_snake_case, "_")
}

/// What typify and progenitor make of a name alike.
fn identifier(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let out = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &name
                .replace('\'', "")
                .replace(|c| !unicode_ident::is_xid_continue(c), "-"),
        ),
    };
    match out.chars().next() {
        Some(first) if unicode_ident::is_xid_start(first) => out,
        // A keyword gets an underscore, which makes it that of no other.
        _ => format!("{prefix}{out}"),
    }
}
