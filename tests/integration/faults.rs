//! Every operation against every fault, over real connections and in virtual time: which error it is, how often it was sent,
//! and how long it took at most. `docs/faults.md` is written from the same table.

use std::{fmt::Write as _, time::Duration};

use callrounded_tests::{
    faults::{Exception, Expected, meet_all, table},
    operations::Operation,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_meets_every_fault() {
    let operations = Operation::all().len();
    assert!(operations >= 5, "only {operations} operations");
    assert!(meet_all().await >= operations * 24);
}

#[test]
fn the_table_is_written_down() {
    let mut text = "# What happens on every fault\n\n\
         Written by `tests/integration/faults.rs`, which runs each row against each operation of the document over real \
         connections, in virtual time. `UPDATE_EXPECT=1 cargo test --package callrounded-tests faults` rewrites it. The settings are \
         the defaults: three attempts of at most 30 s, 60 s in total; only the limit of the body and the connect timeout are \
         smaller. The times are the longest that jitter allows.\n\n\
         An operation is idempotent if `x-idempotent` of `openapi/calls.yaml` says so, or by default its HTTP method. With \
         `OutcomeUnknown` nothing was sent for a second time; the documentation of `Client` shows how to find out what \
         happened.\n".to_owned();
    let cell = |expected: Expected| {
        let outcome = expected
            .kind
            .map_or("succeeds".to_owned(), |kind| format!("`{kind:?}`"));
        let times = if expected.sends == 1 {
            "sent once".to_owned()
        } else {
            format!("{} attempts", expected.sends)
        };
        match Duration::from_millis(expected.milliseconds).as_secs_f64() {
            0.0 => format!("{outcome}, {times}"),
            seconds => format!("{outcome}, {times}, {seconds} s"),
        }
    };
    let mut group = "";
    for row in table() {
        if row.group != group {
            group = row.group;
            let _ = write!(
                text,
                "\n## {group}\n\n| fault | idempotent operations | others |\n| --- | --- | --- |\n"
            );
        }
        let idempotent = match row.except {
            Some((exception, expected)) => {
                let which = match exception {
                    Exception::NeedsNoData => "whose data is optional",
                    Exception::HasNoBody => "without a documented body",
                };
                format!("{}; {which}: {}", cell(row.idempotent), cell(expected))
            }
            None => cell(row.idempotent),
        };
        let _ = writeln!(text, "| {} | {idempotent} | {} |", row.name, cell(row.once));
    }
    expect_test::expect_file!["../../docs/faults.md"].assert_eq(&text);
}
