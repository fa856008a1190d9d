//! Allocations and bytes of one update, and of a page, by an allocator that counts.

use std::{collections::BTreeMap, path::Path};

use callrounded_benches::{Failure, clients::CLIENTS};
use serde_json::{Value, json};

use crate::work::{Server, output, own};

pub fn measure(_: &Path) -> Result<Value, Failure> {
    let mut found = serde_json::Map::new();
    for (name, (allocations, bytes)) in count()? {
        found.insert(name, json!({ "allocations": allocations, "bytes": bytes }));
    }
    Ok(Value::from(found))
}

/// Allocations and bytes, by name such as `update callrounded`.
pub fn count() -> Result<BTreeMap<String, (u64, u64)>, Failure> {
    let server = Server::of(1)?;
    let mut found = BTreeMap::new();
    for name in CLIENTS {
        let of = |count: &str| counted(&[name, "update", count, &server.url]);
        found.insert(format!("update {name}"), between(of("200")?, of("1200")?, 1_000));
    }
    for (what, name) in [("strict", "reqwest"), ("liberal", "callrounded")] {
        let of = |count: &str| counted(&[name, "decode", count]);
        found.insert(format!("decode_page {what}"), between(of("1")?, of("2")?, 1));
    }
    Ok(found)
}

/// What one of `each` took more: start and end are in both.
fn between(few: [u64; 2], many: [u64; 2], each: u64) -> (u64, u64) {
    let [blocks, bytes] = [0, 1].map(|at| (many[at].saturating_sub(few[at]) + each / 2) / each);
    (blocks, bytes)
}

fn counted(arguments: &[&str]) -> Result<[u64; 2], Failure> {
    let said = output(own("allocations")?.args(arguments))?;
    let mut numbers = said.split_whitespace().map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(blocks)), Some(Ok(bytes))) => Ok([blocks, bytes]),
        _ => Err("the counting allocator gave no figures".into()),
    }
}
