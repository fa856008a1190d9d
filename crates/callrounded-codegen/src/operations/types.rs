//! A type for each operation: its parameters and body, how they become a request, and what a response is decoded to.

use callrounded_document::Document;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, Type, parse_quote};

use super::{
    body::Body,
    model::{Model, OperationModel, ResponseModel, argument, is_named, own_type},
};
use crate::steps::find;

/// The module `operations`.
pub(super) fn module(_: &Document, model: &Model) -> Item {
    let operations = model
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| one(model, index, operation));
    parse_quote! {
        /// The operations, as types: what [`Request`] is a request for.
        pub mod operations {
            #[allow(unused_imports)]
            use super::types;
            #(#operations)*
        }
    }
}

fn one(model: &Model, index: usize, operation: &OperationModel) -> TokenStream {
    let OperationModel { ident, id, request, .. } = operation;
    let title = format!("The operation `{id}`: `{} {}`.", operation.http_method, operation.path);
    let mut fields = Vec::new();
    let mut names = Vec::new();
    for parameter in &operation.parameters {
        let (field, ty) = (&parameter.field, &parameter.ty);
        names.push(field.clone());
        fields.push(match parameter.required {
            true => quote!(pub(super) #field: #ty),
            false => quote!(pub(super) #field: ::std::option::Option<#ty>),
        });
    }
    let mut derives = quote!(#[derive(Clone)]);
    let mut empty_body = None;
    if let Some(body) = &operation.body {
        let ty = &body.ty;
        names.push(format_ident!("body"));
        fields.push(match body.required {
            true => quote!(pub(super) body: #ty),
            false => quote!(pub(super) body: ::std::option::Option<#ty>),
        });
        if body.is_raw {
            derives = TokenStream::new();
        }
        empty_body = self::empty_body(model, ident, body);
    }
    let unused = fields.is_empty().then(|| quote!(#[allow(clippy::let_unit_value)]));
    let (output, decode, shown) = response(model, operation);
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
                ::callrounded_runtime::lenient::Decoded<::callrounded_runtime::decode::Opened<Self::Output>>,
                ::callrounded_runtime::lenient::Undecodable,
            > {
                #decode
            }

            #complete
            #shown
        }

        #paginated

        /// Shows nothing: parameters and body may be personal data.
        impl ::std::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(#id)
            }
        }
    }
}

fn is_page(output: &TokenStream) -> bool {
    output.to_string().contains("callrounded_runtime :: Page")
}

/// The body with nothing set, if that is possible.
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
        match property.required {
            true => quote!(#field),
            false => quote!(#field: #default),
        }
    });
    Some(quote! {
        impl #ident {
            /// The body, with what is required.
            pub(super) fn body(#(#arguments),*) -> #ty {
                #ty { #(#values),* }
            }
        }
    })
}

/// The output, how it is decoded, and what of it may be shown.
fn response(model: &Model, operation: &OperationModel) -> (TokenStream, TokenStream, TokenStream) {
    let nothing = TokenStream::new();
    let (ty, envelope) = match &operation.response {
        ResponseModel::Nothing => return (quote!(()), quote!(::callrounded_runtime::decode::nothing()), shown()),
        ResponseModel::Bytes => {
            return (
                quote!(::bytes::Bytes),
                quote!(::callrounded_runtime::decode::bytes(body)),
                nothing,
            );
        }
        ResponseModel::Json { ty, envelope } => (ty, envelope),
    };
    if let Some((output, decode)) = page(model, operation, ty) {
        let shown = shown();
        return (output, decode, shown);
    }
    let Some(envelope) = envelope else {
        let shown = is_struct(model, ty).then(shown).unwrap_or_default();
        let decode = decoded(ty, "", &quote!(body), &quote!(::std::option::Option::None));
        return (quote!(#ty), decode, shown);
    };
    let data = model.fields(ty).and_then(|fields| field(fields, &envelope.property));
    let Some((field, data)) = data else {
        return (
            quote!(#ty),
            decoded(ty, "", &quote!(body), &quote!(::std::option::Option::None)),
            nothing,
        );
    };
    let is_value = argument(data, "Option").is_some_and(|inner| is_named(inner, "Value") && own_type(inner).is_none());
    let (output, value) = match is_value {
        // Null says as much as an absent value.
        true => (quote!(::serde_json::Value), quote!(body.#field.unwrap_or_default())),
        false => {
            let data = model.qualified(data);
            (quote!(#data), quote!(body.#field))
        }
    };
    // A response without a body says enough if no data is required.
    let empty = if envelope.required { "" } else { "{}" };
    let shown = is_struct(model, data).then(shown).unwrap_or_default();
    (output, decoded(ty, empty, &value, &message(model, ty)), shown)
}

fn decoded(ty: &Type, empty: &str, data: &TokenStream, message: &TokenStream) -> TokenStream {
    quote! {
        let decoded = ::callrounded_runtime::decode::json::<#ty>(body, #empty)?;
        ::std::result::Result::Ok(decoded.map(|body| ::callrounded_runtime::decode::Opened {
            message: #message,
            data: #data,
        }))
    }
}

fn shown() -> TokenStream {
    quote! {
        fn shown(output: &Self::Output) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
}

fn is_struct(model: &Model, ty: &Type) -> bool {
    own_type(ty).is_some_and(|name| model.structs.contains_key(&name.to_string()))
}

/// The field that holds a property.
fn field<'f>(fields: &'f syn::FieldsNamed, property: &str) -> Option<(&'f syn::Ident, &'f Type)> {
    let field = fields.named.iter().find(|field| find::json_name(field) == property)?;
    Some((field.ident.as_ref()?, &field.ty))
}

/// The message of an envelope, if it has one.
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

/// A page: the output and how it is decoded. `None` if the response is no page.
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
    let facts = [
        ("current_page", &pagination.current),
        ("total_pages", &pagination.pages),
        ("total_items", &pagination.total),
    ];
    let facts = facts.into_iter().filter_map(|(name, property)| {
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
            #(#facts)*
            ::callrounded_runtime::decode::Opened { data: page, message }
        })
    };
    Some((quote!(::callrounded_runtime::Page<#item>), decode))
}

/// How a page is selected.
fn paginated(operation: &OperationModel, pagination: &callrounded_document::Pagination) -> TokenStream {
    let ident = &operation.ident;
    let parameter = |name: &Option<String>| {
        let name = name.as_ref()?;
        operation.parameters.iter().find(|parameter| parameter.name == *name)
    };
    let some = |required: bool, value: TokenStream| match required {
        true => value,
        false => quote!(::std::option::Option::Some(#value)),
    };
    let (set_cursor, unset_cursor, first) = match parameter(&Some(pagination.cursor.clone())) {
        Some(cursor) => {
            let (field, ty) = (&cursor.field, &cursor.ty);
            let value = match is_named(ty, "String") {
                true => quote!(cursor),
                false => quote!(cursor.and_then(|cursor| cursor.parse::<#ty>().ok())),
            };
            match cursor.required {
                // Without a cursor it stays what was passed in.
                true => (
                    quote!(if let ::std::option::Option::Some(cursor) = #value { self.#field = cursor; }),
                    TokenStream::new(),
                    quote!(::std::option::Option::Some(self.#field.to_string())),
                ),
                false => (
                    quote!(self.#field = #value;),
                    quote!(self.#field = ::std::option::Option::None;),
                    quote!(self.#field.as_ref().map(|cursor| cursor.to_string())),
                ),
            }
        }
        None => (
            quote!(let _ = cursor;),
            TokenStream::new(),
            quote!(::std::option::Option::None),
        ),
    };
    let switch = |by_cursor: bool| {
        let parameter = parameter(&pagination.switch).filter(|parameter| parameter.switches())?;
        let (field, value) = (&parameter.field, some(parameter.required, quote!(#by_cursor)));
        Some(quote!(self.#field = #value;))
    };
    let (by_cursor, by_number) = (switch(true), switch(false));
    let number = parameter(&pagination.page)
        .filter(|parameter| parameter.counts())
        .map(|parameter| {
            let (field, ty) = (&parameter.field, &parameter.ty);
            let value = match is_named(ty, "String") {
                true => quote!(number.to_string()),
                false => quote!(<#ty>::try_from(number).unwrap_or(<#ty>::MAX)),
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
