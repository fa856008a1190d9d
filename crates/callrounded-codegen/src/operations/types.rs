//! Generates a type for each operation: its parameters and body, how they become a request, and what a response is
//! decoded to.

use callrounded_document::Document;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, Type, parse_quote};

use super::{
    body::Body,
    model::{Model, OperationModel, ResponseModel, argument, is_named, own_type},
};
use crate::steps::find;

/// Returns the module `operations`.
pub(super) fn module(_: &Document, model: &Model) -> Item {
    let operations = model
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| operation_type(model, index, operation));
    parse_quote! {
        /// The types of the operations. [`Request`] is generic over them.
        pub mod operations {
            #[allow(unused_imports)]
            use super::types;
            #(#operations)*
        }
    }
}

/// Returns the type of an operation and its implementations.
fn operation_type(model: &Model, index: usize, operation: &OperationModel) -> TokenStream {
    let OperationModel { ident, id, request, .. } = operation;
    let title = format!("The operation `{id}`: `{} {}`.", operation.http_method, operation.path);
    let mut fields = Vec::new();
    let mut names = Vec::new();
    for parameter in &operation.parameters {
        let (field, ty) = (&parameter.field, &parameter.ty);
        names.push(field.clone());
        fields.push(if parameter.required {
            quote!(pub(super) #field: #ty)
        } else {
            quote!(pub(super) #field: ::std::option::Option<#ty>)
        });
    }
    let mut derives = quote!(#[derive(Clone)]);
    let mut empty_body = None;
    if let Some(body) = &operation.body {
        let ty = &body.ty;
        names.push(format_ident!("body"));
        fields.push(if body.required {
            quote!(pub(super) body: #ty)
        } else {
            quote!(pub(super) body: ::std::option::Option<#ty>)
        });
        if body.is_raw {
            derives = TokenStream::new();
        }
        empty_body = self::empty_body(model, ident, body);
    }
    let unused = fields.is_empty().then(|| quote!(#[allow(clippy::let_unit_value)]));
    let (output, decode, as_debug) = response(model, operation);
    let complete = operation.pagination.as_ref().filter(|_| is_page(&output)).map(|_| {
        quote! {
            fn complete(response: &mut ::callrounded_runtime::Response<Self::Output>) {
                response.complete_item_errors();
            }
        }
    });
    let paginated = operation
        .pagination
        .as_ref()
        .filter(|_| is_page(&output))
        .map(|pagination| self::paginated(operation, pagination));
    quote! {
        #[doc = #title]
        #derives
        pub struct #ident { #(#fields),* }

        #empty_body

        impl ::callrounded_runtime::Operation for #ident {
            type Output = #output;

            fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
                &super::OPERATIONS[#index]
            }

            #unused
            fn request(
                self,
                transport_: &::callrounded_runtime::Transport,
            ) -> ::std::result::Result<::callrounded_runtime::reqwest::Request, ::callrounded_runtime::Error> {
                let Self { #(#names),* } = self;
                #request
            }

            #[allow(unused_variables)]
            fn decode(
                info: &'static ::callrounded_runtime::OperationInfo,
                body: &::bytes::Bytes,
            ) -> ::std::result::Result<
                ::callrounded_runtime::lenient::Decoded<::callrounded_runtime::decode::Unwrapped<Self::Output>>,
                ::callrounded_runtime::lenient::DecodeError,
            > {
                #decode
            }

            #complete
            #as_debug
        }

        #paginated

        /// Shows only the `operationId`: parameters and body may be personal data.
        impl ::std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(#id)
            }
        }
    }
}

/// Checks whether the output of an operation is a page.
fn is_page(output: &TokenStream) -> bool {
    output.to_string().contains("callrounded_runtime :: Page")
}

/// Returns the function that creates a body with only the required properties, unless the body is passed as a whole.
fn empty_body(model: &Model, ident: &syn::Ident, body: &Body) -> Option<TokenStream> {
    let ty = &body.ty;
    let properties = body.properties.as_ref()?;
    let required: Vec<_> = properties.iter().filter(|property| property.required).collect();
    let arguments = required.iter().map(|property| {
        let (field, ty) = (&property.field, model.qualified(&property.ty));
        quote!(#field: #ty)
    });
    let values = properties.iter().map(|property| {
        let (field, default) = (&property.field, &property.default);
        if property.required {
            quote!(#field)
        } else {
            quote!(#field: #default)
        }
    });
    Some(quote! {
        impl #ident {
            /// Creates the body with its required properties.
            pub(super) fn body(#(#arguments),*) -> #ty {
                #ty { #(#values),* }
            }
        }
    })
}

/// Returns the output, how it is decoded, and the method that returns what `Debug` may show, if there is one.
fn response(model: &Model, operation: &OperationModel) -> (TokenStream, TokenStream, TokenStream) {
    let no_method = TokenStream::new();
    let (ty, envelope) = match &operation.response {
        ResponseModel::Empty => {
            return (quote!(()), quote!(::callrounded_runtime::decode::nothing()), as_debug());
        }
        ResponseModel::Bytes => {
            return (
                quote!(::bytes::Bytes),
                quote!(::callrounded_runtime::decode::bytes(body)),
                no_method,
            );
        }
        ResponseModel::Json { ty, envelope } => (ty, envelope),
    };
    if let Some((output, decode)) = page(model, operation, ty) {
        return (output, decode, as_debug());
    }
    let Some(envelope) = envelope else {
        let as_debug = is_struct(model, ty).then(as_debug).unwrap_or_default();
        let decode = decoded(ty, "", &quote!(body), &quote!(::std::option::Option::None));
        return (quote!(#ty), decode, as_debug);
    };
    let data = model.fields(ty).and_then(|fields| field(fields, &envelope.property));
    let Some((field, data)) = data else {
        return (
            quote!(#ty),
            decoded(ty, "", &quote!(body), &quote!(::std::option::Option::None)),
            no_method,
        );
    };
    let is_value = argument(data, "Option").is_some_and(|inner| is_named(inner, "Value") && own_type(inner).is_none());
    let (output, value) = if is_value {
        // Null is equivalent to an absent value.
        (quote!(::serde_json::Value), quote!(body.#field.unwrap_or_default()))
    } else {
        let data = model.qualified(data);
        (quote!(#data), quote!(body.#field))
    };
    // If no data is required, an empty body is a valid response.
    let empty = if envelope.required { "" } else { "{}" };
    let as_debug = is_struct(model, data).then(as_debug).unwrap_or_default();
    (output, decoded(ty, empty, &value, &message(model, ty)), as_debug)
}

/// Returns the statements that decode a JSON body. `empty` is decoded in place of an empty body.
fn decoded(ty: &Type, empty: &str, data: &TokenStream, message: &TokenStream) -> TokenStream {
    quote! {
        let decoded = ::callrounded_runtime::decode::json::<#ty>(body, #empty)?;
        ::std::result::Result::Ok(decoded.map(|body| ::callrounded_runtime::decode::Unwrapped {
            message: #message,
            data: #data,
        }))
    }
}

/// Returns the method that lets `Debug` show the output.
fn as_debug() -> TokenStream {
    quote! {
        fn as_debug(output: &Self::Output) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
}

/// Checks whether a type is a generated struct, whose `Debug` redacts personal data.
fn is_struct(model: &Model, ty: &Type) -> bool {
    own_type(ty).is_some_and(|name| model.structs.contains_key(&name.to_string()))
}

/// Returns the name and type of the field for a property.
fn field<'f>(fields: &'f syn::FieldsNamed, property: &str) -> Option<(&'f syn::Ident, &'f Type)> {
    let field = fields.named.iter().find(|field| find::json_key(field) == property)?;
    Some((field.ident.as_ref()?, &field.ty))
}

/// Returns the expression for the message of an envelope, if it has one.
fn message(model: &Model, ty: &Type) -> TokenStream {
    let found = model.fields(ty).and_then(|fields| field(fields, "message"));
    match found {
        Some((field, ty)) if is_named(ty, "String") => quote!(::std::option::Option::Some(body.#field)),
        Some((field, ty)) if argument(ty, "Option").is_some_and(|inner| is_named(inner, "String")) => {
            quote!(body.#field)
        }
        _ => quote!(::std::option::Option::None),
    }
}

/// Returns the output of a page and how it is decoded, or `None` if the response is not a page.
fn page(model: &Model, operation: &OperationModel, ty: &Type) -> Option<(TokenStream, TokenStream)> {
    let pagination = operation.pagination.as_ref()?;
    let fields = model.fields(ty)?;
    let (items, list) = field(fields, &pagination.items)?;
    let (list, items) = match argument(list, "Option") {
        Some(list) => (list, quote!(body.#items.unwrap_or_default())),
        None => (list, quote!(body.#items)),
    };
    let item = model.qualified(argument(list, "Vec")?);
    let next = match field(fields, &pagination.next) {
        Some((next, _)) => quote!(::callrounded_runtime::decode::cursor(&body.#next)),
        None => quote!(::std::option::Option::None),
    };
    let counts = [
        ("current_page", &pagination.current),
        ("total_pages", &pagination.pages),
        ("total_items", &pagination.total),
    ];
    let counts = counts.into_iter().filter_map(|(name, property)| {
        let (from, ty) = field(fields, property.as_ref()?)?;
        let name = format_ident!("{name}");
        let inner = argument(ty, "Option");
        if !super::model::INTEGERS
            .iter()
            .any(|integer| is_named(inner.unwrap_or(ty), integer))
        {
            return None;
        }
        Some(match inner {
            Some(_) => quote!(page.#name = body.#from.and_then(|number| i64::try_from(number).ok());),
            None => quote!(page.#name = i64::try_from(body.#from).ok();),
        })
    });
    let (id, property) = (&operation.id, &pagination.items);
    let message = message(model, ty);
    let decode = quote! {
        ::callrounded_runtime::decode::page::<#ty, #item>(body, #property, #id, |body| {
            let message = #message;
            #[allow(unused_mut)]
            let mut page = ::callrounded_runtime::Page::new(#items, #next);
            #(#counts)*
            ::callrounded_runtime::decode::Unwrapped { data: page, message }
        })
    };
    Some((quote!(::callrounded_runtime::Page<#item>), decode))
}

/// Returns the implementations that select a page.
fn paginated(operation: &OperationModel, pagination: &callrounded_document::Pagination) -> TokenStream {
    let ident = &operation.ident;
    let parameter = |name: &Option<String>| {
        let name = name.as_ref()?;
        operation.parameters.iter().find(|parameter| parameter.name == *name)
    };
    let some = |required: bool, value: TokenStream| {
        if required {
            value
        } else {
            quote!(::std::option::Option::Some(#value))
        }
    };
    let (set_cursor, unset_cursor, first) = match parameter(&Some(pagination.cursor.clone())) {
        Some(cursor) => {
            let (field, ty) = (&cursor.field, &cursor.ty);
            let value = if is_named(ty, "String") {
                quote!(cursor)
            } else {
                quote!(cursor.and_then(|cursor| cursor.parse::<#ty>().ok()))
            };
            if cursor.required {
                // Without a cursor, the parameter keeps the value that was passed in.
                (
                    quote!(if let ::std::option::Option::Some(cursor) = #value { self.#field = cursor; }),
                    TokenStream::new(),
                    quote!(::std::option::Option::Some(self.#field.to_string())),
                )
            } else {
                (
                    quote!(self.#field = #value;),
                    quote!(self.#field = ::std::option::Option::None;),
                    quote!(self.#field.as_ref().map(|cursor| cursor.to_string())),
                )
            }
        }
        None => (
            quote!(let _ = cursor;),
            TokenStream::new(),
            quote!(::std::option::Option::None),
        ),
    };
    let switch = |by_cursor: bool| {
        let parameter = parameter(&pagination.switch).filter(|parameter| parameter.is_switch())?;
        let (field, value) = (&parameter.field, some(parameter.required, quote!(#by_cursor)));
        Some(quote!(self.#field = #value;))
    };
    let (by_cursor, by_number) = (switch(true), switch(false));
    let number = parameter(&pagination.page)
        .filter(|parameter| parameter.is_page_number())
        .map(|parameter| {
            let (field, ty) = (&parameter.field, &parameter.ty);
            let value = if is_named(ty, "String") {
                quote!(number.to_string())
            } else {
                quote!(<#ty>::try_from(number).unwrap_or(<#ty>::MAX))
            };
            let value = some(parameter.required, value);
            quote!(self.#field = #value;)
        });
    let numbered = number
        .as_ref()
        .map(|_| quote!(impl ::callrounded_runtime::Numbered for #ident {}));
    let number = number.unwrap_or_else(|| quote!(let _ = number;));
    quote! {
        impl ::callrounded_runtime::Paginated for #ident {
            fn at(mut self, position: ::callrounded_runtime::Position) -> Self {
                match position {
                    ::callrounded_runtime::Position::Cursor(cursor) => {
                        #by_cursor
                        #set_cursor
                    }
                    ::callrounded_runtime::Position::Number(number) => {
                        #by_number
                        #unset_cursor
                        #number
                    }
                }
                self
            }

            fn first_cursor(&self) -> ::std::option::Option<::std::string::String> {
                #first
            }
        }

        #numbered
    }
}
