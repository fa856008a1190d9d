//! Makes the builders of types take plain values, so that a caller need not know whether a field may be absent or null.
//! `.cost(Some(Some("0.10".parse()?)))` becomes `.cost("0.10")?`.

use callrounded_document::Document;
use quote::{ToTokens, quote};
use syn::{
    Expr, File, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type, TypeParamBound,
    WherePredicate, parse_quote,
};

use super::find;

/// The types of the runtime that are parsed from a string, which may be invalid. Methods that take one return an error
/// immediately.
const PARSED_TYPES: [&str; 3] = ["Decimal", "DecimalString", "Timestamp"];

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    // A document without objects has no builders of types.
    let Ok(items) = find::module(source, &["types", "builder"]) else {
        return Ok(());
    };
    for item in items {
        let Item::Impl(item) = item else { continue };
        if item.trait_.is_some() {
            continue;
        }
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member {
                take_plain_value(function);
            }
        }
    }
    Ok(())
}

/// Rewrites `fn name<T: TryInto<Option<X>>>(mut self, value: T) -> Self`.
fn take_plain_value(function: &mut ImplItemFn) {
    let Some(target) = conversion_target(function) else {
        return;
    };
    let (mut inner, mut options) = (target.clone(), 0_usize);
    while let Some(value) = optional(&inner) {
        inner = value;
        options += 1;
    }
    let is_parsed = find::innermost(&inner).is_some_and(|name| PARSED_TYPES.iter().any(|known| name == known));
    if options == 0 && !is_parsed {
        return;
    }
    for predicate in function
        .sig
        .generics
        .where_clause
        .iter_mut()
        .flat_map(|clause| &mut clause.predicates)
    {
        if let WherePredicate::Type(predicate) = predicate
            && predicate.bounds.to_token_stream().to_string().contains("TryInto")
        {
            predicate.bounds = parse_quote!(::std::convert::TryInto<#inner>);
        }
    }
    let name = &function.sig.ident;
    let problem = format!("error converting supplied value for {name}: {{e}}");
    let stored: Expr = (0..options).fold(
        parse_quote!(value),
        |value, _| parse_quote!(::std::option::Option::Some(#value)),
    );
    let field = name.clone();
    if is_parsed {
        function.sig.output = parse_quote!(-> ::std::result::Result<Self, super::error::ConversionError>);
        function.block = parse_quote!({
            match value.try_into() {
                ::std::result::Result::Ok(value) => {
                    self.#field = ::std::result::Result::Ok(#stored);
                    ::std::result::Result::Ok(self)
                }
                ::std::result::Result::Err(e) => ::std::result::Result::Err(format!(#problem).into()),
            }
        });
    } else {
        function.block = parse_quote!({
            self.#field = value.try_into().map(|value| #stored).map_err(|e| format!(#problem));
            self
        });
    }
}

/// Returns the type to which the argument of a builder's method is converted.
fn conversion_target(function: &ImplItemFn) -> Option<Type> {
    if !matches!(&function.sig.output, ReturnType::Type(_, ty) if ty.to_token_stream().to_string() == quote!(Self).to_string())
    {
        return None;
    }
    let predicates = &function.sig.generics.where_clause.as_ref()?.predicates;
    predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else {
            return None;
        };
        predicate.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound
                .path
                .segments
                .last()
                .filter(|last| last.ident == "TryInto")
                .and_then(first_argument),
            _ => None,
        })
    })
}

/// Returns the type of the value in an `Option`.
fn optional(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    path.path
        .segments
        .last()
        .filter(|last| last.ident == "Option")
        .and_then(first_argument)
}

fn first_argument(segment: &syn::PathSegment) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}
