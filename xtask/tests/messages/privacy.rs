//! No format shows the values of recorded payloads, whether they are valid or not.

use serde_json::{Value, json};
use xtask::RoundTrip;

use crate::{
    Console,
    support::{FakeOutcome, FakeTypes, lossless_types},
};

/// Stand-ins for personal data: strings and numbers of several shapes. None contains a run of letters or digits that
/// the tool itself prints.
const CANARIES: [&str; 12] = [
    "Zquoxwv",
    "zquoxwv.kjyfq@wvzx.example",
    "+48 7391 5264",
    "ÿžqøxŵ",
    "漢字秘密",
    "\\u007a\\u0071uoxkq",
    "7391526480",
    "-7391526.480731",
    "7.391526480e12",
    "73915264807391526480",
    "7391-52-64T80:73:91Z",
    "/zqx/wvkj~qy",
];

/// Parts of the canaries that must not appear in any output.
const TRACES: [&str; 17] = [
    "zquox", "Zquox", "kjyfq", "wvzx", "7391", "5264", "ÿž", "øxŵ", "漢", "秘", "uoxkq", "526480", "480731", "391526",
    "zqx", "wvkj", "u007a",
];

const CANARY: &str = "
Canary:
  type: object
  required: [gone]
  properties:
    gone: {type: string}
    text: {type: integer}
    number: {type: string}
    short: {type: string, maxLength: 1}
    code: {type: string, pattern: '^[a-c]$'}
    when: {type: string, format: date-time}
    known: {type: string, enum: [a, b]}
    small: {type: integer, format: int32}
    low: {type: number, maximum: 1}
    step: {type: number, multipleOf: 0.5}
    list: {type: array, uniqueItems: true, maxItems: 1, items: {type: boolean}}
    map: {type: object, additionalProperties: {type: boolean}}
    deep: {type: object, additionalProperties: {type: object, additionalProperties: {type: array, items: {type: boolean}}}}
    either: {oneOf: [{type: boolean}, {type: object, required: [kind], properties: {kind: {type: string, enum: [one]}}}]}
    shut: {type: object, maxProperties: 0, additionalProperties: true}
    free: {type: object}
";

/// Returns a payload in which every value, and every key that is data, is a canary.
fn canary(text: &str, spread: bool) -> String {
    let number = match text.parse::<f64>() {
        Ok(_) if !text.starts_with('+') => text.to_owned(),
        _ => format!("\"{text}\""),
    };
    let end = if spread { "\n" } else { "" };
    format!(
        "{{{end}\"text\": \"{text}\", \"number\": {number},{end} \"short\": \"{text}\", \"code\": \"{text}\",{end} \
         \"when\": \"{text}\", \"known\": \"{text}\", \"small\": {number}, \"low\": {number}, \"step\": {number},{end} \
         \"list\": [\"{text}\", {number}, \"{text}\"], \"map\": {{\"{text}\": \"{text}\", \"x{text}\": {number}}},{end} \
         \"deep\": {{\"{text}\": {{\"{text}\": [{number}, \"{text}\"]}}}}, \"either\": {{\"kind\": \"{text}\", \"more\": {number}}},{end} \
         \"shut\": {{\"{text}\": {number}}}, \"free\": {{\"{text}\": {number}}}, \"fresh\": {{\"{text}\": [\"{text}\"]}}{end}}}"
    )
}

/// Runs `validate` in each format, and checks that the output contains no traces and at least this number of findings.
fn assert_no_leaks(console: &Console, arguments: &str, types: &mut dyn RoundTrip, findings: usize) {
    let mut leaks = Vec::new();
    for format in ["text", "json", "github", "sarif", "junit"] {
        for strict in ["", " --strict"] {
            let (_, printed) = console.output(&format!("{arguments} --format {format}{strict}"), types);
            // Traces may be escaped as in JSON, URIs and workflow commands.
            for line in printed.lines() {
                let line = line.replace("%25", "%");
                for trace in TRACES {
                    let escaped: String = trace.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
                    let encoded: String = trace.bytes().map(|byte| format!("%{byte:02X}")).collect();
                    if line.contains(trace) || line.contains(&escaped) || line.contains(&encoded) {
                        leaks.push(format!("{format}: {trace} in {line}"));
                    }
                }
            }
            if format == "json" {
                let (_, printed) = console.machine(&format!("{arguments} --format {format}{strict}"), types);
                let printed: Value = serde_json::from_str(&printed).unwrap();
                assert!(printed["findings"].as_array().unwrap().len() >= findings, "{printed:#}");
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} leaks, such as\n{}",
        leaks.len(),
        leaks[..leaks.len().min(5)].join("\n")
    );
}

#[test]
fn values_of_recorded_payload_are_never_shown() {
    let console = Console::with_schemas(CANARY);
    for (index, text) in CANARIES.into_iter().enumerate() {
        console.file(&format!("{index}.json"), canary(text, false));
        console.file(&format!("{index}-lines.json"), canary(text, true));
    }
    let whole: Vec<String> = (0..CANARIES.len())
        .flat_map(|index| [format!("{index}.json"), format!("{index}-lines.json")])
        .collect();
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", whole.join(" ")),
        &mut lossless_types(),
        200,
    );

    let lines: Vec<String> = CANARIES.iter().map(|text| canary(text, false)).collect();
    console.file("all.ndjson", lines.join("\n"));
    assert_no_leaks(&console, "--schema Canary all.ndjson", &mut lossless_types(), 100);
    // Each payload is a bare value.
    console.file("values.ndjson", CANARIES.map(|text| format!("\"{text}\"\n")).concat());
    assert_no_leaks(&console, "--schema Canary values.ndjson", &mut lossless_types(), 12);
}

