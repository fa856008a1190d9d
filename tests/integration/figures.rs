//! The benchmarks use the dependencies that the workspace locks.

use std::{
    collections::{HashMap, HashSet},
    fs,
};

use callrounded_tests::workspace;

/// Returns the versions of each crate in a lock file.
fn locked(text: &str) -> HashMap<&str, HashSet<&str>> {
    let mut versions: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut package = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            package = name.trim_matches('"');
        } else if let Some(version) = line.strip_prefix("version = ").filter(|_| !package.is_empty()) {
            versions.entry(package).or_default().insert(version.trim_matches('"'));
        }
    }
    versions
}

#[test]
fn benches_lock_same_versions_as_workspace() {
    let read = |file| fs::read_to_string(workspace().join(file)).unwrap();
    let (ours, measured) = (read("Cargo.lock"), read("benches/Cargo.lock"));
    let ours = locked(&ours);
    for (package, versions) in locked(&measured) {
        if let Some(ours) = ours.get(package) {
            assert!(
                !ours.is_disjoint(&versions),
                "benches/Cargo.lock has {package} {versions:?}, Cargo.lock {ours:?}: run `cargo update --precise` in \
                 benches"
            );
        }
    }
}
