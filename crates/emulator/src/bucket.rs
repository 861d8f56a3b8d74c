//! How many times something may still be done: a request, a login, a try of a code, a message, a poll.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How often something is allowed: so many times at once, and so many more at the turn of each window.
///
/// A window is fixed: nothing is given back while it lasts, and at its end all of the refill is, though never more
/// than the burst (documented in `rate-limit-use-cases.mdx`; the page on database connections has limits per second
/// refilled by milliseconds, and those per minute by seconds). The windows of everybody's requests, in
/// [`RateLimits`](crate::RateLimits), are the clock's: they end at the top of each second or minute, as documented
/// there. Those of a user or a session begin with the first use: documented for SMS, and of the others not known.
///
/// ```
/// use auth0_mfa_emulator::{Config, Limit};
///
/// let mut config = Config::default();
/// config.behaviour.pushes = Limit::new(5, 5, 60); // 5, and 5 a minute
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limit {
    /// How many times at once. 0: never.
    pub burst: u32,
    /// How many times are given back at the end of a window.
    pub refill: u32,
    /// How long a window is. 0 counts as 1.
    pub window_seconds: u64,
}

impl Limit {
    /// So many times at once, and so many more at the end of each window.
    pub const fn new(burst: u32, refill: u32, window_seconds: u64) -> Self {
        Self { burst, refill, window_seconds }
    }

    fn window(self) -> u64 {
        self.window_seconds.max(1)
    }
}

/// What is used of a limit, as of one window.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    used: u32,
    /// When the window began.
    since: Timestamp,
}

impl Bucket {
    /// Uses one. The first use begins a window.
    pub(crate) fn add(&mut self, limit: Limit, now: Timestamp) {
        self.turn(limit, now);
        if self.used == 0 {
            self.since = now;
        }
        self.used = self.used.saturating_add(1);
    }

    /// How long until the window ends, when there is none left.
    pub(crate) fn empty_for(&mut self, limit: Limit, now: Timestamp) -> Option<Duration> {
        self.turn(limit, now);
        let empty = self.used >= limit.burst;
        empty.then(|| self.ends_at(limit).since(now))
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

    /// Uses one by windows that are the clock's. Answers whether there was one. When the clock was put back, the bucket
    /// is full.
    pub(crate) fn take_by_the_clock(&mut self, limit: Limit, now: Timestamp) -> bool {
        if now < self.since {
            *self = Self::default();
        }
        self.turn(limit, now);
        let has_one = self.used < limit.burst;
        self.used += u32::from(has_one);
        has_one
    }

    /// How many are left in the window.
    pub(crate) fn left(&self, limit: Limit) -> u32 {
        limit.burst.saturating_sub(self.used)
    }

    /// When the window ends.
    pub(crate) fn ends_at(&self, limit: Limit) -> Timestamp {
        self.since.plus(Duration::from_secs(limit.window()))
    }

    /// Goes on to the window that is now.
    fn turn(&mut self, limit: Limit, now: Timestamp) {
        let turns = now.since(self.since).as_secs() / limit.window();
        let given = turns.saturating_mul(u64::from(limit.refill));
        self.used = self.used.saturating_sub(u32::try_from(given).unwrap_or(u32::MAX));
        self.since = self.since.plus(Duration::from_secs(turns.saturating_mul(limit.window())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Limit = Limit::new(10, 1, 360);
    /// The example of `rate-limit-use-cases.mdx`: more comes back than the bucket holds.
    const FIVE: Limit = Limit::new(5, 6, 60);

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

    #[test]
    fn all_of_the_refill_comes_at_the_end_of_a_window_and_not_more_than_the_burst() {
        let mut bucket = Bucket::default();
        for window in 0..3 {
            let begins = window * 60;
            for second in 0..5 {
                assert_eq!(bucket.take(FIVE, at(begins + second)), Ok(()));
            }
            assert_eq!(bucket.take(FIVE, at(begins + 59)), Err(Duration::from_secs(1)));
        }
    }

    #[test]
    fn windows_of_the_clock_turn_with_it() {
        let mut bucket = Bucket::default();
        // 40 seconds are left of this minute.
        for _ in 0..5 {
            assert!(bucket.take_by_the_clock(FIVE, at(0)));
        }
        assert!(!bucket.take_by_the_clock(FIVE, at(39)));
        assert_eq!((bucket.left(FIVE), bucket.ends_at(FIVE)), (0, at(40)));
        assert!(bucket.take_by_the_clock(FIVE, at(40)));
        assert_eq!((bucket.left(FIVE), bucket.ends_at(FIVE)), (4, at(100)));
    }

    #[test]
    fn a_clock_that_is_put_back_fills_the_bucket_of_everybody() {
        let mut bucket = Bucket::default();
        while bucket.take_by_the_clock(FIVE, at(1_000)) {}
        assert!(bucket.take_by_the_clock(FIVE, at(0)));
        assert_eq!((bucket.left(FIVE), bucket.ends_at(FIVE)), (4, at(40)));
    }
}
