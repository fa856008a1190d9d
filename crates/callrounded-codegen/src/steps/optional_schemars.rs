//! Derives `schemars::JsonSchema` for every type that is sent or received as JSON.

use callrounded_document::Document;
use syn::{File, Item, parse_quote};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    for item in find::module(source, &["types"])? {
        let attrs = match item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            _ => continue,
        };
        if find::derives(attrs, "Serialize") {
            attrs.push(parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]));
        }
    }
    Ok(())
}
