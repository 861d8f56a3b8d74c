//! `POST /mfa/challenge`.

use auth0_mfa_core::{AuthenticatorId, ClientAuth, ErrorCode, MfaToken, RequestChallenge};
use auth0_mfa_emulator::{NotEnrolled, UnknownAuthenticator};

use crate::support::*;

fn of_type(world: &mut World, user: &str, challenge_type: &str) -> Result<String, ApiFailure> {
    let mfa = world.login(user);
    let call = mfa.request_challenge().challenge_type(challenge_type);
    world.call(call).map(|challenge| challenge.challenge_type).map_err(failure)
}

fn request(content_type: &str, body: &str) -> http::Request<auth0_mfa_core::Body> {
    http::Request::post("https://tenant.example.com/mfa/challenge")
        .header("content-type", content_type)
        .body(auth0_mfa_core::Body::from(body.as_bytes().to_vec()))
        .unwrap()
}

#[test]
fn an_app_needs_no_message_and_its_challenge_is_one_word() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let body = format!(r#"{{"client_id":"public-app","mfa_token":"{}"}}"#, mfa.mfa_token().expose());
    let response = world.handle(&request("application/json", &body));
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(std::str::from_utf8(response.body().expose()).unwrap(), r#"{"challenge_type":"otp"}"#);
    assert_eq!(world.tenant.outbox().count(), 0);
}

#[test]
fn a_message_has_an_oob_code_and_a_push_no_binding_method() {
    for (means, binding_method, length) in
        [(phone(), Some("prompt"), 578), (email(), Some("prompt"), 578), (push(), None, 620)]
    {
        let mut world = World::with_dave(|_| {}, vec![means]);
        let mfa = world.login(DAVE);
        let challenge = world.call(mfa.request_challenge()).unwrap();
        assert_eq!(challenge.challenge_type, "oob");
        assert_eq!(challenge.binding_method.as_deref(), binding_method);
        assert_eq!((challenge.expires_in, challenge.interval), (None, None), "in no recording");
        let oob_code = challenge.oob_code.unwrap();
        assert_eq!(oob_code.expose().len(), length);
        assert_eq!(oob_code.expose().split('*').count(), 8);
        assert!(oob_code.expose().starts_with("Fe26.2*"));
        assert_eq!(world.tenant.outbox().count(), 1);
    }
}

#[test]
fn a_form_is_taken_as_well_as_json() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let body = format!("client_id=public-app&challenge_type=otp&mfa_token={}", mfa.mfa_token().expose());
    assert_eq!(world.handle(&request("application/x-www-form-urlencoded", &body)).status(), 200);
}

#[test]
fn the_authenticator_that_is_named_is_challenged() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push(), email()]);
    let mfa = world.login(DAVE);
    for (kind, binding_method) in [("push", None), ("email", Some("prompt")), ("sms", Some("prompt"))] {
        let challenge = world.challenge(&mfa, kind).unwrap();
        assert_eq!(challenge.binding_method.as_deref(), binding_method);
        let message = world.tenant.outbox().next_back().unwrap();
        assert!(message.authenticator_id.starts_with(kind));
    }
}

#[test]
fn without_a_name_the_one_that_was_used_last_is_challenged_and_a_verified_address_at_the_very_last() {
    let mut world = World::with_dave(|config| config.users[2].email_verified = true, vec![phone(), push()]);
    let channel = |world: &World| world.tenant.outbox().next_back().unwrap().channel.as_str();
    let mfa = world.login(DAVE);
    world.call(mfa.request_challenge()).unwrap();
    assert_eq!(channel(&world), "sms", "the oldest, while none was used");
    let challenge = world.challenge(&mfa, "push").unwrap();
    world.answer_push(auth0_mfa_emulator::PushAnswer::Approve);
    world.verify_oob(&mfa, &challenge.oob_code.unwrap(), None).unwrap();
    let mfa = world.login(DAVE);
    world.call(mfa.request_challenge()).unwrap();
    assert_eq!(channel(&world), "push");
}

#[test]
fn the_types_that_the_client_can_handle_narrow_the_choice() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    assert_eq!(of_type(&mut world, DAVE, "oob"), Ok("oob".to_owned()));
    assert_eq!(of_type(&mut world, DAVE, "otp  oob"), Ok("oob".to_owned()));
    let unsupported = |status, requested: &str| {
        let text = format!(
            "The user does not support the requested challenge type ({requested}). Supported type: oob."
        );
        Err(refused(status, ErrorCode::UnsupportedChallengeType, &text))
    };
    assert_eq!(of_type(&mut world, DAVE, "otp"), unsupported(400, "otp"));
    assert_eq!(of_type(&mut world, DAVE, "recovery-code"), unsupported(400, "recovery-code"));
    let mut world = World::with_dave(
        |config| config.behaviour.unsupported_challenge_status = http::StatusCode::UNAUTHORIZED,
        vec![phone()],
    );
    assert_eq!(of_type(&mut world, DAVE, "otp"), unsupported(401, "otp"));
}

#[test]
fn a_user_without_a_confirmed_authenticator_is_not_enrolled() {
    for (setting, code) in [
        (NotEnrolled::UnsupportedChallengeType, ErrorCode::UnsupportedChallengeType),
        (NotEnrolled::AssociationRequired, ErrorCode::AssociationRequired),
    ] {
        let mut world = World::with(|config| config.behaviour.not_enrolled = setting);
        let mfa = world.login(BOB);
        let _ = world.added(&mfa);
        let refusal = of_type(&mut world, BOB, "otp oob").unwrap_err();
        assert_eq!((refusal.0, refusal.1), (400, code));
    }
}

