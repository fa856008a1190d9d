//! Which schema of a union a value is of. Typify knows no discriminators and tries one schema after the other, by serde's
//! untagged enumerations, which say nothing of why none fits. So a discriminator chooses the variant, a value of it that the
//! document does not list is kept as JSON, and an error has the path of what did not decode.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use callrounded_document::{Document, pointer, walk};
use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use syn::{Fields, File, Item, ItemEnum, parse_quote};

use super::find;

pub(super) const LISTS: [&str; 2] = ["oneOf", "anyOf"];

/// A union of objects that a property distinguishes.
pub(super) struct Discriminated {
    /// The schema that has the union.
    holder: String,
    /// The pointers to the branches, without one for null: what their references name first.
    branches: Vec<String>,
    property: String,
    /// Which value chooses which branch.
    values: BTreeMap<String, usize>,
}

/// The unions of a document: each with the pointer to the schema that has it, and to its list of branches.
pub(super) fn unions(document: &Document) -> Vec<(String, String)> {
    let schemas = walk::nodes(document).into_iter();
    let schemas = schemas.filter(|node| node.kind == walk::Kind::Schema);
    let lists = schemas.flat_map(|node| LISTS.map(|list| (node.pointer.clone(), pointer::join(&node.pointer, list))));
    lists
        .filter(|(_, list)| document.get(list).is_some_and(Value::is_array))
        .collect()
}

/// How the union with this list is distinguished, if it is: by the discriminator that the document names, or else by a
/// property that each branch requires and for which no two list the same value.
pub(super) fn discriminated(document: &Document, holder: &str, list: &str) -> Option<Discriminated> {
    let count = document.get(list).and_then(Value::as_array)?.len();
    let branches = (0..count).map(|index| pointer::join(list, &index.to_string()));
    let branches = branches.filter(|branch| !is_only_null(document, branch));
    let branches: Vec<String> = branches.map(|branch| first_named(document, &branch)).collect();
    let resolved: Vec<String> = branches
        .iter()
        .map(|branch| document.resolve(branch))
        .collect::<Option<_>>()?;
    let distinct: HashSet<&String> = resolved.iter().collect();
    // Typify merges what stands beside the branches into each of them.
    const BESIDE: [&str; 5] = ["properties", "required", "additionalProperties", "allOf", "not"];
    let has = |keyword: &&&str| document.get(&pointer::join(holder, keyword)).is_some();
    let is_merged = BESIDE.iter().any(|keyword| has(&keyword)) || LISTS.iter().filter(has).count() > 1;
    if branches.len() < 2 || distinct.len() < branches.len() || is_merged {
        return None;
    }
    let named = document.text(&pointer::join(&pointer::join(holder, "discriminator"), "propertyName"));
    match named {
        Some(property) => Some(Discriminated {
            holder: holder.to_owned(),
            values: named_values(document, holder, property, &branches, &resolved),
            property: property.to_owned(),
            branches,
        }),
        None => {
            let (property, values) = distinguishing(document, &resolved)?;
            Some(Discriminated {
                holder: holder.to_owned(),
                branches,
                property,
                values,
            })
        }
    }
}

/// What the reference at `at` names, which may be a reference again; or itself.
fn first_named(document: &Document, at: &str) -> String {
    let reference = document.text(&pointer::join(at, "$ref"));
    reference
        .and_then(pointer::of_reference)
        .unwrap_or_else(|| at.to_owned())
}

/// The mapping first; a branch that it does not name is chosen by the values that it lists for the property, or else by its
/// name.
fn named_values(
    document: &Document,
    holder: &str,
    property: &str,
    branches: &[String],
    resolved: &[String],
) -> BTreeMap<String, usize> {
    let mut values = BTreeMap::new();
    let mapping = pointer::join(&pointer::join(holder, "discriminator"), "mapping");
    for (value, at) in document.members(&mapping) {
        let named = document.text(&at).unwrap_or_default();
        let named = pointer::of_reference(named).unwrap_or_else(|| pointer::join("/components/schemas", named));
        let meant = document.resolve(&named);
        if let Some(index) = resolved.iter().position(|branch| Some(branch) == meant.as_ref()) {
            values.insert(value.to_owned(), index);
        }
    }
    for (index, (branch, resolved)) in branches.iter().zip(resolved).enumerate() {
        if values.values().any(|mapped| *mapped == index) {
            continue;
        }
        let mut own = listed(document, resolved, property);
        if own.is_empty() {
            own.push(pointer::last(branch));
        }
        for value in own {
            values.entry(value).or_insert(index);
        }
    }
    values
}

