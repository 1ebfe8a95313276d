//! Times that are reckoned from others: a duration may be longer than any clock runs, and is then for ever.

use std::time::{Duration, Instant};

/// What stands for ever: longer than any process runs.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Returns the time so long after another, however long that is.
pub(crate) fn later(from: Instant, after: Duration) -> Instant {
    from.checked_add(after.min(FOR_EVER)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_duration_leads_to_a_later_time(seconds: u64, nanoseconds in 0u32..1_000_000_000) {
            let (now, after) = (Instant::now(), Duration::new(seconds, nanoseconds));
            let then = later(now, after);
            prop_assert!(then >= now);
            prop_assert_eq!(then - now, after.min(FOR_EVER));
        }

        #[test]
        fn a_longer_duration_is_never_sooner(one: u64, other: u64) {
            let now = Instant::now();
            let [one, other] = [one, other].map(Duration::from_secs);
            prop_assert_eq!(later(now, one.min(other)), later(now, one).min(later(now, other)));
        }
    }
}
