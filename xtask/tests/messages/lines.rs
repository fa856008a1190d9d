//! Files with one payload per line, and lines that are very long or very many.

use std::{fmt::Write as _, time::Instant};

use callrounded_doc::{
    Exit,
    types::{Outcome, Sample, Types},
};
use serde_json::{Map, Value};
use xtask::RoundTrip;

use crate::{Console, ORDERED, PATHS, THING, document, support::lossless_types};

#[test]
fn ndjson_lines_match_golden_file() {
    let mut console = Console::new(&document(PATHS, THING));
    let good = "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}";
    // Blank lines are counted but are not payloads. Lines may end with CRLF, and the last line may have no line end.
    let text = format!("{good}\n\n{{\"id\": 1}}\r\n   \n{good}\r\n{good} {good}\n{{\n{good}\n[]");
    console.file("lines.ndjson", &text);
    console.run("--schema Thing lines.ndjson", Exit::Findings);
    console.file(
        "bytes.jsonl",
        [good.as_bytes(), b"\n\xff\xfe\n", good.as_bytes(), b"\n"].concat(),
    );
    console.file("empty.ndjson", " \n");
    console.run("--schema Thing bytes.jsonl empty.ndjson", Exit::InputError);
    console.run("--schema Thing bytes.jsonl empty.ndjson --allow-empty", Exit::Findings);
    // In a .json file, the same text is one malformed payload.
    console.file("lines.json", &text);
    console.run("--schema Thing lines.json", Exit::Findings);
    console.assert_golden("lines");
}

/// A payload that the client would reject is not kept in memory, and the lines after it are validated.
#[test]
fn line_over_64_mib_is_reported_and_skipped() {
    let console = Console::with_schemas("Line: {type: object, required: [id]}");
    let long = format!("{{\"id\": \"{}\"}}", "x".repeat(64 * 1024 * 1024));
    console.file("long.ndjson", format!("{{\"id\": 1}}\n{long}\n{{}}\n{long}"));
    let (exit, printed) = console.output("--schema Line long.ndjson", &mut lossless_types());
    assert_eq!(exit, Exit::Findings);
    let too_large = "error[json]: the payload is larger than 64 MiB and was not validated\n";
    for (headline, line) in [
        (too_large, 2),
        ("error[required]: required property `id` is missing\n", 3),
        (too_large, 4),
    ] {
        let wanted = format!("{headline} --> long.ndjson:{line}:1\n");
        assert!(printed.contains(&wanted), "{wanted}{printed}");
    }
    assert!(printed.ends_with("4 payloads, 3 errors\n"), "{printed}");
}

/// Findings in one long line are reported about as fast as in many short lines, compared in the same run.
#[test]
fn long_line_is_reported_in_linear_time() {
    let console = Console::with_schemas(ORDERED);
    let payload = |separator: &str| {
        let items = vec!["{\"a\": \"x\", \"b\": true}"; 10_000].join(separator);
        format!("{{\"id\": 1, \"list\": [{items}], \"count\": \"x\"}}")
    };
    console.file("long.json", payload(", "));
    console.file("short.json", payload(",\n"));
    let fastest = |file: &str| {
        let times = (0..3).map(|_| {
            let begun = Instant::now();
            let (exit, printed) = console.output(&format!("--schema Ordered {file}"), &mut lossless_types());
            assert_eq!(exit, Exit::Findings);
            assert!(printed.contains("1 payload, 2 errors"), "{printed}");
            begun.elapsed()
        });
        times.min().unwrap()
    };
    let (long, short) = (fastest("long.json"), fastest("short.json"));
    assert!(long < short * 10, "{long:?} in one line, {short:?} in short lines");
}

/// Types that record the payloads they receive, and fail to decode some that their schema accepts.
#[derive(Default)]
struct Counting {
    batches: Vec<usize>,
    seen: Vec<u64>,
}

impl Types for Counting {
    fn schemas(&mut self) -> Result<Map<String, Value>, String> {
        Ok(Map::new())
    }

    fn round_trip(&mut self, samples: &[Sample<'_>]) -> Result<Vec<Outcome>, String> {
        self.batches.push(samples.len());
        let numbers = samples
            .iter()
            .map(|sample| sample.payload.root().to_value()["count"].as_u64().unwrap());
        self.seen.extend(numbers.clone());
        let outcome = |number: u64| match number % 3_000 {
            7 => Outcome::Undecodable {
                path: "id".to_owned(),
                problem: format!("number {number}"),
            },
            _ => Outcome::Encoded(Vec::new()),
        };
        Ok(numbers.map(outcome).collect())
    }
}

impl RoundTrip for Counting {
    fn build_hand_written(&mut self) -> Result<(), String> {
        Ok(())
    }
}

#[test]
fn findings_in_many_lines_keep_line_numbers_and_order() {
    const LINES: u64 = 20_000;
    let console = Console::with_schemas(
        "Line: {type: object, required: [id], properties: {id: {type: string}, count: {type: integer}}}",
    );
    let mut text = String::new();
    for number in 1..=LINES {
        // One line in a thousand is invalid, alternately by its schema and as JSON.
        match number % 1_000 {
            0 if number % 2_000 == 0 => writeln!(text, "{{\"id\": \"{number}\", \"count\": }}").unwrap(),
            0 => writeln!(text, "{{\"id\": {number}, \"count\": {number}}}").unwrap(),
            _ => writeln!(
                text,
                "{{\"id\": \"{}\", \"count\": {number}}}",
                "x".repeat((number % 37) as usize)
            )
            .unwrap(),
        }
    }
    console.file("lines.ndjson", &text);
    let mut types = Counting::default();
    let (exit, printed) = console.output("--schema Line lines.ndjson --format json", &mut types);
    assert_eq!(exit, Exit::Findings);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed["payloads"], LINES);
    let found: Vec<(u64, String)> = printed["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["line"].as_u64().unwrap(),
                one["keyword"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected: Vec<(u64, String)> = (1..=LINES)
        .filter_map(|number| match (number % 3_000, number % 1_000, number % 2_000) {
            (7, ..) => Some((number, "rust-type".to_owned())),
            (_, 0, 0) => Some((number, "json".to_owned())),
            (_, 0, _) => Some((number, "type".to_owned())),
            _ => None,
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(printed["errors"].as_u64().unwrap(), expected.len() as u64);
    // The types received the valid payloads, each once and in order, in batches.
    let fitting: Vec<u64> = (1..=LINES).filter(|number| number % 1_000 != 0).collect();
    assert_eq!(types.seen, fitting);
    assert!(
        types.batches.len() > 1 && types.batches.iter().all(|count| *count <= 512),
        "{:?}",
        types.batches
    );

    // With several files, lines are counted from the beginning of each file.
    console.file(
        "first.ndjson",
        "{\"id\": \"a\", \"count\": 7}\n{\"id\": 1, \"count\": 2}\n",
    );
    let (_, printed) = console.output(
        "--schema Line first.ndjson lines.ndjson first.ndjson",
        &mut Counting::default(),
    );
    assert_eq!(printed.matches(" --> first.ndjson:1:8\n").count(), 2);
    assert_eq!(printed.matches(" --> first.ndjson:2:8\n").count(), 2);
    assert_eq!(printed.matches("--> lines.ndjson:").count(), expected.len());
    assert!(printed.ends_with(&format!("{} payloads, {} errors\n", LINES + 4, expected.len() + 4)));
}
