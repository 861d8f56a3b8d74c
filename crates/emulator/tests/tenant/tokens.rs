//! The tokens, as a client verifies them that knows nothing but the base URL.

use auth0_mfa_core::{Body, MfaRequired, Otp, PasswordGrant, TokenSet, VerifyWithOtp};
use auth0_mfa_emulator::{MfaPolicy, TokenFormat};
use serde_json::Value;

use crate::jwt;
use crate::support::*;

fn login(world: &mut World, scope: Option<&str>, audience: Option<&str>) -> TokenSet {
    let mut call = PasswordGrant::new(ALICE, password_of(ALICE));
    if let Some(scope) = scope {
        call = call.scope(scope);
    }
    if let Some(audience) = audience {
        call = call.audience(audience);
    }
    match world.call(call).expect("the password is right") {
        auth0_mfa_core::FirstFactor::Tokens(tokens) => tokens,
        auth0_mfa_core::FirstFactor::MfaRequired(mfa) => verified(world, &mfa),
    }
}

fn verified(world: &mut World, mfa: &MfaRequired) -> TokenSet {
    let otp = Otp::verbatim(world.otp_of(ALICE));
    let call = VerifyWithOtp::new(mfa.mfa_token().clone(), otp);
    world.call(call).expect("the one-time password is right").into_parts().0
}

fn get(world: &mut World, uri: &str) -> Value {
    let request = http::Request::get(uri).body(Body::empty()).expect("a request");
    let response = world.handle(&request);
    assert_eq!(response.status(), 200, "{uri}");
    json(&response)
}

#[test]
fn an_access_token_says_what_auth0_s_says_and_is_verified_by_the_key_set() {
    let mut world = World::new();
    let tokens = login(&mut world, Some("openid read:orders"), Some("https://orders.example.com"));
    let claims = jwt::verified(&mut world, tokens.access_token.expose());
    assert_eq!(claims["iss"], "https://tenant.example.com/");
    assert_eq!(claims["sub"], world.tenant.user(ALICE).expect("a user").user_id());
    let audiences = serde_json::json!(["https://orders.example.com", "https://tenant.example.com/userinfo"]);
    assert_eq!(claims["aud"], audiences);
    assert_eq!(claims["iat"], 1_700_000_000);
    assert_eq!(claims["exp"], 1_700_000_000 + 86_400);
    assert_eq!((&claims["azp"], &claims["scope"]), (&"public-app".into(), &"openid read:orders".into()));
    assert_eq!(tokens.scope.as_deref(), Some("openid read:orders"));
    assert!(claims.get("amr").is_none() && claims.get("cnf").is_none());
}

#[test]
fn an_id_token_says_who_the_user_is_by_the_scopes() {
    let mut world = World::with(|config| config.users[0].email_verified = true);
    let tokens = login(&mut world, Some("openid email profile"), None);
    let claims = jwt::verified(&mut world, tokens.id_token.expect("an ID token").expose());
    assert_eq!(claims["iss"], "https://tenant.example.com/");
    assert_eq!(claims["aud"], "public-app");
    assert_eq!((&claims["name"], &claims["nickname"]), (&ALICE.into(), &"alice".into()));
    assert_eq!((&claims["email"], &claims["email_verified"]), (&ALICE.into(), &true.into()));
    assert_eq!(claims["exp"], 1_700_000_000 + 36_000);
    // Tokens of the MFA API do not tell that there was a second factor.
    assert!(claims.get("amr").is_none() && claims.get("nonce").is_none());

    world.pass(60);
    let tokens = login(&mut world, Some("openid"), None);
    let claims = jwt::verified(&mut world, tokens.id_token.expect("an ID token").expose());
    assert!(claims.get("email").is_none() && claims.get("name").is_none());
    assert!(claims["sub"].as_str().expect("a text").starts_with("auth0|"));
}

