//! Access tokens for the MFA API: who gets one, and what it opens.

use auth0_mfa_core::{
    AddAuthenticator, ErrorCode, FirstFactor, ListAuthenticators, MfaApiScope, MfaApiToken, MfaRequired,
    MfaToken, NewAuthenticator, PasswordGrant, TokenSet, VerifyWithOtp, VerifyWithRecoveryCode,
};
use auth0_mfa_core::{Otp, PhoneNumber, RecoveryCode};
use auth0_mfa_emulator::{AuthenticatorConfig, BadAccessToken, ConfiguredMeans, MissingBearer, TokenFormat};

use crate::jwt;
use crate::support::*;

const ALL: [MfaApiScope; 3] =
    [MfaApiScope::Enroll, MfaApiScope::ReadAuthenticators, MfaApiScope::RemoveAuthenticators];

fn ask(world: &mut World, user: &str, scopes: &[MfaApiScope]) -> FirstFactor {
    world
        .call(PasswordGrant::new(user, password_of(user)).for_mfa_api(scopes))
        .expect("the password is right")
}

/// A token of Bob, who has no factor.
fn token(world: &mut World, scopes: &[MfaApiScope]) -> TokenSet {
    match ask(world, BOB, scopes) {
        FirstFactor::Tokens(tokens) => tokens,
        FirstFactor::MfaRequired(_) => panic!("Bob has no factor"),
    }
}

fn asked(answer: FirstFactor) -> MfaRequired {
    match answer {
        FirstFactor::MfaRequired(mfa) => mfa,
        FirstFactor::Tokens(_) => panic!("a second factor is asked for"),
    }
}

fn bearer(tokens: &TokenSet) -> MfaApiToken {
    MfaApiToken::try_from(&tokens.access_token).expect("a token")
}

fn list(world: &mut World, token: MfaApiToken) -> Result<usize, ApiFailure> {
    world
        .call(ListAuthenticators::new(token.into()))
        .map(|listed| listed.authenticators.len())
        .map_err(failure)
}

fn add(world: &mut World, token: MfaApiToken) -> Result<(), ApiFailure> {
    world.call(AddAuthenticator::new(token.into(), NewAuthenticator::Otp)).map(|_| ()).map_err(failure)
}

#[test]
fn a_user_without_a_factor_gets_it_at_once_for_ten_minutes() {
    let mut world = World::new();
    let tokens = token(&mut world, &[]);
    assert_eq!(tokens.expires_in.expect("said").as_secs(), 600);
    assert_eq!(tokens.scope.as_deref(), Some("enroll read:authenticators remove:authenticators"));
    let claims = jwt::verified(&mut world, tokens.access_token.expose());
    assert_eq!(claims["aud"], "https://tenant.example.com/mfa/");
    let fewer = token(&mut world, &[MfaApiScope::ReadAuthenticators]);
    assert_eq!(fewer.scope.as_deref(), Some("read:authenticators"));
}

#[test]
fn a_user_with_a_factor_passes_it_first_whatever_the_policy_says() {
    let mut world = World::with(|config| config.mfa_policy = auth0_mfa_emulator::MfaPolicy::Never);
    let mfa = asked(ask(&mut world, ALICE, &ALL));
    let otp = world.otp_of(ALICE);
    let tokens = world.verify(&mfa, &otp).expect("the one-time password is right");
    assert_eq!(tokens.expires_in.expect("said").as_secs(), 600);
    assert_eq!(list(&mut world, bearer(&tokens)), Ok(2));
    assert_eq!(add(&mut world, bearer(&tokens)), Ok(()), "a second one, which an mfa_token does not add");
}

#[test]
fn it_opens_what_its_scopes_say_and_until_it_is_too_old() {
    for tokens in [TokenFormat::Jwt, TokenFormat::Opaque] {
        let mut world = World::with(|config| config.tokens = tokens);
        let reads = token(&mut world, &[MfaApiScope::ReadAuthenticators]);
        let enrols = token(&mut world, &[MfaApiScope::Enroll]);
        let scope = Err(refused(403, ErrorCode::InsufficientScope, "Insufficient scope"));
        assert_eq!(list(&mut world, bearer(&reads)), Ok(0));
        assert_eq!(add(&mut world, bearer(&reads)), scope);
        assert_eq!(list(&mut world, bearer(&enrols)).map(|_| ()), scope);
        world.pass(599);
        assert_eq!(add(&mut world, bearer(&enrols)), Ok(()));
        world.pass(1);
        let invalid = refused(401, ErrorCode::InvalidToken, "Invalid access token");
        assert_eq!(add(&mut world, bearer(&enrols)), Err(invalid));
    }
}

#[test]
fn the_status_of_a_missing_scope_is_a_setting() {
    let mut world =
        World::with(|config| config.behaviour.insufficient_scope_status = http::StatusCode::UNAUTHORIZED);
    let reads = token(&mut world, &[MfaApiScope::ReadAuthenticators]);
    let refusal = refused(401, ErrorCode::InsufficientScope, "Insufficient scope");
    assert_eq!(add(&mut world, bearer(&reads)), Err(refusal));
}

