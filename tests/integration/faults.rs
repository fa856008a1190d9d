//! Every operation against every fault, over real connections and in virtual time: which error it is, how often it was sent,
//! and how long it took at most. `docs/faults.md` is written from the same table.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use callrounded::Error;
use callrounded_mock::MockServer;
use callrounded_tests::{
    faults::{Expected, Fault, Input, Operation, Place, Row, table},
    virtual_clock::VirtualClock,
};
use tokio::{sync::Semaphore, task::JoinSet};

/// One cell of the matrix; what is wrong with it.
async fn check(row: Arc<Row>, operation: Operation, elsewhere: String) -> Result<(), String> {
    let clock = VirtualClock::passing_over_waits();
    let stalled = clock.clone();
    let fault = (row.fault)(&operation);
    let (served, status) = (matches!(fault, Fault::Does(_) | Fault::DoesLater(_)), fault.status());
    let mut place = Place::of(fault, &elsewhere, move || stalled.expire_one());
    let settings = std::mem::take(&mut place.client);
    let client = settings.api_key("key").clock(clock.clone()).build().unwrap();
    let prepared = place.prepare(&operation, &client).await;
    prepared.map_err(|error| format!("the first request: {error}"))?;
    let (begin, before) = (clock.passed(), place.received());
    let outcome = operation.run(&client, &Input::default()).await;
    let (passed, received) = (clock.passed() - begin, place.received() - before);

    let expected = row.expected(&operation);
    let kind = outcome.as_ref().err().map(Error::kind);
    if kind != expected.kind {
        return Err(format!("{kind:?}, not {:?}: {outcome:?}", expected.kind));
    }
    let waits = u32::try_from(clock.waits().len()).unwrap();
    let sends = outcome.as_ref().err().map_or(waits + 1, Error::attempts);
    if sends != expected.sends || waits + 1 != sends {
        return Err(format!(
            "sent {sends} times after {waits} waits, not {}",
            expected.sends
        ));
    }
    // Counted where they arrive: what a lower layer sends again would show here.
    if received != if served { sends as usize } else { 0 } {
        return Err(format!("{received} requests arrived of {sends}"));
    }
    if !operation.idempotent && received > 1 {
        return Err(format!("the service may have done it {received} times"));
    }
    if passed != Duration::from_millis(expected.milliseconds) {
        return Err(format!("took {passed:?}, not {} ms", expected.milliseconds));
    }
    let Err(error) = outcome else { return Ok(()) };
    let seen = error.status().map(|status| status.as_u16());
    if status.is_some() && (seen, error.headers().is_some(), error.excerpt().is_some()) != (status, true, true) {
        return Err(format!("an answer was seen and is not on the error: {error:?}"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_meets_every_fault() {
    let elsewhere = MockServer::start().unwrap();
    let places = Arc::new(Semaphore::new(32));
    let mut cells = JoinSet::new();
    let mut count = 0;
    for row in table() {
        let row = Arc::new(row);
        for operation in Operation::all() {
            let (row, elsewhere, places) = (Arc::clone(&row), elsewhere.url(), Arc::clone(&places));
            count += 1;
            cells.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let cell = format!("{} × {}", operation.id, row.name);
                check(row, operation, elsewhere)
                    .await
                    .map_err(|problem| format!("{cell}: {problem}"))
            });
        }
    }
    assert!(count >= 5 * 24, "only {count} cells");
    let outcomes = cells.join_all().await;
    let problems: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(elsewhere.requests().is_empty(), "nothing follows a redirect");
}

#[test]
fn the_table_is_written_down() {
    let names = |idempotent| {
        let operations = Operation::all().into_iter();
        let names = operations.filter(|operation| operation.idempotent == idempotent);
        names
            .map(|operation| format!("`{}`", operation.id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = format!(
        "# What comes of every fault\n\n\
         Written by `tests/integration/faults.rs`, which runs each row against each operation over real connections, in \
         virtual time; `UPDATE_EXPECT=1 cargo test --package callrounded-tests faults` writes it anew. With the default \
         settings: three attempts, 30 s for each, 60 s for all; only the cap on \
         the body is smaller there, and the connect timeout. The times are the longest that jitter allows.\n\n\
         *May be done twice*: {}. *May not*: {}. Which is which is `x-idempotent` of `openapi/calls.yaml`. Where the outcome is \
         `OutcomeUnknown`, nothing was sent a second time, and the documentation of `StartCall` shows how to find out.\n",
        names(true),
        names(false)
    );
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
                "\n## {group}\n\n| what happens | may be done twice | may not |\n| --- | --- | --- |\n"
            );
        }
        let idempotent = match row.except {
            Some((id, expected)) => format!("{}; `{id}` {}", cell(row.idempotent), cell(expected)),
            None => cell(row.idempotent),
        };
        let _ = writeln!(text, "| {} | {idempotent} | {} |", row.name, cell(row.once));
    }
    expect_test::expect_file!["../../docs/faults.md"].assert_eq(&text);
}
