//! What the document says, made ready to serve by: routes, the header of the key, schemas, and the envelope's texts.

mod operation;
mod parameters;

use std::sync::{Arc, OnceLock};

use callrounded_document::{
    Deviation, Diagnostics, Document, Pagination, Validator, Verdict, is_json, json::Json, pointer, walk::Direction,
};
use serde_json::{Map, Value, json};

use crate::{exact, filter::Filter, world::Shape};
pub(crate) use parameters::Sent;

const DOCUMENT: &str = include_str!("../openapi/calls.yaml");
// The files beside it, by their names in it.
include!(concat!(env!("OUT_DIR"), "/examples.rs"));
const DOCUMENTED_ANSWER: &str = include_str!("../openapi/examples/update_call.response.200.json");

pub(crate) struct Contract {
    pub document: Document,
    /// In lower case.
    pub key_header: Option<String>,
    pub operations: Vec<Operation>,
    pub calls: Shape,
    /// The call that the documentation shows.
    pub documented_call: Value,
}

/// An operation as the server needs it.
pub(crate) struct Operation {
    pub id: String,
    /// Where the document describes it.
    pub pointer: String,
    method: &'static str,
    /// With its parameters in braces.
    pub path: String,
    /// The parameters in path and query: where, name, pointer to the schema, and the schema ready to check with.
    sent: Vec<(In, String, String, Validator)>,
    /// The pointer to the request schema, and the schema ready to check with.
    request: Option<(String, Validator)>,
    /// The media type of requests.
    request_type: String,
    /// Whether the body must be sent.
    pub requires_body: bool,
    /// The status of success.
    status: u16,
    /// The pointer to the schema of its response, if that has a body.
    success: Option<String>,
    /// The property of that which holds the data.
    pub envelope: Option<String>,
    pub pagination: Option<Pagination>,
    /// The pointer to the schema of an item, if it lists things in pages.
    pub item: Option<String>,
    /// The filters, by the names of their parameters.
    pub filters: Vec<(String, Filter)>,
    /// An example of the response that stands in the document.
    pub example: Option<Value>,
    answers: Vec<Answer>,
    /// The names of all parameters, with the pointers to what describes them.
    #[cfg(feature = "record")]
    parameters: Vec<(String, String)>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Path,
    Query,
}

/// What a status answers.
struct Answer {
    status: String,
    media_type: String,
    /// The pointer to the schema.
    #[cfg(feature = "record")]
    schema: String,
    validator: Validator,
}

/// What a request line leads to.
pub(crate) enum Route<'a> {
    Operation(&'a Operation, Vec<String>),
    OtherMethod,
    Nowhere,
}

impl Contract {
    /// The document is one and the same, so it is read once.
    pub fn get() -> Result<Arc<Self>, String> {
        static READ: OnceLock<Result<Arc<Contract>, String>> = OnceLock::new();
        let read = || Self::read().map(Arc::new).map_err(|found| found.to_string());
        READ.get_or_init(read).clone()
    }

    fn read() -> Result<Self, Diagnostics> {
        Self::of(Document::parse("openapi/calls.yaml", DOCUMENT)?)
    }

