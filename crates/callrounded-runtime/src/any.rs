//! Operations that are chosen at run time, by their `operationId`. For command lines, tests and other tools.

use bytes::Bytes;
use reqwest::{
    Method, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    Error, Operation, OperationInfo, Page, Paginated, ParameterLocation, Position, Response, Transport,
    check_path_parameter,
    decode::{self, Unwrapped},
    encode_path_segment,
    lenient::{DecodeError, Decoded},
};

/// An operation that is chosen at run time. Its output is the data as JSON, or null if the response has no data.
///
/// Parameters are set by their names in the document, as strings. The body is sent unchanged.
/// [`Client::send`](crate::Client::send) sends it:
///
/// ```
/// use callrounded_runtime::{AnyOperation, Client, Error, OperationInfo, RequestOptions};
///
/// async fn json(client: &Client, info: &'static OperationInfo) -> Result<String, Error> {
///     let operation = AnyOperation::new(info).parameter("id", "1")?;
///     let response = client.send(Ok(operation), RequestOptions::default()).await?;
///     Ok(response.get().to_owned())
/// }
/// ```
#[derive(Clone)]
pub struct AnyOperation {
    info: &'static OperationInfo,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
}

/// A paginated operation that is chosen at run time. Its output is a page of JSON items.
///
/// [`AnyOperation::into_list`] creates it.
#[derive(Clone)]
pub struct AnyList(AnyOperation);

impl AnyOperation {
    /// Creates an operation without parameters and body.
    #[must_use]
    pub fn new(info: &'static OperationInfo) -> Self {
        Self {
            info,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Sets a parameter. A parameter that is set several times is sent several times, as a list.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the operation has no parameter of this name, or
    /// the value is not allowed in its location.
    pub fn parameter(mut self, name: &str, value: impl Into<String>) -> Result<Self, Error> {
        let value = value.into();
        let known = self.info.parameters().iter().find(|parameter| parameter.name() == name);
        let parameter =
            known.ok_or_else(|| Error::invalid_input(format!("{}: unknown parameter `{name}`", self.info.id())))?;
        let invalid = |problem: &str| Error::invalid_input(format!("{name}: {problem}"));
        match parameter.location() {
            ParameterLocation::Path => {
                check_path_parameter(&value).map_err(|problem| invalid(&problem))?;
                self.path.push((parameter.name(), value));
            }
            ParameterLocation::Query => self.query.push((parameter.name(), value)),
            ParameterLocation::Header => {
                let name =
                    HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("is not a valid header name"))?;
                let value = HeaderValue::from_str(&value)
                    .map_err(|_| invalid("contains a character not allowed in an HTTP header"))?;
                self.headers.push((name, value));
            }
        }
        Ok(self)
    }

    /// Sets the body. It is sent with the documented media type.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Converts the operation into a paginated one. Returns `None` if it is not paginated.
    #[must_use]
    pub fn into_list(self) -> Option<AnyList> {
        self.info.pagination().is_some().then_some(AnyList(self))
    }

    fn set_query(&mut self, name: Option<&'static str>, value: Option<String>) {
        if let Some(name) = name {
            self.query.retain(|(known, _)| *known != name);
            self.query.extend(value.map(|value| (name, value)));
        }
    }
}

impl Operation for AnyOperation {
    type Output = Box<RawValue>;

    fn info(&self) -> &'static OperationInfo {
        self.info
    }

    fn request(self, transport: &Transport) -> Result<Request, Error> {
        let mut path = String::new();
        let mut rest = self.info.path();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let value = self.path.iter().rfind(|(known, _)| *known == name);
            let (_, value) = value.ok_or_else(|| Error::invalid_input(format!("{name}: is required")))?;
            path.push_str(before);
            path.push_str(&encode_path_segment(value));
            rest = after;
        }
        path.push_str(rest);
        for parameter in self
            .info
            .parameters()
            .iter()
            .filter(|parameter| parameter.is_required())
        {
            let is_set = match parameter.location() {
                ParameterLocation::Path => true,
                ParameterLocation::Query => self.query.iter().any(|(name, _)| *name == parameter.name()),
                ParameterLocation::Header => self
                    .headers
                    .iter()
                    .any(|(name, _)| name.as_str().eq_ignore_ascii_case(parameter.name())),
            };
            if !is_set {
                return Err(Error::invalid_input(format!("{}: is required", parameter.name())));
            }
        }
        if self.body.is_none() && self.info.requires_body() {
            return Err(Error::invalid_input("body: is required"));
        }
        let method = Method::from_bytes(self.info.method().as_bytes()).map_err(Error::unbuildable)?;
        let mut request = transport.http().request(method, transport.url(&path));
        if let Some(media_type) = self.info.json_response() {
            request = request.header(ACCEPT, media_type);
        }
        if !self.query.is_empty() {
            request = request.query(&self.query);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = self.body {
            let media_type = self.info.body().unwrap_or("application/json");
            request = request.header(CONTENT_TYPE, media_type).body(body);
        }
        request.build().map_err(Error::unbuildable)
    }

