//! `POST /oauth/token`, `grant_type=…/mfa-oob`.

use auth0_mfa_core::{
    ErrorCode, FirstFactor, MfaToken, NewAuthenticator, OobCode, PasswordGrant, VerifyWithOob,
};
use auth0_mfa_emulator::{Limit, OobOverLimit, OverLimit, PushAnswer, RefusedPush};

use crate::support::*;

fn challenged(world: &mut World) -> (auth0_mfa_core::MfaRequired, OobCode) {
    let mfa = world.login(DAVE);
    let challenge = world.call(mfa.request_challenge()).unwrap();
    (mfa, challenge.oob_code.unwrap())
}

fn pending() -> ApiFailure {
    let text = "Authorization pending: please repeat the request in a few seconds.";
    refused(400, ErrorCode::AuthorizationPending, text)
}

fn wrong_code() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "Invalid binding_code.")
}

fn malformed() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "Malformed oob_code")
}

#[test]
fn the_code_of_a_message_brings_tokens_once() {
    for means in [phone(), email(), auth0_mfa_emulator::ConfiguredMeans::Voice { phone_number: number() }] {
        let mut world =
            World::with_dave(|config| config.behaviour.mfa_token_ends_with_success = false, vec![means]);
        let (mfa, oob_code) = challenged(&mut world);
        let code = world.sent_code();
        assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Ok(86_400));
        assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Err(malformed()), "it is used up");
    }
}

#[test]
fn a_wrong_code_is_refused_and_the_right_one_still_good() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    for wrong in ["", "x", "00000", "0000000"] {
        let refusal = world.verify_oob(&mfa, &oob_code, Some(wrong)).unwrap_err();
        let missing = refused(400, ErrorCode::InvalidRequest, "Missing required parameter: binding_code");
        assert_eq!(refusal, if wrong.is_empty() { missing } else { wrong_code() });
    }
    let code = world.sent_code();
    assert!(world.verify_oob(&mfa, &oob_code, Some(&code)).is_ok());
}

#[test]
fn a_push_is_pending_until_the_user_accepts_it() {
    let mut world = World::with_dave(|_| {}, vec![push()]);
    let (mfa, oob_code) = challenged(&mut world);
    assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
    assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
    world.answer_push(PushAnswer::Approve);
    assert!(world.verify_oob(&mfa, &oob_code, None).is_ok());
}

#[test]
fn an_empty_code_with_a_push_is_as_none() {
    let mut world = World::with_dave(|_| {}, vec![push()]);
    let (mfa, oob_code) = challenged(&mut world);
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some("")), Err(pending()));
}

#[test]
fn a_refused_push_is_final_and_a_new_challenge_goes_on() {
    for (setting, status, code) in [
        (RefusedPush::AccessDenied, 400, ErrorCode::AccessDenied),
        (RefusedPush::InvalidGrant, 403, ErrorCode::InvalidGrant),
    ] {
        let mut world = World::with_dave(|config| config.behaviour.refused_push = setting, vec![push()]);
        let (mfa, oob_code) = challenged(&mut world);
        world.answer_push(PushAnswer::Deny);
        let expected = refused(status, code, "MFA Authorization rejected.");
        assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(expected.clone()));
        assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(expected));
        let challenge = world.call(mfa.request_challenge()).unwrap();
        world.answer_push(PushAnswer::Approve);
        assert!(world.verify_oob(&mfa, &challenge.oob_code.unwrap(), None).is_ok());
    }
}

#[test]
fn an_oob_code_ends_after_five_minutes_before_its_mfa_token() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    let code = world.sent_code();
    world.pass(299);
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some("x")), Err(wrong_code()));
    world.pass(1);
    let expired = refused(401, ErrorCode::ExpiredToken, "oob_code is expired");
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Err(expired));
    let challenge = world.call(mfa.request_challenge()).unwrap();
    let code = world.sent_code();
    assert!(world.verify_oob(&mfa, &challenge.oob_code.unwrap(), Some(&code)).is_ok());
}

#[test]
fn an_oob_code_is_good_in_its_own_login_only() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let (_, oob_code) = challenged(&mut world);
    let code = world.sent_code();
    let other = world.login(DAVE);
    let mixed = refused(400, ErrorCode::InvalidRequest, "The oob_code doesn't match the mfa_token");
    assert_eq!(world.verify_oob(&other, &oob_code, Some(&code)), Err(mixed));
}

