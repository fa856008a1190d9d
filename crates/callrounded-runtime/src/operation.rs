//! What an operation is: the facts that the document states about it, and what generated code implements for it.

/// What the document states about an operation. Generated code has one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationInfo {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    idempotent: bool,
    data: Option<&'static str>,
    data_is_required: bool,
    json_response: Option<&'static str>,
    body: Option<&'static str>,
    requires_body: bool,
    parameters: &'static [ParameterInfo],
    pagination: Option<Pagination>,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterInfo {
    name: &'static str,
    place: ParameterPlace,
    required: bool,
    description: &'static str,
    values: &'static [&'static str],
    is_public: bool,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// How an operation lists things in pages: the names of the parameters and response properties (`x-pagination`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pagination {
    items: &'static str,
    cursor: &'static str,
    next: &'static str,
    size: Option<&'static str>,
    page: Option<&'static str>,
    switch: Option<&'static str>,
}

impl OperationInfo {
    /// An operation without parameters and body that is not idempotent.
    #[must_use]
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            summary: "",
            idempotent: false,
            data: None,
            data_is_required: false,
            json_response: None,
            body: None,
            requires_body: false,
            parameters: &[],
            pagination: None,
        }
    }

    /// Sets the summary.
    #[must_use]
    pub const fn with_summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Marks the operation as idempotent: sending it twice has the effect of sending it once.
    #[must_use]
    pub const fn with_idempotence(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets the media type of the JSON body of a successful response.
    #[must_use]
    pub const fn with_json_response(mut self, media_type: &'static str) -> Self {
        self.json_response = Some(media_type);
        self
    }

    /// Names the property of a successful response that holds its data.
    #[must_use]
    pub const fn with_data(mut self, property: &'static str, required: bool) -> Self {
        self.data = Some(property);
        self.data_is_required = required;
        self
    }

    /// Sets the media type of the body.
    #[must_use]
    pub const fn with_body(mut self, media_type: &'static str, required: bool) -> Self {
        self.body = Some(media_type);
        self.requires_body = required;
        self
    }

    /// Sets the parameters.
    #[must_use]
    pub const fn with_parameters(mut self, parameters: &'static [ParameterInfo]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets how the operation lists things in pages.
    #[must_use]
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// The `operationId`, such as `get_thing`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method, in upper case.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The path, with its parameters in braces.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The summary; empty if the document has none.
    #[must_use]
    pub const fn summary(&self) -> &'static str {
        self.summary
    }

    /// Whether sending it twice has the effect of sending it once.
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// The property of a successful response that holds its data, if there is an envelope around it.
    #[must_use]
    pub const fn data(&self) -> Option<&'static str> {
        self.data
    }

    /// Whether a success may have an envelope without data.
    #[must_use]
    pub const fn may_lack_data(&self) -> bool {
        self.data.is_some() && !self.data_is_required
    }

    /// The media type of the JSON body of a successful response; `None` if it has no such body.
    #[must_use]
    pub const fn json_response(&self) -> Option<&'static str> {
        self.json_response
    }

    /// The media type of the body, if the operation takes one.
    #[must_use]
    pub const fn body(&self) -> Option<&'static str> {
        self.body
    }

    /// Whether the body must be given.
    #[must_use]
    pub const fn requires_body(&self) -> bool {
        self.requires_body
    }

    /// The parameters, in the order of the document.
    #[must_use]
    pub const fn parameters(&self) -> &'static [ParameterInfo] {
        self.parameters
    }

    /// How the operation lists things in pages, if it does.
    #[must_use]
    pub const fn pagination(&self) -> Option<&Pagination> {
        self.pagination.as_ref()
    }
}

impl ParameterInfo {
    /// An optional parameter.
    #[must_use]
    pub const fn new(name: &'static str, place: ParameterPlace, required: bool, description: &'static str) -> Self {
        Self {
            name,
            place,
            required,
            description,
            values: &[],
            is_public: false,
        }
    }

    /// Marks the values as no personal data.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the documented values.
    #[must_use]
    pub const fn with_values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it is sent.
    #[must_use]
    pub const fn place(&self) -> ParameterPlace {
        self.place
    }

