//! The grants beside `password`: at a realm, by refresh token, and of the application itself.

use auth0_mfa_core::{
    CallError, ClientAuth, ErrorCode, FirstFactor, MfaRequired, PasswordGrant, PasswordRealmGrant,
    RefreshToken, RefreshTokenGrant, TokenSet,
};
use auth0_mfa_emulator::{Config, MfaOnRefresh, MfaPolicy, TokenFormat};

use crate::jwt;
use crate::support::*;

const OFFLINE: &str = "openid offline_access read:orders";

fn log_in(world: &mut World) -> TokenSet {
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope(OFFLINE);
    match world.call(call).expect("the password is right") {
        FirstFactor::Tokens(tokens) => tokens,
        FirstFactor::MfaRequired(mfa) => {
            let otp = world.otp_of(ALICE);
            world.verify(&mfa, &otp).expect("the one-time password is right")
        }
    }
}

fn refresh_token(tokens: &TokenSet) -> String {
    tokens.refresh_token.as_ref().expect("a refresh token").expose().to_owned()
}

fn grant(token: &str) -> RefreshTokenGrant {
    RefreshTokenGrant::new(RefreshToken::parse(token).expect("a refresh token"))
}

fn refresh(world: &mut World, token: &str) -> Result<TokenSet, ApiFailure> {
    match world.call(grant(token)).map_err(failure)? {
        FirstFactor::Tokens(tokens) => Ok(tokens),
        FirstFactor::MfaRequired(_) => panic!("no second factor is asked for"),
    }
}

fn asked_for_mfa(answer: Result<FirstFactor, CallError<RefreshTokenGrant>>) -> MfaRequired {
    match answer {
        Ok(FirstFactor::MfaRequired(mfa)) => mfa,
        other => panic!("a second factor is asked for: {other:?}"),
    }
}

fn unknown() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "Unknown or invalid refresh token.")
}

fn without_mfa(change: impl FnOnce(&mut Config)) -> World {
    World::with(|config| {
        config.mfa_policy = MfaPolicy::Never;
        change(config);
    })
}

#[test]
fn a_realm_is_the_name_of_the_connection() {
    let mut world = World::new();
    let login = |realm: &str| PasswordRealmGrant::new(realm, PasswordGrant::new(ALICE, password_of(ALICE)));
    let answer = world.call(login("Username-Password-Authentication")).expect("the password is right");
    assert!(matches!(answer, FirstFactor::MfaRequired(_)));
    let refusal = world.call(login("other")).map(|_| ()).map_err(failure);
    assert_eq!(refusal, Err(refused(400, ErrorCode::InvalidRequest, "Unknown or invalid realm.")));
    let mut world = World::with(|config| config.connection = "other".to_owned());
    assert!(world.call(login("other")).is_ok());
}

#[test]
fn a_refresh_token_brings_new_tokens_and_stays() {
    let mut world = World::new();
    let token = refresh_token(&log_in(&mut world));
    world.pass(100);
    for _ in 0..2 {
        let tokens = refresh(&mut world, &token).expect("it is good");
        assert!(tokens.refresh_token.is_none() && tokens.id_token.is_some());
        assert_eq!(tokens.scope.as_deref(), Some(OFFLINE));
        let claims = jwt::verified(&mut world, tokens.access_token.expose());
        assert_eq!(claims["iat"], START.unix_seconds() + 100);
    }
}

#[test]
fn a_refresh_may_ask_for_fewer_scopes_and_gets_no_more() {
    let mut world = World::new();
    let token = refresh_token(&log_in(&mut world));
    let call = grant(&token).scope("read:orders write:orders");
    let FirstFactor::Tokens(tokens) = world.call(call).expect("it is good") else { panic!("tokens") };
    assert_eq!(tokens.scope.as_deref(), Some("read:orders"));
    assert!(tokens.id_token.is_none());
}

#[test]
fn with_rotation_a_refresh_token_is_good_once_and_a_second_use_ends_the_family() {
    let mut world = without_mfa(|config| config.applications[1].refresh_token_rotation = true);
    let first = refresh_token(&log_in(&mut world));
    let second = refresh_token(&refresh(&mut world, &first).expect("it is good"));
    let third = refresh_token(&refresh(&mut world, &second).expect("it is good"));
    assert!(first != second && second != third);
    // One from two uses ago is known for what it is, too.
    assert_eq!(refresh(&mut world, &first).map(|_| ()), Err(unknown()));
    assert_eq!(refresh(&mut world, &third).map(|_| ()), Err(unknown()), "the family has ended");
}

#[test]
fn within_the_leeway_a_second_use_does_no_harm() {
    let mut world = without_mfa(|config| {
        config.applications[1].refresh_token_rotation = true;
        config.applications[1].refresh_token_leeway_seconds = 30;
    });
    let first = refresh_token(&log_in(&mut world));
    let second = refresh_token(&refresh(&mut world, &first).expect("it is good"));
    world.pass(29);
    let third = refresh_token(&refresh(&mut world, &first).expect("the leeway has not passed"));
    world.pass(30);
    assert_eq!(refresh(&mut world, &second).map(|_| ()), Err(unknown()));
    assert_eq!(refresh(&mut world, &third).map(|_| ()), Err(unknown()));
}

