//! The runtime that does the work, and the wait for it.

use tokio::runtime::{Builder, Handle};

use crate::error::Error;

/// A runtime with one thread, which keeps connections and fetches ahead between what is asked.
pub(super) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    pub fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("callrounded-blocking")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| {
            Error::configuration("the blocking client needs a thread, and there is none").caused_by(error)
        })?;
        Ok(Self(Some(runtime)))
    }

    /// Waits for a future, unless that would hold up an asynchronous runtime.
    pub fn wait<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match &self.0 {
            Some(runtime) if Handle::try_current().is_err() => runtime.block_on(future),
            _ => Err(Error::configuration(
                "callrounded::blocking waits, which an asynchronous runtime must not; use callrounded::Client in it, or a \
                 thread of your own",
            )),
        }
    }
}

/// A client may be dropped in an asynchronous runtime, where waiting for a thread to end would panic.
impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
