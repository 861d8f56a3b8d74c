//! The limits of the tenant under test: low, so that they are met.

/// So many at once, and so many more at the end of each window.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) burst: u32,
    pub(crate) refill: u32,
    pub(crate) seconds: u64,
}

pub(crate) const FAILURES: Limit = Limit { burst: 3, refill: 1, seconds: 360 };
pub(crate) const EXCHANGES: Limit = Limit { burst: 3, refill: 2, seconds: 40 };
pub(crate) const PHONE_MESSAGES: Limit = Limit { burst: 2, refill: 1, seconds: 600 };
pub(crate) const PUSHES: Limit = Limit { burst: 2, refill: 3, seconds: 60 };

pub(crate) const WRONG_PASSWORDS: u32 = 2;
pub(crate) const BLOCK_SECONDS: u64 = 300;

/// What is left of a limit; as long as all of it is, no window runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    running: Option<Window>,
}

#[derive(Clone, Debug)]
struct Window {
    left: u32,
    ends_at: u64,
}

impl Bucket {
    pub(crate) fn is_used_up(&mut self, limit: Limit, now: u64) -> bool {
        while let Some(window) = self.running.as_mut().filter(|window| window.ends_at <= now) {
            window.left += limit.refill;
            window.ends_at += limit.seconds;
            self.running.take_if(|window| window.left >= limit.burst);
        }
        self.running.as_ref().is_some_and(|window| window.left == 0)
    }

    pub(crate) fn add(&mut self, limit: Limit, now: u64) {
        let full = Window { left: limit.burst, ends_at: now + limit.seconds };
        self.running.get_or_insert(full).left -= 1;
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
