//! Compares the public items of generated clients.

mod change;
mod text;

use std::collections::BTreeMap;

use syn::{Attribute, Fields, ImplItem, Item, Visibility};

use crate::diff::Effect;

pub use change::ItemChange;
use text::{generics, text, trait_name};

/// The public items of a generated source, by path such as `types::Call::cost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RustApi {
    items: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    signature: String,
    /// The signature without the names of arguments, which callers do not write.
    shape: String,
    /// The names of arguments in their order. If two of the same type are swapped, only the names show it.
    arguments: Vec<String>,
    /// Whether adding it cannot break code that names its parent. This is so for a field or variant of a
    /// `#[non_exhaustive]` type, and for any item that is not a field or variant.
    addable: bool,
}

impl Entry {
    /// Checks whether an argument of the same name has another position in `new`. A new name at the same position is
    /// only a rename.
    fn has_moved_argument(&self, new: &Self) -> bool {
        let new_position = |name| new.arguments.iter().position(|argument| argument == name);
        let mut old = self.arguments.iter().enumerate();
        old.any(|(at, name)| new_position(name).is_some_and(|new| new != at))
    }
}

impl RustApi {
    /// Collects the public items of a generated source.
    #[must_use]
    pub fn of(source: &syn::File) -> Self {
        let mut api = Self::default();
        api.module("", &source.items);
        api
    }

    /// Returns the changes from `self` to `new`, sorted by path.
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
            // A part of an added type breaks nobody.
            let parent = path.rsplit_once("::").map(|(parent, _)| parent).unwrap_or_default();
            let parent_is_new = !self.items.contains_key(parent);
            found.push(ItemChange {
                path: path.clone(),
                old: None,
                new: Some(added.signature.clone()),
                effect: if added.addable || parent_is_new {
                    Effect::Compatible
                } else {
                    Effect::Breaking
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
                    let non_exhaustive = is_non_exhaustive(&item.attrs);
                    // With a private field, no code outside of the crate can name all fields.
                    let has_private_fields = item.fields.iter().any(|field| !is_public(&field.vis));
                    self.add(path.clone(), generics(&item.generics), true);
                    self.derives(&path, &item.attrs);
                    self.fields(&path, &item.fields, non_exhaustive || has_private_fields, false);
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    let path = join(at, &item.ident.to_string());
                    let non_exhaustive = is_non_exhaustive(&item.attrs);
                    self.add(path.clone(), generics(&item.generics), true);
                    self.derives(&path, &item.attrs);
                    for variant in &item.variants {
                        let variant_path = join(&path, &variant.ident.to_string());
                        let payload = match &variant.fields {
                            Fields::Unit => String::new(),
                            fields => text(fields),
                        };
                        self.add(variant_path, payload, non_exhaustive);
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
                Item::Impl(item) => self.impl_block(at, item),
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

    fn impl_block(&mut self, at: &str, item: &syn::ItemImpl) {
        let target = text(&item.self_ty);
        match &item.trait_ {
            Some((trait_path, _)) => {
                // The same name as that of a derived implementation, so that one can replace the other.
                let name = trait_path.segments.last().map(trait_name).unwrap_or_default();
                let is_foreign = matches!(&*item.self_ty, syn::Type::Path(path) if path.path.leading_colon.is_some());
                let target = if is_foreign { target } else { join(at, &target) };
                let only_lifetimes =
                    item.generics.type_params().next().is_none() && item.generics.where_clause.is_none();
                let bounds = if only_lifetimes {
                    String::new()
                } else {
                    generics(&item.generics)
                };
                for inner in &item.items {
                    // The response type of an operation. Other associated types follow from their traits.
                    if let ImplItem::Type(associated) = inner
                        && name == "Operation"
                    {
                        self.add(join(&target, &associated.ident.to_string()), text(&associated.ty), true);
                    }
                }
                self.add(format!("impl {name} for {target}"), bounds, true);
            }
            None => {
                let parent = join(at, &parent(&item.self_ty));
                for inner in &item.items {
                    match inner {
                        ImplItem::Fn(method) if is_public(&method.vis) => {
                            self.method(join(&parent, &method.sig.ident.to_string()), &method.sig);
                        }
                        ImplItem::Const(constant) if is_public(&constant.vis) => {
                            self.add(join(&parent, &constant.ident.to_string()), text(&constant.ty), true);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Adds the derived traits of a type, which callers can rely on like any other implementation.
    fn derives(&mut self, path: &str, attributes: &[Attribute]) {
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

/// Returns the type that methods belong to, without generic arguments except for the operation of a request.
fn parent(ty: &syn::Type) -> String {
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
