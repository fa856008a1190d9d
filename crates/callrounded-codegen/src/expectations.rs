//! The expectations of a mock server: for each operation a type, with the types of its request and response and a
//! method for each parameter. They are generated from the same model as the client, so that both use the same names.

use heck::ToSnakeCase;
use quote::format_ident;
use syn::{File, ImplItem, Item, Type, parse_quote};

use crate::operations::model::{Model, OperationModel, ResponseModel};

/// Returns the source for all operations of the document.
pub(crate) fn source(model: &Model) -> File {
    let mut found: Vec<Item> = Vec::new();
    for operation in &model.operations {
        let (id, name) = (&operation.id, &operation.ident);
        let request: Type = match &operation.body {
            Some(body) if body.is_raw => parse_quote!(::bytes::Bytes),
            Some(body) => body.ty.clone(),
            None => parse_quote!(()),
        };
        let response: Type = match &operation.response {
            ResponseModel::Empty => parse_quote!(()),
            ResponseModel::Bytes => parse_quote!(::bytes::Bytes),
            ResponseModel::Json { ty, .. } => Type::clone(ty),
        };
        let when = format_ident!("when_{}", id.to_snake_case());
        let title = format!("The operation `{id}`: `{} {}`.", operation.http_method, operation.path);
        let about = format!(
            "Specifies how to respond to requests for `{id}`: `{} {}`.",
            operation.http_method, operation.path
        );
        found.push(parse_quote! {
            #[doc = #title]
            #[derive(Clone, Copy, Debug)]
            pub struct #name;
        });
        found.push(parse_quote! {
            impl crate::Operation for #name {
                const ID: &'static str = #id;
                type Request = #request;
                type Response = #response;
            }
        });
        let parameters = parameters(operation);
        if !parameters.is_empty() {
            found.push(parse_quote! { impl crate::When<'_, #name> { #(#parameters)* } });
        }
        found.push(parse_quote! {
            impl crate::MockServer {
                #[doc = #about]
                pub fn #when(&self) -> crate::When<'_, #name> {
                    crate::When::new(self)
                }
            }
        });
    }
    parse_quote! { #(#found)* }
}

/// Returns a method for each parameter, which requires the parameter to have a value.
fn parameters(operation: &OperationModel) -> Vec<ImplItem> {
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|parameter| matches!(parameter.location.as_str(), "path" | "query"));
    parameters
        .map(|parameter| {
            let (name, ty) = (&parameter.name, &parameter.ty);
            // The prefix prevents clashes with other methods.
            let method = format_ident!("with_{}", parameter.field.to_string().trim_end_matches('_'));
            let about = format!(
                "Matches only requests whose {} parameter `{name}` has this value.",
                parameter.location
            );
            parse_quote! {
                #[doc = #about]
                pub fn #method(self, value: impl Into<#ty>) -> Self {
                    self.parameter(#name, value.into())
                }
            }
        })
        .collect()
}
