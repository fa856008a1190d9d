//! Decides which attempts are retried, and after what wait.
//!
//! No retry crate is used, because it would know none of the inputs: whether an operation is idempotent, whether
//! anything was sent, what the service asks for, and what remains of deadline and budget.

use std::time::Duration;

use crate::{
    OperationInfo,
    attempt::{Attempt, Effect},
};

/// The maximum wait before the first retry. It doubles with each retry.
const INITIAL_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(8);
/// If the service asks to wait longer, the request is not retried.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(3_600);

/// Returns whether an attempt with this outcome may be retried. An operation that is not idempotent may be retried only
/// if it is certain that the service did not perform it.
pub(crate) fn may_retry(
    attempt: &Attempt,
    effect: Effect,
    operation: &OperationInfo,
    retry_rate_limited: bool,
) -> bool {
    match (attempt.error_status().map(|status| status.as_u16()), effect) {
        (Some(429), _) => operation.is_idempotent() || retry_rate_limited,
        (Some(408 | 409 | 500 | 502 | 503 | 504), _) => operation.is_idempotent(),
        (Some(_), _) => false,
        (None, _) if attempt.failed_permanently() => false,
        (None, Effect::Unsent) => true,
        (None, Effect::Unknown) => operation.is_idempotent(),
        (None, Effect::Rejected | Effect::Performed) => false,
    }
}

/// Returns the wait before the retry with this number, counted from 0: exponential backoff with full jitter (`random`
/// is from 0 to 1), and at least `retry_after`.
pub(crate) fn wait(retry: u32, random: f64, retry_after: Option<Duration>) -> Duration {
    let backoff = INITIAL_BACKOFF
        .saturating_mul(2_u32.saturating_pow(retry))
        .min(MAX_BACKOFF);
    let wait = Duration::try_from_secs_f64(backoff.as_secs_f64() * random).unwrap_or(backoff);
    wait.min(backoff).max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn max_wait(retry: u32) -> u128 {
        wait(retry, 1.0, None).as_millis()
    }

    #[test]
    fn wait_doubles_up_to_eight_seconds() {
        let waits: Vec<_> = (0..6).map(max_wait).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 8_000]);
        assert_eq!(max_wait(u32::MAX), 8_000);
    }

    #[test]
    fn wait_is_any_fraction_of_backoff() {
        for (random, milliseconds) in [(0.0, 0), (0.25, 250), (0.5, 500), (1.0, 1_000)] {
            assert_eq!(wait(1, random, None).as_millis(), milliseconds);
        }
        // A custom clock may return any number.
        for random in [f64::NAN, f64::INFINITY, -1.0, 7.0] {
            assert_eq!(wait(1, random, None).as_millis(), 1_000);
        }
    }

    #[test]
    fn wait_is_at_least_retry_after() {
        let retry_after = Some(Duration::from_millis(700));
        assert_eq!(wait(0, 1.0, retry_after).as_millis(), 700);
        assert_eq!(wait(1, 1.0, retry_after).as_millis(), 1_000);
        assert_eq!(wait(0, 0.1, Some(Duration::ZERO)).as_millis(), 50);
        assert_eq!(wait(0, 1.0, Some(Duration::from_secs(3_600))).as_secs(), 3_600);
    }
}
