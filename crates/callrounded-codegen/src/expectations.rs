//! What a mock server can be told to expect: for each operation a type, with the types of its request and answer and a
//! method for each parameter. They are read off the generated client, so that both call everything the same.

use callrounded_document::{Document, Operation, pointer};
use heck::{ToPascalCase, ToSnakeCase};
use quote::format_ident;
use syn::{Fields, File, GenericArgument, ImplItem, Item, ItemStruct, PathArguments, ReturnType, Type, parse_quote};

use crate::steps;

/// The source for all operations of the document, given the source of its client.
pub(crate) fn source(document: &Document, client: &mut File) -> Result<File, String> {
    let builders = steps::items(client, "builder")?;
    let mut found: Vec<Item> = Vec::new();
    for operation in document.operations() {
        let id = operation.id.unwrap_or_default();
        let name = format_ident!("{}", id.to_pascal_case());
        let builder = builders.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(item),
            _ => None,
        });
        let builder = builder.ok_or_else(|| format!("there is no builder for `{id}`"))?;
        let answer = answer(builders, &name).ok_or_else(|| format!("the builder for `{id}` sends nothing"))?;
        let request = request(builder);
        let when = format_ident!("when_{}", id.to_snake_case());
        let title = format!(
            "The operation `{id}`: {} {}.",
            operation.method.as_str(),
            operation.path
        );
        let about = format!(
            "Says what is to come of requests for `{id}`: {} {}.",
            operation.method.as_str(),
            operation.path
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
                type Answer = #answer;
            }
        });
        let parameters = parameters(document, &operation, builder);
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
    Ok(parse_quote! { #(#found)* })
}

/// For each parameter a method that asks for a value.
fn parameters(document: &Document, operation: &Operation<'_>, builder: &ItemStruct) -> Vec<ImplItem> {
    let mut methods = Vec::new();
    for at in document.parameters(operation) {
        let text = |field: &str| document.text(&pointer::join(&at, field)).unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        if !matches!(place, "path" | "query") {
            continue;
        }
        // With a word before it, it is no other method's name.
        let method = format_ident!("with_{}", name.to_snake_case());
        let field = [name.to_snake_case(), format!("{}_", name.to_snake_case())];
        let Fields::Named(fields) = &builder.fields else {
            continue;
        };
        let field = fields.named.iter().find(|one| {
            one.ident
                .as_ref()
                .is_some_and(|ident| field.iter().any(|name| ident == name))
        });
        let value = field.and_then(|field| argument(&field.ty, "Result"));
        let value = value.map(|value| argument(value, "Option").unwrap_or(value));
        // What the client calls by another name is taken as any value.
        let value: Type = match value {
            Some(value) => parse_quote!(impl Into<#value>),
            None => parse_quote!(impl Into<::serde_json::Value>),
        };
        let about = format!("Only where `{name}` of the {place} is this.");
        methods.push(parse_quote! {
            #[doc = #about]
            pub fn #method(self, value: #value) -> Self {
                self.parameter(#name, value.into())
            }
        });
    }
    methods
}

/// The type of what is sent as a body.
fn request(builder: &ItemStruct) -> Type {
    let body = builder
        .fields
        .iter()
        .find(|field| field.ident.as_ref().is_some_and(|name| name == "body"));
    let body = body.and_then(|field| argument(&field.ty, "Result"));
    let mut body = body.cloned().unwrap_or_else(|| parse_quote!(()));
    // What is sent is built; what is seen is the thing itself.
    if let Type::Path(path) = &mut body {
        let segments = path.path.segments.iter().filter(|segment| segment.ident != "builder");
        path.path.segments = segments.cloned().collect();
    }
    body
}

/// The type that the builder's `send` gives.
fn answer(builders: &[Item], name: &syn::Ident) -> Option<Type> {
    builders.iter().find_map(|item| {
        let Item::Impl(item) = item else { return None };
        let Type::Path(target) = &*item.self_ty else {
            return None;
        };
        if target.path.segments.last()?.ident != *name {
            return None;
        }
        item.items.iter().find_map(|inner| match inner {
            ImplItem::Fn(method) if method.sig.ident == "send" => match &method.sig.output {
                ReturnType::Type(_, output) => argument(argument(output, "Result")?, "ResponseValue").cloned(),
                ReturnType::Default => None,
            },
            _ => None,
        })
    })
}

/// The first argument of a type with this name.
fn argument<'t>(of: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(|one| match one {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    }
}
