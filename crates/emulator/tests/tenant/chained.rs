//! A login that needs a second factor twice.

use auth0_mfa_core::{
    Call, CallError, ErrorCode, FirstFactor, MfaRequired, NewAuthenticator, Otp, PasswordGrant, TokenSet,
};

use crate::support::*;

/// Dave has a phone, Alice an authenticator app, Bob nothing yet.
fn world() -> World {
    World::with_dave(|config| config.behaviour.mfa_is_chained = true, vec![phone()])
}

/// The `mfa_required` that a grant is answered.
fn asked_again<C: Call>(answer: Result<C::Output, CallError<C>>) -> MfaRequired {
    let Err(error) = answer else { panic!("a second factor is required once more") };
    let error = error.api_error().expect("an error of the API");
    assert_eq!((error.status().as_u16(), error.code()), (403, &ErrorCode::MfaRequired));
    error.mfa_required().expect("an mfa_token").clone()
}

fn with_otp(world: &mut World, mfa: &MfaRequired, user: &str) -> MfaRequired {
    let otp = Otp::verbatim(world.otp_of(user));
    asked_again(world.call(mfa.verify_with_otp(otp)))
}

#[test]
fn the_first_one_time_password_brings_a_new_mfa_token_and_the_second_one_the_tokens_of_the_login() {
    let mut world = world();
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope("openid email");
    let Ok(FirstFactor::MfaRequired(first)) = world.call(call) else { panic!("MFA is required") };
    let second = with_otp(&mut world, &first, ALICE);
    assert_ne!(first.mfa_token().expose(), second.mfa_token().expose());
    world.pass(30);
    let otp = world.otp_of(ALICE);
    let refusal = world.verify(&first, &otp).map(|_| ()).map_err(failure);
    assert_eq!(refusal, Err(refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token")), "it has ended");
    let tokens: TokenSet = world.verify(&second, &otp).expect("it was the second one");
    assert_eq!(tokens.scope.as_deref(), Some("openid email"));
    let log: Vec<_> = world.tenant.events().map(|event| event.kind.code()).collect();
    assert_eq!(log, ["mfar", "mfar", "seotpft"]);
}

#[test]
fn a_wrong_code_does_not_count_as_the_first() {
    let mut world = world();
    let mfa = world.login(ALICE);
    assert_eq!(world.verify(&mfa, "000000").map(|_| ()).map_err(failure), Err(wrong_otp()));
    with_otp(&mut world, &mfa, ALICE);
}

#[test]
fn codes_of_messages_and_confirmations_are_chained_too() {
    let mut world = world();
    let mfa = world.login(DAVE);
    let sms = world.challenge(&mfa, "sms").unwrap().oob_code.unwrap();
    let code = auth0_mfa_core::BindingCode::verbatim(world.sent_code());
    let second = asked_again(world.call(mfa.verify_with_oob(sms).with_binding_code(code)));
    let sms = world.challenge(&second, "sms").unwrap().oob_code.unwrap();
    let code = world.sent_code();
    world.verify_oob(&second, &sms, Some(&code)).expect("it was the second one");

    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, NewAuthenticator::Otp).unwrap();
    let second = with_otp(&mut world, &mfa, BOB);
    world.pass(30);
    let otp = world.otp_of(BOB);
    world.verify(&second, &otp).expect("it was the second one");
}

#[test]
fn a_recovery_code_ends_the_login_at_any_turn() {
    let mut world = world();
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    let (_, new) = world.recover(&mfa, &code).map_err(failure).expect("tokens").into_parts();
    let new = new.issued().expect("a new code").expose().to_owned();
    let mfa = world.login(ALICE);
    let second = with_otp(&mut world, &mfa, ALICE);
    let _ = world.recover(&second, &new).map_err(failure).expect("tokens");
}
