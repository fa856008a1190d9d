//! The reviewed copy of the generated source is what was compiled.
#![allow(missing_docs)]

#[test]
fn the_snapshot_is_what_was_compiled() {
    let compiled = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
    let reviewed = include_str!("../snapshots/client.rs");
    let first = compiled
        .lines()
        .zip(reviewed.lines())
        .position(|(compiled, reviewed)| compiled != reviewed);
    assert!(
        compiled == reviewed,
        "snapshots/client.rs is stale from line {} on; run `cargo xtask regenerate`, review the diff and commit it",
        first.unwrap_or_else(|| compiled.lines().count().min(reviewed.lines().count())) + 1
    );
}
