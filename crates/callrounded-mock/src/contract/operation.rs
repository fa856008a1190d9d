//! The description of one operation.

use percent_encoding::percent_decode_str;

use super::{DocumentedResponse, Operation};

impl Operation {
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Checks whether it has a parameter with this name in path or query.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|(_, other, ..)| other == name)
    }

    /// Returns the status of success.
    pub fn success_status(&self) -> u16 {
        self.status
    }

    /// Returns the pointer to the schema of the successful response; `None` if that has no JSON body.
    pub fn success_schema(&self) -> Option<&str> {
        self.success.as_deref()
    }

    pub(super) fn response(&self, status: u16) -> Option<&DocumentedResponse> {
        let status = status.to_string();
        self.responses.iter().find(|response| response.status == status)
    }

    /// Returns the media type of requests.
    pub fn request_type(&self) -> &str {
        &self.request_type
    }

    /// Returns the media type of responses with this status.
    pub fn response_type(&self, status: u16) -> &str {
        self.response(status)
            .map_or("application/json", |response| &response.media_type)
    }

    /// Returns the pointer to the description of a parameter.
    #[cfg(feature = "record")]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameter_pointers.iter().find(|(other, _)| other == name);
        found.map(|(_, at)| at.as_str())
    }

    /// Returns the pointer to the schema of requests.
    #[cfg(feature = "record")]
    pub fn request_schema(&self) -> Option<&str> {
        self.request.as_ref().map(|(schema, _)| schema.as_str())
    }

    /// Returns the pointer to the schema of responses with this status. If the document has none, this is the schema of
    /// success: errors use the same envelope.
    #[cfg(feature = "record")]
    pub fn response_schema(&self, status: u16) -> Option<&str> {
        let of_success = self.success.as_deref();
        self.response(status)
            .map(|response| response.schema.as_str())
            .or(of_success)
    }

    /// Returns the decoded values of the path parameters, in order; `None` if `path` does not match the path template.
    pub(super) fn match_path(&self, path: &str) -> Option<Vec<String>> {
        let (mut template, mut segments) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (template.next(), segments.next()) {
                (None, None) => return Some(values),
                (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {
                    values.push(percent_decode_str(value).decode_utf8_lossy().into_owned());
                }
                (Some(fixed), Some(value)) if fixed == value => {}
                _ => return None,
            }
        }
    }
}
