//! Tests that written YAML parses to the value that was written, and that an edit changes only the value at its
//! pointer.

use callrounded_changes::yaml::{Editor, write};
use callrounded_document::{Document, pointer};
use proptest::{
    prelude::*,
    sample::Index,
    string::string_regex,
    test_runner::{RngAlgorithm, TestCaseError},
};
use serde_json::{Map, Number, Value, json};

const WIDTH: usize = 120;

/// Strings that have a special meaning in YAML.
const SPECIAL: [&str; 62] = [
    "",
    " ",
    "a: b",
    "a #b",
    "a:",
    "#",
    "# a",
    "- a",
    "-",
    "--- ",
    "---",
    "...",
    "? a",
    "?",
    "{",
    "}",
    "{a",
    "[",
    "]",
    "[a]",
    "a, b",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "|-",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "%a",
    "@a",
    "`a`",
    "true",
    "False",
    "NULL",
    "null",
    "~",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "1",
    "-1",
    "+1",
    "0x1F",
    "0o7",
    "1e3",
    ".5",
    "1.",
    ".inf",
    "-.INF",
    ".nan",
    "2026-01-01",
    "12:30:45",
    "1_000",
    "<<",
    "=",
    "a\tb",
];
/// Strings with line breaks, control characters, and characters outside of ASCII.
const SPECIAL_CHARACTERS: [&str; 24] = [
    "a\nb",
    "a\n\nb",
    "a\n",
    "\na",
    "a\n\n",
    " a\nb",
    "a\n b",
    "a\n\tb",
    "a \nb",
    "a\r\nb",
    "a\rb",
    "\u{0}",
    "\u{7}a",
    "\u{1b}[0m",
    "\u{7f}",
    "\u{85}a",
    "a\u{2028}b",
    "\u{feff}a",
    "\u{a0}a\u{a0}",
    "naïve — “text”",
    "😀 emoji: 👩‍👩‍👧",
    "日本語",
    "a\n---\nb",
    "a\n# b\nc: d",
];

fn text() -> impl Strategy<Value = String> {
    // Compiled once: a `&str` strategy would parse the pattern for every value.
    let matching = |pattern: &str| string_regex(pattern).unwrap();
    let words = matching("[a-z#:,.'\"\\-]{1,12}");
    prop_oneof![
        3 => proptest::sample::select(&SPECIAL[..]).prop_map(str::to_owned),
        2 => proptest::sample::select(&SPECIAL_CHARACTERS[..]).prop_map(str::to_owned),
        2 => matching("[a-zA-Z]{1,8}"),
        // Long enough to be folded.
        2 => proptest::collection::vec(words, 1..60).prop_map(|words| words.join(" ")),
        1 => matching("[a-z #:\\-\\?\\n\\t{}\\[\\],&*!|>'\"%@`~\\\\]{0,40}"),
        1 => any::<String>(),
    ]
}

/// Numbers that JSON and YAML write the same: signed 64-bit integers and floats.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-1000i64..1000).prop_map(Value::from),
        proptest::num::f64::NORMAL.prop_map(|number| json!(number)),
        proptest::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.1,
            1e21,
            1e-7,
            1e300,
            5e-324,
            f64::MAX,
            f64::MIN
        ])
        .prop_map(|number| json!(number)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => number(),
        5 => text().prop_map(Value::from),
        1 => Just(json!({})),
        1 => Just(json!([])),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn check_parses_to(text: &str, expected: &Value) -> Result<(), TestCaseError> {
    let document = Document::parse("t.yaml", text);
    let document = document.map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
    prop_assert_eq!(document.value(), expected, "{}", text);
    // Comparing maps ignores the order of keys.
    prop_assert_eq!(document.value().to_string(), expected.to_string());
    Ok(())
}

/// Checks whether a string can be folded: single spaces between words of at most 40 characters.
fn is_breakable(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}')
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text.split(' ').all(|word| word.chars().count() <= 40)
}

