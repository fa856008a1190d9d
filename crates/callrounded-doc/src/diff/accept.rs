//! `--accept` and `--level`: changes that are known, and what a kind of change means to those who deploy the client.

use std::{fs, path::Path};

use callrounded_changes::diff::{Diff, Effect, RULES};
use callrounded_document::Diagnostic;

use crate::expected::Expected;

/// What one kind of change means on the wire.
#[derive(Clone, Debug)]
pub(super) struct Level {
    rule: &'static str,
    wire: Effect,
}

/// `RULE=LEVEL`
pub(super) fn level(text: &str) -> Result<Level, String> {
    let (name, level) = text
        .split_once('=')
        .ok_or("write RULE=LEVEL, such as property-added=breaking")?;
    let rule = RULES.iter().find(|rule| **rule == name);
    let rule = rule.ok_or_else(|| format!("there is no rule `{name}`; the rules are {}", RULES.join(", ")))?;
    let wire = [Effect::None, Effect::Compatible, Effect::Breaking]
        .into_iter()
        .find(|effect| effect.to_string() == level);
    let wire = wire.ok_or_else(|| format!("`{level}` is no level; the levels are none, compatible and breaking"))?;
    Ok(Level { rule, wire })
}

/// Takes the levels over.
pub(super) fn apply(levels: &[Level], diff: &mut Diff) {
    for Level { rule, wire } in levels {
        for change in diff.changes.iter_mut().filter(|change| change.rule == *rule) {
            change.wire = *wire;
        }
    }
}

/// What became of a list of accepted changes.
#[derive(Default)]
pub(super) struct Accepted {
    /// How many changes are on it.
    pub count: u64,
    /// Its entries that no change is for.
    pub unused: Vec<Diagnostic>,
}

/// Takes the changes that the list at `path` accepts out of the diff. An error is a text for the user.
pub(super) fn accept(path: &Path, name: &str, diff: &mut Diff) -> Result<Accepted, String> {
    // Unlike the list of expected failures it is named, so it has to be there.
    fs::metadata(path).map_err(|error| format!("error: {name} can't be read: {error}"))?;
    let mut list = Expected::read(path, name).map_err(|found| found.to_string())?;
    let before = diff.changes.len();
    diff.changes.retain(|change| !list.covers(&change.fingerprint(), false));
    Ok(Accepted {
        count: (before - diff.changes.len()) as u64,
        unused: list.idle().chain(list.of_payloads()).collect(),
    })
}
