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
    MockServer::builder().calls(count).without_log().start().unwrap()
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-a000-{number:012}")
}

/// Starts the program again and again, and kills it after some more requests each time; then lets it come to its end.
/// How often it was killed.
fn killed(command: impl Fn() -> Command, requests: &Expected, at_most: u64) -> u32 {
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
            thread::yield_now();
        };
        if let Some(status) = ended {
            assert!(status.success());
            return kills;
        }
        // Anywhere between two requests.
        thread::sleep(Duration::from_micros(random.u64(0..3_000)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            return kills;
        }
        kills += 1;
    }
    let last = command().output().unwrap();
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    kills
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
        let kills = killed(
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
        let (file, undisturbed) = (
            fs::read_to_string(folder.path().join(name)).unwrap(),
            fs::read_to_string(other.path().join(name)).unwrap(),
        );
        assert!(file == undisturbed, "{name} is another file after {kills} kills");
        assert!(!folder.path().join(format!("{name}.progress")).exists());
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
    let (server, other, folder) = (world(COUNT), world(COUNT), TempDir::new().unwrap());
    write_rows(folder.path(), COUNT);
    let elsewhere = TempDir::new().unwrap();
    write_rows(elsewhere.path(), COUNT);
    let line = "calls tag rows.ndjson --concurrency 16";
    let (code, out, said) = run(&mut callrounded(&other, elsewhere.path()), line);
    assert_eq!((code, out.trim()), (0, "20000 calls tagged, 0 failed"), "{said}");
    let requests = server.when_any().behaves();
    let kills = killed(
        || {
            let mut command = callrounded(&server, folder.path());
            command.args(line.split_whitespace());
            command
        },
        &requests,
        3 * u64::from(COUNT / KILLS) / 2,
    );
    assert_eq!(kills, KILLS, "the others came too late");
    for number in 1..=COUNT {
        assert_eq!(server.call(&id(number)), other.call(&id(number)), "{number}");
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
    assert_eq!((code, out.trim()), (1, "2 calls tagged, 1 failed"));
    assert!(said.contains("rows.csv.failures.ndjson"), "{said}");
    assert_eq!(
        server.call(&id(1)).unwrap()["metadata"],
        json!({ "campaign": "spring" })
    );
    assert_eq!(
        server.call(&id(2)).unwrap()["metadata"],
        json!({ "campaign": "a, \"b\"", "note": "m" })
    );
    let failures = fs::read_to_string(folder.path().join("rows.csv.failures.ndjson")).unwrap();
    let failure: Value = serde_json::from_str(&failures).unwrap();
    assert_eq!(
        (&failure["row"], &failure["metadata"]),
        (&json!(2), &json!({ "campaign": "spring", "note": "n" }))
    );
    assert!(failure["error"].as_str().unwrap().contains("404"));
    fs::write(folder.path().join("again.ndjson"), failures.replace("nobody", &id(3))).unwrap();
    assert_eq!(tag("again.ndjson").1.trim(), "1 calls tagged, 0 failed");
    assert_eq!(
        server.call(&id(3)).unwrap()["metadata"],
        json!({ "campaign": "spring", "note": "n" })
    );
    // What is no row is told without what it says.
    fs::write(folder.path().join("odd.ndjson"), "{\"id\": \"Ada\"}\nnot JSON\n\n").unwrap();
    let (code, out, said) = tag("odd.ndjson");
    assert_eq!((code, out.trim()), (1, "0 calls tagged, 3 failed"));
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
    let odd = r#"{"data": [{"id": "1", "cost": 0.10000000000000000001, "new": { "a b" : 1.0 }}], "status": 200}"#;
    server.when_list_calls().raw(200, "application/json", odd);
    assert_eq!(export("odd.ndjson").0, 0);
    let written = fs::read_to_string(folder.path().join("odd.ndjson")).unwrap();
    assert_eq!(
        written,
        "{\"id\":\"1\",\"cost\":0.10000000000000000001,\"new\":{\"a b\":1.0}}\n"
    );
}
