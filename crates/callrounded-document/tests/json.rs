//! Reading JSON: what is refused and where, what is flawed, and that everything else is read as serde_json reads it.
#![cfg(feature = "validate")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic
)]

use callrounded_document::json::{Flaw, FlawKind, Json, Kind, Node};
use proptest::prelude::*;
use serde_json::{Number, Value};

/// Of a text that is refused: the byte, and why.
fn refusal(text: &str) -> (usize, &'static str) {
    let refused = Json::read(text).expect_err(text);
    assert!(!refused.remedy.is_empty());
    assert!(
        refused.offset <= text.len() && text.is_char_boundary(refused.offset),
        "{text}"
    );
    (refused.offset, refused.problem)
}

#[test]
fn each_refusal_says_why_and_at_which_byte() {
    const CUT: &str = "the payload ends in the middle of a value";
    const LAST_COMMA: &str = "a comma stands before the end";
    const NO_VALUE: &str = "a value is missing before this comma";
    const SINGLE: &str = "a text in single quotes is not JSON";
    const COMMENT: &str = "JSON has no comments";
    const NAN: &str = "JSON has neither NaN nor infinity";
    const PYTHON: &str = "this is a word of Python";
    const STRANGE: &str = "no value of JSON begins like this";
    const GOES_ON: &str = "no value of JSON goes on like this";
    const COMMA: &str = "a comma is missing here";
    const COLON: &str = "a colon is missing here";
    const NAME: &str = "a name is not in quotes";
    const OPEN: &str = "a text does not end";
    const CONTROL: &str = "a control character stands in a text as it is";
    const ESCAPE: &str = "no escape of JSON begins like this";
    const UNIT: &str = "`\\u` wants four hexadecimal digits";
    const ZEROS: &str = "a number of JSON has no leading zeros";
    const DECIMAL: &str = "a number of JSON is decimal";
    const SECOND: &str = "something follows after the end of the value";
    let cases = [
        ("", 0, "the payload is empty"),
        (" \n ", 3, "the payload is empty"),
        ("\u{feff}1", 0, "the payload begins with a byte order mark"),
        ("1 2", 2, SECOND),
        ("{}\n{}", 3, SECOND),
        ("[]]", 2, SECOND),
        ("[", 1, CUT),
        ("[1", 2, CUT),
        ("[1,", 3, CUT),
        ("{", 1, CUT),
        ("{\"a\"", 4, CUT),
        ("{\"a\":", 5, CUT),
        ("{\"a\":1", 6, CUT),
        ("{\"a\":1,", 7, CUT),
        ("[1,]", 3, LAST_COMMA),
        ("{\"a\":1, }", 8, LAST_COMMA),
        ("[,1]", 1, NO_VALUE),
        ("[1,,2]", 3, NO_VALUE),
        ("{,}", 1, NO_VALUE),
        ("'a'", 0, SINGLE),
        ("{'a':1}", 1, SINGLE),
        ("// a\n1", 0, COMMENT),
        ("[1 /* a */]", 3, COMMENT),
        ("{\"a\":1 # a\n}", 7, COMMENT),
        ("+1", 0, "a number of JSON has no plus sign"),
        (".5", 0, "a number of JSON begins with a digit"),
        ("NaN", 0, NAN),
        ("[Infinity]", 1, NAN),
        ("-Infinity", 1, NAN),
        ("None", 0, PYTHON),
        ("[True]", 1, PYTHON),
        ("{\"ä\":False}", 6, PYTHON),
        ("undefined", 0, "JSON has no undefined"),
        ("hello", 0, STRANGE),
        ("<html>", 0, STRANGE),
        ("“a”", 0, STRANGE),
        ("nullable", 4, GOES_ON),
        ("true1", 4, GOES_ON),
        ("10n", 2, GOES_ON),
        ("1_000", 1, GOES_ON),
        ("1ä", 1, GOES_ON),
        ("[1 2]", 3, COMMA),
        ("[1}", 2, COMMA),
        ("{\"a\":1 \"b\":2}", 7, COMMA),
        ("{\"a\" 1}", 5, COLON),
        ("{\"a\"=1}", 4, COLON),
        ("{a:1}", 1, NAME),
        ("{1:1}", 1, NAME),
        ("{\"a\":1,b:2}", 7, NAME),
        ("\"a", 2, OPEN),
        ("[\"ä", 4, OPEN),
        ("\"a\nb\"", 2, CONTROL),
        ("\"\u{1f}\"", 1, CONTROL),
        ("\"a\\x41\"", 2, ESCAPE),
        ("\"a\\", 2, ESCAPE),
        ("\"\\u12", 1, UNIT),
        ("\"\\u12g4\"", 1, UNIT),
        ("\"\\u+123\"", 1, UNIT),
        ("\"\\uä12\"", 1, UNIT),
        ("\"\\ud83d\\u12\"", 7, UNIT),
        ("01", 1, ZEROS),
        ("-00", 2, ZEROS),
        ("0x1F", 1, DECIMAL),
        ("0b1", 1, DECIMAL),
        ("-", 1, "a digit is missing after the minus sign"),
        ("-a", 1, "a digit is missing after the minus sign"),
        ("5.", 2, "a digit is missing after the point"),
        ("5.e1", 2, "a digit is missing after the point"),
        ("5e", 2, "a digit is missing in the exponent"),
        ("5E+", 3, "a digit is missing in the exponent"),
    ];
    let wrong: Vec<_> = cases
        .into_iter()
        .filter(|(text, offset, problem)| refusal(text) != (*offset, *problem))
        .map(|(text, offset, problem)| format!("{text:?}: expected {:?}, got {:?}", (offset, problem), refusal(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_edge_of_depth() {
    let lists = |count: usize, inner: &str| format!("{}{inner}{}", "[".repeat(count), "]".repeat(count));
    let objects = |count: usize, inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(count), "}".repeat(count));
    assert!(Json::read(lists(127, "1")).is_ok());
    assert!(Json::read(objects(127, "1")).is_ok());
    let deep = "the payload nests deeper than 127 levels";
    assert_eq!(refusal(&lists(128, "")), (127, deep));
    assert_eq!(refusal(&objects(128, "1")), (127 * 5, deep));
    assert_eq!(refusal(&"[".repeat(1_000_000)), (127, deep));
    assert_eq!(refusal(&"[{\"a\":".repeat(100_000)), (63 * 6 + 1, deep));
    // The same edge as serde_json's.
    assert!(serde_json::from_str::<Value>(&lists(127, "1")).is_ok());
    assert!(serde_json::from_str::<Value>(&lists(128, "")).is_err());
}

#[test]
fn a_flaw_has_its_place() {
    let flaws = |text: &str| Json::read(text).unwrap().flaws().to_vec();
    let flaw = |kind, span| Flaw { kind, span };
    assert_eq!(flaws("[1, 1e400]"), [flaw(FlawKind::Overflow, 4..9)]);
    assert_eq!(flaws("-1E400"), [flaw(FlawKind::Overflow, 0..6)]);
    assert_eq!(flaws("[1e-400, 1.7976931348623157e308]"), []);
    assert_eq!(flaws(&"9".repeat(400)), [flaw(FlawKind::Overflow, 0..400)]);
    assert_eq!(flaws(r#""ä\ud83d""#), [flaw(FlawKind::HalfCharacter, 3..9)]);
    assert_eq!(flaws(r#""\ude00\ud83d\ude00""#), [flaw(FlawKind::HalfCharacter, 1..7)]);
    assert_eq!(flaws(r#""\ud83dx\ude00""#).len(), 2);
    assert_eq!(flaws(r#""\ud83d\ude00""#), []);
    assert_eq!(flaws(r#""\\ud83d""#), []);
    let twice = |first, second| flaw(FlawKind::Duplicate { first }, second);
    assert_eq!(flaws(r#"{"a":1,"a":2}"#), [twice(1..4, 7..10)]);
    assert_eq!(flaws(r#"{"a":1,"\u0061":2}"#), [twice(1..4, 7..15)]);
    // The inner object ends first, and yet the flaws are in the order of the text.
    assert_eq!(
        flaws(r#"{"a":{"b":1,"b":2},"a":1e999}"#),
        [
            twice(6..9, 12..15),
            twice(1..4, 19..22),
            flaw(FlawKind::Overflow, 23..28)
        ]
    );
}

#[test]
fn of_equal_names_the_last_counts_in_the_place_of_the_first() {
    let json = Json::read(r#"{"a": 1, "b": 2, "\u0061": 3}"#).unwrap();
    assert_eq!(json.root().get("a").unwrap().source(), "3");
    assert_eq!(json.at("/a").unwrap().source(), "3");
    assert_eq!(json.root().to_value().to_string(), r#"{"a":3,"b":2}"#);
    assert_eq!(json.root().members().count(), 3);
}

#[test]
fn minus_zero_is_what_serde_json_has() {
    assert_eq!(
        Json::read("-0").unwrap().root().to_value(),
        serde_json::from_str::<Value>("-0").unwrap()
    );
}

#[test]
fn places_and_pointers() {
    let json = Json::read("{\n  \"ä/b\": [1, {\"~\": true}]\n}").unwrap();
    let inner = json.at("/ä~1b/1/~0").unwrap();
    assert_eq!((inner.kind(), inner.as_bool()), (Kind::Boolean, Some(true)));
    let start = inner.span().start;
    assert_eq!(json.pointer_to(start), "/ä~1b/1/~0");
    let place = json.place(start);
    assert_eq!((place.line, place.column), (2, 20));
    assert_eq!(json.pointer_to(0), "");
    assert!(json.at("/none").is_none());
    assert!(json.at("/ä~1b/2").is_none());
    assert!(json.at("/ä~1b/-1").is_none());
    // RFC 6901 has no leading zeros and no signs in the index of an element.
    assert!(json.at("/ä~1b/01").is_none());
    assert!(json.at("/ä~1b/+1").is_none());
}

/// What is written in the text of each value is the value, and it lies within what holds it.
fn spans_hold(node: Node<'_>) {
    let span = node.span();
    let source = node.source();
    assert_eq!(span.len(), source.len());
    assert_eq!(source.trim(), source);
    let alone = Json::read(source).unwrap();
    assert_eq!(alone.root().kind(), node.kind());
    assert_eq!(alone.root().to_value(), node.to_value());
    let mut end = span.start;
    let mut inner = |node: Node<'_>| {
        assert!(end < node.span().start && node.span().end < span.end);
        end = node.span().end - 1;
    };
    for element in node.elements() {
        inner(element);
        spans_hold(element);
    }
    for (name, value) in node.members() {
        inner(name);
        inner(value);
        assert_eq!(name.kind(), Kind::String);
        spans_hold(value);
    }
}

/// Whether two values are the same, but for the sign of zero.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == Some(0.0) && b.as_f64() == Some(0.0),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((an, a), (bn, b))| an == bn && same(a, b))
        }
        (a, b) => a == b,
    }
}

/// serde_json refuses what is a mere flaw here, but for names that are there twice, and nests one level less deep.
fn agrees(text: &str) -> Result<(), TestCaseError> {
    let ours = Json::read(text);
    let theirs = serde_json::from_str::<Value>(text);
    let flawed = |json: &Json| {
        json.flaws()
            .iter()
            .any(|flaw| !matches!(flaw.kind, FlawKind::Duplicate { .. }))
    };
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            prop_assert!(!flawed(ours), "flawed, and read by serde_json: {text}");
            let value = ours.root().to_value();
            prop_assert!(same(&value, theirs), "{value} is not {theirs}: {text}");
        }
        (Ok(ours), Err(error)) => {
            let deep = error.to_string().contains("recursion limit");
            prop_assert!(flawed(ours) || deep, "serde_json refuses {text:?}: {error}");
        }
        (Err(ours), Ok(_)) => prop_assert!(false, "serde_json reads {text:?}: {ours}"),
        (Err(ours), Err(_)) => {
            prop_assert!(
                ours.offset <= text.len() && text.is_char_boundary(ours.offset),
                "{text:?}: {ours}"
            );
        }
    }
    Ok(())
}

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-10_i64..10).prop_map(Number::from),
        any::<f64>().prop_filter_map("no number of JSON", Number::from_f64),
        (-100_i32..100).prop_map(|cents| Number::from_f64(f64::from(cents) / 100.0).unwrap()),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,8}",
        "[a-c]{0,2}",
        any::<String>(),
        "[\\x00-\\x1f\"\\\\/~😀é\u{2028}\u{feff}]{0,4}"
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        numbers().prop_map(Value::Number),
        any_text().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 80, 24, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any_text(), inner), 0..24)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Pieces of which texts are made that are nearly JSON.
const PIECES: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "null", "true", "false", "nul", "NaN", "-", "+", ".", "0",
    "1", "12", "e", "E+", "1e5", "1e400", "-0", "0.1", "01", "\\", "\\u", "\\u0061", "\\ud83d", "\\ude00", "\\n", " ",
    "\n", "\t", "\u{b}", "\u{a0}", "\u{feff}", "ä", "😀", "'", "/", "#", "x", "\u{0}", "\u{7f}",
];

fn near_json() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read(value in values(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        agrees(&text)?;
        let json = Json::read(text.clone()).unwrap();
        prop_assert_eq!(json.flaws(), []);
        prop_assert_eq!(json.text(), &text);
        prop_assert_eq!(json.root().to_value(), value);
        spans_hold(json.root());
    }

    #[test]
    fn a_value_stays_itself(value in values()) {
        let json = Json::of(&value);
        prop_assert_eq!(json.root().to_value(), value);
        prop_assert_eq!(json.flaws(), []);
    }

    #[test]
    fn a_text_that_was_changed_is_judged_as_serde_json_does(
        value in values(),
        at: prop::sample::Index,
        count in 0_usize..3,
        piece in prop::sample::select(PIECES),
    ) {
        let text: Vec<char> = value.to_string().chars().collect();
        let at = at.index(text.len() + 1);
        let after = (at + count).min(text.len());
        let changed: String = text[..at].iter().copied().chain(piece.chars()).chain(text[after..].iter().copied()).collect();
        agrees(&changed)?;
    }

    #[test]
    fn a_text_that_was_cut_is_judged_as_serde_json_does(value in values(), at: prop::sample::Index) {
        let text: Vec<char> = value.to_string().chars().collect();
        let cut: String = text[..at.index(text.len())].iter().collect();
        agrees(&cut)?;
    }

    #[test]
    fn what_is_nearly_json_is_judged_as_serde_json_does(text in near_json()) {
        agrees(&text)?;
        agrees(&format!("[{text}]"))?;
        agrees(&format!("{{\"a\":{text}}}"))?;
        agrees(&format!("\"{text}\""))?;
    }

    #[test]
    fn numbers_are_judged_as_serde_json_does(text in "-?[0-9]{0,3}(\\.[0-9]{0,25})?([eE][+-]?[0-9]{0,3})?") {
        agrees(&text)?;
    }

    #[test]
    fn names_that_are_there_twice_are_found_in_few_and_in_many(
        picked in prop::collection::vec((0_u32..26, any::<bool>()), 0..40),
    ) {
        let mut text = "{".to_owned();
        let mut first = std::collections::HashMap::new();
        let mut expected = Vec::new();
        for (index, (letter, escaped)) in picked.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            let code = u32::from('a') + letter;
            let name = if escaped {
                format!("\"\\u{code:04X}\"")
            } else {
                format!("\"{}\"", char::from_u32(code).unwrap())
            };
            let span = text.len()..text.len() + name.len();
            text.push_str(&name);
            text.push_str(":[{}]");
            match first.get(&letter) {
                None => {
                    first.insert(letter, span);
                }
                Some(known) => expected.push(Flaw {
                    kind: FlawKind::Duplicate { first: std::ops::Range::clone(known) },
                    span,
                }),
            }
        }
        text.push('}');
        let json = Json::read(text).unwrap();
        prop_assert_eq!(json.flaws(), expected);
    }
}

#[test]
fn a_name_that_is_there_twice_is_found_at_every_count() {
    for count in 1..40 {
        let names: Vec<String> = (0..count).map(|index| format!("\"n{index}\":{index}")).collect();
        let text = format!("{{{},\"n0\":0}}", names.join(","));
        let json = Json::read(text.as_str()).unwrap();
        let start = text.rfind("\"n0\"").unwrap();
        let expected = Flaw {
            kind: FlawKind::Duplicate { first: 1..5 },
            span: start..start + 4,
        };
        assert_eq!(json.flaws(), [expected], "{count}");
    }
}
