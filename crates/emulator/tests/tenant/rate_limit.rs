//! The limits of requests and of logins, and their headers.

use std::net::IpAddr;
use std::time::Duration;

use auth0_mfa_core::{Body, ErrorCode, Password, PasswordGrant};
use auth0_mfa_emulator::{Limit, RateLimits};
use serde_json::json;

use crate::support::*;

const JWKS: &str = "/.well-known/jwks.json";
const FACTORS: &str = "/api/v2/guardian/factors";
const TOKEN: &str = "/oauth/token";
const LIST: &str = "/mfa/authenticators";
const ONE_A_MINUTE: Option<Limit> = Some(Limit::new(1, 1, 60));

fn figures(response: &http::Response<Body>) -> Vec<Option<&str>> {
    let header = |name| response.headers().get(name).map(|value| value.to_str().expect("text"));
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(header).to_vec()
}

fn request(path: &str) -> http::Request<Body> {
    let method = if path == TOKEN { "POST" } else { "GET" };
    let uri = format!("https://tenant.example.com{path}");
    http::Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request")
}

/// A tenant with limits, at the beginning of a minute.
fn limited(change: impl FnOnce(&mut RateLimits)) -> World {
    let mut world = World::with(|config| change(&mut config.rate_limits));
    world.pass(40);
    world
}

fn is_over(world: &mut World, path: &str) -> bool {
    world.handle(&request(path)).status() == 429
}

/// Sends requests until one is over the limit. Answers how many were not.
fn flood(world: &mut World, path: &str) -> u32 {
    (0..1_000).find(|_| is_over(world, path)).expect("there is a limit")
}

#[test]
fn replies_tell_what_is_left_and_over_the_limit_nothing_is_looked_at() {
    let mut world = World::with(|config| config.rate_limits.authentication = Some(Limit::new(2, 2, 60)));
    let login = form(
        "grant_type=password&client_id=public-app&username=alice%40example.com&password=fake-password-alice",
    );
    let reset = Some("1700000040");
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("1"), reset]);
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("0"), reset]);
    let over = world.handle(&login);
    assert_eq!(figures(&over), [Some("2"), Some("0"), reset]);
    assert_eq!(over.status(), 429);
    assert_eq!(
        json(&over),
        json!({ "error": "too_many_requests", "error_description": "Rate limit exceeded." })
    );
    assert_eq!(world.tenant.events().count(), 2, "the third login was not looked at");
    world.pass(40);
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("1"), Some("1700000100")]);
}

#[test]
fn the_management_api_refuses_in_its_own_shape() {
    let mut world = limited(|limits| limits.management = Some(Limit::new(1, 1, 1)));
    assert_eq!(figures(&world.handle(&request(FACTORS))), [Some("1"), Some("0"), Some("1700000041")]);
    let over = world.handle(&request(FACTORS));
    assert_eq!(figures(&over), [Some("1"), Some("0"), Some("1700000041")]);
    assert_eq!(over.status(), 429);
    let expected = json!({
        "statusCode": 429, "error": "Too Many Requests", "message": "Global limit has been reached",
        "errorCode": "too_many_requests",
    });
    assert_eq!(json(&over), expected);
}

#[test]
fn without_a_limit_there_are_no_such_headers() {
    assert_eq!(figures(&World::new().handle(&request(JWKS))), [None, None, None]);
    let mut world = limited(|limits| limits.token = ONE_A_MINUTE);
    for path in [JWKS, LIST, FACTORS] {
        assert_eq!(figures(&world.handle(&request(path))), [None, None, None], "{path}");
    }
    assert_eq!(figures(&world.handle(&request(TOKEN)))[0], Some("1"));
}

