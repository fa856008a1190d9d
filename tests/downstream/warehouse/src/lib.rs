//! Sums up exported calls, one JSON object per line.

use callrounded_api::types::{Call, CallStatus};

/// The summary of a file of calls.
#[derive(Debug, Default, PartialEq)]
pub struct Summary {
    /// The number of completed calls.
    pub completed: usize,
    /// The total duration of completed calls in seconds.
    pub seconds: f64,
}

/// Sums up calls, one JSON object per line.
///
/// # Errors
/// If a line does not decode as a call.
pub fn sum(ndjson: &str) -> serde_json::Result<Summary> {
    let mut summary = Summary::default();
    for line in ndjson.lines() {
        let call: Call = serde_json::from_str(line)?;
        if call.status == Some(CallStatus::Completed) {
            summary.completed += 1;
            summary.seconds += call.duration_seconds.unwrap_or_default();
        }
    }
    Ok(summary)
}
