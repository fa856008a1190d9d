//! Time that passes when a test says so.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use callrounded::{Clock, Sleep};
use tokio::sync::{Notify, watch};

/// A clock that passes over waits at once, noting them, or lets them last until a test moves the time. An attempt runs into
/// its limit when a test says so. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<State>);

#[derive(Debug)]
struct State {
    begin: Instant,
    passed: watch::Sender<Duration>,
    waits: Mutex<Vec<Duration>>,
    expired: Notify,
    random: f64,
    at_once: bool,
}

/// The date at which every virtual clock begins: Sun, 22 Nov 2026 12:00:00 GMT.
pub const BEGIN: Duration = Duration::from_secs(1_795_348_800);

impl VirtualClock {
    /// Passes over waits at once; each is as long as jitter lets it be.
    #[must_use]
    pub fn passing_over_waits() -> Self {
        Self::new(1.0, true)
    }

    /// Lets waits last until [`advance`](Self::advance) has moved the time past them; each is half as long as it could be.
    #[must_use]
    pub fn standing_still() -> Self {
        Self::new(0.5, false)
    }

    fn new(random: f64, at_once: bool) -> Self {
        Self(Arc::new(State {
            begin: Instant::now(),
            passed: watch::Sender::new(Duration::ZERO),
            waits: Mutex::default(),
            expired: Notify::new(),
            random,
            at_once,
        }))
    }

    /// Moves the time.
    pub fn advance(&self, by: Duration) {
        self.0.passed.send_modify(|passed| *passed += by);
    }

    /// Lets one attempt run into its limit.
    pub fn expire_one(&self) {
        self.0.expired.notify_one();
    }

    /// How much time has passed.
    #[must_use]
    pub fn passed(&self) -> Duration {
        *self.0.passed.borrow()
    }

    /// The waits so far.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.0.waits.lock().unwrap().clone()
    }

    /// Completes when `duration` has passed on this clock.
    pub async fn wait(&self, duration: Duration) {
        let end = self.passed() + duration;
        self.0
            .passed
            .subscribe()
            .wait_for(|passed| *passed >= end)
            .await
            .unwrap();
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.0.begin + self.passed()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + BEGIN + self.passed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.waits.lock().unwrap().push(duration);
        if self.0.at_once {
            self.advance(duration);
        }
        let end = if self.0.at_once { Duration::ZERO } else { duration };
        let clock = self.clone();
        Box::pin(async move { clock.wait(end).await })
    }

    fn expire(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            clock.0.expired.notified().await;
            clock.advance(duration);
        })
    }

    fn random(&self) -> f64 {
        self.0.random
    }
}
