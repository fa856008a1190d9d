//! Opens enumerations. A client must be able to decode values that the service adds later. Every enumeration of strings
//! gets a variant that keeps any other string unchanged.

use std::collections::HashSet;

use callrounded_document::Document;
use quote::{format_ident, quote};
use syn::{Attribute, File, Item, ItemEnum, parse_quote};

use super::{find, tags};

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let types = find::module(source, &["types"])?;
    let tags = tags::type_names(document);
    let is_open = |item: &Item| match item {
        Item::Enum(item) => {
            !tags.contains(&item.ident.to_string())
                && find::derives(&item.attrs, "Serialize")
                && item.variants.iter().all(|one| one.fields.is_empty())
        }
        _ => false,
    };
    let mut opened = HashSet::new();
    let mut added = Vec::new();
    for item in types.iter_mut().filter(|item| is_open(item)) {
        if let Item::Enum(item) = item {
            opened.insert(item.ident.to_string());
            added.extend(open(item));
        }
    }
    if opened.is_empty() {
        return Ok(());
    }
    // typify's implementations accept the known values only.
    types.retain(|item| match item {
        Item::Impl(item) => {
            let replaced = item
                .trait_
                .as_ref()
                .and_then(|(path, _)| path.segments.last())
                .is_some_and(|name| {
                    ["Display", "FromStr", "TryFrom"]
                        .iter()
                        .any(|replaced| name.ident == replaced)
                });
            !(replaced && find::implemented(item).is_some_and(|name| opened.contains(&name.to_string())))
        }
        _ => true,
    });
    types.extend(added);
    types.push(parse_quote! {
        /// Decodes an open enumeration from a string, without a copy if the value is known.
        fn open_enum<'de, T, D>(deserializer: D) -> ::std::result::Result<T, D::Error>
        where
            T: for<'a> ::std::convert::From<&'a str>,
            D: ::serde::Deserializer<'de>,
        {
            struct StringVisitor<T>(::std::marker::PhantomData<T>);
            impl<T: for<'a> ::std::convert::From<&'a str>> ::serde::de::Visitor<'_> for StringVisitor<T> {
                type Value = T;
                fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str("a string")
                }
                fn visit_str<E: ::serde::de::Error>(self, string: &str) -> ::std::result::Result<T, E> {
                    ::std::result::Result::Ok(T::from(string))
                }
            }
            deserializer.deserialize_str(StringVisitor(::std::marker::PhantomData))
        }
    });
    Ok(())
}

/// Opens the enumeration. Returns the implementations that decode, encode and print it.
fn open(item: &mut ItemEnum) -> Vec<Item> {
    let name = &item.ident;
    let known: Vec<(syn::Ident, String)> = item
        .variants
        .iter()
        .map(|variant| (variant.ident.clone(), value_of(variant)))
        .collect();
    let other = if known.iter().any(|(variant, _)| variant == "Other") {
        "Unlisted"
    } else {
        "Other"
    };
    let other = format_ident!("{other}");
    let docs: Vec<&Attribute> = item.attrs.iter().filter(|attr| attr.path().is_ident("doc")).collect();
    let variants = known.iter().zip(&item.variants).map(|((variant, value), original)| {
        let docs = original.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
        let literal = format!("`{value}`");
        quote!(#(#docs)* #[doc = #literal] #variant)
    });
    let opened: ItemEnum = parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that the document does not list, unchanged.
            #other(::std::string::String),
        }
    };
    let (variants, values): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let added = vec![
        parse_quote! {
            impl #name {
                /// The values that the document lists.
                pub const KNOWN: &'static [&'static str] = &[#(#values),*];

                /// Returns the value as it is sent and received.
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants => #values,)*
                        Self::#other(value) => value,
                    }
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    match value {
                        #(#values => Self::#variants,)*
                        _ => Self::#other(value.to_string()),
                    }
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    match value.as_str() {
                        #(#values => Self::#variants,)*
                        _ => Self::#other(value),
                    }
                }
            }
        },
        parse_quote! {
            impl ::std::str::FromStr for #name {
                type Err = ::std::convert::Infallible;
                fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                    ::std::result::Result::Ok(Self::from(value))
                }
            }
        },
        parse_quote! {
            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.pad(self.as_str())
                }
            }
        },
        parse_quote! {
            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }
        },
        parse_quote! {
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    open_enum(deserializer)
                }
            }
        },
        json_schema(name),
    ];
    *item = opened;
    added
}

/// Returns the implementation of `JsonSchema`. Any string is accepted, so the known values are only examples.
fn json_schema(name: &syn::Ident) -> Item {
    let name_literal = name.to_string();
    parse_quote! {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #name_literal.into()
            }
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "examples": Self::KNOWN })
            }
        }
    }
}

fn value_of(variant: &syn::Variant) -> String {
    find::renamed(&variant.attrs).unwrap_or_else(|| variant.ident.to_string())
}
