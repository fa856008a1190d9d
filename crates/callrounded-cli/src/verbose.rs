//! `--verbose`: a line on standard error for each attempt.

use callrounded::IncomingResponse;

use crate::{exit::say, table::printable};

/// More than a request ID has.
const LONGEST_ID: usize = 100;

/// Reports an attempt. The URL is not in it, since it may hold personal data.
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
        let id: String = printable(id).chars().take(LONGEST_ID).collect();
        line.push_str(&format!(", request ID {id}"));
    }
    if let Some(delay) = response.retry_in() {
        line.push_str(&format!("; next attempt in {:.2} s", delay.as_secs_f64()));
    }
    say(line);
}
