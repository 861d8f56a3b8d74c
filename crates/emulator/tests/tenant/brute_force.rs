//! Too many wrong passwords block a user.

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
