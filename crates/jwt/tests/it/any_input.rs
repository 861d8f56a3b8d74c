//! Whatever comes, nothing panics, and what is not good is not taken.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth0_mfa_core::{ClientAuth, IdToken};
use auth0_mfa_jwt::{
    DpopKey, DpopProver, IdTokenClaims, IdTokenError, IdTokenValidator, KeySet, PrivateKeyJwtSigner,
};
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{KEY_ID, NOW, application, claims, encoded, header, keys, now, signed};

fn validate(token: IdToken, keys: &KeySet, now: SystemTime) -> Result<IdTokenClaims, IdTokenError> {
    IdTokenValidator::new(&application(ClientAuth::None)).validate(&token, keys, now)
}

/// JSON of every kind, and values that mean something here.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (NOW - 700..NOW + 700).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("fakeClientId")),
        Just(json!("https://tenant.eu.auth0.com/")),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,4}", inner), 0..4).prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

fn any_claims() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "iss",
        "aud",
        "azp",
        "sub",
        "iat",
        "exp",
        "nbf",
        "auth_time",
        "amr",
        "name",
    ]);
    vec((name, any_value()), 0..5).prop_map(|changes| {
        let mut claims = claims();
        for (name, value) in changes {
            claims[name] = value;
        }
        claims
    })
}

proptest! {
    #[test]
    fn no_text_is_a_good_token(text in any::<String>()) {
        prop_assert!(validate(IdToken::from(text), &keys(), now()).is_err());
    }

    #[test]
    fn no_three_parts_are_a_good_token(header in any_value(), claims in any_claims(), signature in vec(any::<u8>(), 0..300)) {
        let token = [encoded(header.to_string()), encoded(claims.to_string()), encoded(signature)].join(".");
        prop_assert!(validate(IdToken::from(token), &keys(), now()).is_err());
    }

    #[test]
    fn no_forged_signature_is_good(signature in vec(any::<u8>(), 256)) {
        let message = format!("{}.{}", encoded(header().to_string()), encoded(claims().to_string()));
        let token = IdToken::from(format!("{message}.{}", encoded(signature)));
        prop_assert_eq!(validate(token, &keys(), now()), Err(IdTokenError::Signature));
    }

    #[test]
    fn a_signed_token_is_taken_only_for_us_and_now(claims in any_claims(), offset in 0u64..1_400) {
        let seconds = NOW - 700 + offset;
        let judged = validate(signed(&header(), &claims), &keys(), UNIX_EPOCH + Duration::from_secs(seconds));
        if let Ok(taken) = judged {
            prop_assert_eq!(&claims["iss"], "https://tenant.eu.auth0.com/");
            prop_assert!(claims["aud"].to_string().contains("\"fakeClientId\""));
            prop_assert_eq!(&claims["sub"], &json!(taken.sub));
            prop_assert!(taken.exp + 60 > seconds && taken.iat <= seconds + 60);
        }
    }

    #[test]
    fn any_time_is_one(seconds in any::<u64>(), before in any::<bool>()) {
        let offset = Duration::from_secs(seconds);
        let time = if before { UNIX_EPOCH.checked_sub(offset) } else { UNIX_EPOCH.checked_add(offset) };
        if let Some(time) = time {
            let _ = validate(signed(&header(), &claims()), &keys(), time);
        }
    }

    #[test]
    fn no_bytes_break_a_key_set(bytes in vec(any::<u8>(), 0..200), value in any_value()) {
        let _ = KeySet::parse(&bytes);
        let _ = KeySet::parse(json!({"keys": [value]}).to_string().as_bytes());
    }

    #[test]
    fn no_numbers_of_a_key_break_the_validation(n in vec(any::<u8>(), 0..600), e in vec(any::<u8>(), 0..9)) {
        let key = json!({"kty": "RSA", "kid": KEY_ID, "n": encoded(n), "e": encoded(e)});
        let keys = KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap();
        let token = signed(&header(), &claims());
        prop_assert_eq!(validate(token, &keys, now()), Err(IdTokenError::Signature));
    }

    #[test]
    fn no_text_is_a_key(text in any::<String>(), der in vec(any::<u8>(), 0..200)) {
        let ending = pem_rfc7468::LineEnding::LF;
        let pems = ["PRIVATE KEY", "RSA PRIVATE KEY"]
            .map(|label| pem_rfc7468::encode_string(label, ending, &der).unwrap());
        for text in pems.iter().chain([&text]) {
            prop_assert!(PrivateKeyJwtSigner::from_pem(text).is_err());
            prop_assert!(DpopKey::from_pem(text).is_err());
        }
    }

    #[test]
    fn any_request_gets_a_proof_or_is_told_why_not(path in "/[!-~]{0,20}", token in "[ -~]{0,30}", nonce in any::<String>()) {
        let request = Request::get(format!("https://api.example.com{path}")).header("authorization", token).body(());
        if let Ok(request) = request {
            let prover = DpopProver::new(DpopKey::generate().unwrap());
            prover.remember_nonce(request.uri(), nonce);
            prover.sign_request(&request).unwrap();
        }
    }
}
