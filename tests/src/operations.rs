//! The operations of the document, with inputs and responses that are generated from their schemas. An operation that
//! is added to the document is tested without further edits.

use std::marker::PhantomData;
use std::sync::LazyLock;

use callrounded::{Client, Error, Response};
use callrounded_document::{Document, pointer};
use callrounded_runtime::{
    AnyOperation, Operation as RuntimeOperation, OperationInfo, RequestOptions, Transport,
    decode::Unwrapped,
    lenient::{DecodeError, Decoded},
};
use serde_json::{Map, Value, json};

/// An operation of the document, and a successful response to it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The description of the operation in the generated client.
    pub info: &'static OperationInfo,
    /// The body of a successful response.
    pub body: String,
    /// The status of a successful response.
    pub status: String,
}

/// The input of operations.
#[derive(Clone, Debug)]
pub struct Input {
    /// The value of path parameters.
    pub id: &'static str,
    /// The phone number of a caller.
    pub from: &'static str,
    /// Any other phone number.
    pub to: &'static str,
    /// The value of all other strings.
    pub text: &'static str,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            id: "x",
            from: "+33612345678",
            to: "+33698765432",
            text: "text",
        }
    }
}

/// Returns the document from which the client is generated.
#[must_use]
pub fn document() -> &'static Document {
    static PARSED: LazyLock<Document> =
        LazyLock::new(|| Document::parse("openapi/calls.yaml", callrounded_api::DOCUMENT).unwrap());
    &PARSED
}

impl Operation {
    /// Returns all operations of the document. In their responses, every string that may be personal data is `text`.
    #[must_use]
    pub fn all_with(text: &str) -> Vec<Self> {
        let document = document();
        let operations = document.operations();
        let all = operations.iter().map(|operation| {
            let schema = document.success_schema(operation);
            let (status, _) = document.success(operation).unwrap();
            // A service may send an undocumented body, which is not possible with 204.
            let status = if schema.is_some() { status } else { "200".to_owned() };
            let values = Values {
                document,
                input: Input {
                    from: "",
                    to: "",
                    ..Input::default()
                },
                text,
                keeps_public: true,
            };
            Self {
                info: callrounded_api::operation(operation.id.unwrap()).unwrap(),
                body: schema
                    .map(|schema| values.of(&schema, "").to_string())
                    .unwrap_or_default(),
                status: format!("{status} OK"),
            }
        });
        all.collect()
    }

    /// Returns all operations of the document.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Self::all_with("text")
    }

    /// Returns the operation with this `operationId`.
    ///
    /// # Panics
    /// If the document has no such operation.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self::all().into_iter().find(|operation| operation.id() == id).unwrap()
    }

    /// Returns the `operationId`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.info.id()
    }

    /// Returns a request, and the strings of the input that it sends in query and body.
    #[must_use]
    pub fn request(&self, input: &Input) -> (AnyOperation, Vec<&'static str>) {
        let document = document();
        let operations = document.operations();
        let operation = operations.iter().find(|it| it.id == Some(self.id())).unwrap();
        let values = Values {
            document,
            input: input.clone(),
            text: input.text,
            keeps_public: false,
        };
        let mut request = AnyOperation::new(self.info);
        let mut sent = String::new();
        let pagination = document.pagination(operation);
        let optional = pagination
            .iter()
            .flat_map(|it| [&it.switch, &it.page, &it.size].into_iter().flatten());
        let of_pagination: Vec<&String> = optional.chain(pagination.iter().map(|it| &it.cursor)).collect();
        for parameter in document.parameters(operation) {
            let keyword = |name: &str| document.get_str(&pointer::join(&parameter, name)).unwrap();
            let name = keyword("name");
            if of_pagination.iter().any(|other| *other == name) {
                continue;
            }
            let value = match (keyword("in"), values.of(&pointer::join(&parameter, "schema"), name)) {
                ("path", _) => input.id.to_owned(),
                (_, Value::String(value)) => value,
                (_, value) => value.to_string(),
            };
            if keyword("in") == "query" {
                sent.push_str(&value);
            }
            request = request.parameter(name, value).unwrap();
        }
        if let Some(media) = document.request_body(operation) {
            let body = values.of(&pointer::join(&media, "schema"), "").to_string();
            sent.push_str(&body);
            request = request.body(body);
        }
        let strings = [input.from, input.to, input.text].into_iter();
        (request, strings.filter(|string| sent.contains(string)).collect())
    }

    /// Runs the operation with its generated types, and returns the response formatted with `Debug`.
    ///
    /// # Errors
    /// If the operation fails.
    pub async fn run(&self, client: &Client, input: &Input) -> Result<String, Error> {
        let (request, _) = self.request(input);
        macro_rules! send {
            ($($id:literal => $operation:ty),* $(,)?) => {
                match self.id() {
                    $($id => {
                        let typed = Typed::<$operation>(request, PhantomData);
                        let sent = client.runtime().send(Ok(typed), RequestOptions::default());
                        sent.await.map(|response| format!("{response:?}"))
                    })*
                    other => panic!("the generated client has no operation {other}"),
                }
            };
        }
        callrounded_api::for_each_operation!(send)
    }
}

