//! Scripts of pages on other origins.

use auth0_mfa_core::Body;
use auth0_mfa_emulator::{Config, Tenant};
use http::{Request, Response};

use crate::support::*;

const PAGE: &str = "http://localhost:3000";

fn world() -> World {
    World::with(|config| config.applications[1].allowed_origins = vec![PAGE.to_owned()])
}

/// What a browser sends before a script's own request.
fn asked(world: &mut World, origin: &str, path: &str) -> Response<Body> {
    let request = Request::options(format!("https://tenant.example.com{path}"))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "auth0-client,content-type")
        .body(Body::empty());
    world.handle(&request.unwrap())
}

fn sent(world: &mut World, origin: &str) -> Response<Body> {
    let mut request =
        form("grant_type=password&client_id=public-app&username=alice%40example.com&password=wrong");
    request.headers_mut().insert("origin", origin.parse().unwrap());
    world.handle(&request)
}

#[test]
fn a_script_of_an_allowed_page_may_call_and_read_the_reply() {
    let mut world = world();
    for path in ["/oauth/token", "/mfa/challenge", "/mfa/authenticators/totp%7Cdev_1"] {
        let answer = asked(&mut world, PAGE, path);
        assert_eq!((answer.status().as_u16(), answer.body().len()), (204, 0), "{path}");
        assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
        assert_eq!(answer.headers()["access-control-allow-methods"], "GET, POST, DELETE");
        assert_eq!(answer.headers()["access-control-allow-headers"], "auth0-client,content-type");
    }
    let reply = sent(&mut world, PAGE);
    assert_eq!(json(&reply)["error_description"], "Wrong email or password.");
    assert_eq!(reply.headers()["access-control-allow-origin"], PAGE);
    assert_eq!(reply.headers()["vary"], "origin");
    let exposed = reply.headers()["access-control-expose-headers"].to_str().unwrap();
    assert!(exposed.contains("dpop-nonce") && exposed.contains("x-ratelimit-reset"));
}

#[test]
fn a_script_of_another_page_may_not_nor_any_call_the_management_api() {
    let mut world = world();
    for (origin, path) in [
        ("http://localhost:3001", "/oauth/token"),
        ("https://localhost:3000", "/oauth/token"),
        ("null", "/oauth/token"),
        (PAGE, "/api/v2/guardian/factors"),
    ] {
        let answer = asked(&mut world, origin, path);
        assert_eq!(answer.status(), 404, "{origin} {path}");
        assert!(!answer.headers().keys().any(|name| name.as_str().starts_with("access-control")));
    }
    assert!(!sent(&mut world, "http://localhost:3001").headers().contains_key("access-control-allow-origin"));
    let nobody = &mut World::new();
    assert!(!sent(nobody, PAGE).headers().contains_key("access-control-allow-origin"));
}

#[test]
fn a_question_of_a_browser_is_no_request_of_the_user() {
    let mut world = world();
    assert_eq!(asked(&mut world, PAGE, "/oauth/token").status(), 204);
    assert_eq!(world.tenant.events().count(), 0);
}

#[test]
fn what_is_no_origin_is_an_error_of_the_config() {
    for origin in
        ["http://localhost:3000/", "localhost:3000", "*", "https://", "https://*.example.com", "ftp://a"]
    {
        let mut config = Config::default();
        config.applications[1].allowed_origins = vec![origin.to_owned()];
        let error = Tenant::new(config, 1).unwrap_err();
        assert_eq!(error.to_string(), "applications[1].allowed_origins has one that is no scheme and host");
    }
}