#[test]
fn a_token_for_another_api_opens_nothing_there() {
    for (audience, setting) in [
        ("https://tenant.example.com/mfa", BadAccessToken::InvalidToken),
        ("https://tenant.example.com/mfa", BadAccessToken::InvalidGrant),
        ("https://orders.example.com", BadAccessToken::InvalidToken),
    ] {
        let mut world = World::with(|config| {
            config.mfa_policy = auth0_mfa_emulator::MfaPolicy::Never;
            config.behaviour.bad_access_token = setting;
        });
        let call = PasswordGrant::new(BOB, password_of(BOB)).audience(audience).scope("enroll");
        let FirstFactor::Tokens(tokens) = world.call(call).expect("tokens") else { panic!("tokens") };
        let refusal = add(&mut world, bearer(&tokens)).expect_err("it is for another API");
        let code = match setting {
            BadAccessToken::InvalidGrant => ErrorCode::InvalidGrant,
            _ => ErrorCode::InvalidToken,
        };
        assert_eq!((refusal.0, refusal.1), (401, code));
    }
}

#[test]
fn its_audience_may_be_another() {
    let mut world =
        World::with(|config| config.mfa_audience = Some("https://fake.auth0.com/mfa/".to_owned()));
    let call = PasswordGrant::new(BOB, password_of(BOB)).audience("https://fake.auth0.com/mfa/");
    let FirstFactor::Tokens(tokens) = world.call(call).expect("tokens") else { panic!("tokens") };
    assert_eq!(list(&mut world, bearer(&tokens)), Ok(0));
}

#[test]
fn it_confirms_what_was_enrolled_with_it_and_recovers_only_when_that_is_set() {
    let mut world = World::new();
    let tokens = token(&mut world, &[]);
    assert_eq!(add(&mut world, bearer(&tokens)), Ok(()));
    let mfa_token = || MfaToken::parse(tokens.access_token.expose()).expect("a token");
    let code = world.code_of(BOB);
    let recover = || VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim(code.as_str()));
    let malformed = refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token");
    assert_eq!(world.call(recover()).map(|_| ()).map_err(failure), Err(malformed.clone()));
    let otp = Otp::verbatim(world.otp_of(BOB));
    assert!(world.call(VerifyWithOtp::new(mfa_token(), otp)).is_ok());
    assert!(world.tenant.user(BOB).expect("a user").is_enrolled());
    assert_eq!(world.call(recover()).map(|_| ()).map_err(failure), Err(malformed.clone()), "not even then");

    let mut world = World::with(|config| config.behaviour.access_token_recovers = true);
    let tokens = token(&mut world, &[]);
    assert_eq!(add(&mut world, bearer(&tokens)), Ok(()));
    let mfa_token = || MfaToken::parse(tokens.access_token.expose()).expect("a token");
    let otp = Otp::verbatim(world.otp_of(BOB));
    assert!(world.call(VerifyWithOtp::new(mfa_token(), otp)).is_ok());
    let code = RecoveryCode::verbatim(world.code_of(BOB));
    assert!(world.call(VerifyWithRecoveryCode::new(mfa_token(), code)).is_ok());

    let mut world = World::with(|config| config.behaviour.access_token_confirms = false);
    let tokens = token(&mut world, &[]);
    assert_eq!(add(&mut world, bearer(&tokens)), Ok(()));
    let otp = Otp::verbatim(world.otp_of(BOB));
    let call = VerifyWithOtp::new(MfaToken::parse(tokens.access_token.expose()).expect("a token"), otp);
    assert_eq!(world.call(call).map(|_| ()).map_err(failure), Err(malformed));
}

#[test]
fn a_call_without_a_bearer_has_two_answers() {
    for (setting, error) in
        [(MissingBearer::InvalidGrant, "invalid_grant"), (MissingBearer::Unauthorized, "unauthorized")]
    {
        let mut world = World::with(|config| config.behaviour.missing_bearer = setting);
        let request = http::Request::get("https://tenant.example.com/mfa/authenticators");
        let response = world.handle(&request.body(auth0_mfa_core::Body::empty()).expect("a request"));
        assert_eq!((response.status().as_u16(), &json(&response)["error"]), (401, &error.into()));
    }
}

#[test]
fn a_user_who_has_only_e_mail_gets_it_at_once() {
    for confirmed in [true, false] {
        let email = AuthenticatorConfig::new(ConfiguredMeans::Email { email: None });
        let phone = PhoneNumber::parse("+15550100123").expect("a number");
        let mut phone = AuthenticatorConfig::new(ConfiguredMeans::Sms { phone_number: phone });
        phone.confirmed = confirmed;
        let mut world = World::with(|config| {
            let bob = config.users.remove(1);
            config.users.push(bob.with_authenticator(email).with_authenticator(phone));
        });
        let answer = ask(&mut world, BOB, &ALL);
        assert_eq!(matches!(answer, FirstFactor::MfaRequired(_)), confirmed);
    }
}
