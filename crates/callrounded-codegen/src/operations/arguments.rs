//! How the value of a parameter or property is passed in, and checked against what the document states.

use callrounded_document::{Document, pointer};
use heck::ToSnakeCase;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Ident, Type};

use super::body::Property;
use super::model::{Model, argument, is_named, is_phone_number, own_type};

/// The declared type of an argument, and the expression that converts it to the stored value.
pub(super) struct Argument {
    pub ty: TokenStream,
    pub convert: TokenStream,
    /// Whether the conversion returns an `Option`: `None` if the value is invalid, after the options have recorded the
    /// error.
    pub is_checked: bool,
}

impl Argument {
    fn plain(ty: TokenStream, convert: TokenStream) -> Self {
        Self {
            ty,
            convert,
            is_checked: false,
        }
    }

    fn into(ty: &TokenStream, value: &Ident) -> Self {
        Self::plain(quote!(impl ::std::convert::Into<#ty>), quote!(#value.into()))
    }

    fn checked(ty: TokenStream, convert: TokenStream) -> Self {
        Self {
            ty,
            convert,
            is_checked: true,
        }
    }
}

/// The parameter or property for which a value is passed in.
pub(super) struct Subject<'a> {
    pub document: &'a Document,
    pub model: &'a Model,
    /// Its name in the document.
    pub name: &'a str,
    /// The pointer to its schema.
    pub schema: Option<&'a str>,
    pub in_path: bool,
    /// The separator of a list that is sent as one string.
    pub separator: Option<&'static str>,
}

impl<'a> Subject<'a> {
    /// A property of a request body.
    pub fn property(document: &'a Document, model: &'a Model, property: &'a Property) -> Self {
        Self {
            document,
            model,
            name: &property.name,
            schema: property.pointer.as_deref(),
            in_path: false,
            separator: None,
        }
    }

    /// The pointer to its schema, with references resolved.
    fn resolved_schema(&self) -> Option<String> {
        self.document.resolve(self.schema?)
    }

    fn keyword(&self, keyword: &str) -> Option<&Value> {
        self.document.get(&pointer::join(&self.resolved_schema()?, keyword))
    }

