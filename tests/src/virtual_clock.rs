//! A clock whose time a test controls.

use std::{
    future::ready,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use callrounded::{Clock, Sleep};
use tokio::sync::{Notify, oneshot};

/// A clock whose delays end immediately, or when a test advances the time. It records all delays. The timeout of an
/// attempt expires when a test calls [`expire_one`](Self::expire_one). Clones share the same clock.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<State>);

#[derive(Debug)]
struct State {
    begin: Instant,
    elapsed: Mutex<Duration>,
    delays: Mutex<Vec<Duration>>,
    sleepers: Mutex<Vec<(Duration, oneshot::Sender<()>)>>,
    expired: Notify,
    random: f64,
    skips_delays: bool,
}

/// The initial time of every virtual clock: Sun, 22 Nov 2026 12:00:00 GMT.
pub const BEGIN: Duration = Duration::from_secs(1_795_348_800);

impl VirtualClock {
    /// Returns a clock whose delays end immediately, with the maximum jitter.
    #[must_use]
    pub fn skipping_delays() -> Self {
        Self::new(1.0, true)
    }

    /// Returns a clock whose delays end when [`advance_to_next`](Self::advance_to_next) reaches their end, with half
    /// the maximum jitter.
    #[must_use]
    pub fn paused() -> Self {
        Self::new(0.5, false)
    }

    fn new(random: f64, skips_delays: bool) -> Self {
        Self(Arc::new(State {
            begin: Instant::now(),
            elapsed: Mutex::default(),
            delays: Mutex::default(),
            sleepers: Mutex::default(),
            expired: Notify::new(),
            random,
            skips_delays,
        }))
    }

    /// Advances the time to the end of the next delay. Tasks whose delay ends then are no longer counted by
    /// [`waiting`](Self::waiting).
    pub fn advance_to_next(&self) {
        let mut sleepers = self.0.sleepers.lock().unwrap();
        let Some(next) = sleepers.iter().map(|(end, _)| *end).min() else {
            return;
        };
        *self.0.elapsed.lock().unwrap() = next;
        let (awake, asleep) = sleepers.drain(..).partition(|(end, _)| *end <= next);
        *sleepers = asleep;
        let awake: Vec<_> = awake;
        for (_, sleeper) in awake {
            let _ = sleeper.send(());
        }
    }

    /// Returns how many tasks wait for the end of a delay.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let mut sleepers = self.0.sleepers.lock().unwrap();
        sleepers.retain(|(_, sleeper)| !sleeper.is_closed());
        sleepers.len()
    }

    /// Lets the timeout of one attempt expire.
    pub fn expire_one(&self) {
        self.0.expired.notify_one();
    }

    /// Returns the time that has elapsed on this clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        *self.0.elapsed.lock().unwrap()
    }

    /// Returns the delays so far.
    #[must_use]
    pub fn delays(&self) -> Vec<Duration> {
        self.0.delays.lock().unwrap().clone()
    }

    /// Waits until `duration` has elapsed on this clock.
    pub fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let (sender, receiver) = oneshot::channel();
        let end = self.elapsed() + duration;
        self.0.sleepers.lock().unwrap().push((end, sender));
        async move {
            let _ = receiver.await;
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.0.begin + self.elapsed()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + BEGIN + self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.delays.lock().unwrap().push(duration);
        if self.0.skips_delays {
            *self.0.elapsed.lock().unwrap() += duration;
            Box::pin(ready(()))
        } else {
            Box::pin(self.wait(duration))
        }
    }

    fn expire(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            clock.0.expired.notified().await;
            *clock.0.elapsed.lock().unwrap() += duration;
        })
    }

    fn random(&self) -> f64 {
        self.0.random
    }
}
