//! What the service answered: the data, and all that came with it.

use std::{fmt, ops::Deref, sync::Arc};

use bytes::Bytes;
use callrounded_api::{
    RawAnswer,
    lenient::{self, Budget, Decoded, Undecodable},
    types::{ApiError, Call, CallResponse, StartPhoneCallResponse, StartedCall, TerminateCallResponse},
};
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// A successful answer. It dereferences to its data, such as the call, and gives the rest of what came by its methods.
#[derive(Clone)]
pub struct Answer<T> {
    data: T,
    message: Option<String>,
    error: Option<ApiError>,
    unread: Vec<String>,
    raw: Arc<RawAnswer>,
    attempts: u32,
}

impl<T> Answer<T> {
    pub(crate) fn new(opened: Opened<T>, unread: Vec<String>, raw: Arc<RawAnswer>, attempts: u32) -> Self {
        let Opened { data, message, error } = opened;
        Self {
            data,
            message,
            error,
            unread,
            raw,
            attempts,
        }
    }

    pub(crate) fn raw(&self) -> &Arc<RawAnswer> {
        &self.raw
    }

    pub(crate) fn data_mut(&mut self) -> &mut T {
        &mut self.data
    }

    /// The data, without what came around it.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.data
    }

    /// The envelope's message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The envelope's `error` object. The documented sample shows one beside a successful answer: where there is data,
    /// the request has succeeded.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.error.as_ref()
    }

    /// The HTTP status. (A call has a `status` of its own.)
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        self.raw.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The identifier that the service gave the exchange, if it gave one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.raw.headers)
    }

    /// How often the request was sent until this answer came.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The paths of what was not as documented and could not be read, such as `data.transcript[0].role`. Each reads as
    /// absent, or is left out of its list; [`body`](Self::body) has it as it came.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The body as it came, with every field that the types here don't know.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

/// What `Debug` may show of the data of an answer.
#[doc(hidden)]
pub trait Shown {
    fn shown(&self) -> &dyn fmt::Debug;
}

impl Shown for Call {
    fn shown(&self) -> &dyn fmt::Debug {
        self
    }
}

impl Shown for StartedCall {
    fn shown(&self) -> &dyn fmt::Debug {
        self
    }
}

/// Data that may be anything is shown as nothing.
impl Shown for Value {
    fn shown(&self) -> &dyn fmt::Debug {
        struct Redacted;
        impl fmt::Debug for Redacted {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("<redacted>")
            }
        }
        &Redacted
    }
}

/// Shows what the data shows. What the service says beside it may repeat what was sent.
impl<T: Shown> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("http_status", &self.http_status())
            .field("data", self.data.shown())
            .finish_non_exhaustive()
    }
}

/// An envelope, taken apart.
pub(crate) struct Opened<T> {
    pub data: T,
    pub message: Option<String>,
    pub error: Option<ApiError>,
}

/// An answer of the API as it is generated: data in an envelope.
pub(crate) trait Envelope: serde::de::DeserializeOwned {
    type Data;

    fn open(self) -> Opened<Self::Data>;

    /// What stands for an answer without a body, where that says all that is needed.
    const WITHOUT_BODY: &str = "";

    /// Whether the document lets `data` be absent from a success.
    const MAY_LACK_DATA: bool = false;

    /// Reads what the generated types do not take as it is.
    fn decode(body: &[u8]) -> Result<Decoded<Opened<Self::Data>>, Undecodable> {
        let text = match body {
            [] => Self::WITHOUT_BODY,
            body => std::str::from_utf8(body).unwrap_or_default(),
        };
        let Decoded { value, skipped } = lenient::decode::<Self>(text, "", &mut Budget::default())?;
        Ok(Decoded {
            value: value.open(),
            skipped,
        })
    }
}

impl Envelope for CallResponse {
    type Data = Call;

    fn open(self) -> Opened<Call> {
        Opened {
            data: self.data,
            message: self.message,
            error: self.error,
        }
    }
}

impl Envelope for StartPhoneCallResponse {
    type Data = StartedCall;

    fn open(self) -> Opened<StartedCall> {
        Opened {
            data: self.data,
            message: self.message,
            error: self.error,
        }
    }
}

impl Envelope for TerminateCallResponse {
    type Data = Value;

    /// Such as 204.
    const WITHOUT_BODY: &str = "{}";

    const MAY_LACK_DATA: bool = true;

    fn open(self) -> Opened<Value> {
        Opened {
            data: self.data.unwrap_or_default(),
            message: self.message,
            error: self.error,
        }
    }
}

/// No page names the header; these are the ones in common use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}