    fn number(&self, keyword: &str) -> Option<&Value> {
        self.keyword(keyword).filter(|value| value.is_number())
    }
}

/// Returns the argument for a value of type `ty` that is passed in as `value`; `options` records errors.
pub(super) fn argument_of(subject: &Subject<'_>, ty: &Type, value: &Ident, options: &TokenStream) -> Argument {
    let Subject { model, name, .. } = subject;
    if let Some(separator) = subject.separator {
        return Argument::plain(
            quote!(impl ::std::iter::IntoIterator<Item = impl ::std::string::ToString>),
            quote!(::callrounded_runtime::check::joined(#value, #separator)),
        );
    }
    if let Some(own) = own_type(ty).filter(|own| model.is_own(&own.to_string())) {
        return own_argument(subject, ty, own, value, options);
    }
    if is_named(ty, "String") {
        return string_argument(subject, value, options);
    }
    if is_named(ty, "bool") {
        return Argument::plain(quote!(bool), quote!(#value));
    }
    if NUMBERS.iter().any(|name| is_named(ty, name)) {
        return number_argument(subject, ty, value, options);
    }
    if is_named(ty, "Timestamp") {
        return Argument::plain(
            quote!(impl ::std::convert::Into<::chrono::DateTime<::chrono::Utc>>),
            quote!(::callrounded_runtime::Timestamp::from(#value.into())),
        );
    }
    if let Some(item) = argument(ty, "Vec") {
        if is_named(item, "String") {
            return Argument::plain(
                quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<::std::string::String>>),
                quote!(#value.into_iter().map(::std::convert::Into::into).collect()),
            );
        }
        let item = model.qualified(item);
        return Argument::plain(
            quote!(impl ::std::iter::IntoIterator<Item = #item>),
            quote!(#value.into_iter().collect()),
        );
    }
    if is_free_object(ty) {
        return Argument::checked(
            quote!(impl ::serde::Serialize),
            quote!(#options.checked(#name, ::callrounded_runtime::to_object(#value))),
        );
    }
    if is_named(ty, "Value") {
        return Argument::into(&quote!(::serde_json::Value), value);
    }
    let ty = model.qualified(ty);
    Argument::plain(quote!(#ty), quote!(#value))
}

/// The argument of a generated type.
fn own_argument(subject: &Subject<'_>, ty: &Type, own: &Ident, value: &Ident, options: &TokenStream) -> Argument {
    let Subject { model, name, .. } = subject;
    if model.enums.contains(&own.to_string()) {
        return Argument::checked(
            quote!(impl ::std::convert::Into<types::#own>),
            quote!({
                let #value: types::#own = #value.into();
                let known_ = ::callrounded_runtime::check::known(#value.as_str(), types::#own::KNOWN);
                #options.checked(#name, known_.map(|()| #value))
            }),
        );
    }
    let ty = model.qualified(ty);
    // A union is converted from a value of any of its variants.
    if model.others.contains(&own.to_string()) {
        Argument::into(&quote!(#ty), value)
    } else {
        Argument::plain(quote!(#ty), quote!(#value))
    }
}

fn string_argument(subject: &Subject<'_>, value: &Ident, options: &TokenStream) -> Argument {
    let name = subject.name;
    if subject.in_path {
        return Argument::checked(
            quote!(impl ::std::string::ToString),
            quote!({
                let #value = #value.to_string();
                #options.checked(#name, ::callrounded_runtime::check_path_parameter(&#value).map(|()| #value))
            }),
        );
    }
    let [min, max] = ["minLength", "maxLength"].map(|keyword| {
        let bound = subject
            .number(keyword)
            .and_then(Value::as_u64)
            .filter(|bound| *bound > 0);
        bound.and_then(|bound| usize::try_from(bound).ok())
    });
    // An identifier is never empty. A service may treat a filter by an empty one as no filter.
    let snake = name.to_snake_case();
    let is_identifier = snake == "id" || snake.ends_with("_id");
    let bounds = [min.or(is_identifier.then_some(1)), max].map(|bound| bound.map(Literal::usize_unsuffixed));
    let is_limited = bounds.iter().any(Option::is_some);
    let [min, max] = bounds.map(option);
    let schema = subject.resolved_schema();
    if schema.is_some_and(|schema| is_phone_number(subject.document, &schema)) {
        let number = quote!(#options.checked(#name, #value.try_into()).map(PhoneNumber::into_string));
        let length = is_limited.then(|| {
            quote!(.and_then(|number| {
                #options.checked(#name, ::callrounded_runtime::check::length(number, #min, #max))
            }))
        });
        return Argument::checked(
            quote!(impl ::std::convert::TryInto<PhoneNumber, Error: ::std::fmt::Display>),
            quote!(#number #length),
        );
    }
    let plain = Argument::into(&quote!(::std::string::String), value);
    if !is_limited {
        return plain;
    }
    let length = quote!(::callrounded_runtime::check::length(#value.into(), #min, #max));
    Argument::checked(plain.ty, quote!(#options.checked(#name, #length)))
}

fn number_argument(subject: &Subject<'_>, ty: &Type, value: &Ident, options: &TokenStream) -> Argument {
    let name = subject.name;
    let is_float = is_named(ty, "f64") || is_named(ty, "f32");
    let bounds = [("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)];
    let bounds = bounds.map(|(bound, exclusive, next)| {
        let is_exclusive = subject.keyword(exclusive) == Some(&Value::Bool(true));
        let bound = subject.number(bound)?;
        if is_float {
            // An exclusive bound of a float cannot be made inclusive, so the service checks it.
            let bound = bound.as_f64().filter(|_| !is_exclusive);
            return bound.map(Literal::f64_unsuffixed);
        }
        let bound = bound.as_i64()?;
        let bound = if is_exclusive { bound.checked_add(next)? } else { bound };
        fits(ty, bound).then(|| Literal::i64_unsuffixed(bound))
    });
    let plain = Argument::into(&quote!(#ty), value);
    if bounds.iter().all(Option::is_none) {
        return plain;
    }
    let [min, max] = bounds.map(option);
    let in_range = quote!(::callrounded_runtime::check::in_range::<#ty>(#value.into(), #min, #max));
    Argument::checked(plain.ty, quote!(#options.checked(#name, #in_range)))
}

const NUMBERS: [&str; 10] = ["i64", "i32", "i16", "i8", "u64", "u32", "u16", "u8", "f64", "f32"];

/// Checks whether an integer type can represent this value.
fn fits(ty: &Type, value: i64) -> bool {
    match NUMBERS.iter().find(|name| is_named(ty, name)) {
        Some(&"i64") => true,
        Some(&"u64") => value >= 0,
        Some(&"i32") => i32::try_from(value).is_ok(),
        Some(&"u32") => u32::try_from(value).is_ok(),
        Some(&"i16") => i16::try_from(value).is_ok(),
        Some(&"u16") => u16::try_from(value).is_ok(),
        Some(&"i8") => i8::try_from(value).is_ok(),
        Some(&"u8") => u8::try_from(value).is_ok(),
        _ => false,
    }
}

/// Checks whether a type is `serde_json::Map<String, Value>`, an object with any properties.
pub(super) fn is_free_object(ty: &Type) -> bool {
    is_named(ty, "Map")
}

fn option(bound: Option<Literal>) -> TokenStream {
    match bound {
        Some(bound) => quote!(::std::option::Option::Some(#bound)),
        None => quote!(::std::option::Option::None),
    }
}
