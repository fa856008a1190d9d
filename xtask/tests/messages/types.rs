//! Messages about payloads and examples that the Rust types or their JSON Schemas do not accept.

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use serde_json::{Map, Value, json};
use xtask::RoundTrip;

use crate::{
    Console, PATHS, THING, document,
    support::{FakeOutcome, FakeTypes, lossless_types},
};

#[test]
fn type_mismatches_match_golden_file() {
    let mut console = Console::new(&document(
        PATHS,
        &THING.replace(
            "    count:",
            "    list: {type: array, items: {type: object, properties: {known: {type: string}}}}\n    count:",
        ),
    ));
    console.file(
        "thing.json",
        "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\", \"count\": 1,\n \"metadata\": {\"Key 1\": \"v\"}, \"list\": [{\"known\": \"a\"}]}",
    );
    console.run_with(
        &mut FakeTypes(|_| {
            FakeOutcome::Encoded(json!({
                "id": "2", "name": "x", "count": 1, "added": true, "metadata": {"Key 1": "w", "more": "z"}, "list": [{}],
            }))
        }),
        "--schema Thing thing.json",
        Exit::Findings,
    );
    let undecodable = |path: &'static str| -> fn(&Value) -> FakeOutcome {
        match path {
            "." => |_| FakeOutcome::Undecodable {
                path: ".".to_owned(),
                problem: "missing field `more`".to_owned(),
            },
            "list" => |_| FakeOutcome::Undecodable {
                path: "list[0].known".to_owned(),
                problem: "expected a map".to_owned(),
            },
            _ => |_| FakeOutcome::Undecodable {
                path: "metadata.Key 1".to_owned(),
                problem: "expected a number".to_owned(),
            },
        }
    };
    for path in [".", "list", "metadata"] {
        console.run_with(
            &mut FakeTypes(undecodable(path)),
            "--schema Thing thing.json",
            Exit::Findings,
        );
    }
    console.run_with(
        &mut FakeTypes(|_| FakeOutcome::Unknown),
        "--schema Thing thing.json",
        Exit::Findings,
    );
    console.assert_golden("types");
}

/// Examples are validated against the JSON Schemas of the types, which downstream crates publish.
#[test]
fn json_schema_mismatches_match_golden_file() {
    struct Narrow;
    impl Types for Narrow {
        fn schemas(&mut self) -> Result<Map<String, Value>, String> {
            let schemas = json!({"Thing": {"properties": {"count": {"minimum": 10}}, "required": ["other"]}});
            Ok(schemas.as_object().unwrap().clone())
        }
        fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
            lossless_types().round_trip(samples)
        }
    }
    impl RoundTrip for Narrow {
        fn build_hand_written(&mut self) -> Result<(), String> {
            Ok(())
        }
    }
    let mut console = Console::new(&document(PATHS, THING).replace(
        "required: [id, name, secret]",
        "example: {id: a, name: b, secret: c, count: 1}\n      required: [id, name, secret]",
    ));
    console.run_with(&mut Narrow, "", Exit::Findings);
    console.assert_golden("json-schema");
}
