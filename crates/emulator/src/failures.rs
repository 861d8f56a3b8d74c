//! How many wrong codes a user may still send.

use std::time::Duration;

use crate::{Behaviour, Timestamp};

/// The wrong codes of one user and one kind of code. Tries are given back one by one, and never more than are allowed.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    count: u32,
    /// From when the next try that is given back is counted; of no meaning while there is no failure.
    since: Timestamp,
}

impl Failures {
    /// Notes a wrong code.
    pub(crate) fn add(&mut self, behaviour: &Behaviour, now: Timestamp) {
        self.give_back(behaviour, now);
        if self.count == 0 {
            self.since = now;
        }
        self.count = self.count.saturating_add(1);
    }

    /// How long until the next try, when there is none left.
    pub(crate) fn locked_for(&mut self, behaviour: &Behaviour, now: Timestamp) -> Option<Duration> {
        self.give_back(behaviour, now);
        let locked = self.count >= behaviour.failures_allowed;
        locked.then(|| self.since.plus(refill(behaviour)).since(now))
    }

    fn give_back(&mut self, behaviour: &Behaviour, now: Timestamp) {
        let refill = refill(behaviour);
        let earned = now.since(self.since).as_secs() / refill.as_secs();
        let given = u32::try_from(earned).unwrap_or(u32::MAX).min(self.count);
        self.count -= given;
        self.since = self.since.plus(refill.saturating_mul(given));
    }
}

fn refill(behaviour: &Behaviour) -> Duration {
    Duration::from_secs(behaviour.failure_refill_seconds.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(1_700_000_000 + seconds)
    }

    #[test]
    fn after_ten_failures_a_try_comes_back_every_six_minutes_up_to_ten() {
        let behaviour = Behaviour::default();
        let mut failures = Failures::default();
        for second in 0..10 {
            assert_eq!(failures.locked_for(&behaviour, at(second)), None);
            failures.add(&behaviour, at(second));
        }
        assert_eq!(failures.locked_for(&behaviour, at(9)), Some(Duration::from_secs(351)));
        assert_eq!(failures.locked_for(&behaviour, at(359)), Some(Duration::from_secs(1)));
        assert_eq!(failures.locked_for(&behaviour, at(360)), None);
        failures.add(&behaviour, at(361));
        assert_eq!(failures.locked_for(&behaviour, at(362)), Some(Duration::from_secs(358)));

        for _ in 0..10 {
            assert_eq!(failures.locked_for(&behaviour, at(1_000_000)), None);
            failures.add(&behaviour, at(1_000_000));
        }
        assert!(failures.locked_for(&behaviour, at(1_000_000)).is_some());
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_back() {
        let behaviour = Behaviour::default();
        let mut failures = Failures::default();
        for _ in 0..10 {
            failures.add(&behaviour, at(1_000));
        }
        assert!(failures.locked_for(&behaviour, at(0)).is_some());
    }
}