#[test]
fn the_plans_have_the_published_limits() {
    let logins = Some(Limit::new(20, 10, 60));
    let of = |limits: RateLimits| [limits.authentication, limits.token, limits.management];
    let published = |burst, refill, seconds| Some(Limit::new(burst, refill, seconds));
    for (plan, requests) in [
        (RateLimits::free(), [published(300, 300, 60), published(30, 30, 1), published(2, 2, 1)]),
        (RateLimits::essentials(), [published(25, 25, 1), None, None]),
        (RateLimits::enterprise(), [published(100, 100, 1), None, published(50, 16, 1)]),
    ] {
        assert_eq!((of(plan), plan.logins_per_user), (requests, logins));
    }
    assert_eq!(of(RateLimits::none()), [None; 3]);
    assert_eq!(RateLimits::none(), RateLimits::default());
    assert_eq!(RateLimits::none().logins_per_user, None);
}

#[test]
fn requests_are_given_back_at_the_end_of_the_window_and_never_more_than_the_burst() {
    let plans = [RateLimits::free(), RateLimits::essentials(), RateLimits::enterprise()];
    for (plan, path, burst, refill, window) in [
        (0, LIST, 300, 300, 60),
        (0, TOKEN, 30, 30, 1),
        (0, FACTORS, 2, 2, 1),
        (1, LIST, 25, 25, 1),
        (1, TOKEN, 25, 25, 1),
        (2, LIST, 100, 100, 1),
        (2, TOKEN, 100, 100, 1),
        (2, FACTORS, 50, 16, 1),
    ] {
        let mut world = limited(|limits| *limits = plans[plan]);
        assert_eq!(flood(&mut world, path), burst, "{path}");
        let millisecond = Duration::from_millis(1);
        world.now = world.now.plus(Duration::from_secs(window) - millisecond);
        assert_eq!(flood(&mut world, path), 0, "{path}: the window has not ended");
        world.now = world.now.plus(millisecond);
        assert_eq!(flood(&mut world, path), refill, "{path}: the refill, whole");
        world.pass(1_000 * window);
        assert_eq!(flood(&mut world, path), burst, "{path}: the burst, and no more");
    }
}

#[test]
fn a_window_is_the_clocks_whenever_the_first_request_came() {
    let mut world = limited(|limits| limits.authentication = Some(Limit::new(5, 6, 60)));
    world.pass(59);
    assert_eq!(flood(&mut world, JWKS), 5);
    world.pass(1);
    assert_eq!(flood(&mut world, JWKS), 5);
}

#[test]
fn a_tenant_may_be_silent_of_limits_under_mfa() {
    let mut world = World::with(|config| {
        config.rate_limits.authentication = Some(Limit::new(2, 2, 60));
        config.behaviour.rate_limit_headers_of_mfa = false;
    });
    assert_eq!(figures(&world.handle(&request(LIST))), [None; 3]);
    assert_eq!(figures(&world.handle(&request(JWKS)))[1], Some("0"), "it was counted all the same");
    let over = world.handle(&request(LIST));
    assert_eq!((over.status().as_u16(), figures(&over)), (429, vec![None; 3]));
}

#[test]
fn a_flood_of_one_api_leaves_the_other_free() {
    let mut world = limited(|limits| *limits = RateLimits::free());
    flood(&mut world, FACTORS);
    assert!(!is_over(&mut world, TOKEN) && !is_over(&mut world, LIST));
    flood(&mut world, TOKEN);
    world.pass(1);
    flood(&mut world, TOKEN);
    assert!(!is_over(&mut world, FACTORS));
    flood(&mut world, LIST);
    assert!(!is_over(&mut world, FACTORS));
    assert!(is_over(&mut world, LIST) && is_over(&mut world, TOKEN));
}

