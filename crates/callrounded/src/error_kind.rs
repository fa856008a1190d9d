//! The kinds of errors, by what a caller can do about them.

use reqwest::StatusCode;

/// What kind of thing went wrong, as far as it decides what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client can't be built with these settings. Nothing was sent.
    Configuration,
    /// What was to be sent is not possible, such as an empty call id. Nothing was sent.
    InvalidInput,
    /// No connection to the service could be made, in any attempt. Nothing was sent. (With an own
    /// [`http_client`](crate::ClientBuilder::http_client) that can't be known.)
    Connect,
    /// The time allowed ran out, or the service says so (408). The service may have done what was asked all the same, which can be done again.
    Timeout,
    /// The connection was lost on the way. The service may have done what was asked all the same, which can be done again.
    Connection,
    /// A call may have been started, or may not: the time ran out, the connection was lost, or the service failed or went
    /// elsewhere (408, 5xx, 3xx). Find out before starting it again, as [`StartCall`](crate::StartCall) shows.
    OutcomeUnknown,
    /// The key is missing or not accepted (401).
    Authentication,
    /// The key is not allowed to do this (403).
    Permission,
    /// There is no such call (404).
    NotFound,
    /// The state of the call does not allow this now (409).
    Conflict,
    /// The service does not accept the request (400, 413, 415, 422); [`Error::details`](crate::Error::details) may name the fields.
    InvalidRequest,
    /// Too many requests (429); [`Error::retry_after`](crate::Error::retry_after) is how long to wait, where the service says it.
    RateLimited,
    /// The service failed (5xx).
    Server,
    /// An answer with any other status that is no success.
    UnexpectedStatus,
    /// A success that carries no data, or, where the documentation requires none, an `error` and no data: an error that
    /// the service sent with a status of success. What it reports is in [`Error::message`](crate::Error::message) and [`Error::api_error`](crate::Error::api_error).
    MissingData,
    /// A success whose body is not what the documentation describes; [`Error::path`](crate::Error::path) names the place. The service has
    /// acted: this is never a reason to send again.
    Decode,
    /// A success whose body is larger than [`max_body_size`](crate::ClientBuilder::max_body_size). The service has acted.
    BodyTooLarge,
    /// A walk over calls was given a cursor a second time, and would never end.
    RepeatedCursor,
}

impl ErrorKind {
    pub(crate) fn of(status: StatusCode) -> Self {
        match status.as_u16() {
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
