//! The operations of a document, as the types that one generic request sends.
//!
//! progenitor writes a builder for each operation. It borrows its client, and its setters accept anything convertible
//! and report a failed conversion without the reason. `model` and `body` read those builders and the document. The
//! builders are replaced by a type for each operation (`types`), a group of methods for each tag and the methods of
//! requests (`resources`), and what the document states about each operation (`info`). The code that builds a request
//! (path, query, headers, body) remains progenitor's.

mod arguments;
pub(crate) mod body;
mod info;
pub(crate) mod model;
pub(crate) mod names;
mod request;
mod request_methods;
mod resources;
mod types;

use callrounded_document::Document;
use syn::{File, Item, parse_quote};

use crate::steps::find;

pub(crate) use model::Model;

/// The client and its requests, which are the same for every document.
const CLIENT: &str = include_str!("../templates/client.rs");
/// The type of strings with the format `e164`.
const PHONE_NUMBER: &str = include_str!("../templates/phone_number.rs");

/// Replaces progenitor's client and builders.
pub(crate) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let model = Model::read(document, source)?;
    source.items.retain(|item| match item {
        // Removes the client and its implementations, the builders, and their imports.
        Item::Struct(item) => item.ident != "Client",
        Item::Impl(_) | Item::Use(_) => false,
        Item::Mod(item) => item.ident == "types",
        _ => true,
    });
    expose_defaults(source);
    source.items.extend(info::items(document, &model));
    source.items.extend(client(document)?);
    if model.uses_phone_numbers(document) {
        source.items.extend(items(PHONE_NUMBER)?);
    }
    source.items.push(types::module(document, &model));
    source.items.extend(resources::items(document, &model));
    source.items.extend(request_methods::methods(document, &model));
    Ok(())
}

/// Returns the client and its requests, with the description of the API.
fn client(document: &Document) -> Result<Vec<Item>, String> {
    let mut items = items(CLIENT)?;
    let text = |pointer: &str| document.get_str(pointer).unwrap_or_default();
    let about = format!(
        "\n\nThe API: {} (version {}). {}",
        text("/info/title"),
        text("/info/version"),
        text("/info/description")
    );
    for item in &mut items {
        if let Item::Struct(item) = item
            && item.ident == "Client"
        {
            let at = item.attrs.iter().position(|attr| attr.path().is_ident("derive"));
            item.attrs.insert(at.unwrap_or_default(), parse_quote!(#[doc = #about]));
        }
    }
    Ok(items)
}

/// Makes the documented defaults of fields visible to the operations.
fn expose_defaults(source: &mut File) {
    for item in find::module(source, &["types", "defaults"]).into_iter().flatten() {
        if let Item::Fn(function) = item {
            function.vis = parse_quote!(pub(crate));
        }
    }
}

/// Parses a template.
fn items(template: &str) -> Result<Vec<Item>, String> {
    let file = syn::parse_file(template).map_err(|error| format!("a template is not valid Rust: {error}"))?;
    Ok(file.items)
}
