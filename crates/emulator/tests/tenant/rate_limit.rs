//! The tenant's rate limit and its headers.

use auth0_mfa_core::{Body, ErrorCode, Password, PasswordGrant};
use auth0_mfa_emulator::Limit;

use crate::support::*;

fn figures(response: &http::Response<Body>) -> Vec<Option<&str>> {
    let header = |name| response.headers().get(name).map(|value| value.to_str().expect("text"));
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(header).to_vec()
}

fn get(path: &str) -> http::Request<Body> {
    http::Request::get(format!("https://tenant.example.com{path}")).body(Body::empty()).expect("a request")
}

#[test]
fn replies_tell_what_is_left_and_over_the_limit_nothing_is_looked_at() {
    let mut world = World::with(|config| config.requests_per_minute = Some(2));
    let login = form(
        "grant_type=password&client_id=public-app&username=alice%40example.com&password=fake-password-alice",
    );
    let reset = Some("1700000040");
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("1"), reset]);
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("0"), reset]);
    let over = world.handle(&login);
    assert_eq!(figures(&over), [Some("2"), Some("0"), reset]);
    assert_eq!(over.status(), 429);
    assert_eq!(json(&over)["error"], "too_many_requests");
    assert_eq!(json(&over)["error_description"], "Rate limit exceeded.");
    let management = json(&world.handle(&get("/api/v2/guardian/factors")));
    assert_eq!(management["message"], "Global limit has been reached");
    assert_eq!(
        (&management["statusCode"], &management["errorCode"]),
        (&429.into(), &"too_many_requests".into())
    );
    world.pass(40);
    assert_eq!(figures(&world.handle(&login)), [Some("2"), Some("1"), Some("1700000100")]);
}

#[test]
fn without_a_limit_there_are_no_such_headers() {
    assert_eq!(figures(&World::new().handle(&get("/.well-known/jwks.json"))), [None, None, None]);
}

#[test]
fn one_user_can_log_in_so_often_and_then_as_often_as_is_given_back() {
    let mut world = World::with(|config| config.logins_per_user = Some(Limit::new(2, 6)));
    let log_in = |world: &mut World, user, password| {
        let call = PasswordGrant::new(user, Password::new(password));
        world.call(call).map(drop).map_err(failure)
    };
    let over = || Err(refused(429, ErrorCode::TooManyRequests, "Rate limit exceeded."));
    assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), over());
    assert_eq!(world.tenant.events().last().expect("an event").kind.code(), "limit_sul");
    assert_eq!(log_in(&mut world, BOB, "fake-password-bob"), Ok(()), "the limit is the user's own");
    world.pass(6);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), over());
}
