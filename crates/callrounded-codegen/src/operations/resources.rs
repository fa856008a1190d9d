//! Generates a group of operations for each tag.

use std::collections::BTreeMap;

use callrounded_document::{Document, pointer};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Item, Type, parse_quote};

use super::{
    arguments::{Argument, Subject, argument_of},
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
pub(super) fn identifier(name: &str) -> Ident {
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
                    let subject = Subject::property(document, model, property);
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
pub(super) fn wrapped(value: TokenStream, layers: usize) -> TokenStream {
    (0..layers).fold(value, |value, _| quote!(::std::option::Option::Some(#value)))
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
    // A description is a sentence about the operation. A summary is often its name again.
    let mut doc = match (text("description"), text("summary")) {
        ("", "") => format!("The operation `{}`.", operation.id),
        ("", summary) => format!("{}.", summary.trim_end_matches('.')),
        (description, _) => description.to_owned(),
    };
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
pub(super) fn layers(ty: &Type) -> (&Type, usize) {
    match argument(ty, "Option") {
        Some(inner) => {
            let (innermost, layers) = layers(inner);
            (innermost, layers + 1)
        }
        None => (ty, 0),
    }
}
