//! What is written reads as what it was, whatever it is, and an edit changes what it is meant to and nothing else.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use callrounded_changes::yaml::{Edited, write};
use callrounded_document::{Document, pointer};
use proptest::{
    prelude::*,
    sample::Index,
    string::string_regex,
    test_runner::{RngAlgorithm, TestCaseError},
};
use serde_json::{Map, Number, Value, json};

const WIDTH: usize = 120;

/// Texts that YAML has a meaning of its own for.
const TRAPS: [&str; 62] = [
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
const MORE_TRAPS: [&str; 24] = [
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
    // A pattern as a strategy would be parsed for each text.
    let matching = |pattern: &str| string_regex(pattern).unwrap();
    let words = matching("[a-z#:,.'\"\\-]{1,12}");
    prop_oneof![
        3 => proptest::sample::select(&TRAPS[..]).prop_map(str::to_owned),
        2 => proptest::sample::select(&MORE_TRAPS[..]).prop_map(str::to_owned),
        2 => matching("[a-zA-Z]{1,8}"),
        // Words long enough to be folded, with single blanks and, at times, more.
        2 => proptest::collection::vec(words, 1..60).prop_map(|words| words.join(" ")),
        1 => matching("[a-z #:\\-\\?\\n\\t{}\\[\\],&*!|>'\"%@`~\\\\]{0,40}"),
        1 => any::<String>(),
    ]
}

/// Whole numbers as far as the reader takes them, and others that JSON and YAML write alike.
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

fn reads(text: &str, wanted: &Value) -> Result<(), TestCaseError> {
    let document = Document::parse("t.yaml", text);
    let document = document.map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
    prop_assert_eq!(document.value(), wanted, "{}", text);
    // Equal maps may have other orders.
    prop_assert_eq!(document.value().to_string(), wanted.to_string());
    Ok(())
}

/// Whether a text can stand on several lines of a folded block: single blanks between words that fit.
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
    fn what_is_written_reads_as_it_was(value in value()) {
        let text = write(&value);
        prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{:?}", text);
        prop_assert_eq!(&write(&value), &text);
        reads(&text, &value)?;
        prop_assert!(text.lines().all(|line| !line.ends_with([' ', '\t'])), "blanks at the end of a line\n{}", text);
        if all_breakable(&value) {
            // A name and its brackets on top of it.
            let long = text.lines().find(|line| line.chars().count() > WIDTH);
            prop_assert!(long.is_none(), "{:?}", long);
        }
    }

    #[test]
    fn edits_of_what_was_written(value in value(), edits in edits()) {
        edited(&write(&value), edits)?;
    }

    #[test]
    fn edits_of_what_people_wrote(which in 0..HANDMADE.len(), edits in edits()) {
        edited(HANDMADE[which], edits)?;
    }
}

