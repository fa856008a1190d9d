//! Mutated responses do not break the client. Every documented response, changed in the ways in which services change
//! theirs, is decoded, unless it lacks a required value.

use std::sync::mpsc;

use callrounded::{Client, ErrorKind};
use callrounded_api::types::Call;
use callrounded_document::{Document, pointer};
use callrounded_mock::MockServer;
use callrounded_tests::operations::{Input, Operation, document};
use callrounded_tests::scripted::{Action, ScriptedServer, http_response};
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

/// A change at one location in a response.
#[derive(Clone, Debug)]
enum Mutation {
    Drop,
    Null,
    Unknown,
    OtherString(String),
    Fractional(f64),
    Timestamp(String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Drop),
        Just(Mutation::Null),
        Just(Mutation::Unknown),
        // A pattern that is used as a strategy would be parsed for each string.
        string_regex("\\PC{0,20}").unwrap().prop_map(Mutation::OtherString),
        (-1e9..1e9).prop_map(Mutation::Fractional),
        prop_oneof![
            Just("2023-06-15T14:30:00".to_owned()),
            Just("2023-06-15 14:30:00.123456+05:30".to_owned()),
            Just("2023-06-15T14:30:00.123456789123Z".to_owned()),
            Just("15/06/2023".to_owned()),
            Just(String::new()),
        ]
        .prop_map(Mutation::Timestamp),
    ]
}

/// Collects the pointers of all values inside a value, which is at the pointer `at`.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(properties) => properties.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in children {
        let at = format!("{at}/{key}");
        pointers(value, &at, found);
        found.push(at);
    }
}

/// Applies a mutation to the value at a pointer. A response to which it is not applicable is left unchanged.
fn mutate(response: &mut Value, at: &str, mutation: &Mutation) {
    let (parent, key) = at.rsplit_once('/').unwrap_or_default();
    let Some(value) = response.pointer_mut(at) else { return };
    match mutation {
        Mutation::Null if !at.is_empty() => *value = Value::Null,
        Mutation::Unknown => {
            if let Some(properties) = value.as_object_mut() {
                properties.insert("x_new".to_owned(), json!({"deep": [1, null, "x"]}));
            }
        }
        Mutation::OtherString(string) if value.is_string() => *value = json!(string),
        Mutation::Timestamp(text) if at.ends_with("_time") || at.ends_with("timestamp") || at.ends_with("_cursor") => {
            *value = json!(text)
        }
        Mutation::Fractional(number) if value.is_number() => *value = json!(number),
        Mutation::Drop if !at.is_empty() => match response.pointer_mut(parent) {
            Some(Value::Object(properties)) => {
                properties.shift_remove(key);
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse().unwrap());
            }
            _ => {}
        },
        _ => {}
    }
}

/// Returns a strategy for mutated copies of a sample response, with up to three changes each.
fn mutated(sample: &str) -> impl Strategy<Value = Value> + use<> {
    let sample: Value = serde_json::from_str(sample).unwrap();
    let mut all = vec![String::new()];
    pointers(&sample, "", &mut all);
    prop::collection::vec((prop::sample::select(all), mutation()), 1..=3).prop_map(move |changes| {
        let mut response = sample.clone();
        for (at, mutation) in &changes {
            mutate(&mut response, at, mutation);
        }
        // If no mutation was applicable, an undocumented property is added.
        if response == sample {
            mutate(&mut response, "", &Mutation::Unknown);
        }
        response
    })
}

fn is_string(value: Option<&Value>) -> bool {
    value.is_some_and(Value::is_string)
}

/// Runs a check on mutated copies of a sample response.
fn for_each_mutated(sample: &str, check: impl Fn(Value)) {
    for_mutated_cases(CASES, sample, check);
}

/// Runs a check on this number of mutated copies of a sample response.
fn for_mutated_cases(cases: u32, sample: &str, check: impl Fn(Value)) {
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        ..Config::with_cases(cases)
    });
    runner
        .run(&mutated(sample), |response| {
            check(response);
            Ok(())
        })
        .unwrap();
}

/// A client that decodes given responses, received over a real connection. One client receives all responses, because
/// creating a client takes far longer than decoding a response.
struct Decoder {
    runtime: tokio::runtime::Runtime,
    responses: mpsc::Sender<Action>,
    client: Client,
}

impl Decoder {
    fn new() -> Self {
        let (responses, actions) = mpsc::channel();
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            responses,
            client: client_at(ScriptedServer::start(actions).url()),
        }
    }

    fn decode<T, F: Future<Output = T>>(&self, status: &str, body: &Value, call: impl FnOnce(Client) -> F) -> T {
        let response = http_response(status, &[], body.to_string().as_bytes());
        self.responses.send(Action::Send(response)).unwrap();
        self.runtime.block_on(call(self.client.clone()))
    }
}

