//! Selects the variant of a union when it is decoded. typify does not support discriminators. It uses serde's untagged
//! enumerations, which try one schema after the other and do not report why none matches. With this step, the
//! discriminator selects the variant, an unlisted value of it is kept as JSON, and an error has the path of what did
//! not decode.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use callrounded_document::{Document, pointer, traverse};
use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use syn::{Fields, File, Item, ItemEnum, parse_quote};

use super::find;

pub(super) const LISTS: [&str; 2] = ["oneOf", "anyOf"];

/// A union of objects that a property distinguishes.
pub(super) struct Discriminated {
    /// The pointer to the schema that has the union.
    holder: String,
    /// The pointers to the branches, except one for null. A branch that is a reference is replaced by its direct
    /// target.
    branches: Vec<String>,
    property: String,
    /// The index of the branch that each value selects.
    values: BTreeMap<String, usize>,
}

/// Returns the unions of a document: for each the pointer to the schema that has it, and to its list of branches.
pub(super) fn unions(document: &Document) -> Vec<(String, String)> {
    let schemas = traverse::nodes(document).into_iter();
    let schemas = schemas.filter(|node| node.kind == traverse::Kind::Schema);
    let lists = schemas.flat_map(|node| LISTS.map(|list| (node.pointer.clone(), pointer::join(&node.pointer, list))));
    lists
        .filter(|(_, list)| document.get(list).is_some_and(Value::is_array))
        .collect()
}

/// Returns the union with this list of branches if a property distinguishes them: that of the discriminator, or else
/// one that each branch requires and for which no two branches list the same value.
pub(super) fn discriminated(document: &Document, holder: &str, list: &str) -> Option<Discriminated> {
    let branches = document.items(list);
    let branches = branches.filter(|branch| !is_only_null(document, branch));
    let branches: Vec<String> = branches.map(|branch| reference_target(document, &branch)).collect();
    let resolved: Vec<String> = branches
        .iter()
        .map(|branch| document.resolve(branch))
        .collect::<Option<_>>()?;
    let distinct: HashSet<&String> = resolved.iter().collect();
    // typify merges these keywords into each branch.
    const MERGED: [&str; 5] = ["properties", "required", "additionalProperties", "allOf", "not"];
    let has = |keyword: &&&str| document.get(&pointer::join(holder, keyword)).is_some();
    let is_merged = MERGED.iter().any(|keyword| has(&keyword)) || LISTS.iter().filter(has).count() > 1;
    if branches.len() < 2 || distinct.len() < branches.len() || is_merged {
        return None;
    }
    let named = document.get_str(&pointer::join(&pointer::join(holder, "discriminator"), "propertyName"));
    match named {
        Some(property) => Some(Discriminated {
            holder: holder.to_owned(),
            values: discriminator_values(document, holder, property, &branches, &resolved),
            property: property.to_owned(),
            branches,
        }),
        None => {
            let (property, values) = distinguishing_property(document, &resolved)?;
            Some(Discriminated {
                holder: holder.to_owned(),
                branches,
                property,
                values,
            })
        }
    }
}

/// Returns the direct target of the reference at `at`, which may be another reference. Returns `at` if it is not a
/// reference.
fn reference_target(document: &Document, at: &str) -> String {
    let reference = document.get_str(&pointer::join(at, "$ref"));
    reference
        .and_then(pointer::of_reference)
        .unwrap_or_else(|| at.to_owned())
}

/// Returns the values of a discriminator: those of its mapping. A branch that the mapping does not name has the values
/// that it lists for the property, or else its name.
fn discriminator_values(
    document: &Document,
    holder: &str,
    property: &str,
    branches: &[String],
    resolved: &[String],
) -> BTreeMap<String, usize> {
    let mut values = BTreeMap::new();
    let mapping = pointer::join(&pointer::join(holder, "discriminator"), "mapping");
    for (value, at) in document.members(&mapping) {
        let named = document.get_str(&at).unwrap_or_default();
        let named = pointer::of_reference(named).unwrap_or_else(|| pointer::join("/components/schemas", named));
        let target = document.resolve(&named);
        if let Some(index) = resolved.iter().position(|branch| Some(branch) == target.as_ref()) {
            values.insert(value.to_owned(), index);
        }
    }
    for (index, (branch, resolved)) in branches.iter().zip(resolved).enumerate() {
        if values.values().any(|mapped| *mapped == index) {
            continue;
        }
        let mut own = listed_values(document, resolved, property);
        if own.is_empty() {
            own.push(pointer::last(branch));
        }
        for value in own {
            values.entry(value).or_insert(index);
        }
    }
    values
}

