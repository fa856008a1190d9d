//! The progress bar of bulk commands, shown on a terminal.

use std::fmt;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// Creates a progress bar at position `done`, with a total if it is known. What an earlier run has done does not count
/// towards the rate. `unit` is what is counted, such as `rows`.
pub(crate) fn bar(unit: &str, total: Option<u64>, done: u64) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            format!("{{spinner}} {{pos}} of {{len}} {unit}, {{rate}}, {{eta}} left"),
        ),
        None => (
            ProgressBar::no_length(),
            format!("{{spinner}} {{pos}} {unit}, {{rate}}"),
        ),
    };
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // There is no way to report an error here.
        let _ignored = write!(out, "{:.0}/s", state.per_sec());
    };
    let bar = bar.with_style(style.with_key("rate", rate)).with_position(done);
    bar.reset_eta();
    bar
}