    pub fn of(document: Document) -> Result<Self, Diagnostics> {
        let mut operations = Vec::new();
        for operation in document.operations() {
            let request_body = document.request_body(&operation);
            let request_type = request_body.as_deref().map(pointer::last).unwrap_or_default();
            let request = match request_body {
                Some(media) => {
                    let schema = pointer::join(&media, "schema");
                    let validator = document.validator(&schema, Some(Direction::Request))?;
                    Some((schema, validator))
                }
                None => None,
            };
            let success = document.success_schema(&operation);
            let (status, response) = document.success(&operation).unwrap_or_default();
            let pagination = document.pagination(&operation);
            let property = |name: &str| {
                let properties = pointer::join(success.as_deref()?, "properties");
                document.resolve(&pointer::join(&properties, name))
            };
            let item = pagination.as_ref().and_then(|pagination| {
                let list = property(&pagination.items)?;
                document.resolve(&pointer::join(&list, "items"))
            });
            let filters = document.parameters(&operation).into_iter().filter_map(|parameter| {
                let name = document.text(&pointer::join(&parameter, "name"))?;
                Some((name.to_owned(), Filter::of(&document, &parameter, item.as_deref()?)?))
            });
            let filters = filters.collect();
            let mut answers = Vec::new();
            for (status, media) in document.response_bodies(&operation) {
                let schema = pointer::join(&media, "schema");
                let validator = document.validator(&schema, Some(Direction::Response))?;
                answers.push(Answer {
                    status,
                    media_type: pointer::last(&media),
                    #[cfg(feature = "record")]
                    schema,
                    validator,
                });
            }
            let mut sent = Vec::new();
            for parameter in document.parameters(&operation) {
                let place = match document.text(&pointer::join(&parameter, "in")) {
                    Some("path") => In::Path,
                    Some("query") => In::Query,
                    _ => continue,
                };
                let name = document.text(&pointer::join(&parameter, "name"));
                let schema = pointer::join(&parameter, "schema");
                let validator = document.validator(&schema, Some(Direction::Request))?;
                sent.push((place, name.unwrap_or_default().to_owned(), schema, validator));
            }
            operations.push(Operation {
                #[cfg(feature = "record")]
                parameters: document
                    .parameters(&operation)
                    .into_iter()
                    .map(|at| {
                        let name = document.text(&pointer::join(&at, "name"));
                        (name.unwrap_or_default().to_owned(), at)
                    })
                    .collect(),
                sent,
                id: operation.id.unwrap_or_default().to_owned(),
                pointer: operation.pointer.clone(),
                method: operation.method.as_str(),
                path: operation.path.to_owned(),
                request,
                request_type,
                requires_body: document.requires_body(&operation),
                status: status.parse().unwrap_or(200),
                envelope: match &pagination {
                    Some(pagination) => Some(pagination.items.clone()),
                    None => document.envelope(&operation).map(|envelope| envelope.property),
                },
                example: example(&document, &response),
                success,
                pagination,
                item,
                filters,
                answers,
            });
        }
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
        let fitting: Vec<(&Operation, Vec<String>)> = operations
            .filter_map(|operation| Some((operation, operation.parameters(path)?)))
            .collect();
        let known = !fitting.is_empty();
        // `/calls/active` comes before `/calls/{call_id}`, as the specification states.
        let of_method = fitting.into_iter().filter(|(operation, _)| operation.method == method);
        match of_method.min_by_key(|(_, parameters)| parameters.len()) {
            Some((operation, parameters)) => Route::Operation(operation, parameters),
            None if known => Route::OtherMethod,
            None => Route::Nowhere,
        }
    }

    /// Whether the operation takes a body at all.
    pub fn takes_body(operation: &Operation) -> bool {
        operation.request.is_some()
    }

    /// In what ways a body does not fit the schema of the request. Properties that the document does not know are passed
    /// over.
    pub fn check(operation: &Operation, body: &Json) -> Vec<Deviation> {
        operation
            .request
            .as_ref()
            .map(|(_, validator)| misfits(validator, body))
            .unwrap_or_default()
    }

    /// In what ways an answer does not fit the document. Formats are passed over: the documented answer has a placeholder
    /// where a URL belongs. So is a property that is missing, unless `x-needed` names it: what a test lets the server answer need
    /// not grow with each property that the document comes to require.
    pub fn check_answer(&self, operation: &Operation, status: u16, body: &Json) -> Vec<Deviation> {
        match operation.answer(status) {
            Some(described) => self.liberally(described.validator.check(body)),
            None => Vec::new(),
        }
    }

    /// The same of a call.
    pub fn check_call(&self, call: &Json) -> Vec<Deviation> {
        let schema = self.call_schema();
        let validator = schema.and_then(|schema| self.document.validator(&schema, Some(Direction::Response)).ok());
        validator
            .map(|validator| self.liberally(validator.check(call)))
            .unwrap_or_default()
    }

