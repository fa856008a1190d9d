//! Generates a group of operations for each tag, and the methods of the requests.

use std::collections::BTreeMap;

use callrounded_document::{Document, pointer};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Item, Type, parse_quote};

use super::{
    arguments::{Argument, Subject, argument_of, is_free_object},
    model::{Model, OperationModel, argument},
    names,
};

/// Returns the groups with their methods, and the methods of the client.
pub(super) fn items(document: &Document, model: &Model) -> Vec<Item> {
    let mut groups: BTreeMap<String, Vec<&OperationModel>> = BTreeMap::new();
    let mut ungrouped = Vec::new();
    for operation in &model.operations {
        match &operation.group {
            Some(group) => groups.entry(group.clone()).or_default().push(operation),
            None => ungrouped.push(operation),
        }
    }
    let mut items: Vec<Item> = Vec::new();
    let mut structs = Vec::new();
    let mut accessors = Vec::new();
    for (group, operations) in &groups {
        let ident = identifier(&names::group_type(group));
        let accessor = identifier(&names::group_method(group));
        let about = about(document, group);
        let constructors = operations
            .iter()
            .map(|operation| constructor(document, model, operation));
        structs.push(quote! {
            #[doc = #about]
            #[derive(Clone)]
            pub struct #ident<M = ::callrounded_runtime::Async> {
                pub(super) client: ::callrounded_runtime::Client<M>,
            }

            /// Does not show the API key.
            impl<M> ::std::fmt::Debug for #ident<M> {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    self.client.fmt(f)
                }
            }
        });
        items.push(parse_quote! {
            impl<M: ::callrounded_runtime::Mode> resources::#ident<M> {
                #(#constructors)*
            }
        });
        accessors.push(quote! {
            #[doc = #about]
            #[must_use]
            pub fn #accessor(&self) -> resources::#ident<M> {
                resources::#ident { client: self.client.clone() }
            }
        });
    }
    let ungrouped = ungrouped
        .iter()
        .map(|operation| constructor(document, model, operation));
    items.push(parse_quote! {
        /// The groups of operations, one for each tag of the document.
        pub mod resources {
            #(#structs)*
        }
    });
    items.push(parse_quote! {
        impl<M: ::callrounded_runtime::Mode> Client<M> {
            #(#accessors)*
            #(#ungrouped)*
        }
    });
    items
}

/// Returns the documentation of a group.
fn about(document: &Document, group: &str) -> String {
    use heck::ToSnakeCase;
    let tags = document.get("/tags").and_then(serde_json::Value::as_array);
    let description = tags.into_iter().flatten().find_map(|tag| {
        let name = tag.get("name")?.as_str()?;
        (name.to_snake_case() == group).then(|| tag.get("description")?.as_str().map(str::to_owned))?
    });
    let group = group.replace('_', " ");
    match description {
        Some(description) => format!("The operations on {group}.\n\n{description}"),
        None => format!("The operations on {group}."),
    }
}

