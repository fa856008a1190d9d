//! Export and tag, killed at any time and continued, have the same result as an uninterrupted run.

use std::{
    collections::HashSet,
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::support::{callrounded, run};
use callrounded_mock::{Expected, MockServer};
use serde_json::{Value, json};
use tempfile::TempDir;

const KILLS: u32 = 50;

/// Returns the number of calls to export: 12,000, or with the environment variable `SOAK` 1,000,000.
fn calls() -> u32 {
    if env::var_os("SOAK").is_some() {
        1_000_000
    } else {
        12_000
    }
}

/// Returns the number of rows to tag. There are fewer, since each of the runs reads all of them.
fn rows() -> u32 {
    if env::var_os("SOAK").is_some() { 100_000 } else { 8_000 }
}

fn server_with_calls(count: u32) -> MockServer {
    MockServer::builder().calls(count).keep_requests(0).start().unwrap()
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-a000-{number:012}")
}

/// Starts the program repeatedly and kills it after a random number of requests, at most `max_requests`. The last run
/// is not killed.
///
/// Returns the number of kills, the number of rows or calls that were done before the last run, and its standard
/// output.
fn run_with_kills(command: impl Fn() -> Command, requests: &Expected, max_requests: u64) -> (u32, u32, String) {
    let mut random = fastrand::Rng::with_seed(7);
    let mut kills = 0;
    for _ in 0..KILLS {
        let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let until = requests.seen() + random.u64(0..=max_requests);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if requests.seen() >= until {
                break None;
            }
            // Leaves the CPU to the program and the server.
            thread::sleep(Duration::from_micros(500));
        };
        if let Some(status) = status {
            assert!(status.success());
            return (kills, 0, String::new());
        }
        // The kill can hit any point between two requests.
        thread::sleep(Duration::from_micros(random.u64(0..3_000)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            return (kills, 0, String::new());
        }
        kills += 1;
    }
    let last = command().output().unwrap();
    let stderr = String::from_utf8_lossy(&last.stderr);
    assert!(last.status.success(), "{stderr}");
    (
        kills,
        number_before(&stderr, " are already exported")
            .or(number_before(&stderr, " are already done"))
            .unwrap_or(0),
        String::from_utf8(last.stdout).unwrap(),
    )
}

/// Returns the number in `20 rows` or `20 calls`, if `text` follows.
fn number_before(stderr: &str, text: &str) -> Option<u32> {
    let (before, _) = stderr.split_once(text)?;
    before.rsplit(['\n', ' ']).nth(1)?.parse().ok()
}

#[test]
fn export_killed_and_continued_writes_same_file() {
    let count = calls();
    for (name, options) in [("calls.ndjson", ""), ("calls.csv", "--page-size 50")] {
        let (server, directory, other) = (
            server_with_calls(count),
            TempDir::new().unwrap(),
            TempDir::new().unwrap(),
        );
        let line = format!("calls export {name} {options}");
        let (code, _, stderr) = run(&mut callrounded(&server, other.path()), &line);
        assert_eq!(code, 0, "{stderr}");
        let requests = server.when_any().default_response();
        let pages = page_count(count, options);
        let (kills, calls_before, _) = run_with_kills(
            || {
                let mut command = callrounded(&server, directory.path());
                command.args(line.split_whitespace());
                command
            },
            &requests,
            // The last kills are near the end of the export, but not after it.
            3 * pages / (2 * u64::from(KILLS)) + 1,
        );
        assert_eq!(kills, KILLS, "the run ended before all kills");
        // A run saves its first page at once and the next ones after an interval. Most runs are killed after their
        // first page.
        let saved = u64::from(calls_before) * pages / u64::from(count);
        assert!(
            saved >= u64::from(KILLS) / 5,
            "the last run continued after {saved} pages"
        );
        let (file, uninterrupted) = (
            fs::read_to_string(directory.path().join(name)).unwrap(),
            fs::read_to_string(other.path().join(name)).unwrap(),
        );
        assert!(file == uninterrupted, "{name} differs after {kills} kills");
        for suffix in ["progress", "partial"] {
            assert!(!directory.path().join(format!("{name}.{suffix}")).exists());
        }
        if name.ends_with(".ndjson") {
            let ids: HashSet<String> = file
                .lines()
                .map(|line| {
                    serde_json::from_str::<Value>(line).unwrap()["id"]
                        .as_str()
                        .unwrap()
                        .to_owned()
                })
                .collect();
            assert_eq!(
                (ids.len(), file.lines().count()),
                (count as usize + 1, count as usize + 1)
            );
        }
    }
}

/// Returns the number of pages of an export with these options.
fn page_count(calls: u32, options: &str) -> u64 {
    u64::from(calls) / if options.is_empty() { 100 } else { 50 }
}

#[test]
fn tag_killed_and_continued_tags_every_row() {
    let count = rows();
    let (server, untouched, directory) = (
        server_with_calls(count),
        server_with_calls(count),
        TempDir::new().unwrap(),
    );
    write_rows(directory.path(), count);
    let line = "calls tag rows.ndjson --concurrency 16";
    let requests = server.when_any().default_response();
    let (kills, rows_before, printed) = run_with_kills(
        || {
            let mut command = callrounded(&server, directory.path());
            command.args(line.split_whitespace());
            command
        },
        &requests,
        3 * u64::from(count / KILLS) / 2,
    );
    assert_eq!(kills, KILLS, "the run ended before all kills");
    assert!(
        rows_before > count / 10,
        "the last run continued after {rows_before} rows"
    );
    assert_eq!(printed.trim(), format!("{count} tagged, 0 failed"));
    for number in 1..=count {
        let mut expected = untouched.call(&id(number)).unwrap();
        expected["metadata"]["row"] = json!(number);
        assert_eq!(server.call(&id(number)), Some(expected), "{number}");
    }
    // Only rows that were in flight at a kill are sent again.
    assert!(requests.seen() <= u64::from(count + KILLS * 16), "{}", requests.seen());
    assert!(!directory.path().join("rows.ndjson.journal").exists());
}

fn write_rows(directory: &Path, count: u32) {
    let rows: String = (1..=count)
        .map(|number| format!("{}\n", json!({ "id": id(number), "metadata": { "row": number } })))
        .collect();
    fs::write(directory.join("rows.ndjson"), rows).unwrap();
}

#[test]
fn tag_failed_rows_are_written_and_can_be_tagged_again() {
    let (server, directory) = (server_with_calls(4), TempDir::new().unwrap());
    let rows = concat!(
        "id,campaign,note\n",
        "00000000-0000-4000-a000-000000000001,spring,\n",
        "nobody,spring,n\n",
        "00000000-0000-4000-a000-000000000002,\"a, \"\"b\"\"\",m\n",
    );
    fs::write(directory.path().join("rows.csv"), rows).unwrap();
    let tag = |file: &str| {
        run(
            &mut callrounded(&server, directory.path()),
            &format!("calls tag {file}"),
        )
    };
    let (code, out, stderr) = tag("rows.csv");
    assert_eq!((code, out.trim()), (1, "2 tagged, 1 failed"));
    assert!(stderr.contains("rows.csv.failures.ndjson"), "{stderr}");
    assert!(!stderr.contains("already done"), "{stderr}");
    assert_eq!(
        server.call(&id(1)).unwrap()["metadata"],
        json!({ "campaign": "spring" })
    );
    assert_eq!(
        server.call(&id(2)).unwrap()["metadata"],
        json!({ "campaign": "a, \"b\"", "note": "m" })
    );
    // Running the same command again sends nothing.
    let requests = server.when_any().default_response();
    assert_eq!((tag("rows.csv").1.trim(), requests.seen()), ("2 tagged, 1 failed", 0));
    let failures = fs::read_to_string(directory.path().join("rows.csv.failures.ndjson")).unwrap();
    let failure: Value = serde_json::from_str(&failures).unwrap();
    assert_eq!(
        (&failure["line"], &failure["metadata"]),
        (&json!(3), &json!({ "campaign": "spring", "note": "n" }))
    );
    assert!(failure["error"].as_str().unwrap().contains("404"));
    fs::write(
        directory.path().join("again.ndjson"),
        failures.replace("nobody", &id(3)),
    )
    .unwrap();
    assert_eq!(tag("again.ndjson").1.trim(), "1 tagged, 0 failed");
    assert_eq!(
        server.call(&id(3)).unwrap()["metadata"],
        json!({ "campaign": "spring", "note": "n" })
    );
    // An invalid row is reported without its content.
    let invalid = b"\xef\xbb\xbf{\"id\": \"Ada\"}\nnot JSON\n\n\xff\r\n";
    fs::write(directory.path().join("invalid.ndjson"), invalid).unwrap();
    let (code, out, stderr) = tag("invalid.ndjson");
    assert_eq!((code, out.trim()), (1, "0 tagged, 3 failed"));
    assert!(!stderr.contains("Ada"));
}

#[test]
fn tag_error_that_affects_all_rows_ends_run_without_losing_rows() {
    let (server, directory) = (server_with_calls(300), TempDir::new().unwrap());
    write_rows(directory.path(), 300);
    let tag = || {
        run(
            &mut callrounded(&server, directory.path()),
            "calls tag rows.ndjson --concurrency 4 --timeout 5",
        )
    };
    server.when_update_call().with_call_id(id(100)).times(1).status(403);
    let (code, _, stderr) = tag();
    assert_eq!(code, 3);
    assert!(stderr.contains("run the same command again to continue"), "{stderr}");
    // The journal rejects a file with other content under the same name.
    let rows = fs::read_to_string(directory.path().join("rows.ndjson")).unwrap();
    fs::write(
        directory.path().join("rows.ndjson"),
        rows.replace("\"row\":1}", "\"row\":0}"),
    )
    .unwrap();
    let (code, _, stderr) = tag();
    assert_eq!(code, 2);
    assert!(stderr.contains("belongs to other content"), "{stderr}");
    fs::write(directory.path().join("rows.ndjson"), rows).unwrap();
    assert_eq!(tag().0, 0);
    for number in 1..=300 {
        assert_eq!(server.call(&id(number)).unwrap()["metadata"], json!({ "row": number }));
    }
}

/// Rows are reported as done only if the next run does not send them again, even if the journal cannot be written.
#[cfg(target_os = "linux")]
#[test]
fn tag_journal_write_fails_counts_only_written_rows() {
    let (server, directory) = (server_with_calls(2_000), TempDir::new().unwrap());
    write_rows(directory.path(), 2_000);
    let line = "calls tag rows.ndjson --concurrency 16";
    let program = callrounded(&server, directory.path());
    let mut limited = Command::new("sh");
    // Limits the size of files. A write beyond the limit fails, instead of ending the program by a signal.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"])
        .arg(program.get_program());
    limited
        .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(directory.path());
    let (code, _, stderr) = run(&mut limited, line);
    assert_eq!(code, 11, "{stderr}");
    let done = number_before(&stderr, " are done; run the same command again").unwrap();
    assert!((100..2_000).contains(&done), "{stderr}");
    let (code, _, stderr) = run(&mut callrounded(&server, directory.path()), line);
    assert_eq!(code, 0, "{stderr}");
    // Some lines of the last write may have been written.
    let skipped = number_before(&stderr, " are already done").unwrap();
    assert!((done..done + 16).contains(&skipped), "{done}, then {stderr}");
}

#[test]
fn tag_shards_send_each_row_once() {
    let (server, directory) = (
        MockServer::builder().calls(100).start().unwrap(),
        TempDir::new().unwrap(),
    );
    write_rows(directory.path(), 100);
    for shard in 1..=3 {
        let line = format!("calls tag rows.ndjson --shard {shard}/3 --rate 1000");
        assert_eq!(run(&mut callrounded(&server, directory.path()), &line).0, 0);
    }
    let requests = server.requests();
    let ids: HashSet<&str> = requests
        .iter()
        .map(|request| request.parameters["call_id"].as_str().unwrap())
        .collect();
    assert_eq!((requests.len(), ids.len()), (100, 100));
}

#[test]
fn export_continues_only_with_same_filters() {
    let (server, directory) = (server_with_calls(500), TempDir::new().unwrap());
    let export = |line: &str| {
        run(
            &mut callrounded(&server, directory.path()),
            &format!("calls export {line}"),
        )
    };
    server.when_list_calls().times(1).default_response();
    server.when_list_calls().times(1).default_response();
    server.when_list_calls().times(1).status(403);
    let (code, _, stderr) = export("calls.ndjson");
    assert_eq!(code, 3);
    assert!(
        stderr.contains("200 calls are written; run the same command again to continue"),
        "{stderr}"
    );
    let (code, _, stderr) = export("calls.ndjson --type web_call");
    assert_eq!(code, 2);
    assert!(stderr.contains("with other filters"), "{stderr}");
    assert_eq!(export("calls.ndjson").0, 0);
    assert_eq!(
        fs::read_to_string(directory.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        501
    );
    assert_eq!(export("calls.ndjson").0, 2);
    server.when_list_calls().times(1).status(403);
    assert_eq!(export("calls.ndjson --type web_call --overwrite").0, 3);
    assert_eq!(
        fs::read_to_string(directory.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        501,
        "the existing file is kept"
    );
    assert_eq!(export("calls.ndjson --type web_call --overwrite").0, 0);
    assert_eq!(
        fs::read_to_string(directory.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        125
    );
    assert_eq!(export("calls.txt").0, 2);
    // Numbers and unknown fields are written as the service sent them.
    let unusual = "{\"data\": [{\"id\": \"1\", \"cost\": 0.10000000000000000001,\n \"new\": { \"a b\" : 1.0 }}], \"status\": 200}";
    server.when_list_calls().raw(200, "application/json", unusual);
    assert_eq!(export("unusual.ndjson").0, 0);
    let written = fs::read_to_string(directory.path().join("unusual.ndjson")).unwrap();
    assert_eq!(
        written,
        "{\"id\":\"1\",\"cost\":0.10000000000000000001,\"new\":{\"a b\":1.0}}\n"
    );
}

/// A call that the client decodes only in part is written as it was sent. An ambiguous page is an error.
#[test]
fn export_partly_decoded_calls_are_written_as_sent() {
    let (server, directory) = (server_with_calls(0), TempDir::new().unwrap());
    let export = |line: &str| {
        run(
            &mut callrounded(&server, directory.path()),
            &format!("calls export {line}"),
        )
    };
    let page = r#"{"data": [{"id": "1", "cost": 1e999}, {"id": "2", "agent_id": "a"}], "status": 200}"#;
    server.when_list_calls().times(2).raw(200, "application/json", page);
    assert_eq!(export("calls.ndjson").0, 0);
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    assert_eq!(
        read("calls.ndjson"),
        "{\"id\": \"1\", \"cost\": 1e999}\n{\"id\": \"2\", \"agent_id\": \"a\"}\n"
    );
    assert_eq!(export("calls.csv").0, 0);
    let csv = read("calls.csv");
    let ids = csv.lines().skip(1).map(|row| row.split(',').next().unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), ["1", "2"]);
    // Bytes that are not UTF-8: the page is an error, or its call is written.
    let mut page = br#"{"data": [{"id": "1", "agent_id": "a"}], "status": 200}"#.to_vec();
    let at = page.windows(3).position(|bytes| bytes == b"\"a\"").unwrap();
    page[at + 1] = 0xff;
    server.when_list_calls().times(1).raw(200, "application/json", page);
    let (code, _, stderr) = export("bytes.ndjson");
    assert!(code == 9 || read("bytes.ndjson").lines().count() == 1, "{stderr}");
    let twice = r#"{"data": [], "data": [{"id": "1"}], "status": 200}"#;
    server.when_list_calls().raw(200, "application/json", twice);
    let (code, _, stderr) = export("twice.ndjson");
    assert_eq!(code, 9, "{stderr}");
}

#[test]
fn progress_belongs_to_one_run_and_one_service() {
    let (server, other, directory) = (server_with_calls(50), server_with_calls(50), TempDir::new().unwrap());
    write_rows(directory.path(), 50);
    server.when_update_call().with_call_id(id(20)).times(1).status(403);
    let tag = |server: &MockServer| {
        run(
            &mut callrounded(server, directory.path()),
            "calls tag rows.ndjson --concurrency 1",
        )
    };
    assert_eq!(tag(&server).0, 3);
    let (code, _, stderr) = tag(&other);
    assert_eq!(code, 2);
    assert!(stderr.contains("to another base URL"), "{stderr}");
    // An incomplete last line, here truncated within a character, is ignored.
    let journal = directory.path().join("rows.ndjson.journal");
    let mut text = fs::read(&journal).unwrap();
    text.extend_from_slice(b"{\"row\":21,\"error\":\"\xe2\x80");
    fs::write(&journal, text).unwrap();
    assert_eq!(tag(&server).0, 0);
    assert_eq!(server.call(&id(21)).unwrap()["metadata"], json!({ "row": 21 }));
    // A second run is rejected while the first one is running.
    server
        .when_list_calls()
        .delay(Duration::from_secs(60))
        .default_response();
    let mut first = callrounded(&server, directory.path());
    let mut first = first
        .args(["calls", "export", "calls.ndjson"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let progress = directory.path().join("calls.ndjson.progress");
    while !progress.exists() {
        thread::yield_now();
    }
    let (code, _, stderr) = run(&mut callrounded(&server, directory.path()), "calls export calls.ndjson");
    assert_eq!(code, 2);
    assert!(stderr.contains("another run is using"), "{stderr}");
    first.kill().unwrap();
    first.wait().unwrap();
    fs::write(
        directory.path().join("calls.ndjson.progress"),
        r#"{"query":"","length":9,"cursor":null,"done":false,"calls":1,"last_ids":[]}"#,
    )
    .unwrap();
    assert_eq!(
        run(&mut callrounded(&server, directory.path()), "calls export calls.ndjson").0,
        2
    );
}

#[test]
fn tag_rows_of_one_call_are_sent_in_order() {
    let (server, directory) = (server_with_calls(10), TempDir::new().unwrap());
    let rows: String = (0..200)
        .map(|row| format!("{}\n", json!({ "id": id(row % 10 + 1), "metadata": { "row": row } })))
        .collect();
    fs::write(directory.path().join("rows.ndjson"), rows).unwrap();
    assert_eq!(
        run(
            &mut callrounded(&server, directory.path()),
            "calls tag rows.ndjson --concurrency 16"
        )
        .0,
        0
    );
    for number in 1..=10 {
        assert_eq!(
            server.call(&id(number)).unwrap()["metadata"],
            json!({ "row": 189 + number })
        );
    }
}

/// A single row for which the service fails is a failed row. Many consecutive failures are an outage, and none is
/// recorded.
#[test]
fn tag_outage_is_not_recorded_as_failed_rows() {
    let (server, directory) = (server_with_calls(100), TempDir::new().unwrap());
    write_rows(directory.path(), 100);
    let tag = || {
        run(
            &mut callrounded(&server, directory.path()),
            "calls tag rows.ndjson --concurrency 1 --timeout 1",
        )
    };
    server.when_update_call().with_call_id(id(5)).status(500);
    let outage = server
        .when_update_call()
        .with_call_id(id(30))
        .raw(200, "text/html", "<html>log in</html>");
    let (code, _, stderr) = tag();
    assert_eq!(code, 9, "{stderr}");
    assert!(
        stderr.contains("run the same command again to continue") && outage.hits() == 1,
        "{stderr}"
    );
    let journal = fs::read_to_string(directory.path().join("rows.ndjson.journal")).unwrap();
    assert_eq!(journal.lines().count(), 30, "the first line and 29 rows");
}
