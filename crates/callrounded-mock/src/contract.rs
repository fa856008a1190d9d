//! The parts of the document that the server needs: routes, the API key header, schemas, and the defaults of the
//! envelope.

mod operation;
mod parameters;

use std::sync::{Arc, OnceLock};

use callrounded_document::{
    Diagnostics, Document, Mismatch, Pagination, Validator, Verdict, json::Json, pointer, traverse::Direction,
};
use serde_json::{Map, Value, json};

use crate::{calls::Shape, exact, filter::Filter};
pub(crate) use parameters::Parameters;

const DOCUMENT: &str = include_str!("../openapi/calls.yaml");
// The example files next to the document, by the paths by which it refers to them.
include!(concat!(env!("OUT_DIR"), "/examples.rs"));
const DOCUMENTED_RESPONSE: &str = include_str!("../openapi/examples/update_call.response.200.json");

pub(crate) struct Contract {
    pub document: Document,
    /// The name of the API key header, in lower case.
    pub key_header: Option<String>,
    pub operations: Vec<Operation>,
    pub calls: Shape,
    /// The call of the documentation.
    pub documented_call: Value,
}

/// An operation of the document.
pub(crate) struct Operation {
    pub id: String,
    /// The pointer to its description in the document.
    pub pointer: String,
    method: &'static str,
    /// The path template, with parameters in braces.
    pub path: String,
    /// The parameters in path and query: location, name, pointer to the schema, and its validator.
    parameters: Vec<(In, String, String, Validator)>,
    /// The pointer to the request schema, and its validator.
    request: Option<(String, Validator)>,
    /// The media type of requests.
    request_type: String,
    /// Whether the body is required.
    pub requires_body: bool,
    /// The status of success.
    status: u16,
    /// The pointer to the schema of the successful response, if it has a body.
    success: Option<String>,
    /// The property of the successful response that holds the data.
    pub envelope: Option<String>,
    pub pagination: Option<Pagination>,
    /// The pointer to the schema of an item, if the operation is a paginated list.
    pub item: Option<String>,
    /// The filters, by the names of their parameters.
    pub filters: Vec<(String, Filter)>,
    /// An example of the successful response that is part of the document itself.
    pub example: Option<Value>,
    responses: Vec<DocumentedResponse>,
    /// The names of all parameters, with the pointers to their descriptions.
    #[cfg(feature = "record")]
    parameter_pointers: Vec<(String, String)>,
}

/// The location of a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Path,
    Query,
}

/// The documented response with a status.
struct DocumentedResponse {
    status: String,
    media_type: String,
    /// The pointer to its schema.
    #[cfg(feature = "record")]
    schema: String,
    validator: Validator,
}

/// The result of routing a request.
pub(crate) enum Route<'a> {
    /// An operation, with the values in the path, in order.
    Operation(&'a Operation, Vec<String>),
    MethodNotAllowed,
    NotFound,
}

impl Contract {
    /// Returns the contract of the embedded document, which is parsed once per process.
    pub fn get() -> Result<Arc<Self>, String> {
        static READ: OnceLock<Result<Arc<Contract>, String>> = OnceLock::new();
        let read = || Self::read().map(Arc::new).map_err(|errors| errors.to_string());
        READ.get_or_init(read).clone()
    }

    fn read() -> Result<Self, Diagnostics> {
        Self::of(Document::parse("openapi/calls.yaml", DOCUMENT)?)
    }

