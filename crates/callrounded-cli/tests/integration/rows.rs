//! `calls tag` sends exactly the rows of a file, and nothing if the rows of a file cannot be distinguished.

use std::fs;

use crate::support::{callrounded, run};
use callrounded_mock::MockServer;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

fn id(number: usize) -> String {
    format!("00000000-0000-4000-a000-{number:012}")
}

/// A mock server with nine calls, and a directory for files.
struct Fixture {
    server: MockServer,
    directory: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self {
            server: MockServer::builder().calls(9).start().unwrap(),
            directory: TempDir::new().unwrap(),
        }
    }

    fn tag(&self, name: &str, content: &[u8], options: &str) -> (i32, String, String) {
        fs::write(self.directory.path().join(name), content).unwrap();
        let line = format!("calls tag {name} {options}");
        run(&mut callrounded(&self.server, self.directory.path()), &line)
    }

    fn metadata(&self, number: usize) -> Value {
        self.server.call(&id(number)).unwrap()["metadata"].clone()
    }

    fn sent(&self) -> usize {
        self.server.requests().len()
    }

    fn failures(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.directory.path().join(format!("{name}.failures.ndjson"))).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Nothing is sent, and no journal is created.
#[test]
fn tag_file_with_ambiguous_rows_is_rejected() {
    let one = id(1);
    for (name, content, problem) in [
        (
            "open-quote.csv",
            format!("id,note\n{one},first\n{},\"5 inch\n{},third\n", id(2), id(3)),
            "line 3: unclosed quote",
        ),
        (
            "cut.csv",
            format!("id,note\n{one},first\n{},\"cut off in the mi", id(2)),
            "line 3: unclosed quote",
        ),
        (
            "after.csv",
            format!("id,note\n{one},\"a\" b\n"),
            "line 2: text after a closing quote",
        ),
        (
            "inside.csv",
            format!("id,note\n{one},5\" screen\n"),
            "line 2: quote in an unquoted field",
        ),
        (
            "lines.csv",
            format!("id,note\n{one},\"a\r\nb\rc\nd\"\n{},\"x\n", id(2)),
            "line 6: unclosed quote",
        ),
        (
            "no-line-break.csv",
            format!("id,note\n{one},a\n{},b", id(2)),
            "line 3: no line break after the last row",
        ),
        (
            "twice.csv",
            format!("id,note,note\n{one},a,b\n"),
            "line 1: duplicate column `note`",
        ),
        (
            "nameless.csv",
            format!("id,note,\n{one},a,b\n"),
            "line 1: column 3 has no name",
        ),
        (
            "other.csv",
            format!("call;note\n{one};a\n"),
            "no column `id`; the columns are `call`, `note`",
        ),
        ("empty.csv", String::new(), "the file is empty"),
        ("quotes.csv", "\"id,note\n".to_owned(), "line 1: unclosed quote"),
        ("rows.txt", String::new(), "unknown file extension"),
    ] {
        let fixture = Fixture::new();
        let (code, out, stderr) = fixture.tag(name, content.as_bytes(), "");
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {stderr}");
        assert!(stderr.contains(problem), "{name}: {stderr}");
        assert_eq!(fixture.sent(), 0, "{name}");
        assert!(
            !fixture.directory.path().join(format!("{name}.journal")).exists(),
            "{name}"
        );
    }
    let utf16: Vec<u8> = "\u{feff}id,note\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (code, _, stderr) = Fixture::new().tag("utf16.csv", &utf16, "");
    assert_eq!(code, 2);
    assert!(stderr.contains("the file is UTF-16; save it as UTF-8"), "{stderr}");
    let latin: &[u8] = b"id,no\xefve\n";
    let (code, _, stderr) = Fixture::new().tag("latin.csv", latin, "");
    assert_eq!(code, 2);
    assert!(stderr.contains("the column names are not UTF-8"), "{stderr}");
}