#[test]
fn the_token_endpoint_has_a_bucket_of_its_own_within_the_authentication_apis() {
    let mut world = limited(|limits| {
        limits.authentication = Some(Limit::new(6, 6, 60));
        limits.token = Some(Limit::new(2, 2, 1));
    });
    let second = |second: u64| (1_700_000_040 + second).to_string();
    let (minute, first) = (second(60), second(1));
    assert_eq!(figures(&world.handle(&request(TOKEN))), [Some("2"), Some("1"), Some(&first)]);
    assert_eq!(figures(&world.handle(&request(LIST))), [Some("6"), Some("4"), Some(&minute)]);
    assert_eq!(flood(&mut world, TOKEN), 1);
    let own = world.handle(&request(LIST));
    assert_eq!(own.status(), 401, "the API's bucket is not empty");
    assert_eq!(figures(&own), [Some("6"), Some("1"), Some(&minute)], "refused ones have counted, too");
    world.pass(1);
    assert_eq!(figures(&world.handle(&request(TOKEN))), [Some("2"), Some("1"), Some(&second(2))]);
    let over = world.handle(&request(TOKEN));
    assert_eq!(over.status(), 429);
    assert_eq!(figures(&over), [Some("6"), Some("0"), Some(&minute)], "those of the bucket that is over");
    world.pass(59);
    assert_eq!(flood(&mut world, TOKEN), 2);
}

#[test]
fn a_reset_fills_the_buckets() {
    let mut world = limited(|limits| limits.authentication = ONE_A_MINUTE);
    flood(&mut world, JWKS);
    world.tenant.reset();
    assert_eq!(flood(&mut world, JWKS), 1);
}

fn log_in(world: &mut World, user: &str, password: &str) -> Result<(), ApiFailure> {
    let call = PasswordGrant::new(user, Password::new(password));
    world.call(call).map(drop).map_err(failure)
}

fn too_many_logins() -> Result<(), ApiFailure> {
    Err(refused(429, ErrorCode::TooManyRequests, "Rate limit exceeded."))
}

#[test]
fn one_user_can_log_in_so_often_and_then_as_often_as_is_given_back() {
    let mut world = World::with(|config| config.rate_limits.logins_per_user = Some(Limit::new(2, 1, 6)));
    assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), too_many_logins());
    assert_eq!(world.tenant.events().last().expect("an event").kind.code(), "limit_sul");
    assert_eq!(log_in(&mut world, BOB, "fake-password-bob"), Ok(()), "the limit is the user's own");
    world.pass(6);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), too_many_logins());
}

#[test]
fn logins_are_counted_by_the_address_of_the_end_user() {
    let mut world = World::with(|config| {
        config.rate_limits.logins_per_user = Some(Limit::new(1, 1, 60));
        config.applications[1].client_secret = Some(secret("fake-secret"));
        config.applications[1].is_token_endpoint_ip_header_trusted = true;
    });
    let body = "grant_type=password&client_id=public-app&client_secret=fake-secret\
                &username=alice%40example.com&password=fake-password-alice";
    let mut status = |caller: &str, forwarded: Option<&str>| {
        let mut request = http::Request::post("https://tenant.example.com/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded");
        request = forwarded.into_iter().fold(request, |it, ip| it.header("auth0-forwarded-for", ip));
        let request = request.extension(caller.parse::<IpAddr>().expect("an address")).body(body.as_bytes());
        world.tenant.handle(&request.expect("a request"), world.now).status().as_u16()
    };
    let (one, other, proxy) = ("203.0.113.7", "203.0.113.8", "198.51.100.2");
    assert_eq!([status(one, None), status(one, None)], [403, 429]);
    assert_eq!([status(other, None), status(other, None)], [403, 429]);
    assert_eq!(status(proxy, Some(one)), 429, "it is the end user's that counts");
    assert_eq!([status(proxy, None), status(proxy, None)], [403, 429]);
}

#[test]
fn a_plan_lets_one_user_log_in_twenty_times_and_then_ten_times_a_minute() {
    for plan in [RateLimits::free(), RateLimits::essentials(), RateLimits::enterprise()] {
        let mut world = World::with(|config| config.rate_limits.logins_per_user = plan.logins_per_user);
        for (wait, logins) in [(0, 20), (59, 0), (1, 10), (60, 10), (6_000, 20)] {
            world.pass(wait);
            for _ in 0..logins {
                assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
            }
            assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), too_many_logins());
        }
    }
}
