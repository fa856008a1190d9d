//! What the document says, made ready to serve by: routes, the header of the key, schemas, and the envelope's texts.

use callrounded_document::{
    Deviation, Diagnostics, Document, Validator, Verdict, json::Json, pointer, walk::Direction,
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

const DOCUMENT: &str = include_str!("../openapi/calls.yaml");
const DOCUMENTED_ANSWER: &str = include_str!("../openapi/examples/update_call.response.200.json");

pub(crate) struct Contract {
    pub document: Document,
    /// In lower case.
    pub key_header: Option<String>,
    pub operations: Vec<Operation>,
}

/// An operation as the server needs it.
pub(crate) struct Operation {
    pub id: String,
    method: &'static str,
    /// With its parameters in braces.
    pub path: String,
    /// The query parameters: name, pointer to the schema, and the schema ready to check with.
    query: Vec<(String, String, Validator)>,
    /// The pointer to the request schema, and the schema ready to check with.
    request: Option<(String, Validator)>,
    /// The status of success and the pointer to the schema of its answer.
    success: Option<(u16, String)>,
    /// What each status answers: the pointer to the schema, and the schema ready to check with.
    answers: Vec<(String, String, Validator)>,
    /// The names of all parameters, with the pointers to what describes them.
    #[cfg(feature = "record")]
    parameters: Vec<(String, String)>,
}

/// What a request line leads to.
pub(crate) enum Route<'a> {
    Operation(&'a Operation, Vec<String>),
    OtherMethod,
    Nowhere,
}

impl Contract {
    pub fn read() -> Result<Self, Diagnostics> {
        let document = Document::parse("openapi/calls.yaml", DOCUMENT)?;
        let mut operations = Vec::new();
        for operation in document.operations() {
            let request = match document.request_body(&operation) {
                Some(media) => {
                    let schema = pointer::join(&media, "schema");
                    let validator = document.validator(&schema, Some(Direction::Request))?;
                    Some((schema, validator))
                }
                None => None,
            };
            let success = document
                .response_bodies(&operation)
                .into_iter()
                .find_map(|(status, media)| {
                    let status = status.parse().ok().filter(|status| (200..300).contains(status))?;
                    Some((status, pointer::join(&media, "schema")))
                });
            let mut answers = Vec::new();
            for (status, media) in document.response_bodies(&operation) {
                let schema = pointer::join(&media, "schema");
                let validator = document.validator(&schema, Some(Direction::Response))?;
                answers.push((status, schema, validator));
            }
            let mut query = Vec::new();
            for parameter in document.parameters(&operation) {
                if document.text(&pointer::join(&parameter, "in")) == Some("query") {
                    let name = document
                        .text(&pointer::join(&parameter, "name"))
                        .unwrap_or_default()
                        .to_owned();
                    let schema = pointer::join(&parameter, "schema");
                    let validator = document.validator(&schema, Some(Direction::Request))?;
                    query.push((name, schema, validator));
                }
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
                query,
                id: operation.id.unwrap_or_default().to_owned(),
                method: operation.method.as_str(),
                path: operation.path.to_owned(),
                request,
                success,
                answers,
            });
        }
        let key_header = document.api_key_header().map(str::to_ascii_lowercase);
        Ok(Self {
            key_header,
            operations,
            document,
        })
    }

    /// The call that the documentation shows.
    pub fn documented_call() -> Value {
        let answer: Value = serde_json::from_str(DOCUMENTED_ANSWER).unwrap_or_default();
        answer.get("data").cloned().unwrap_or_default()
    }

    pub fn route(&self, method: &str, path: &str) -> Route<'_> {
        let mut known = false;
        for operation in &self.operations {
            if let Some(parameters) = operation.parameters(path) {
                if operation.method == method {
                    return Route::Operation(operation, parameters);
                }
                known = true;
            }
        }
        if known { Route::OtherMethod } else { Route::Nowhere }
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
    /// where a URL belongs.
    pub fn check_answer(operation: &Operation, status: u16, body: &Value) -> Vec<Deviation> {
        let status = status.to_string();
        let described = operation.answers.iter().find(|(of, ..)| *of == status);
        let Some((.., validator)) = described else {
            return Vec::new();
        };
        let mut found = validator.check(&Json::of(body));
        found.retain(|one| one.verdict == Verdict::Error && one.keyword != "format");
        found
    }

    /// The path parameters by their names.
    pub fn named(operation: &Operation, values: &[String]) -> Map<String, Value> {
        let names = operation
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let values = values.iter().map(|value| Value::String(value.clone()));
        names.map(str::to_owned).zip(values).collect()
    }

    /// The query as JSON, each parameter of its documented type, with the documented defaults; or what does not fit.
    /// Parameters that the document does not know are passed over.
    pub fn query(&self, operation: &Operation, query: &str) -> Result<Map<String, Value>, Vec<Deviation>> {
        let (mut values, mut findings) = (Map::new(), Vec::new());
        for (name, schema, validator) in &operation.query {
            let given = query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(given, _)| given == name);
            let resolved = self.document.resolve(schema).unwrap_or_default();
            let Some((_, text)) = given else {
                let default = self.document.get(&pointer::join(&resolved, "default"));
                values.extend(default.map(|default| (name.clone(), default.clone())));
                continue;
            };
            let text = percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned();
            let value = match self.document.text(&pointer::join(&resolved, "type")) {
                Some("integer" | "number" | "boolean") => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                _ => Value::String(text),
            };
            for mut finding in misfits(validator, &Json::of(&value)) {
                finding.pointer = pointer::join("", name);
                findings.push(finding);
            }
            values.insert(name.clone(), value);
        }
        if findings.is_empty() { Ok(values) } else { Err(findings) }
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

    /// The status of success and the documented envelope around `data`: each other property has the value given in
    /// `more`, or its default, or null.
    pub fn success(&self, operation: &Operation, data: Value, more: &Map<String, Value>) -> (u16, Value) {
        let Some((status, schema)) = &operation.success else {
            return (200, data);
        };
        let defaults: Map<String, Value> = self.defaults(schema).collect();
        let envelope = self.properties(schema).map(|(name, _)| {
            let value = match name.as_str() {
                "data" => data.clone(),
                _ => more.get(&name).or(defaults.get(&name)).cloned().unwrap_or_default(),
            };
            (name, value)
        });
        (*status, Value::Object(envelope.collect()))
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

impl Operation {
    /// The status of success; 200 where the document names none with a body.
    pub fn success_status(&self) -> u16 {
        self.success.as_ref().map_or(200, |(status, _)| *status)
    }

    /// The pointer to what describes a parameter.
    #[cfg(feature = "record")]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(of, _)| of == name);
        found.map(|(_, at)| at.as_str())
    }

    /// The pointer to the schema of requests.
    #[cfg(feature = "record")]
    pub fn request_schema(&self) -> Option<&str> {
        self.request.as_ref().map(|(schema, _)| schema.as_str())
    }

    /// The pointer to the schema of answers with this status: where the document has none, that of success, whose envelope
    /// errors come in too.
    #[cfg(feature = "record")]
    pub fn answer_schema(&self, status: u16) -> Option<&str> {
        let described = self.answers.iter().find(|(of, ..)| *of == status.to_string());
        let of_success = self.success.as_ref().map(|(_, schema)| schema.as_str());
        described.map(|(_, schema, _)| schema.as_str()).or(of_success)
    }

    /// The path parameters, decoded, where `path` is one of this operation's.
    fn parameters(&self, path: &str) -> Option<Vec<String>> {
        let (mut template, mut given) = (self.path.split('/'), path.split('/'));
        let mut parameters = Vec::new();
        loop {
            match (template.next(), given.next()) {
                (None, None) => return Some(parameters),
                (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {
                    parameters.push(percent_decode_str(value).decode_utf8_lossy().into_owned());
                }
                (Some(fixed), Some(value)) if fixed == value => {}
                _ => return None,
            }
        }
    }
}

fn misfits(validator: &Validator, value: &Json) -> Vec<Deviation> {
    let mut found = validator.check(value);
    found.retain(|one| one.verdict == Verdict::Error || one.keyword == "enum");
    found
}