/// Returns a property that each branch requires and for which no two branches list the same value, with the values.
fn distinguishing_property(document: &Document, branches: &[String]) -> Option<(String, BTreeMap<String, usize>)> {
    let required = document
        .get(&pointer::join(branches.first()?, "required"))?
        .as_array()?;
    required.iter().filter_map(Value::as_str).find_map(|property| {
        let mut values = BTreeMap::new();
        for (index, branch) in branches.iter().enumerate() {
            let required = document.get(&pointer::join(branch, "required"))?.as_array()?;
            let own = listed_values(document, branch, property);
            if own.is_empty() || !required.iter().any(|name| name.as_str() == Some(property)) {
                return None;
            }
            for value in own {
                if values.insert(value, index).is_some() {
                    return None;
                }
            }
        }
        Some((property.to_owned(), values))
    })
}

/// Returns the values that a schema lists for a property, if all are strings.
pub(super) fn listed_values(document: &Document, schema: &str, property: &str) -> Vec<String> {
    let property = pointer::join(&pointer::join(schema, "properties"), property);
    let values = document
        .resolve(&property)
        .and_then(|at| document.get(&pointer::join(&at, "enum")))
        .and_then(Value::as_array);
    let values = values.map(|values| values.iter().map(|value| value.as_str().map(str::to_owned)).collect());
    values
        .and_then(|values: Option<Vec<String>>| values)
        .unwrap_or_default()
}

/// Checks for `{enum: [null]}`, the schema of null.
fn is_only_null(document: &Document, schema: &str) -> bool {
    document.get(&pointer::join(schema, "enum")) == Some(&json!([null]))
}

/// Returns the document with the inline branches of discriminated unions moved to its components, or `None` if there
/// are none. typify generates a type for a branch with a name, and a closed variant for an inline branch.
pub(crate) fn with_named_branches(document: &Document) -> Option<Value> {
    let mut copy = None;
    let mut taken: BTreeSet<String> = document
        .members("/components/schemas")
        .map(|(name, _)| name.to_pascal_case())
        .collect();
    // Inner unions first, so that the branches of a schema are moved before the schema is.
    for (holder, list) in unions(document).into_iter().rev() {
        let Some(union) = discriminated(document, &holder, &list) else {
            continue;
        };
        let Some(base) = typify_name(document, &holder) else {
            continue;
        };
        for (index, branch) in union.branches.iter().enumerate() {
            if !branch.starts_with(&format!("{list}/")) {
                continue;
            }
            let value = union.values.iter().find(|(_, branch)| **branch == index);
            let preferred = format!("{base} {}", value.map_or("variant", |(value, _)| value)).to_pascal_case();
            let numbered = (2..).map(|number| format!("{preferred}{number}"));
            let Some(name) = std::iter::once(preferred.clone())
                .chain(numbered)
                .find(|name| !taken.contains(name))
            else {
                continue;
            };
            let copy: &mut Value = copy.get_or_insert_with(|| document.value().clone());
            let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
            let Some(moved) = copy
                .pointer_mut(branch)
                .map(|branch| std::mem::replace(branch, reference))
            else {
                continue;
            };
            let schemas = copy
                .as_object_mut()
                .map(|document| document.entry("components").or_insert_with(|| json!({})))
                .and_then(Value::as_object_mut)
                .map(|components| components.entry("schemas").or_insert_with(|| Value::Object(Map::new())))
                .and_then(Value::as_object_mut);
            if let Some(schemas) = schemas {
                schemas.insert(name.clone(), moved);
                taken.insert(name);
            }
        }
    }
    copy
}

/// Returns the name that typify gives to the schema at a pointer: that of the component or operation, then the
/// properties up to it.
fn typify_name(document: &Document, at: &str) -> Option<String> {
    let operation = document.operations().into_iter().find(|operation| {
        at.strip_prefix(&operation.pointer)
            .is_some_and(|rest| rest.starts_with('/'))
    });
    let (mut name, rest) = match (at.strip_prefix("/components/schemas/"), operation) {
        (Some(rest), _) => (String::new(), rest.to_owned()),
        (None, Some(operation)) => {
            let rest = at.get(operation.pointer.len()..)?.to_owned();
            let direction = if rest.starts_with("/requestBody") {
                "Request"
            } else {
                "Response"
            };
            let (_, rest) = rest.split_once("/schema").unwrap_or_default();
            (format!("{} {direction}", operation.id?), rest.to_owned())
        }
        (None, None) => return None,
    };
    for token in pointer::tokens(&format!("/{}", rest.trim_start_matches('/'))) {
        match token.as_str() {
            "properties" | "allOf" | "anyOf" | "oneOf" | "" => {}
            "items" => name.push_str(" Item"),
            "additionalProperties" => name.push_str(" Value"),
            other => name.push_str(&format!(" {other}")),
        }
    }
    Some(name.to_pascal_case())
}