fn all_breakable(value: &Value) -> bool {
    match value {
        Value::String(text) => is_breakable(text),
        Value::Array(items) => items.iter().all(all_breakable),
        Value::Object(members) => members
            .iter()
            .all(|(name, one)| name.chars().count() <= 20 && all_breakable(one)),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..ProptestConfig::default()
    })]

    #[test]
    fn write_parses_to_same_value(value in value()) {
        let text = write(&value);
        prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{:?}", text);
        prop_assert_eq!(&write(&value), &text);
        check_parses_to(&text, &value)?;
        prop_assert!(text.lines().all(|line| !line.ends_with([' ', '\t'])), "trailing whitespace\n{}", text);
        if all_breakable(&value) {
            let long = text.lines().find(|line| line.chars().count() > WIDTH);
            prop_assert!(long.is_none(), "{:?}", long);
        }
    }

    #[test]
    fn editor_edits_written_yaml(value in value(), edits in edits()) {
        check_edits(&write(&value), edits)?;
    }

    #[test]
    fn editor_edits_hand_written_yaml(index in 0..HAND_WRITTEN.len(), edits in edits()) {
        check_edits(HAND_WRITTEN[index], edits)?;
    }
}

#[test]
fn write_special_strings_parse_to_same_value() {
    for text in SPECIAL.iter().chain(&SPECIAL_CHARACTERS) {
        for value in [
            json!(text),
            json!([text]),
            json!([[text]]),
            json!({ *text: text }),
            json!({ "a": { *text: [text, { *text: [] }] } }),
            json!({ "a": [text, text] }),
            json!({ "a": format!("{text} {}", "word ".repeat(40).trim_end()) }),
            json!({ "a": format!("{}{text}", "word ".repeat(40)) }),
        ] {
            let written = write(&value);
            match Document::parse("t.yaml", &written) {
                Ok(document) => assert_eq!(*document.value(), value, "{written}"),
                Err(found) => panic!("{value}: {found}\n{written}"),
            }
        }
    }
}

#[test]
fn write_deep_and_long_values_parse_to_same_value() {
    let mut deep = json!("end");
    for level in 0..60 {
        deep = if level % 3 == 0 {
            json!([deep])
        } else {
            json!({ "a": deep })
        };
    }
    let long_name = "n".repeat(300);
    let longer_name = "word ".repeat(400);
    for value in [
        deep,
        json!({ long_name: 1 }),
        json!({ longer_name: { "a": 1 } }),
        json!({ "a": "x".repeat(500), "b": vec!["item"; 200], "c": vec![1; 200], "": { "": [""] } }),
        json!([[[[]]], [[{}]], [{ "a": [[{ "b": [] }]] }]]),
        json!([{ "a": { "b": 1 }, "c": [1] }, [{ "a": 1 }, { "b": 2 }], { "": [] }]),
    ] {
        let written = write(&value);
        match Document::parse("t.yaml", &written) {
            Ok(document) => assert_eq!(*document.value(), value, "{written}"),
            Err(found) => panic!("{found}\n{written}"),
        }
    }
}

/// The YAML parser may read an integer above `i64::MAX` as a float.
#[test]
fn write_unsigned_64_bit_integer_may_parse_as_float() {
    let written = write(&json!({ "a": u64::MAX, "b": i64::MIN, "c": i64::MAX }));
    let parsed = Document::parse("t.yaml", &written).unwrap();
    assert_eq!(parsed.get("/b"), Some(&json!(i64::MIN)));
    assert_eq!(parsed.get("/c"), Some(&json!(i64::MAX)));
    let big = parsed.get("/a").unwrap();
    assert!(
        *big == json!(u64::MAX) || big.as_f64() == Some(u64::MAX as f64),
        "{big}"
    );
    assert!(Number::from_f64(f64::NAN).is_none());
}

#[test]
fn write_short_list_is_on_one_line() {
    let written = write(&json!({ "a": ["b", "c"], "d": vec!["some longer word"; 10], "e": [{ "f": [1, 2] }] }));
    assert!(
        written.starts_with("a: [b, c]\nd:\n  - some longer word\n"),
        "{written}"
    );
    assert!(written.ends_with("e:\n  - f: [1, 2]\n"), "{written}");
}

