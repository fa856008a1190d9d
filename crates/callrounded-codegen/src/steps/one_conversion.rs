//! A choice with a text among its branches is made from a text in two ways: as that branch, and by trying one branch after
//! the other. The second does not compile beside the first, and parsing does the same.

use std::collections::HashSet;

use callrounded_document::Document;
use quote::ToTokens;
use syn::{File, Item, ItemImpl, PathArguments};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let items = find::module(source, &["types"])?;
    let sure: HashSet<String> = items.iter().filter_map(|item| conversion(item, "From")).collect();
    items.retain(|item| conversion(item, "TryFrom").is_none_or(|one| !sure.contains(&one)));
    Ok(())
}

/// From what to what the implementation of `wanted` converts.
fn conversion(item: &Item, wanted: &str) -> Option<String> {
    let Item::Impl(ItemImpl {
        trait_: Some((path, _)),
        self_ty,
        ..
    }) = item
    else {
        return None;
    };
    let last = path.segments.last().filter(|last| last.ident == wanted)?;
    match &last.arguments {
        PathArguments::AngleBracketed(from) => {
            Some(format!("{} {}", from.to_token_stream(), self_ty.to_token_stream()))
        }
        _ => None,
    }
}
