//! Runs every command of the README and the documentation, and compares its output with the text. `cargo install` compiles for
//! minutes, so only `.ci/steps/packages` runs it.
//!
//! In a `console` block, lines that start with `$ ` are commands, and the lines below are their output. `…` stands for any text, or
//! on a line of its own for any lines. A command without output has to succeed. `UPDATE_EXPECT=1` writes the output into the page.

use std::{
    collections::HashMap,
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use callrounded_mock::MockServer;
use callrounded_test_support::skip;
use callrounded_tests::workspace;
use tempfile::TempDir;

use crate::{
    copy::{CHANGED, Copy},
    prepare,
};

/// The command that runs these tests.
const THIS: &str = "cargo test --workspace";

/// The ports in the pages, which free ones replace.
const PORTS: [&str; 3] = ["4010", "4011", "4012"];

/// Comes before a block whose commands are not run, followed by the reason.
const NOT_RUN: &str = "<!-- not run: ";

/// A command with its documented output and the lines of that output.
struct Documented {
    command: String,
    output: Vec<String>,
    lines: std::ops::Range<usize>,
}

/// Returns the commands of a page in order, without those of a block after `<!-- not run: why -->`.
fn commands(text: &str) -> Vec<Documented> {
    let mut found: Vec<Documented> = Vec::new();
    let (mut inside, mut skipped) = (false, false);
    for (number, line) in text.lines().enumerate() {
        match line {
            "```console" => inside = !skipped,
            "```" => (inside, skipped) = (false, false),
            _ if line.starts_with(NOT_RUN) => skipped = true,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push(Documented {
                    command: command.to_owned(),
                    output: Vec::new(),
                    lines: number + 1..number + 1,
                }),
                (None, Some(last)) if last.lines.end == number => {
                    last.output.push(line.to_owned());
                    last.lines.end += 1;
                }
                _ => assert_eq!(line, THIS, "line {}: no command", number + 1),
            },
        }
    }
    found
}

/// Whether the output is the documented one.
fn matches(documented: &[String], printed: &[String]) -> bool {
    match (documented, printed) {
        ([], []) => true,
        ([all, rest @ ..], _) if all == "…" => (0..=printed.len()).any(|skip| matches(rest, &printed[skip..])),
        ([line, rest @ ..], [printed, others @ ..]) => line_matches(line, printed) && matches(rest, others),
        _ => false,
    }
}

fn line_matches(documented: &str, printed: &str) -> bool {
    let mut parts = documented.split('…');
    let Some(mut rest) = printed.strip_prefix(parts.next().unwrap()) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Runs the commands of a page: those of cargo in the workspace, `cargo xtask` and git in a repository, all others in a directory.
struct Shell {
    directory: PathBuf,
    repository: Option<PathBuf>,
    environment: HashMap<String, String>,
    ports: Vec<(String, String)>,
    servers: Vec<Child>,
}

/// The build directory of the programs.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs")
}

/// Replaces a port. A phone number may contain its digits, so it is replaced only where a port is expected.
fn with_port(text: &str, from: &str, to: &str) -> String {
    ["127.0.0.1:", "--port "]
        .into_iter()
        .fold(text.to_owned(), |text, before| {
            text.replace(&format!("{before}{from}"), &format!("{before}{to}"))
        })
}