const HAND_WRITTEN: [&str; 7] = [
    "\
# Before all.
openapi: 3.0.3   # beside
info: {title: T, version: '1'}   # in flow

list:
  # Before the first.
  - name: a
    in: query  # beside a member
  # Between.
  - {name: b, in: path}   # beside an item
  - - 1
    - 2
tags: [x, y, {z: 1}]
# Before the map.
map:
  one:
    # Inside.
    type: object
    text: >-
      Folded
      text.
    more: |
      Line by line

      # no comment
  two: {a: {b: [1, 2]}}   # two

  # Before three.
  three: [
    1,   # in a list
    2,
  ]
# At the end.
",
    "{\n  \"a\": {\"b\": [1, 2, {\"c\": null}]},\n  \"d\": \"e\"\n}\n",
    "\
a:
- 1
- b: 2
  c: 3
# Right below its list.
- - 4
d: 5
",
    "\
? a
: b
\"quoted name\":   'quoted text'
'it''s': \"a\\tb\"
multi: first
  second
  third   # beside the third
empty:
nothing: ~
anchored: [1]
",
    "\
paths:
    /a/{b}:
        get:      # far in
            tags: [t]
            parameters:
            - name: b
              in: path
            - name: c
              in: query

    /b: {}
components:
    schemas: {}
",
    "\
a:
  b: 1
# A comment that is less indented than its neighbours.
  c: 2
# Another.
d:
  e: 3
",
    "\
? a   # an explicit key
: b
c: 1
",
];

#[derive(Clone, Debug)]
enum Edit {
    Set(Index, Value),
    Add(Index, String, Value),
    Remove(Index),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let one = prop_oneof![
        (any::<Index>(), value()).prop_map(|(at, value)| Edit::Set(at, value)),
        (any::<Index>(), text(), value()).prop_map(|(at, name, value)| Edit::Add(at, name, value)),
        any::<Index>().prop_map(Edit::Remove),
    ];
    proptest::collection::vec(one, 1..4)
}

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, one) in members {
                pointers(one, &pointer::join(at, name), found);
            }
        }
        Value::Array(items) => {
            for (index, one) in items.iter().enumerate() {
                pointers(one, &pointer::join(at, &index.to_string()), found);
            }
        }
        _ => {}
    }
}

/// Applies an edit to the value.
fn apply(value: &Value, at: &str, new: Option<&Value>) -> Value {
    let Some((parent, name)) = pointer::split(at) else {
        return new.unwrap_or(value).clone();
    };
    let mut out = value.clone();
    match (out.pointer_mut(parent).unwrap(), new) {
        (Value::Object(members), Some(new)) => drop(members.insert(name, new.clone())),
        (Value::Object(members), None) => drop(members.shift_remove(&name)),
        (Value::Array(items), Some(new)) => match items.get_mut(name.parse::<usize>().unwrap()) {
            Some(item) => *item = new.clone(),
            None => items.push(new.clone()),
        },
        (Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
        _ => panic!("{at}"),
    }
    out
}

fn check_edits(text: &str, edits: Vec<Edit>) -> Result<(), TestCaseError> {
    let Ok(mut editor) = Editor::new("t.yaml", text) else {
        // `write_parses_to_same_value` tests that written YAML parses.
        return Ok(());
    };
    let mut expected = editor.document().value().clone();
    for edit in edits {
        let mut all = Vec::new();
        pointers(&expected, "", &mut all);
        match edit {
            Edit::Set(at, value) => {
                let at = &all[at.index(all.len())];
                expected = apply(&expected, at, Some(&value));
                editor.set(at, &value);
            }
            Edit::Add(at, name, value) => {
                let at = &all[at.index(all.len())];
                let at = match expected.pointer(at).unwrap() {
                    Value::Object(_) => pointer::join(at, &name),
                    Value::Array(items) => pointer::join(at, &items.len().to_string()),
                    _ => continue,
                };
                expected = apply(&expected, &at, Some(&value));
                editor.set(&at, &value);
            }
            Edit::Remove(at) => {
                let at = &all[at.index(all.len())];
                if at.is_empty() {
                    continue;
                }
                expected = apply(&expected, at, None);
                editor.remove(at);
            }
        }
        prop_assert_eq!(editor.document().value(), &expected, "{}", editor.text());
        check_value(editor.text(), &expected)?;
    }
    Ok(())
}

fn check_value(text: &str, expected: &Value) -> Result<(), TestCaseError> {
    let document = Document::parse("t.yaml", text);
    let document = document.map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
    prop_assert_eq!(document.value(), expected, "{}", text);
    Ok(())
}

/// Returns the lines of a text, each with the key of the top-level member that it belongs to.
fn blocks(text: &str) -> Vec<(String, &str)> {
    let document = Document::parse("t.yaml", text).unwrap();
    let names: Vec<String> = document.members("").map(|(name, _)| name.to_owned()).collect();
    let first = |name: &String| document.key_location(&pointer::join("", name)).unwrap().line;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            let name = names.iter().rfind(|name| first(name) <= index + 1);
            (name.cloned().unwrap_or_default(), line)
        })
        .collect()
}