    /// Whether it must be given.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// The description; empty if the document has none.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.description
    }

    /// Whether the document marks the values as no personal data.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.is_public
    }

    /// The documented values of an enumeration; empty for anything else.
    #[must_use]
    pub const fn values(&self) -> &'static [&'static str] {
        self.values
    }
}

impl Pagination {
    /// Pages by cursor: the list is in the response property `items`, and the response property `next` is what the parameter
    /// `cursor` takes for the next page.
    #[must_use]
    pub const fn new(items: &'static str, cursor: &'static str, next: &'static str) -> Self {
        Self {
            items,
            cursor,
            next,
            size: None,
            page: None,
            switch: None,
        }
    }

    /// Names the parameter that sets how many items a page has.
    #[must_use]
    pub const fn with_size(mut self, parameter: &'static str) -> Self {
        self.size = Some(parameter);
        self
    }

    /// Names the parameter with the number of a page.
    #[must_use]
    pub const fn with_page(mut self, parameter: &'static str) -> Self {
        self.page = Some(parameter);
        self
    }

    /// Names the parameter that is `true` for pages by cursor and `false` for pages by number.
    #[must_use]
    pub const fn with_switch(mut self, parameter: &'static str) -> Self {
        self.switch = Some(parameter);
        self
    }

    /// The response property with the list.
    #[must_use]
    pub const fn items(&self) -> &'static str {
        self.items
    }

    /// The parameter with the cursor.
    #[must_use]
    pub const fn cursor(&self) -> &'static str {
        self.cursor
    }

    /// The response property with the cursor of the next page.
    #[must_use]
    pub const fn next(&self) -> &'static str {
        self.next
    }

    /// The parameter that sets how many items a page has.
    #[must_use]
    pub const fn size(&self) -> Option<&'static str> {
        self.size
    }

    /// The parameter with the number of a page.
    #[must_use]
    pub const fn page(&self) -> Option<&'static str> {
        self.page
    }

    /// The parameter that chooses between pages by cursor and by number.
    #[must_use]
    pub const fn switch(&self) -> Option<&'static str> {
        self.switch
    }
}

#[cfg(feature = "client")]
pub use sending::{Numbered, Operation, Paginated, Position};

#[cfg(feature = "client")]
mod sending {
    use std::fmt;

    use bytes::Bytes;

    use super::OperationInfo;
    use crate::{
        Error, Response, Transport,
        decode::Opened,
        lenient::{Decoded, Undecodable},
    };

    /// An operation that is ready to be sent, with its parameters and body. Implemented by generated code.
    pub trait Operation: Send + Sized + 'static {
        /// What [`Response`](crate::Response) dereferences to.
        type Output: Send + 'static;

        /// What the document states about the operation.
        fn info(&self) -> &'static OperationInfo;

        /// Builds the HTTP request, without API key and shared headers.
        ///
        /// # Errors
        /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if a parameter or the body cannot be sent.
        fn request(self, transport: &Transport) -> Result<reqwest::Request, Error>;

        /// Decodes the body of a successful response.
        ///
        /// # Errors
        /// If not even lenient decoding yields an `Output`.
        fn decode(info: &'static OperationInfo, body: &Bytes) -> Result<Decoded<Opened<Self::Output>>, Undecodable>;

        /// Completes what was decoded with the response that it came in.
        #[doc(hidden)]
        fn complete(response: &mut Response<Self::Output>) {
            let _ = response;
        }

        /// What `Debug` may show of the output; `None` if all of it may be personal data.
        fn shown(output: &Self::Output) -> Option<&dyn fmt::Debug> {
            let _ = output;
            None
        }
    }

    /// An operation that lists things in pages (`x-pagination`).
    /// Its output is a [`Page`](crate::Page).
    pub trait Paginated: Operation + Clone {
        /// Selects the page that is requested.
        #[must_use]
        fn at(self, position: Position) -> Self;

        /// The cursor that was set: where the first page begins.
        fn first_cursor(&self) -> Option<String>;
    }

    /// An operation whose pages can be requested by number.
    pub trait Numbered: Paginated {}

    /// Which page is requested.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Position {
        /// The page that begins at this cursor; the first without one.
        Cursor(Option<String>),
        /// The page with this number, counted from 1.
        Number(u32),
    }
}
