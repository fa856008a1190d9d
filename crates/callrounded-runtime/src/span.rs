//! Spans for attempts, following OpenTelemetry's conventions for HTTP clients, and events for retries. Without the
//! feature `tracing` these functions do nothing.
//!
//! The route is the path template of the document, never the path itself, which contains identifiers. Queries, headers
//! and bodies are not recorded.

use std::time::Duration;

use reqwest::Request;

use crate::{OperationInfo, attempt::Attempt};

/// Returns the future of an attempt, which runs in its span.
#[cfg(feature = "tracing")]
pub(crate) fn instrument<F: Future>(span: &Span, attempt: F) -> impl Future<Output = F::Output> + use<F> {
    tracing::Instrument::instrument(attempt, span.0.clone())
}

/// Records the outcome of an attempt.
#[cfg(feature = "tracing")]
pub(crate) fn record_outcome(span: &Span, attempt: &Attempt) {
    if let Some(status) = attempt.status() {
        span.0.record("http.response.status_code", status.as_u16());
    }
    if let Some(error) = attempt.error_type() {
        span.0.record("error.type", error);
        span.0.record("otel.status_code", "ERROR");
    }
}

/// Logs that another attempt follows.
#[cfg(feature = "tracing")]
pub(crate) fn retrying(operation: &OperationInfo, number: u32, attempt: &Attempt, delay: Duration) {
    tracing::debug!(
        operation = operation.id(),
        attempt = number,
        reason = attempt.error_type(),
        delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        "retrying"
    );
}

/// Logs that no attempt follows because the retry budget is exhausted.
#[cfg(feature = "tracing")]
pub(crate) fn budget_exhausted(operation: &OperationInfo, number: u32, attempt: &Attempt) {
    tracing::warn!(
        operation = operation.id(),
        attempt = number,
        reason = attempt.error_type(),
        "not retrying: the retry budget is exhausted"
    );
}

/// Runs synchronous work of an attempt in its span.
#[cfg(feature = "tracing")]
pub(crate) fn in_scope<T>(span: &Span, work: impl FnOnce() -> T) -> T {
    span.0.in_scope(work)
}

/// The span of an attempt.
#[cfg(feature = "tracing")]
pub(crate) struct Span(tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    /// Creates a span. `retry` is 0 for the first attempt.
    pub fn new(request: &Request, operation: &OperationInfo, retry: u32) -> Self {
        use tracing::field::Empty;

        let method = request.method().as_str();
        let span = tracing::info_span!(
            "HTTP request",
            otel.name = format_args!("{method} {}", operation.path()),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = method,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = operation.path(),
            server.address = request.url().host_str(),
            server.port = request.url().port_or_known_default(),
            error.type = Empty,
        );
        if retry > 0 {
            span.record("http.request.resend_count", retry);
        }
        Self(span)
    }

    pub fn end(self) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn instrument<F>(_: &Span, attempt: F) -> F {
    attempt
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn record_outcome(_: &Span, _: &Attempt) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn retrying(_: &OperationInfo, _: u32, _: &Attempt, _: Duration) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn budget_exhausted(_: &OperationInfo, _: u32, _: &Attempt) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn in_scope<T>(_: &Span, work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(not(feature = "tracing"))]
pub(crate) struct Span;

#[cfg(not(feature = "tracing"))]
impl Span {
    pub fn new(_: &Request, _: &OperationInfo, _: u32) -> Self {
        Self
    }

    pub fn end(self) {}
}
