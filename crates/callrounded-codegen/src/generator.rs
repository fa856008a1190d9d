//! Runs progenitor. If it fails, finds the operation or schema that causes the failure.

mod blame;

use std::collections::HashSet;

use callrounded_document::Document;
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;
use typify::TypeDetails;

use crate::{GenerationError, guard, steps, unique_names::UniqueNames};

/// Generates the source of the document.
pub(crate) fn run(document: &Document) -> Result<syn::File, GenerationError> {
    let input = Input::of(document);
    let generated = input.tokens(document, true)?;
    let source = guard::catch_panic(|| parse(input.unique_names.restore(generated))).unwrap_or_else(Err);
    source.map_err(|reason| {
        let parses = |part| {
            let (generated, _) = tokens(part, true)?;
            guard::catch_panic(|| parse(generated).map(drop)).unwrap_or_else(Err)
        };
        GenerationError::Unsupported(blame::blame(document, &input.value, &parses, &reason))
    })
}

/// Checks whether progenitor accepts the document. To save time, its output is not parsed, and it writes no builders:
/// these contain nothing that the types do not.
pub(crate) fn probe(document: &Document) -> Result<(), GenerationError> {
    Input::of(document).tokens(document, false).map(drop)
}

/// The document as it is passed to progenitor.
struct Input {
    value: Value,
    unique_names: UniqueNames,
}

impl Input {
    fn of(document: &Document) -> Self {
        let mut value = document.value().clone();
        steps::relax(document, &mut value);
        let unique_names = UniqueNames::of(document);
        unique_names.apply(document, &mut value);
        Self { value, unique_names }
    }

    fn tokens(&self, document: &Document, builders: bool) -> Result<TokenStream, GenerationError> {
        let (generated, types) = tokens(self.value.clone(), builders).map_err(|reason| {
            let accepts = |part| tokens(part, builders).map(drop);
            GenerationError::Unsupported(blame::blame(document, &self.value, &accepts, &reason))
        })?;
        // progenitor names an inline schema after its location, which may result in the name of another schema.
        let mut seen = HashSet::new();
        let mut duplicates: Vec<String> = types.into_iter().filter(|name| !seen.insert(name.clone())).collect();
        duplicates.dedup();
        if duplicates.is_empty() {
            Ok(generated)
        } else {
            Err(GenerationError::DuplicateTypes(duplicates))
        }
    }
}

/// Runs progenitor on a document. Returns its output and the names of the types, or the reason of the failure, without
/// a location.
fn tokens(document: Value, builders: bool) -> Result<(TokenStream, Vec<String>), String> {
    guard::catch_panic(|| {
        let document: OpenAPI = serde_json::from_value(document).map_err(|error| error.to_string())?;
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(if builders {
                InterfaceStyle::Builder
            } else {
                InterfaceStyle::Positional
            })
            // Lets tests compare values of these types.
            .with_derive("PartialEq");
        steps::add_conversions(&mut settings);
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

fn parse(tokens: TokenStream) -> Result<syn::File, String> {
    syn::parse2(tokens).map_err(|error| format!("the generated source is not valid Rust: {error}"))
}
