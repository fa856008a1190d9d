//! Sums up exported calls, one JSON object a line.

use callrounded_api::types::{Call, CallStatus};

/// What a file of calls comes to.
#[derive(Debug, Default, PartialEq)]
pub struct Summary {
    /// Calls that came to their end.
    pub completed: usize,
    /// How long they took together, in seconds.
    pub seconds: f64,
}

/// Sums up calls, one JSON object a line.
///
/// # Errors
/// A line that is no call.
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
