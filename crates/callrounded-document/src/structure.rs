//! The objects of OpenAPI, their fields, and the objects in these fields. Objects are found by position, never by name:
//! a property may be named `required`, and an example may have a member named `schema`.

use serde_json::Value;

use crate::{document::Document, pointer};

/// A kind of object that OpenAPI defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The variants are named as in the specification.
pub enum Object {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
}

/// The content of a field of an [`Object`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldContent {
    /// One object.
    One(Object),
    /// An array of objects, or a map from arbitrary keys to objects.
    Many(Object),
    /// No object.
    Other,
}

impl Object {
    /// Returns the name of the object for messages, such as `request body`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Info => "info object",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::Components => "components object",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::ExternalDocs => "external documentation object",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Response => "response",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::Header => "header",
            Self::Tag => "tag",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "xml object",
            Self::SecurityScheme => "security scheme",
            Self::OAuthFlows => "OAuth flows object",
            Self::OAuthFlow => "OAuth flow",
        }
    }

    /// Returns the section of `components` for such objects, or `None` if OpenAPI 3.0 has none.
    #[must_use]
    pub fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            _ => return None,
        })
    }

    /// Returns its fields in OpenAPI 3.0, without extensions, or `None` if it is a map with arbitrary keys.
    #[must_use]
    pub fn fields(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Document => &[
                "openapi",
                "info",
                "servers",
                "paths",
                "components",
                "security",
                "tags",
                "externalDocs",
            ],
            Self::Info => &[
                "title",
                "description",
                "termsOfService",
                "contact",
                "license",
                "version",
            ],
            Self::Contact => &["name", "url", "email"],
            Self::License => &["name", "url"],
            Self::Server => &["url", "description", "variables"],
            Self::ServerVariable => &["enum", "default", "description"],
            Self::Components => &[
                "schemas",
                "responses",
                "parameters",
                "examples",
                "requestBodies",
                "headers",
                "securitySchemes",
                "links",
                "callbacks",
            ],
            Self::PathItem => &[
                "$ref",
                "summary",
                "description",
                "get",
                "put",
                "post",
                "delete",
                "options",
                "head",
                "patch",
                "trace",
                "servers",
                "parameters",
            ],
            Self::Operation => &[
                "tags",
                "summary",
                "description",
                "externalDocs",
                "operationId",
                "parameters",
                "requestBody",
                "responses",
                "callbacks",
                "deprecated",
                "security",
                "servers",
            ],
            Self::ExternalDocs => &["description", "url"],
            Self::Parameter => &[
                "name",
                "in",
                "description",
                "required",
                "deprecated",
                "allowEmptyValue",
                "style",
                "explode",
                "allowReserved",
                "schema",
                "example",
                "examples",
                "content",
            ],
            Self::RequestBody => &["description", "content", "required"],
            Self::MediaType => &["schema", "example", "examples", "encoding"],
            Self::Encoding => &["contentType", "headers", "style", "explode", "allowReserved"],
            Self::Response => &["description", "headers", "content", "links"],
            Self::Example => &["summary", "description", "value", "externalValue"],
            Self::Link => &[
                "operationRef",
                "operationId",
                "parameters",
                "requestBody",
                "description",
                "server",
            ],
            // It may name itself and where it goes, which counts for nothing.
            Self::Header => Self::Parameter.fields()?,
            Self::Tag => &["name", "description", "externalDocs"],
            Self::Schema => &[
                "title",
                "multipleOf",
                "maximum",
                "exclusiveMaximum",
                "minimum",
                "exclusiveMinimum",
                "maxLength",
                "minLength",
                "pattern",
                "maxItems",
                "minItems",
                "uniqueItems",
                "maxProperties",
                "minProperties",
                "required",
                "enum",
                "type",
                "allOf",
                "oneOf",
                "anyOf",
                "not",
                "items",
                "properties",
                "additionalProperties",
                "description",
                "format",
                "default",
                "nullable",
                "discriminator",
                "readOnly",
                "writeOnly",
                "xml",
                "externalDocs",
                "example",
                "deprecated",
            ],
            Self::Discriminator => &["propertyName", "mapping"],
            Self::Xml => &["name", "namespace", "prefix", "attribute", "wrapped"],
            Self::SecurityScheme => &[
                "type",
                "description",
                "name",
                "in",
                "scheme",
                "bearerFormat",
                "flows",
                "openIdConnectUrl",
            ],
            Self::OAuthFlows => &["implicit", "password", "clientCredentials", "authorizationCode"],
            Self::OAuthFlow => &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
            Self::Callback => return None,
        })
    }

    /// Checks whether a key in a map of such objects is the key of an object. Keys that start with `x-` are extensions,
    /// except in maps of schemas: a property may have any name.
    fn is_key(self, key: &str) -> bool {
        self == Self::Schema || !key.starts_with("x-")
    }

    /// Returns the content of a field. Covers OpenAPI 3.0, and for schemas and the objects that contain them also 3.1.
    #[must_use]
    pub fn field_content(self, field: &str) -> FieldContent {
        use FieldContent::{Many, One, Other};
        if field.starts_with("x-") {
            return Other;
        }
        match (self, field) {
            (Self::Document, "info") => One(Self::Info),
            (Self::Info, "contact") => One(Self::Contact),
            (Self::Info, "license") => One(Self::License),
            (Self::Document | Self::PathItem | Self::Operation, "servers") => Many(Self::Server),
            (Self::Link, "server") => One(Self::Server),
            (Self::Server, "variables") => Many(Self::ServerVariable),
            (Self::Document, "tags") => Many(Self::Tag),
            (Self::Document | Self::Operation | Self::Tag | Self::Schema, "externalDocs") => One(Self::ExternalDocs),
            (Self::Document, "paths" | "webhooks") | (Self::Components, "pathItems") => Many(Self::PathItem),
            (Self::Document, "components") => One(Self::Components),
            (Self::Components, "schemas") => Many(Self::Schema),
            (Self::Components, "requestBodies") => Many(Self::RequestBody),
            (Self::Components, "securitySchemes") => Many(Self::SecurityScheme),
            (Self::SecurityScheme, "flows") => One(Self::OAuthFlows),
            (Self::OAuthFlows, _) => One(Self::OAuthFlow),
            (Self::Components | Self::PathItem | Self::Operation, "parameters") => Many(Self::Parameter),
            (Self::Components | Self::Operation, "responses") => Many(Self::Response),
            (Self::Components | Self::Operation, "callbacks") => Many(Self::Callback),
            (Self::Components | Self::Response | Self::Encoding, "headers") => Many(Self::Header),
            (Self::Components | Self::Response, "links") => Many(Self::Link),
            (Self::Components | Self::Parameter | Self::Header | Self::MediaType, "examples") => Many(Self::Example),
            (Self::PathItem, "summary" | "description" | "$ref") => Other,
            (Self::PathItem, _) => One(Self::Operation),
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Callback, _) => One(Self::PathItem),
            (Self::Parameter | Self::Header | Self::MediaType, "schema") | (Self::MediaType, "itemSchema") => {
                One(Self::Schema)
            }
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => Many(Self::MediaType),
            (Self::MediaType, "encoding") => Many(Self::Encoding),
            (Self::Schema, "default" | "enum" | "const" | "example" | "examples") => Other,
            (Self::Schema, "discriminator") => One(Self::Discriminator),
            (Self::Schema, "xml") => One(Self::Xml),
            (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" | "allOf" | "anyOf"
                | "oneOf" | "prefixItems",
            ) => Many(Self::Schema),
            (Self::Schema, _) => One(Self::Schema),
            _ => Other,
        }
    }
}

