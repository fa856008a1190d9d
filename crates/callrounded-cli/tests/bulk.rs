//! Export and tag, ended at any moment and started again: what comes of it is what comes of one run.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::{
    collections::HashSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use callrounded_mock::{Expected, MockServer};
use serde_json::{Value, json};
use support::{callrounded, run};
use tempfile::TempDir;

const COUNT: u32 = 20_000;
const KILLS: u32 = 50;

fn world(count: u32) -> MockServer {
    MockServer::builder().calls(count).keep_requests(0).start().unwrap()
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-a000-{number:012}")
}

/// Starts the program again and again, and kills it after some more requests each time; then lets it come to its end.
/// How often it was killed, after how much the last run went on, and what that printed.
fn killed(command: impl Fn() -> Command, requests: &Expected, at_most: u64) -> (u32, u32, String) {
    let mut random = fastrand::Rng::with_seed(7);
    let mut kills = 0;
    for _ in 0..KILLS {
        let mut child = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let until = requests.seen() + random.u64(0..=at_most);
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if requests.seen() >= until {
                break None;
            }
            // Long enough to leave the processor to the two that are tested.
            thread::sleep(Duration::from_micros(500));
        };
        if let Some(status) = ended {
            assert!(status.success());
            return (kills, 0, String::new());
        }
        // Anywhere between two requests.
        thread::sleep(Duration::from_micros(random.u64(0..3_000)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            return (kills, 0, String::new());
        }
        kills += 1;
    }
    let last = command().output().unwrap();
    let said = String::from_utf8_lossy(&last.stderr);
    assert!(last.status.success(), "{said}");
    (
        kills,
        number_before(&said, " are there already")
            .or(number_before(&said, " are done already"))
            .unwrap_or(0),
        String::from_utf8(last.stdout).unwrap(),
    )
}

/// Of `20 rows`, or `20 calls`, and what follows.
fn number_before(said: &str, what: &str) -> Option<u32> {
    let (before, _) = said.split_once(what)?;
    before.rsplit(['\n', ' ']).nth(1)?.parse().ok()
}

#[test]
fn an_export_that_is_killed_is_the_same_file_in_the_end() {
    for (name, with) in [("calls.ndjson", ""), ("calls.csv", "--page-size 50")] {
        let (server, folder, other) = (world(COUNT), TempDir::new().unwrap(), TempDir::new().unwrap());
        let line = format!("calls export {name} {with}");
        let (code, _, said) = run(&mut callrounded(&server, other.path()), &line);
        assert_eq!(code, 0, "{said}");
        let requests = server.when_any().behaves();
        let pages = requests_of(with);
        let (kills, went_on_after, _) = killed(
            || {
                let mut command = callrounded(&server, folder.path());
                command.args(line.split_whitespace());
                command
            },
            &requests,
            // So that the last of them come near the end, and not after it.
            3 * pages / (2 * u64::from(KILLS)) + 1,
        );
        assert_eq!(kills, KILLS, "the others came too late");
        // A run notes its first page at once, and what follows by time. Most runs are killed after their first page.
        let noted = u64::from(went_on_after) * pages / u64::from(COUNT);
        assert!(
            noted >= u64::from(KILLS) / 5,
            "the last run went on after {noted} pages"
        );
        let (file, undisturbed) = (
            fs::read_to_string(folder.path().join(name)).unwrap(),
            fs::read_to_string(other.path().join(name)).unwrap(),
        );
        assert!(file == undisturbed, "{name} is another file after {kills} kills");
        for ending in ["progress", "partial"] {
            assert!(!folder.path().join(format!("{name}.{ending}")).exists());
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
                (COUNT as usize + 1, COUNT as usize + 1)
            );
        }
    }
}

fn requests_of(with: &str) -> u64 {
    u64::from(COUNT) / if with.is_empty() { 100 } else { 50 }
}

#[test]
fn rows_are_tagged_though_the_run_is_killed() {
    let (server, untouched, folder) = (world(COUNT), world(COUNT), TempDir::new().unwrap());
    write_rows(folder.path(), COUNT);
    let line = "calls tag rows.ndjson --concurrency 16";
    let requests = server.when_any().behaves();
    let (kills, went_on_after, printed) = killed(
        || {
            let mut command = callrounded(&server, folder.path());
            command.args(line.split_whitespace());
            command
        },
        &requests,
        3 * u64::from(COUNT / KILLS) / 2,
    );
    assert_eq!(kills, KILLS, "the others came too late");
    assert!(went_on_after > COUNT / 10, "the last run went on after {went_on_after}");
    assert_eq!(printed.trim(), "20000 tagged, 0 failed");
    for number in 1..=COUNT {
        let mut expected = untouched.call(&id(number)).unwrap();
        expected["metadata"]["row"] = json!(number);
        assert_eq!(server.call(&id(number)), Some(expected), "{number}");
    }
    // Sent again is no more than what was on its way.
    assert!(requests.seen() <= u64::from(COUNT + KILLS * 16), "{}", requests.seen());
    assert!(!folder.path().join("rows.ndjson.journal").exists());
}

