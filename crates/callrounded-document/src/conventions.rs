//! What the extensions of a document state about an operation, and the defaults where they are absent.

use serde_json::Value;

use crate::{
    document::Document,
    operation::{Method, Operation},
    pointer,
};

/// The envelope of a response: an object around its data (`x-envelope`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope {
    /// JSON pointer to the schema of the envelope.
    pub schema: String,
    /// The property that holds the data.
    pub property: String,
    /// Whether the schema requires the data.
    pub required: bool,
}

/// How an operation lists things in pages (`x-pagination`): names of parameters and of response properties.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// The response property with the list.
    pub items: String,
    /// The parameter that takes a cursor.
    pub cursor: String,
    /// The response property with the cursor of the next page.
    pub next: String,
    /// The parameter that sets how many items a page has.
    pub size: Option<String>,
    /// The parameter with the number of a page.
    pub page: Option<String>,
    /// The parameter that is `true` for pages by cursor and `false` for pages by number.
    pub switch: Option<String>,
    /// The response property with the number of the page.
    pub current: Option<String>,
    /// The response property with the number of pages.
    pub pages: Option<String>,
    /// The response property with the number of items on all pages.
    pub total: Option<String>,
}

impl Document {
    /// What stands between the values of the list that the parameter at `pointer` takes, where they are sent as one string. `None` where
    /// it takes no list, or each value is sent by itself.
    #[must_use]
    pub fn list_separator(&self, pointer: &str) -> Option<&'static str> {
        let schema = self.resolve(&pointer::join(pointer, "schema"))?;
        if self.text(&pointer::join(&schema, "type")) != Some("array") {
            return None;
        }
        let explode = self.get(&pointer::join(pointer, "explode")).and_then(Value::as_bool);
        let style = self.text(&pointer::join(pointer, "style"));
        match (self.text(&pointer::join(pointer, "in"))?, style) {
            ("query", None | Some("form")) => (explode == Some(false)).then_some(","),
            ("query", Some("spaceDelimited")) => (explode != Some(true)).then_some(" "),
            ("query", Some("pipeDelimited")) => (explode != Some(true)).then_some("|"),
            ("query", _) => None,
            _ => Some(","),
        }
    }

    /// Whether sending an operation twice has the effect of sending it once: what `x-idempotent` states, or else what HTTP
    /// defines for the method. (GET, HEAD, PUT, DELETE and OPTIONS are idempotent, POST and PATCH are not.)
    #[must_use]
    pub fn is_idempotent(&self, operation: &Operation<'_>) -> bool {
        let stated = self.get(&pointer::join(&operation.pointer, "x-idempotent"));
        stated
            .and_then(Value::as_bool)
            .unwrap_or(!matches!(operation.method, Method::Post | Method::Patch))
    }

    /// The status and the pointer of the response of success, its reference followed: the first from 200 to 299, else `2XX`,
    /// else `default`.
    #[must_use]
    pub fn success(&self, operation: &Operation<'_>) -> Option<(String, String)> {
        let responses = pointer::join(&operation.pointer, "responses");
        let statuses = |wanted: &dyn Fn(&str) -> bool| {
            let mut found = self.members(&responses).filter(|(status, _)| wanted(status));
            found.find_map(|(status, at)| Some((status.to_owned(), self.resolve(&at)?)))
        };
        let is_code = |status: &str| status.len() == 3 && status.starts_with('2') && status != "2XX";
        statuses(&is_code)
            .or_else(|| statuses(&|status| status == "2XX"))
            .or_else(|| statuses(&|status| status == "default"))
    }

    /// The pointer to the schema of the JSON body of a success, its references followed.
    #[must_use]
    pub fn success_schema(&self, operation: &Operation<'_>) -> Option<String> {
        let (_, response) = self.success(operation)?;
        let media = self.json_media(&response)?;
        self.resolve(&pointer::join(&media, "schema"))
    }

    /// The envelope of the response of success. `x-envelope` on its schema names the property that holds the data, or is
    /// `false` if there is none; by default it is `data`, if the schema requires that.
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

    /// How the operation lists things in pages; `None` if it does not.
    #[must_use]
    pub fn pagination(&self, operation: &Operation<'_>) -> Option<Pagination> {
        let at = pointer::join(&operation.pointer, "x-pagination");
        let name = |key: &str| self.text(&pointer::join(&at, key)).map(str::to_owned);
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

    /// Whether the object at `schema` requires a property.
    #[must_use]
    pub fn requires(&self, schema: &str, property: &str) -> bool {
        let required = self.get(&pointer::join(schema, "required")).and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == property))
    }
}
