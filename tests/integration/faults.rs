//! Tests of every operation against every fault, over real connections and in virtual time: the kind of error, the
//! number of attempts and the time. `docs/faults.md` is generated from the same table.

use std::{fmt::Write as _, time::Duration};

use callrounded_tests::{
    faults::{Exception, Expected, check_all, table},
    operations::Operation,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operation_with_fault_has_expected_outcome() {
    let operations = Operation::all().len();
    assert!(
        operations >= 5,
        "expected at least 5 operations in the document, found {operations}"
    );
    assert!(check_all().await >= operations * 24);
}

#[test]
fn fault_page_matches_table() {
    let mut text = "# Faults\n\n\
         The outcome of each operation for each fault: the error kind, the number of attempts, and the time with the \
         maximum jitter. No time is given if there is no delay.\n\n\
         `tests/integration/faults.rs` generates this page. It runs each row against each operation of the document, over \
         real connections and in virtual time. To update the page, run \
         `UPDATE_EXPECT=1 cargo test --package callrounded-tests faults`.\n\n\
         The settings are the defaults: three attempts of at most 30 s each, 60 s in total. Only `max_body_size` and \
         `connect_timeout` are smaller.\n\n\
         An operation is idempotent if its HTTP method is, unless `x-idempotent` in `openapi/calls.yaml` states otherwise. \
         After an `OutcomeUnknown`, no retry follows. The documentation of `Client` shows how to find out whether \
         the operation was performed.\n".to_owned();
    let cell = |expected: Expected| {
        let outcome = expected
            .kind
            .map_or("succeeds".to_owned(), |kind| format!("`{kind:?}`"));
        let attempts = if expected.attempts == 1 {
            "1 attempt".to_owned()
        } else {
            format!("{} attempts", expected.attempts)
        };
        match Duration::from_millis(expected.milliseconds).as_secs_f64() {
            0.0 => format!("{outcome}, {attempts}"),
            seconds => format!("{outcome}, {attempts}, {seconds} s"),
        }
    };
    let mut group = "";
    for row in table() {
        if row.group != group {
            group = row.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| fault | idempotent operations | other operations |\n| --- | --- | --- |\n"
            );
        }
        let idempotent = match row.exception {
            Some((exception, expected)) => {
                let operations = match exception {
                    Exception::OptionalData => "with optional data",
                    Exception::NoDocumentedBody => "without a documented body",
                };
                format!("{}; {operations}: {}", cell(row.idempotent), cell(expected))
            }
            None => cell(row.idempotent),
        };
        let _ = writeln!(text, "| {} | {idempotent} | {} |", row.name, cell(row.non_idempotent));
    }
    expect_test::expect_file!["../../docs/faults.md"].assert_eq(&text);
}
