//! What is sent again, and after which wait.
//!
//! A loop of our own rather than a crate for retries: what takes the room is what no such crate knows, that is whether an
//! operation may be sent twice, whether anything was sent at all, what the service asks for, and what is left of the
//! deadline and of the budget. The waits themselves are three lines.

use std::time::Duration;

use crate::{
    Limits, Operation,
    attempt::{Attempt, Effect},
};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// What the service may ask for, where the deadline allows it: no caller means to wait for days.
pub(crate) const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// Whether an attempt that ended so may be made again at all. An operation that the document does not call idempotent may
/// only where the service has not acted, and says so, or could not.
pub(crate) fn may_resend(attempt: &Attempt, effect: Effect, operation: &Operation, limits: &Limits) -> bool {
    match (attempt.refusal().map(|status| status.as_u16()), effect) {
        (Some(429), _) => operation.idempotent || limits.retry_rate_limited,
        (Some(408 | 409 | 500 | 502 | 503 | 504), _) => operation.idempotent,
        (Some(_), _) => false,
        (None, _) if attempt.is_impossible() => false,
        (None, Effect::Unsent) => true,
        (None, Effect::Unknown) => operation.idempotent,
        (None, Effect::Refused | Effect::Done) => false,
    }
}

/// The wait before the resend with this number, counted from 0: exponential, of which `random` (0 to 1) takes a part (full
/// jitter), and at least as long as the service asks.
pub(crate) fn wait(resend: u32, random: f64, asked: Option<Duration>) -> Duration {
    let longest = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(resend))
        .min(LONGEST_WAIT);
    let wait = Duration::try_from_secs_f64(longest.as_secs_f64() * random).unwrap_or(longest);
    wait.min(longest).max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(resend: u32) -> u128 {
        wait(resend, 1.0, None).as_millis()
    }

    #[test]
    fn waits_double_up_to_eight_seconds() {
        let waits: Vec<_> = (0..6).map(longest).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 8_000]);
        assert_eq!(longest(u32::MAX), 8_000);
    }

    #[test]
    fn jitter_takes_any_part_of_a_wait() {
        for (random, milliseconds) in [(0.0, 0), (0.25, 250), (0.5, 500), (1.0, 1_000)] {
            assert_eq!(wait(1, random, None).as_millis(), milliseconds);
        }
        // A clock of someone's own may give anything.
        for random in [f64::NAN, f64::INFINITY, -1.0, 7.0] {
            assert_eq!(wait(1, random, None).as_millis(), 1_000);
        }
    }

    #[test]
    fn the_service_is_not_asked_before_it_wants_to_be() {
        let asked = Some(Duration::from_millis(700));
        assert_eq!(wait(0, 1.0, asked).as_millis(), 700);
        assert_eq!(wait(1, 1.0, asked).as_millis(), 1_000);
        assert_eq!(wait(0, 0.1, Some(Duration::ZERO)).as_millis(), 50);
        assert_eq!(wait(0, 1.0, Some(Duration::from_secs(3_600))).as_secs(), 3_600);
    }
}
