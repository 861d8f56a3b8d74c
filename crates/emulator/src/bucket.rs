//! How many times a user may still do something: try a code, be sent a message, poll.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How often something is allowed: so many times at once, and one time more after each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limit {
    /// How many times at once. 0: never.
    pub burst: u32,
    /// After how many seconds one time is given back; never more than the burst. 0 counts as 1.
    pub refill_seconds: u64,
}

impl Limit {
    /// So many times at once, and one time more after each interval.
    pub const fn new(burst: u32, refill_seconds: u64) -> Self {
        Self { burst, refill_seconds }
    }

    fn refill(self) -> Duration {
        Duration::from_secs(self.refill_seconds.max(1))
    }
}

/// What one user has used of a limit. Times are given back one by one, and never more than are allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    count: u32,
    /// From when the next time that is given back is counted; of no meaning while nothing is used.
    since: Timestamp,
}

impl Bucket {
    /// Uses one.
    pub(crate) fn add(&mut self, limit: Limit, now: Timestamp) {
        self.give_back(limit, now);
        if self.count == 0 {
            self.since = now;
        }
        self.count = self.count.saturating_add(1);
    }

    /// How long until the next one, when there is none left.
    pub(crate) fn empty_for(&mut self, limit: Limit, now: Timestamp) -> Option<Duration> {
        self.give_back(limit, now);
        let empty = self.count >= limit.burst;
        empty.then(|| self.since.plus(limit.refill()).since(now))
    }

    /// Uses one, or says how long until there is one.
    pub(crate) fn take(&mut self, limit: Limit, now: Timestamp) -> Result<(), Duration> {
        match self.empty_for(limit, now) {
            Some(wait) => Err(wait),
            None => {
                self.add(limit, now);
                Ok(())
            }
        }
    }

    fn give_back(&mut self, limit: Limit, now: Timestamp) {
        let refill = limit.refill();
        let earned = now.since(self.since).as_secs() / refill.as_secs();
        let given = u32::try_from(earned).unwrap_or(u32::MAX).min(self.count);
        self.count -= given;
        self.since = self.since.plus(refill.saturating_mul(given));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Limit = Limit::new(10, 360);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(1_700_000_000 + seconds)
    }

    #[test]
    fn after_ten_one_comes_back_every_six_minutes_up_to_ten() {
        let mut bucket = Bucket::default();
        for second in 0..10 {
            assert_eq!(bucket.take(TEN, at(second)), Ok(()));
        }
        assert_eq!(bucket.empty_for(TEN, at(9)), Some(Duration::from_secs(351)));
        assert_eq!(bucket.take(TEN, at(359)), Err(Duration::from_secs(1)));
        assert_eq!(bucket.take(TEN, at(361)), Ok(()));
        assert_eq!(bucket.take(TEN, at(362)), Err(Duration::from_secs(358)));

        for _ in 0..10 {
            assert_eq!(bucket.take(TEN, at(1_000_000)), Ok(()));
        }
        assert!(bucket.empty_for(TEN, at(1_000_000)).is_some());
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_back() {
        let mut bucket = Bucket::default();
        for _ in 0..10 {
            bucket.add(TEN, at(1_000));
        }
        assert!(bucket.empty_for(TEN, at(0)).is_some());
    }
}