/// An edit inside one top-level member keeps every line of the others, including comments.
#[test]
fn editor_edit_keeps_lines_of_other_members() {
    for text in HAND_WRITTEN {
        let document = Document::parse("t.yaml", text).unwrap();
        if text.starts_with(['{', '?']) {
            continue;
        }
        let mut all = Vec::new();
        pointers(document.value(), "", &mut all);
        for at in all.iter().filter(|at| !at.is_empty()) {
            let edited = pointer::tokens(at).next().unwrap();
            for change in 0..2 {
                let mut editor = Editor::new("t.yaml", text).unwrap();
                match change {
                    0 => editor.set(at, &json!({ "new": ["value"] })),
                    _ => editor.remove(at),
                }
                let after: Vec<&str> = editor.text().lines().collect();
                // A comment next to the block may belong to it, unless it is not indented.
                let lines = blocks(text);
                let others = lines
                    .iter()
                    .filter(|(name, line)| *name != edited && !line.trim().is_empty());
                let mut from = 0;
                for (_, line) in others {
                    match after[from..].iter().position(|other| other == line) {
                        Some(index) => from += index + 1,
                        None => panic!("change {change} of {at} removes {line:?}\n{}", editor.text()),
                    }
                }
            }
        }
    }
}

/// An edit keeps the comments around the edited value.
#[test]
fn editor_edit_keeps_neighbouring_comments() {
    let text = HAND_WRITTEN[0];
    for (at, removed) in [
        ("/list/0/in", vec!["# beside a member"]),
        ("/list/1", vec!["# beside an item"]),
        ("/map/one/type", vec![]),
        ("/map/one/text", vec![]),
        ("/map/two", vec!["# two"]),
        ("/map/three", vec!["# in a list"]),
        ("/info", vec!["# in flow"]),
        ("/openapi", vec!["# beside\n"]),
    ] {
        let mut editor = Editor::new("t.yaml", text).unwrap();
        editor.set(at, &json!("new"));
        let after = editor.text();
        for comment in text.lines().filter_map(|line| line.split_once("# ").map(|(_, it)| it)) {
            let may_be_removed = removed.iter().any(|removed| removed.contains(&format!("# {comment}")));
            // Part of a string, not a comment.
            let is_string = comment == "no comment";
            assert!(
                may_be_removed || is_string || after.contains(&format!("# {comment}")),
                "{at}: {comment}\n{after}"
            );
        }
    }
    // The document with a comment that is less indented than its neighbours.
    let mut editor = Editor::new("t.yaml", HAND_WRITTEN[5]).unwrap();
    editor.set("/a/b", &json!(7));
    assert_eq!(editor.text(), HAND_WRITTEN[5].replace("b: 1", "b: 7"));
    let mut editor = Editor::new("t.yaml", HAND_WRITTEN[5]).unwrap();
    editor.set("/d/e", &json!(7));
    assert_eq!(editor.text(), HAND_WRITTEN[5].replace("e: 3", "e: 7"));
}
