//! What this process uses.

use std::fs;

use tokio::runtime::Handle;

/// The use of memory in MiB, of file descriptors, and of tasks of the current runtime. Outside Linux, only the tasks.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub memory: f64,
    pub files: usize,
    pub tasks: usize,
}

impl Usage {
    pub fn now() -> Self {
        Self {
            memory: memory().unwrap_or_default(),
            files: fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    }

    /// Returns the larger value of each.
    pub fn max(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            files: self.files.max(other.files),
            tasks: self.tasks.max(other.tasks),
        }
    }
}

/// Returns the resident memory in MiB.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes / 1024.0)
}
