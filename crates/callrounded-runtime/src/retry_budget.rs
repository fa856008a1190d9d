//! A budget that limits retries during an outage, over all requests of a client.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The initial and maximum number of tokens.
const CAPACITY: u32 = 500;
/// The tokens for a retry.
const RETRY: u32 = 5;
/// The tokens for a retry after a timeout.
const RETRY_AFTER_TIMEOUT: u32 = 10;
/// The tokens that a request returns if its first attempt succeeds.
const FIRST_ATTEMPT_SUCCESS: u32 = 1;

/// A token bucket. Retries withdraw tokens, and requests that succeed without a retry deposit some. It is full while
/// the service works. In an outage it empties, and requests are then sent once, without retries.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Withdraws the tokens for a retry. Returns whether there were enough.
    pub fn withdraw(&self, after_timeout: bool) -> bool {
        let cost = if after_timeout { RETRY_AFTER_TIMEOUT } else { RETRY };
        self.0
            .fetch_update(Relaxed, Relaxed, |tokens| tokens.checked_sub(cost))
            .is_ok()
    }

    /// Deposits the tokens for a request that succeeded without a retry.
    pub fn deposit(&self) {
        // Avoids contention between threads in the normal case of a full bucket.
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
        std::iter::repeat_with(|| budget.withdraw(after_timeout))
            .take_while(|taken| *taken)
            .count()
    }

    #[test]
    fn full_budget_allows_100_retries_or_50_after_timeouts() {
        assert_eq!(retries(&RetryBudget::default(), false), 100);
        assert_eq!(retries(&RetryBudget::default(), true), 50);
    }

    #[test]
    fn five_deposits_allow_one_retry_up_to_capacity() {
        let budget = RetryBudget::default();
        assert_eq!(retries(&budget, false), 100);
        for deposits in 1..=5 {
            budget.deposit();
            assert_eq!(budget.withdraw(false), deposits == 5);
        }
        for _ in 0..10_000 {
            budget.deposit();
        }
        assert_eq!(retries(&budget, false), 100);
        budget.deposit();
        assert!(!budget.withdraw(true));
    }

    #[test]
    fn concurrent_withdrawals_never_exceed_budget() {
        let budget = RetryBudget::default();
        let retries: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| retries(&budget, false))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
        });
        assert_eq!(retries, 100);
    }
}