#[test]
fn content_of_malformed_payload_is_never_shown() {
    let console = Console::with_schemas(CANARY);
    let mut names = Vec::new();
    for (index, text) in CANARIES.into_iter().enumerate() {
        let good = canary(text, true);
        for (kind, bad) in [
            ("bare", format!("{{{text}: {text}}}").into_bytes()),
            ("comment", format!("// {text}\n{good}").into_bytes()),
            ("control", format!("{{\"text\": \"{text}\t{text}\"}}").into_bytes()),
            ("cut", good.as_bytes()[..good.len() - 7].to_vec()),
            ("escape", format!("{{\"text\": \"{text}\\x{text}\"}}").into_bytes()),
            ("latin", [good.as_bytes(), b"\xe9", text.as_bytes()].concat()),
            (
                "overflow",
                format!("{{\"text\": {}e999, \"number\": \"{text}\"}}", "7391526480").into_bytes(),
            ),
            (
                "half",
                format!("{{\"text\": \"{text}\\ud83d\", \"number\": \"{text}\"}}").into_bytes(),
            ),
            ("second", format!("{good}\n\"{text}\"").into_bytes()),
            ("single", format!("{{'{text}': '{text}'}}").into_bytes()),
            (
                "twice",
                format!("{{\"text\": \"{text}\", \"text\": \"{text}\", \"map\": {{\"{text}\": 1}}}}").into_bytes(),
            ),
        ] {
            let name = format!("{index}-{kind}.json");
            console.file(&name, bad);
            names.push(name);
        }
    }
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", names.join(" ")),
        &mut lossless_types(),
        names.len(),
    );
}

/// A key that is data is hidden in findings about duplicate keys, too.
#[test]
fn duplicate_key_of_map_is_never_shown() {
    let console = Console::with_schemas(CANARY);
    for (index, text) in CANARIES.into_iter().enumerate() {
        console.file(
            &format!("{index}.json"),
            format!("{{\"map\": {{\"{text}\": true, \"{text}\": true}}, \"gone\": \"x\"}}"),
        );
    }
    let names: Vec<String> = (0..CANARIES.len()).map(|index| format!("{index}.json")).collect();
    assert_no_leaks(
        &console,
        &format!("--schema Canary {}", names.join(" ")),
        &mut lossless_types(),
        CANARIES.len(),
    );
}

/// The messages of serde quote values.
#[test]
fn values_in_messages_of_serde_are_never_shown() {
    let console = Console::with_schemas(
        "Open: {type: object, properties: {text: {}, map: {type: object, additionalProperties: {}}}}",
    );
    let mut names = Vec::new();
    for (index, text) in CANARIES.into_iter().enumerate() {
        let value = text
            .parse::<f64>()
            .map_or_else(|_| format!("\"{text}\""), |_| text.trim_start_matches('+').to_owned());
        console.file(
            &format!("{index}.json"),
            format!("{{\"text\": {value}, \"map\": {{\"{text}\": {value}}}}}"),
        );
        names.push(format!("{index}.json"));
    }
    let arguments = format!("--schema Open {}", names.join(" "));
    let refused = |payload: &Value| {
        let (name, value) = payload["map"].as_object().unwrap().iter().next().unwrap();
        let problem = serde_json::from_value::<bool>(value.clone()).unwrap_err().to_string();
        FakeOutcome::Undecodable {
            path: format!("map.{name}"),
            problem,
        }
    };
    let lost = |payload: &Value| {
        let name = payload["map"].as_object().unwrap().keys().next().unwrap().clone();
        FakeOutcome::Encoded(json!({"text": "else", "map": {format!("{name}!"): payload["text"]}}))
    };
    // All cases run before the assertion, so that a failure reports all leaks.
    let failed: Vec<String> = [("decoding", refused as fn(&Value) -> FakeOutcome), ("encoding", lost)]
        .into_iter()
        .filter_map(|(what, types)| {
            let run = || assert_no_leaks(&console, &arguments, &mut FakeTypes(types), CANARIES.len());
            let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).err()?;
            Some(format!("{what}: {}", failed.downcast_ref::<String>().unwrap()))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
