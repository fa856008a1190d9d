//! Every command of the README, the guide and the other pages, run as it stands there; what it prints is what the text says. Only
//! `cargo install`, which compiles for minutes, is left to `.ci/steps/packages`.
//!
//! In a block of `console`, lines after `$ ` are commands and the lines below them what they print; `…` stands for whatever is
//! there, on a line of its own for any number of lines. A command without such lines has to succeed. `UPDATE_EXPECT=1` writes
//! what was printed into the text, where the two differ.

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

use crate::{copy::Copy, prepare};

/// The command that runs this.
const THIS: &str = "cargo test --workspace";

/// What is written into a document where a port of this machine is asked for.
const PORTS: [&str; 3] = ["4010", "4011", "4012"];

/// Before a block whose commands are not run, and before the reason.
const NOT_RUN: &str = "<!-- not run: ";

/// A command with what it is said to print, and the lines of the document that say so.
struct Said {
    command: String,
    prints: Vec<String>,
    lines: std::ops::Range<usize>,
}

/// The commands of a document, in its order. A block after `<!-- not run: why -->` has none.
fn commands(text: &str) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let (mut inside, mut skipped) = (false, false);
    for (number, line) in text.lines().enumerate() {
        match line {
            "```console" => inside = !skipped,
            "```" => (inside, skipped) = (false, false),
            _ if line.starts_with(NOT_RUN) => skipped = true,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push(Said {
                    command: command.to_owned(),
                    prints: Vec::new(),
                    lines: number + 1..number + 1,
                }),
                (None, Some(said)) if said.lines.end == number => {
                    said.prints.push(line.to_owned());
                    said.lines.end += 1;
                }
                _ => assert_eq!(line, THIS, "line {}: no command", number + 1),
            },
        }
    }
    found
}

/// Whether what was printed is what is said.
fn fits(said: &[String], printed: &[String]) -> bool {
    match (said, printed) {
        ([], []) => true,
        ([all, rest @ ..], _) if all == "…" => (0..=printed.len()).any(|skip| fits(rest, &printed[skip..])),
        ([line, rest @ ..], [there, others @ ..]) => line_fits(line, there) && fits(rest, others),
        _ => false,
    }
}

fn line_fits(said: &str, printed: &str) -> bool {
    let mut parts = said.split('…');
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

/// Where the commands of a document run: those of cargo at the top of the workspace, all others in a folder.
struct Shell {
    folder: PathBuf,
    /// Where `cargo xtask` and git are at home.
    home: PathBuf,
    environment: HashMap<String, String>,
    ports: Vec<(String, String)>,
    servers: Vec<Child>,
}

/// Where the programs are for these tests.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs")
}

/// A text with another port, and with its telephone numbers as they are: any of those may hold the digits of a port.
fn with_port(text: &str, from: &str, to: &str) -> String {
    ["127.0.0.1:", "--port "]
        .into_iter()
        .fold(text.to_owned(), |text, before| {
            text.replace(&format!("{before}{from}"), &format!("{before}{to}"))
        })
}

impl Shell {
    fn new(folder: &Path, home: &Path, server: &MockServer) -> Self {
        // Held together, so that no two are the same.
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
            folder: folder.to_owned(),
            home: home.to_owned(),
            environment,
            ports: PORTS.map(str::to_owned).into_iter().zip(free).collect(),
            servers: Vec::new(),
        }
    }

    fn command(&self, line: &str) -> Command {
        let mut line = line.to_owned();
        let is_at_home = line.starts_with("sed ")
            || line.starts_with("cargo xtask")
            || line.starts_with("git ")
            || line.starts_with("cargo update");
        let of_cargo = line.starts_with("cargo ") || line.contains("… cargo ");
        for (documented, free) in &self.ports {
            line = with_port(&line, documented, free);
        }
        line = line.replace("CALLROUNDED_API_KEY=…", "CALLROUNDED_API_KEY=mock-key");
        if let Some(arguments) = line.strip_prefix("cargo install ") {
            // What `cargo test` has compiled is in these. `.ci/steps/packages` runs the commands as they stand.
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
        match (is_at_home, of_cargo) {
            (true, _) => command
                .current_dir(&self.home)
                .env("CARGO_TARGET_DIR", self.home.join("target"))
                .env("CARGO_INCREMENTAL", "0"),
            (false, true) => command.current_dir(workspace()),
            (false, false) => command.current_dir(&self.folder),
        };
        command
    }

    /// Runs a command and gives what it prints; a server goes on until the shell is dropped.
    fn run(&mut self, said: &Said) -> Vec<String> {
        let line = &said.command;
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
            printed.extend(out.lines().take(said.prints.len()).map(Result::unwrap));
        } else {
            let output = self.command(line).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            printed.extend(text.lines().map(str::to_owned));
            // What xtask finds is what the text is about.
            let of_tools = line.starts_with("cargo xtask ") || line.contains("callrounded-doc ");
            let finds = of_tools && !said.prints.is_empty();
            assert!(
                output.status.success() || finds && output.status.code() == Some(1),
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
            // cargo, and what it runs.
            let group = format!("-{}", server.id());
            let _ = Command::new("kill").args(["--", &group]).status();
            let _ = server.wait();
        }
    }
}

