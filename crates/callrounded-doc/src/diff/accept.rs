//! The options `--accept`, for known changes, and `--level`, for the effect of a kind of change on deployed clients.

use std::{fs, path::Path};

use callrounded_changes::diff::{Diff, Effect, RULES};
use callrounded_document::Diagnostic;

use crate::expected::Expected;

/// The effect of a kind of change on the wire.
#[derive(Clone, Debug)]
pub(super) struct Level {
    rule: &'static str,
    wire: Effect,
}

/// Parses `RULE=LEVEL`.
pub(super) fn parse_level(text: &str) -> Result<Level, String> {
    let (name, level) = text
        .split_once('=')
        .ok_or("expected RULE=LEVEL, such as property-added=breaking")?;
    let rule = RULES.iter().find(|rule| **rule == name);
    let rule = rule.ok_or_else(|| format!("unknown rule `{name}`; expected one of {}", RULES.join(", ")))?;
    let wire = [Effect::None, Effect::Compatible, Effect::Breaking]
        .into_iter()
        .find(|effect| effect.to_string() == level);
    let wire = wire.ok_or_else(|| format!("unknown level `{level}`; expected none, compatible or breaking"))?;
    Ok(Level { rule, wire })
}

/// Applies the levels to the changes.
pub(super) fn apply(levels: &[Level], diff: &mut Diff) {
    for Level { rule, wire } in levels {
        for change in diff.changes.iter_mut().filter(|change| change.rule == *rule) {
            change.wire = *wire;
        }
    }
}

/// The result of applying a list of accepted changes.
#[derive(Default)]
pub(super) struct Accepted {
    /// The number of accepted changes.
    pub count: u64,
    /// The entries of the list that match no change.
    pub unused: Vec<Diagnostic>,
}

/// Removes the changes that the list at `path` accepts from the diff. The error is a message for the user.
pub(super) fn accept(path: &Path, name: &str, diff: &mut Diff) -> Result<Accepted, String> {
    // `Expected::read` accepts a missing file, but a file that the user specified must exist.
    fs::metadata(path).map_err(|error| format!("error: {name} cannot be read: {error}"))?;
    let mut list = Expected::read(path, name).map_err(|diagnostics| diagnostics.to_string())?;
    let before = diff.changes.len();
    diff.changes.retain(|change| !list.covers(&change.fingerprint(), false));
    Ok(Accepted {
        count: (before - diff.changes.len()) as u64,
        unused: list.unused().chain(list.payload_entries()).collect(),
    })
}
