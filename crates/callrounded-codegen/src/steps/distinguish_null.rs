//! Distinguishes null from absent values in requests. A nullable property that is not required has three states:
//! absent, null, a value. typify's `Option` has two, and writes null as absent. In requests, where the difference may
//! matter, the type becomes `Option<Option<T>>`: `None` is absent, `Some(None)` is null. Responses keep the simple
//! `Option`, as both mean that there is no value.

use std::collections::HashSet;

use callrounded_document::{Document, pointer};
use serde_json::Value;
use syn::{
    Fields, File, FnArg, GenericArgument, ImplItem, Item, PathArguments, Type, TypeParamBound, WherePredicate,
    parse_quote,
};

use super::find;
use callrounded_document::traverse::{self, Direction};

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let schemas_of = |direction| traverse::component_schemas_of(document, direction).into_iter();
    let requests: HashSet<String> = schemas_of(Direction::Request).collect();
    let responses: HashSet<String> = schemas_of(Direction::Response).collect();
    let schemas = find::Schemas::of(document);
    let mut changed: HashSet<(String, String)> = HashSet::new();
    let types = find::module(source, &["types"])?;
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        let Some(schema) = schemas.get(&item.ident) else {
            continue;
        };
        if !requests.contains(schema) || responses.contains(schema) {
            continue;
        }
        for field in &mut item.fields {
            if !has_three_states(document, schema, field) {
                continue;
            }
            let old = &field.ty;
            field.ty = parse_quote!(::std::option::Option<#old>);
            field
                .attrs
                .push(parse_quote!(#[serde(default, deserialize_with = "distinguish_null")]));
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            changed.insert((item.ident.to_string(), name));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    types.push(parse_quote! {
        /// Decodes null as `Some(None)`. It is not called for an absent value.
        fn distinguish_null<'de, T, D>(deserializer: D) -> ::std::result::Result<::std::option::Option<T>, D::Error>
        where
            T: ::serde::Deserialize<'de>,
            D: ::serde::Deserializer<'de>,
        {
            T::deserialize(deserializer).map(::std::option::Option::Some)
        }
    });
    change_builders(find::module(source, &["types", "builder"])?, &changed)
}

/// Checks whether a property is nullable, not required, and has no default, which an absent value would mean.
fn has_three_states(document: &Document, schema: &str, field: &syn::Field) -> bool {
    let Some(property) = find::property_of(document, schema, field) else {
        return false;
    };
    let required = document
        .get(&pointer::join(schema, "required"))
        .and_then(Value::as_array);
    let name = pointer::last(&property);
    let is_required = required.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(&name)));
    let nullable = document.get(&pointer::join(&property, "nullable")) == Some(&Value::Bool(true))
        || is_nullable_reference(document, &property);
    nullable && !is_required && document.get(&pointer::join(&property, "default")).is_none()
}

/// Checks for `oneOf: [{$ref: …}, {enum: [null]}]`, the form of a nullable reference.
fn is_nullable_reference(document: &Document, property: &str) -> bool {
    let choices = document
        .get(&pointer::join(property, "oneOf"))
        .and_then(Value::as_array);
    choices.is_some_and(|choices| {
        choices
            .iter()
            .any(|choice| choice.get("enum") == Some(&serde_json::json!([null])))
    })
}

/// Changes the types in the builders: those of the fields, and the bounds of the setters.
fn change_builders(builders: &mut [Item], changed: &HashSet<(String, String)>) -> Result<(), String> {
    let mut remaining = changed.len() * 2;
    for item in builders {
        match item {
            Item::Struct(item) => {
                let Fields::Named(fields) = &mut item.fields else {
                    continue;
                };
                for field in &mut fields.named {
                    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    if changed.contains(&(item.ident.to_string(), name)) {
                        remaining -= wrap_first_argument(&mut field.ty);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Some(owner) = find::implemented(item).map(ToString::to_string) else {
                    continue;
                };
                for member in &mut item.items {
                    let ImplItem::Fn(setter) = member else { continue };
                    let is_setter = matches!(setter.sig.inputs.first(), Some(FnArg::Receiver(_)));
                    if is_setter && changed.contains(&(owner.clone(), setter.sig.ident.to_string())) {
                        remaining -= wrap_bound(setter.sig.generics.where_clause.as_mut());
                    }
                }
            }
            _ => {}
        }
    }
    if remaining == 0 {
        Ok(())
    } else {
        Err(format!("{remaining} types in the builders were not found"))
    }
}

/// Changes `Result<Option<T>, E>` to `Result<Option<Option<T>>, E>`. Returns the number of changes.
fn wrap_first_argument(ty: &mut Type) -> usize {
    let Type::Path(path) = ty else { return 0 };
    let Some(segment) = path.path.segments.last_mut() else {
        return 0;
    };
    let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
        return 0;
    };
    match arguments.args.first_mut() {
        Some(GenericArgument::Type(inner)) => {
            *inner = parse_quote!(::std::option::Option<#inner>);
            1
        }
        _ => 0,
    }
}

/// Changes `T: TryInto<Option<U>>` to `T: TryInto<Option<Option<U>>>`. Returns the number of changes.
fn wrap_bound(clause: Option<&mut syn::WhereClause>) -> usize {
    for predicate in clause.into_iter().flat_map(|clause| &mut clause.predicates) {
        let WherePredicate::Type(predicate) = predicate else {
            continue;
        };
        for bound in &mut predicate.bounds {
            let TypeParamBound::Trait(bound) = bound else { continue };
            let Some(segment) = bound.path.segments.last_mut() else {
                continue;
            };
            if segment.ident != "TryInto" {
                continue;
            }
            let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
                continue;
            };
            if let Some(GenericArgument::Type(inner)) = arguments.args.first_mut() {
                *inner = parse_quote!(::std::option::Option<#inner>);
                return 1;
            }
        }
    }
    0
}
