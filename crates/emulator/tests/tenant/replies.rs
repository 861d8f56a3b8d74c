//! What every reply has, and what is no call.

use auth0_mfa_core::Body;

use crate::support::*;

fn request(method: &str, path: &str) -> http::Request<Body> {
    let uri = format!("https://tenant.example.com{path}");
    http::Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request")
}

fn header<'a>(response: &'a http::Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

#[test]
fn successes_and_errors_have_the_recorded_headers() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let bearer = format!("Bearer {}", mfa.mfa_token().expose());
    let mut list = request("GET", "/mfa/authenticators");
    list.headers_mut().insert("authorization", bearer.parse().expect("a header"));
    for (request, content_type) in [
        (form("grant_type=password&client_id=public-app"), "application/json"),
        (form("grant_type=password&client_id=x&username=a&password=b"), "application/json"),
        (list, "application/json; charset=utf-8"),
        (request("GET", "/mfa/authenticators"), "application/json; charset=utf-8"),
        (request("POST", "/mfa/associate"), "application/json; charset=utf-8"),
        (request("GET", "/nothing"), "application/json; charset=utf-8"),
    ] {
        let response = world.handle(&request);
        assert_eq!(header(&response, "content-type"), content_type);
        assert_eq!(header(&response, "cache-control"), "no-store");
        let id = header(&response, "x-auth0-requestid").to_owned();
        assert!(id.len() == 20 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        assert_ne!(header(&world.handle(&request), "x-auth0-requestid"), id);
    }
}

#[test]
fn what_is_no_endpoint_is_not_found() {
    let mut world = World::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/oauth/token"),
        ("PUT", "/oauth/token"),
        ("POST", "/oauth/token/"),
        ("POST", "/OAUTH/TOKEN"),
        ("POST", "/mfa/authenticators"),
        ("GET", "/mfa/associate"),
        ("POST", "/mfa"),
    ] {
        let response = world.handle(&request(method, path));
        assert_eq!(response.status(), 404, "{method} {path}");
        assert_eq!(json(&response)["error"], "not_found", "{method} {path}");
    }
}

#[test]
fn a_query_is_no_part_of_the_path() {
    let mut world = World::new();
    assert_eq!(world.handle(&request("GET", "/mfa/authenticators?x=1")).status(), 401);
}

#[test]
fn a_request_that_cannot_be_read_is_refused_by_the_name_of_its_parameter() {
    let grant = |name: &str| format!("http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2F{name}");
    let mut world = World::new();
    for (body, description) in [
        (String::new(), "Missing required parameter: grant_type"),
        ("grant_type=".to_owned(), "Missing required parameter: grant_type"),
        ("grant_type=password&client_id=public-app".to_owned(), "Missing required parameter: username"),
        (
            "grant_type=password&client_id=public-app&username=a".to_owned(),
            "Missing required parameter: password",
        ),
        (
            format!("grant_type={}&client_id=public-app&mfa_token=x", grant("mfa-otp")),
            "Missing required parameter: otp",
        ),
        (
            format!("grant_type={}&client_id=public-app&mfa_token=x", grant("mfa-recovery-code")),
            "Missing required parameter: recovery_code",
        ),
        (
            format!("grant_type={}&client_id=public-app&otp=1", grant("mfa-otp")),
            "Missing required parameter: mfa_token",
        ),
        (
            "grant_type=password&client_id=public-app&username=a&username=b&password=c".to_owned(),
            "Repeated parameter: username",
        ),
    ] {
        let response = world.handle(&form(&body));
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(json(&response)["error"], "invalid_request", "{body}");
        assert_eq!(json(&response)["error_description"], description, "{body}");
    }
    let response = world.handle(&token_request("text/plain", "grant_type=password"));
    assert_eq!(response.status(), 400);
    let response = world.handle(&form("grant_type=authorization_code&client_id=public-app"));
    assert_eq!(json(&response)["error"], "unsupported_grant_type");
}

#[test]
fn a_tenant_may_leave_replies_unmarked_for_caches() {
    let mut world = World::with(|config| config.behaviour.no_store = false);
    assert!(!world.handle(&form("")).headers().contains_key("cache-control"));
}

#[test]
fn what_the_tenant_says_of_itself_may_be_kept() {
    let mut world = World::new();
    for name in ["openid-configuration", "jwks.json"] {
        let url = format!("https://tenant.example.com/.well-known/{name}");
        let response = world.handle(&http::Request::get(url).body(Body::default()).unwrap());
        assert_eq!(response.status(), 200, "{name}");
        assert!(!response.headers().contains_key("cache-control"), "{name}");
    }
    assert_eq!(world.handle(&form("")).headers()["cache-control"], "no-store");
}