#[test]
fn an_address_that_is_not_verified_is_said_to_be_so() {
    let mut world = World::new();
    let tokens = login(&mut world, Some("openid email"), None);
    let claims = jwt::verified(&mut world, tokens.id_token.expect("an ID token").expose());
    assert_eq!((&claims["email"], &claims["email_verified"]), (&ALICE.into(), &false.into()));
}

#[test]
fn without_openid_there_is_no_id_token() {
    let mut world = World::with(|config| config.mfa_policy = MfaPolicy::Never);
    let tokens = login(&mut world, Some("read:orders"), None);
    assert!(tokens.id_token.is_none());
    let claims = jwt::verified(&mut world, tokens.access_token.expose());
    assert_eq!(claims["aud"], "https://tenant.example.com/userinfo");
}

#[test]
fn nothing_can_be_read_from_opaque_tokens() {
    let mut world = World::with(|config| {
        config.tokens = TokenFormat::Opaque;
        config.mfa_policy = MfaPolicy::Never;
    });
    let tokens = login(&mut world, Some("openid"), None);
    let id_token = tokens.id_token.expect("an ID token");
    assert!(!tokens.access_token.expose().contains('.') && !id_token.expose().contains('.'));
}

#[test]
fn the_issuer_is_what_was_called_or_else_the_setting() {
    for (issuer, expected) in [
        (None, "https://tenant.example.com/"),
        (Some("https://login.example.com"), "https://login.example.com/"),
        (Some("https://login.example.com/"), "https://login.example.com/"),
    ] {
        let mut world = World::with(|config| config.issuer = issuer.map(str::to_owned));
        let tokens = login(&mut world, None, None);
        let claims = jwt::verified(&mut world, tokens.access_token.expose());
        assert_eq!(claims["iss"], expected);
        let configuration = get(&mut world, "https://tenant.example.com/.well-known/openid-configuration");
        assert_eq!(configuration["issuer"], expected);
        assert_eq!(configuration["token_endpoint"], format!("{expected}oauth/token"));
        assert_eq!(configuration["jwks_uri"], format!("{expected}.well-known/jwks.json"));
    }
    let mut world = World::new();
    let configuration = get(&mut world, "http://127.0.0.1:3000/.well-known/openid-configuration");
    assert_eq!(configuration["issuer"], "http://127.0.0.1:3000/");
}

#[test]
fn the_key_set_has_one_key_and_the_seed_chooses_it() {
    let mut world = World::new();
    let keys = get(&mut world, "https://tenant.example.com/.well-known/jwks.json");
    let keys = keys["keys"].as_array().expect("a list");
    assert_eq!(keys.len(), 1);
    for (field, value) in [("kty", "RSA"), ("alg", "RS256"), ("use", "sig"), ("e", "AQAB")] {
        assert_eq!(keys[0][field], value);
    }
    assert!(keys[0]["kid"].is_string() && keys[0]["x5t"].is_string() && keys[0]["x5c"][0].is_string());
    let mut of_seed = |seed| {
        world.tenant = auth0_mfa_emulator::Tenant::new(Default::default(), seed).expect("a good config");
        get(&mut world, "https://tenant.example.com/.well-known/jwks.json")
    };
    assert_eq!(of_seed(3), of_seed(3));
    assert_ne!(of_seed(3), of_seed(4));
}

#[test]
fn a_user_s_id_is_the_name_s_or_a_setting() {
    let world = World::with(|config| config.users[1].user_id = Some("auth0|fake-bob".to_owned()));
    let id = |user: &str| world.tenant.user(user).expect("a user").user_id().to_owned();
    assert_eq!(id(BOB), "auth0|fake-bob");
    assert_eq!(id(ALICE).len(), "auth0|".len() + 24);
    assert_eq!(id(ALICE), World::new().tenant.user(ALICE).expect("a user").user_id());
    assert_ne!(id(ALICE), World::new().tenant.user(BOB).expect("a user").user_id());
}
