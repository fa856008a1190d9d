//! A field that the service adds breaks no source: outside the crate a value is made by its builder or by decoding, and
//! taken apart with `..`.

use callrounded_document::Document;
use syn::{Fields, File, Item, parse_quote};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    for item in find::module(source, &["types"])? {
        if let Item::Struct(item) = item
            && matches!(item.fields, Fields::Named(_))
        {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
        }
    }
    Ok(())
}
