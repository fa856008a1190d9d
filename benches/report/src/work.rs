//! Programs that are run, and what they took.

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

/// What a program took: seconds on the clock, and of the processors, with all programs that it ran in turn.
#[derive(Clone, Copy)]
pub struct Took {
    pub wall: f64,
    pub cpu: f64,
}

/// A program that stands beside this one.
pub fn own(name: &str) -> Result<Command, Failure> {
    Ok(Command::new(std::env::current_exe()?.with_file_name(name)))
}

/// Runs it, silently unless it fails.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .output()
        .map_err(|error| format!("{} can't be run: {error}", short(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let lines: Vec<&str> = said.lines().collect();
    let last = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
    Err(format!("{} failed, {}:\n{}", short(command), output.status, last.join("\n")).into())
}

/// It may be given ten thousand files.
fn short(command: &Command) -> String {
    let arguments = command.get_args().take(8).map(OsStr::to_string_lossy);
    let program = command.get_program().to_string_lossy();
    iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

pub fn took(command: &mut Command) -> Result<Took, Failure> {
    let before = cpu_of_children()?;
    let began = Instant::now();
    output(command)?;
    Ok(Took {
        wall: began.elapsed().as_secs_f64(),
        cpu: cpu_of_children()? - before,
    })
}

/// From the system's own account of children that have ended.
fn cpu_of_children() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("/proc/self/stat has another form")?;
    let ticks = fields
        .split(' ')
        .skip(13)
        .take(2)
        .map(str::parse::<f64>)
        .sum::<Result<f64, _>>()?;
    // The unit of this file is 1/100 s on every Linux that Rust runs on.
    Ok(ticks / 100.0)
}

/// A server in a process of its own; it ends with this.
pub struct Server {
    process: Child,
    pub url: String,
}

impl Server {
    pub fn of(calls: usize) -> Result<Self, Failure> {
        let mut process = own("server")?
            .arg(calls.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().ok_or("the server says nothing")?).read_line(&mut url)?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

/// cargo, of which what is built is kept in one folder, apart from what is developed.
pub fn cargo_in(root: &Path, folder: &str, what: &str, arguments: &[&str]) -> Command {
    let mut cargo = cargo();
    cargo
        .args([what, "--quiet", "--locked"])
        .args(arguments)
        .env("CARGO_TARGET_DIR", root.join("target/benches"))
        .current_dir(root.join(folder));
    cargo
}

pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    // What runs this is a build itself, and may have settings of its own, which are not those of what is measured.
    for (name, _) in std::env::vars_os() {
        let is_of_a_build = name.to_str().is_some_and(|name| {
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
        if is_of_a_build {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Installs a program of crates.io for this workspace alone.
pub fn install(root: &Path, name: &str, version: &str) -> Result<(), Failure> {
    let mut install = cargo();
    install.args(["install", "--quiet", name, "--version", version, "--locked", "--root"]);
    output(install.arg(root.join("target/tools"))).map(drop)
}

/// A program that is installed, for this workspace or on the PATH.
pub fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let own = [
        "target/tools/bin",
        "target/.benches/bin",
        "benches/node/node_modules/.bin",
    ]
    .map(|folder| root.join(folder));
    let path = std::env::var_os("PATH").unwrap_or_default();
    own.into_iter()
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The median of the ratios in each round: what is measured at about the same time is what can be compared.
pub fn ratio(of: &[f64], to: &[f64]) -> f64 {
    let mut ratios: Vec<f64> = of.iter().zip(to).map(|(of, to)| of / to).collect();
    median(&mut ratios)
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
