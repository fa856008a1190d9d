//! The objects of OpenAPI: which fields each has, and what those hold. A field is told by its position, never by its name
//! alone: a property may be called `required`, an example may hold a member called `schema`.

use serde_json::Value;

use crate::{document::Document, pointer};

/// An object of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names are those of the specification.
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

/// How a field holds objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is one.
    One(Object),
    /// It is a list of them, or a map whose names are free.
    Each(Object),
    /// It holds none.
    Nothing,
}

impl Object {
    /// What a person calls it.
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
            Self::ExternalDocs => "link to documentation",
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
            Self::OAuthFlows => "list of flows",
            Self::OAuthFlow => "flow",
        }
    }

    /// The section of the components that such objects stand in; `None` where they have none in 3.0.
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

    /// The fields that it has in OpenAPI 3.0, beside extensions; `None` where names are free.
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

    /// Whether a member of a map of these is one: any name may be that of a property, others that begin with `x-` are
    /// extensions.
    fn may_be_called(self, name: &str) -> bool {
        self == Self::Schema || !name.starts_with("x-")
    }

    /// What a field holds. Of schemas and of what stands around them this is true of 3.1 too.
    #[must_use]
    pub fn held(self, field: &str) -> Held {
        use Held::{Each, Nothing, One};
        if field.starts_with("x-") {
            return Nothing;
        }
        match (self, field) {
            (Self::Document, "info") => One(Self::Info),
            (Self::Info, "contact") => One(Self::Contact),
            (Self::Info, "license") => One(Self::License),
            (Self::Document | Self::PathItem | Self::Operation, "servers") => Each(Self::Server),
            (Self::Link, "server") => One(Self::Server),
            (Self::Server, "variables") => Each(Self::ServerVariable),
            (Self::Document, "tags") => Each(Self::Tag),
            (Self::Document | Self::Operation | Self::Tag | Self::Schema, "externalDocs") => One(Self::ExternalDocs),
            (Self::Document, "paths" | "webhooks") | (Self::Components, "pathItems") => Each(Self::PathItem),
            (Self::Document, "components") => One(Self::Components),
            (Self::Components, "schemas") => Each(Self::Schema),
            (Self::Components, "requestBodies") => Each(Self::RequestBody),
            (Self::Components, "securitySchemes") => Each(Self::SecurityScheme),
            (Self::SecurityScheme, "flows") => One(Self::OAuthFlows),
            (Self::OAuthFlows, _) => One(Self::OAuthFlow),
            (Self::Components | Self::PathItem | Self::Operation, "parameters") => Each(Self::Parameter),
            (Self::Components | Self::Operation, "responses") => Each(Self::Response),
            (Self::Components | Self::Operation, "callbacks") => Each(Self::Callback),
            (Self::Components | Self::Response | Self::Encoding, "headers") => Each(Self::Header),
            (Self::Components | Self::Response, "links") => Each(Self::Link),
            (Self::Components | Self::Parameter | Self::Header | Self::MediaType, "examples") => Each(Self::Example),
            (Self::PathItem, "summary" | "description" | "$ref") => Nothing,
            (Self::PathItem, _) => One(Self::Operation),
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Callback, _) => One(Self::PathItem),
            (Self::Parameter | Self::Header | Self::MediaType, "schema") | (Self::MediaType, "itemSchema") => {
                One(Self::Schema)
            }
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => Each(Self::MediaType),
            (Self::MediaType, "encoding") => Each(Self::Encoding),
            (Self::Schema, "default" | "enum" | "const" | "example" | "examples") => Nothing,
            (Self::Schema, "discriminator") => One(Self::Discriminator),
            (Self::Schema, "xml") => One(Self::Xml),
            (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" | "allOf" | "anyOf"
                | "oneOf" | "prefixItems",
            ) => Each(Self::Schema),
            (Self::Schema, _) => One(Self::Schema),
            _ => Nothing,
        }
    }
}

/// Every object of a document with its pointer, outer before inner. References are not followed.
#[must_use]
pub fn objects(document: &Document) -> Vec<(String, Object)> {
    let mut found = Vec::new();
    gather(
        String::new(),
        &mut document.value().clone(),
        Object::Document,
        &mut found,
    );
    found
}

fn gather(at: String, value: &mut Value, object: Object, found: &mut Vec<(String, Object)>) {
    let Some(members) = value.as_object() else { return };
    found.push((at.clone(), object));
    if members.contains_key("$ref") && object != Object::PathItem {
        return;
    }
    for (name, object, value) in inside(value, object) {
        gather(format!("{at}{name}"), value, object, found);
    }
}

/// The objects right inside of an object, each with its pointer below that.
pub fn inside(value: &mut Value, object: Object) -> Vec<(String, Object, &mut Value)> {
    let mut found = Vec::new();
    for (name, value) in value.as_object_mut().into_iter().flatten() {
        let at = pointer::join("", name);
        match (object.held(name), value) {
            (Held::One(object), value @ Value::Object(_)) => found.push((at, object, value)),
            (Held::One(object) | Held::Each(object), Value::Array(items)) => {
                let items = items.iter_mut().enumerate();
                found.extend(items.map(|(index, item)| (pointer::join(&at, &index.to_string()), object, item)));
            }
            (Held::Each(object), Value::Object(members)) => {
                let members = members.iter_mut().filter(|(name, _)| object.may_be_called(name));
                found.extend(members.map(|(name, value)| (pointer::join(&at, name), object, value)));
            }
            _ => {}
        }
    }
    found
}
