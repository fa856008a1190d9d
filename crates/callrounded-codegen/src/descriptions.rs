//! Descriptions become documentation in Rust, where a block of code without a language is a program that `cargo test` compiles. What a
//! document shows is no Rust, so its blocks of code are marked as text.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;

/// Where examples and values stand, which are no descriptions whatever their members are called.
const DATA: [&str; 5] = ["default", "enum", "example", "examples", "const"];

/// Marks the code in all descriptions below a value as text. Whether there was any.
pub(crate) fn mark(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |marked, (name, value)| {
            let now = match (name.as_str(), &mut *value) {
                ("description" | "summary", Value::String(text)) => match marked_code(text) {
                    Some(plain) => {
                        *text = plain;
                        true
                    }
                    None => false,
                },
                (name, _) if DATA.contains(&name) || name.starts_with("x-") => false,
                (_, value) => mark(value),
            };
            marked | now
        }),
        Value::Array(items) => items.iter_mut().fold(false, |marked, item| marked | mark(item)),
        _ => false,
    }
}

/// The Markdown with its code marked as text; `None` where there is none to mark.
pub(crate) fn marked_code(text: &str) -> Option<String> {
    // Nothing else begins code.
    if !["    ", "\t", "```", "~~~"].iter().any(|mark| text.contains(mark)) || programs(text).is_empty() {
        return None;
    }
    let mut marked = text.to_owned();
    // What is marked may make code of what stood behind it.
    for _ in 0..ROUNDS {
        let found = programs(&marked);
        if found.is_empty() {
            return Some(marked);
        }
        // From the end, so that the places before are still what they were.
        for (place, is_fenced) in found.into_iter().rev() {
            match is_fenced {
                true => mark_fence(&mut marked, place.start),
                false => fence(&mut marked, &place),
            }
        }
    }
    // All of it is shown as it is written.
    let fence = fence_around(text);
    Some(format!("{fence}text\n{text}\n{fence}"))
}

const ROUNDS: usize = 8;

/// The blocks that rustdoc would compile, and whether each has a fence.
fn programs(text: &str) -> Vec<(Range<usize>, bool)> {
    // As rustdoc reads it.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(text, options).into_offset_iter();
    let blocks = events.filter_map(|(event, place)| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some((place, false)),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => is_rust(&info).then_some((place, true)),
        _ => None,
    });
    blocks.collect()
}

/// Whether rustdoc takes a block for Rust: where it has no language, or nothing but words that rustdoc knows.
fn is_rust(info: &str) -> bool {
    const WORDS: [&str; 9] = [
        "rust",
        "should_panic",
        "no_run",
        "ignore",
        "compile_fail",
        "test_harness",
        "standalone",
        "custom",
        "edition",
    ];
    let words = info.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    let mut words = words.filter(|word| !word.is_empty());
    let is_error = |word: &str| {
        let digits = word.strip_prefix('E').unwrap_or_default();
        digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    words.all(|word| WORDS.iter().any(|known| word.starts_with(known)) || is_error(word))
}

/// Gives the fence that is opened at `start` the language of plain text.
fn mark_fence(text: &mut String, start: usize) {
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let marks = line
        .trim_start_matches([' ', '\t'])
        .chars()
        .take_while(|c| matches!(c, '`' | '~'))
        .count();
    let (info, end) = (start + indent + marks, start + line.len());
    text.replace_range(info..end, "text");
}

/// Puts a fence around code that is indented, or makes it a line of text where something stands before it in its line.
fn fence(text: &mut String, place: &Range<usize>) {
    let before = text.get(..place.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    let is_alone = before.get(start..).unwrap_or_default().trim().is_empty();
    if !is_alone {
        let code = text.get(place.start..).unwrap_or_default();
        let spaces = code.len() - code.trim_start_matches([' ', '\t']).len();
        let kept = before.trim_end_matches([' ', '\t']).len();
        text.replace_range(kept..place.start + spaces, " ");
        return;
    }
    let column = columns(line).saturating_sub(4);
    let block = text.get(start..place.end).unwrap_or_default().trim_end_matches('\n');
    let lines = block.lines().map(|line| match line.trim().is_empty() {
        true => String::new(),
        false => format!(
            "{}{}",
            " ".repeat(columns(line).saturating_sub(4)),
            line.trim_start_matches([' ', '\t'])
        ),
    });
    let lines: Vec<String> = lines.collect();
    let (indent, fence, end) = (" ".repeat(column), fence_around(block), start + block.len());
    let fenced = format!("{indent}{fence}text\n{}\n{indent}{fence}", lines.join("\n"));
    text.replace_range(start..end, &fenced);
}

/// A fence that ends nowhere in a text.
fn fence_around(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

/// The column at which a line begins.
fn columns(line: &str) -> usize {
    let spaces = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    spaces.fold(
        0,
        |column, c| if c == '\t' { column + 4 - column % 4 } else { column + 1 },
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_is_marked_as_text() {
        for (text, marked) in [
            (
                "Plain.\n\n    let x = 1;\n\nMore.",
                "Plain.\n\n```text\nlet x = 1;\n```\n\nMore.",
            ),
            ("```\nx\n```", "```text\nx\n```"),
            ("~~~rust,no_run\nx\n~~~", "~~~text\nx\n~~~"),
            ("- a\n\n      code\n  - b", "- a\n\n  ```text\n  code\n  ```\n  - b"),
            ("1. a\n   ```\n   x\n   ```", "1. a\n   ```text\n   x\n   ```"),
            ("> ```\n> x\n> ```", "> ```text\n> x\n> ```"),
            ("\tx", "```text\nx\n```"),
        ] {
            assert_eq!(marked_code(text).as_deref(), Some(marked), "{text}");
        }
        for text in ["```json\n{}\n```", "a\n    goes on", "- a\n    - b\n        - c", "x"] {
            assert_eq!(marked_code(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn nothing_is_left_that_rustdoc_would_compile(pieces in proptest::collection::vec(
            prop_oneof![
                Just("    "), Just("  "), Just(" "), Just("\t"), Just("\n"), Just("\n\n"), Just("- "), Just("* "), Just("1. "),
                Just("> "), Just("```"), Just("~~~"), Just("```rust"), Just("```json"), Just("text"), Just("# "), Just("---"), Just("|"),
            ], 0..24))
        {
            let text = pieces.concat();
            let marked = marked_code(&text).unwrap_or_else(|| text.clone());
            prop_assert!(programs(&marked).is_empty(), "{text:?}\n{marked:?}\n{:?}", programs(&marked));
        }
    }
}
