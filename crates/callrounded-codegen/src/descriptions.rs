//! Marks code blocks in descriptions as plain text. Descriptions become rustdoc, where `cargo test` compiles a code
//! block without a language as Rust. The code in a document is not Rust.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;

/// Keywords whose values are data. A member called `description` in them is not a description.
const DATA: [&str; 5] = ["default", "enum", "example", "examples", "const"];

/// Marks the code in all descriptions inside a value as text. Returns whether there was any.
pub(crate) fn mark_code(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |marked, (key, value)| {
            let now = match (key.as_str(), &mut *value) {
                ("description" | "summary", Value::String(text)) => match with_marked_code(text) {
                    Some(plain) => {
                        *text = plain;
                        true
                    }
                    None => false,
                },
                (key, _) if DATA.contains(&key) || key.starts_with("x-") => false,
                (_, value) => mark_code(value),
            };
            marked | now
        }),
        Value::Array(items) => items.iter_mut().fold(false, |marked, item| marked | mark_code(item)),
        _ => false,
    }
}

/// Returns the Markdown with its code marked as text, or `None` if it has no code to mark.
pub(crate) fn with_marked_code(text: &str) -> Option<String> {
    // Code begins with one of these. The check is much cheaper than parsing.
    if !["    ", "\t", "```", "~~~"].iter().any(|mark| text.contains(mark)) || rust_blocks(text).is_empty() {
        return None;
    }
    let mut marked = text.to_owned();
    // Marking a block may turn the text after it into code, so this is repeated.
    for _ in 0..MAX_ROUNDS {
        let found = rust_blocks(&marked);
        if found.is_empty() {
            return Some(marked);
        }
        // From the end, so that the ranges of the blocks before remain valid.
        for (range, is_fenced) in found.into_iter().rev() {
            if is_fenced {
                mark_fence(&mut marked, range.start);
            } else {
                fence(&mut marked, &range);
            }
        }
    }
    // Code is still left: the whole description becomes one block of text.
    let fence = fence_around(text);
    Some(format!("{fence}text\n{text}\n{fence}"))
}

const MAX_ROUNDS: usize = 8;

/// Returns the byte ranges of the blocks that rustdoc would compile, and whether each has a fence.
fn rust_blocks(text: &str) -> Vec<(Range<usize>, bool)> {
    // The options that rustdoc uses.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(text, options).into_offset_iter();
    let blocks = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some((range, false)),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => is_rust(&info).then_some((range, true)),
        _ => None,
    });
    blocks.collect()
}

/// Checks whether rustdoc treats a block as Rust: its info string is empty, or consists of words that rustdoc knows.
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

/// Sets the language of the fence at the byte offset `start` to `text`.
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

/// Puts a fence around an indented block. If something else precedes the code in its line, the code becomes a part of
/// that line instead.
fn fence(text: &mut String, range: &Range<usize>) {
    let before = text.get(..range.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    let is_alone = before.get(start..).unwrap_or_default().trim().is_empty();
    if !is_alone {
        let code = text.get(range.start..).unwrap_or_default();
        let spaces = code.len() - code.trim_start_matches([' ', '\t']).len();
        let kept = before.trim_end_matches([' ', '\t']).len();
        text.replace_range(kept..range.start + spaces, " ");
        return;
    }
    let column = columns(line).saturating_sub(4);
    let block = text.get(start..range.end).unwrap_or_default().trim_end_matches('\n');
    let lines = block.lines().map(|line| {
        if line.trim().is_empty() {
            String::new()
        } else {
            format!(
                "{}{}",
                " ".repeat(columns(line).saturating_sub(4)),
                line.trim_start_matches([' ', '\t'])
            )
        }
    });
    let lines: Vec<String> = lines.collect();
    let (indent, fence, end) = (" ".repeat(column), fence_around(block), start + block.len());
    let fenced = format!("{indent}{fence}text\n{}\n{indent}{fence}", lines.join("\n"));
    text.replace_range(start..end, &fenced);
}

/// Returns a fence of backticks that is longer than any in the text.
fn fence_around(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

/// Returns the width of the indentation of a line, in columns. A tab stop is 4 columns.
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
    fn with_marked_code_marks_rust_blocks_only() {
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
            assert_eq!(with_marked_code(text).as_deref(), Some(marked), "{text}");
        }
        for text in ["```json\n{}\n```", "a\n    goes on", "- a\n    - b\n        - c", "x"] {
            assert_eq!(with_marked_code(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn with_marked_code_leaves_nothing_that_rustdoc_compiles(pieces in proptest::collection::vec(
            prop_oneof![
                Just("    "), Just("  "), Just(" "), Just("\t"), Just("\n"), Just("\n\n"), Just("- "), Just("* "), Just("1. "),
                Just("> "), Just("```"), Just("~~~"), Just("```rust"), Just("```json"), Just("text"), Just("# "), Just("---"), Just("|"),
            ], 0..24))
        {
            let text = pieces.concat();
            let marked = with_marked_code(&text).unwrap_or_else(|| text.clone());
            prop_assert!(rust_blocks(&marked).is_empty(), "{text:?}\n{marked:?}\n{:?}", rust_blocks(&marked));
        }
    }
}
