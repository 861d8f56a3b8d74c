//! How many messages a user can be sent.

use auth0_mfa_core::{ErrorCode, NewAuthenticator};
use auth0_mfa_emulator::{Limit, SendOverLimit};

use crate::support::*;

/// Sends all that can be sent now. Answers how many, and the refusal.
fn all(world: &mut World, kind: &str) -> (usize, ApiFailure) {
    let mfa = world.login(DAVE);
    for sent in 0..100 {
        if let Err(refusal) = world.challenge(&mfa, kind) {
            return (sent, refusal);
        }
    }
    panic!("there is no limit");
}

#[test]
fn each_channel_has_the_published_limit() {
    for (kind, burst, refill, window) in [("sms", 10, 1, 3_600), ("email", 20, 1, 60), ("push", 5, 5, 60)] {
        let mut world = World::with_dave(|_| {}, vec![phone(), email(), push()]);
        let (sent, refusal) = all(&mut world, kind);
        assert_eq!((sent, refusal.0, refusal.1), (burst, 429, ErrorCode::TooManyAttempts), "{kind}");
        world.pass(window - 1);
        assert_eq!(all(&mut world, kind).0, 0, "{kind}");
        world.pass(1);
        assert_eq!(all(&mut world, kind).0, refill, "{kind}");
        world.pass(1_000 * window);
        assert_eq!(all(&mut world, kind).0, burst, "never more than the burst");
    }
}

#[test]
fn the_limit_of_each_channel_is_a_setting() {
    let change = |config: &mut auth0_mfa_emulator::Config| {
        config.behaviour.phone_messages = Limit::new(1, 1, 10);
        config.behaviour.emails = Limit::new(2, 1, 10);
        config.behaviour.pushes = Limit::new(3, 1, 10);
    };
    let mut world = World::with_dave(change, vec![phone(), email(), push()]);
    for (kind, burst) in [("sms", 1), ("email", 2), ("push", 3)] {
        assert_eq!(all(&mut world, kind).0, burst, "{kind}");
    }
    world.pass(10);
    for kind in ["sms", "email", "push"] {
        assert_eq!(all(&mut world, kind).0, 1, "{kind}");
    }
}

#[test]
fn one_channel_does_not_use_up_another_and_the_user_is_not_locked_out() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push()]);
    let mfa = world.login(DAVE);
    let oob_code = world.challenge(&mfa, "sms").unwrap().oob_code.unwrap();
    let code = world.sent_code();
    all(&mut world, "sms");
    assert!(world.challenge(&mfa, "push").is_ok());
    assert!(world.verify_oob(&mfa, &oob_code, Some(&code)).is_ok());
}

#[test]
fn enrolments_use_it_too_and_what_is_refused_is_not_added() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    for index in 0..10 {
        let number =
            if index % 2 == 0 { NewAuthenticator::Sms(number()) } else { NewAuthenticator::Voice(number()) };
        let _ = world.enrol(&mfa, number).unwrap();
    }
    let before = world.list(&mfa).len();
    let refusal = world.enrol(&mfa, NewAuthenticator::Sms(number())).map(|_| ()).unwrap_err();
    assert_eq!(refusal.1, ErrorCode::TooManyAttempts);
    assert_eq!(world.list(&mfa).len(), before);
    assert!(world.enrol(&mfa, NewAuthenticator::Otp).is_ok(), "an app needs no message");
}

#[test]
fn the_answer_is_a_setting() {
    let mut world = World::with_dave(
        |config| {
            config.behaviour.send_over_limit = SendOverLimit::TooManyRequests;
            config.behaviour.over_limit_retry_after = true;
        },
        vec![push()],
    );
    assert_eq!(all(&mut world, "push").1.1, ErrorCode::TooManyRequests);
    let mfa = world.login(DAVE);
    let error = world.call(mfa.request_challenge()).map(|_| ()).unwrap_err();
    assert_eq!(error.info().unwrap().retry_after.unwrap().as_secs(), 60);
}
