//! Properties of operations that extensions of the document specify, such as idempotency, with their defaults.

use serde_json::Value;

use crate::{
    document::Document,
    operation::{Method, Operation},
    pointer,
};

/// The envelope of a response: an object with one property for the data (`x-envelope`). See [`Document::envelope`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope {
    /// JSON pointer to the schema of the envelope.
    pub schema: String,
    /// The property that holds the data.
    pub property: String,
    /// Whether the schema requires the property.
    pub required: bool,
}

/// The pagination of an operation (`x-pagination`): names of query parameters and of response properties. See
/// [`Document::pagination`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// The response property with the items of the page.
    pub items: String,
    /// The parameter for the cursor.
    pub cursor: String,
    /// The response property with the cursor of the next page.
    pub next: String,
    /// The parameter for the number of items per page.
    pub size: Option<String>,
    /// The parameter for the page number.
    pub page: Option<String>,
    /// The parameter that selects pages by cursor (`true`) or by number (`false`).
    pub switch: Option<String>,
    /// The response property with the page number.
    pub current: Option<String>,
    /// The response property with the number of pages.
    pub pages: Option<String>,
    /// The response property with the number of items on all pages.
    pub total: Option<String>,
}

impl Document {
    /// Returns the separator of an array parameter that is sent as one string, such as `,`. Returns `None` if the
    /// parameter at `pointer` is not an array, or is sent once per item. The separator follows from `style` and
    /// `explode`.
    #[must_use]
    pub fn list_separator(&self, pointer: &str) -> Option<&'static str> {
        let schema = self.resolve(&pointer::join(pointer, "schema"))?;
        if self.get_str(&pointer::join(&schema, "type")) != Some("array") {
            return None;
        }
        let explode = self.get(&pointer::join(pointer, "explode")).and_then(Value::as_bool);
        let style = self.get_str(&pointer::join(pointer, "style"));
        match (self.get_str(&pointer::join(pointer, "in"))?, style) {
            ("query", None | Some("form")) => (explode == Some(false)).then_some(","),
            ("query", Some("spaceDelimited")) => (explode != Some(true)).then_some(" "),
            ("query", Some("pipeDelimited")) => (explode != Some(true)).then_some("|"),
            ("query", _) => None,
            _ => Some(","),
        }
    }

    /// Checks whether an operation is idempotent. `x-idempotent` specifies it; by default, all methods except POST and
    /// PATCH are, as HTTP defines.
    #[must_use]
    pub fn is_idempotent(&self, operation: &Operation<'_>) -> bool {
        let specified = self.get(&pointer::join(&operation.pointer, "x-idempotent"));
        specified
            .and_then(Value::as_bool)
            .unwrap_or(!matches!(operation.method, Method::Post | Method::Patch))
    }

    /// Returns the success response of an operation, as its status and the JSON pointer to it, with the reference
    /// resolved.
    ///
    /// It is the first with a status from 200 to 299. If there is none, it is `2XX`, or else `default`.
    #[must_use]
    pub fn success(&self, operation: &Operation<'_>) -> Option<(String, String)> {
        let responses = pointer::join(&operation.pointer, "responses");
        let first = |matches: &dyn Fn(&str) -> bool| {
            let mut found = self.members(&responses).filter(|(status, _)| matches(status));
            found.find_map(|(status, at)| Some((status.to_owned(), self.resolve(&at)?)))
        };
        let is_code = |status: &str| status.len() == 3 && status.starts_with('2') && status != "2XX";
        first(&is_code)
            .or_else(|| first(&|status| status == "2XX"))
            .or_else(|| first(&|status| status == "default"))
    }

    /// Returns the JSON pointer to the schema of the JSON body of the success response, with references resolved.
    #[must_use]
    pub fn success_schema(&self, operation: &Operation<'_>) -> Option<String> {
        let (_, response) = self.success(operation)?;
        let media = self.json_media(&response)?;
        self.resolve(&pointer::join(&media, "schema"))
    }

    /// Returns the envelope of the success response. `x-envelope` on its schema names the property with the data, or is
    /// `false` if there is no envelope. By default, the property is `data`, if the schema requires it.
    #[must_use]
    pub fn envelope(&self, operation: &Operation<'_>) -> Option<Envelope> {
        let schema = self.success_schema(operation)?;
        let property = match self.get(&pointer::join(&schema, "x-envelope")) {
            Some(Value::String(property)) => property.clone(),
            Some(_) => return None,
            None if self.requires(&schema, "data") => "data".to_owned(),
            None => return None,
        };
        let required = self.requires(&schema, &property);
        let properties = pointer::join(&schema, "properties");
        self.get(&pointer::join(&properties, &property))?;
        Some(Envelope {
            schema,
            property,
            required,
        })
    }

    /// Returns the pagination of an operation, or `None` if it is not paginated.
    #[must_use]
    pub fn pagination(&self, operation: &Operation<'_>) -> Option<Pagination> {
        let at = pointer::join(&operation.pointer, "x-pagination");
        let name = |key: &str| self.get_str(&pointer::join(&at, key)).map(str::to_owned);
        Some(Pagination {
            items: name("items")?,
            cursor: name("cursor")?,
            next: name("next")?,
            size: name("size"),
            page: name("page"),
            switch: name("switch"),
            current: name("current"),
            pages: name("pages"),
            total: name("total"),
        })
    }

    /// Checks whether the schema at a JSON pointer requires a property.
    #[must_use]
    pub fn requires(&self, schema: &str, property: &str) -> bool {
        let required = self.get(&pointer::join(schema, "required")).and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == property))
    }
}
