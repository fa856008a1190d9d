//! Published packages contain what they need and nothing else.

use callrounded_tests::workspace;
use serde_json::Value;

use crate::{cargo, text};

pub fn output_of(arguments: &[&str]) -> String {
    let output = cargo().args(arguments).current_dir(workspace()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns cargo's metadata of the crates that can be published.
fn published() -> Vec<Value> {
    let metadata: Value =
        serde_json::from_str(&output_of(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter(|package| package["publish"].is_null())
        .cloned()
        .collect()
}

#[test]
fn packages_contain_no_other_files() {
    let expected = |file: &str| {
        let directories = [
            ("src/", ".rs"),
            ("examples/", ".rs"),
            ("openapi/examples/", ".json"),
            // Files that the mock server serves.
            ("src/control", ".yaml"),
            ("src/control/", ".html"),
        ];
        let in_directory = directories
            .iter()
            .any(|(directory, extension)| file.starts_with(directory) && file.ends_with(extension));
        let known = [
            ".cargo_vcs_info.json",
            "Cargo.lock",
            "Cargo.toml",
            "Cargo.toml.orig",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "build.rs",
            "openapi/calls.yaml",
            "snapshots/client.rs",
        ];
        in_directory || known.contains(&file)
    };
    let published = published();
    assert!(published.len() >= 6);
    for package in &published {
        let name = package["name"].as_str().unwrap();
        let list = output_of(&["package", "--list", "--allow-dirty", "--package", name]);
        let surplus: Vec<&str> = list
            .lines()
            .filter(|file| !expected(&file.replace('\\', "/")))
            .collect();
        assert!(surplus.is_empty(), "{name}: {surplus:?}");
        let has = |needed: &str| list.lines().any(|file| file == needed);
        for needed in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            assert!(has(needed), "{name} lacks {needed}");
        }
        assert!(has("src/lib.rs") || has("src/main.rs"), "{name}");
        assert!(list.lines().count() < 80, "{name}: {} files", list.lines().count());
    }
}

#[test]
fn manifests_have_the_fields_of_a_registry() {
    for package in published() {
        let name = &package["name"];
        for field in ["description", "license", "rust_version", "readme"] {
            assert!(package[field].is_string(), "{name}: {field}");
        }
        for field in ["keywords", "categories"] {
            assert!(
                package[field]
                    .as_array()
                    .is_some_and(|list| !list.is_empty() && list.len() <= 5),
                "{name}: {field}"
            );
        }
    }
}

/// It follows Keep a Changelog.
#[test]
fn changelog_follows_its_conventions() {
    let changelog = std::fs::read_to_string(workspace().join("CHANGELOG.md")).unwrap();
    assert!(changelog.starts_with("# Changelog\n"));
    let versions: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## [")).collect();
    assert_eq!(versions.first(), Some(&"Unreleased]"));
    // Every entry belongs to one of the six kinds of changes.
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for kind in changelog.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(kinds.contains(&kind), "{kind}");
    }
}
