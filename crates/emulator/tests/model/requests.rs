//! The limits of requests: random ones, random requests, and a model that goes through the time second by second.

use auth0_mfa_core::Body;
use auth0_mfa_emulator::{Config, Limit, RateLimits, Tenant, Timestamp};
use http::{Request, Response};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};

use crate::model::START;

const PATHS: [&str; 3] = ["/mfa/authenticators", "/oauth/token", "/api/v2/guardian/factors"];

/// A limit, and when it was used.
#[derive(Clone, Debug)]
struct Bucket {
    limit: Option<Limit>,
    used_at: Vec<u64>,
}

/// What a reply says: whether the request was refused, and the three headers.
type Told = (bool, Option<[u64; 3]>);

impl Bucket {
    fn left(&self, limit: Limit, now: u64) -> u32 {
        (START..=now).fold(limit.burst, |left, second| {
            let is_turn = second % limit.window_seconds == 0 && second > START;
            let given = if is_turn { (left + limit.refill).min(limit.burst) } else { left };
            self.used_at.iter().filter(|used_at| **used_at == second).fold(given, |left, _| left - 1)
        })
    }

    fn take(&mut self, now: u64) -> Told {
        let Some(limit) = self.limit else { return (false, None) };
        let is_over = self.left(limit, now) == 0;
        if !is_over {
            self.used_at.push(now);
        }
        let turn = (now / limit.window_seconds + 1) * limit.window_seconds;
        (is_over, Some([u64::from(limit.burst), u64::from(self.left(limit, now)), turn]))
    }
}

/// The buckets of the Authentication API, of `/oauth/token`, of the Management API.
fn expected([authentication, token, management]: &mut [Bucket; 3], path: usize, now: u64) -> Told {
    match path {
        0 => authentication.take(now),
        1 => match (authentication.take(now), &token.limit) {
            ((true, headers), _) => (true, headers),
            (of_the_api, None) => of_the_api,
            (_, Some(_)) => token.take(now),
        },
        _ => management.take(now),
    }
}

fn told(reply: &Response<Body>) -> Told {
    let header = |name| reply.headers().get(name)?.to_str().ok()?.parse().ok();
    let names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    let numbers: Option<Vec<u64>> = names.into_iter().map(header).collect();
    (reply.status() == 429, numbers.map(|numbers| [numbers[0], numbers[1], numbers[2]]))
}

fn tenant(buckets: &[Bucket; 3]) -> Tenant {
    let mut config = Config::default();
    config.rate_limits = RateLimits::none();
    config.rate_limits.authentication = buckets[0].limit;
    config.rate_limits.token = buckets[1].limit;
    config.rate_limits.management = buckets[2].limit;
    Tenant::new(config, 1).expect("a good config")
}

fn bucket() -> impl Strategy<Value = Bucket> {
    let limit =
        (0_u32..6, 1_u32..8, 1_u64..70).prop_map(|(burst, refill, window)| Limit::new(burst, refill, window));
    proptest::option::weighted(0.8, limit).prop_map(|limit| Bucket { limit, used_at: Vec::new() })
}

#[test]
fn the_tenant_and_the_model_agree_on_every_request_and_its_headers() {
    let buckets = [bucket(), bucket(), bucket()];
    let wait = prop_oneof![3 => Just(0_u64), 1 => 1_u64..80];
    let requests = proptest::collection::vec((0..PATHS.len(), wait), 1..60);
    let mut runner = TestRunner::new(Cases { cases: 200, ..crate::config(0) });
    let outcome = runner.run(&(buckets, requests), |(mut buckets, requests)| {
        let mut tenant = tenant(&buckets);
        let mut now = START;
        for (path, wait) in requests {
            now += wait;
            let method = if path == 1 { "POST" } else { "GET" };
            let request = Request::builder().method(method).uri(PATHS[path]).body(&b""[..]);
            let reply = tenant.handle(&request.expect("a request"), Timestamp::from_unix_seconds(now));
            prop_assert_eq!(told(&reply), expected(&mut buckets, path, now), "{} at {}", PATHS[path], now);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
