//! Limits retries during an outage, over all requests of a client.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The tokens of a new client, which are also the maximum.
const CAPACITY: u32 = 500;
const RETRY: u32 = 5;
const RETRY_AFTER_TIMEOUT: u32 = 10;
const FIRST_ATTEMPT_SUCCESS: u32 = 1;

/// A token bucket: retries take tokens, and requests that succeed without a retry return some. It is full while the service
/// works. In an outage it empties, and every request is then sent once, without retries.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Takes the tokens for a retry. Returns whether there were enough.
    pub fn take(&self, after_timeout: bool) -> bool {
        let cost = if after_timeout { RETRY_AFTER_TIMEOUT } else { RETRY };
        self.0
            .fetch_update(Relaxed, Relaxed, |tokens| tokens.checked_sub(cost))
            .is_ok()
    }

    /// Records a request that succeeded without a retry.
    pub fn give(&self) {
        // A full bucket, the normal case, needs no write that other threads would wait for.
        if self.0.load(Relaxed) < CAPACITY {
            let add = |tokens: u32| Some(tokens.saturating_add(FIRST_ATTEMPT_SUCCESS).min(CAPACITY));
            let _ = self.0.fetch_update(Relaxed, Relaxed, add);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retries(budget: &RetryBudget, after_timeout: bool) -> usize {
        std::iter::repeat_with(|| budget.take(after_timeout))
            .take_while(|taken| *taken)
            .count()
    }

    #[test]
    fn retry_costs_five_tokens_and_ten_after_timeout() {
        assert_eq!(retries(&RetryBudget::default(), false), 100);
        assert_eq!(retries(&RetryBudget::default(), true), 50);
    }

    #[test]
    fn five_successes_pay_for_one_retry_up_to_capacity() {
        let budget = RetryBudget::default();
        assert_eq!(retries(&budget, false), 100);
        for given in 1..=5 {
            budget.give();
            assert_eq!(budget.take(false), given == 5);
        }
        for _ in 0..10_000 {
            budget.give();
        }
        assert_eq!(retries(&budget, false), 100);
        budget.give();
        assert!(!budget.take(true));
    }

    #[test]
    fn concurrent_threads_spend_no_token_twice() {
        let budget = RetryBudget::default();
        let retries: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| retries(&budget, false))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
        });
        assert_eq!(retries, 100);
    }
}
