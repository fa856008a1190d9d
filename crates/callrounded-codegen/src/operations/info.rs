//! What the document states about the operations, as constants.

use callrounded_document::{Document, is_json, pointer};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use super::model::{Model, OperationModel, ResponseModel};
use crate::steps::find;

/// Returns the table of operations, the function that finds one, and the macro that lists them.
pub(super) fn items(document: &Document, model: &Model) -> [Item; 3] {
    let entries = model.operations.iter().map(|operation| {
        let (id, ident) = (&operation.id, &operation.ident);
        quote!(#id => $crate::operations::#ident)
    });
    let operations = model
        .operations
        .iter()
        .map(|operation| info(document, model, operation));
    let count = model.operations.len();
    [
        parse_quote! {
            /// What the document states about each operation, in the order of the document.
            pub static OPERATIONS: [::callrounded_runtime::OperationInfo; #count] = [#(#operations),*];
        },
        parse_quote! {
            /// Returns what the document states about an operation, or `None` for an unknown `operationId`.
            pub fn operation(operation_id: &str) -> ::std::option::Option<&'static ::callrounded_runtime::OperationInfo> {
                OPERATIONS.iter().find(|operation| operation.id() == operation_id)
            }
        },
        parse_quote! {
            /// Passes the name and type of every operation to another macro: `with! { "name" => Type, … }`.
            #[doc(hidden)]
            #[macro_export]
            macro_rules! for_each_operation {
                ($with:ident) => {
                    $with! { #(#entries),* }
                };
            }
        },
    ]
}

/// Returns the expression for what the document states about an operation.
fn info(document: &Document, model: &Model, operation: &OperationModel) -> TokenStream {
    let OperationModel {
        id, http_method, path, ..
    } = operation;
    let summary = document
        .get_str(&pointer::join(&operation.pointer, "summary"))
        .unwrap_or_default();
    let stated = document
        .operations()
        .into_iter()
        .find(|other| other.pointer == operation.pointer);
    let idempotent = stated.as_ref().is_some_and(|stated| document.is_idempotent(stated));
    let mut info = quote! {
        ::callrounded_runtime::OperationInfo::new(#id, #http_method, #path)
            .with_summary(#summary)
            .with_idempotence(#idempotent)
    };
    if matches!(operation.response, ResponseModel::Json { .. }) {
        let success = stated.as_ref().and_then(|stated| document.success(stated));
        let content = success
            .map(|(_, response)| pointer::join(&response, "content"))
            .unwrap_or_default();
        let media_type = document.members(&content).find(|(name, _)| is_json(name));
        let media_type = media_type.map_or("application/json", |(name, _)| name);
        info = quote!(#info.with_json_response(#media_type));
    }
    if let ResponseModel::Json {
        ty,
        envelope: Some(envelope),
    } = &operation.response
    {
        let fields = model.fields(ty).into_iter().flat_map(|fields| &fields.named);
        let mut data = fields.filter(|field| find::json_key(field) == envelope.property);
        // Data that may be null may also be absent.
        let is_optional = data.any(|field| find::is_option(&field.ty));
        let (property, required) = (&envelope.property, envelope.required && !is_optional);
        info = quote!(#info.with_data(#property, #required));
    }
    if let Some(body) = &operation.body {
        let (media_type, required) = (&body.media_type, body.required);
        info = quote!(#info.with_body(#media_type, #required));
    }
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter().map(|parameter| {
            let location = match parameter.location.as_str() {
                "path" => quote!(Path),
                "header" => quote!(Header),
                _ => quote!(Query),
            };
            let (name, required) = (&parameter.name, parameter.required);
            let description = document
                .get_str(&pointer::join(&parameter.pointer, "description"))
                .unwrap_or_default();
            let values = values(document, &pointer::join(&parameter.pointer, "schema"));
            let public = document.may_be_shown(&parameter.pointer).then(|| quote!(.public()));
            let values = (!values.is_empty()).then(|| quote!(.with_values(&[#(#values),*])));
            quote! {
                ::callrounded_runtime::ParameterInfo::new(
                    #name, ::callrounded_runtime::ParameterLocation::#location, #required, #description
                ) #values #public
            }
        });
        info = quote!(#info.with_parameters(&[#(#parameters),*]));
    }
    if let Some(pagination) = &operation.pagination {
        let (items, cursor, next) = (&pagination.items, &pagination.cursor, &pagination.next);
        let mut pages = quote!(::callrounded_runtime::Pagination::new(#items, #cursor, #next));
        if let Some(size) = &pagination.size {
            pages = quote!(#pages.with_size(#size));
        }
        if let Some(page) = &pagination.page {
            pages = quote!(#pages.with_page(#page));
        }
        if let Some(switch) = &pagination.switch {
            pages = quote!(#pages.with_switch(#switch));
        }
        info = quote!(#info.with_pagination(#pages));
    }
    info
}

/// Returns the strings of an enumeration.
fn values(document: &Document, schema: &str) -> Vec<String> {
    let schema = document.resolve(schema).unwrap_or_default();
    let values = document.get(&pointer::join(&schema, "enum")).and_then(Value::as_array);
    values
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
