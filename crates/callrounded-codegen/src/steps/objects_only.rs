//! serde's derived code reads a struct from a list too, field by field in their order. A service that sends `[]` or
//! `["a"]` where an object belongs has not sent an object without fields, nor one whose first field is `a`.

use callrounded_document::Document;
use syn::{Fields, File, Item, ItemStruct, Visibility, parse_quote};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let types = find::module(source, &["types"])?;
    let mut added: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        if let Item::Struct(item) = item
            && let Fields::Named(fields) = &item.fields
            // Those are read from objects only.
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

/// What serde derives, behind a deserializer that gives no list for a struct.
fn from_object(item: &ItemStruct) -> Item {
    let name = &item.ident;
    let text = name.to_string();
    let mut fields = item.fields.clone();
    for field in &mut fields {
        field.vis = Visibility::Inherited;
        field.attrs.retain(|attr| attr.path().is_ident("serde"));
    }
    let container = item.attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    parse_quote! {
        const _: () = {
            // No schema makes a name with an underscore in it.
            #[allow(non_camel_case_types)]
            #[derive(::serde::Deserialize)]
            #(#container)*
            #[serde(remote = #text, expecting = "an object")]
            struct object_fields #fields
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    object_fields::deserialize(::callrounded_runtime::union::Object(deserializer))
                }
            }
        };
    }
}
