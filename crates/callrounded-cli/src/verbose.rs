//! `--verbose`: prints a line to standard error for each attempt.

use callrounded::IncomingResponse;

use crate::{exit::print_message, table::printable};

/// Limit of a printed request ID, in characters. Request IDs are shorter.
const MAX_ID_LENGTH: usize = 100;

/// Prints an attempt. The URL is left out, since it may contain personal data.
pub(crate) fn report(response: &IncomingResponse<'_>) {
    let mut line = format!("{}: attempt {}: ", response.operation(), response.attempt());
    match (response.status(), response.failure()) {
        (Some(status), None) => line.push_str(&status.to_string()),
        (Some(status), Some(failure)) => line.push_str(&format!("{status}, but {failure}")),
        (None, Some(failure)) => line.push_str(&failure.to_string()),
        (None, None) => {}
    }
    line.push_str(&format!(" after {:.2} s", response.took().as_secs_f64()));
    if let Some(id) = response.request_id() {
        let id: String = printable(id).chars().take(MAX_ID_LENGTH).collect();
        line.push_str(&format!(", request ID {id}"));
    }
    if let Some(delay) = response.retry_in() {
        line.push_str(&format!("; next attempt in {:.2} s", delay.as_secs_f64()));
    }
    print_message(line);
}