#[test]
fn get_decodes_mutated_response_with_id() {
    let decoder = Decoder::new();
    for_each_mutated(UPDATE, |body| {
        let outcome = decoder.decode("200 OK", &body, async |client| client.calls().get("x").await);
        match outcome {
            Ok(call) => assert_eq!(Some(call.id.as_str()), body["data"]["id"].as_str(), "{body}"),
            Err(error) => assert!(!is_string(body["data"].get("id")), "{error}: {body}"),
        }
    });
}

#[test]
fn update_decodes_mutated_response_with_id() {
    let decoder = Decoder::new();
    for_each_mutated(UPDATE, |body| {
        let outcome = decoder.decode("200 OK", &body, async |client| {
            client.calls().update("x").clear_metadata().await
        });
        assert_eq!(outcome.is_ok(), is_string(body["data"].get("id")), "{body}");
    });
}

#[test]
fn list_decodes_mutated_response_with_data_array() {
    let decoder = Decoder::new();
    for_each_mutated(LIST, |body| {
        let outcome = decoder.decode("200 OK", &body, async |client| client.calls().list().page(1).await);
        let Some(items) = body["data"].as_array() else {
            assert!(outcome.is_err(), "{body}");
            return;
        };
        let page = outcome.unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(page.items.len(), items.len());
        for (call, item) in page.items.iter().zip(items) {
            assert_eq!(call.is_ok(), is_string(item.get("id")), "{body}");
        }
    });
}

#[test]
fn start_decodes_mutated_response_with_call_id() {
    let decoder = Decoder::new();
    for_each_mutated(START, |body| {
        let outcome = decoder.decode("201 Created", &body, async |client| {
            client.calls().start("+33912345678", "+33612345678", "a").await
        });
        assert_eq!(outcome.is_ok(), is_string(body["data"].get("call_id")), "{body}");
    });
}

#[test]
fn terminate_decodes_any_mutated_response() {
    let decoder = Decoder::new();
    for_each_mutated(TERMINATE, |body| {
        let outcome = decoder.decode("200 OK", &body, async |client| client.calls().terminate("x").await);
        let ended = outcome.unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(&*ended, body.get("data").unwrap_or(&Value::Null));
    });
}

/// Checks whether a value has everything that its schema needs (`x-needed`).
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
            value.is_object() && needed.all(|key| is_usable(document, &pointer::join(&properties, key), value.get(key)))
        }
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some(_) => value.is_number(),
        None => true,
    }
}

/// Covers every documented operation, with a response that is generated from its schema.
#[test]
fn every_operation_decodes_mutated_response_with_needed_values() {
    let document = document();
    let operations = document.operations();
    let decoder = Decoder::new();
    for operation in Operation::all() {
        let described = operations.iter().find(|it| it.id == Some(operation.id())).unwrap();
        let Some(schema) = document.success_schema(described) else {
            continue;
        };
        let envelope = document.envelope(described);
        let is_list = document.pagination(described).is_some();
        for_mutated_cases(CASES / 4, &operation.body, |body| {
            let outcome = decoder.decode(&operation.status, &body, async |client| {
                operation.run(&client, &Input::default()).await
            });
            let is_null = |key: &str| body.get(key).is_none_or(Value::is_null);
            let is_usable = match &envelope {
                Some(envelope) if is_list => body[&envelope.property].is_array(),
                Some(envelope) if envelope.required => {
                    let data = pointer::join(&pointer::join(&envelope.schema, "properties"), &envelope.property);
                    is_usable(document, &data, body.get(&envelope.property))
                }
                // The data may be absent. An error in place of it is not a success.
                Some(envelope) => !is_null(&envelope.property) || is_null("error"),
                None => is_usable(document, &schema, Some(&body)),
            };
            assert_eq!(outcome.is_ok(), is_usable, "{}: {body} {outcome:?}", operation.id());
            if let Err(error) = outcome {
                assert!(
                    matches!(error.kind(), ErrorKind::Decode | ErrorKind::MissingData),
                    "{error}"
                );
            }
        });
    }
}

/// Covers the types alone, which decode recorded responses without a client. Undocumented values survive a round trip.
#[test]
fn undocumented_values_survive_round_trip() {
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
    let serialized = serde_json::to_value(&typed).unwrap();
    for field in ["type", "status", "direction", "transcript", "cost", "start_time"] {
        assert_eq!(serialized[field], body["data"][field]);
    }
}

/// Returns a strategy for any JSON that callers may pass as metadata or variables.
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

/// Decoding is lenient, encoding is strict: every request matches the document. The mock server validates it.
#[test]
fn requests_with_any_values_match_document() {
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
