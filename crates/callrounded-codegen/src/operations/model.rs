//! The model of the operations, which is read from progenitor's builders and the document before anything is written.

use std::collections::{HashMap, HashSet};

use callrounded_document::{Document, Envelope, Operation, Pagination, pointer};
use proc_macro2::TokenStream;
use syn::{
    Fields, File, GenericArgument, Ident, ImplItem, Item, ItemStruct, PathArguments, ReturnType, Type, parse_quote,
};

use super::{body::Body, names, request};
use crate::{
    steps::{self, find},
    unique_names::{self, UniqueNames},
};

/// All operations, in the order of the document.
pub(crate) struct Model {
    pub operations: Vec<OperationModel>,
    /// The types that are open enumerations, which have a constant `KNOWN`.
    pub enums: HashSet<String>,
    /// The types that are not structs.
    pub others: HashSet<String>,
    /// The types that are structs. Their `Debug` redacts personal data.
    pub structs: HashMap<String, ItemStruct>,
}

/// An operation.
pub(crate) struct OperationModel {
    /// Its position in the document.
    pub index: usize,
    /// The `operationId`.
    pub id: String,
    /// The name of its type.
    pub ident: Ident,
    /// The group that it belongs to, which is its first tag.
    pub group: Option<String>,
    /// The method that creates a request for it.
    pub method: String,
    pub pointer: String,
    pub http_method: &'static str,
    pub path: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub response: ResponseModel,
    pub pagination: Option<Pagination>,
    /// progenitor's statements, which build `request` from variables with the names of the fields.
    pub request: TokenStream,
}

/// A parameter of an operation.
pub(crate) struct Parameter {
    /// Its name in the document.
    pub name: String,
    /// `path`, `query` or `header`.
    pub location: String,
    pub pointer: String,
    pub field: Ident,
    pub ty: Type,
    pub required: bool,
    /// The method that sets it.
    pub method: String,
}

pub(crate) const INTEGERS: [&str; 8] = ["i64", "i32", "i16", "i8", "u64", "u32", "u16", "u8"];

impl Parameter {
    /// Checks whether its type can represent the number of a page.
    pub(crate) fn is_page_number(&self) -> bool {
        is_named(&self.ty, "String") || INTEGERS.iter().any(|integer| is_named(&self.ty, integer))
    }

    /// Checks whether its type can represent the choice between pages by cursor and by number.
    pub(crate) fn is_switch(&self) -> bool {
        is_named(&self.ty, "bool")
    }
}

/// The body of a successful response.
pub(crate) enum ResponseModel {
    Empty,
    Bytes,
    Json { ty: Box<Type>, envelope: Option<Envelope> },
}

impl Model {
    /// Reads the operations and types.
    pub(crate) fn read(document: &Document, source: &mut File) -> Result<Self, String> {
        let mut enums = HashSet::new();
        let mut structs = HashMap::new();
        let mut others = HashSet::new();
        for item in steps::types(source) {
            match item {
                Item::Struct(item) => drop(structs.insert(item.ident.to_string(), item.clone())),
                Item::Enum(item) => drop(others.insert(item.ident.to_string())),
                Item::Type(item) => drop(others.insert(item.ident.to_string())),
                Item::Impl(item) if item.trait_.is_none() => {
                    let is_known = |member: &ImplItem| matches!(member, ImplItem::Const(it) if it.ident == "KNOWN");
                    if item.items.iter().any(is_known) {
                        enums.extend(find::implemented(item).map(ToString::to_string));
                    }
                }
                _ => {}
            }
        }
        let mut model = Self {
            operations: Vec::new(),
            enums,
            others,
            structs,
        };
        let builders = steps::items(source, "builder")?;
        let unique_names = UniqueNames::of(document);
        for (index, operation) in document.operations().into_iter().enumerate() {
            let operation = model.operation(document, &unique_names, index, &operation, builders)?;
            model.operations.push(operation);
        }
        Ok(model)
    }

