//! A span for each attempt, named and attributed by OpenTelemetry's conventions for HTTP clients. Without the feature
//! `tracing` there is none, at no cost.
//!
//! The route is the template of the document, never the path, which holds identifiers; no query, header or body is told.

use reqwest::Request;

use crate::{Operation, attempt::Attempt};

/// Has what an attempt does happen in its span.
#[cfg(feature = "tracing")]
pub(crate) fn around<F: Future>(span: &Span, attempt: F) -> impl Future<Output = F::Output> + use<F> {
    tracing::Instrument::instrument(attempt, span.0.clone())
}

/// Tells what came of an attempt.
#[cfg(feature = "tracing")]
pub(crate) fn ended(span: &Span, attempt: &Attempt) {
    if let Some(status) = attempt.status() {
        span.0.record("http.response.status_code", status.as_u16());
    }
    if let Some(error) = attempt.error_type() {
        span.0.record("error.type", error);
        span.0.record("otel.status_code", "ERROR");
    }
}

/// Runs what belongs to an attempt in its span.
#[cfg(feature = "tracing")]
pub(crate) fn within<T>(span: &Span, work: impl FnOnce() -> T) -> T {
    span.0.in_scope(work)
}

#[cfg(feature = "tracing")]
pub(crate) struct Span(tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    /// `resend` is 0 for the first attempt.
    pub fn new(request: &Request, operation: &Operation, resend: u32) -> Self {
        use tracing::field::Empty;

        let method = request.method().as_str();
        let span = tracing::info_span!(
            "HTTP request",
            otel.name = format_args!("{method} {}", operation.path),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = method,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = operation.path,
            server.address = request.url().host_str(),
            server.port = request.url().port_or_known_default(),
            error.type = Empty,
        );
        if resend > 0 {
            span.record("http.request.resend_count", resend);
        }
        Self(span)
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn around<F>(_: &Span, attempt: F) -> F {
    attempt
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn ended(_: &Span, _: &Attempt) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn within<T>(_: &Span, work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(not(feature = "tracing"))]
pub(crate) struct Span;

#[cfg(not(feature = "tracing"))]
impl Span {
    pub fn new(_: &Request, _: &Operation, _: u32) -> Self {
        Self
    }
}