/// An invalid row is not sent. It is written to the file of failed rows, with its content.
#[test]
fn tag_invalid_row_is_written_to_failures() {
    let fixture = Fixture::new();
    let content = [
        b"id,note,more\n".as_slice(),
        format!("{},\"two\nlines\",\n", id(1)).as_bytes(),
        format!("{},few\n", id(2)).as_bytes(),
        format!("{},\"a, b\",c,many\n", id(3)).as_bytes(),
        format!("{},Z", id(4)).as_bytes(),
        b"\xfcrich,m\n",
        format!("{},last,\n", id(5)).as_bytes(),
    ]
    .concat();
    let (code, out, stderr) = fixture.tag("rows.csv", &content, "");
    assert_eq!((code, out.trim()), (1, "2 tagged, 3 failed"), "{stderr}");
    assert!(
        stderr.contains("the row has 2 fields, but there are 3 columns: line 4"),
        "{stderr}"
    );
    assert_eq!(fixture.metadata(1), json!({ "note": "two\nlines" }));
    assert_eq!(fixture.metadata(5), json!({ "note": "last" }));
    let failures = fixture.failures("rows.csv");
    assert_eq!(
        (&failures[0]["line"], &failures[0]["text"]),
        (&json!(4), &json!(format!("{},few", id(2))))
    );
    assert_eq!(
        (&failures[1]["line"], &failures[1]["text"]),
        (&json!(5), &json!(format!("{},\"a, b\",c,many", id(3))))
    );
    assert_eq!(
        (&failures[2]["line"], &failures[2]["id"], &failures[2]["metadata"]),
        (&json!(6), &json!(id(4)), &json!({ "note": "Zürich", "more": "m" }))
    );
    // When the failed rows are tagged, those that can be sent are sent.
    let again = fs::read(fixture.directory.path().join("rows.csv.failures.ndjson")).unwrap();
    let (_, out, _) = fixture.tag("again.ndjson", &again, "");
    assert_eq!(out.trim(), "1 tagged, 2 failed");
    assert_eq!(fixture.metadata(4), json!({ "note": "Zürich", "more": "m" }));

    let rows = [
        format!(r#"{{"id":"{}","metadata":{{"note":1,"note":2}}}}"#, id(6)),
        format!(r#"{{"id":"{0}","id":"{0}","metadata":{{}}}}"#, id(6)),
        format!(
            r#"{{"id":"{}","metadata":{{"n":123456789012345678901234567890}}}}"#,
            id(6)
        ),
        format!(r#"{{"id":"{}","metadata":{{"#, id(6)),
        format!(r#"{{"id":"{}","metadata":{{"n":18446744073709551615}}}}"#, id(7)),
    ];
    let (code, out, stderr) = fixture.tag("rows.ndjson", rows.join("\n").as_bytes(), "");
    assert_eq!((code, out.trim()), (1, "1 tagged, 4 failed"), "{stderr}");
    let failures = fixture.failures("rows.ndjson");
    let problems = [
        "duplicate key \"note\"",
        "duplicate key \"id\"",
        "more digits",
        "invalid JSON at character",
    ];
    for ((failure, problem), row) in failures.iter().zip(problems).zip(&rows) {
        assert!(failure["error"].as_str().unwrap().contains(problem), "{failure}");
        assert_eq!(failure["text"], json!(row));
    }
    assert_eq!(fixture.metadata(7)["n"].to_string(), "18446744073709551615");
}

#[test]
fn tag_delimiter_and_id_column_are_detected_or_set() {
    for (content, options) in [
        (format!("id;note\n{};a,b\n", id(1)), ""),
        (format!("note\tid\na,b\t{}\n", id(1)), ""),
        (format!("\u{feff}id|note\r\n{}|a,b\r\n", id(1)), ""),
        (format!("id~note\n{}~a,b\n", id(1)), "--delimiter ~"),
        (
            format!("call\tnote\n{}\ta,b\n", id(1)),
            "--delimiter tab --id-column call",
        ),
    ] {
        let fixture = Fixture::new();
        let (code, _, stderr) = fixture.tag("rows.csv", content.as_bytes(), options);
        assert_eq!(code, 0, "{content}: {stderr}");
        assert_eq!(fixture.metadata(1), json!({ "note": "a,b" }), "{content}");
    }
}

#[test]
fn tag_dry_run_sends_nothing() {
    let fixture = Fixture::new();
    let rows: String = (1..=7).map(|number| format!("{},n{number}\n", id(number))).collect();
    let content = format!("id,note\n{rows}x,y,z\n");
    let (code, out, stderr) = fixture.tag("rows.csv", content.as_bytes(), "--dry-run");
    assert_eq!((code, fixture.sent()), (1, 0), "{stderr}");
    assert_eq!(out.lines().count(), 5);
    assert!(stderr.contains("… and 2 more"), "{stderr}");
    assert_eq!(
        serde_json::from_str::<Value>(out.lines().next().unwrap()).unwrap(),
        json!({ "line": 2, "id": id(1), "metadata": { "note": "n1" } })
    );
    assert!(
        stderr.contains("7 rows would be sent, 1 are invalid, 0 are already done"),
        "{stderr}"
    );
    assert!(!fixture.directory.path().join("rows.csv.journal").exists());
    let (.., stderr) = fixture.tag("row.csv", format!("id,note\n{},n\n", id(1)).as_bytes(), "--dry-run");
    assert!(!stderr.contains("more"), "{stderr}");
}

#[test]
fn tag_max_failures_reached_stops_run() {
    let fixture = Fixture::new();
    let rows: String = ["a", "b", "c"].iter().map(|id| format!("{id},n\n")).collect();
    let content = format!("id,note\n{rows}{},n\n", id(1));
    let (code, _, stderr) = fixture.tag("rows.csv", content.as_bytes(), "--concurrency 1 --max-failures 2");
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("stopped after 2 failed rows (--max-failures)"),
        "{stderr}"
    );
    assert_eq!(fixture.failures("rows.csv").len(), 2);
    assert_eq!(
        fixture.tag("rows.csv", content.as_bytes(), "").1.trim(),
        "1 tagged, 3 failed"
    );
}

/// A response of a proxy, or of a server at a wrong base URL, is not about the rows.
#[test]
fn tag_response_of_other_server_is_not_recorded_as_failed_rows() {
    for (status, media_type, body) in [
        (404, "text/html", "<html>nothing here</html>"),
        (404, "text/plain", ""),
        (
            404,
            "application/json",
            r#"{"message":"no Route matched with those values"}"#,
        ),
        (400, "text/html", "<html>plain HTTP to an HTTPS port</html>"),
        (413, "text/html", "<html>too large</html>"),
    ] {
        for count in [3, 30] {
            let fixture = Fixture::new();
            fixture.server.when_any().raw(status, media_type, body);
            let rows: String = (1..=count)
                .map(|number| format!("{},n\n", id(number % 9 + 1)))
                .collect();
            let content = format!("id,note\n{rows}");
            let (code, _, stderr) = fixture.tag("rows.csv", content.as_bytes(), "--concurrency 1");
            assert_eq!(code, 8, "{status} {body}: {stderr}");
            assert!(stderr.contains("check --base-url"), "{stderr}");
            assert!(fixture.sent() <= 10);
            let journal = fs::read_to_string(fixture.directory.path().join("rows.csv.journal")).unwrap();
            assert_eq!(journal.lines().count(), 1, "{journal}");
        }
    }
    let fixture = Fixture::new();
    let line = format!("calls get {} --base-url {}/v1/", id(1), fixture.server.url());
    let (code, _, stderr) = run(&mut callrounded(&fixture.server, fixture.directory.path()), &line);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("ends in /v1, which every path already begins with; remove it"),
        "{stderr}"
    );
}

/// Tables of random texts, with every delimiter, line break and quoting style.
#[test]
fn tag_random_csv_is_sent_exactly() {
    let mut random = Rng::with_seed(22);
    for round in 0..48 {
        let delimiter = DELIMITERS[round % 4];
        let line_break = ["\n", "\r\n", "\r"][round / 4 % 3];
        let quotes = ["where needed", "everywhere", "sometimes"][round / 12 % 3];
        let columns: Vec<String> = (0..random.usize(1..4)).map(|column| format!("c{column}")).collect();
        let rows: Vec<Vec<String>> = (0..random.usize(1..6))
            .map(|_| columns.iter().map(|_| text(&mut random, delimiter)).collect())
            .collect();
        let mut field = |text: &str| {
            let needed = text.contains([delimiter, '"', '\n', '\r']);
            match quotes {
                _ if needed => format!("\"{}\"", text.replace('"', "\"\"")),
                "everywhere" => format!("\"{text}\""),
                "sometimes" if random.bool() => format!("\"{text}\""),
                _ => text.to_owned(),
            }
        };
        let mut file = String::new();
        let names: Vec<String> = ["id"]
            .into_iter()
            .chain(columns.iter().map(String::as_str))
            .map(&mut field)
            .collect();
        file.push_str(&names.join(&delimiter.to_string()));
        file.push_str(line_break);
        for (number, row) in rows.iter().enumerate() {
            let id = id(number + 1);
            let fields: Vec<String> = [&id].into_iter().chain(row).map(|text| field(text)).collect();
            file.push_str(&fields.join(&delimiter.to_string()));
            file.push_str(line_break);
        }
        let expected: Vec<Value> = rows
            .iter()
            .map(|row| {
                let cells = columns.iter().zip(row).filter(|(_, text)| !text.is_empty());
                Value::Object(
                    cells
                        .map(|(name, text)| (name.clone(), json!(text)))
                        .collect::<Map<_, _>>(),
                )
            })
            .collect();
        let fixture = Fixture::new();
        let (code, _, stderr) = fixture.tag("rows.csv", file.as_bytes(), "");
        assert_eq!(code, 0, "{file:?}: {stderr}");
        for (number, expected) in expected.iter().enumerate() {
            assert_eq!(&fixture.metadata(number + 1), expected, "{file:?}");
        }
        // A file that is truncated anywhere sends complete rows or none, even if only the end of the last field is
        // missing.
        for cut in [random.usize(0..file.len()), file.len() - line_break.len() - 1] {
            let fixture = Fixture::new();
            let untouched: Vec<Value> = (1..=rows.len()).map(|number| fixture.metadata(number)).collect();
            fixture.tag("rows.csv", &file.as_bytes()[..cut], "");
            for (number, (expected, untouched)) in expected.iter().zip(&untouched).enumerate() {
                let found = fixture.metadata(number + 1);
                assert!(
                    &found == expected || &found == untouched,
                    "{file:?} cut at {cut}: {found}"
                );
            }
        }
    }
}

fn text(random: &mut Rng, delimiter: char) -> String {
    let characters = [
        'a', 'é', ' ', '"', '\n', '\r', delimiter, '😀', ',', ';', '\t', '|', '0',
    ];
    (0..random.usize(0..6))
        .map(|_| characters[random.usize(0..characters.len())])
        .collect()
}
