//! No answer of the service can break the reader: every documented answer, changed in every way that services change
//! theirs, is read, unless it lacks the one thing that it can't be without.

use std::sync::mpsc;

use callrounded::{Client, ErrorKind};
use callrounded_api::types::Call;
use callrounded_document::{Document, pointer};
use callrounded_mock::MockServer;
use callrounded_tests::operations::{Input, Operation, document};
use callrounded_tests::scripted::{Act, Scripted, answer};
use callrounded_tests::{DOCUMENTED_AGENT, DOCUMENTED_CALL, client_at, client_of};
use proptest::{
    prelude::*,
    string::string_regex,
    test_runner::{Config, RngAlgorithm, TestRunner},
};
use serde_json::{Value, json};

const UPDATE: &str = include_str!("../../openapi/examples/update_call.response.200.json");
const LIST: &str = include_str!("../../openapi/examples/list_calls.response.200.json");
const START: &str = include_str!("../../openapi/examples/start_phone_call.response.201.json");
const TERMINATE: &str = include_str!("../../openapi/examples/terminate_call.response.200.json");
const CASES: u32 = 2_000;

/// A change at one of the places of an answer.
#[derive(Clone, Debug)]
enum Mutation {
    Drop,
    Null,
    Unknown,
    OtherText(String),
    Fractional(f64),
    TimeStamp(String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Drop),
        Just(Mutation::Null),
        Just(Mutation::Unknown),
        // A pattern as a strategy would be parsed for each text.
        string_regex("\\PC{0,20}").unwrap().prop_map(Mutation::OtherText),
        (-1e9..1e9).prop_map(Mutation::Fractional),
        prop_oneof![
            Just("2023-06-15T14:30:00".to_owned()),
            Just("2023-06-15 14:30:00.123456+05:30".to_owned()),
            Just("2023-06-15T14:30:00.123456789123Z".to_owned()),
            Just("15/06/2023".to_owned()),
            Just(String::new()),
        ]
        .prop_map(Mutation::TimeStamp),
    ]
}

/// The pointers of all values but the whole.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let at = format!("{at}/{name}");
        places(value, &at, found);
        found.push(at);
    }
}

/// Applies a mutation at a place that it means something at; elsewhere the answer stays as it is.
fn mutate(answer: &mut Value, at: &str, mutation: &Mutation) {
    let (holder, name) = at.rsplit_once('/').unwrap_or_default();
    let Some(value) = answer.pointer_mut(at) else { return };
    match mutation {
        Mutation::Null if !at.is_empty() => *value = Value::Null,
        Mutation::Unknown => {
            if let Some(members) = value.as_object_mut() {
                members.insert("x_new".to_owned(), json!({"deep": [1, null, "x"]}));
            }
        }
        Mutation::OtherText(text) if value.is_string() => *value = json!(text),
        Mutation::TimeStamp(text) if at.ends_with("_time") || at.ends_with("timestamp") || at.ends_with("_cursor") => {
            *value = json!(text)
        }
        Mutation::Fractional(number) if value.is_number() => *value = json!(number),
        Mutation::Drop if !at.is_empty() => match answer.pointer_mut(holder) {
            Some(Value::Object(members)) => {
                members.shift_remove(name);
            }
            Some(Value::Array(items)) => {
                items.remove(name.parse().unwrap());
            }
            _ => {}
        },
        _ => {}
    }
}

/// Mutated answers of a sample: up to three changes each.
fn mutated(sample: &str) -> impl Strategy<Value = Value> + use<> {
    let sample: Value = serde_json::from_str(sample).unwrap();
    let mut all = vec![String::new()];
    places(&sample, "", &mut all);
    prop::collection::vec((prop::sample::select(all), mutation()), 1..=3).prop_map(move |changes| {
        let mut answer = sample.clone();
        for (at, mutation) in &changes {
            mutate(&mut answer, at, mutation);
        }
        // What meant nothing where it came is no mutation: then a field that no page names is added.
        if answer == sample {
            mutate(&mut answer, "", &Mutation::Unknown);
        }
        answer
    })
}

