//! How many resends one client may make while the service fails, over all its calls.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// What a client begins with, and has at most.
const CAPACITY: u32 = 500;
const RESEND: u32 = 5;
const RESEND_AFTER_TIMEOUT: u32 = 10;
const FIRST_TRY_SUCCESS: u32 = 1;

/// A bucket of tokens: resends take from it, and successes at the first try fill it again. While the service is well it is
/// full; in an outage it runs dry, and each call is sent once, which is no more than no resending would send.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl Budget {
    /// Takes what a resend costs, if that is there.
    pub fn take(&self, after_timeout: bool) -> bool {
        let cost = if after_timeout { RESEND_AFTER_TIMEOUT } else { RESEND };
        self.0
            .fetch_update(Relaxed, Relaxed, |tokens| tokens.checked_sub(cost))
            .is_ok()
    }

    /// Notes a success at the first try.
    pub fn give(&self) {
        // What is full, as it nearly always is, needs no write that other threads would wait for.
        if self.0.load(Relaxed) < CAPACITY {
            let add = |tokens: u32| Some(tokens.saturating_add(FIRST_TRY_SUCCESS).min(CAPACITY));
            let _ = self.0.fetch_update(Relaxed, Relaxed, add);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resends(budget: &Budget, after_timeout: bool) -> usize {
        std::iter::repeat_with(|| budget.take(after_timeout))
            .take_while(|taken| *taken)
            .count()
    }

    #[test]
    fn a_resend_costs_five_and_ten_after_a_timeout() {
        assert_eq!(resends(&Budget::default(), false), 100);
        assert_eq!(resends(&Budget::default(), true), 50);
    }

    #[test]
    fn five_successes_at_the_first_try_pay_for_one_resend_and_never_for_more_than_the_capacity() {
        let budget = Budget::default();
        assert_eq!(resends(&budget, false), 100);
        for given in 1..=5 {
            budget.give();
            assert_eq!(budget.take(false), given == 5);
        }
        for _ in 0..10_000 {
            budget.give();
        }
        assert_eq!(resends(&budget, false), 100);
        budget.give();
        assert!(!budget.take(true));
    }

    #[test]
    fn no_token_is_spent_twice_by_threads_at_once() {
        let budget = Budget::default();
        let resends: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| resends(&budget, false))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
        });
        assert_eq!(resends, 100);
    }
}
