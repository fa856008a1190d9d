//! What it costs to build: from nothing beside the same by hand, and again after an edit of the document.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::Failure;
use serde_json::{Value, json};

use crate::work::{Took, cargo, median, output, took};

/// What is built: a package that depends on this, and nothing else. All have TLS by rustls, and the same features of reqwest.
const SUBJECTS: [(&str, &str); 3] = [
    (
        "by hand",
        r#"
reqwest = { version = "0.13.4", default-features = false, features = ["gzip", "json", "query", "rustls", "stream"] }
chrono = { version = "0.4.44", default-features = false, features = ["serde", "std"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["rt", "time"] }
"#,
    ),
    ("generated", r#"callrounded = { path = "CRATES/callrounded" }"#),
    (
        "reviewed copy",
        r#"callrounded = { path = "CRATES/callrounded", default-features = false, features = ["gzip", "rustls"] }"#,
    ),
];

/// What the profile of the workspace optimizes in dev builds.
const OPTIMIZED: [&str; 3] = ["prettyplease", "proc-macro2", "syn@3"];

const ROUNDS: usize = 3;

pub fn measure(root: &Path) -> Result<Value, Failure> {
    let mut found = json!({});
    let folder = tempfile::tempdir()?;
    for (name, dependencies) in SUBJECTS {
        let package = package(root, folder.path(), name, dependencies)?;
        found[name]["crates to run"] = crates(&package, "normal,no-proc-macro")?.into();
        found[name]["crates to build"] = crates(&package, "normal,build")?.into();
    }
    for profile in ["dev", "release"] {
        let mut all: Vec<Vec<Took>> = vec![Vec::new(); SUBJECTS.len()];
        // In turns, so that what else the machine does falls on all of them.
        for _ in 0..ROUNDS {
            for ((name, _), all) in SUBJECTS.iter().zip(&mut all) {
                all.push(from_nothing(&folder.path().join(name), profile)?);
            }
        }
        for ((name, _), all) in SUBJECTS.iter().zip(&all) {
            found[*name][profile] = json!({
                "wall": median(&mut all.iter().map(|took| took.wall).collect::<Vec<_>>()),
                "cpu": median(&mut all.iter().map(|took| took.cpu).collect::<Vec<_>>()),
            });
        }
    }
    Ok(found)
}

fn package(root: &Path, folder: &Path, name: &str, dependencies: &str) -> Result<PathBuf, Failure> {
    let package = folder.join(name);
    fs::create_dir_all(package.join("src"))?;
    let crates = root.join("crates");
    let crates = crates.to_str().ok_or("the path of the workspace is no text")?;
    let manifest = format!(
        "[package]\nname = \"subject\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n",
        dependencies.replace("CRATES", crates)
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/lib.rs"), "")?;
    // The versions that everything here is measured with.
    fs::copy(root.join("benches/Cargo.lock"), package.join("Cargo.lock"))?;
    output(cargo().args(["fetch", "--quiet"]).current_dir(&package))?;
    Ok(package)
}

fn crates(package: &Path, edges: &str) -> Result<usize, Failure> {
    let tree = output(
        cargo()
            .args(["tree", "--edges", edges, "--prefix", "none", "--format", "{p}"])
            .current_dir(package),
    )?;
    let mut names: Vec<&str> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    // But for the package itself.
    Ok(names.len() - 1)
}

fn from_nothing(package: &Path, profile: &str) -> Result<Took, Failure> {
    let target = tempfile::tempdir()?;
    took(
        cargo()
            .args(["build", "--quiet", "--offline", "--profile", profile, "--target-dir"])
            .arg(target.path())
            .env("CARGO_INCREMENTAL", if profile == "dev" { "1" } else { "0" })
            .current_dir(package),
    )
}

/// In a copy of the workspace that is built: seconds after an edit of the document, and of a file of ours.
pub fn edits(root: &Path) -> Result<Value, Failure> {
    let folder = tempfile::tempdir()?;
    let files = output(Command::new("git").args(["ls-files", "-z"]).current_dir(root))?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (root.join(file), folder.path().join(file));
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        if from.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    let build = |settings: &[String], target: &str| {
        let mut build = cargo();
        build
            .args([
                "build",
                "--quiet",
                "--offline",
                "--locked",
                "--package",
                "callrounded",
                "--target-dir",
            ])
            .arg(target)
            .args(settings)
            .current_dir(folder.path());
        took(&mut build)
    };
    let mut found = json!({});
    // As the workspace builds it, and as one does that depends on it: what its profile has of packages holds in it alone.
    let elsewhere: Vec<String> = OPTIMIZED
        .iter()
        .flat_map(|package| {
            [
                "--config".to_owned(),
                format!("profile.dev.package.'{package}'.opt-level=0"),
            ]
        })
        .collect();
    for (name, settings, target) in [
        ("elsewhere", &elsewhere[..], "target/elsewhere"),
        ("here", &[], "target/here"),
    ] {
        found[name] = json!({
            "from nothing, CPU": build(settings, target)?.cpu,
            "generation": generation(folder.path(), target)?,
        });
    }
    let (mut document, mut by_hand) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        edit(
            &folder.path().join("openapi/calls.yaml"),
            "Walks the calls",
            &format!("Walks the calls, in round {round},"),
        )?;
        document.push(build(&[], "target/here")?.wall);
        edit(
            &folder.path().join("crates/callrounded-api/src/lib.rs"),
            "//! ",
            &format!("//! In round {round}: "),
        )?;
        by_hand.push(build(&[], "target/here")?.wall);
    }
    found["document"] = median(&mut document).into();
    found["by hand"] = median(&mut by_hand).into();
    Ok(found)
}

fn edit(file: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(file)?;
    if !text.contains(from) {
        return Err(format!("{} has no `{from}` to edit", file.display()).into());
    }
    Ok(fs::write(file, text.replacen(from, to, 1))?)
}

/// Seconds of the build script of callrounded-api, as it is built there.
fn generation(workspace: &Path, target: &str) -> Result<f64, Failure> {
    let out = tempfile::tempdir()?;
    let script = fs::read_dir(workspace.join(target).join("debug/build"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| {
            folder
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("callrounded-api-"))
        })
        .map(|folder| folder.join("build-script-build"))
        .find(|script| script.is_file())
        .ok_or("there is no build script of callrounded-api")?;
    let mut seconds = Vec::new();
    for _ in 0..31 {
        let run = took(
            Command::new(&script)
                .current_dir(workspace.join("crates/callrounded-api"))
                .env("OUT_DIR", out.path()),
        )?;
        seconds.push(run.wall);
    }
    Ok(median(&mut seconds))
}
