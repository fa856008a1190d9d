//! What the document says beyond types and operations, so that nobody types it a second time.

use callrounded_document::{Document, pointer};
use quote::quote;
use syn::{File, Item, parse_quote};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    if let Some(url) = document.text("/servers/0/url") {
        let url = url.trim_end_matches('/');
        source.items.push(parse_quote! {
            /// Where the API is served: the first server of the document.
            pub const SERVER_URL: &str = #url;
        });
    }
    if let Some(header) = api_key_header(document) {
        source.items.push(parse_quote! {
            /// The header that carries the API key, in lower case.
            pub const API_KEY_HEADER: &str = #header;
        });
    }
    let mut entries = Vec::new();
    for item in find::module(source, &["types"])?.iter() {
        let ident = match item {
            Item::Struct(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            _ => continue,
        };
        if let Some(schema) = find::schema_of(document, ident) {
            let name = pointer::last(&schema);
            entries.push(quote!(#name => $crate::types::#ident));
        }
    }
    source.items.push(parse_quote! {
        /// Passes the name and type of every schema of the document to another macro: `with! { "Name" => Type, … }`.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! for_each_schema {
            ($with:ident) => {
                $with! { #(#entries),* }
            };
        }
    });
    Ok(())
}

fn api_key_header(document: &Document) -> Option<String> {
    let schemes = "/components/securitySchemes";
    document.members(schemes).find_map(|(_, scheme)| {
        let is = |field: &str, value: &str| document.text(&pointer::join(&scheme, field)) == Some(value);
        let name = document.text(&pointer::join(&scheme, "name"))?;
        (is("type", "apiKey") && is("in", "header")).then(|| name.to_ascii_lowercase())
    })
}