#[test]
fn every_trap_alone_as_a_name_and_in_lists() {
    for text in TRAPS.iter().chain(&MORE_TRAPS) {
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
fn deep_and_long() {
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

/// JSON has whole numbers that YAML's readers take for others: they are known, and few.
#[test]
fn numbers_beyond_64_bits_with_a_sign_read_as_floats() {
    let written = write(&json!({ "a": u64::MAX, "b": i64::MIN, "c": i64::MAX }));
    let read = Document::parse("t.yaml", &written).unwrap();
    assert_eq!(read.get("/b"), Some(&json!(i64::MIN)));
    assert_eq!(read.get("/c"), Some(&json!(i64::MAX)));
    let big = read.get("/a").unwrap();
    assert!(
        *big == json!(u64::MAX) || big.as_f64() == Some(u64::MAX as f64),
        "{big}"
    );
    assert!(Number::from_f64(f64::NAN).is_none());
}

#[test]
fn lists_of_short_texts_stand_on_one_line_and_long_ones_do_not() {
    let written = write(&json!({ "a": ["b", "c"], "d": vec!["some longer word"; 10], "e": [{ "f": [1, 2] }] }));
    assert!(
        written.starts_with("a: [b, c]\nd:\n  - some longer word\n"),
        "{written}"
    );
    assert!(written.ends_with("e:\n  - f: [1, 2]\n"), "{written}");
}

const HANDMADE: [&str; 7] = [
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
# A comment that is less indented than what it stands in.
  c: 2
# Another.
d:
  e: 3
",
    "\
? a   # a name by itself
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

/// The edit, done to the value.
fn done(value: &Value, at: &str, new: Option<&Value>) -> Value {
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

fn edited(text: &str, edits: Vec<Edit>) -> Result<(), TestCaseError> {
    let Ok(mut edited) = Edited::new("t.yaml", text) else {
        // What is written reads, as is held above.
        return Ok(());
    };
    let mut wanted = edited.document().value().clone();
    for edit in edits {
        let mut all = Vec::new();
        pointers(&wanted, "", &mut all);
        match edit {
            Edit::Set(at, value) => {
                let at = &all[at.index(all.len())];
                wanted = done(&wanted, at, Some(&value));
                edited.set(at, &value);
            }
            Edit::Add(at, name, value) => {
                let at = &all[at.index(all.len())];
                let at = match wanted.pointer(at).unwrap() {
                    Value::Object(_) => pointer::join(at, &name),
                    Value::Array(items) => pointer::join(at, &items.len().to_string()),
                    _ => continue,
                };
                wanted = done(&wanted, &at, Some(&value));
                edited.set(&at, &value);
            }
            Edit::Remove(at) => {
                let at = &all[at.index(all.len())];
                if at.is_empty() {
                    continue;
                }
                wanted = done(&wanted, at, None);
                edited.remove(at);
            }
        }
        prop_assert_eq!(edited.document().value(), &wanted, "{}", edited.text());
        reads_alike(edited.text(), &wanted)?;
    }
    Ok(())
}

fn reads_alike(text: &str, wanted: &Value) -> Result<(), TestCaseError> {
    let document = Document::parse("t.yaml", text);
    let document = document.map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
    prop_assert_eq!(document.value(), wanted, "{}", text);
    Ok(())
}

/// The lines of a text, with the member or item at the top of the document that each is of.
fn blocks(text: &str) -> Vec<(String, &str)> {
    let document = Document::parse("t.yaml", text).unwrap();
    let names: Vec<String> = document.members("").map(|(name, _)| name.to_owned()).collect();
    let first = |name: &String| document.name_place(&pointer::join("", name)).unwrap().line;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            let of = names.iter().rfind(|name| first(name) <= index + 1);
            (of.cloned().unwrap_or_default(), line)
        })
        .collect()
}

/// Each edit of one member at the top leaves every line that belongs to others, comments and all.
#[test]
fn what_is_not_touched_stays_line_by_line() {
    for text in HANDMADE {
        let document = Document::parse("t.yaml", text).unwrap();
        if text.starts_with(['{', '?']) {
            continue;
        }
        let mut all = Vec::new();
        pointers(document.value(), "", &mut all);
        for at in all.iter().filter(|at| !at.is_empty()) {
            let touched = pointer::tokens(at).next().unwrap();
            for change in 0..2 {
                let mut edited = Edited::new("t.yaml", text).unwrap();
                match change {
                    0 => edited.set(at, &json!({ "new": ["value"] })),
                    _ => edited.remove(at),
                }
                let after: Vec<&str> = edited.text().lines().collect();
                // A comment right before or after the block may be of it, unless it stands at the margin.
                let others = blocks(text);
                let others = others
                    .iter()
                    .filter(|(of, line)| *of != touched && !line.trim().is_empty());
                let mut from = 0;
                for (_, line) in others {
                    match after[from..].iter().position(|other| other == line) {
                        Some(index) => from += index + 1,
                        None => panic!("change {change} of {at} takes {line:?}\n{}", edited.text()),
                    }
                }
            }
        }
    }
}

/// Comments inside of what is around the changed place stay, too.
#[test]
fn comments_beside_the_place_stay() {
    let text = HANDMADE[0];
    for (at, gone) in [
        ("/list/0/in", vec!["# beside a member"]),
        ("/list/1", vec!["# beside an item"]),
        ("/map/one/type", vec![]),
        ("/map/one/text", vec![]),
        ("/map/two", vec!["# two"]),
        ("/map/three", vec!["# in a list"]),
        ("/info", vec!["# in flow"]),
        ("/openapi", vec!["# beside\n"]),
    ] {
        let mut edited = Edited::new("t.yaml", text).unwrap();
        edited.set(at, &json!("new"));
        let after = edited.text();
        for comment in text.lines().filter_map(|line| line.split_once("# ").map(|(_, it)| it)) {
            let may_go = gone.iter().any(|gone| gone.contains(&format!("# {comment}")));
            // What a text holds is no comment.
            let is_text = comment == "no comment";
            assert!(
                may_go || is_text || after.contains(&format!("# {comment}")),
                "{at}: {comment}\n{after}"
            );
        }
    }
    // The one that is less indented than its neighbours.
    let mut edited = Edited::new("t.yaml", HANDMADE[5]).unwrap();
    edited.set("/a/b", &json!(7));
    assert_eq!(edited.text(), HANDMADE[5].replace("b: 1", "b: 7"));
    let mut edited = Edited::new("t.yaml", HANDMADE[5]).unwrap();
    edited.set("/d/e", &json!(7));
    assert_eq!(edited.text(), HANDMADE[5].replace("e: 3", "e: 7"));
}
