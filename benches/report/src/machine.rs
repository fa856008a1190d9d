//! Describes the machine, the toolchain and the commit of a measurement.

use std::{env::consts::ARCH, fs, path::Path, process::Command, thread};

use callrounded_benches::Failure;

use crate::process::output;

/// Returns processor, cores, memory, toolchain and valgrind.
pub fn description() -> Result<String, Failure> {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |text: &str, name: &str| {
        text.lines()
            .find_map(|line| Some(line.strip_prefix(name)?.trim_start_matches([' ', '\t', ':']).to_owned()))
    };
    let processor = field(&info, "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemTotal");
    let kib: f64 = memory
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_default();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "{processor}, {cores} cores, {:.0} GiB, {}, {}",
        kib / 1_048_576.0,
        toolchain()?,
        valgrind()
    ))
}

/// Returns the commit of the workspace, and whether there are uncommitted changes.
pub fn commit(root: &Path) -> Result<String, Failure> {
    let git = |arguments: &[&str]| output(Command::new("git").args(arguments).current_dir(root));
    let changed = !git(&["status", "--porcelain", "--", ".", ":!docs", ":!README.md"])?
        .trim()
        .is_empty();
    let commit = git(&["rev-parse", "--short=9", "HEAD"])?;
    Ok(format!(
        "commit {}{}",
        commit.trim(),
        if changed { " with changes" } else { "" }
    ))
}

/// Returns the version of valgrind, which counts instructions.
pub fn valgrind() -> String {
    output(Command::new("valgrind").arg("--version"))
        .map_or_else(|_| "no valgrind".to_owned(), |version| version.trim().to_owned())
}

/// Returns what allocations and instructions depend on besides the code: rustc, C library, architecture and AVX2.
pub fn toolchain() -> Result<String, Failure> {
    let rustc = output(Command::new("rustc").arg("--version"))?;
    let rustc = rustc.split(" (").next().unwrap_or_default().to_owned();
    let libc = output(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or_default();
    // The C library selects functions by this feature. valgrind does not support wider ones.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let avx2 = if info.contains(" avx2 ") { "avx2" } else { "" };
    let parts = [rustc.as_str(), libc.trim(), ARCH, avx2];
    Ok(parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", "))
}