impl Shell {
    fn new(directory: &Path, repository: Option<&Path>, server: &MockServer) -> Self {
        // All are open at the same time, so that no two ports are equal.
        let listeners = PORTS.map(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let free = listeners.iter().map(|it| it.local_addr().unwrap().port().to_string());
        let mut environment = HashMap::new();
        for (name, value) in [
            ("CALLROUNDED_API_KEY", server.api_key().to_owned()),
            ("CALLROUNDED_BASE_URL", server.url()),
            ("CARGO_TERM_QUIET", "true".to_owned()),
            (
                "PATH",
                format!("{}:{}", programs().join("debug").display(), env::var("PATH").unwrap()),
            ),
        ] {
            environment.insert(name.to_owned(), value);
        }
        Self {
            directory: directory.to_owned(),
            repository: repository.map(Path::to_owned),
            environment,
            ports: PORTS.map(str::to_owned).into_iter().zip(free).collect(),
            servers: Vec::new(),
        }
    }

    fn command(&self, line: &str) -> Command {
        let mut line = line.to_owned();
        let in_repository = line.starts_with("sed ")
            || line.starts_with("cargo xtask")
            || line.starts_with("git ")
            || line.starts_with("cargo update");
        let is_cargo = line.starts_with("cargo ") || line.contains("… cargo ");
        for (documented, free) in &self.ports {
            line = with_port(&line, documented, free);
        }
        line = line.replace("CALLROUNDED_API_KEY=…", "CALLROUNDED_API_KEY=mock-key");
        if let Some(arguments) = line.strip_prefix("cargo install ") {
            // `cargo test` has compiled most of these. `.ci/steps/packages` runs the commands unchanged.
            let package = arguments.strip_prefix("--path ").unwrap().split(' ').next().unwrap();
            assert!(
                workspace().join(package).join("src/main.rs").exists(),
                "{package} has no program"
            );
            line = format!("cargo build --bins --target-dir '{}'", programs().display());
        }
        let mut command = Command::new("bash");
        prepare(&mut command)
            .arg("-c")
            .arg(format!("set -o pipefail; exec 2>&1; {line}"))
            .envs(&self.environment);
        if in_repository {
            let repository = self
                .repository
                .as_ref()
                .unwrap_or_else(|| panic!("`{line}` needs a repository"));
            command
                .current_dir(repository)
                .env("CARGO_TARGET_DIR", repository.join("target"))
                .env("CARGO_INCREMENTAL", "0");
        } else if is_cargo {
            command.current_dir(workspace());
        } else {
            command.current_dir(&self.directory);
        }
        command
    }

    /// Runs a command and returns its output. A server runs until the shell is dropped.
    fn run(&mut self, documented: &Documented) -> Vec<String> {
        let line = &documented.command;
        if let Some(exported) = line.strip_prefix("export ") {
            for pair in exported.split(' ') {
                let (name, mut value) = pair
                    .split_once('=')
                    .map(|(name, value)| (name, value.to_owned()))
                    .unwrap();
                for (documented, free) in &self.ports {
                    value = with_port(&value, documented, free);
                }
                self.environment.insert(name.to_owned(), value);
            }
            return Vec::new();
        }
        let mut printed = Vec::new();
        let serves = line.contains("callrounded-mock ") && !line.starts_with("cargo install");
        if serves {
            let mut command = self.command(line);
            let mut child = command.process_group(0).stdout(Stdio::piped()).spawn().unwrap();
            let out = BufReader::new(child.stdout.take().unwrap());
            self.servers.push(child);
            printed.extend(out.lines().take(documented.output.len()).map(Result::unwrap));
        } else {
            let output = self.command(line).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            printed.extend(text.lines().map(str::to_owned));
            // The tools report findings on purpose.
            let is_tool = line.starts_with("cargo xtask ") || line.contains("callrounded-doc ");
            let may_find = is_tool && !documented.output.is_empty();
            assert!(
                output.status.success() || may_find && output.status.code() == Some(1),
                "`{line}` ended with {}:\n{text}",
                output.status
            );
        }
        for line in &mut printed {
            for (documented, free) in &self.ports {
                *line = with_port(line, free, documented);
            }
        }
        printed
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for server in &mut self.servers {
            // cargo and its children.
            let group = format!("-{}", server.id());
            let _ = Command::new("kill").args(["--", &group]).status();
            let _ = server.wait();
        }
    }
}

/// Runs all commands of a page, and compares the output or updates the page.
fn check(name: &str, mut shell: Shell) {
    let path = workspace().join(name);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mut differences, mut shift) = (Vec::new(), 0_isize);
    let commands = commands(&text);
    assert!(!commands.is_empty(), "{name} has no command");
    for why in text.lines().filter_map(|line| line.strip_prefix(NOT_RUN)) {
        skip(format!("commands of {name}: {}", why.trim_end_matches(" -->")));
    }
    for documented in commands.iter().filter(|it| it.command != THIS) {
        let printed = shell.run(documented);
        if documented.output.is_empty() || matches(&documented.output, &printed) {
            continue;
        }
        let at = |line: usize| usize::try_from(line as isize + shift).unwrap();
        let range = at(documented.lines.start)..at(documented.lines.end);
        shift += printed.len() as isize - documented.output.len() as isize;
        lines.splice(range, printed.clone());
        differences.push(format!("`{}` prints:\n{}", documented.command, printed.join("\n")));
    }
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    } else {
        assert!(
            differences.is_empty(),
            "{name}\n{}\nUPDATE_EXPECT=1 updates the page",
            differences.join("\n\n")
        );
    }
}

/// Starts a mock server and writes the files that the commands read.
fn prepared(directory: &Path) -> MockServer {
    let rows = r#"{"id": "123e4567-e89b-12d3-a456-426614174000", "metadata": {"campaign": "spring"}}"#;
    fs::write(directory.join("rows.ndjson"), format!("{rows}\n")).unwrap();
    let rows = "id,campaign\n123e4567-e89b-12d3-a456-426614174000,spring\n";
    fs::write(directory.join("rows.csv"), rows).unwrap();
    let now = "2026-05-01T00:00:00Z".parse().unwrap();
    let server = MockServer::builder().calls(10).now(now);
    server.start().unwrap()
}

