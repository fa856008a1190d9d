//! The kinds of errors, by what can be done about them.

use reqwest::StatusCode;

/// The kind of an [`Error`](crate::Error), by what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built with these settings, or a blocking client was used inside an asynchronous runtime.
    /// Nothing was sent.
    Configuration,
    /// The input is invalid, such as an empty identifier. Nothing was sent.
    InvalidInput,
    /// No connection could be made, in any attempt. Nothing was sent. (Not certain with a custom HTTP client.)
    Connect,
    /// A time limit was reached, or the service reports that (408). The operation may have been performed. It is
    /// idempotent, so it can be retried.
    Timeout,
    /// The connection was lost. The operation may have been performed. It is idempotent, so it can be retried.
    Connection,
    /// The response is not valid HTTP: for example, it has a malformed header, or is of another protocol. The operation
    /// may have been performed. It is idempotent, so it can be retried. The [`source`](std::error::Error::source) names
    /// the fault.
    InvalidResponse,
    /// It is unknown whether an operation that is not idempotent was performed. Causes: a time limit, a lost
    /// connection, a response that is not valid HTTP, or a status 408, 5xx, or 3xx other than 307 and 308. Find out
    /// before you retry it.
    OutcomeUnknown,
    /// The API key is missing or not accepted (401).
    Authentication,
    /// The API key does not permit this (403).
    Permission,
    /// The service does not know what the request addresses (404, with a body of this API).
    NotFound,
    /// The current state does not permit this (409).
    Conflict,
    /// The service rejects the request (415, 422, and 400 and 413 with a body of this API).
    /// [`Error::details`](crate::Error::details) may name the fields.
    InvalidRequest,
    /// Too many requests (429). [`Error::retry_after`](crate::Error::retry_after) is how long to wait, if the service
    /// reports it.
    RateLimited,
    /// The service failed (5xx).
    Server,
    /// A response with any other status that is not a success. Also a 400, 404 or 413 whose body is not an error of
    /// this API: a proxy responded, or the base URL is wrong. After a redirect other than 307 and 308, the operation may
    /// have been performed. It is idempotent, so it can be retried.
    UnexpectedStatus,
    /// A success without the data that the document requires, or an `error` without data that was sent with a success
    /// status. [`Error::message`](crate::Error::message) and [`Error::api_error`](crate::Error::api_error) return what
    /// the service reports.
    MissingData,
    /// A success whose body cannot be decompressed or decoded, a list item that cannot be decoded, or a value that is
    /// not of the type you chose. [`Error::path`](crate::Error::path) is the location, if one field is the cause. If
    /// the response failed as a whole, the operation was performed: do not retry it unless it is idempotent.
    Decode,
    /// A success whose body is larger than the limit. The operation was performed.
    BodyTooLarge,
    /// The service sent a cursor for the second time. Paging through the list would never end.
    RepeatedCursor,
}

impl ErrorKind {
    /// Returns the kind for a status that is not a success. `is_from_service`: the body is an error of this API.
    /// Otherwise a proxy, or a server at a wrong address, may have sent the response, and 400, 404 and 413 say nothing
    /// about the request.
    pub(crate) fn of(status: StatusCode, is_from_service: bool) -> Self {
        match status.as_u16() {
            400 | 404 | 413 if !is_from_service => Self::UnexpectedStatus,
            401 => Self::Authentication,
            403 => Self::Permission,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 => Self::Conflict,
            400 | 413 | 415 | 422 => Self::InvalidRequest,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }
}