    pub fn of(document: Document) -> Result<Self, Diagnostics> {
        let operations = document.operations().into_iter();
        let operations = operations.map(|operation| Operation::of(&document, &operation));
        let operations = operations.collect::<Result<_, _>>()?;
        let key_header = document.api_key_header().map(str::to_ascii_lowercase);
        let mut contract = Self {
            key_header,
            operations,
            document,
            calls: Shape::default(),
            documented_call: Value::Null,
        };
        let schema = contract.call_schema();
        contract.calls = Shape::of(&contract.document, schema.as_deref());
        contract.documented_call = documented_call(&contract.document, schema.as_deref());
        Ok(contract)
    }

    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    pub fn route(&self, method: &str, path: &str) -> Route<'_> {
        let operations = self.operations.iter();
        let matching: Vec<(&Operation, Vec<String>)> = operations
            .filter_map(|operation| Some((operation, operation.match_path(path)?)))
            .collect();
        let path_exists = !matching.is_empty();
        // `/calls/active` takes precedence over `/calls/{call_id}`, as the OpenAPI specification requires.
        let of_method = matching.into_iter().filter(|(operation, _)| operation.method == method);
        match of_method.min_by_key(|(_, values)| values.len()) {
            Some((operation, values)) => Route::Operation(operation, values),
            None if path_exists => Route::MethodNotAllowed,
            None => Route::NotFound,
        }
    }

    /// Checks whether the operation takes a body.
    pub fn takes_body(operation: &Operation) -> bool {
        operation.request.is_some()
    }

    /// Returns the violations of the request schema in a body. Properties that the document does not describe are
    /// ignored.
    pub fn check_request(operation: &Operation, body: &Json) -> Vec<Mismatch> {
        operation
            .request
            .as_ref()
            .map(|(_, validator)| violations(validator, body))
            .unwrap_or_default()
    }

    /// Returns the violations of the document in a response body. Formats are not checked: the documented response has
    /// a placeholder in place of a URL. A missing property is a violation only if `x-needed` lists it, so that the
    /// responses of existing tests stay valid when the document requires new properties.
    pub fn check_response(&self, operation: &Operation, status: u16, body: &Json) -> Vec<Mismatch> {
        match operation.response(status) {
            Some(documented) => self.without_tolerated(documented.validator.check(body)),
            None => Vec::new(),
        }
    }

    /// Returns the violations of the document in a call, by the rules of [`check_response`](Self::check_response).
    pub fn check_call(&self, call: &Json) -> Vec<Mismatch> {
        let schema = self.call_schema();
        let validator = schema.and_then(|schema| self.document.validator(&schema, Some(Direction::Response)).ok());
        validator
            .map(|validator| self.without_tolerated(validator.check(call)))
            .unwrap_or_default()
    }

    fn without_tolerated(&self, mut violations: Vec<Mismatch>) -> Vec<Mismatch> {
        let is_needed = |missing: &Mismatch| {
            let holder = pointer::split(&missing.schema).map_or("", |(holder, _)| holder);
            let needed = self
                .document
                .get(&pointer::join(holder, "x-needed"))
                .and_then(Value::as_array);
            needed.is_some_and(|names| names.iter().any(|name| name.as_str() == missing.property.as_deref()))
        };
        violations.retain(|violation| match violation.keyword.as_str() {
            "format" => false,
            "required" => is_needed(violation),
            _ => violation.verdict == Verdict::Error,
        });
        violations
    }

    /// Sets each property of the body that is absent or null to its documented default.
    pub fn with_defaults(&self, operation: &Operation, mut body: Value) -> Value {
        let schema = operation.request.as_ref().map(|(schema, _)| schema.as_str());
        if let (Some(schema), Some(body)) = (schema, body.as_object_mut()) {
            for (name, default) in self.defaults(schema) {
                let value = body.entry(name).or_insert(Value::Null);
                if value.is_null() {
                    *value = default;
                }
            }
        }
        body
    }

    /// Returns the body of a successful response: `data` in its documented envelope. Each other property has its value
    /// in `others`, or else its default, or null if it may be null, or a sample if it is required.
    pub fn success(&self, operation: &Operation, data: Value, others: &Map<String, Value>) -> Value {
        let (Some(schema), Some(property)) = (&operation.success, &operation.envelope) else {
            return data;
        };
        let sample = self.document.sample(schema);
        let defaults: Map<String, Value> = self.defaults(schema).collect();
        let envelope = self.properties(schema).filter_map(|(name, at)| {
            let value = if name == *property {
                data.clone()
            } else if let Some(value) = others.get(&name).or(defaults.get(&name)) {
                value.clone()
            } else if self.may_be_null(&at) {
                Value::Null
            } else if operation
                .pagination
                .as_ref()
                .is_some_and(|pagination| pagination.next == name)
            {
                // This is the last page.
                return None;
            } else {
                sample.get(&name)?.clone()
            };
            Some((name, value))
        });
        Value::Object(envelope.collect())
    }

    fn may_be_null(&self, at: &str) -> bool {
        let keyword = |name: &str| self.document.get(&pointer::join(at, name));
        let allows_null = |list: &Value| {
            let branches = list.as_array().into_iter().flatten();
            branches
                .into_iter()
                .any(|branch| branch.get("enum") == Some(&json!([null])))
        };
        keyword("nullable") == Some(&Value::Bool(true))
            || keyword("oneOf").or(keyword("anyOf")).is_some_and(allows_null)
            || ["type", "oneOf", "anyOf", "allOf", "$ref", "enum"]
                .iter()
                .all(|name| keyword(name).is_none())
    }

    /// Returns the pointer to the schema of a call: that of the data in the response to `get_call`.
    fn call_schema(&self) -> Option<String> {
        let operation = self.operations.iter().find(|operation| operation.id == "get_call")?;
        let schema = operation.success.as_ref()?;
        let (_, data) = self.properties(schema).find(|(name, _)| name == "data")?;
        self.document.resolve(&data)
    }

    fn properties(&self, schema: &str) -> impl Iterator<Item = (String, String)> {
        let properties = self
            .document
            .resolve(schema)
            .map(|schema| pointer::join(&schema, "properties"));
        let properties = properties.unwrap_or_default();
        let members: Vec<(String, String)> = self
            .document
            .members(&properties)
            .map(|(name, at)| (name.to_owned(), at))
            .collect();
        members.into_iter()
    }

    fn defaults(&self, schema: &str) -> impl Iterator<Item = (String, Value)> {
        self.properties(schema)
            .filter_map(|(name, at)| Some((name, self.document.get(&pointer::join(&at, "default"))?.clone())))
    }
}

