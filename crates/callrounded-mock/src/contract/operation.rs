//! What is documented of one operation.

use percent_encoding::percent_decode_str;

use super::{Answer, Operation};

impl Operation {
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Whether it has a parameter in path or query.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.sent.iter().any(|(_, other, ..)| other == name)
    }

    /// The status of success.
    pub fn success_status(&self) -> u16 {
        self.status
    }

    /// The pointer to the schema of the response of success; `None` if that has no JSON body.
    pub fn success_schema(&self) -> Option<&str> {
        self.success.as_deref()
    }

    pub(super) fn answer(&self, status: u16) -> Option<&Answer> {
        let status = status.to_string();
        self.answers.iter().find(|answer| answer.status == status)
    }

    /// The media type of requests.
    pub fn request_type(&self) -> &str {
        &self.request_type
    }

    /// The media type of answers with this status.
    pub fn answer_type(&self, status: u16) -> &str {
        self.answer(status)
            .map_or("application/json", |answer| &answer.media_type)
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
        let of_success = self.success.as_deref();
        self.answer(status).map(|answer| answer.schema.as_str()).or(of_success)
    }

    /// The path parameters, decoded, where `path` is one of this operation's.
    pub(super) fn parameters(&self, path: &str) -> Option<Vec<String>> {
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
