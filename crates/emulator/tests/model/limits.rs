//! The limits of the tenant under test: low, so that they are met.

/// So many at once, and one more after each interval.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) burst: u32,
    pub(crate) refill_seconds: u64,
}

pub(crate) const FAILURES: Limit = Limit { burst: 3, refill_seconds: 360 };
pub(crate) const EXCHANGES: Limit = Limit { burst: 3, refill_seconds: 20 };
pub(crate) const PHONE_MESSAGES: Limit = Limit { burst: 2, refill_seconds: 600 };
pub(crate) const PUSHES: Limit = Limit { burst: 2, refill_seconds: 60 };

pub(crate) const WRONG_PASSWORDS: u32 = 2;
pub(crate) const BLOCK_SECONDS: u64 = 300;

/// What is used of a limit, as the one moment when all of it is given back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    whole_at: u64,
}

impl Bucket {
    pub(crate) fn is_used_up(&self, limit: Limit, now: u64) -> bool {
        self.whole_at.saturating_sub(now) > limit.refill_seconds * u64::from(limit.burst - 1)
    }

    pub(crate) fn add(&mut self, limit: Limit, now: u64) {
        self.whole_at = self.whole_at.max(now) + limit.refill_seconds;
    }

    /// Uses one, where there is one.
    pub(crate) fn take(&mut self, limit: Limit, now: u64) -> bool {
        let has_one = !self.is_used_up(limit, now);
        if has_one {
            self.add(limit, now);
        }
        has_one
    }
}