fn write_rows(folder: &Path, count: u32) {
    let rows: String = (1..=count)
        .map(|number| format!("{}\n", json!({ "id": id(number), "metadata": { "row": number } })))
        .collect();
    fs::write(folder.join("rows.ndjson"), rows).unwrap();
}

#[test]
fn rows_that_fail_are_told_and_can_be_given_again() {
    let (server, folder) = (world(4), TempDir::new().unwrap());
    let rows = concat!(
        "id,campaign,note\n",
        "00000000-0000-4000-a000-000000000001,spring,\n",
        "nobody,spring,n\n",
        "00000000-0000-4000-a000-000000000002,\"a, \"\"b\"\"\",m\n",
    );
    fs::write(folder.path().join("rows.csv"), rows).unwrap();
    let tag = |file: &str| run(&mut callrounded(&server, folder.path()), &format!("calls tag {file}"));
    let (code, out, said) = tag("rows.csv");
    assert_eq!((code, out.trim()), (1, "2 tagged, 1 failed"));
    assert!(said.contains("rows.csv.failures.ndjson"), "{said}");
    assert_eq!(
        server.call(&id(1)).unwrap()["metadata"],
        json!({ "campaign": "spring" })
    );
    assert_eq!(
        server.call(&id(2)).unwrap()["metadata"],
        json!({ "campaign": "a, \"b\"", "note": "m" })
    );
    // The same command again sends nothing.
    let requests = server.when_any().behaves();
    assert_eq!((tag("rows.csv").1.trim(), requests.seen()), ("2 tagged, 1 failed", 0));
    let failures = fs::read_to_string(folder.path().join("rows.csv.failures.ndjson")).unwrap();
    let failure: Value = serde_json::from_str(&failures).unwrap();
    assert_eq!(
        (&failure["line"], &failure["metadata"]),
        (&json!(3), &json!({ "campaign": "spring", "note": "n" }))
    );
    assert!(failure["error"].as_str().unwrap().contains("404"));
    fs::write(folder.path().join("again.ndjson"), failures.replace("nobody", &id(3))).unwrap();
    assert_eq!(tag("again.ndjson").1.trim(), "1 tagged, 0 failed");
    assert_eq!(
        server.call(&id(3)).unwrap()["metadata"],
        json!({ "campaign": "spring", "note": "n" })
    );
    // What is no row is told without what it says.
    let odd = b"\xef\xbb\xbf{\"id\": \"Ada\"}\nnot JSON\n\n\xff\r\n";
    fs::write(folder.path().join("odd.ndjson"), odd).unwrap();
    let (code, out, said) = tag("odd.ndjson");
    assert_eq!((code, out.trim()), (1, "0 tagged, 3 failed"));
    assert!(!said.contains("Ada"));
}

#[test]
fn what_holds_for_all_rows_ends_the_run_and_loses_none() {
    let (server, folder) = (world(300), TempDir::new().unwrap());
    write_rows(folder.path(), 300);
    let tag = || {
        run(
            &mut callrounded(&server, folder.path()),
            "calls tag rows.ndjson --concurrency 4 --timeout 5",
        )
    };
    server.when_update_call().with_call_id(id(100)).times(1).status(403);
    let (code, _, said) = tag();
    assert_eq!(code, 3);
    assert!(said.contains("start it again to go on"), "{said}");
    // Another file under the same name is not what was begun.
    let rows = fs::read_to_string(folder.path().join("rows.ndjson")).unwrap();
    fs::write(
        folder.path().join("rows.ndjson"),
        rows.replace("\"row\":1}", "\"row\":0}"),
    )
    .unwrap();
    let (code, _, said) = tag();
    assert_eq!(code, 2);
    assert!(said.contains("belongs to another state"), "{said}");
    fs::write(folder.path().join("rows.ndjson"), rows).unwrap();
    assert_eq!(tag().0, 0);
    for number in 1..=300 {
        assert_eq!(server.call(&id(number)).unwrap()["metadata"], json!({ "row": number }));
    }
}

