//! Formats parts of signatures as text.

use quote::ToTokens;

/// Returns the name of a trait with its generic arguments, which are left out if all of them are lifetimes.
pub(super) fn trait_name(last: &syn::PathSegment) -> String {
    let only_lifetimes = match &last.arguments {
        syn::PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .all(|one| matches!(one, syn::GenericArgument::Lifetime(_))),
        _ => true,
    };
    if only_lifetimes {
        last.ident.to_string()
    } else {
        text(last)
    }
}

pub(super) fn generics(generics: &syn::Generics) -> String {
    format!("{}{}", text(generics), text(&generics.where_clause))
}

/// Formats tokens as people write them, without the prefixes of well-known paths.
pub(super) fn text(tokens: &impl ToTokens) -> String {
    let mut text = format!(" {}", tokens.to_token_stream());
    for (from, to) in [
        (":: callrounded_runtime :: ", ""),
        (":: std :: boxed :: ", ""),
        (":: std :: collections :: ", ""),
        (":: std :: convert :: ", ""),
        (":: std :: fmt :: ", ""),
        (":: std :: iter :: ", ""),
        (":: std :: option :: ", ""),
        (":: std :: string :: ", ""),
        (":: std :: vec :: ", ""),
        (" std :: convert :: ", " "),
        (":: chrono :: ", "chrono :: "),
        (":: serde :: ", "serde :: "),
        (":: serde_json :: ", "serde_json :: "),
        (" :: ", "::"),
        (":: ", "::"),
        ("super::", ""),
        ("crate::", ""),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        // The formatter adds a trailing comma to a list that it breaks over several lines.
        (",>", ">"),
        (",)", ")"),
    ] {
        text = text.replace(from, to);
    }
    text.trim().to_owned()
}
