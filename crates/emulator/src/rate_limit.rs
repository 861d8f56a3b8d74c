//! The tenant's rate limit, and the headers that tell of it.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::Timestamp;

const SECONDS: u64 = 60;

/// So many requests a minute, counted by the clock's minutes: the refill is a fixed window.
#[derive(Debug)]
pub(crate) struct RateLimit {
    limit: u32,
    minute: u64,
    used: u32,
}

/// What the headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    limit: u32,
    remaining: u32,
    /// When the bucket is full again, in Unix seconds.
    reset: u64,
    pub(crate) is_over: bool,
}

impl RateLimit {
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit, minute: 0, used: 0 }
    }

    /// Counts a request.
    pub(crate) fn count(&mut self, now: Timestamp) -> Figures {
        let minute = now.unix_seconds() / SECONDS;
        if minute != self.minute {
            (self.minute, self.used) = (minute, 0);
        }
        let is_over = self.used >= self.limit;
        self.used = self.used.saturating_add(1).min(self.limit);
        let reset = minute.saturating_add(1).saturating_mul(SECONDS);
        Figures { limit: self.limit, remaining: self.limit - self.used, reset, is_over }
    }
}

impl Figures {
    pub(crate) fn insert_into(self, headers: &mut HeaderMap) {
        let numbers = [
            ("x-ratelimit-limit", u64::from(self.limit)),
            ("x-ratelimit-remaining", u64::from(self.remaining)),
            ("x-ratelimit-reset", self.reset),
        ];
        for (name, number) in numbers {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
        }
    }
}
