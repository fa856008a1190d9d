//! Finds items, types and attributes in the source that progenitor writes.

use std::collections::HashMap;

use callrounded_document::{Document, pointer};
use heck::ToPascalCase;
use syn::{Attribute, Block, File, Ident, ImplItem, Item, ItemImpl, ItemMod};

/// Returns the items of the module at `path`, such as `["types", "builder"]`.
pub(crate) fn module<'a>(source: &'a mut File, path: &[&str]) -> Result<&'a mut Vec<Item>, String> {
    let mut items = &mut source.items;
    for name in path {
        items = items
            .iter_mut()
            .find_map(|item| match item {
                Item::Mod(ItemMod {
                    ident,
                    content: Some((_, items)),
                    ..
                }) if ident == name => Some(items),
                _ => None,
            })
            .ok_or_else(|| format!("the module `{}` does not exist", path.join("::")))?;
    }
    Ok(items)
}

/// Changes the functions of the builders of operations. `change` returns how many changes it made; one is expected for
/// each operation. `what` names the changes in the error.
pub(crate) fn change_operations(
    document: &Document,
    source: &mut File,
    what: &str,
    change: impl Fn(&mut Block) -> usize,
) -> Result<(), String> {
    let mut changed = 0;
    for item in module(source, &["builder"])? {
        let Item::Impl(item) = item else { continue };
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member {
                changed += change(&mut function.block);
            }
        }
    }
    let expected = document.operations().len();
    if changed == expected {
        Ok(())
    } else {
        Err(format!(
            "found {changed} {what}, expected {expected}: one for each operation"
        ))
    }
}

/// Returns the name of the type that an inherent or trait implementation is for.
pub(crate) fn implemented(item: &ItemImpl) -> Option<&Ident> {
    match &*item.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Returns the name of a type, or of the type in a `Box`.
pub(crate) fn innermost(ty: &syn::Type) -> Option<&Ident> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) if last.ident == "Box" => match arguments.args.first()? {
            syn::GenericArgument::Type(inner) => innermost(inner),
            _ => None,
        },
        _ => Some(&last.ident),
    }
}

/// The component schemas, by the names of the types that are generated from them.
pub(crate) struct Schemas(HashMap<String, String>);

impl Schemas {
    pub(crate) fn of(document: &Document) -> Self {
        let mut pointers = HashMap::new();
        for (name, pointer) in document.members("/components/schemas") {
            // If two schemas make the same name, it is that of the first.
            for name in [name.to_owned(), name.to_pascal_case()] {
                pointers.entry(name).or_insert_with(|| pointer.clone());
            }
        }
        Self(pointers)
    }

    /// Returns the pointer to the schema that a type was generated from.
    pub(crate) fn get(&self, ident: &Ident) -> Option<&str> {
        self.0.get(&ident.to_string()).map(String::as_str)
    }
}

/// Returns the JSON key of a field: that of `serde(rename)`, or else its own name.
pub(crate) fn json_key(field: &syn::Field) -> String {
    renamed(&field.attrs).unwrap_or_else(|| field.ident.as_ref().map(ToString::to_string).unwrap_or_default())
}

/// Returns the name in the `serde(rename)` of a field or variant.
pub(crate) fn renamed(attrs: &[Attribute]) -> Option<String> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .find_map(|attr| {
            let mut name = None;
            // Arguments other than `rename` are ignored, whatever their form.
            let _ = attr.parse_nested_meta(|meta| {
                if let Ok(value) = meta.value() {
                    let value: syn::LitStr = value.parse()?;
                    if meta.path.is_ident("rename") {
                        name = Some(value.value());
                    }
                }
                Ok(())
            });
            name
        })
}

/// Returns the pointer to the property of `schema` that a field was generated from.
pub(crate) fn property_of(document: &Document, schema: &str, field: &syn::Field) -> Option<String> {
    let property = pointer::join(&pointer::join(schema, "properties"), &json_key(field));
    document.get(&property).is_some().then_some(property)
}

/// Removes `derived` from the derives of an item. Returns whether the item derived it.
pub(crate) fn remove_derive(attrs: &mut [Attribute], derived: &str) -> bool {
    let mut removed = false;
    for attr in attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        let parse = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        let Ok(paths) = attr.parse_args_with(parse) else {
            continue;
        };
        let is_derived = |path: &syn::Path| path.segments.last().is_some_and(|segment| segment.ident == derived);
        if paths.iter().any(is_derived) {
            let kept = paths.iter().filter(|path| !is_derived(path));
            *attr = syn::parse_quote!(#[derive(#(#kept),*)]);
            removed = true;
        }
    }
    removed
}

/// Checks whether an item derives `derived`.
pub(crate) fn derives(attrs: &[Attribute], derived: &str) -> bool {
    remove_derive(&mut attrs.to_vec(), derived)
}

/// Returns the value that serde uses for an absent field, as an expression outside of the module `types`.
pub(crate) fn serde_default(attrs: &[Attribute]) -> Option<syn::Expr> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .find_map(|attr| {
            let mut default = None;
            // Arguments other than `default` are ignored, whatever their form.
            let _ = attr.parse_nested_meta(|meta| {
                let is_default = meta.path.is_ident("default");
                match meta.value() {
                    Ok(value) => {
                        let value: syn::LitStr = value.parse()?;
                        if is_default {
                            let function = value.parse::<syn::Path>()?;
                            default = Some(syn::parse_quote!(super::types::#function()));
                        }
                    }
                    Err(_) if is_default => default = Some(syn::parse_quote!(::std::default::Default::default())),
                    Err(_) => {}
                }
                Ok(())
            });
            default
        })
}

/// Checks whether a type is an `Option`.
pub(crate) fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}
