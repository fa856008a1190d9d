//! Runs programs, and measures their time.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    iter,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use callrounded_benches::Failure;

/// The wall and CPU time of a program in seconds, with all its child processes.
#[derive(Clone, Copy)]
pub struct Times {
    pub wall: f64,
    pub cpu: f64,
}

/// Returns the root of the workspace.
pub fn root() -> Result<&'static Path, Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.ok_or_else(|| "the root of the workspace was not found".into())
}

/// Returns an optimized program of the workspace `benches`, which has been built.
pub fn program(name: &str) -> Result<Command, Failure> {
    Ok(Command::new(root()?.join("target/benches/release").join(name)))
}

/// Runs a program and returns its standard output.
///
/// # Errors
/// A message with the last 20 lines of its output if it fails.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", command_line(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
    Err(format!(
        "{} failed, {}:\n{}",
        command_line(command),
        output.status,
        last.join("\n")
    )
    .into())
}

/// Returns a command line for messages, with at most eight arguments, since there may be ten thousand.
fn command_line(command: &Command) -> String {
    let arguments = command.get_args().take(8).map(OsStr::to_string_lossy);
    let program = command.get_program().to_string_lossy();
    iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Runs a program and measures its time.
pub fn run_timed(command: &mut Command) -> Result<Times, Failure> {
    let before = cpu_of_children()?;
    let start = Instant::now();
    output(command)?;
    Ok(Times {
        wall: start.elapsed().as_secs_f64(),
        cpu: cpu_of_children()? - before,
    })
}

/// Returns the CPU time of terminated child processes in seconds, from /proc.
fn cpu_of_children() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("/proc/self/stat has an unknown format")?;
    let ticks = fields
        .split(' ')
        .skip(13)
        .take(2)
        .map(str::parse::<f64>)
        .sum::<Result<f64, _>>()?;
    // The unit of this file is 1/100 s on every Linux that Rust runs on.
    Ok(ticks / 100.0)
}

/// A server in a separate process, which is stopped on drop.
pub struct Server {
    process: Child,
    pub url: String,
}

impl Server {
    /// Starts a server with this many calls.
    pub fn start(calls: usize) -> Result<Self, Failure> {
        let mut process = program("server")?
            .arg(calls.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().ok_or("the server has no standard output")?).read_line(&mut url)?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _status = self.process.wait();
    }
}

/// Returns a cargo command in a directory of the workspace. Its target directory is `target/benches`, apart from that
/// of development.
pub fn cargo_in(root: &Path, directory: &str, subcommand: &str, arguments: &[&str]) -> Command {
    let mut cargo = cargo();
    cargo
        .args([subcommand, "--quiet", "--locked"])
        .args(arguments)
        .env("CARGO_TARGET_DIR", root.join("target/benches"))
        .current_dir(root.join(directory));
    cargo
}

/// Returns a cargo command without the settings of the build that runs this program.
pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    // `cargo run` sets variables that must not affect the builds that are measured.
    for (name, _) in std::env::vars_os() {
        let is_build_setting = name.to_str().is_some_and(|name| {
            let prefixes = [
                "CARGO_PKG",
                "CARGO_MANIFEST",
                "CARGO_PROFILE_",
                "CARGO_BUILD_",
                "CARGO_ENCODED_",
            ];
            let names = [
                "CARGO_BIN_NAME",
                "CARGO_INCREMENTAL",
                "CARGO_TARGET_DIR",
                "RUSTC_WRAPPER",
                "RUSTC_WORKSPACE_WRAPPER",
                "RUSTFLAGS",
            ];
            prefixes.iter().any(|prefix| name.starts_with(prefix)) || names.contains(&name)
        });
        if is_build_setting {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Installs a program from crates.io for this workspace only.
pub fn install(root: &Path, name: &str, version: &str) -> Result<(), Failure> {
    let mut install = cargo();
    install.args(["install", "--quiet", name, "--version", version, "--locked", "--root"]);
    output(install.arg(root.join("target/tools"))).map(drop)
}

/// Finds a program that is installed for this workspace or on the PATH.
pub fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let local = [
        "target/tools/bin",
        "target/.benches/bin",
        "benches/node/node_modules/.bin",
    ]
    .map(|directory| root.join(directory));
    let path = std::env::var_os("PATH").unwrap_or_default();
    local
        .into_iter()
        .chain(std::env::split_paths(&path))
        .map(|directory| directory.join(name))
        .find(|file| file.is_file())
}

/// Returns the median of the ratios of each round. Values of the same round are measured at about the same time, so
/// they are comparable.
pub fn ratio(values: &[f64], references: &[f64]) -> f64 {
    let mut ratios: Vec<f64> = values
        .iter()
        .zip(references)
        .map(|(value, reference)| value / reference)
        .collect();
    median(&mut ratios)
}

/// Returns the median, or 0 if there are no values.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
