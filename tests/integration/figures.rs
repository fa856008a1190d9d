//! The figures of the README that `cargo xtask bench` reproduces are those that it wrote, of the crates that are used.

use std::{
    collections::{HashMap, HashSet},
    fs,
};

use callrounded_tests::workspace;

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
}

#[test]
fn of_the_readme_are_those_of_the_measurement() {
    let read = |file| fs::read_to_string(workspace().join(file)).unwrap();
    let (readme, measured) = (read("README.md"), read("docs/performance.md"));
    let said: Vec<_> = rows(&readme)
        .filter(|row| row.last() == Some(&"`cargo xtask bench`"))
        .collect();
    assert!(said.len() > 5, "the README has {} figures of it", said.len());
    for row in said {
        let stands = rows(&measured).any(|found| found[..2] == row[..2]);
        assert!(stands, "docs/performance.md has no row {row:?}");
    }
}

/// The versions of each crate in a lock file.
fn locked(text: &str) -> HashMap<&str, HashSet<&str>> {
    let mut found: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut package = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            package = name.trim_matches('"');
        } else if let Some(version) = line.strip_prefix("version = ").filter(|_| !package.is_empty()) {
            found.entry(package).or_default().insert(version.trim_matches('"'));
        }
    }
    found
}

#[test]
fn are_of_the_crates_that_the_workspace_locks() {
    let read = |file| fs::read_to_string(workspace().join(file)).unwrap();
    let (ours, measured) = (read("Cargo.lock"), read("benches/Cargo.lock"));
    let ours = locked(&ours);
    for (package, versions) in locked(&measured) {
        if let Some(ours) = ours.get(package) {
            assert!(
                !ours.is_disjoint(&versions),
                "benches/Cargo.lock has {package} {versions:?}, Cargo.lock {ours:?}: `cargo update --precise` in benches"
            );
        }
    }
}
