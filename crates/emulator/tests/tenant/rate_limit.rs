//! The tenant's rate limit and its headers.

use auth0_mfa_core::Body;

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
