//! Runs progenitor, and where it fails finds the operation or schema that it fails on.

mod blame;

use std::collections::HashSet;

use callrounded_document::Document;
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;
use typify::TypeDetails;

use crate::{Obstacle, distinct::Distinct, guard, steps};

pub(crate) fn run(document: &Document) -> Result<syn::File, Obstacle> {
    let given = Given::of(document);
    let made = given.tokens(document, true)?;
    let source = guard::quietly(|| parsed(given.distinct.restore(made))).unwrap_or_else(Err);
    source.map_err(|reason| {
        let parses = |part| {
            let (made, _) = tokens(part, true)?;
            guard::quietly(|| parsed(made).map(drop)).unwrap_or_else(Err)
        };
        Obstacle::Parts(blame::blame(document, &given.value, &parses, &reason))
    })
}

/// What keeps progenitor from taking the document. What it makes of it is not looked at, which would take most of the time, and it
/// makes less: no builders, which hold what the types do.
pub(crate) fn probe(document: &Document) -> Result<(), Obstacle> {
    Given::of(document).tokens(document, false).map(drop)
}

/// What progenitor is given.
struct Given {
    value: Value,
    distinct: Distinct,
}

impl Given {
    fn of(document: &Document) -> Self {
        let mut value = document.value().clone();
        steps::relax(document, &mut value);
        let distinct = Distinct::of(document);
        distinct.apply(document, &mut value);
        Self { value, distinct }
    }

    fn tokens(&self, document: &Document, builders: bool) -> Result<TokenStream, Obstacle> {
        let (made, types) = tokens(self.value.clone(), builders).map_err(|reason| {
            let is_taken = |part| tokens(part, builders).map(drop);
            Obstacle::Parts(blame::blame(document, &self.value, &is_taken, &reason))
        })?;
        // A schema without a name is named after where it stands, which may be the name of another.
        let mut seen = HashSet::new();
        let mut twice: Vec<String> = types.into_iter().filter(|name| !seen.insert(name.clone())).collect();
        twice.dedup();
        match twice.is_empty() {
            true => Ok(made),
            false => Err(Obstacle::Types(twice)),
        }
    }
}

/// What progenitor makes of a document, and the names of the types. An error is the reason in words, without a place.
fn tokens(document: Value, builders: bool) -> Result<(TokenStream, Vec<String>), String> {
    guard::quietly(|| {
        let document: OpenAPI = serde_json::from_value(document).map_err(|error| error.to_string())?;
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(if builders {
                InterfaceStyle::Builder
            } else {
                InterfaceStyle::Positional
            })
            // So that those who test with these types can compare them.
            .with_derive("PartialEq");
        steps::convert(&mut settings);
        let mut generator = Generator::new(&settings);
        let tokens = generator
            .generate_tokens(&document)
            .map_err(|error| error.to_string())?;
        let types = generator.get_type_space().iter_types().filter(|one| {
            let details = one.details();
            matches!(
                details,
                TypeDetails::Struct(_) | TypeDetails::Enum(_) | TypeDetails::Newtype(_)
            )
        });
        Ok((tokens, types.map(|one| one.name()).collect()))
    })
    .unwrap_or_else(Err)
}

fn parsed(tokens: TokenStream) -> Result<syn::File, String> {
    syn::parse2(tokens).map_err(|error| format!("the source it makes is no Rust: {error}"))
}