/// Returns an identifier. `name` is never a keyword: see [`names`].
fn identifier(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Returns the method that creates a request. Its arguments are the required parameters and properties.
fn constructor(document: &Document, model: &Model, operation: &OperationModel) -> TokenStream {
    let OperationModel { ident, .. } = operation;
    let method = identifier(&operation.method);
    let options = quote!(options_);
    let mut arguments = Vec::new();
    let mut conversions = Vec::new();
    let mut fields = Vec::new();
    let mut is_checked = false;
    let order = |parameter: &&super::model::Parameter| {
        (parameter.location != "path", position(&operation.path, &parameter.name))
    };
    let mut parameters: Vec<_> = operation.parameters.iter().collect();
    parameters.sort_by_key(order);
    let mut documented = Vec::new();
    for parameter in parameters {
        let field = &parameter.field;
        if !parameter.required {
            fields.push(quote!(#field: ::std::option::Option::None));
            continue;
        }
        let schema = pointer::join(&parameter.pointer, "schema");
        let subject = Subject {
            document,
            model,
            name: &parameter.name,
            schema: Some(&schema),
            in_path: parameter.location == "path",
            separator: document.list_separator(&parameter.pointer),
        };
        let argument = argument_of(&subject, &parameter.ty, field, &options);
        let ty = &argument.ty;
        arguments.push(quote!(#field: #ty));
        is_checked |= argument.is_checked;
        conversions.push(conversion(field, &argument, 0, operation.index));
        fields.push(quote!(#field));
        let description = document
            .get_str(&pointer::join(&parameter.pointer, "description"))
            .unwrap_or_default();
        documented.push((field.to_string(), description.to_owned()));
    }
    if let Some(body) = &operation.body {
        let ty = &body.ty;
        match &body.properties {
            Some(properties) => {
                let required: Vec<_> = properties.iter().filter(|property| property.required).collect();
                for property in &required {
                    let name = identifier(&property.method);
                    let subject = Subject {
                        document,
                        model,
                        name: &property.name,
                        schema: property.pointer.as_deref(),
                        in_path: false,
                        separator: None,
                    };
                    let (inner, layers) = layers(&property.ty);
                    let argument = argument_of(&subject, inner, &name, &options);
                    let ty = &argument.ty;
                    arguments.push(quote!(#name: #ty));
                    is_checked |= argument.is_checked;
                    conversions.push(conversion(&name, &argument, layers, operation.index));
                    let description = property
                        .pointer
                        .as_ref()
                        .and_then(|at| document.get_str(&pointer::join(at, "description")));
                    documented.push((name.to_string(), description.unwrap_or_default().to_owned()));
                }
                let names = required.iter().map(|property| identifier(&property.method));
                fields.push(if body.required {
                    quote!(body: operations::#ident::body(#(#names),*))
                } else {
                    quote!(body: ::std::option::Option::None)
                });
            }
            None if body.is_raw => {
                arguments.push(quote!(body: impl ::std::convert::Into<#ty>));
                fields.push(quote!(body: body.into()));
                documented.push(("body".to_owned(), body.description.clone()));
            }
            None if body.required => {
                arguments.push(quote!(body: #ty));
                fields.push(quote!(body));
                documented.push(("body".to_owned(), body.description.clone()));
            }
            None => fields.push(quote!(body: ::std::option::Option::None)),
        }
    }
    let doc = documentation(document, operation, &documented);
    let mutable = is_checked.then(|| quote!(mut));
    quote! {
        #[doc = #doc]
        #[allow(unused_mut)]
        pub fn #method(&self, #(#arguments),*) -> Request<operations::#ident, M> {
            let #mutable options_ = ::callrounded_runtime::RequestOptions::default();
            #(#conversions)*
            Request::new_(&self.client, operations::#ident { #(#fields),* }, options_)
        }
    }
}

/// Returns the statement that converts an argument. If the value is invalid, the method returns a request that fails
/// with the error that the options have recorded. `layers` is the number of `Option`s around the value.
fn conversion(name: &Ident, argument: &Argument, layers: usize, operation: usize) -> TokenStream {
    let convert = &argument.convert;
    let value = if argument.is_checked {
        quote!(value)
    } else {
        convert.clone()
    };
    let value = wrapped(value, layers);
    if !argument.is_checked {
        return quote!(let #name = #value;);
    }
    quote! {
        let #name = match #convert {
            ::std::option::Option::Some(value) => #value,
            ::std::option::Option::None => return Request::invalid_(&self.client, &OPERATIONS[#operation], options_),
        };
    }
}

/// Wraps a value in as many `Some`s as there are layers.
fn wrapped(value: TokenStream, layers: usize) -> TokenStream {
    (0..layers).fold(value, |value, _| quote!(::std::option::Option::Some(#value)))
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

/// Returns the position of a parameter in the path, by which arguments are sorted.
fn position(path: &str, parameter: &str) -> Option<usize> {
    path.find(&format!("{{{parameter}}}"))
}

/// Returns the documentation of the method for an operation. `arguments` are names and descriptions.
fn documentation(document: &Document, operation: &OperationModel, arguments: &[(String, String)]) -> String {
    let text = |field: &str| {
        document
            .get_str(&pointer::join(&operation.pointer, field))
            .unwrap_or_default()
    };
    let mut doc = match text("summary") {
        "" => format!("The operation `{}`.", operation.id),
        summary => format!("{}.", summary.trim_end_matches('.')),
    };
    if !text("description").is_empty() {
        doc.push_str(&format!("\n\n{}", text("description")));
    }
    doc.push_str(&format!("\n\nSends `{} {}`.", operation.http_method, operation.path));
    let listed = arguments.iter().filter(|(_, description)| !description.is_empty());
    let listed: String = listed
        .map(|(name, description)| format!("\n- `{name}`: {description}"))
        .collect();
    if !listed.is_empty() {
        doc.push_str(&format!("\n{listed}"));
    }
    if !text("x-source").is_empty() {
        doc.push_str(&format!("\n\nSource: {}.", text("x-source").trim_end_matches('.')));
    }
    doc
}

/// Returns a type without the `Option`s around it, and their number.
fn layers(ty: &Type) -> (&Type, usize) {
    match argument(ty, "Option") {
        Some(inner) => {
            let (innermost, layers) = layers(inner);
            (innermost, layers + 1)
        }
        None => (ty, 0),
    }
}

/// Returns the methods of the requests, one for each optional parameter and property.
pub(super) fn methods(document: &Document, model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    for operation in &model.operations {
        let ident = &operation.ident;
        let mut methods = Vec::new();
        let options = quote!(self.options);
        // The parameters that select a page are set by the methods for pages.
        let selects_page = |parameter: &super::model::Parameter| {
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
            let about = about.map_or_else(|| format!("Sets the parameter `{}`.", parameter.name), str::to_owned);
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
        let subject = Subject {
            document,
            model,
            name: &property.name,
            schema: property.pointer.as_deref(),
            in_path: false,
            separator: None,
        };
        let (inner, layers) = layers(&property.ty);
        let field = &property.field;
        let method = identifier(&property.method);
        let argument = argument_of(&subject, inner, &method, options);
        let at = property.pointer.clone().unwrap_or_default();
        let about = document
            .get_str(&pointer::join(&at, "description"))
            .filter(|_| !at.is_empty());
        let mut about = about.map_or_else(|| format!("Sets the property `{}`.", property.name), str::to_owned);
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
