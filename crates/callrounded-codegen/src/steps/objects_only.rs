//! Decodes structs from objects only. The code that serde derives also decodes a struct from a list, field by field in
//! order. If a service sends `[]` or `["a"]` instead of an object, this is neither an object without fields nor one
//! whose first field is `a`.

use callrounded_document::Document;
use syn::{Fields, File, Item, ItemStruct, Visibility, parse_quote};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let types = find::module(source, &["types"])?;
    let mut added: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        if let Item::Struct(item) = item
            && let Fields::Named(fields) = &item.fields
            // Structs with flattened fields are decoded from objects only already.
            && !fields.named.iter().any(is_flattened)
            && find::remove_derive(&mut item.attrs, "Deserialize")
        {
            added.push(from_object(item));
        }
    }
    types.extend(added);
    Ok(())
}

fn is_flattened(field: &syn::Field) -> bool {
    let serde = field.attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    serde
        .filter_map(|attr| attr.parse_args::<syn::Ident>().ok())
        .any(|word| word == "flatten")
}

/// Returns what serde derives, with a deserializer that rejects lists.
fn from_object(item: &ItemStruct) -> Item {
    let name = &item.ident;
    let name_literal = name.to_string();
    let mut fields = item.fields.clone();
    for field in &mut fields {
        field.vis = Visibility::Inherited;
        field.attrs.retain(|attr| attr.path().is_ident("serde"));
    }
    let container = item.attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    parse_quote! {
        const _: () = {
            // No schema results in a name with an underscore.
            #[allow(non_camel_case_types)]
            #[derive(::serde::Deserialize)]
            #(#container)*
            #[serde(remote = #name_literal, expecting = "an object")]
            struct object_fields #fields
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    object_fields::deserialize(::callrounded_runtime::union::Object(deserializer))
                }
            }
        };
    }
}
