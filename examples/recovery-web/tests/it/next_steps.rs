//! What is said to be next, for what Auth0 can answer.

use crate::OLD_CODE;
use crate::site::{Site, log_in};
use crate::tenant::{Answer, FakeTenant, json, refused};

#[test]
fn each_refusal_of_a_code_says_what_to_do() {
    for (answer, step, state, advice) in [
        (refused("too_many_attempts", "x"), "wait_for_unlock", "unknown", "while tries are locked"),
        (refused("too_many_requests", "x"), "wait_for_reset", "intact", "Too many requests"),
        (refused("unauthorized_client", "x"), "ask_administrator", "intact", "settings are wrong"),
        (refused("invalid_request", "x"), "fix_request", "intact", "did not accept the request"),
        (refused("invalid_grant", "Malformed mfa_token"), "log_in_again", "intact", "log in again"),
        (refused("made_up", "x"), "unknown", "unknown", "tell the people who run"),
    ] {
        let (site, _tenant) = Site::answering([answer]);
        let (_, page) = site.after_recovery(OLD_CODE);
        assert_eq!((page.next_step(), page.code_state()), (Some(step), Some(state)));
        assert!(page.body.contains(advice), "{step}: {page:?}");
    }
}

#[test]
fn each_refusal_of_a_password_says_what_to_do() {
    for (error, description, step, advice) in [
        ("invalid_grant", "Wrong email or password.", "try_again", "Try again"),
        ("requires_verification", "x", "log_in_with_browser", "on its own page"),
        ("password_leaked", "x", "reset_password", "must be reset"),
        ("unauthorized", "user is blocked", "stop", "Ask your administrator"),
        ("server_error", "x", "send_again_if_safe", "trouble of its own"),
    ] {
        let page = after_password(refused(error, description));
        assert_eq!((page.title(), page.next_step()), ("Log in", Some(step)));
        assert!(page.body.contains(advice), "{step}: {page:?}");
    }
}

#[test]
fn the_time_that_auth0_asks_to_wait_is_said() {
    let mut answer = json(429, r#"{"error":"too_many_requests"}"#).unwrap();
    answer.headers_mut().insert("retry-after", http::HeaderValue::from_static("17"));
    assert!(after_password(Ok(answer)).body.contains("Auth0 asks to wait 17 seconds."));
}

fn after_password(answer: Answer) -> crate::browser::Page {
    let (_tenant, transport) = FakeTenant::new([answer]);
    let site = Site::over(transport, "https://tenant.example.com");
    log_in(&mut site.browser())
}
