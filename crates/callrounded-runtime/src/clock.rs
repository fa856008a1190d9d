//! Time, waiting and randomness behind one trait, so that tests can replace them.

use std::{
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// A future that completes when a wait is over; see [`Clock`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The source of time, waiting and randomness for the transport. [`SystemClock`] unless a test supplies another.
pub trait Clock: Send + Sync {
    /// Returns the monotonic time that deadlines are measured in.
    fn now(&self) -> Instant;

    /// Returns the calendar time that a `Retry-After` date is compared with.
    fn system_time(&self) -> SystemTime;

    /// Completes after `duration`. Used for the wait before a retry.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Completes when an attempt that may take `duration` has timed out. Separate from [`sleep`](Self::sleep), so that a test
    /// can skip waits without timing out every attempt.
    fn expire(&self, duration: Duration) -> Sleep;

    /// Returns a random number from 0 to 1, for the jitter of waits.
    fn random(&self) -> f64;
}

/// The time of this machine, with tokio's timer.
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
