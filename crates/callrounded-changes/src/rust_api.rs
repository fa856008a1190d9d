//! The public items of a generated client, and what becomes of them.

use std::{collections::BTreeMap, fmt};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Visibility};

use crate::diff::Effect;

/// Every public item of a generated source by its path, such as `types::Call::cost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RustApi {
    items: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    signature: String,
    /// The signature without the names of arguments, which no caller writes.
    shape: String,
    /// The names of arguments in their order. Where two of one type change places, only the names show it.
    arguments: Vec<String>,
    /// Whether it may be added without breaking who names what holds it: a field or variant of something that is
    /// `#[non_exhaustive]`, and whatever stands by itself.
    addable: bool,
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemChange {
    /// Its path, such as `types::Call::cost`.
    pub path: String,
    /// What it was; `None` where it is new.
    pub old: Option<String>,
    /// What it is; `None` where it is gone.
    pub new: Option<String>,
    /// What that means to source that uses the crate.
    pub effect: Effect,
}

impl fmt::Display for ItemChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |signature: &str| match signature.is_empty() {
            true => String::new(),
            false => format!(": {}", short(signature)),
        };
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "{}: {} → {}", self.path, short(old), short(new)),
            (Some(old), None) => write!(f, "- {}{}", self.path, shown(old)),
            (None, Some(new)) => write!(f, "+ {}{}", self.path, shown(new)),
            (None, None) => f.write_str(&self.path),
        }
    }
}

/// A signature as people write it: an argument that is converted is shown as what it becomes.
fn short(signature: &str) -> String {
    let plain = signature.split(" where ").next().unwrap_or_default();
    let Some((before, arguments)) = plain.split_once('(').filter(|_| plain.starts_with("fn ")) else {
        return plain.to_owned();
    };
    let name = before.split('<').next().unwrap_or_default();
    // The builders of types have their bounds after `where`.
    if let Some((_, value)) = signature
        .split_once(" where ")
        .and_then(|(_, bounds)| bounds.split_once("TryInto<"))
    {
        return format!("{name}({})", until_closed(value));
    }
    let end = arguments.rfind(')').unwrap_or(arguments.len());
    let (arguments, result) = arguments.split_at_checked(end).unwrap_or((arguments, ""));
    let mut shown = String::new();
    let mut rest = arguments;
    while let Some(at) = CONVERSIONS.iter().filter_map(|conversion| rest.find(conversion)).min() {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (_, value) = found.split_once('<').unwrap_or_default();
        let inner = until_closed(value);
        shown.push_str(before);
        // What else is bound is no part of the value.
        shown.push_str(inner.split(", Error").next().unwrap_or(inner));
        rest = value.get(inner.len() + 1..).unwrap_or_default();
    }
    let arguments = shown + rest;
    let arguments = arguments.trim_start_matches("&self").trim_start_matches("mut self");
    format!("{name}({}{result}", arguments.trim_start_matches(", "))
}

const CONVERSIONS: [&str; 2] = ["impl Into<", "impl TryInto<"];

/// What stands before the `>` that closes what was opened before the text.
fn until_closed(text: &str) -> &str {
    let mut open = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '<' => open += 1,
            '>' if open == 0 => return text.get(..at).unwrap_or(text),
            '>' => open -= 1,
            _ => {}
        }
    }
    text
}

impl Entry {
    /// Whether an argument of the same name is at another place in `new`. A new name at the same place is only a rename.
    fn has_moved_argument(&self, new: &Self) -> bool {
        let place = |name| new.arguments.iter().position(|argument| argument == name);
        let mut old = self.arguments.iter().enumerate();
        old.any(|(at, name)| place(name).is_some_and(|new| new != at))
    }
}

impl RustApi {
    /// The items of a generated source.
    #[must_use]
    pub fn of(source: &syn::File) -> Self {
        let mut api = Self::default();
        api.module("", &source.items);
        api
    }