#[test]
fn what_is_no_oob_code_is_malformed() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    let text = oob_code.expose();
    for garbled in ["x", &text[..text.len() - 1], &text.replace('*', ".")] {
        let garbled = OobCode::parse(garbled).unwrap();
        assert_eq!(world.verify_oob(&mfa, &garbled, Some("123456")), Err(malformed()));
    }
}

#[test]
fn twelve_exchanges_and_then_twelve_a_minute() {
    for (setting, status, code) in [
        (OobOverLimit::SlowDown, 400, ErrorCode::SlowDown),
        (OobOverLimit::TooManyRequests, 429, ErrorCode::TooManyRequests),
    ] {
        let mut world = World::with_dave(|config| config.behaviour.oob_over_limit = setting, vec![push()]);
        let (mfa, oob_code) = challenged(&mut world);
        for _ in 0..12 {
            assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
        }
        let refusal = world.verify_oob(&mfa, &oob_code, None).unwrap_err();
        assert_eq!((refusal.0, refusal.1), (status, code.clone()));
        let (other, others) = challenged(&mut world);
        assert_eq!(world.verify_oob(&other, &others, None), Err(pending()), "another login has its own");
        for _ in 0..3 {
            world.pass(59);
            assert_eq!(world.verify_oob(&mfa, &oob_code, None).unwrap_err().1, code);
            world.pass(1);
            for _ in 0..12 {
                assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
            }
            assert_eq!(world.verify_oob(&mfa, &oob_code, None).unwrap_err().1, code);
        }
    }
}

#[test]
fn wrong_codes_and_wrong_one_time_passwords_are_counted_together() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    for _ in 0..5 {
        assert_eq!(world.verify_oob(&mfa, &oob_code, Some("x")), Err(wrong_code()));
        assert_eq!(world.verify(&mfa, "x").map(|_| ()).map_err(failure), Err(wrong_otp()));
    }
    let code = world.sent_code();
    let refusal = world.verify_oob(&mfa, &oob_code, Some(&code)).unwrap_err();
    assert_eq!((refusal.0, refusal.1), (429, ErrorCode::TooManyAttempts));
    world.tenant =
        World::with_dave(|config| config.behaviour.over_limit = OverLimit::SameAsWrong, vec![phone()]).tenant;
    let (mfa, oob_code) = challenged(&mut world);
    for _ in 0..10 {
        let _ = world.verify(&mfa, "x");
    }
    let code = world.sent_code();
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Err(wrong_code()));
}

#[test]
fn an_enrolment_begun_with_an_access_token_is_confirmed_with_it() {
    for confirms in [true, false] {
        let mut world = World::with(|config| config.behaviour.access_token_confirms = confirms);
        let call = PasswordGrant::new(BOB, password_of(BOB)).for_mfa_api(&[]);
        let FirstFactor::Tokens(tokens) = world.call(call).unwrap() else { panic!("tokens") };
        let token = MfaToken::parse(tokens.access_token.expose()).unwrap();
        let call =
            auth0_mfa_core::AddAuthenticator::new(token.clone().into(), NewAuthenticator::Sms(number()));
        let (association, _) = world.call(call).unwrap().into_parts();
        let oob_code = association.oob_code.unwrap();
        let code = auth0_mfa_core::BindingCode::verbatim(world.sent_code());
        let confirmed = world.call(VerifyWithOob::new(token, oob_code).with_binding_code(code));
        assert_eq!(confirmed.is_ok(), confirms);
        assert_eq!(world.tenant.user(BOB).unwrap().is_enrolled(), confirms);
    }
}

#[test]
fn the_confirmation_of_a_first_factor_brings_the_recovery_code_when_that_is_asked_for() {
    for brings in [false, true] {
        let mut world = World::with(|config| config.behaviour.confirmation_brings_recovery_code = brings);
        for second in [false, true] {
            let mfa = world.login(BOB);
            let oob_code = if second {
                world.call(mfa.request_challenge()).unwrap().oob_code
            } else {
                world.enrol(&mfa, NewAuthenticator::Sms(number())).unwrap().0.oob_code
            };
            let code = auth0_mfa_core::BindingCode::verbatim(world.sent_code());
            let call = mfa.verify_with_oob(oob_code.unwrap()).with_binding_code(code);
            let (_, new_code) = world.call(call).unwrap().into_parts();
            let expected = (brings && !second).then(|| world.code_of(BOB));
            assert_eq!(new_code.issued().map(|code| code.expose().to_owned()), expected);
        }
    }
}

