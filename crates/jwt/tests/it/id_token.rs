//! What an ID token says, and for whom and when it is good.

use std::time::Duration;

use auth0_mfa_core::{ClientAuth, IdToken};
use auth0_mfa_jwt::{Algorithm, IdTokenClaims, IdTokenError, IdTokenValidator};
use serde_json::{Value, json};

use crate::support::{
    KEY_ID, NOW, application, claims, claims_with, header, keys, now, signed, signed_pss, signed_text,
};

fn validator() -> IdTokenValidator {
    IdTokenValidator::new(&application(ClientAuth::None))
}

fn validate(token: &IdToken) -> Result<IdTokenClaims, IdTokenError> {
    validator().validate(token, &keys(), now())
}

fn validate_claims(claims: &Value) -> Result<IdTokenClaims, IdTokenError> {
    validate(&signed(&header(), claims))
}

#[track_caller]
fn refused(name: &str, value: Value, error: IdTokenError) {
    assert_eq!(validate_claims(&claims_with(name, value.clone())).unwrap_err(), error, "{name}: {value}");
}

#[test]
fn a_good_token_says_who_the_user_is_and_how_the_login_went() {
    let mut all = claims();
    for (name, value) in [
        ("auth_time", json!(NOW - 5)),
        ("amr", json!(["mfa", "pwd"])),
        ("acr", json!("http://schemas.openid.net/pape/policies/2007/06/multi-factor")),
        ("name", json!("Fake Name")),
        ("nickname", json!("fake")),
        ("email", json!("fake@example.com")),
        ("email_verified", json!(true)),
        ("nonce", json!("fake-nonce")),
        ("sid", json!("fake-sid")),
        ("https://example.com/roles", json!(["admin"])),
    ] {
        all[name] = value;
    }
    let claims = validate_claims(&all).unwrap();
    assert_eq!(claims.sub, "auth0|fake");
    assert_eq!((claims.iat, claims.exp, claims.auth_time), (NOW, NOW + 600, Some(NOW - 5)));
    assert_eq!(claims.amr, ["mfa", "pwd"]);
    assert_eq!(claims.acr.as_deref(), Some("http://schemas.openid.net/pape/policies/2007/06/multi-factor"));
    assert_eq!((claims.name.as_deref(), claims.nickname.as_deref()), (Some("Fake Name"), Some("fake")));
    assert_eq!((claims.email.as_deref(), claims.email_verified), (Some("fake@example.com"), Some(true)));
    assert_eq!(claims.nonce.as_deref(), Some("fake-nonce"));
    let rest: Vec<_> = claims.rest.keys().collect();
    assert_eq!(rest, ["https://example.com/roles", "sid"]);
}

#[test]
fn a_personal_claim_of_an_odd_type_is_kept_as_it_is() {
    let claims = validate_claims(&claims_with("name", json!({"first": "Fake"}))).unwrap();
    assert_eq!(claims.name, None);
    assert_eq!(claims.rest["name"], json!({"first": "Fake"}));
}

#[test]
fn a_token_of_another_tenant_is_refused() {
    for issuer in ["https://other.eu.auth0.com/", "https://tenant.eu.auth0.com", "", "tenant.eu.auth0.com"] {
        refused("iss", json!(issuer), IdTokenError::Issuer);
    }
    refused("iss", json!(["https://tenant.eu.auth0.com/"]), IdTokenError::Issuer);
    refused("iss", Value::Null, IdTokenError::Issuer);
}

#[test]
fn a_token_for_another_application_is_refused() {
    for audience in
        [json!("other"), json!([]), json!(["other"]), json!(["fakeClientId", 7]), json!({}), Value::Null]
    {
        refused("aud", audience, IdTokenError::Audience);
    }
    refused("azp", json!("other"), IdTokenError::Audience);
    validate_claims(&claims_with("aud", json!(["fakeClientId"]))).unwrap();
    validate_claims(&claims_with("azp", json!("fakeClientId"))).unwrap();
}

#[test]
fn of_several_audiences_the_one_that_asked_is_named() {
    let mut several = claims_with("aud", json!(["other", "fakeClientId"]));
    assert_eq!(validate_claims(&several).unwrap_err(), IdTokenError::Audience);
    several["azp"] = json!("fakeClientId");
    validate_claims(&several).unwrap();
    several["azp"] = json!("other");
    assert_eq!(validate_claims(&several).unwrap_err(), IdTokenError::Audience);
}