fn is_text(value: Option<&Value>) -> bool {
    value.is_some_and(Value::is_string)
}

fn each(sample: &str, check: impl Fn(Value)) {
    each_of(CASES, sample, check);
}

fn each_of(cases: u32, sample: &str, check: impl Fn(Value)) {
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..Config::with_cases(cases)
    });
    runner
        .run(&mutated(sample), |answer| {
            check(answer);
            Ok(())
        })
        .unwrap();
}

/// The call of an answer as a client gives it, over a real connection. One client reads them all: to set one up takes far longer
/// than to read an answer.
struct Reader {
    runtime: tokio::runtime::Runtime,
    answers: mpsc::Sender<Act>,
    client: Client,
}

impl Reader {
    fn new() -> Self {
        let (answers, acts) = mpsc::channel();
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            answers,
            client: client_at(Scripted::start(acts).url()),
        }
    }

    fn read<T, F: Future<Output = T>>(&self, status: &str, body: &Value, call: impl FnOnce(Client) -> F) -> T {
        let answer = answer(status, &[], body.to_string().as_bytes());
        self.answers.send(Act::Send(answer)).unwrap();
        self.runtime.block_on(call(self.client.clone()))
    }
}

#[test]
fn a_call_is_read_from_any_answer_that_has_its_id() {
    let reader = Reader::new();
    each(UPDATE, |body| {
        let outcome = reader.read("200 OK", &body, async |client| client.calls().get("x").await);
        match outcome {
            Ok(call) => assert_eq!(Some(call.id.as_str()), body["data"]["id"].as_str(), "{body}"),
            Err(error) => assert!(!is_text(body["data"].get("id")), "{error}: {body}"),
        }
    });
}

#[test]
fn an_update_is_read_from_any_answer_that_has_its_id() {
    let reader = Reader::new();
    each(UPDATE, |body| {
        let outcome = reader.read("200 OK", &body, async |client| {
            client.calls().update("x").clear_metadata().await
        });
        assert_eq!(outcome.is_ok(), is_text(body["data"].get("id")), "{body}");
    });
}

#[test]
fn a_list_is_read_from_any_answer_that_is_one() {
    let reader = Reader::new();
    each(LIST, |body| {
        let outcome = reader.read("200 OK", &body, async |client| client.calls().list().page(1).await);
        let Some(items) = body["data"].as_array() else {
            assert!(outcome.is_err(), "{body}");
            return;
        };
        let page = outcome.unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(page.items.len(), items.len());
        for (call, item) in page.items.iter().zip(items) {
            assert_eq!(call.is_ok(), is_text(item.get("id")), "{body}");
        }
    });
}

#[test]
fn a_started_call_is_read_from_any_answer_that_has_its_id() {
    let reader = Reader::new();
    each(START, |body| {
        let outcome = reader.read("201 Created", &body, async |client| {
            client.calls().start("+33912345678", "+33612345678", "a").await
        });
        assert_eq!(outcome.is_ok(), is_text(body["data"].get("call_id")), "{body}");
    });
}

#[test]
fn a_terminated_call_is_read_from_any_answer() {
    let reader = Reader::new();
    each(TERMINATE, |body| {
        let outcome = reader.read("200 OK", &body, async |client| client.calls().terminate("x").await);
        let ended = outcome.unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(&*ended, body.get("data").unwrap_or(&Value::Null));
    });
}

/// Whether a value has everything without which its schema is of no use.
fn is_usable(document: &Document, schema: &str, value: Option<&Value>) -> bool {
    let schema = document.resolve(schema).unwrap();
    let keyword = |name: &str| document.get(&pointer::join(&schema, name));
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return false;
    };
    match keyword("type").and_then(Value::as_str) {
        Some("object") => {
            let needed = keyword("x-needed").and_then(Value::as_array);
            let mut needed = needed.into_iter().flatten().filter_map(Value::as_str);
            let properties = pointer::join(&schema, "properties");
            value.is_object()
                && needed.all(|name| is_usable(document, &pointer::join(&properties, name), value.get(name)))
        }
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some(_) => value.is_number(),
        None => true,
    }
}

