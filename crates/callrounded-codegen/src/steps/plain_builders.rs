//! Builders of types take the value of a field as it is: whether the field may be absent or null is not the caller's concern.
//! `.cost(Some(Some("0.10".parse()?)))` becomes `.cost("0.10")?`.

use callrounded_document::Document;
use quote::{ToTokens, quote};
use syn::{
    Expr, File, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type, TypeParamBound,
    WherePredicate, parse_quote,
};

use super::find;

/// The types of this crate's runtime that are made of text, which may be wrong. Their methods return an error at once.
const OF_TEXT: [&str; 3] = ["Decimal", "DecimalString", "Timestamp"];

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
                plain(function);
            }
        }
    }
    Ok(())
}

/// Rewrites `fn name<T: TryInto<Option<X>>>(mut self, value: T) -> Self`.
fn plain(function: &mut ImplItemFn) {
    let Some(taken) = converted(function) else { return };
    let (mut inner, mut options) = (taken.clone(), 0_usize);
    while let Some(of) = optional(&inner) {
        inner = of;
        options += 1;
    }
    let is_of_text = find::innermost(&inner).is_some_and(|name| OF_TEXT.iter().any(|known| name == known));
    if options == 0 && !is_of_text {
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
    let kept: Expr = (0..options).fold(
        parse_quote!(value),
        |value, _| parse_quote!(::std::option::Option::Some(#value)),
    );
    let field = name.clone();
    if is_of_text {
        function.sig.output = parse_quote!(-> ::std::result::Result<Self, super::error::ConversionError>);
        function.block = parse_quote!({
            match value.try_into() {
                ::std::result::Result::Ok(value) => {
                    self.#field = ::std::result::Result::Ok(#kept);
                    ::std::result::Result::Ok(self)
                }
                ::std::result::Result::Err(e) => ::std::result::Result::Err(format!(#problem).into()),
            }
        });
    } else {
        function.block = parse_quote!({
            self.#field = value.try_into().map(|value| #kept).map_err(|e| format!(#problem));
            self
        });
    }
}

/// What the argument of a builder's method is converted to.
fn converted(function: &ImplItemFn) -> Option<Type> {
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
                .and_then(only),
            _ => None,
        })
    })
}

/// What an `Option` is of.
fn optional(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    path.path
        .segments
        .last()
        .filter(|last| last.ident == "Option")
        .and_then(only)
}

fn only(segment: &syn::PathSegment) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}