    fn operation(
        &self,
        document: &Document,
        unique_names: &UniqueNames,
        index: usize,
        operation: &Operation<'_>,
        builders: &[Item],
    ) -> Result<OperationModel, String> {
        let id = operation.id.unwrap_or_default();
        let name = unique_names::operation(id);
        // A keyword gets an underscore.
        let names = [name.clone(), format!("{name}_")];
        let builder = builders.iter().find_map(|item| match item {
            Item::Struct(item) if names.iter().any(|name| item.ident == name) => Some(item),
            _ => None,
        });
        let builder = builder.ok_or_else(|| format!("no builder found for the operation `{id}`"))?;
        let ident = builder.ident.clone();
        let send = send(builders, &ident).ok_or_else(|| format!("the builder for `{id}` has no method `send`"))?;
        let pagination = document.pagination(operation);
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut substitutes: Vec<(usize, &str)> = Vec::new();
        for at in document.parameters(operation) {
            let substitute = unique_names.parameter(&operation.pointer, &at);
            let mut parameter = parameter(document, &at, substitute, builder, pagination.is_some())?;
            let is_number = INTEGERS
                .iter()
                .chain(&["f64", "f32", "bool"])
                .any(|name| is_named(&parameter.ty, name));
            let own = own_type(&parameter.ty).filter(|own| self.is_own(&own.to_string()));
            let is_enum = own.is_some_and(|own| self.enums.contains(&own.to_string()));
            let is_compound = (own.is_some() && !is_enum) || is_named(&parameter.ty, "Value");
            // Paths and headers contain strings. A value of any other type is passed in as a string and sent unchanged;
            // in a path it is checked.
            if (parameter.location == "path" && !is_number && !is_enum)
                || (parameter.location == "header" && is_compound)
            {
                parameter.ty = parse_quote!(::std::string::String);
            }
            substitutes.extend(substitute.map(|substitute| (parameters.len(), substitute)));
            parameters.push(parameter);
        }
        // If another parameter has a method of this name, the substitute is used.
        for (index, substitute) in substitutes {
            let same = |parameter: &Parameter| {
                parameters
                    .iter()
                    .filter(|other| other.method == parameter.method)
                    .count()
            };
            if parameters.get(index).is_some_and(|parameter| same(parameter) > 1)
                && let Some(parameter) = parameters.get_mut(index)
            {
                parameter.method = names::parameter_method(substitute, pagination.is_some());
            }
        }
        let body = self.body(document, operation, builder, &parameters);
        let optional_body = body.as_ref().is_some_and(|body| !body.required);
        let request = request::statements(&send.block, optional_body)
            .ok_or_else(|| format!("the method `send` of the builder for `{id}` has an unknown form"))?;
        let response = match response(send) {
            Some(Type::Tuple(unit)) if unit.elems.is_empty() => ResponseModel::Empty,
            Some(ty) if is_named(ty, "ByteStream") => ResponseModel::Bytes,
            Some(ty) => ResponseModel::Json {
                ty: Box::new(ty.clone()),
                envelope: document.envelope(operation).filter(|_| self.fields(ty).is_some()),
            },
            None => {
                return Err(format!(
                    "the method `send` of the builder for `{id}` returns an unknown type"
                ));
            }
        };
        Ok(OperationModel {
            index,
            id: id.to_owned(),
            ident,
            group: names::group(document, operation),
            method: names::method(document, operation),
            pointer: operation.pointer.clone(),
            http_method: operation.method.as_str(),
            path: operation.path.to_owned(),
            parameters,
            body,
            response,
            pagination,
            request,
        })
    }

    /// Checks whether a type of this name was generated from the document.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        self.structs.contains_key(name) || self.others.contains(name)
    }

    /// Returns a type as it is written outside of the module `types`.
    pub(crate) fn qualified(&self, ty: &Type) -> Type {
        qualified(ty, &|name| self.is_own(name))
    }

    /// Returns the fields of the struct that `ty` names.
    pub(crate) fn fields(&self, ty: &Type) -> Option<&syn::FieldsNamed> {
        match &self.structs.get(&own_type(ty)?.to_string())?.fields {
            Fields::Named(fields) => Some(fields),
            _ => None,
        }
    }

    /// Checks whether a parameter or a property of a body is a phone number.
    pub(crate) fn uses_phone_numbers(&self, document: &Document) -> bool {
        let parameters = self.operations.iter().flat_map(|operation| &operation.parameters);
        let bodies = self.operations.iter().filter_map(|operation| operation.body.as_ref());
        let properties = bodies.filter_map(|body| body.properties.as_ref()).flatten();
        let mut schemas = parameters
            .map(|parameter| pointer::join(&parameter.pointer, "schema"))
            .chain(properties.filter_map(|property| property.pointer.clone()));
        schemas.any(|schema| is_phone_number(document, &schema))
    }
}