/// Returns the call of the documentation. Properties that the current document contradicts are replaced by samples.
fn documented_call(document: &Document, schema: Option<&str>) -> Value {
    let response = exact::read(DOCUMENTED_RESPONSE).unwrap_or_default();
    let mut call = response.get("data").cloned().unwrap_or_default();
    let Some(schema) = schema else { return call };
    for (name, value) in call.as_object_mut().into_iter().flatten() {
        let property = pointer::join(&pointer::join(schema, "properties"), name);
        let Ok(validator) = document.validator(&property, Some(Direction::Response)) else {
            continue;
        };
        let contradicts = |violation: &Mismatch| {
            violation.verdict == Verdict::Error && !matches!(violation.keyword.as_str(), "format" | "required")
        };
        if validator.check(&exact::json(value)).iter().any(contradicts) {
            *value = document.sample(&property);
        }
    }
    call
}

/// Returns the value of an example, which may be in a file next to the document.
pub(crate) fn example_of(document: &Document, at: &str) -> Option<Value> {
    let at = document.resolve(at)?;
    if let Some(value) = document.get(&pointer::join(&at, "value")) {
        return Some(value.clone());
    }
    let file = document.get_str(&pointer::join(&at, "externalValue"))?;
    let (_, text) = EXAMPLES.iter().find(|(name, _)| *name == file)?;
    exact::read(text).ok()
}

fn violations(validator: &Validator, value: &Json) -> Vec<Mismatch> {
    let mut violations = validator.check(value);
    violations.retain(|violation| violation.verdict == Verdict::Error || violation.keyword == "enum");
    violations
}

#[cfg(test)]
mod tests;
