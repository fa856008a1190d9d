//! Adds constants for what the document states besides types and operations, so that nothing has to be written twice.

use callrounded_document::{Document, pointer};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{File, Item, parse_quote};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let url = option(
        document
            .get_str("/servers/0/url")
            .map(|url| url.trim_end_matches('/').to_owned()),
    );
    source.items.push(parse_quote! {
        /// The URL of the API: the first server of the document, if it names one.
        pub const SERVER_URL: ::std::option::Option<&str> = #url;
    });
    let header = option(document.api_key_header().map(str::to_ascii_lowercase));
    source.items.push(parse_quote! {
        /// The name of the header with the API key, in lower case, if the document names one.
        pub const API_KEY_HEADER: ::std::option::Option<&str> = #header;
    });
    let schemas = find::Schemas::of(document);
    let mut entries = Vec::new();
    for item in find::module(source, &["types"])?.iter() {
        let ident = match item {
            Item::Struct(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            _ => continue,
        };
        if let Some(schema) = schemas.get(ident) {
            let name = pointer::last(schema);
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

fn option(value: Option<String>) -> TokenStream {
    match value {
        Some(value) => quote!(::std::option::Option::Some(#value)),
        None => quote!(::std::option::Option::None),
    }
}
