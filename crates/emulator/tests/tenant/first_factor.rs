//! `POST /oauth/token`, `grant_type=password`.

use auth0_mfa_core::{ErrorCode, FirstFactor, MfaRequirements, Password, PasswordGrant};
use auth0_mfa_emulator::{LoginRefusal, MfaPolicy};

use crate::support::*;

#[test]
fn a_right_password_asks_for_a_second_factor_with_a_token_of_the_recorded_form() {
    let mut world = World::new();
    let response = world.handle(&form(
        "grant_type=password&client_id=public-app&username=alice%40example.com&password=fake-password-alice",
    ));
    assert_eq!(response.status(), 403);
    let body = json(&response);
    assert_eq!(body["error"], "mfa_required");
    assert_eq!(body["error_description"], "Multifactor authentication required");
    let token = body["mfa_token"].as_str().expect("a token");
    assert!(token.starts_with("Fe26.2*"));
    assert_eq!((token.len(), token.matches('*').count()), (1_986, 7));
    assert!(body.get("mfa_requirements").is_none());
}

#[test]
fn a_user_without_an_authenticator_is_asked_too_and_each_login_has_a_token_of_its_own() {
    let mut world = World::new();
    let (first, second) = (world.login(BOB), world.login(BOB));
    assert_ne!(first.mfa_token().expose(), second.mfa_token().expose());
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_told_the_same() {
    let mut world = World::new();
    for (user, password) in
        [(ALICE, "wrong"), (ALICE, "fake-password-alice "), (ALICE, "fake-password-bob"), ("nobody", "wrong")]
    {
        let refusal = world.call(PasswordGrant::new(user, Password::new(password))).map_err(failure);
        let expected = refused(403, ErrorCode::InvalidGrant, "Wrong email or password.");
        assert_eq!(refusal.map(|_| ()), Err(expected), "{user}");
    }
}

#[test]
fn a_right_password_is_not_enough_for_a_user_whom_something_else_keeps_out() {
    for (refusal, status, code, text) in [
        (LoginRefusal::Blocked, 401, ErrorCode::Unauthorized, "user is blocked"),
        (LoginRefusal::DeniedByAction, 403, ErrorCode::AccessDenied, "An Action has denied the login."),
        (LoginRefusal::PasswordLeaked, 401, ErrorCode::PasswordLeaked, ""),
        (
            LoginRefusal::RequiresVerification,
            401,
            ErrorCode::RequiresVerification,
            "Suspicious request requires verification",
        ),
    ] {
        let mut world = World::with(|config| config.users[0].login_refusal = Some(refusal));
        let call = || PasswordGrant::new(ALICE, password_of(ALICE));
        let expected = Err(refused(status, code, text));
        assert_eq!(world.call(call()).map(|_| ()).map_err(failure), expected, "{refusal:?}");
        let wrong =
            world.call(PasswordGrant::new(ALICE, Password::new("wrong"))).map(|_| ()).map_err(failure);
        assert_eq!(wrong.unwrap_err().2, "Wrong email or password.", "{refusal:?}");
        assert!(world.tenant.events().all(|event| event.kind.code() == "fepft"));
        world.login(BOB);
    }
}

#[test]
fn a_users_name_is_taken_in_any_case() {
    let mut world = World::new();
    assert!(world.call(PasswordGrant::new("Alice@Example.COM", password_of(ALICE))).is_ok());
}

#[test]
fn without_a_policy_a_password_is_enough() {
    let mut world = World::with(|config| config.mfa_policy = MfaPolicy::Never);
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope("openid offline_access read:all");
    let Ok(FirstFactor::Tokens(tokens)) = world.call(call) else { panic!("tokens are expected") };
    assert_eq!(tokens.token_type.as_deref(), Some("Bearer"));
    assert_eq!(tokens.expires_in.expect("a lifetime").as_secs(), 86_400);
    assert_eq!(tokens.scope.as_deref(), Some("openid offline_access read:all"));
    assert!(tokens.id_token.is_some() && tokens.refresh_token.is_some());
}

#[test]
fn id_and_refresh_tokens_come_with_their_scopes_only() {
    let mut world = World::with(|config| config.mfa_policy = MfaPolicy::Never);
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope("openid_x offline");
    let Ok(FirstFactor::Tokens(tokens)) = world.call(call) else { panic!("tokens are expected") };
    assert!(tokens.id_token.is_none() && tokens.refresh_token.is_none());
}

#[test]
fn the_status_of_mfa_required_is_a_setting() {
    let mut world =
        World::with(|config| config.behaviour.mfa_required_status = http::StatusCode::UNAUTHORIZED);
    let response = world.handle(&form(
        "grant_type=password&client_id=public-app&username=alice%40example.com&password=fake-password-alice",
    ));
    assert_eq!(response.status(), 401);
}

#[test]
fn a_customizable_tenant_says_what_can_be_challenged_and_what_enrolled() {
    let mut world = World::with(|config| config.behaviour.customizable_mfa = true);
    let requirements = |challenge: &[&str], enroll: &[&str]| {
        let mut requirements = MfaRequirements::default();
        requirements.challenge = challenge.iter().map(|word| (*word).to_owned()).collect();
        requirements.enroll = enroll.iter().map(|word| (*word).to_owned()).collect();
        requirements
    };
    assert_eq!(world.login(ALICE).requirements(), &requirements(&["otp", "recovery-code"], &[]));
    assert_eq!(world.login(BOB).requirements(), &requirements(&[], &["otp", "phone", "push-notification"]));
    world.tenant.set_recovery_codes(false);
    assert_eq!(world.login(ALICE).requirements(), &requirements(&["otp"], &[]));
}

#[test]
fn a_login_may_come_as_a_form_or_as_json() {
    let mut world = World::new();
    let as_json = r#"{"grant_type":"password","client_id":"public-app","username":"alice@example.com","password":"fake-password-alice"}"#;
    for request in [
        token_request("application/json", as_json),
        token_request("application/json; charset=utf-8", as_json),
        form(
            "grant_type=password&client_id=public-app&username=alice@example.com&password=fake-password-alice",
        ),
    ] {
        assert_eq!(json(&world.handle(&request))["error"], "mfa_required");
    }
}
