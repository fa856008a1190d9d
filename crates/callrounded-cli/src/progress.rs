//! How far a run of many calls is, on a terminal.

use std::fmt;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// Shows how many are done, of so many if that is known. What an earlier run has done does not count for the rate.
pub(crate) fn bar(what: &str, total: Option<u64>, done: u64) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            format!("{{spinner}} {{pos}} of {{len}} {what}, {{rate}}, {{eta}} left"),
        ),
        None => (
            ProgressBar::no_length(),
            format!("{{spinner}} {{pos}} {what}, {{rate}}"),
        ),
    };
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner());
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // Nobody can be told that it can't be shown.
        let _ignored = write!(out, "{:.0}/s", state.per_sec());
    };
    let bar = bar.with_style(style.with_key("rate", rate)).with_position(done);
    bar.reset_eta();
    bar
}
