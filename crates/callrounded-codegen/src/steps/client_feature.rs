//! Puts everything but the types and the facts of the document behind the feature `client`. Programs that only read and
//! write payloads need neither a client nor its dependencies.

use callrounded_document::Document;
use syn::{Attribute, File, Item, parse_quote};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    find::module(source, &["types"])?;
    let needs_client = |item: &Item| match item {
        Item::Mod(item) => item.ident != "types",
        // An unnamed constant contains progenitor's assertions about the client.
        Item::Const(item) => item.ident == "_",
        Item::Macro(_) => false,
        // What the document states about the operations.
        Item::Static(item) => item.ident != "OPERATIONS",
        Item::Fn(item) => item.sig.ident != "operation",
        _ => true,
    };
    for item in source.items.iter_mut().filter(|item| needs_client(item)) {
        let attrs: &mut Vec<Attribute> = match item {
            Item::Const(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            Item::Fn(item) => &mut item.attrs,
            Item::Impl(item) => &mut item.attrs,
            Item::Mod(item) => &mut item.attrs,
            Item::Struct(item) => &mut item.attrs,
            Item::Trait(item) => &mut item.attrs,
            Item::Type(item) => &mut item.attrs,
            Item::Use(item) => &mut item.attrs,
            _ => return Err("found an item of an unknown kind".to_owned()),
        };
        attrs.push(parse_quote!(#[cfg(feature = "client")]));
    }
    Ok(())
}
