//! The body of a request: its type, and the properties that are set one by one.

use callrounded_document::{Document, Operation, is_json, pointer};
use syn::{Expr, Ident, ItemStruct, Type, parse_quote};

use super::{
    model::{Model, Parameter, argument, is_named},
    names,
};
use crate::steps::find;

pub(crate) struct Body {
    pub ty: Type,
    pub required: bool,
    pub media_type: String,
    /// The type cannot be cloned, for example because the body may be a stream.
    pub is_raw: bool,
    /// The properties that are set one by one; `None` if the body is given as a whole.
    pub properties: Option<Vec<Property>>,
    pub description: String,
}

pub(crate) struct Property {
    /// Its name in the document.
    pub name: String,
    pub pointer: Option<String>,
    pub field: Ident,
    pub ty: Type,
    pub required: bool,
    /// The value of the field if it is not set.
    pub default: Expr,
    /// The method that sets it.
    pub method: String,
}

/// More required properties than this are given as a body.
const MAX_ARGUMENTS: usize = 4;

impl Model {
    pub(super) fn body(
        &self,
        document: &Document,
        operation: &Operation<'_>,
        builder: &ItemStruct,
        parameters: &[Parameter],
    ) -> Option<Body> {
        let field = builder
            .fields
            .iter()
            .find(|field| field.ident.as_ref().is_some_and(|name| name == "body"))?;
        let ty = argument(&field.ty, "Result")?;
        let is_raw = is_named(ty, "Body")
            && matches!(ty, Type::Path(path) if path.path.segments.first().is_some_and(|first| first.ident == "reqwest"));
        let mut ty = ty.clone();
        // The builder of a type stands for the type.
        if let Type::Path(path) = &mut ty {
            let segments = path.path.segments.iter().filter(|segment| segment.ident != "builder");
            path.path.segments = segments.cloned().collect();
        }
        let at = document.resolve(&pointer::join(&operation.pointer, "requestBody"))?;
        let content = pointer::join(&at, "content");
        let (media_type, media) = document.members(&content).next()?;
        let is_json = is_json(media_type);
        let required = document.requires_body(operation) || !is_json;
        let schema = document.resolve(&pointer::join(&media, "schema"));
        let is_paginated = document.pagination(operation).is_some();
        let mut properties = schema.and_then(|schema| self.properties(document, &schema, &ty, is_paginated));
        // A few values are arguments and methods; many, or the names of parameters, are a body.
        if let Some(list) = &properties {
            let needed = list.iter().filter(|property| property.required).count();
            let taken = |property: &Property| parameters.iter().any(|parameter| parameter.method == property.method);
            let clash = list.iter().any(taken) || list.iter().any(|property| property.method == "body");
            if needed > MAX_ARGUMENTS || (needed > 0 && !required) || clash {
                properties = None;
            }
        }
        Some(Body {
            ty,
            required,
            media_type: media_type.to_owned(),
            is_raw,
            properties,
            description: document
                .text(&pointer::join(&at, "description"))
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// The fields of a struct, as the properties of a body.
    fn properties(&self, document: &Document, schema: &str, ty: &Type, is_paginated: bool) -> Option<Vec<Property>> {
        let described = described(document, schema);
        let mut found: Vec<Property> = Vec::new();
        for field in &self.fields(ty)?.named {
            let ident = field.ident.clone()?;
            let name = find::json_name(field);
            let described = described.iter().find(|(known, _)| *known == name);
            let pointer = described.map(|(_, at)| at.clone());
            // The field for properties that the schema does not name.
            let flat = pointer.is_none() && ident == "extra";
            let default = find::serde_default(&field.attrs);
            let required =
                !flat && (document.requires(schema, &name) || (default.is_none() && !find::is_option(&field.ty)));
            let stated = pointer
                .as_ref()
                .and_then(|at| document.text(&pointer::join(at, "x-name")));
            let method = names::of_parameter(stated.unwrap_or(&name), is_paginated);
            if found.iter().any(|other| other.method == method) {
                return None;
            }
            found.push(Property {
                method,
                name,
                pointer,
                field: ident,
                ty: field.ty.clone(),
                required,
                default: default.unwrap_or_else(|| parse_quote!(::std::default::Default::default())),
            });
        }
        // As the document orders them; typify sorts fields.
        let position = |property: &Property| described.iter().position(|(name, _)| *name == property.name);
        found.sort_by_key(|property| position(property).unwrap_or(usize::MAX));
        Some(found)
    }
}

/// The properties of a schema and where they are described, those of the parts that it is composed of first.
pub(crate) fn described(document: &Document, schema: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let parts = pointer::join(schema, "allOf");
    let count = document
        .get(&parts)
        .and_then(serde_json::Value::as_array)
        .map_or(0, Vec::len);
    for part in (0..count).filter_map(|index| document.resolve(&pointer::join(&parts, &index.to_string()))) {
        found.extend(self::described(document, &part));
    }
    let own = pointer::join(schema, "properties");
    found.extend(document.members(&own).map(|(name, at)| (name.to_owned(), at)));
    found
}