#[test]
fn a_token_is_good_from_its_time_to_its_time_with_a_minute_of_leeway() {
    let at = |exp: u64, iat: u64, nbf: u64| {
        let mut claims = claims();
        claims["exp"] = json!(exp);
        claims["iat"] = json!(iat);
        claims["nbf"] = json!(nbf);
        validate_claims(&claims).map(drop)
    };
    assert_eq!(at(NOW + 1, NOW, NOW), Ok(()));
    assert_eq!(at(NOW - 59, NOW, NOW), Ok(()));
    assert_eq!(at(NOW - 60, NOW, NOW), Err(IdTokenError::Expired));
    assert_eq!(at(0, 0, 0), Err(IdTokenError::Expired));
    assert_eq!(at(NOW + 600, NOW + 60, NOW), Ok(()));
    assert_eq!(at(NOW + 600, NOW + 61, NOW), Err(IdTokenError::NotYet));
    assert_eq!(at(NOW + 600, NOW, NOW + 60), Ok(()));
    assert_eq!(at(NOW + 600, NOW, NOW + 61), Err(IdTokenError::NotYet));
    assert_eq!(at(u64::MAX, u64::MAX, 0), Err(IdTokenError::NotYet));
}

#[test]
fn the_leeway_is_a_setting() {
    let strict = validator().leeway(Duration::ZERO);
    let token = signed(&header(), &claims_with("exp", json!(NOW)));
    assert_eq!(strict.validate(&token, &keys(), now()), Err(IdTokenError::Expired));
    let early = now() - Duration::from_secs(1);
    assert_eq!(strict.validate(&token, &keys(), early), Err(IdTokenError::NotYet));
    let generous = validator().leeway(Duration::MAX);
    generous.validate(&token, &keys(), now()).unwrap();
}

#[test]
fn a_time_that_cannot_be_read_is_not_taken_for_one_that_is_not_there() {
    for odd in [json!("1700000600"), json!(-1), json!([1]), json!(1e300), json!({})] {
        refused("exp", odd.clone(), IdTokenError::Malformed("has an exp that is no time"));
        refused("iat", odd.clone(), IdTokenError::Malformed("has an iat that is no time"));
        refused("nbf", odd.clone(), IdTokenError::Malformed("has an nbf that is no time"));
        refused("auth_time", odd, IdTokenError::Malformed("has an auth_time that is no time"));
    }
    let claims = validate_claims(&claims_with("exp", json!(1_700_000_600.9))).unwrap();
    assert_eq!(claims.exp, 1_700_000_600);
}

#[test]
fn what_a_token_cannot_be_without_is_there() {
    refused("sub", Value::Null, IdTokenError::Malformed("has no sub"));
    refused("sub", json!(""), IdTokenError::Malformed("has no sub"));
    refused("exp", Value::Null, IdTokenError::Malformed("has no exp"));
    refused("iat", Value::Null, IdTokenError::Malformed("has no iat"));
    for text in ["", "null", "[]", "7", "{"] {
        let error = validate(&signed_text(&header(), text)).unwrap_err();
        assert_eq!(error, IdTokenError::Malformed("has claims that are not a JSON object"), "{text}");
    }
}

#[test]
fn a_token_of_another_login_is_refused() {
    let expecting = validator().nonce("fake-nonce");
    let with = |nonce| expecting.validate(&signed(&header(), &claims_with("nonce", nonce)), &keys(), now());
    with(json!("fake-nonce")).unwrap();
    for other in [json!("other"), json!(""), json!(["fake-nonce"]), Value::Null] {
        assert_eq!(with(other.clone()).unwrap_err(), IdTokenError::Nonce, "{other}");
    }
}

#[test]
fn the_algorithm_is_the_one_that_was_set() {
    let header = json!({"alg": "PS256", "kid": KEY_ID});
    let token = signed_pss(&header, &claims());
    assert_eq!(validate(&token), Err(IdTokenError::Algorithm));
    validator().algorithm(Algorithm::Ps256).validate(&token, &keys(), now()).unwrap();
}