/// Returns all objects of a document with their JSON pointers. An object comes before the objects in it. References are
/// not followed.
#[must_use]
pub fn objects(document: &Document) -> Vec<(String, Object)> {
    let mut found = Vec::new();
    collect(
        String::new(),
        &mut document.value().clone(),
        Object::Document,
        &mut found,
    );
    found
}

fn collect(at: String, value: &mut Value, object: Object, found: &mut Vec<(String, Object)>) {
    let Some(members) = value.as_object() else { return };
    found.push((at.clone(), object));
    if members.contains_key("$ref") && object != Object::PathItem {
        return;
    }
    for (pointer, object, value) in children_mut(value, object) {
        collect(format!("{at}{pointer}"), value, object, found);
    }
}

/// Returns the objects in the fields of an object, each with its JSON pointer relative to that object.
pub fn children_mut(value: &mut Value, object: Object) -> Vec<(String, Object, &mut Value)> {
    let mut found = Vec::new();
    for (field, value) in value.as_object_mut().into_iter().flatten() {
        let at = pointer::join("", field);
        match (object.field_content(field), value) {
            (FieldContent::One(object), value @ Value::Object(_)) => found.push((at, object, value)),
            (FieldContent::One(object) | FieldContent::Many(object), Value::Array(items)) => {
                let items = items.iter_mut().enumerate();
                found.extend(items.map(|(index, item)| (pointer::join(&at, &index.to_string()), object, item)));
            }
            (FieldContent::Many(object), Value::Object(members)) => {
                let members = members.iter_mut().filter(|(key, _)| object.is_key(key));
                found.extend(members.map(|(key, value)| (pointer::join(&at, key), object, value)));
            }
            _ => {}
        }
    }
    found
}
