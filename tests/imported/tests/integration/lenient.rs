//! Tests of lenient decoding into the types of this workspace's document and of imported ones: fields that do not
//! decode are skipped, and no value is invented.

use std::cell::Cell;

use callrounded_api::types::{Call, CallListResponse, CallResponse};
use callrounded_document::{Document, traverse};
use callrounded_imported::notes::types::{Aliased, Entry, EntryByKind, Thread};
use callrounded_imported::{metrics, voice};
use callrounded_runtime::lenient::{Budget, Decoded, decode};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRunner},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use voice::types::CallEvent;

fn read<T: DeserializeOwned>(payload: &Value) -> Decoded<T> {
    decode(&payload.to_string(), "", &mut Budget::default()).unwrap_or_else(|error| panic!("{error:?}\n{payload:#}"))
}

fn spoken() -> Value {
    json!({ "type": "spoken", "at": "PT1S", "speaker": "agent", "text": "Hello", "span": [0.5, 1.25] })
}

#[test]
fn union_with_unknown_discriminator_is_kept_unchanged() {
    let unknown = json!({ "type": "supervised", "at": "PT1S", "by": { "name": "x" } });
    let read: Decoded<Vec<CallEvent>> = read(&json!([unknown, spoken()]));
    assert!(matches!(&read.value[0], CallEvent::Other(kept) if *kept == unknown));
    assert!(matches!(&read.value[1], CallEvent::SpokenEvent(_)));
    assert_eq!(read.skipped, Vec::<String>::new());
    assert_eq!(serde_json::to_value(&read.value).unwrap(), json!([unknown, spoken()]));
}

#[test]
fn union_with_invalid_fields_skips_these_fields() {
    let mut invalid = spoken();
    invalid["span"] = json!("oops");
    invalid["at"] = json!(17);
    let read: Decoded<Vec<CallEvent>> = read(&json!([spoken(), invalid, spoken()]));
    assert_eq!(read.skipped, ["[1].at", "[1].span"]);
    for event in &read.value {
        let CallEvent::SpokenEvent(event) = event else {
            panic!("expected a SpokenEvent")
        };
        assert_eq!(event.text.as_deref(), Some("Hello"));
    }
}

#[test]
fn union_without_discriminator_value_is_kept_and_reported() {
    for invalid in [
        json!("text"),
        json!(5),
        json!({}),
        json!({ "type": 5, "text": "x" }),
        json!({ "type": null }),
        json!([]),
    ] {
        let read: Decoded<Vec<CallEvent>> = read(&json!([invalid, spoken()]));
        assert!(
            matches!(&read.value[0], CallEvent::Other(kept) if *kept == invalid),
            "{invalid}"
        );
        assert!(matches!(&read.value[1], CallEvent::SpokenEvent(_)), "{invalid}");
        assert_eq!(read.skipped, ["[0]"], "{invalid}");
    }
}

/// A condition of a request requires its field, so an invalid field cannot be skipped.
#[test]
fn union_with_invalid_required_field_is_kept_and_reported() {
    use metrics::types::{AllOfInput, AllOfInputAllItem as Item};
    let valid = json!({ "field": "country", "op": "=", "value": "fr" });
    let filter = json!({ "all": [valid, { "any": [valid, { "field": 5, "op": "=", "value": 1 }, valid] }, valid] });
    let read: Decoded<AllOfInput> = read(&filter);
    assert_eq!(
        read.value.all.len() + read.skipped.len(),
        3 + usize::from(read.value.all.len() == 3),
        "{:?}",
        read.skipped
    );
    assert!(read.skipped[0].starts_with("all[1]"), "{:?}", read.skipped);
    assert!(matches!(read.value.all[0], Item::Condition(_)));
}

fn thread(payload: Value) -> Decoded<Thread> {
    read(&payload)
}

