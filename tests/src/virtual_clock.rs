//! Time that passes when a test says so.

use std::{
    future::ready,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use callrounded::{Clock, Sleep};
use tokio::sync::{Notify, oneshot};

/// A clock that passes over waits at once, noting them, or lets them last until a test moves the time. An attempt runs into
/// its limit when a test says so. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<State>);

#[derive(Debug)]
struct State {
    begin: Instant,
    passed: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
    sleepers: Mutex<Vec<(Duration, oneshot::Sender<()>)>>,
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

    /// Lets waits last until [`advance_to_next`](Self::advance_to_next) has moved the time to their end; each is half as long as it could be.
    #[must_use]
    pub fn standing_still() -> Self {
        Self::new(0.5, false)
    }

    fn new(random: f64, at_once: bool) -> Self {
        Self(Arc::new(State {
            begin: Instant::now(),
            passed: Mutex::default(),
            waits: Mutex::default(),
            sleepers: Mutex::default(),
            expired: Notify::new(),
            random,
            at_once,
        }))
    }

    /// Moves the time to where the next wait ends. Whoever waits until then is not counted as [`waiting`](Self::waiting)
    /// from here on.
    pub fn advance_to_next(&self) {
        let mut sleepers = self.0.sleepers.lock().unwrap();
        let Some(next) = sleepers.iter().map(|(end, _)| *end).min() else {
            return;
        };
        *self.0.passed.lock().unwrap() = next;
        let (awake, asleep) = sleepers.drain(..).partition(|(end, _)| *end <= next);
        *sleepers = asleep;
        let awake: Vec<_> = awake;
        for (_, sleeper) in awake {
            let _ = sleeper.send(());
        }
    }

    /// How many wait for the time to pass.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let mut sleepers = self.0.sleepers.lock().unwrap();
        sleepers.retain(|(_, sleeper)| !sleeper.is_closed());
        sleepers.len()
    }

    /// Lets one attempt run into its limit.
    pub fn expire_one(&self) {
        self.0.expired.notify_one();
    }

    /// How much time has passed.
    #[must_use]
    pub fn passed(&self) -> Duration {
        *self.0.passed.lock().unwrap()
    }

    /// The waits so far.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.0.waits.lock().unwrap().clone()
    }

    /// Completes when `duration` has passed on this clock.
    pub fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let (sender, receiver) = oneshot::channel();
        let end = self.passed() + duration;
        self.0.sleepers.lock().unwrap().push((end, sender));
        async move {
            let _ = receiver.await;
        }
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
            *self.0.passed.lock().unwrap() += duration;
            Box::pin(ready(()))
        } else {
            Box::pin(self.wait(duration))
        }
    }

    fn expire(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            clock.0.expired.notified().await;
            *clock.0.passed.lock().unwrap() += duration;
        })
    }

    fn random(&self) -> f64 {
        self.0.random
    }
}
