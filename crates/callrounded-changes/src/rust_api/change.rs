//! A changed item, and how it is displayed.

use std::fmt;

use crate::diff::Effect;

/// A change of a public item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemChange {
    /// The path of the item, such as `types::Call::cost`.
    pub path: String,
    /// The old signature. `None` if the item was added.
    pub old: Option<String>,
    /// The new signature. `None` if the item was removed.
    pub new: Option<String>,
    /// The effect on source code that uses the crate.
    pub effect: Effect,
}

impl fmt::Display for ItemChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |signature: &str| {
            if signature.is_empty() {
                String::new()
            } else {
                format!(": {}", display_signature(signature))
            }
        };
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(
                f,
                "{}: {} → {}",
                self.path,
                display_signature(old),
                display_signature(new)
            ),
            (Some(old), None) => write!(f, "- {}{}", self.path, shown(old)),
            (None, Some(new)) => write!(f, "+ {}{}", self.path, shown(new)),
            (None, None) => f.write_str(&self.path),
        }
    }
}

/// Shortens a signature for display: an argument that is converted is shown as the type that it is converted to.
fn display_signature(signature: &str) -> String {
    let plain = signature.split(" where ").next().unwrap_or_default();
    let Some((before, arguments)) = plain.split_once('(').filter(|_| plain.starts_with("fn ")) else {
        return plain.to_owned();
    };
    let name = before.split('<').next().unwrap_or_default();
    // The builders of types have their bounds after `where`.
    if let Some((_, value)) = signature
        .split_once(" where ")
        .and_then(|(_, bounds)| bounds.split_once("TryInto<"))
    {
        return format!("{name}({})", until_closing_bracket(value));
    }
    let end = arguments.rfind(')').unwrap_or(arguments.len());
    let (arguments, result) = arguments.split_at_checked(end).unwrap_or((arguments, ""));
    let mut shown = String::new();
    let mut rest = arguments;
    while let Some(at) = CONVERSIONS.iter().filter_map(|conversion| rest.find(conversion)).min() {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (_, value) = found.split_once('<').unwrap_or_default();
        let inner = until_closing_bracket(value);
        shown.push_str(before);
        // Bounds of associated types are not part of the type.
        shown.push_str(inner.split(", Error").next().unwrap_or(inner));
        rest = value.get(inner.len() + 1..).unwrap_or_default();
    }
    let arguments = shown + rest;
    let arguments = arguments.trim_start_matches("&self").trim_start_matches("mut self");
    format!("{name}({}{result}", arguments.trim_start_matches(", "))
}

const CONVERSIONS: [&str; 2] = ["impl Into<", "impl TryInto<"];

/// Returns the part of `text` before the `>` that closes a bracket opened before `text`.
fn until_closing_bracket(text: &str) -> &str {
    let mut open = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '<' => open += 1,
            '>' if open == 0 => return text.get(..at).unwrap_or(text),
            '>' => open -= 1,
            _ => {}
        }
    }
    text
}
