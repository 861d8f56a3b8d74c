//! Ten wrong codes a user, one given back every six minutes.

use auth0_mfa_core::{CodeState, ErrorCode};
use auth0_mfa_emulator::{Limit, OverLimit};

use crate::support::*;

const MINUTE: u64 = 60;

/// Sends ten wrong recovery codes. Each has a login of its own, so nothing but the user ties them together.
fn spend_all_tries(world: &mut World, user: &str) {
    for _ in 0..10 {
        assert_eq!(world.recover_with(user, "WRONG").map(|_| ()), Err(rejected()));
    }
}

fn is_locked(failure: &Result<(), ApiFailure>) -> bool {
    matches!(failure, Err((429, ErrorCode::TooManyAttempts, _)))
}

#[test]
fn after_ten_wrong_codes_even_a_right_one_is_refused_and_not_spent() {
    let mut world = World::new();
    let code = world.code_of(ALICE);
    spend_all_tries(&mut world, ALICE);
    let mfa = world.login(ALICE);
    for attempt in [code.as_str(), "WRONG"] {
        let error = world.recover(&mfa, attempt).map(|_| ()).expect_err("locked out");
        assert_eq!(error.code_state(), CodeState::Unknown);
        assert!(is_locked(&Err(failure(error))), "{attempt}");
    }
    assert_eq!(world.code_of(ALICE), code);
    world.pass(6 * MINUTE);
    assert!(world.recover_with(ALICE, &code).is_ok(), "after six minutes there is one more try");
}

#[test]
fn tries_come_back_one_by_one_and_never_more_than_ten() {
    let mut world = World::new();
    spend_all_tries(&mut world, ALICE);
    world.pass(6 * MINUTE - 1);
    assert!(is_locked(&world.recover_with(ALICE, "WRONG").map(|_| ())));
    world.pass(1);
    assert_eq!(world.recover_with(ALICE, "WRONG").map(|_| ()), Err(rejected()));
    assert!(is_locked(&world.recover_with(ALICE, "WRONG").map(|_| ())));
    world.pass(24 * 60 * MINUTE);
    spend_all_tries(&mut world, ALICE);
    assert!(is_locked(&world.recover_with(ALICE, "WRONG").map(|_| ())));
}

#[test]
fn the_limit_is_the_users_own() {
    let mut world = World::new();
    spend_all_tries(&mut world, BOB);
    let code = world.code_of(ALICE);
    assert!(world.recover_with(ALICE, &code).is_ok());
}

#[test]
fn one_time_passwords_have_a_limit_of_their_own() {
    let mut world = World::new();
    let code = world.code_of(ALICE);
    let mfa = world.login(ALICE);
    for _ in 0..10 {
        assert_eq!(world.verify(&mfa, "000000").map(|_| ()).map_err(failure), Err(wrong_otp()));
    }
    let otp = world.otp_of(ALICE);
    assert!(is_locked(&world.verify(&mfa, &otp).map(|_| ()).map_err(failure)));
    assert!(world.recover(&mfa, &code).is_ok(), "recovery codes are counted apart");
    world.pass(6 * MINUTE);
    let otp = world.otp_of(ALICE);
    let mfa = world.login(ALICE);
    assert!(world.verify(&mfa, &otp).is_ok());
}

#[test]
fn the_answer_over_the_limit_may_be_that_of_a_wrong_code() {
    let mut world = World::with(|config| config.behaviour.over_limit = OverLimit::SameAsWrong);
    let code = world.code_of(ALICE);
    spend_all_tries(&mut world, ALICE);
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    assert_eq!(world.code_of(ALICE), code);
    let mfa = world.login(ALICE);
    for _ in 0..10 {
        let _ = world.verify(&mfa, "000000");
    }
    let otp = world.otp_of(ALICE);
    assert_eq!(world.verify(&mfa, &otp).map(|_| ()).map_err(failure), Err(wrong_otp()));
}

#[test]
fn a_right_code_over_the_limit_may_be_spent() {
    let mut world = World::with(|config| config.behaviour.over_limit_spends_code = true);
    let code = world.code_of(ALICE);
    spend_all_tries(&mut world, ALICE);
    assert!(is_locked(&world.recover_with(ALICE, "WRONG").map(|_| ())));
    assert_eq!(world.code_of(ALICE), code, "a wrong one spends nothing");
    assert!(is_locked(&world.recover_with(ALICE, &code).map(|_| ())));
    world.pass(6 * MINUTE);
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
}

#[test]
fn when_to_try_again_is_said_only_when_that_is_asked_for() {
    for (says, expected) in [(false, None), (true, Some(360))] {
        let mut world = World::with(|config| config.behaviour.over_limit_retry_after = says);
        spend_all_tries(&mut world, ALICE);
        let mfa = world.login(ALICE);
        let error = world.recover(&mfa, "WRONG").map(|_| ()).expect_err("locked out");
        let retry_after = error.info().and_then(|info| info.retry_after);
        assert_eq!(retry_after.map(|wait| wait.as_secs()), expected);
    }
}

#[test]
fn how_many_and_how_often_are_settings() {
    let mut world = World::with(|config| config.behaviour.failures = Limit::new(2, 1, 5));
    for _ in 0..2 {
        assert_eq!(world.recover_with(ALICE, "WRONG").map(|_| ()), Err(rejected()));
    }
    assert!(is_locked(&world.recover_with(ALICE, "WRONG").map(|_| ())));
    world.pass(5);
    assert_eq!(world.recover_with(ALICE, "WRONG").map(|_| ()), Err(rejected()));
}