/// Every operation that the document has, with a response made from its schema.
#[test]
fn every_operation_decodes_any_response_that_has_what_it_needs() {
    let document = document();
    let operations = document.operations();
    let reader = Reader::new();
    for operation in Operation::all() {
        let described = operations.iter().find(|it| it.id == Some(operation.id())).unwrap();
        let Some(schema) = document.success_schema(described) else {
            continue;
        };
        let envelope = document.envelope(described);
        let is_list = document.pagination(described).is_some();
        each_of(CASES / 4, &operation.body, |body| {
            let read = reader.read(&operation.status, &body, async |client| {
                operation.run(&client, &Input::default()).await
            });
            let is_null = |name: &str| body.get(name).is_none_or(Value::is_null);
            let is_usable = match &envelope {
                Some(envelope) if is_list => body[&envelope.property].is_array(),
                Some(envelope) if envelope.required => {
                    let data = pointer::join(&pointer::join(&envelope.schema, "properties"), &envelope.property);
                    is_usable(&document, &data, body.get(&envelope.property))
                }
                // An error in place of data that may be absent.
                Some(envelope) => !is_null(&envelope.property) || is_null("error"),
                None => is_usable(&document, &schema, Some(&body)),
            };
            assert_eq!(read.is_ok(), is_usable, "{}: {body} {read:?}", operation.id());
            if let Err(error) = read {
                assert!(
                    matches!(error.kind(), ErrorKind::Decode | ErrorKind::MissingData),
                    "{error}"
                );
            }
        });
    }
}

/// The types by themselves, for who reads recorded answers without a client: unknown values survive the round trip.
#[test]
fn values_that_no_page_names_are_kept_as_they_came() {
    let mut body: Value = serde_json::from_str(UPDATE).unwrap();
    for field in ["type", "status", "direction"] {
        body["data"][field] = json!("Brand New");
    }
    body["data"]["transcript"][0] =
        json!({"role": "tool", "name": "lookup", "arguments": {"a": [1]}, "content": {"b": 2}});
    body["data"]["cost"] = json!("0.1500");
    body["data"]["start_time"] = json!("2023-06-15T14:30:00");
    let typed: Call = serde_json::from_value(body["data"].clone()).unwrap();
    assert_eq!(typed.status.as_ref().unwrap().to_string(), "Brand New");
    assert!(!typed.start_time.as_ref().unwrap().has_offset());
    let again = serde_json::to_value(&typed).unwrap();
    for field in ["type", "status", "direction", "transcript", "cost", "start_time"] {
        assert_eq!(again[field], body["data"][field]);
    }
}

/// Any JSON that callers may have as metadata or variables.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        string_regex("\\PC{0,8}").unwrap().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(string_regex(".{0,8}").unwrap(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The reader is liberal, the writer strict: whatever is sent fits the document, which the mock server checks.
#[test]
fn what_is_sent_fits_the_document() {
    let server = MockServer::start().unwrap();
    let calls = client_of(&server).calls();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let maps = || prop::collection::btree_map(string_regex(".{0,8}").unwrap(), json(), 0..4);
    let digits = "[1-9][0-9]{7,14}";
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..Config::with_cases(300)
    });
    runner
        .run(
            &(maps(), maps(), digits, digits, any::<bool>()),
            |(metadata, variables, from, to, replace)| {
                let update = calls.update(DOCUMENTED_CALL);
                let update = if replace {
                    update.replace_metadata(&metadata)
                } else {
                    update.merge_metadata(&metadata)
                };
                prop_assert!(runtime.block_on(update.into_future()).is_ok());
                let sent = server.requests().pop().unwrap().json().unwrap();
                prop_assert_eq!(&sent["metadata"], &serde_json::to_value(&metadata).unwrap());
                let start = calls
                    .start(format!("+{from}"), format!("+{to}"), DOCUMENTED_AGENT)
                    .variables(&variables);
                prop_assert!(runtime.block_on(start.into_future()).is_ok());
                Ok(())
            },
        )
        .unwrap();
}