    /// What becomes of each item in `new`.
    #[must_use]
    pub fn changes(&self, new: &Self) -> Vec<ItemChange> {
        let mut found = Vec::new();
        for (path, old) in &self.items {
            let other = new.items.get(path);
            if other.is_none_or(|other| other.shape != old.shape || old.has_moved_argument(other)) {
                found.push(ItemChange {
                    path: path.clone(),
                    old: Some(old.signature.clone()),
                    new: other.map(|other| other.signature.clone()),
                    effect: Effect::Breaking,
                });
            }
        }
        for (path, added) in new.items.iter().filter(|(path, _)| !self.items.contains_key(*path)) {
            // What comes with a type that is new itself breaks nobody.
            let holder = path.rsplit_once("::").map(|(holder, _)| holder).unwrap_or_default();
            let holder_is_new = !self.items.contains_key(holder);
            found.push(ItemChange {
                path: path.clone(),
                old: None,
                new: Some(added.signature.clone()),
                effect: match added.addable || holder_is_new {
                    true => Effect::Compatible,
                    false => Effect::Breaking,
                },
            });
        }
        found.sort();
        found
    }

    fn add(&mut self, path: String, signature: String, addable: bool) {
        let shape = signature.clone();
        let entry = Entry {
            signature,
            shape,
            arguments: Vec::new(),
            addable,
        };
        self.items.insert(path, entry);
    }

    fn method(&mut self, path: String, signature: &syn::Signature) {
        let mut shape = signature.clone();
        let mut arguments = Vec::new();
        for argument in &mut shape.inputs {
            if let syn::FnArg::Typed(argument) = argument {
                arguments.push(text(&argument.pat));
                *argument.pat = syn::parse_quote!(_);
            }
        }
        let entry = Entry {
            signature: text(signature),
            shape: text(&shape),
            arguments,
            addable: true,
        };
        self.items.insert(path, entry);
    }

    fn module(&mut self, at: &str, items: &[Item]) {
        for item in items {
            match item {
                Item::Mod(module) if is_public(&module.vis) => {
                    if let Some((_, items)) = &module.content {
                        self.module(&join(at, &module.ident.to_string()), items);
                    }
                }
                Item::Struct(item) if is_public(&item.vis) => {
                    let path = join(at, &item.ident.to_string());
                    let grows = is_non_exhaustive(&item.attrs);
                    // With a private field nobody outside can name them all.
                    let closed = item.fields.iter().any(|field| !is_public(&field.vis));
                    self.add(path.clone(), generics(&item.generics), true);
                    self.traits(&path, &item.attrs);
                    self.fields(&path, &item.fields, grows || closed, false);
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    let path = join(at, &item.ident.to_string());
                    let grows = is_non_exhaustive(&item.attrs);
                    self.add(path.clone(), generics(&item.generics), true);
                    self.traits(&path, &item.attrs);
                    for variant in &item.variants {
                        let variant_path = join(&path, &variant.ident.to_string());
                        let payload = match &variant.fields {
                            Fields::Unit => String::new(),
                            fields => text(fields),
                        };
                        self.add(variant_path, payload, grows);
                    }
                }
                Item::Type(item) if is_public(&item.vis) => {
                    self.add(join(at, &item.ident.to_string()), text(&item.ty), true);
                }
                Item::Fn(item) if is_public(&item.vis) => {
                    self.add(join(at, &item.sig.ident.to_string()), text(&item.sig), true);
                }
                Item::Const(item) if is_public(&item.vis) => {
                    self.add(join(at, &item.ident.to_string()), text(&item.ty), true);
                }
                Item::Trait(item) if is_public(&item.vis) => {
                    self.add(join(at, &item.ident.to_string()), text(&item.items.len()), true);
                }
                Item::Impl(item) => self.implementation(at, item),
                _ => {}
            }
        }
    }

    fn fields(&mut self, path: &str, fields: &Fields, addable: bool, all: bool) {
        for (index, field) in fields.iter().enumerate() {
            if all || is_public(&field.vis) {
                let name = field
                    .ident
                    .as_ref()
                    .map_or_else(|| index.to_string(), ToString::to_string);
                self.add(join(path, &name), text(&field.ty), addable);
            }
        }
    }

