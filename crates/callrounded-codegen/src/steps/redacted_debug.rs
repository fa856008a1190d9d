//! Redacts personal data in `Debug`. A call contains transcripts, phone numbers and the URL of the
//! recording, and `Debug` output ends up in logs. So a value is shown only if the document marks it with
//! `x-personal-data: false`. A value that is not marked, or that is added later, is redacted. Values of generated types
//! redact themselves.

use std::collections::HashSet;

use callrounded_document::Document;
use quote::{format_ident, quote};
use syn::{Fields, File, Item, ItemEnum, ItemStruct, PathArguments, Type, parse_quote};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    // Builders contain the same values and need no `Debug`. A document without objects has no builders.
    if let Ok(items) = find::module(source, &["types", "builder"]) {
        for item in items {
            if let Item::Struct(item) = item {
                find::remove_derive(&mut item.attrs, "Debug");
            }
        }
    }
    let schemas = find::Schemas::of(document);
    let types = find::module(source, &["types"])?;
    let own: HashSet<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            // Other enumerations are redacted: even a listed value can be personal data, such as `diagnosis: positive`.
            Item::Enum(item) if is_public(document, &schemas, &item.ident) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut implementations: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        let implementation = match item {
            Item::Struct(item) if !is_public(document, &schemas, &item.ident) => {
                let derived = find::remove_derive(&mut item.attrs, "Debug");
                derived.then(|| for_struct(document, schemas.get(&item.ident), item, &own))
            }
            // Only unions contain data. An open enumeration is redacted by the type that contains it.
            Item::Enum(item) if find::derives(&item.attrs, "Serialize") && has_data(item) => {
                let derived = find::remove_derive(&mut item.attrs, "Debug");
                derived.then(|| for_enum(item))
            }
            _ => None,
        };
        implementations.extend(implementation);
    }
    if !implementations.is_empty() {
        implementations.push(parse_quote! {
            /// The placeholder that `Debug` shows for personal data. No schema results in a name with an underscore.
            #[allow(non_camel_case_types)]
            struct redacted_value;
        });
        implementations.push(parse_quote! {
            impl ::std::fmt::Debug for redacted_value {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str("<redacted>")
                }
            }
        });
    }
    types.extend(implementations);
    Ok(())
}

fn has_data(item: &ItemEnum) -> bool {
    item.variants.iter().any(|variant| !variant.fields.is_empty())
}

/// Checks whether the schema as a whole is marked with `x-personal-data: false`.
fn is_public(document: &Document, schemas: &find::Schemas, ident: &syn::Ident) -> bool {
    schemas.get(ident).is_some_and(|schema| document.may_be_shown(schema))
}

/// Returns the implementation of `Debug` for a struct.
fn for_struct(document: &Document, schema: Option<&str>, item: &ItemStruct, own: &HashSet<String>) -> Item {
    let name = &item.ident;
    let name_literal = name.to_string();
    let body = match &item.fields {
        Fields::Named(fields) => {
            let shown = fields.named.iter().map(|field| {
                let ident = &field.ident;
                let label = find::json_key(field);
                let property = schema.and_then(|schema| find::property_of(document, schema, field));
                if redacts_itself(&field.ty, own) || property.is_some_and(|property| document.may_be_shown(&property)) {
                    quote!(.field(#label, &self.#ident))
                } else if find::is_option(&field.ty) {
                    // Whether there is a value is not redacted.
                    quote!(.field(#label, &self.#ident.as_ref().map(|_| redacted_value)))
                } else {
                    quote!(.field(#label, &redacted_value))
                }
            });
            quote!(f.debug_struct(#name_literal) #(#shown)* .finish())
        }
        Fields::Unnamed(_) => quote!(f.debug_tuple(#name_literal).field(&redacted_value).finish()),
        Fields::Unit => quote!(f.write_str(#name_literal)),
    };
    debug_for(name, &body)
}

/// Returns the implementation of `Debug` for a union.
fn for_enum(item: &ItemEnum) -> Item {
    let arms = item.variants.iter().map(|variant| {
        let ident = &variant.ident;
        let name_literal = variant.ident.to_string();
        match &variant.fields {
            Fields::Unit => quote!(Self::#ident => f.write_str(#name_literal)),
            _ => quote!(Self::#ident { .. } => f.debug_tuple(#name_literal).field(&redacted_value).finish()),
        }
    });
    let body = quote!(match self { #(#arms),* });
    debug_for(&format_ident!("{}", item.ident), &body)
}

fn debug_for(name: &syn::Ident, body: &impl quote::ToTokens) -> Item {
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}

/// Checks whether a type is a generated one, or an option, list or box of one.
fn redacts_itself(ty: &Type, own: &HashSet<String>) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match (&last.arguments, last.ident.to_string().as_str()) {
        (PathArguments::None, name) => path.path.segments.len() == 1 && own.contains(name),
        (PathArguments::AngleBracketed(arguments), "Option" | "Vec" | "Box") => arguments
            .args
            .iter()
            .all(|argument| matches!(argument, syn::GenericArgument::Type(inner) if redacts_itself(inner, own))),
        _ => false,
    }
}
