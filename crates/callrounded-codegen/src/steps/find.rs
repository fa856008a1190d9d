//! Finding one's way in the source that progenitor writes.

use std::collections::HashMap;

use callrounded_document::{Document, pointer};
use heck::ToPascalCase;
use syn::{Attribute, Block, File, Ident, ImplItem, Item, ItemImpl, ItemMod};

/// The items of the module at `path`, such as `["types", "builder"]`.
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
            .ok_or_else(|| format!("there is no module `{}`", path.join("::")))?;
    }
    Ok(items)
}

/// Changes the functions of the builders of operations, with one change for each operation; `change` gives how many it made, which
/// `what` names.
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
        Err(format!("{changed} {what}, not one for each of {expected} operations"))
    }
}

/// The name of the type that an inherent or trait implementation is for.
pub(crate) fn implemented(item: &ItemImpl) -> Option<&Ident> {
    match &*item.self_ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The name of a type, or of what a `Box` holds.
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
            // The first that makes a name has it.
            for name in [name.to_owned(), name.to_pascal_case()] {
                pointers.entry(name).or_insert_with(|| pointer.clone());
            }
        }
        Self(pointers)
    }

    /// The pointer to the schema that a type was generated from.
    pub(crate) fn get(&self, ident: &Ident) -> Option<&str> {
        self.0.get(&ident.to_string()).map(String::as_str)
    }
}

/// The JSON name of a field: what serde is told to call it, or else its own name.
pub(crate) fn json_name(field: &syn::Field) -> String {
    renamed(&field.attrs).unwrap_or_else(|| field.ident.as_ref().map(ToString::to_string).unwrap_or_default())
}

/// What serde is told to call a field or variant.
pub(crate) fn renamed(attrs: &[Attribute]) -> Option<String> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .find_map(|attr| {
            let mut name = None;
            // Arguments other than `rename` are passed over, whatever their form.
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

/// The pointer to the property of `schema` that a field was made from.
pub(crate) fn property_of(document: &Document, schema: &str, field: &syn::Field) -> Option<String> {
    let property = pointer::join(&pointer::join(schema, "properties"), &json_name(field));
    document.get(&property).is_some().then_some(property)
}

/// Takes `derived` out of the derives of an item; whether it was there.
pub(crate) fn remove_derive(attrs: &mut [Attribute], derived: &str) -> bool {
    let mut removed = false;
    for attr in attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        let parse = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        let Ok(paths) = attr.parse_args_with(parse) else {
            continue;
        };
        let is_it = |path: &syn::Path| path.segments.last().is_some_and(|segment| segment.ident == derived);
        if paths.iter().any(is_it) {
            let kept = paths.iter().filter(|path| !is_it(path));
            *attr = syn::parse_quote!(#[derive(#(#kept),*)]);
            removed = true;
        }
    }
    removed
}

/// Whether an item derives `derived`.
pub(crate) fn derives(attrs: &[Attribute], derived: &str) -> bool {
    remove_derive(&mut attrs.to_vec(), derived)
}

/// The value that serde gives an absent field, as an expression outside of the module `types`.
pub(crate) fn serde_default(attrs: &[Attribute]) -> Option<syn::Expr> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .find_map(|attr| {
            let mut default = None;
            // Arguments other than `default` are ignored, whatever their form.
            let _ = attr.parse_nested_meta(|meta| {
                let is_it = meta.path.is_ident("default");
                match meta.value() {
                    Ok(value) => {
                        let value: syn::LitStr = value.parse()?;
                        if is_it {
                            let function = value.parse::<syn::Path>()?;
                            default = Some(syn::parse_quote!(super::types::#function()));
                        }
                    }
                    Err(_) if is_it => default = Some(syn::parse_quote!(::std::default::Default::default())),
                    Err(_) => {}
                }
                Ok(())
            });
            default
        })
}

pub(crate) fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}