    fn liberally(&self, mut found: Vec<Deviation>) -> Vec<Deviation> {
        let is_needed = |missing: &Deviation| {
            let holder = pointer::split(&missing.schema).map_or("", |(holder, _)| holder);
            let needed = self
                .document
                .get(&pointer::join(holder, "x-needed"))
                .and_then(Value::as_array);
            needed.is_some_and(|names| names.iter().any(|name| name.as_str() == missing.property.as_deref()))
        };
        found.retain(|one| match one.keyword.as_str() {
            "format" => false,
            "required" => is_needed(one),
            _ => one.verdict == Verdict::Error,
        });
        found
    }

    /// The body with the documented default of each property that is absent or null.
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

    /// The body of success: `data` in its documented envelope. Each other property has the value given in `more`, or its
    /// default, or null if it may be null, or a sample if it is required.
    pub fn success(&self, operation: &Operation, data: Value, more: &Map<String, Value>) -> Value {
        let (Some(schema), Some(property)) = (&operation.success, &operation.envelope) else {
            return data;
        };
        let sample = self.document.sample(schema);
        let defaults: Map<String, Value> = self.defaults(schema).collect();
        let envelope = self.properties(schema).filter_map(|(name, at)| {
            let value = if name == *property {
                data.clone()
            } else if let Some(value) = more.get(&name).or(defaults.get(&name)) {
                value.clone()
            } else if self.may_be_null(&at) {
                Value::Null
            } else if operation
                .pagination
                .as_ref()
                .is_some_and(|pagination| pagination.next == name)
            {
                // There is no next page.
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

    /// The pointer to the schema of the calls that the server has: that of the data of the answer to `get_call`.
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

/// The call that the documentation shows, with a sample in place of what the document contradicts by now.
fn documented_call(document: &Document, schema: Option<&str>) -> Value {
    let answer = exact::read(DOCUMENTED_ANSWER).unwrap_or_default();
    let mut call = answer.get("data").cloned().unwrap_or_default();
    let Some(schema) = schema else { return call };
    for (name, value) in call.as_object_mut().into_iter().flatten() {
        let property = pointer::join(&pointer::join(schema, "properties"), name);
        let Ok(validator) = document.validator(&property, Some(Direction::Response)) else {
            continue;
        };
        let contradicts =
            |one: &Deviation| one.verdict == Verdict::Error && !matches!(one.keyword.as_str(), "format" | "required");
        if validator.check(&exact::json(value)).iter().any(contradicts) {
            *value = document.sample(&property);
        }
    }
    call
}

/// The first example of the JSON of a response that stands in the document itself.
fn example(document: &Document, response: &str) -> Option<Value> {
    let content = pointer::join(response, "content");
    let (_, media) = document.members(&content).find(|(name, _)| is_json(name))?;
    if let Some(example) = document.get(&pointer::join(&media, "example")) {
        return Some(example.clone());
    }
    let examples = pointer::join(&media, "examples");
    let mut examples = document.members(&examples);
    examples.find_map(|(_, at)| {
        let at = document.resolve(&at)?;
        document.get(&pointer::join(&at, "value")).cloned()
    })
}

/// The value of an example, which may be in a file beside the document.
pub(crate) fn example_of(document: &Document, at: &str) -> Option<Value> {
    let at = document.resolve(at)?;
    if let Some(value) = document.get(&pointer::join(&at, "value")) {
        return Some(value.clone());
    }
    let file = document.text(&pointer::join(&at, "externalValue"))?;
    let (_, text) = EXAMPLES.iter().find(|(name, _)| *name == file)?;
    exact::read(text)
}

fn misfits(validator: &Validator, value: &Json) -> Vec<Deviation> {
    let mut found = validator.check(value);
    found.retain(|one| one.verdict == Verdict::Error || one.keyword == "enum");
    found
}

#[cfg(test)]
mod tests;
