//! Time, waiting and chance, in one place that a test can replace.

use std::{
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// A wait, as [`Clock`] gives it.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where the transport takes time, waiting and chance from. [`SystemClock`] unless a test brings its own.
pub trait Clock: Send + Sync {
    /// The monotonic time, which deadlines are counted in.
    fn now(&self) -> Instant;

    /// The time of the calendar, which a `Retry-After` with a date is counted from.
    fn system_time(&self) -> SystemTime;

    /// Completes after `duration`: the wait before something is sent again.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Completes when an attempt that may take `duration` is to be given up. Not a [`sleep`](Self::sleep), so that a test
    /// can pass over waits without ending every attempt.
    fn expire(&self, duration: Duration) -> Sleep;

    /// A fraction from 0 up to 1: how much of the longest wait is waited.
    fn random(&self) -> f64;
}

/// The time of this machine, by tokio's timer.
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