fn encoded<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn nullable_union_is_decoded_by_discriminator() {
    for last in [
        json!(null),
        json!({ "role": "agent", "content": "x" }),
        json!({ "role": "boss", "of": [1] }),
    ] {
        let read = thread(json!({ "last": last }));
        assert_eq!(encoded(&read.value).get("last").unwrap_or(&Value::Null), &last);
        assert_eq!(read.skipped, Vec::<String>::new());
    }
    let read = thread(json!({ "last": { "role": "agent", "content": 5, "tool_calls": [] } }));
    assert_eq!(
        encoded(&read.value)["last"],
        json!({ "role": "agent", "tool_calls": [] })
    );
    assert_eq!(read.skipped, ["last.content"]);
}

#[test]
fn unions_of_same_schemas_are_decoded_by_their_own_discriminators() {
    let entry = json!({ "role": "user", "kind": "a", "content": "x" });
    let read = thread(json!({ "entries": [entry], "by_kind": [entry] }));
    assert!(matches!(read.value.entries.as_ref().unwrap()[0], Entry::User(_)));
    assert!(matches!(read.value.by_kind.as_ref().unwrap()[0], EntryByKind::Agent(_)));
}

#[test]
fn union_of_schema_alias_is_decoded_by_discriminator() {
    let read =
        thread(json!({ "aliased": [{ "role": "agent", "content": "x" }, { "role": "Alias" }, { "role": "boss" }] }));
    let aliased = read.value.aliased.unwrap();
    assert!(matches!(aliased[0], Aliased::Agent(_)), "{:?}", encoded(&aliased));
    assert_eq!(encoded(&aliased[2]), json!({ "role": "boss" }));
}

#[test]
fn invalid_union_inside_union_is_kept_and_reported() {
    let entry = json!({ "role": "agent", "content": "x", "tool_calls": [{ "op": "is" }, { "x": 1 }, "text"] });
    let read = thread(json!({ "entries": [entry] }));
    assert_eq!(read.skipped, ["entries[0].tool_calls[1]", "entries[0].tool_calls[2]"]);
    assert_eq!(encoded(&read.value)["entries"], json!([entry]));
}

#[test]
fn invalid_closed_union_is_skipped() {
    let read = thread(json!({ "content": 5, "contents": ["a", 5, { "fields": 5 }, { "fields": [] }, []] }));
    assert_eq!(encoded(&read.value), json!({ "contents": ["a", {}, { "fields": [] }] }));
    assert_eq!(
        read.skipped,
        ["content", "contents[1]", "contents[2].fields", "contents[4]"]
    );
}