#[test]
fn an_authenticator_that_cannot_be_challenged_is_refused_as_the_setting_says() {
    for (setting, status, code) in [
        (UnknownAuthenticator::InvalidRequest, 400, "invalid_request"),
        (UnknownAuthenticator::InvalidAuthenticator, 400, "invalid_authenticator"),
        (UnknownAuthenticator::NotFound, 404, "not_found"),
    ] {
        let mut world = World::with(|config| config.behaviour.unknown_authenticator = setting);
        let mfa = world.login(ALICE);
        let recovery_code = world.list(&mfa).iter().find(|it| it.is_recovery_code()).unwrap().id.clone();
        for id in [AuthenticatorId::parse("sms|dev_none").ok(), recovery_code] {
            let call = mfa.request_challenge().authenticator(id.unwrap());
            let refusal = world.call(call).map_err(failure).unwrap_err();
            assert_eq!((refusal.0, refusal.1), (status, ErrorCode::parse(code)));
        }
    }
}

#[test]
fn the_type_may_be_left_out_unless_it_is_required() {
    for (required, status) in [(false, 200), (true, 400)] {
        let mut world = World::with(|config| config.behaviour.challenge_type_required = required);
        let mfa = world.login(ALICE);
        let body = format!(r#"{{"client_id":"public-app","mfa_token":"{}"}}"#, mfa.mfa_token().expose());
        let response = world.handle(&request("application/json", &body));
        assert_eq!(response.status(), status);
        if required {
            assert_eq!(json(&response)["error_description"], "Missing required parameter: challenge_type");
        }
        assert_eq!(of_type(&mut world, ALICE, "otp"), Ok("otp".to_owned()));
    }
}

#[test]
fn a_bad_client_or_token_is_refused_and_nothing_is_sent() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let mfa = world.login(DAVE);
    let confidential = |auth| application("confidential-app", auth);
    let bad = refused(401, ErrorCode::AccessDenied, "Unauthorized");
    for auth in [ClientAuth::None, ClientAuth::SecretPost(secret("wrong"))] {
        let refusal = world.call_as(&confidential(auth), mfa.request_challenge()).map_err(failure);
        assert_eq!(refusal.unwrap_err(), bad);
    }
    let other = confidential(ClientAuth::SecretPost(secret("fake-client-secret")));
    let refusal = world.call_as(&other, mfa.request_challenge()).map_err(failure).unwrap_err();
    assert_eq!(refusal, refused(400, ErrorCode::InvalidRequest, "mfa_token not issued to this client"));
    let garbled = RequestChallenge::new(MfaToken::parse("Fe26.2*garbled").unwrap());
    let malformed = refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token");
    assert_eq!(world.call(garbled).map_err(failure).unwrap_err(), malformed);
    world.pass(600);
    let expired = refused(401, ErrorCode::ExpiredToken, "mfa_token is expired");
    assert_eq!(world.call(mfa.request_challenge()).map_err(failure).unwrap_err(), expired);
    assert_eq!(world.tenant.outbox().count(), 0);
}

#[test]
fn a_secret_in_the_header_is_taken_unless_it_is_not() {
    for (takes, is_taken) in [(true, true), (false, false)] {
        let mut world = World::with(|config| config.behaviour.challenge_takes_basic = takes);
        let basic = application("confidential-app", ClientAuth::SecretBasic(secret("fake-client-secret")));
        world.application = basic;
        let mfa = world.login(ALICE);
        assert_eq!(world.call(mfa.request_challenge()).is_ok(), is_taken);
    }
}

#[test]
fn an_access_token_is_no_mfa_token_here() {
    let mut world = World::new();
    let call = auth0_mfa_core::PasswordGrant::new(BOB, password_of(BOB)).for_mfa_api(&[]);
    let auth0_mfa_core::FirstFactor::Tokens(tokens) = world.call(call).unwrap() else { panic!("tokens") };
    let call = RequestChallenge::new(MfaToken::parse(tokens.access_token.expose()).unwrap());
    let malformed = refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token");
    assert_eq!(world.call(call).map_err(failure).unwrap_err(), malformed);
}

#[test]
fn how_long_and_how_often_is_said_when_that_is_asked_for() {
    let mut world = World::with_dave(|config| config.behaviour.challenge_says_times = true, vec![push()]);
    let mfa = world.login(DAVE);
    let challenge = world.call(mfa.request_challenge()).unwrap();
    assert_eq!(challenge.expires_in.unwrap().as_secs(), 300);
    assert_eq!(challenge.interval.unwrap().as_secs(), 5);
}

#[test]
fn a_verified_address_is_the_last_choice_even_after_it_was_used() {
    let mut world = World::with_dave(|config| config.users[2].email_verified = true, vec![phone()]);
    let mfa = world.login(DAVE);
    let oob_code = world.challenge(&mfa, "email").unwrap().oob_code.unwrap();
    let code = world.sent_code();
    world.verify_oob(&mfa, &oob_code, Some(&code)).unwrap();
    let mfa = world.login(DAVE);
    world.call(mfa.request_challenge()).unwrap();
    assert_eq!(world.tenant.outbox().next_back().unwrap().channel.as_str(), "sms");
}

#[test]
fn an_authenticator_of_another_type_than_the_client_can_handle_is_refused() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let mfa = world.login(DAVE);
    let id = world.list(&mfa).into_iter().find_map(|it| it.id).unwrap();
    let call = mfa.request_challenge().challenge_type("otp").authenticator(id);
    let refusal = world.call(call).map_err(failure).unwrap_err();
    assert_eq!(refusal.1, ErrorCode::UnsupportedChallengeType);
    assert_eq!(world.tenant.outbox().count(), 0);
}
