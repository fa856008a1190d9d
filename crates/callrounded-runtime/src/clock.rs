//! A trait for time, waiting and randomness, so that tests can replace them.

use std::{
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// A future that completes when a wait is over. See [`Clock`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time, waiting and randomness for the transport. The default is [`SystemClock`].
pub trait Clock: Send + Sync {
    /// Returns the monotonic time, for deadlines.
    fn now(&self) -> Instant;

    /// Returns the calendar time. A date in `Retry-After` is compared with it if the response has no `Date` header.
    fn system_time(&self) -> SystemTime;

    /// Returns a future that completes after `duration`. Used for the wait before a retry.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Returns a future that completes when an attempt with the time limit `duration` has timed out. Separate from
    /// [`sleep`](Self::sleep), so that a test can skip waits without timing out every attempt.
    fn expire(&self, duration: Duration) -> Sleep;

    /// Returns a random number from 0 to 1, for the jitter of waits.
    fn random(&self) -> f64;
}

/// The clock of this machine, with tokio's timer and a non-cryptographic random number generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn expire(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}
