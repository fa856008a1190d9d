//! What this process uses.

use std::fs;

use callrounded_test_support::memory_kib;
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
            memory: memory_kib("self", "VmRSS").unwrap_or_default() as f64 / 1024.0,
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