fn distinguishing(document: &Document, branches: &[String]) -> Option<(String, BTreeMap<String, usize>)> {
    let required = document
        .get(&pointer::join(branches.first()?, "required"))?
        .as_array()?;
    required.iter().filter_map(Value::as_str).find_map(|property| {
        let mut values = BTreeMap::new();
        for (index, branch) in branches.iter().enumerate() {
            let required = document.get(&pointer::join(branch, "required"))?.as_array()?;
            let own = listed(document, branch, property);
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

/// The values that a schema lists for a property, if all are strings.
pub(super) fn listed(document: &Document, schema: &str, property: &str) -> Vec<String> {
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

fn is_only_null(document: &Document, schema: &str) -> bool {
    document.get(&pointer::join(schema, "enum")) == Some(&json!([null]))
}

/// The document with each branch of a discriminated union among its components. Typify makes a closed variant of a branch
/// that stands in its union, and a type of one that has a name.
pub(crate) fn with_named_branches(document: &Document) -> Option<Value> {
    let mut value = None;
    let mut taken: BTreeSet<String> = document
        .members("/components/schemas")
        .map(|(name, _)| name.to_pascal_case())
        .collect();
    // From the inside, so that what is moved has been done.
    for (holder, list) in unions(document).into_iter().rev() {
        let Some(union) = discriminated(document, &holder, &list) else {
            continue;
        };
        let Some(base) = name_of(document, &holder) else {
            continue;
        };
        for (index, branch) in union.branches.iter().enumerate() {
            if !branch.starts_with(&format!("{list}/")) {
                continue;
            }
            let chosen = union.values.iter().find(|(_, chosen)| **chosen == index);
            let wanted = format!("{base} {}", chosen.map_or("variant", |(value, _)| value)).to_pascal_case();
            let numbers = (2..).map(|number| format!("{wanted}{number}"));
            let Some(name) = std::iter::once(wanted.clone())
                .chain(numbers)
                .find(|name| !taken.contains(name))
            else {
                continue;
            };
            let value: &mut Value = value.get_or_insert_with(|| document.value().clone());
            let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
            let Some(moved) = value
                .pointer_mut(branch)
                .map(|branch| std::mem::replace(branch, reference))
            else {
                continue;
            };
            let schemas = value
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
    value
}

/// What typify would call the schema at a pointer: by the component, or else by the operation, and the properties on the way.
fn name_of(document: &Document, at: &str) -> Option<String> {
    let operation = document.operations().into_iter().find(|operation| {
        at.strip_prefix(&operation.pointer)
            .is_some_and(|rest| rest.starts_with('/'))
    });
    let (mut name, rest) = match (at.strip_prefix("/components/schemas/"), operation) {
        (Some(rest), _) => (String::new(), rest.to_owned()),
        (None, Some(operation)) => {
            let rest = at.get(operation.pointer.len()..)?.to_owned();
            let side = if rest.starts_with("/requestBody") {
                "Request"
            } else {
                "Response"
            };
            let (_, rest) = rest.split_once("/schema").unwrap_or_default();
            (format!("{} {side}", operation.id?), rest.to_owned())
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
        let is_known = |fields: &Fields| inner(fields).is_some() || is_null(fields);
        if !is_untagged(item) || !item.variants.iter().all(|variant| is_known(&variant.fields)) {
            continue;
        }
        let held = item.variants.iter().filter_map(|variant| inner(&variant.fields));
        let branches: Option<Vec<&str>> = held.map(|ty| schemas.get(find::innermost(ty)?)).collect();
        let fitting = known
            .iter()
            .filter(|union| branches.as_ref().is_some_and(|branches| union.branches == *branches));
        let fitting: Vec<&Discriminated> = fitting.collect();
        // Of several with the same branches, the one that is called so.
        let called = |union: &&&Discriminated| name_of(document, &union.holder).is_some_and(|name| item.ident == name);
        let union = fitting.iter().find(called).or(fitting.first()).copied();
        find::remove_derive(&mut item.attrs, "Deserialize");
        added.push(match union {
            Some(union) => by_tag(item, union),
            None => first_match(item),
        });
    }
    types.extend(added);
    Ok(())
}

fn is_untagged(item: &ItemEnum) -> bool {
    let serde = item.attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    let is_untagged = serde.filter_map(|attr| attr.parse_args::<syn::Ident>().ok());
    is_untagged.into_iter().any(|word| word == "untagged")
}

/// Whether a variant is that for null, which has no fields.
fn is_null(fields: &Fields) -> bool {
    matches!(fields, Fields::Unit)
}

/// The type of a variant that holds one value.
fn inner(fields: &Fields) -> Option<&syn::Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
        _ => None,
    }
}

fn by_tag(item: &mut ItemEnum, union: &Discriminated) -> Item {
    let name = &item.ident;
    let other = match item.variants.iter().any(|variant| variant.ident == "Other") {
        true => format_ident!("Unlisted"),
        false => format_ident!("Other"),
    };
    let held = item.variants.iter().filter(|variant| !is_null(&variant.fields));
    let arms = held.enumerate().filter_map(|(index, variant)| {
        let values: Vec<&String> = union
            .values
            .iter()
            .filter(|(_, chosen)| **chosen == index)
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
    let about = format!("A `{property}` that the document does not know: the value as it came.");
    item.variants
        .push(parse_quote!(#[doc = #about] #other(::serde_json::Value)));
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    read
}

/// What a null is read as: the variant for that, where there is one.
fn null(item: &ItemEnum) -> TokenStream {
    match item.variants.iter().find(|variant| is_null(&variant.fields)) {
        Some(syn::Variant { ident, .. }) => quote!(::std::option::Option::Some(Self::#ident)),
        None => quote!(::std::option::Option::None),
    }
}

fn first_match(item: &ItemEnum) -> Item {
    let name = &item.ident;
    let null = null(item);
    let held = item.variants.iter().filter(|variant| !is_null(&variant.fields));
    let branches = held.map(|variant| {
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
