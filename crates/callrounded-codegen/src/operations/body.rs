//! The body of a request: its type, and the properties that are set individually.

use callrounded_document::{Document, Operation, is_json, pointer};
use syn::{Expr, Ident, ItemStruct, Type, parse_quote};

use super::{
    model::{Model, Parameter, argument, is_named},
    names,
};
use crate::steps::find;

/// The body of the requests of an operation.
pub(crate) struct Body {
    pub ty: Type,
    pub required: bool,
    pub media_type: String,
    /// Whether the type cannot be cloned, for example because the body may be a stream.
    pub is_raw: bool,
    /// The properties that are set individually; `None` if the body is passed as a whole.
    pub properties: Option<Vec<Property>>,
    pub description: String,
}

/// A property of a body.
pub(crate) struct Property {
    /// Its name in the document.
    pub name: String,
    /// The pointer to its schema; `None` if the schema of the body does not name it.
    pub pointer: Option<String>,
    pub field: Ident,
    pub ty: Type,
    pub required: bool,
    /// The value of the field if the property is not set.
    pub default: Expr,
    /// The method that sets it.
    pub method: String,
}

/// The maximum number of required properties that are passed as arguments. If there are more, the body is passed as a
/// whole.
const MAX_ARGUMENTS: usize = 4;

impl Model {
    /// Returns the body of an operation, if it has one.
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
        // progenitor takes the builder of a type: `types::builder::Thing` becomes `types::Thing`.
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
        // A few properties become arguments and methods. With many, or a name that a parameter has, the body is passed
        // as a whole.
        if let Some(list) = &properties {
            let required_count = list.iter().filter(|property| property.required).count();
            let taken = |property: &Property| parameters.iter().any(|parameter| parameter.method == property.method);
            let clash = list.iter().any(taken) || list.iter().any(|property| property.method == "body");
            if required_count > MAX_ARGUMENTS || (required_count > 0 && !required) || clash {
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
                .get_str(&pointer::join(&at, "description"))
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// Returns the properties of a body from the fields of its struct. `None` if two would have the same method.
    fn properties(&self, document: &Document, schema: &str, ty: &Type, is_paginated: bool) -> Option<Vec<Property>> {
        let documented = documented_properties(document, schema);
        let mut found: Vec<Property> = Vec::new();
        for field in &self.fields(ty)?.named {
            let ident = field.ident.clone()?;
            let name = find::json_key(field);
            let pointer = documented
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, at)| at.clone());
            // The field for properties that the schema does not name.
            let is_extra = pointer.is_none() && ident == "extra";
            let default = find::serde_default(&field.attrs);
            let required =
                !is_extra && (document.requires(schema, &name) || (default.is_none() && !find::is_option(&field.ty)));
            let stated = pointer
                .as_ref()
                .and_then(|at| document.get_str(&pointer::join(at, "x-name")));
            let method = names::parameter_method(stated.unwrap_or(&name), is_paginated);
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
        // In the order of the document; typify sorts fields.
        let position = |property: &Property| documented.iter().position(|(name, _)| *name == property.name);
        found.sort_by_key(|property| position(property).unwrap_or(usize::MAX));
        Some(found)
    }
}

/// Returns the names of the properties of a schema and the pointers to them. Those of its `allOf` parts come first.
pub(crate) fn documented_properties(document: &Document, schema: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let parts = pointer::join(schema, "allOf");
    for part in document.items(&parts).filter_map(|at| document.resolve(&at)) {
        found.extend(documented_properties(document, &part));
    }
    let own = pointer::join(schema, "properties");
    found.extend(document.members(&own).map(|(name, at)| (name.to_owned(), at)));
    found
}