#[test]
fn a_refresh_token_of_another_application_or_of_nobody_is_refused() {
    let mut world = World::new();
    let token = refresh_token(&log_in(&mut world));
    for bad in ["fake", "v1.0000000000000000", &format!("{token}x"), "v1.\u{7e}000000000000000"] {
        assert_eq!(refresh(&mut world, bad).map(|_| ()), Err(unknown()), "{bad}");
    }
    let confidential = application("confidential-app", ClientAuth::SecretPost(secret("fake-client-secret")));
    let refusal = world.call_as(&confidential, grant(&token)).map(|_| ()).map_err(failure);
    assert_eq!(refusal, Err(unknown()));
    assert!(refresh(&mut world, &token).is_ok(), "nothing of it ended the family");
}

#[test]
fn a_refresh_needs_the_second_factor_that_the_login_has_not_passed() {
    for (setting, passed, unpassed) in [
        (MfaOnRefresh::UnlessPassed, false, true),
        (MfaOnRefresh::Always, true, true),
        (MfaOnRefresh::Never, false, false),
    ] {
        for (policy, is_asked) in [(MfaPolicy::AllApplications, passed), (MfaPolicy::Never, unpassed)] {
            let mut world = World::with(|config| {
                config.behaviour.mfa_on_refresh = setting;
                config.mfa_policy = policy;
            });
            let token = refresh_token(&log_in(&mut world));
            // The policy is switched on after the login.
            world.tenant.set_mfa_policy(MfaPolicy::AllApplications);
            let answer = world.call(grant(&token)).expect("it is good");
            let asked = matches!(answer, FirstFactor::MfaRequired(_));
            assert_eq!(asked, is_asked, "{setting:?} {policy:?}");
        }
    }
}

#[test]
fn the_second_factor_of_a_refresh_brings_the_tokens_that_it_asked_for() {
    let mut world = World::with(|config| config.behaviour.mfa_on_refresh = MfaOnRefresh::Always);
    let token = refresh_token(&log_in(&mut world));
    let mfa = asked_for_mfa(world.call(grant(&token).scope("read:orders")));
    let code = world.code_of(ALICE);
    let (tokens, _) = world.recover(&mfa, &code).expect("the code is right").into_parts();
    assert_eq!(tokens.scope.as_deref(), Some("read:orders"));
}

#[test]
fn only_an_application_with_the_grant_gets_refresh_tokens() {
    let mut world = without_mfa(|config| {
        config.applications[1].grant_types.retain(|grant| grant != "refresh_token");
    });
    assert!(log_in(&mut world).refresh_token.is_none());
}

#[test]
fn an_application_gets_a_management_token_with_the_scopes_that_it_is_granted() {
    for tokens in [TokenFormat::Jwt, TokenFormat::Opaque] {
        let mut world = World::with(|config| {
            config.applications[0].management_scopes =
                vec!["update:users".to_owned(), "read:users".to_owned()];
            config.tokens = tokens;
        });
        let reply = world.handle(&client_credentials("confidential-app", ""));
        assert_eq!(reply.status(), 200);
        let reply = json(&reply);
        assert_eq!(reply["scope"], "update:users read:users");
        assert!(reply.get("id_token").is_none() && reply.get("refresh_token").is_none());
        let narrowed =
            world.handle(&client_credentials("confidential-app", "&scope=read%3Ausers+delete%3Ausers"));
        assert_eq!(json(&narrowed)["scope"], "read:users");
        if tokens == TokenFormat::Jwt {
            let claims = jwt::verified(&mut world, reply["access_token"].as_str().expect("a token"));
            assert_eq!(claims["sub"], "confidential-app@clients");
            assert_eq!(claims["aud"], "https://tenant.example.com/api/v2/");
            assert_eq!(claims["gty"], "client-credentials");
        }
    }
}

#[test]
fn a_management_token_is_for_an_application_that_proves_itself_and_is_granted_scopes() {
    let mut world = World::new();
    let mut refusal = |request: http::Request<auth0_mfa_core::Body>| {
        let response = world.handle(&request);
        (response.status().as_u16(), json(&response)["error"].as_str().unwrap_or("none").to_owned())
    };
    let expected = |status, error: &str| (status, error.to_owned());
    assert_eq!(refusal(client_credentials("public-app", "")), expected(403, "unauthorized_client"));
    let other = client_credentials("confidential-app", "").map(|body| {
        let text =
            String::from_utf8(body.expose().to_vec()).expect("text").replace("%2Fapi%2Fv2%2F", "%2Fapi%2Fv2");
        auth0_mfa_core::Body::from(text.into_bytes())
    });
    assert_eq!(refusal(other), expected(403, "access_denied"));
    let mut world = World::with(|config| config.applications[0].management_scopes.clear());
    let response = world.handle(&client_credentials("confidential-app", ""));
    assert_eq!((response.status().as_u16(), &json(&response)["error"]), (403, &"access_denied".into()));
}
