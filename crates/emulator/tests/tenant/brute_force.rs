//! Too many wrong passwords block a user.

use std::net::IpAddr;

use auth0_mfa_core::{ErrorCode, Password, PasswordGrant};

use crate::support::*;

fn log_in(world: &mut World, user: &str, password: &str) -> Result<(), ApiFailure> {
    world.call(PasswordGrant::new(user, Password::new(password))).map(|_| ()).map_err(failure)
}

#[test]
fn after_ten_wrong_passwords_even_the_right_one_is_refused_for_thirty_days() {
    let mut world = World::new();
    for _ in 0..10 {
        assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
    }
    let refusal = log_in(&mut world, ALICE, "fake-password-alice").expect_err("blocked");
    assert_eq!((refusal.0, refusal.1), (429, ErrorCode::TooManyAttempts));
    assert!(
        refusal.2.starts_with("Your account has been blocked after multiple consecutive login attempts.")
    );
    assert_eq!(log_in(&mut world, BOB, "fake-password-bob"), Ok(()), "the block is the user's own");
    world.pass(30 * 86_400 - 1);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice").expect_err("blocked").0, 429);
    world.pass(1);
    assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()), "all tries are back");
}

#[test]
fn a_right_password_gives_every_try_back() {
    let mut world = World::with(|config| config.behaviour.password_failures_allowed = 2);
    for _ in 0..3 {
        assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
        assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
    }
}

#[test]
fn the_block_is_for_the_address_of_the_end_user() {
    let mut world = World::with(|config| {
        config.behaviour.password_failures_allowed = 1;
        config.applications[1].client_secret = Some(secret("fake-secret"));
        config.applications[1].is_token_endpoint_ip_header_trusted = true;
    });
    let mut status = |caller: &str, forwarded: &str, password: &str| {
        let body = format!(
            "grant_type=password&client_id=public-app&client_secret=fake-secret&username={ALICE}&password={password}"
        );
        let request = http::Request::post("https://tenant.example.com/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("auth0-forwarded-for", forwarded)
            .extension(caller.parse::<IpAddr>().expect("an address"))
            .body(body.as_bytes());
        let response = world.tenant.handle(&request.expect("a request"), world.now);
        json(&response)["error"].as_str().expect("a refusal").to_owned()
    };
    let (one, other, proxy) = ("203.0.113.7", "203.0.113.8", "198.51.100.2");
    assert_eq!(status(one, "", "wrong"), "invalid_grant");
    assert_eq!(status(one, "", "fake-password-alice"), "too_many_attempts");
    assert_eq!(status(other, "", "fake-password-alice"), "mfa_required");
    assert_eq!(
        status(proxy, one, "fake-password-alice"),
        "too_many_attempts",
        "it is the end user's that counts"
    );
    assert_eq!(status(one, other, "fake-password-alice"), "mfa_required");
}

#[test]
fn how_long_the_block_lasts_is_a_setting() {
    let mut world = World::with(|config| {
        config.behaviour.password_failures_allowed = 1;
        config.behaviour.password_block_seconds = 60;
    });
    assert_eq!(log_in(&mut world, ALICE, "wrong").expect_err("wrong").0, 403);
    world.pass(59);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice").expect_err("blocked").0, 429);
    world.pass(1);
    assert_eq!(log_in(&mut world, ALICE, "fake-password-alice"), Ok(()));
}