/// No row is told to be done that the next run sends again, though the file of the journal takes no more.
#[cfg(target_os = "linux")]
#[test]
fn rows_are_done_when_they_are_noted() {
    let (server, folder) = (world(2_000), TempDir::new().unwrap());
    write_rows(folder.path(), 2_000);
    let line = "calls tag rows.ndjson --concurrency 16";
    let program = callrounded(&server, folder.path());
    let mut limited = Command::new("sh");
    // No file may be larger than this, and who writes more is told so rather than ended.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"])
        .arg(program.get_program());
    limited
        .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(folder.path());
    let (code, _, said) = run(&mut limited, line);
    assert_eq!(code, 11, "{said}");
    let done = number_before(&said, " are done; start it again").unwrap();
    assert!((100..2_000).contains(&done), "{said}");
    let (code, _, said) = run(&mut callrounded(&server, folder.path()), line);
    assert_eq!(code, 0, "{said}");
    // Of the last write some lines may have come through.
    let passed_over = number_before(&said, " are done already").unwrap();
    assert!((done..done + 16).contains(&passed_over), "{done}, then {said}");
}

#[test]
fn shards_are_all_rows_and_each_of_them_once() {
    let (server, folder) = (
        MockServer::builder().calls(100).start().unwrap(),
        TempDir::new().unwrap(),
    );
    write_rows(folder.path(), 100);
    for shard in 1..=3 {
        let line = format!("calls tag rows.ndjson --shard {shard}/3 --rate 1000");
        assert_eq!(run(&mut callrounded(&server, folder.path()), &line).0, 0);
    }
    let requests = server.requests();
    let ids: HashSet<&str> = requests
        .iter()
        .map(|request| request.parameters["call_id"].as_str().unwrap())
        .collect();
    assert_eq!((requests.len(), ids.len()), (100, 100));
}

#[test]
fn an_export_goes_on_only_as_it_was_begun() {
    let (server, folder) = (world(500), TempDir::new().unwrap());
    let export = |line: &str| {
        run(
            &mut callrounded(&server, folder.path()),
            &format!("calls export {line}"),
        )
    };
    server.when_list_calls().times(1).behaves();
    server.when_list_calls().times(1).behaves();
    server.when_list_calls().times(1).status(403);
    let (code, _, said) = export("calls.ndjson");
    assert_eq!(code, 3);
    assert!(
        said.contains("200 calls are written; start it again to go on"),
        "{said}"
    );
    let (code, _, said) = export("calls.ndjson --type web_call");
    assert_eq!(code, 2);
    assert!(said.contains("with other filters"), "{said}");
    assert_eq!(export("calls.ndjson").0, 0);
    assert_eq!(
        fs::read_to_string(folder.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        501
    );
    assert_eq!(export("calls.ndjson").0, 2);
    server.when_list_calls().times(1).status(403);
    assert_eq!(export("calls.ndjson --type web_call --overwrite").0, 3);
    assert_eq!(
        fs::read_to_string(folder.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        501,
        "it is there still"
    );
    assert_eq!(export("calls.ndjson --type web_call --overwrite").0, 0);
    assert_eq!(
        fs::read_to_string(folder.path().join("calls.ndjson"))
            .unwrap()
            .lines()
            .count(),
        125
    );
    assert_eq!(export("calls.txt").0, 2);
    // Amounts and unknown fields are as the service wrote them.
    let odd = "{\"data\": [{\"id\": \"1\", \"cost\": 0.10000000000000000001,\n \"new\": { \"a b\" : 1.0 }}], \"status\": 200}";
    server.when_list_calls().raw(200, "application/json", odd);
    assert_eq!(export("odd.ndjson").0, 0);
    let written = fs::read_to_string(folder.path().join("odd.ndjson")).unwrap();
    assert_eq!(
        written,
        "{\"id\":\"1\",\"cost\":0.10000000000000000001,\"new\":{\"a b\":1.0}}\n"
    );
}

/// What the client reads in part is written as it came; what can't be told apart is not passed over.
#[test]
fn no_call_of_a_page_is_lost() {
    let (server, folder) = (world(0), TempDir::new().unwrap());
    let export = |line: &str| {
        run(
            &mut callrounded(&server, folder.path()),
            &format!("calls export {line}"),
        )
    };
    let page = r#"{"data": [{"id": "1", "cost": 1e999}, {"id": "2", "agent_id": "a"}], "status": 200}"#;
    server.when_list_calls().times(2).raw(200, "application/json", page);
    assert_eq!(export("calls.ndjson").0, 0);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        read("calls.ndjson"),
        "{\"id\": \"1\", \"cost\": 1e999}\n{\"id\": \"2\", \"agent_id\": \"a\"}\n"
    );
    assert_eq!(export("calls.csv").0, 0);
    let csv = read("calls.csv");
    let ids = csv.lines().skip(1).map(|row| row.split(',').next().unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), ["1", "2"]);
    // Bytes that are no text: the page is an error, and nothing of it is passed over.
    let mut page = br#"{"data": [{"id": "1", "agent_id": "a"}], "status": 200}"#.to_vec();
    let at = page.windows(3).position(|bytes| bytes == b"\"a\"").unwrap();
    page[at + 1] = 0xff;
    server.when_list_calls().times(1).raw(200, "application/json", page);
    let (code, _, said) = export("bytes.ndjson");
    assert!(code == 9 || read("bytes.ndjson").lines().count() == 1, "{said}");
    let twice = r#"{"data": [], "data": [{"id": "1"}], "status": 200}"#;
    server.when_list_calls().raw(200, "application/json", twice);
    let (code, _, said) = export("twice.ndjson");
    assert_eq!(code, 9, "{said}");
}