    fn implementation(&mut self, at: &str, item: &syn::ItemImpl) {
        let target = text(&item.self_ty);
        match &item.trait_ {
            Some((of, _)) => {
                // As a derived one is called, so that one may take the place of the other.
                let name = of.segments.last().map(trait_name).unwrap_or_default();
                let of_another_crate =
                    matches!(&*item.self_ty, syn::Type::Path(path) if path.path.leading_colon.is_some());
                let target = if of_another_crate { target } else { join(at, &target) };
                let only_lifetimes =
                    item.generics.type_params().next().is_none() && item.generics.where_clause.is_none();
                let bounds = if only_lifetimes {
                    String::new()
                } else {
                    generics(&item.generics)
                };
                for inner in &item.items {
                    // What an operation returns; other types of implementations are those of their traits.
                    if let ImplItem::Type(of) = inner
                        && name == "Operation"
                    {
                        self.add(join(&target, &of.ident.to_string()), text(&of.ty), true);
                    }
                }
                self.add(format!("impl {name} for {target}"), bounds, true);
            }
            None => {
                let holder = join(at, &holder(&item.self_ty));
                for inner in &item.items {
                    match inner {
                        ImplItem::Fn(method) if is_public(&method.vis) => {
                            self.method(join(&holder, &method.sig.ident.to_string()), &method.sig);
                        }
                        ImplItem::Const(constant) if is_public(&constant.vis) => {
                            self.add(join(&holder, &constant.ident.to_string()), text(&constant.ty), true);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// What a type derives can be relied on like any other implementation.
    fn traits(&mut self, path: &str, attributes: &[Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            let _ = attribute.parse_nested_meta(|meta| {
                let name = meta.path.segments.last().map(|segment| segment.ident.to_string());
                self.add(
                    format!("impl {} for {path}", name.unwrap_or_default()),
                    String::new(),
                    true,
                );
                Ok(())
            });
        }
    }
}

/// The type that methods belong to: without what it is generic over, but with the operation that a request is for.
fn holder(ty: &syn::Type) -> String {
    let target = text(ty);
    let name = target.split('<').next().unwrap_or_default().trim();
    match target.split_once("<operations::") {
        Some((_, operation)) => {
            let operation = operation.split([',', '>']).next().unwrap_or_default();
            format!("{name}<{operation}>")
        }
        None => name.to_owned(),
    }
}

fn join(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        at => format!("{at}::{name}"),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// The name of a trait, with the types that it is for and without lifetimes.
fn trait_name(last: &syn::PathSegment) -> String {
    let only_lifetimes = match &last.arguments {
        syn::PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .all(|one| matches!(one, syn::GenericArgument::Lifetime(_))),
        _ => true,
    };
    match only_lifetimes {
        true => last.ident.to_string(),
        false => text(last),
    }
}

fn generics(generics: &syn::Generics) -> String {
    format!("{}{}", text(generics), text(&generics.where_clause))
}

/// Tokens as people write them, without the paths that say nothing.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = format!(" {}", tokens.to_token_stream());
    for (from, to) in [
        (":: callrounded_runtime :: ", ""),
        (":: std :: boxed :: ", ""),
        (":: std :: collections :: ", ""),
        (":: std :: convert :: ", ""),
        (":: std :: fmt :: ", ""),
        (":: std :: iter :: ", ""),
        (":: std :: option :: ", ""),
        (":: std :: string :: ", ""),
        (":: std :: vec :: ", ""),
        (" std :: convert :: ", " "),
        (":: chrono :: ", "chrono :: "),
        (":: serde :: ", "serde :: "),
        (":: serde_json :: ", "serde_json :: "),
        (" :: ", "::"),
        (":: ", "::"),
        ("super::", ""),
        ("crate::", ""),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        // The formatter ends a list with a comma where it breaks lines.
        (",>", ">"),
        (",)", ")"),
    ] {
        text = text.replace(from, to);
    }
    text.trim().to_owned()
}
