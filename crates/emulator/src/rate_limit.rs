//! The buckets of the tenant's requests, and the headers that tell of them.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::bucket::Bucket;
use crate::endpoints::{self, TOKEN_PATH};
use crate::{Limit, RateLimits, Timestamp};

/// A bucket for each limit that there is.
#[derive(Debug)]
pub(crate) struct Requests {
    authentication: Option<Counter>,
    token: Option<Counter>,
    management: Option<Counter>,
}

#[derive(Debug)]
struct Counter {
    limit: Limit,
    bucket: Bucket,
}

/// What the headers say: of one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    limit: u32,
    remaining: u32,
    /// When more is given back, in Unix seconds.
    reset: u64,
    pub(crate) is_over: bool,
}

impl Requests {
    /// None where no requests are counted.
    pub(crate) fn of(limits: &RateLimits) -> Option<Self> {
        let RateLimits { authentication, token, management, .. } = *limits;
        let any = authentication.or(token).or(management);
        any.map(|_| Self {
            authentication: authentication.map(Counter::new),
            token: token.map(Counter::new),
            management: management.map(Counter::new),
        })
    }

    /// Counts a request. Answers the figures of its endpoint's bucket, or of the one that is over.
    pub(crate) fn count(&mut self, path: &str, now: Timestamp) -> Option<Figures> {
        let count = |counter: &mut Option<Counter>| counter.as_mut().map(|counter| counter.count(now));
        if endpoints::is_management(path) {
            return count(&mut self.management);
        }
        // As documented: the API's limit is looked at first, and then the endpoint's.
        let of_the_api = count(&mut self.authentication);
        let is_over = of_the_api.is_some_and(|figures| figures.is_over);
        if path != TOKEN_PATH || is_over {
            return of_the_api;
        }
        count(&mut self.token).or(of_the_api)
    }
}

impl Counter {
    fn new(limit: Limit) -> Self {
        Self { limit, bucket: Bucket::default() }
    }

    fn count(&mut self, now: Timestamp) -> Figures {
        let is_over = !self.bucket.take_by_the_clock(self.limit, now);
        let reset = self.bucket.ends_at(self.limit).unix_seconds();
        Figures { limit: self.limit.burst, remaining: self.bucket.left(self.limit), reset, is_over }
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