    fn decode(info: &'static OperationInfo, body: &Bytes) -> Result<Decoded<Unwrapped<Self::Output>>, DecodeError> {
        let null = || to_raw_value(&()).map_err(|error| DecodeError::of_json(&error));
        let unwrapped = |data, message| Decoded {
            value: Unwrapped { data, message },
            skipped: Vec::new(),
        };
        if info.json_response().is_none() || (body.is_empty() && info.may_lack_data()) {
            return Ok(unwrapped(null()?, None));
        }
        let whole: Box<RawValue> = serde_json::from_slice(body).map_err(|error| DecodeError::of_json(&error))?;
        let Some(property) = info.data() else {
            return Ok(unwrapped(whole, None));
        };
        let envelope = decode::envelope(&whole)?;
        let message = envelope
            .get("message")
            .and_then(|message| serde_json::from_str(message.get()).ok());
        match envelope.get(property) {
            Some(data) if info.may_lack_data() || data.get() != "null" => Ok(unwrapped((*data).to_owned(), message)),
            None if info.may_lack_data() => Ok(unwrapped(null()?, message)),
            _ => Err(DecodeError {
                path: property.to_owned(),
                problem: "the field is missing".to_owned(),
            }),
        }
    }
}

impl Operation for AnyList {
    type Output = Page<Box<RawValue>>;

    fn info(&self) -> &'static OperationInfo {
        self.0.info
    }

    fn request(self, transport: &Transport) -> Result<Request, Error> {
        self.0.request(transport)
    }

    fn decode(info: &'static OperationInfo, body: &Bytes) -> Result<Decoded<Unwrapped<Self::Output>>, DecodeError> {
        let whole: Box<RawValue> = serde_json::from_slice(body).map_err(|error| DecodeError::of_json(&error))?;
        let envelope = decode::envelope(&whole)?;
        let (items, next) = info
            .pagination()
            .map(|pagination| (pagination.items(), pagination.next()))
            .unwrap_or_default();
        let invalid = |problem: &str| DecodeError {
            path: items.to_owned(),
            problem: problem.to_owned(),
        };
        let list: Vec<Box<RawValue>> = match envelope.get(items).filter(|list| list.get() != "null") {
            Some(list) => serde_json::from_str(list.get()).map_err(|_| invalid("expected a sequence"))?,
            None if info.data().is_none() || info.may_lack_data() => Vec::new(),
            None => return Err(invalid("the field is missing")),
        };
        // A cursor may be any scalar. It is sent back as received.
        let next = envelope.get(next).map(|next| next.get()).filter(|next| *next != "null");
        let next = next.map(|next| serde_json::from_str(next).unwrap_or_else(|_| next.to_owned()));
        Ok(Decoded {
            value: Unwrapped {
                data: Page::new(list, next),
                message: None,
            },
            skipped: Vec::new(),
        })
    }

    fn complete(response: &mut Response<Self::Output>) {
        response.complete_item_errors();
    }
}

impl Paginated for AnyList {
    fn at(mut self, position: Position) -> Self {
        let Some(pagination) = self.0.info.pagination() else {
            return self;
        };
        let (by_cursor, cursor, number) = match position {
            Position::Cursor(cursor) => (true, cursor, None),
            Position::Number(number) => (false, None, Some(number.to_string())),
        };
        self.0.set_query(pagination.switch(), Some(by_cursor.to_string()));
        self.0.set_query(Some(pagination.cursor()), cursor);
        self.0.set_query(pagination.page(), number);
        self
    }

    fn first_cursor(&self) -> Option<String> {
        let name = self.0.info.pagination()?.cursor();
        let cursor = self.0.query.iter().rfind(|(known, _)| *known == name)?;
        Some(cursor.1.clone())
    }
}