/// A request with parameters set by name, and the response type of a generated operation.
struct Typed<O>(AnyOperation, PhantomData<fn() -> O>);

impl<O: RuntimeOperation> RuntimeOperation for Typed<O> {
    type Output = O::Output;

    fn info(&self) -> &'static OperationInfo {
        self.0.info()
    }

    fn request(self, transport: &Transport) -> Result<callrounded::reqwest::Request, Error> {
        self.0.request(transport)
    }

    fn decode(
        info: &'static OperationInfo,
        body: &bytes::Bytes,
    ) -> Result<Decoded<Unwrapped<Self::Output>>, DecodeError> {
        O::decode(info, body)
    }

    fn complete(response: &mut Response<Self::Output>) {
        O::complete(response);
    }

    fn as_debug(output: &Self::Output) -> Option<&dyn std::fmt::Debug> {
        O::as_debug(output)
    }
}

/// Generates values for schemas.
struct Values<'a> {
    document: &'a Document,
    input: Input,
    /// The value of strings without a more specific rule.
    text: &'a str,
    /// Whether values with `x-personal-data: false` are samples instead of `text`.
    keeps_public: bool,
}

impl Values<'_> {
    /// Returns a value of the schema for the property or parameter with this name.
    fn of(&self, at: &str, name: &str) -> Value {
        let public = self.keeps_public && self.document.may_be_shown(at);
        let at = self.document.resolve(at).unwrap();
        let field = |keyword: &str| self.document.get(&pointer::join(&at, keyword));
        if let Some(choices) = field("oneOf").or(field("anyOf")).and_then(Value::as_array) {
            let list = if field("oneOf").is_some() { "oneOf" } else { "anyOf" };
            let choices = (0..choices.len()).map(|index| pointer::join(&pointer::join(&at, list), &index.to_string()));
            let is_null = |choice: &String| self.document.sample(choice).is_null();
            return choices
                .into_iter()
                .find(|choice| !is_null(choice))
                .map_or(Value::Null, |choice| self.of(&choice, name));
        }
        if public || field("enum").is_some() {
            return self.document.sample(&at);
        }
        match field("type").and_then(Value::as_str) {
            Some("object") => self.object(&at),
            Some("array") => json!([self.of(&pointer::join(&at, "items"), name)]),
            Some("string") => match field("format").and_then(Value::as_str) {
                Some("e164" | "E.164") if name.contains("from") => json!(self.input.from),
                Some("e164" | "E.164") => json!(self.input.to),
                Some("date-time" | "date" | "uuid") => self.document.sample(&at),
                _ => json!(self.text),
            },
            Some("boolean") => json!(true),
            Some(_) => self.document.sample(&at),
            None if field("properties").is_some() => self.object(&at),
            None => json!({ "deep": [self.text] }),
        }
    }

    fn object(&self, at: &str) -> Value {
        let list = pointer::join(at, "properties");
        let mut object: Map<String, Value> = self
            .document
            .members(&list)
            .map(|(name, property)| (name.to_owned(), self.of(&property, name)))
            .collect();
        let extra = self.document.get(&pointer::join(at, "additionalProperties"));
        // A service may add properties to any object.
        if extra.is_some_and(|extra| *extra != json!(false)) || self.keeps_public {
            object.insert("unknown".to_owned(), json!(self.text));
        }
        if object.len() == 1 && !self.text.is_empty() {
            object.insert(self.text.to_owned(), json!(self.text));
        }
        Value::Object(object)
    }
}
