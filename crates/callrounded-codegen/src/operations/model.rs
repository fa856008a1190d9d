//! What is read from progenitor's builders and the document before anything is written.

use std::collections::{HashMap, HashSet};

use callrounded_document::{Document, Envelope, Operation, Pagination, pointer};
use heck::ToPascalCase;
use proc_macro2::TokenStream;
use syn::{
    Fields, File, GenericArgument, Ident, ImplItem, Item, ItemStruct, PathArguments, ReturnType, Type, parse_quote,
};

use super::{body::Body, names, request};
use crate::{
    distinct::{self, Distinct},
    steps::{self, find},
};

/// All operations, in the order of the document.
pub(crate) struct Model {
    pub operations: Vec<OperationModel>,
    /// Types that are open enumerations: they have a constant `KNOWN`.
    pub enums: HashSet<String>,
    /// Types that are no structs.
    pub others: HashSet<String>,
    /// Types that are structs, whose `Debug` redacts personal data.
    pub structs: HashMap<String, ItemStruct>,
}

pub(crate) struct OperationModel {
    /// Its position in the document.
    pub index: usize,
    /// The `operationId`.
    pub id: String,
    /// The name of its type.
    pub ident: Ident,
    /// The tag that it belongs to.
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
    /// progenitor's statements, which make `request` of the variables named like the fields.
    pub request: TokenStream,
}

pub(crate) struct Parameter {
    /// Its name in the document.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    pub pointer: String,
    pub field: Ident,
    pub ty: Type,
    pub required: bool,
    /// The method that sets it.
    pub method: String,
}

pub(crate) const INTEGERS: [&str; 8] = ["i64", "i32", "i16", "i8", "u64", "u32", "u16", "u8"];

impl Parameter {
    /// Whether it can be the number of a page.
    pub(crate) fn counts(&self) -> bool {
        is_named(&self.ty, "String") || INTEGERS.iter().any(|integer| is_named(&self.ty, integer))
    }

    /// Whether it can choose between pages by cursor and by number.
    pub(crate) fn switches(&self) -> bool {
        is_named(&self.ty, "bool")
    }
}

pub(crate) enum ResponseModel {
    Nothing,
    Bytes,
    Json { ty: Box<Type>, envelope: Option<Envelope> },
}

impl Model {
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
        let distinct = Distinct::of(document);
        for (index, operation) in document.operations().into_iter().enumerate() {
            let read = model.operation(document, &distinct, index, &operation, builders)?;
            model.operations.push(read);
        }
        Ok(model)
    }

    fn operation(
        &self,
        document: &Document,
        distinct: &Distinct,
        index: usize,
        operation: &Operation<'_>,
        builders: &[Item],
    ) -> Result<OperationModel, String> {
        let id = operation.id.unwrap_or_default();
        let name = id.to_pascal_case();
        // A keyword gets an underscore.
        let names = [name.clone(), format!("{name}_"), format!("_{name}")];
        let builder = builders.iter().find_map(|item| match item {
            Item::Struct(item) if names.iter().any(|name| item.ident == name) => Some(item),
            _ => None,
        });
        let builder = builder.ok_or_else(|| format!("there is no builder for `{id}`"))?;
        let ident = builder.ident.clone();
        let send = send(builders, &ident).ok_or_else(|| format!("the builder for `{id}` has no method `send`"))?;
        let pagination = document.pagination(operation);
        let mut parameters: Vec<Parameter> = Vec::new();
        for at in document.parameters(operation) {
            let given = distinct.parameter(&operation.pointer, &at);
            let mut read = parameter(document, &at, given, builder, pagination.is_some())?;
            let is_number = INTEGERS
                .iter()
                .chain(&["f64", "f32", "bool"])
                .any(|name| is_named(&read.ty, name));
            let own = own_type(&read.ty).filter(|own| self.is_own(&own.to_string()));
            let is_enum = own.is_some_and(|own| self.enums.contains(&own.to_string()));
            let is_compound = (own.is_some() && !is_enum) || is_named(&read.ty, "Value");
            // These are sent as text: that of any other type is checked and sent as it is.
            if (read.place == "path" && !is_number && !is_enum) || (read.place == "header" && is_compound) {
                read.ty = parse_quote!(::std::string::String);
            }
            // Another has the method of this name already.
            let is_taken = |parameter: &Parameter| parameter.method == read.method;
            if let Some(given) = given.filter(|_| parameters.iter().any(is_taken)) {
                read.method = names::of_parameter(given, pagination.is_some());
            }
            parameters.push(read);
        }
        let body = self.body(document, operation, builder, &parameters);
        let optional_body = body.as_ref().is_some_and(|body| !body.required);
        let request = request::statements(&send.block, optional_body)
            .ok_or_else(|| format!("the method `send` of `{id}` has another form than is known"))?;
        let response = match response(send) {
            Some(Type::Tuple(unit)) if unit.elems.is_empty() => ResponseModel::Nothing,
            Some(ty) if is_named(ty, "ByteStream") => ResponseModel::Bytes,
            Some(ty) => ResponseModel::Json {
                ty: Box::new(ty.clone()),
                envelope: document.envelope(operation).filter(|_| self.fields(ty).is_some()),
            },
            None => {
                return Err(format!(
                    "the method `send` of `{id}` returns another type than is known"
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

    /// Whether the document made a type of this name.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        self.structs.contains_key(name) || self.others.contains(name)
    }

    /// A type as it is written outside of the module `types`.
    pub(crate) fn qualified(&self, ty: &Type) -> Type {
        qualified(ty, &|name| self.is_own(name))
    }

    /// The fields of the struct that `ty` names.
    pub(crate) fn fields(&self, ty: &Type) -> Option<&syn::FieldsNamed> {
        match &self.structs.get(&own_type(ty)?.to_string())?.fields {
            Fields::Named(fields) => Some(fields),
            _ => None,
        }
    }

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

pub(crate) fn is_phone_number(document: &Document, schema: &str) -> bool {
    let schema = document.resolve(schema).unwrap_or_default();
    matches!(document.text(&pointer::join(&schema, "format")), Some("e164" | "E.164"))
}

fn parameter(
    document: &Document,
    at: &str,
    given: Option<&str>,
    builder: &ItemStruct,
    is_paginated: bool,
) -> Result<Parameter, String> {
    let text = |field: &str| document.text(&pointer::join(at, field)).unwrap_or_default();
    let (name, place) = (text("name"), text("in"));
    let snake = distinct::argument(given.unwrap_or(name));
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
    let stated = document.text(&pointer::join(at, "x-name"));
    Ok(Parameter {
        name: name.to_owned(),
        place: place.to_owned(),
        pointer: at.to_owned(),
        field: field.ident.clone().ok_or_else(missing)?,
        ty: optional.unwrap_or(value).clone(),
        required: optional.is_none(),
        method: names::of_parameter(stated.unwrap_or(name), is_paginated),
    })
}

/// The method of progenitor's builder that sends the request.
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

/// The type of the body of a success.
fn response(send: &syn::ImplItemFn) -> Option<&Type> {
    match &send.sig.output {
        ReturnType::Type(_, output) => argument(argument(output, "Result")?, "ResponseValue"),
        ReturnType::Default => None,
    }
}

/// The first argument of a type with this name.
pub(crate) fn argument<'t>(of: &'t Type, name: &str) -> Option<&'t Type> {
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

pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The name of a generated type: `types::Thing`, or `Thing` among the types.
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