/// Runs all commands of a document, and compares or mends it.
fn check(name: &str, mut shell: Shell) {
    let path = workspace().join(name);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mut wrong, mut shift) = (Vec::new(), 0_isize);
    let commands = commands(&text);
    assert!(!commands.is_empty(), "{name} has no command");
    for why in text.lines().filter_map(|line| line.strip_prefix(NOT_RUN)) {
        skip(format!("commands of {name}: {}", why.trim_end_matches(" -->")));
    }
    for said in commands.iter().filter(|said| said.command != THIS) {
        let printed = shell.run(said);
        // What succeeds and says nothing of what it prints.
        let is_silent = said.prints.is_empty();
        if is_silent || fits(&said.prints, &printed) {
            continue;
        }
        let at = |line: usize| usize::try_from(line as isize + shift).unwrap();
        let range = at(said.lines.start)..at(said.lines.end);
        shift += printed.len() as isize - said.prints.len() as isize;
        lines.splice(range, printed.clone());
        wrong.push(format!("`{}` prints:\n{}", said.command, printed.join("\n")));
    }
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    } else {
        assert!(
            wrong.is_empty(),
            "{name}\n{}\nUPDATE_EXPECT=1 mends it",
            wrong.join("\n\n")
        );
    }
}

/// A mock server with what the commands are about, and files that they read.
fn prepared(folder: &Path) -> MockServer {
    let rows = r#"{"id": "123e4567-e89b-12d3-a456-426614174000", "metadata": {"campaign": "spring"}}"#;
    fs::write(folder.join("rows.ndjson"), format!("{rows}\n")).unwrap();
    let rows = "id,campaign\n123e4567-e89b-12d3-a456-426614174000,spring\n";
    fs::write(folder.join("rows.csv"), rows).unwrap();
    let moment = "2026-05-01T00:00:00Z".parse().unwrap();
    let server = MockServer::builder().calls(10).now(moment);
    server.start().unwrap()
}

/// A copy of the workspace as a repository with its document on `main`, and what a vendor has published.
fn repository(copy: &Copy) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(&copy.root).args(arguments).stdout(Stdio::null());
        assert!(
            command.stderr(Stdio::null()).status().unwrap().success(),
            "{arguments:?}"
        );
    };
    let _ = fs::remove_dir_all(copy.root.join(".git"));
    let _ = fs::remove_dir_all(copy.root.join("recorded"));
    git(&["init", "--initial-branch", "main"]);
    fs::write(copy.root.join(".git/info/exclude"), "/target\n").unwrap();
    for (name, value) in [
        ("user.name", "A reader"),
        ("user.email", "reader@example.com"),
        ("core.pager", "cat"),
    ] {
        git(&["config", name, value]);
    }
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "The document as it is"]);
    fs::copy(
        workspace().join("tests/docs/vendor.json"),
        copy.root.join("vendor.json"),
    )
    .unwrap();
}

#[test]
fn the_commands_of_the_readme() {
    let (folder, copy) = (TempDir::new().unwrap(), Copy::new());
    repository(&copy);
    let server = prepared(folder.path());
    check("README.md", Shell::new(folder.path(), &copy.root, &server));
}

#[test]
fn the_commands_of_the_guide() {
    let copy = Copy::new();
    repository(&copy);
    let server = prepared(&copy.root);
    check("docs/guide.md", Shell::new(&copy.root, &copy.root, &server));
}

#[test]
fn the_commands_for_many_calls() {
    let folder = TempDir::new().unwrap();
    let server = prepared(folder.path());
    check("docs/bulk.md", Shell::new(folder.path(), folder.path(), &server));
}

#[test]
fn the_commands_about_payloads() {
    let folder = TempDir::new().unwrap();
    let server = prepared(folder.path());
    check(
        "docs/validating-payloads.md",
        Shell::new(folder.path(), folder.path(), &server),
    );
}

/// The test that the README shows is one that runs.
#[test]
fn the_test_of_the_readme() {
    let read = |name: &str| fs::read_to_string(workspace().join(name)).unwrap();
    let test = format!("```rust\n{}```\n", read("tests/integration/payloads.rs"));
    let readme = read("README.md");
    let at = readme.find(&test).expect("the README has another test");
    assert!(at < readme.len() / 2);
}

#[test]
fn what_is_said_may_leave_out_what_is_different_each_time() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let fits = |said: &str, printed: &str| fits(&lines(said), &lines(printed));
    assert!(fits("a\nb", "a\nb") && !fits("a\nb", "a") && !fits("a", "a\nb") && !fits("a", "ab"));
    assert!(fits("at …, then …!", "at 1, then 2!") && !fits("at …, then …!", "at 1, then 2?"));
    assert!(fits("a\n…\nz", "a\nz") && fits("a\n…\nz", "a\nb\nc\nz") && !fits("a\n…\nz", "a\nb"));
    let said = commands("```console\n$ one\n1\n$ two\n```\n<!-- not run: why -->\n```console\n$ three\n```\n");
    let said: Vec<_> = said.iter().map(|it| (it.command.as_str(), it.prints.len())).collect();
    assert_eq!(said, [("one", 1), ("two", 0)]);
}
