//! docs/dependencies.md lists what a client with default features depends on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use callrounded_tests::workspace;
use expect_test::expect_file;
use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;

use crate::packages::output_of;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Returns the names and versions of the packages that the client depends on, along these edges.
fn tree(edges: &str) -> BTreeSet<(String, String)> {
    let arguments = [
        "tree",
        "--locked",
        "--package",
        "callrounded",
        "--target",
        TARGET,
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--edges",
        edges,
    ];
    let printed = output_of(&arguments);
    let packages = printed.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    });
    packages.filter(|(name, _)| !name.starts_with("callrounded")).collect()
}

/// Counts the keyword `unsafe` in the source of a library, outside of comments and strings.
fn unsafe_uses(directory: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        let is_test = path
            .file_stem()
            .is_some_and(|name| name == "tests" || name == "test" || name == "benches");
        if is_test {
            continue;
        }
        if path.is_dir() {
            count += unsafe_uses(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            count += source.parse().map_or(0, in_tokens);
        }
    }
    count
}

fn in_tokens(tokens: TokenStream) -> usize {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) => usize::from(ident == "unsafe"),
            TokenTree::Group(group) => in_tokens(group.stream()),
            _ => 0,
        })
        .sum()
}

/// Returns who maintains a package: the owner of its repository, or else its authors.
fn maintainer(package: &Value) -> String {
    let repository = package["repository"].as_str().unwrap_or_default();
    let mut parts = repository.trim_start_matches("https://").split('/');
    match (parts.next(), parts.next()) {
        (Some(host), Some(owner)) => format!("[{owner}](https://{host}/{owner})"),
        _ => {
            let authors = package["authors"].as_array().unwrap().iter().filter_map(Value::as_str);
            let names = authors.map(|author| author.split(" <").next().unwrap_or_default());
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

fn table(packages: &BTreeSet<(String, String)>, metadata: &BTreeMap<(String, String), Value>) -> String {
    let mut text =
        "| crate | maintained by | licence | `unsafe` | links |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for key in packages {
        let package = &metadata[key];
        let directory = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let count = unsafe_uses(&directory.join("src"));
        let count = if count == 0 { String::new() } else { count.to_string() };
        let links = package["links"]
            .as_str()
            .map(|links| format!("`{links}`"))
            .unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        text.push_str(&format!(
            "| `{}` | {} | {licence} | {count} | {links} |\n",
            key.0,
            maintainer(package)
        ));
    }
    text
}

#[test]
fn page_lists_dependencies() {
    let metadata: Value = serde_json::from_str(&output_of(&[
        "metadata",
        "--locked",
        "--filter-platform",
        TARGET,
        "--format-version",
        "1",
    ]))
    .unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let text = |field: &str| package[field].as_str().unwrap().to_owned();
        ((text("name"), text("version")), package.clone())
    });
    let metadata: BTreeMap<_, _> = packages.collect();
    let runtime = tree("normal,no-proc-macro");
    let build: BTreeSet<_> = tree("normal,build").difference(&runtime).cloned().collect();
    let page = format!(
        "# Dependencies\n\n\
         What `callrounded` with its default features depends on, for {TARGET}. `tests/workspace/dependencies.rs` writes this page; to update \
         it, run `UPDATE_EXPECT=1 cargo test --package callrounded-tests --test workspace dependencies`.\n\n\
         - *Maintained by* is the owner of the repository that the package names.\n\
         - `unsafe` counts this keyword in the source of the library, for all platforms and features, without its tests.\n\
         - *Links* names native code. `aws_lc` is the cryptography of TLS, in C and assembly; without the feature `rustls` \
         it is not needed.\n\n\
         The crates of this workspace forbid `unsafe`. [`deny.toml`](../deny.toml) permits licences and sources, and \
         `.ci/run dependencies` checks the crates against it and against the RustSec advisory database.\n\n\
         ## Part of the program: {} crates\n\n{}\n\
         ## Only used by the build: {} crates\n\n\
         Without the feature `generate`, most of these are not needed.\n\n{}",
        runtime.len(),
        table(&runtime, &metadata),
        build.len(),
        table(&build, &metadata),
    );
    expect_file![workspace().join("docs/dependencies.md")].assert_eq(&page);
}
