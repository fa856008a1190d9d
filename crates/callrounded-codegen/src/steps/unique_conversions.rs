//! Removes duplicate conversions from strings. For a union with a string among its branches, progenitor writes two: one
//! to that branch, and one that tries the branches in order. They do not compile together, and `FromStr` does the same
//! as the second.

use std::collections::HashSet;

use callrounded_document::Document;
use quote::ToTokens;
use syn::{File, Item, ItemImpl, PathArguments};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let items = find::module(source, &["types"])?;
    let infallible: HashSet<String> = items.iter().filter_map(|item| conversion(item, "From")).collect();
    items.retain(|item| conversion(item, "TryFrom").is_none_or(|types| !infallible.contains(&types)));
    Ok(())
}

/// Returns the source and target types if `item` implements the conversion trait with this name.
fn conversion(item: &Item, trait_name: &str) -> Option<String> {
    let Item::Impl(ItemImpl {
        trait_: Some((path, _)),
        self_ty,
        ..
    }) = item
    else {
        return None;
    };
    let last = path.segments.last().filter(|last| last.ident == trait_name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(from) => {
            Some(format!("{} {}", from.to_token_stream(), self_ty.to_token_stream()))
        }
        _ => None,
    }
}
