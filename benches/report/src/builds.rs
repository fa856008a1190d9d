//! Measures clean builds, compared with a hand-written client, and rebuilds after an edit of the document.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use callrounded_benches::Failure;
use serde_json::{Value, json};

use crate::process::{Times, cargo, median, output, run_timed};

/// The dependencies of the packages that are built, which have no code. All have TLS by rustls and the same features of
/// reqwest.
const SUBJECTS: [(&str, &str); 3] = [
    (
        "hand-written",
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
        "snapshot",
        r#"callrounded = { path = "CRATES/callrounded", default-features = false, features = ["gzip", "rustls"] }"#,
    ),
];

/// The packages that the profile of the workspace optimizes in dev builds.
const OPTIMIZED: [&str; 3] = ["prettyplease", "proc-macro2", "syn@3"];

const ROUNDS: usize = 3;

/// Measures clean builds of each package, and counts their dependencies.
pub fn measure(root: &Path) -> Result<Value, Failure> {
    let mut results = json!({});
    let directory = tempfile::tempdir()?;
    for (name, dependencies) in SUBJECTS {
        let package = create_package(root, directory.path(), name, dependencies)?;
        results[name]["crates to run"] = count_dependencies(&package, "normal,no-proc-macro")?.into();
        results[name]["crates to build"] = count_dependencies(&package, "normal,build")?.into();
    }
    for profile in ["dev", "release"] {
        let mut runs: Vec<Vec<Times>> = vec![Vec::new(); SUBJECTS.len()];
        // Each round builds all packages, so that other load of the machine affects all of them.
        for _ in 0..ROUNDS {
            for ((name, _), runs) in SUBJECTS.iter().zip(&mut runs) {
                runs.push(clean_build(&directory.path().join(name), profile)?);
            }
        }
        for ((name, _), runs) in SUBJECTS.iter().zip(&runs) {
            results[*name][profile] = json!({
                "wall": median(&mut runs.iter().map(|times| times.wall).collect::<Vec<_>>()),
                "cpu": median(&mut runs.iter().map(|times| times.cpu).collect::<Vec<_>>()),
            });
        }
    }
    Ok(results)
}

/// Creates an empty package with these dependencies.
fn create_package(root: &Path, directory: &Path, name: &str, dependencies: &str) -> Result<PathBuf, Failure> {
    let package = directory.join(name);
    fs::create_dir_all(package.join("src"))?;
    let crates = root.join("crates");
    let crates = crates.to_str().ok_or("the path of the workspace is not UTF-8")?;
    let manifest = format!(
        "[package]\nname = \"subject\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n",
        dependencies.replace("CRATES", crates)
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/lib.rs"), "")?;
    // All benchmarks use the same versions.
    fs::copy(root.join("benches/Cargo.lock"), package.join("Cargo.lock"))?;
    output(cargo().args(["fetch", "--quiet"]).current_dir(&package))?;
    Ok(package)
}

/// Counts the packages in the dependency tree.
fn count_dependencies(package: &Path, edges: &str) -> Result<usize, Failure> {
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
    // Without the package itself.
    Ok(names.len() - 1)
}

/// Builds a package with an empty target directory.
fn clean_build(package: &Path, profile: &str) -> Result<Times, Failure> {
    let target = tempfile::tempdir()?;
    run_timed(
        cargo()
            .args(["build", "--quiet", "--offline", "--profile", profile, "--target-dir"])
            .arg(target.path())
            .env("CARGO_INCREMENTAL", if profile == "dev" { "1" } else { "0" })
            .current_dir(package),
    )
}

/// Measures rebuilds in a copy of the workspace, in seconds: after an edit of the document, and of a hand-written file.
pub fn edits(root: &Path) -> Result<Value, Failure> {
    let directory = tempfile::tempdir()?;
    let files = output(Command::new("git").args(["ls-files", "-z"]).current_dir(root))?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (root.join(file), directory.path().join(file));
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
            .current_dir(directory.path());
        run_timed(&mut build)
    };
    let mut results = json!({});
    // The profile of this workspace optimizes some packages. Profiles do not apply to workspaces that depend on this
    // one, so both cases are measured.
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
        results[name] = json!({
            "from nothing, CPU": build(settings, target)?.cpu,
            "generation": generation(directory.path(), target)?,
        });
    }
    let (mut document, mut hand_written) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        edit(
            &directory.path().join("openapi/calls.yaml"),
            "Lists the calls",
            &format!("Lists the calls, in round {round},"),
        )?;
        document.push(build(&[], "target/here")?.wall);
        edit(
            &directory.path().join("crates/callrounded-api/src/lib.rs"),
            "//! ",
            &format!("//! In round {round}: "),
        )?;
        hand_written.push(build(&[], "target/here")?.wall);
    }
    results["document"] = median(&mut document).into();
    results["hand-written"] = median(&mut hand_written).into();
    Ok(results)
}

/// Replaces the first occurrence of a text in a file.
fn edit(file: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(file)?;
    if !text.contains(from) {
        return Err(format!(
            "{}: expected the text `{from}`, which this benchmark edits",
            file.display()
        )
        .into());
    }
    Ok(fs::write(file, text.replacen(from, to, 1))?)
}

/// Returns the time in seconds of the build script of callrounded-api that was built in this target directory.
fn generation(workspace: &Path, target: &str) -> Result<f64, Failure> {
    let out = tempfile::tempdir()?;
    let script = fs::read_dir(workspace.join(target).join("debug/build"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|directory| {
            directory
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("callrounded-api-"))
        })
        .map(|directory| directory.join("build-script-build"))
        .find(|script| script.is_file())
        .ok_or("the build script of callrounded-api was not found")?;
    let mut seconds = Vec::new();
    for _ in 0..31 {
        let times = run_timed(
            Command::new(&script)
                .current_dir(workspace.join("crates/callrounded-api"))
                .env("OUT_DIR", out.path()),
        )?;
        seconds.push(times.wall);
    }
    Ok(median(&mut seconds))
}