/// Checks whether a schema is that of an E.164 phone number.
pub(crate) fn is_phone_number(document: &Document, schema: &str) -> bool {
    let schema = document.resolve(schema).unwrap_or_default();
    matches!(
        document.get_str(&pointer::join(&schema, "format")),
        Some("e164" | "E.164")
    )
}

/// Reads a parameter from the document and the builder.
fn parameter(
    document: &Document,
    at: &str,
    substitute: Option<&str>,
    builder: &ItemStruct,
    is_paginated: bool,
) -> Result<Parameter, String> {
    let text = |field: &str| document.get_str(&pointer::join(at, field)).unwrap_or_default();
    let (name, location) = (text("name"), text("in"));
    let snake = unique_names::argument(substitute.unwrap_or(name));
    // A keyword gets an underscore.
    let idents = [snake.clone(), format!("{snake}_")];
    let missing = || {
        format!(
            "the builder `{}` has no field for the parameter `{name}`",
            builder.ident
        )
    };
    let field = builder.fields.iter().find(|field| {
        let ident = field.ident.as_ref();
        ident.is_some_and(|ident| idents.iter().any(|name| ident == name))
    });
    let field = field.ok_or_else(missing)?;
    let value = argument(&field.ty, "Result").ok_or_else(missing)?;
    let optional = argument(value, "Option");
    let stated = document.get_str(&pointer::join(at, "x-name"));
    Ok(Parameter {
        name: name.to_owned(),
        location: location.to_owned(),
        pointer: at.to_owned(),
        field: field.ident.clone().ok_or_else(missing)?,
        ty: optional.unwrap_or(value).clone(),
        required: optional.is_none(),
        method: names::parameter_method(stated.unwrap_or(name), is_paginated),
    })
}

/// Returns the method of progenitor's builder that sends the request.
fn send<'i>(builders: &'i [Item], name: &Ident) -> Option<&'i syn::ImplItemFn> {
    builders.iter().find_map(|item| {
        let Item::Impl(item) = item else { return None };
        if find::implemented(item)? != name {
            return None;
        }
        item.items.iter().find_map(|inner| match inner {
            ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
            _ => None,
        })
    })
}

/// Returns the type of the body of a successful response.
fn response(send: &syn::ImplItemFn) -> Option<&Type> {
    match &send.sig.output {
        ReturnType::Type(_, output) => argument(argument(output, "Result")?, "ResponseValue"),
        ReturnType::Default => None,
    }
}

/// Returns the first type argument of a type with this name.
pub(crate) fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(|one| match one {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    }
}

/// Checks whether the last segment of a type's path is `name`.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Returns the name of a generated type, which is written as `types::Thing`, or `Thing` in the module `types`.
pub(crate) fn own_type(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let own = match path.path.segments.len() {
        1 => true,
        2 => path.path.segments.first()?.ident == "types",
        _ => false,
    };
    (own && last.arguments.is_none()).then_some(&last.ident)
}

fn qualified(ty: &Type, is_own: &dyn Fn(&str) -> bool) -> Type {
    let path = match ty {
        Type::Path(path) => path,
        Type::Tuple(tuple) => {
            let mut tuple = tuple.clone();
            tuple.elems.iter_mut().for_each(|item| *item = qualified(item, is_own));
            return Type::Tuple(tuple);
        }
        Type::Array(array) => {
            let mut array = array.clone();
            *array.elem = qualified(&array.elem, is_own);
            return Type::Array(array);
        }
        other => return other.clone(),
    };
    let mut path = path.clone();
    if path.path.segments.len() == 1
        && let Some(only) = path.path.segments.first()
        && only.arguments.is_none()
        && is_own(&only.ident.to_string())
    {
        return parse_quote!(types::#path);
    }
    for segment in &mut path.path.segments {
        if let PathArguments::AngleBracketed(list) = &mut segment.arguments {
            for one in &mut list.args {
                if let GenericArgument::Type(inner) = one {
                    *inner = qualified(inner, is_own);
                }
            }
        }
    }
    Type::Path(path)
}
