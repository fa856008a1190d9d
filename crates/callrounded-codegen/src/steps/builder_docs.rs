//! Documents the builders of types, the fields without a description, and hides a module that only serde uses.

use callrounded_document::Document;
use syn::{Attribute, File, ImplItem, Item, ReturnType, Type, Visibility, parse_quote};

use super::find;

const BUILDER: &str = "Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a \
                       required field is missing or a value is invalid.";
const ERRORS: &str = "# Errors\nIf the value is not a valid decimal or timestamp.";

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    for item in find::module(source, &["types"])? {
        match item {
            Item::Struct(item) => {
                for field in &mut item.fields {
                    let Some(name) = &field.ident else { continue };
                    let text = match name.to_string().as_str() {
                        "extra" => "The properties that the document does not describe, by key.".to_owned(),
                        name => format!("The property `{}`.", name.trim_end_matches('_')),
                    };
                    if matches!(field.vis, Visibility::Public(_)) {
                        document(&mut field.attrs, &text);
                    }
                }
            }
            Item::Impl(item) => {
                for member in &mut item.items {
                    if let ImplItem::Fn(function) = member
                        && function.sig.ident == "builder"
                    {
                        document(&mut function.attrs, BUILDER);
                    }
                }
            }
            Item::Mod(item) if item.ident == "defaults" => item.attrs.push(parse_quote!(#[doc(hidden)])),
            _ => {}
        }
    }
    // A document without objects has no builders of types.
    let Ok(items) = find::module(source, &["types", "builder"]) else {
        return Ok(());
    };
    for item in items {
        match item {
            Item::Struct(item) => {
                let text = format!("A builder of [`types::{0}`](super::{0}).", item.ident);
                document(&mut item.attrs, &text);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for member in &mut item.items {
                    let ImplItem::Fn(function) = member else { continue };
                    let name = function.sig.ident.to_string();
                    document(&mut function.attrs, &format!("Sets the field `{name}`."));
                    if returns_result(&function.sig.output) {
                        function.attrs.push(parse_quote!(#[doc = ""]));
                        function.attrs.push(parse_quote!(#[doc = #ERRORS]));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn document(attributes: &mut Vec<Attribute>, text: &str) {
    if !attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
        attributes.push(parse_quote!(#[doc = #text]));
    }
}

fn returns_result(output: &ReturnType) -> bool {
    matches!(output, ReturnType::Type(_, ty) if matches!(&**ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Result")))
}
