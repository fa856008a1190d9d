//! Generates the methods of the requests, one for each optional parameter and property.

use callrounded_document::{Document, pointer};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Item, parse_quote};

use super::{
    arguments::{Argument, Subject, argument_of, is_free_object},
    model::{Model, OperationModel, Parameter},
    resources::{identifier, layers, wrapped},
};

/// Returns the methods of the requests, one for each optional parameter and property.
pub(super) fn methods(document: &Document, model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    for operation in &model.operations {
        let ident = &operation.ident;
        let mut methods = Vec::new();
        let options = quote!(self.options);
        // The parameters that select a page are set by the methods for pages.
        let selects_page = |parameter: &Parameter| {
            operation.pagination.as_ref().is_some_and(|pagination| {
                let is = |name: &Option<String>| name.as_ref() == Some(&parameter.name);
                (is(&pagination.page) && parameter.is_page_number())
                    || (is(&pagination.switch) && parameter.is_switch())
            })
        };
        for parameter in &operation.parameters {
            if parameter.required || selects_page(parameter) {
                continue;
            }
            let schema = pointer::join(&parameter.pointer, "schema");
            let subject = Subject {
                document,
                model,
                name: &parameter.name,
                schema: Some(&schema),
                in_path: false,
                separator: document.list_separator(&parameter.pointer),
            };
            let field = &parameter.field;
            let method = identifier(&parameter.method);
            let argument = argument_of(&subject, &parameter.ty, &method, &options);
            let about = document.get_str(&pointer::join(&parameter.pointer, "description"));
            let about = setter_doc("parameter", &parameter.name, about);
            methods.push(setter(
                &about,
                &method,
                &argument,
                |value| quote!(operation_.#field = ::std::option::Option::Some(#value);),
            ));
        }
        methods.extend(body_methods(document, model, operation, &options));
        if !methods.is_empty() {
            items.push(parse_quote! {
                impl<M> Request<operations::#ident, M> { #(#methods)* }
            });
        }
    }
    items
}

/// Returns the methods that set the body or its optional properties.
fn body_methods(
    document: &Document,
    model: &Model,
    operation: &OperationModel,
    options: &TokenStream,
) -> Vec<TokenStream> {
    let mut methods = Vec::new();
    let Some(body) = operation.body.as_ref().filter(|body| !body.is_raw) else {
        return methods;
    };
    let ident = &operation.ident;
    let ty = &body.ty;
    if body.properties.is_some() || !body.required {
        let about =
            "Sets the whole body. Use it for what the other methods do not support, such as null instead of a value.";
        let value = if body.required {
            quote!(body)
        } else {
            quote!(::std::option::Option::Some(body))
        };
        methods.push(quote! {
            #[doc = #about]
            pub fn body(mut self, body: #ty) -> Self {
                if let ::std::result::Result::Ok(operation_) = &mut self.operation {
                    operation_.body = #value;
                }
                self
            }
        });
    }
    for property in body.properties.iter().flatten().filter(|property| !property.required) {
        // Properties that the schema does not name can only be set with the whole body.
        if property.pointer.is_none() && property.field == "extra" {
            continue;
        }
        let subject = Subject::property(document, model, property);
        let (inner, layers) = layers(&property.ty);
        let field = &property.field;
        let method = identifier(&property.method);
        let argument = argument_of(&subject, inner, &method, options);
        let at = property.pointer.clone().unwrap_or_default();
        let about = document
            .get_str(&pointer::join(&at, "description"))
            .filter(|_| !at.is_empty());
        let mut about = setter_doc("property", &property.name, about);
        let target = if body.required {
            quote!(operation_.body)
        } else {
            quote!(operation_.body.get_or_insert_with(operations::#ident::body))
        };
        let extends = is_free_object(inner);
        if extends {
            about.push_str("\n\nTakes pairs, a map, or a struct, and adds its entries to those that were set before.");
        }
        methods.push(setter(&about, &method, &argument, |value| {
            if extends {
                let default = quote!(::std::default::Default::default);
                let object = (0..layers).fold(quote!(#target.#field), |it, _| quote!(#it.get_or_insert_with(#default)));
                return quote!(#object.extend(#value););
            }
            let value = wrapped(value, layers);
            quote!(#target.#field = #value;)
        }));
    }
    methods
}

fn setter_doc(kind: &str, name: &str, description: Option<&str>) -> String {
    let separator = if description.is_some() { " " } else { "" };
    format!(
        "Sets the {kind} `{name}`.{separator}{}",
        description.unwrap_or_default()
    )
}

/// Returns the method of a request that sets a value. `assign` returns the statements that store it.
fn setter(
    about: &str,
    method: &Ident,
    argument: &Argument,
    assign: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let Argument {
        ty,
        convert,
        is_checked,
    } = argument;
    let body = if *is_checked {
        let assign = assign(quote!(value_));
        quote! {
            if let (::std::option::Option::Some(value_), ::std::result::Result::Ok(operation_)) =
                (#convert, &mut self.operation)
            {
                #assign
            }
        }
    } else {
        let assign = assign(convert.clone());
        quote! {
            if let ::std::result::Result::Ok(operation_) = &mut self.operation {
                #assign
            }
        }
    };
    quote! {
        #[doc = #about]
        pub fn #method(mut self, #method: #ty) -> Self {
            #body
            self
        }
    }
}
