//! Parsing JSON: syntax errors and their offsets, violations of I-JSON, and agreement with serde_json on everything
//! else.

use callrounded_document::json::{Json, Kind, Node, Violation, ViolationKind};
use proptest::prelude::*;
use serde_json::{Number, Value};

/// Returns the byte offset and the problem of a text that is not JSON.
fn parse_error(text: &str) -> (usize, &'static str) {
    let error = Json::read(text).expect_err(text);
    assert!(!error.remedy.is_empty());
    assert!(
        error.offset <= text.len() && text.is_char_boundary(error.offset),
        "{text}"
    );
    (error.offset, error.problem)
}

#[test]
fn read_invalid_json_reports_problem_and_offset() {
    const TRUNCATED: &str = "unexpected end of the payload inside a value";
    const TRAILING_COMMA: &str = "trailing comma before this bracket";
    const MISSING_VALUE: &str = "missing value before this comma";
    const SINGLE_QUOTES: &str = "single quotes are not allowed in JSON";
    const COMMENT: &str = "comments are not allowed in JSON";
    const NAN: &str = "NaN and Infinity are not allowed in JSON";
    const PYTHON: &str = "this is a Python literal, not JSON";
    const EXPECTED_VALUE: &str = "expected a JSON value";
    const AFTER_LITERAL: &str = "unexpected character after a literal or number";
    const COMMA: &str = "missing comma";
    const COLON: &str = "missing colon";
    const KEY: &str = "expected a key in double quotes";
    const UNTERMINATED: &str = "unterminated string";
    const CONTROL: &str = "unescaped control character in a string";
    const ESCAPE: &str = "invalid escape sequence";
    const UNIT: &str = "invalid escape sequence: expected four hexadecimal digits after `\\u`";
    const ZEROS: &str = "invalid number: leading zeros";
    const DECIMAL: &str = "invalid number: expected decimal digits";
    const EXTRA: &str = "unexpected content after the end of the value";
    const BEFORE_POINT: &str = "invalid number: expected a digit before the decimal point";
    const AFTER_MINUS: &str = "invalid number: expected a digit after the minus sign";
    const AFTER_POINT: &str = "invalid number: expected a digit after the decimal point";
    const EXPONENT: &str = "invalid number: expected a digit in the exponent";
    let cases = [
        ("", 0, "the payload is empty"),
        (" \n ", 3, "the payload is empty"),
        ("\u{feff}1", 0, "unexpected byte order mark at the start of the payload"),
        ("1 2", 2, EXTRA),
        ("{}\n{}", 3, EXTRA),
        ("[]]", 2, EXTRA),
        ("[", 1, TRUNCATED),
        ("[1", 2, TRUNCATED),
        ("[1,", 3, TRUNCATED),
        ("{", 1, TRUNCATED),
        ("{\"a\"", 4, TRUNCATED),
        ("{\"a\":", 5, TRUNCATED),
        ("{\"a\":1", 6, TRUNCATED),
        ("{\"a\":1,", 7, TRUNCATED),
        ("[1,]", 3, TRAILING_COMMA),
        ("{\"a\":1, }", 8, TRAILING_COMMA),
        ("[,1]", 1, MISSING_VALUE),
        ("[1,,2]", 3, MISSING_VALUE),
        ("{,}", 1, MISSING_VALUE),
        ("'a'", 0, SINGLE_QUOTES),
        ("{'a':1}", 1, SINGLE_QUOTES),
        ("// a\n1", 0, COMMENT),
        ("[1 /* a */]", 3, COMMENT),
        ("{\"a\":1 # a\n}", 7, COMMENT),
        ("+1", 0, "invalid number: leading plus sign"),
        (".5", 0, BEFORE_POINT),
        ("NaN", 0, NAN),
        ("[Infinity]", 1, NAN),
        ("-Infinity", 1, NAN),
        ("None", 0, PYTHON),
        ("[True]", 1, PYTHON),
        ("{\"ä\":False}", 6, PYTHON),
        ("undefined", 0, "undefined is not allowed in JSON"),
        ("hello", 0, EXPECTED_VALUE),
        ("<html>", 0, EXPECTED_VALUE),
        ("“a”", 0, EXPECTED_VALUE),
        ("nullable", 4, AFTER_LITERAL),
        ("true1", 4, AFTER_LITERAL),
        ("10n", 2, AFTER_LITERAL),
        ("1_000", 1, AFTER_LITERAL),
        ("1ä", 1, AFTER_LITERAL),
        ("[1 2]", 3, COMMA),
        ("[1}", 2, COMMA),
        ("{\"a\":1 \"b\":2}", 7, COMMA),
        ("{\"a\" 1}", 5, COLON),
        ("{\"a\"=1}", 4, COLON),
        ("{a:1}", 1, KEY),
        ("{1:1}", 1, KEY),
        ("{\"a\":1,b:2}", 7, KEY),
        ("\"a", 2, UNTERMINATED),
        ("[\"ä", 4, UNTERMINATED),
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
        ("-", 1, AFTER_MINUS),
        ("-a", 1, AFTER_MINUS),
        ("5.", 2, AFTER_POINT),
        ("5.e1", 2, AFTER_POINT),
        ("5e", 2, EXPONENT),
        ("5E+", 3, EXPONENT),
    ];
    let failures: Vec<_> = cases
        .into_iter()
        .filter(|(text, offset, problem)| parse_error(text) != (*offset, *problem))
        .map(|(text, offset, problem)| {
            format!(
                "{text:?}: expected {:?}, got {:?}",
                (offset, problem),
                parse_error(text)
            )
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn read_nesting_of_127_levels_is_accepted_and_128_is_an_error() {
    let arrays = |count: usize, inner: &str| format!("{}{inner}{}", "[".repeat(count), "]".repeat(count));
    let objects = |count: usize, inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(count), "}".repeat(count));
    assert!(Json::read(arrays(127, "1")).is_ok());
    assert!(Json::read(objects(127, "1")).is_ok());
    let deep = "the payload nests deeper than 127 levels";
    assert_eq!(parse_error(&arrays(128, "")), (127, deep));
    assert_eq!(parse_error(&objects(128, "1")), (127 * 5, deep));
    assert_eq!(parse_error(&"[".repeat(1_000_000)), (127, deep));
    assert_eq!(parse_error(&"[{\"a\":".repeat(100_000)), (63 * 6 + 1, deep));
    // serde_json has the same limit.
    assert!(serde_json::from_str::<Value>(&arrays(127, "1")).is_ok());
    assert!(serde_json::from_str::<Value>(&arrays(128, "")).is_err());
}

#[test]
fn violations_have_kinds_and_spans() {
    let violations = |text: &str| Json::read(text).unwrap().violations().to_vec();
    let violation = |kind, span| Violation { kind, span };
    assert_eq!(violations("[1, 1e400]"), [violation(ViolationKind::Overflow, 4..9)]);
    assert_eq!(violations("-1E400"), [violation(ViolationKind::Overflow, 0..6)]);
    assert_eq!(violations("[1e-400, 1.7976931348623157e308]"), []);
    assert_eq!(
        violations(&"9".repeat(400)),
        [violation(ViolationKind::Overflow, 0..400)]
    );
    assert_eq!(
        violations(r#""ä\ud83d""#),
        [violation(ViolationKind::LoneSurrogate, 3..9)]
    );
    assert_eq!(
        violations(r#""\ude00\ud83d\ude00""#),
        [violation(ViolationKind::LoneSurrogate, 1..7)]
    );
    assert_eq!(violations(r#""\ud83dx\ude00""#).len(), 2);
    assert_eq!(violations(r#""\ud83d\ude00""#), []);
    assert_eq!(violations(r#""\\ud83d""#), []);
    let duplicate = |first, second| violation(ViolationKind::Duplicate { first }, second);
    assert_eq!(violations(r#"{"a":1,"a":2}"#), [duplicate(1..4, 7..10)]);
    assert_eq!(violations(r#"{"a":1,"\u0061":2}"#), [duplicate(1..4, 7..15)]);
    // The inner object is completed first, but violations are in the order of the text.
    assert_eq!(
        violations(r#"{"a":{"b":1,"b":2},"a":1e999}"#),
        [
            duplicate(6..9, 12..15),
            duplicate(1..4, 19..22),
            violation(ViolationKind::Overflow, 23..28)
        ]
    );
}

#[test]
fn get_duplicate_key_returns_last_value() {
    let json = Json::read(r#"{"a": 1, "b": 2, "\u0061": 3}"#).unwrap();
    assert_eq!(json.root().get("a").unwrap().source(), "3");
    assert_eq!(json.at("/a").unwrap().source(), "3");
    assert_eq!(json.root().to_value().to_string(), r#"{"a":3,"b":2}"#);
    assert_eq!(json.root().members().count(), 3);
}

#[test]
fn to_value_of_minus_zero_agrees_with_serde_json() {
    assert_eq!(
        Json::read("-0").unwrap().root().to_value(),
        serde_json::from_str::<Value>("-0").unwrap()
    );
}

#[test]
fn location_and_pointer_to_of_offset() {
    let json = Json::read("{\n  \"ä/b\": [1, {\"~\": true}]\n}").unwrap();
    let inner = json.at("/ä~1b/1/~0").unwrap();
    assert_eq!((inner.kind(), inner.as_bool()), (Kind::Boolean, Some(true)));
    let start = inner.span().start;
    assert_eq!(json.pointer_to(start), "/ä~1b/1/~0");
    let location = json.location(start);
    assert_eq!((location.line, location.column), (2, 20));
    assert_eq!(json.pointer_to(0), "");
    assert!(json.at("/none").is_none());
    assert!(json.at("/ä~1b/2").is_none());
    assert!(json.at("/ä~1b/-1").is_none());
    // RFC 6901 does not allow leading zeros and signs in an index.
    assert!(json.at("/ä~1b/01").is_none());
    assert!(json.at("/ä~1b/+1").is_none());
}

/// Checks that the span of each value is the text of that value, and is inside the span of its parent.
fn check_spans(node: Node<'_>) {
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
        check_spans(element);
    }
    for (key, value) in node.members() {
        inner(key);
        inner(value);
        assert_eq!(key.kind(), Kind::String);
        check_spans(value);
    }
}

/// Checks whether two values are equal, ignoring the sign of zero.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == Some(0.0) && b.as_f64() == Some(0.0),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((an, a), (bn, b))| an == bn && equal(a, b))
        }
        (a, b) => a == b,
    }
}

/// Checks that serde_json parses a text to the same value, or rejects it too. It rejects violations of I-JSON other
/// than duplicate keys, and nesting one level less deep.
fn agrees(text: &str) -> Result<(), TestCaseError> {
    let ours = Json::read(text);
    let theirs = serde_json::from_str::<Value>(text);
    let has_violation = |json: &Json| {
        json.violations()
            .iter()
            .any(|violation| !matches!(violation.kind, ViolationKind::Duplicate { .. }))
    };
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            prop_assert!(!has_violation(ours), "violation that serde_json accepts: {text}");
            let value = ours.root().to_value();
            prop_assert!(equal(&value, theirs), "expected {theirs}, got {value}: {text}");
        }
        (Ok(ours), Err(error)) => {
            let is_deep = error.to_string().contains("recursion limit");
            prop_assert!(has_violation(ours) || is_deep, "serde_json rejects {text:?}: {error}");
        }
        (Err(ours), Ok(_)) => prop_assert!(false, "serde_json accepts {text:?}: {ours}"),
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
        any::<f64>().prop_filter_map("not a JSON number", Number::from_f64),
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

/// Pieces of texts that are almost JSON.
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
    fn read_serialized_value_round_trips(value in values(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        agrees(&text)?;
        let json = Json::read(text.clone()).unwrap();
        prop_assert_eq!(json.violations(), []);
        prop_assert_eq!(json.text(), &text);
        prop_assert_eq!(json.root().to_value(), value);
        check_spans(json.root());
    }

    #[test]
    fn of_value_round_trips(value in values()) {
        let json = Json::of(&value);
        prop_assert_eq!(json.root().to_value(), value);
        prop_assert_eq!(json.violations(), []);
    }

    #[test]
    fn read_edited_json_agrees_with_serde_json(
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
    fn read_truncated_json_agrees_with_serde_json(value in values(), at: prop::sample::Index) {
        let text: Vec<char> = value.to_string().chars().collect();
        let truncated: String = text[..at.index(text.len())].iter().collect();
        agrees(&truncated)?;
    }

    #[test]
    fn read_almost_json_agrees_with_serde_json(text in near_json()) {
        agrees(&text)?;
        agrees(&format!("[{text}]"))?;
        agrees(&format!("{{\"a\":{text}}}"))?;
        agrees(&format!("\"{text}\""))?;
    }

    #[test]
    fn read_number_agrees_with_serde_json(text in "-?[0-9]{0,3}(\\.[0-9]{0,25})?([eE][+-]?[0-9]{0,3})?") {
        agrees(&text)?;
    }

    #[test]
    fn violations_of_random_duplicate_keys_are_complete(
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
            let key = if escaped {
                format!("\"\\u{code:04X}\"")
            } else {
                format!("\"{}\"", char::from_u32(code).unwrap())
            };
            let span = text.len()..text.len() + key.len();
            text.push_str(&key);
            text.push_str(":[{}]");
            match first.get(&letter) {
                None => {
                    first.insert(letter, span);
                }
                Some(known) => expected.push(Violation {
                    kind: ViolationKind::Duplicate { first: std::ops::Range::clone(known) },
                    span,
                }),
            }
        }
        text.push('}');
        let json = Json::read(text).unwrap();
        prop_assert_eq!(json.violations(), expected);
    }
}

#[test]
fn violations_of_duplicate_key_are_found_for_every_member_count() {
    for count in 1..40 {
        let members: Vec<String> = (0..count).map(|index| format!("\"n{index}\":{index}")).collect();
        let text = format!("{{{},\"n0\":0}}", members.join(","));
        let json = Json::read(text.as_str()).unwrap();
        let start = text.rfind("\"n0\"").unwrap();
        let expected = Violation {
            kind: ViolationKind::Duplicate { first: 1..5 },
            span: start..start + 4,
        };
        assert_eq!(json.violations(), [expected], "{count} members");
    }
}