#[test]
fn the_status_of_pending_is_a_setting() {
    let mut world = World::with_dave(
        |config| config.behaviour.pending_status = http::StatusCode::FORBIDDEN,
        vec![push()],
    );
    let (mfa, oob_code) = challenged(&mut world);
    assert_eq!(world.verify_oob(&mfa, &oob_code, None).unwrap_err().0, 403);
}

#[test]
fn how_long_an_oob_code_lives_is_a_setting() {
    let mut world = World::with_dave(|config| config.behaviour.oob_code_lifetime_seconds = 60, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    world.pass(59);
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some("x")), Err(wrong_code()));
    world.pass(1);
    let expired = refused(401, ErrorCode::ExpiredToken, "oob_code is expired");
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some("x")), Err(expired));
}

#[test]
fn how_often_it_is_exchanged_and_the_status_of_slow_down_are_settings() {
    let change = |config: &mut auth0_mfa_emulator::Config| {
        config.behaviour.oob_exchanges = Limit::new(1, 1, 10);
        config.behaviour.slow_down_status = http::StatusCode::TOO_MANY_REQUESTS;
    };
    let mut world = World::with_dave(change, vec![push()]);
    let (mfa, oob_code) = challenged(&mut world);
    assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
    let refusal = world.verify_oob(&mfa, &oob_code, None).unwrap_err();
    assert_eq!((refusal.0, refusal.1), (429, ErrorCode::SlowDown));
    world.pass(10);
    assert_eq!(world.verify_oob(&mfa, &oob_code, None), Err(pending()));
}

#[test]
fn an_authenticator_that_is_deleted_meanwhile_brings_no_tokens() {
    let mut world =
        World::with_dave(|config| config.behaviour.mfa_token_removes_authenticators = true, vec![phone()]);
    let (mfa, oob_code) = challenged(&mut world);
    let code = world.sent_code();
    let id = world.list(&mfa)[0].id.clone().unwrap();
    let token = auth0_mfa_core::MfaApiToken::parse(mfa.mfa_token().expose()).unwrap();
    world.call(auth0_mfa_core::DeleteAuthenticator::new(token, id)).unwrap();
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Err(malformed()));
}

#[test]
fn a_wrong_code_may_end_the_login() {
    let mut world =
        World::with_dave(|config| config.behaviour.mfa_token_ends_with_failure = true, vec![phone(), push()]);
    let mfa = world.login(DAVE);
    let polled = world.challenge(&mfa, "push").unwrap().oob_code.unwrap();
    assert_eq!(world.verify_oob(&mfa, &polled, None), Err(pending()));
    assert_eq!(world.verify_oob(&mfa, &polled, None), Err(pending()), "an early poll is no failure");
    let oob_code = world.challenge(&mfa, "sms").unwrap().oob_code.unwrap();
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some("x")), Err(wrong_code()));
    let code = world.sent_code();
    let ended = refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token");
    assert_eq!(world.verify_oob(&mfa, &oob_code, Some(&code)), Err(ended));
}

#[test]
fn exchanges_with_an_access_token_have_the_limit_too() {
    let mut world = World::with(|config| config.behaviour.over_limit_retry_after = true);
    let call = PasswordGrant::new(BOB, password_of(BOB)).for_mfa_api(&[]);
    let FirstFactor::Tokens(tokens) = world.call(call).unwrap() else { panic!("tokens") };
    let token = MfaToken::parse(tokens.access_token.expose()).unwrap();
    let call = auth0_mfa_core::AddAuthenticator::new(token.clone().into(), NewAuthenticator::Push);
    let (association, _) = world.call(call).unwrap().into_parts();
    let oob_code = association.oob_code.unwrap();
    let mut poll =
        || world.call(VerifyWithOob::new(token.clone(), oob_code.clone())).map(|_| ()).unwrap_err();
    for _ in 0..12 {
        assert_eq!(failure(poll()), pending());
    }
    let error = poll();
    assert_eq!(error.info().unwrap().retry_after.unwrap().as_secs(), 60);
    assert_eq!(failure(error).1, ErrorCode::SlowDown);
}

#[test]
fn no_recovery_code_comes_with_a_confirmation_while_the_factor_is_off() {
    let mut world = World::with(|config| config.behaviour.confirmation_brings_recovery_code = true);
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Sms(number())).unwrap();
    world.tenant.set_recovery_codes(false);
    let code = auth0_mfa_core::BindingCode::verbatim(world.sent_code());
    let call = mfa.verify_with_oob(association.oob_code.unwrap()).with_binding_code(code);
    let (_, new_code) = world.call(call).unwrap().into_parts();
    assert!(new_code.issued().is_none());
}
