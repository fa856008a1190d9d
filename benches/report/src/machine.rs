//! What the machine is that something was measured on.

use std::{env::consts::ARCH, fs, path::Path, process::Command, thread};

use callrounded_benches::Failure;

use crate::work::output;

pub fn description() -> Result<String, Failure> {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |text: &str, name: &str| {
        text.lines()
            .find_map(|line| Some(line.strip_prefix(name)?.trim_start_matches([' ', '\t', ':']).to_owned()))
    };
    let processor = of(&info, "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = of(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemTotal");
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

/// The state of the workspace.
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

/// By what instructions are counted.
pub fn valgrind() -> String {
    output(Command::new("valgrind").arg("--version"))
        .map_or_else(|_| "no valgrind".to_owned(), |said| said.trim().to_owned())
}

/// What allocations and instructions depend on besides the code.
pub fn toolchain() -> Result<String, Failure> {
    let rustc = output(Command::new("rustc").arg("--version"))?;
    let rustc = rustc.split(" (").next().unwrap_or_default().to_owned();
    let libc = output(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or_default();
    // Which of its functions the C library takes; valgrind has no wider ones.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let wide = if info.contains(" avx2 ") { "avx2" } else { "" };
    let parts = [rustc.as_str(), libc.trim(), ARCH, wide];
    Ok(parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", "))
}