/// Replaces the derived decoding of unions.
pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let schemas = find::Schemas::of(document);
    let known: Vec<Discriminated> = unions(document)
        .iter()
        .filter_map(|(holder, list)| discriminated(document, holder, list))
        .collect();
    let types = find::module(source, &["types"])?;
    let mut added = Vec::new();
    for item in types.iter_mut() {
        let Item::Enum(item) = item else { continue };
        let is_supported = |fields: &Fields| inner(fields).is_some() || is_null(fields);
        if !is_untagged(item) || !item.variants.iter().all(|variant| is_supported(&variant.fields)) {
            continue;
        }
        let payloads = item.variants.iter().filter_map(|variant| inner(&variant.fields));
        let branches: Option<Vec<&str>> = payloads.map(|ty| schemas.get(find::innermost(ty)?)).collect();
        let matching = known
            .iter()
            .filter(|union| branches.as_ref().is_some_and(|branches| union.branches == *branches));
        let matching: Vec<&Discriminated> = matching.collect();
        // If several unions have the same branches, the name decides.
        let has_name =
            |union: &&&Discriminated| typify_name(document, &union.holder).is_some_and(|name| item.ident == name);
        let union = matching.iter().find(has_name).or(matching.first()).copied();
        find::remove_derive(&mut item.attrs, "Deserialize");
        added.push(match union {
            Some(union) => decode_by_tag(item, union),
            None => decode_first_match(item),
        });
    }
    types.extend(added);
    Ok(())
}

/// Checks for `serde(untagged)`.
fn is_untagged(item: &ItemEnum) -> bool {
    let serde = item.attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    let mut words = serde.filter_map(|attr| attr.parse_args::<syn::Ident>().ok());
    words.any(|word| word == "untagged")
}

/// Checks whether a variant is that for null, which has no fields.
fn is_null(fields: &Fields) -> bool {
    matches!(fields, Fields::Unit)
}

/// Returns the type of the value in a variant, if it has exactly one.
fn inner(fields: &Fields) -> Option<&syn::Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
        _ => None,
    }
}

/// Adds a variant for unknown values, and returns the implementation that selects the variant by the value of the
/// property.
fn decode_by_tag(item: &mut ItemEnum, union: &Discriminated) -> Item {
    let name = &item.ident;
    let other = if item.variants.iter().any(|variant| variant.ident == "Other") {
        format_ident!("Unlisted")
    } else {
        format_ident!("Other")
    };
    let variants = item.variants.iter().filter(|variant| !is_null(&variant.fields));
    let arms = variants.enumerate().filter_map(|(index, variant)| {
        let values: Vec<&String> = union
            .values
            .iter()
            .filter(|(_, branch)| **branch == index)
            .map(|(value, _)| value)
            .collect();
        let variant = &variant.ident;
        (!values.is_empty())
            .then(|| quote!(#(#values)|* => ::std::option::Option::Some(one.read().map(Self::#variant)),))
    });
    let property = &union.property;
    let null = null(item);
    let read = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                ::callrounded_runtime::union::by_tag(
                    deserializer,
                    #property,
                    |tag, one| match tag {
                        #(#arms)*
                        _ => ::std::option::Option::None,
                    },
                    Self::#other,
                    #null,
                )
            }
        }
    };
    let about = format!("A value whose `{property}` the document does not list, as JSON.");
    item.variants
        .push(parse_quote!(#[doc = #about] #other(::serde_json::Value)));
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    read
}

/// Returns the expression for the variant for null, if there is one.
fn null(item: &ItemEnum) -> TokenStream {
    match item.variants.iter().find(|variant| is_null(&variant.fields)) {
        Some(syn::Variant { ident, .. }) => quote!(::std::option::Option::Some(Self::#ident)),
        None => quote!(::std::option::Option::None),
    }
}

/// Returns the implementation that selects the first variant that decodes.
fn decode_first_match(item: &ItemEnum) -> Item {
    let name = &item.ident;
    let null = null(item);
    let variants = item.variants.iter().filter(|variant| !is_null(&variant.fields));
    let branches = variants.map(|variant| {
        let variant = &variant.ident;
        quote!(|one| one.read().map(Self::#variant))
    });
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                ::callrounded_runtime::union::first_match(deserializer, &[#(#branches),*], #null)
            }
        }
    }
}