#[test]
fn a_file_is_one_runs_and_one_services() {
    let (server, other, folder) = (world(50), world(50), TempDir::new().unwrap());
    write_rows(folder.path(), 50);
    server.when_update_call().with_call_id(id(20)).times(1).status(403);
    let tag = |server: &MockServer| {
        run(
            &mut callrounded(server, folder.path()),
            "calls tag rows.ndjson --concurrency 1",
        )
    };
    assert_eq!(tag(&server).0, 3);
    let (code, _, said) = tag(&other);
    assert_eq!(code, 2);
    assert!(said.contains("or to another service"), "{said}");
    // A line that was cut in the middle of a character is none.
    let journal = folder.path().join("rows.ndjson.journal");
    let mut text = fs::read(&journal).unwrap();
    text.extend_from_slice(b"{\"row\":21,\"error\":\"\xe2\x80");
    fs::write(&journal, text).unwrap();
    assert_eq!(tag(&server).0, 0);
    assert_eq!(server.call(&id(21)).unwrap()["metadata"], json!({ "row": 21 }));
    // While one is at work another is not.
    server.when_list_calls().delay(Duration::from_secs(60)).behaves();
    let mut first = callrounded(&server, folder.path());
    let mut first = first
        .args(["calls", "export", "calls.ndjson"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let partial = folder.path().join("calls.ndjson.progress");
    while !partial.exists() {
        thread::yield_now();
    }
    let (code, _, said) = run(&mut callrounded(&server, folder.path()), "calls export calls.ndjson");
    assert_eq!(code, 2);
    assert!(said.contains("another run is at work"), "{said}");
    first.kill().unwrap();
    first.wait().unwrap();
    fs::write(
        folder.path().join("calls.ndjson.progress"),
        r#"{"query":"","length":9,"cursor":null,"done":false,"calls":1,"last_ids":[]}"#,
    )
    .unwrap();
    assert_eq!(
        run(&mut callrounded(&server, folder.path()), "calls export calls.ndjson").0,
        2
    );
}

#[test]
fn rows_of_one_call_keep_their_order() {
    let (server, folder) = (world(10), TempDir::new().unwrap());
    let rows: String = (0..200)
        .map(|row| format!("{}\n", json!({ "id": id(row % 10 + 1), "metadata": { "row": row } })))
        .collect();
    fs::write(folder.path().join("rows.ndjson"), rows).unwrap();
    assert_eq!(
        run(
            &mut callrounded(&server, folder.path()),
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

/// One row that the service fails for is set aside; many in a row are an outage, of which none is noted.
#[test]
fn an_outage_is_not_taken_for_the_rows() {
    let (server, folder) = (world(100), TempDir::new().unwrap());
    write_rows(folder.path(), 100);
    let tag = || {
        run(
            &mut callrounded(&server, folder.path()),
            "calls tag rows.ndjson --concurrency 1 --timeout 1",
        )
    };
    server.when_update_call().with_call_id(id(5)).status(500);
    let outage = server
        .when_update_call()
        .with_call_id(id(30))
        .raw(200, "text/html", "<html>log in</html>");
    let (code, _, said) = tag();
    assert_eq!(code, 9, "{said}");
    assert!(said.contains("start it again to go on") && outage.hits() == 1, "{said}");
    let journal = fs::read_to_string(folder.path().join("rows.ndjson.journal")).unwrap();
    assert_eq!(journal.lines().count(), 30, "the first line and 29 rows");
}
