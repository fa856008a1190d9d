//! The checked-in snapshot equals the generated source that is compiled.
#![allow(missing_docs)]

#[test]
fn snapshot_equals_compiled_source() {
    let compiled = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
    let snapshot = include_str!("../snapshots/client.rs");
    let first = compiled
        .lines()
        .zip(snapshot.lines())
        .position(|(compiled, snapshot)| compiled != snapshot);
    assert!(
        compiled == snapshot,
        "snapshots/client.rs is out of date from line {}; run `cargo xtask regenerate`, review the diff and commit it",
        first.unwrap_or_else(|| compiled.lines().count().min(snapshot.lines().count())) + 1
    );
}
