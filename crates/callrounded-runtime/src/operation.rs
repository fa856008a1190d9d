//! Descriptions of operations, and the traits that generated code implements for them.

#[cfg(feature = "client")]
mod sending;

#[cfg(feature = "client")]
pub use sending::{Numbered, Operation, Paginated, Position};

/// The description of an operation in the document. Generated code has one for each operation.
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

/// The description of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterInfo {
    name: &'static str,
    location: ParameterLocation,
    required: bool,
    description: &'static str,
    values: &'static [&'static str],
    is_public: bool,
}

/// The location of a parameter in a request (`in` of the document).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// The pagination of an operation: the names of its parameters and response properties (`x-pagination`).
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
    /// Creates the description of an operation without parameters and body that is not idempotent. `method` is in upper
    /// case.
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

    /// Sets whether the operation is idempotent. `false` by default.
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

    /// Sets the property of a successful response that contains its data, and whether it is required.
    #[must_use]
    pub const fn with_data(mut self, property: &'static str, required: bool) -> Self {
        self.data = Some(property);
        self.data_is_required = required;
        self
    }

    /// Sets the media type of the request body, and whether the body is required.
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

    /// Sets the pagination.
    #[must_use]
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// Returns the `operationId`, such as `get_thing`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the HTTP method, in upper case.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Returns the path template, with parameters in braces.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Returns the summary; empty if the document has none.
    #[must_use]
    pub const fn summary(&self) -> &'static str {
        self.summary
    }

    /// Returns whether the operation is idempotent: performing it twice has the same effect as performing it once.
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Returns the property of a successful response that contains its data; `None` if there is no envelope around the
    /// data.
    #[must_use]
    pub const fn data(&self) -> Option<&'static str> {
        self.data
    }

    /// Returns whether the envelope of a success may lack its data.
    #[must_use]
    pub const fn may_lack_data(&self) -> bool {
        self.data.is_some() && !self.data_is_required
    }

    /// Returns the media type of the JSON body of a successful response; `None` if it has no such body.
    #[must_use]
    pub const fn json_response(&self) -> Option<&'static str> {
        self.json_response
    }

    /// Returns the media type of the request body; `None` if the operation has no body.
    #[must_use]
    pub const fn body(&self) -> Option<&'static str> {
        self.body
    }

    /// Returns whether the request body is required.
    #[must_use]
    pub const fn requires_body(&self) -> bool {
        self.requires_body
    }

    /// Returns the parameters, in the order of the document.
    #[must_use]
    pub const fn parameters(&self) -> &'static [ParameterInfo] {
        self.parameters
    }

    /// Returns the pagination; `None` if the operation is not paginated.
    #[must_use]
    pub const fn pagination(&self) -> Option<&Pagination> {
        self.pagination.as_ref()
    }
}

impl ParameterInfo {
    /// Creates the description of a parameter. Its values may be personal data, unless it is marked as
    /// [`public`](Self::public).
    #[must_use]
    pub const fn new(
        name: &'static str,
        location: ParameterLocation,
        required: bool,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            location,
            required,
            description,
            values: &[],
            is_public: false,
        }
    }

    /// Marks the values as not personal data.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the documented values of an enumeration.
    #[must_use]
    pub const fn with_values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns where the parameter is sent.
    #[must_use]
    pub const fn location(&self) -> ParameterLocation {
        self.location
    }

    /// Returns whether the parameter is required.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Returns the description; empty if the document has none.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.description
    }

    /// Returns whether the document marks the values as not personal data.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.is_public
    }

    /// Returns the documented values of an enumeration; empty for any other parameter.
    #[must_use]
    pub const fn values(&self) -> &'static [&'static str] {
        self.values
    }
}

impl Pagination {
    /// Describes pages by cursor. The response property `items` has the list. The response property `next` has the
    /// value of the parameter `cursor` for the next page.
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

    /// Sets the parameter with the number of items on a page.
    #[must_use]
    pub const fn with_size(mut self, parameter: &'static str) -> Self {
        self.size = Some(parameter);
        self
    }

    /// Sets the parameter with the number of the page.
    #[must_use]
    pub const fn with_page(mut self, parameter: &'static str) -> Self {
        self.page = Some(parameter);
        self
    }

    /// Sets the parameter that is `true` for pages by cursor and `false` for pages by number.
    #[must_use]
    pub const fn with_switch(mut self, parameter: &'static str) -> Self {
        self.switch = Some(parameter);
        self
    }

    /// Returns the response property with the list.
    #[must_use]
    pub const fn items(&self) -> &'static str {
        self.items
    }

    /// Returns the parameter with the cursor.
    #[must_use]
    pub const fn cursor(&self) -> &'static str {
        self.cursor
    }

    /// Returns the response property with the cursor of the next page.
    #[must_use]
    pub const fn next(&self) -> &'static str {
        self.next
    }

    /// Returns the parameter with the number of items on a page, if there is one.
    #[must_use]
    pub const fn size(&self) -> Option<&'static str> {
        self.size
    }

    /// Returns the parameter with the number of the page, if there is one.
    #[must_use]
    pub const fn page(&self) -> Option<&'static str> {
        self.page
    }

    /// Returns the parameter that chooses between pages by cursor (`true`) and by number (`false`), if there is one.
    #[must_use]
    pub const fn switch(&self) -> Option<&'static str> {
        self.switch
    }
}
