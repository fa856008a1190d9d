//! Marks structs as `non_exhaustive`, so that a field that the service adds does not break source code. Outside of the
//! crate, values are created by builders or by decoding, and destructured with `..`.

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