#[test]
fn deeply_nested_union_is_error() {
    let count = 20_000;
    let payload = format!("{}{}", r#"{"all":["#.repeat(count), "]}".repeat(count));
    assert!(serde_json::from_str::<metrics::types::AllOfInput>(&payload).is_err());
    assert!(decode::<metrics::types::AllOfInput>(&payload, "", &mut Budget::default()).is_err());
}

#[test]
fn map_with_too_many_invalid_values_is_skipped_entirely() {
    let counts: serde_json::Map<String, Value> = (0..5_000).map(|count| (format!("k{count}"), json!("x"))).collect();
    let read = thread(json!({ "counts": counts }));
    assert_eq!(
        (read.value.counts.unwrap_or_default().len(), read.skipped),
        (0, vec!["counts".to_owned()])
    );
}

#[test]
fn invalid_list_items_are_skipped_and_reported_by_original_index() {
    let call = json!({ "id": "x", "transcript": ["text", { "content": "a" }, 5, { "content": "b", "role": 5 }, []] });
    let read: Decoded<Call> = read(&call);
    assert_eq!(
        read.skipped,
        ["transcript[0]", "transcript[2]", "transcript[3].role", "transcript[4]"]
    );
    let transcript = read.value.transcript.unwrap();
    let contents: Vec<_> = transcript.iter().map(|entry| entry.content.clone().unwrap()).collect();
    assert_eq!(contents, ["a", "b"]);
}

#[test]
fn invalid_map_values_are_skipped() {
    let call = json!({ "limits": { "a": 1, "b": "x", "c": [], "d": 4 }, "name": "N", "slug": "n" });
    let read: Decoded<metrics::types::Project> = read(&call);
    assert_eq!(
        (read.value.limits.get("a"), read.value.limits.get("d")),
        (Some(&Some(1)), Some(&Some(4)))
    );
    assert_eq!(read.skipped, ["limits.b", "limits.c"]);
}

#[test]
fn object_is_not_decoded_from_list() {
    for list in [json!([]), json!(["x"]), json!(["x", null, null])] {
        assert!(serde_json::from_value::<Call>(list.clone()).is_err(), "{list}");
        let read = decode::<CallResponse>(&json!({ "data": list }).to_string(), "", &mut Budget::default());
        assert_eq!(read.unwrap_err().path, "data");
    }
}

const UPDATE: &str = include_str!("../../../../openapi/examples/update_call.response.200.json");
const LIST: &str = include_str!("../../../../openapi/examples/list_calls.response.200.json");
const CASES: u32 = 1_000;

fn events() -> Value {
    json!([
        spoken(),
        { "type": "tool", "at": "PT2S", "tool": "look_up", "arguments": { "a": [1, null] }, "result": { "b": 1 } },
        { "type": "status", "at": "PT3S", "status": "in-progress" },
    ])
}

fn dashboard() -> Value {
    let query = json!({ "measures": [], "period": { "kind": "relative", "last": 7, "unit": "day" } });
    let tile = |kind| json!({ "type": kind, "query": query, "goal": 1.5, "markdown": "*a*", "style": "line" });
    json!({ "name": "D", "tiles": [tile("chart"), tile("number"), tile("text")] })
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_000_000i64..1_000_000).prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        prop::sample::select(vec!["", "x", "agent", "spoken", "user", "2026-08-21T10:00:00Z", "tool"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let key = prop::sample::select(vec!["id", "type", "text", "role", "content", "kind", "name"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..3).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

/// Adds the pointers of all values to `found`.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), found)),
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A change of a payload at a pointer.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    /// Inserts the value into a list at an index, or replaces a value that is not a list.
    Insert(usize, Value),
    /// Wraps the value in a list.
    Wrap,
    Remove,
}

fn change(payload: &mut Value, at: &str, change: Change) {
    let Some(value) = payload.pointer_mut(at) else { return };
    match (change, value) {
        (Change::Replace(with), value) => *value = with,
        (Change::Insert(index, with), Value::Array(items)) => items.insert(index % (items.len() + 1), with),
        (Change::Insert(_, with), value) => *value = with,
        (Change::Wrap, value) => *value = json!([value]),
        (Change::Remove, _) => {
            let (parent, key) = at.rsplit_once('/').unwrap_or_default();
            match payload.pointer_mut(parent) {
                Some(Value::Object(members)) => drop(members.remove(key)),
                Some(Value::Array(items)) => drop(key.parse().map(|index: usize| items.remove(index))),
                _ => {}
            }
        }
    }
}

fn changed(sample: Value) -> impl Strategy<Value = Value> {
    let mut all = Vec::new();
    pointers(&sample, "", &mut all);
    let strategy = prop_oneof![
        4 => json_value().prop_map(Change::Replace),
        2 => (0..9usize, json_value()).prop_map(|(index, value)| Change::Insert(index, value)),
        1 => Just(Change::Wrap),
        1 => Just(Change::Remove),
    ];
    prop::collection::vec((prop::sample::select(all), strategy), 1..=4).prop_map(move |changes| {
        let mut payload = sample.clone();
        for (at, next) in changes {
            change(&mut payload, &at, next);
        }
        payload
    })
}

/// Returns the properties that have a default, with their defaults.
fn defaults(document: &str) -> Vec<(String, Value)> {
    let document = Document::parse("document", document).unwrap();
    let schemas = traverse::nodes(&document).into_iter();
    let schemas = schemas.filter(|node| node.kind == traverse::Kind::Schema);
    let mut found = Vec::new();
    for schema in schemas {
        for (name, at) in document.members(&format!("{}/properties", schema.pointer)) {
            for keyword in ["default", "const"] {
                if let Some(value) = document.get(&format!("{at}/{keyword}")) {
                    found.push((name.to_owned(), value.clone()));
                }
            }
        }
    }
    found
}

/// Asserts that every decoded value is in the payload at the same path, or is the documented default of an absent
/// property.
fn assert_nothing_invented(read: &Value, payload: Option<&Value>, path: &str, known: &Known) {
    let fail = || panic!("{path}: decoded {read} from {payload:?}; skipped: {:?}", known.skipped);
    match (read, payload) {
        (Value::Null, _) => {}
        (Value::Object(read), Some(Value::Object(payload))) => {
            for (key, value) in read {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let is_default = || {
                    known
                        .defaults
                        .iter()
                        .any(|(name, default)| name == key && is_same(default, value))
                };
                if payload.contains_key(key) || !is_default() {
                    assert_nothing_invented(value, payload.get(key), &path, known);
                }
            }
        }
        // An absent list or object may be decoded as an empty one, which has no invented scalar.
        (Value::Object(read), None) if read.is_empty() => {}
        (Value::Array(read), None) if read.is_empty() => {}
        (Value::Array(read), Some(Value::Array(payload))) => {
            let at = |index: usize| format!("{path}[{index}]");
            let remains = |index: &usize| known.kept.contains(&at(*index)) || !known.skipped.contains(&at(*index));
            let remaining: Vec<usize> = (0..payload.len()).filter(remains).collect();
            assert_eq!(
                read.len(),
                remaining.len(),
                "{path}: decoded {read:?} from {payload:?}; skipped: {:?}",
                known.skipped
            );
            for (value, index) in read.iter().zip(remaining) {
                assert_nothing_invented(value, payload.get(index), &at(index), known);
            }
        }
        (Value::Number(_) | Value::String(_) | Value::Bool(_), Some(payload)) if is_same(read, payload) => {}
        _ => fail(),
    }
}

/// Checks whether two values are equal. The numbers 1 and 1.0 are equal.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && one.as_f64() == other.as_f64()
}

/// The context of [`assert_nothing_invented`].
struct Known {
    defaults: Vec<(String, Value)>,
    skipped: Vec<String>,
    /// The skipped items of lists of unions, which are kept unchanged.
    kept: Vec<String>,
}

/// Decodes random changes of a sample. `unions` is the path of a list of unions, with its `[`.
fn check_changes<T: DeserializeOwned + Serialize>(sample: Value, document: &str, unions: &str) {
    let defaults = defaults(document);
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..Config::with_cases(CASES)
    });
    let decoded = Cell::new(0);
    let outcome = runner.run(&changed(sample), |payload| {
        let Ok(Decoded { value, skipped, .. }) = decode::<T>(&payload.to_string(), "", &mut Budget::default()) else {
            return Ok(());
        };
        decoded.set(decoded.get() + 1);
        let is_of_union = |path: &&String| {
            let index = path.strip_prefix(unions).and_then(|rest| rest.strip_suffix(']'));
            !unions.is_empty() && index.is_some_and(|index| index.parse::<usize>().is_ok())
        };
        let kept = skipped.iter().filter(is_of_union).cloned().collect();
        let known = Known {
            defaults: defaults.clone(),
            skipped,
            kept,
        };
        assert_nothing_invented(&serde_json::to_value(&value).unwrap(), Some(&payload), "", &known);
        Ok(())
    });
    outcome.unwrap();
    assert!(
        decoded.get() > CASES / 2,
        "only {} of {CASES} payloads were decoded",
        decoded.get()
    );
}

const OURS: &str = callrounded_api::DOCUMENT;
const VOICE: &str = include_str!("../../../generators/fastapi/documents/voice.json");
const METRICS: &str = include_str!("../../../generators/fastapi/documents/metrics.json");

#[test]
fn changed_call_is_decoded_without_invented_values() {
    check_changes::<CallResponse>(serde_json::from_str(UPDATE).unwrap(), OURS, "");
}

#[test]
fn changed_list_is_decoded_without_invented_values() {
    check_changes::<CallListResponse>(serde_json::from_str(LIST).unwrap(), OURS, "");
}

#[test]
fn changed_unions_are_decoded_without_invented_values() {
    check_changes::<Vec<CallEvent>>(events(), VOICE, "[");
    check_changes::<metrics::types::Dashboard>(dashboard(), METRICS, "tiles[");
}