/// Makes a copy of the workspace a repository with one commit on `main`.
fn repository(copy: &Copy) {
    let _ = fs::remove_dir_all(copy.root.join(".git"));
    git(copy, &["init", "--initial-branch", "main"]);
    fs::write(copy.root.join(".git/info/exclude"), "/target\n").unwrap();
    for (name, value) in [
        ("user.name", "A reader"),
        ("user.email", "reader@example.com"),
        ("core.pager", "cat"),
    ] {
        git(copy, &["config", name, value]);
    }
    git(
        copy,
        &[
            "add",
            "--",
            ".cargo",
            "Cargo.*",
            "README.md",
            "crates",
            "openapi",
            "tests",
            "xtask",
        ],
    );
    git(copy, &["commit", "--quiet", "--message", "The document as it is"]);
}

fn git(copy: &Copy, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(&copy.root).args(arguments).stdout(Stdio::null());
    assert!(
        command.stderr(Stdio::null()).status().unwrap().success(),
        "{arguments:?}"
    );
}

/// The Markdown files that users read.
fn pages() -> Vec<String> {
    let mut pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"]
        .map(str::to_owned)
        .to_vec();
    for entry in fs::read_dir(workspace().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages
}

/// Pages whose commands need a repository, in the order in which a user would read them.
const IN_REPOSITORY: [&str; 4] = [
    "README.md",
    "docs/getting-started.md",
    "docs/testing.md",
    "docs/changing-the-api.md",
];

/// Pages whose commands need only a directory.
const IN_DIRECTORY: [&str; 3] = ["docs/cli.md", "docs/bulk.md", "docs/validating-payloads.md"];

#[test]
fn commands_in_a_repository_print_what_is_documented() {
    let copy = Copy::new(&CHANGED);
    repository(&copy);
    for page in IN_REPOSITORY {
        // Without the files of the page before.
        git(&copy, &["clean", "--quiet", "--force", "-d"]);
        fs::copy(
            workspace().join("tests/docs/vendor.json"),
            copy.root.join("vendor.json"),
        )
        .unwrap();
        let server = prepared(&copy.root);
        check(page, Shell::new(&copy.root, Some(&copy.root), &server));
    }
}

#[test]
fn commands_in_a_directory_print_what_is_documented() {
    for page in IN_DIRECTORY {
        let directory = TempDir::new().unwrap();
        let server = prepared(directory.path());
        check(page, Shell::new(directory.path(), None, &server));
    }
}

#[test]
fn every_page_with_commands_is_run() {
    for page in pages() {
        let has_commands = !commands(&fs::read_to_string(workspace().join(&page)).unwrap()).is_empty();
        let is_run = IN_REPOSITORY.contains(&page.as_str()) || IN_DIRECTORY.contains(&page.as_str());
        assert_eq!(has_commands, is_run, "{page}");
    }
}

#[test]
fn readme_code_is_code_that_runs() {
    let read = |name: &str| fs::read_to_string(workspace().join(name)).unwrap();
    let readme = read("README.md");
    let mut rest = readme.clone();
    for file in [
        "tests/downstream/quickstart/src/main.rs",
        "tests/downstream/quickstart/src/bin/blocking.rs",
        "tests/downstream/quickstart/tests/retry.rs",
        "tests/integration/payloads.rs",
    ] {
        let (before, after) = rest
            .split_once(&read(file))
            .unwrap_or_else(|| panic!("README.md differs from {file}"));
        rest = format!(
            "{}{after}",
            before
                .trim_end()
                .trim_end_matches(",no_run")
                .trim_end_matches("```rust")
        );
    }
    assert!(!rest.contains("```rust"), "README.md has code of no file");
    // The test of payloads is one of three things that the README is for.
    assert!(readme.find("fixtures_match_the_api").unwrap() < readme.len() / 2);
}

#[test]
fn readme_states_the_versions_of_the_manifest() {
    let read = |name: &str| fs::read_to_string(workspace().join(name)).unwrap();
    let version = env!("CARGO_PKG_RUST_VERSION");
    for (page, text) in [
        ("README.md", format!("Rust {version}](")),
        ("README.md", format!("minimum Rust version is {version};")),
        ("docs/getting-started.md", format!("Rust {version} or newer")),
        ("CONTRIBUTING.md", format!("Rust {version} or newer")),
    ] {
        assert!(read(page).contains(&text), "{page}: {text}");
    }
}

#[test]
fn ellipsis_stands_for_any_output() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let matches = |documented: &str, printed: &str| matches(&lines(documented), &lines(printed));
    assert!(matches("a\nb", "a\nb") && !matches("a\nb", "a") && !matches("a", "a\nb") && !matches("a", "ab"));
    assert!(matches("at …, then …!", "at 1, then 2!") && !matches("at …, then …!", "at 1, then 2?"));
    assert!(matches("a\n…\nz", "a\nz") && matches("a\n…\nz", "a\nb\nc\nz") && !matches("a\n…\nz", "a\nb"));
    let commands = commands("```console\n$ one\n1\n$ two\n```\n<!-- not run: why -->\n```console\n$ three\n```\n");
    let commands: Vec<_> = commands
        .iter()
        .map(|it| (it.command.as_str(), it.output.len()))
        .collect();
    assert_eq!(commands, [("one", 1), ("two", 0)]);
}
