//! ID tokens that the tenant did not sign.

use auth0_mfa_core::{ClientAuth, IdToken};
use auth0_mfa_jwt::{IdTokenError, IdTokenValidator, KeySet};
use ring::hmac;
use serde_json::{Value, json};

use crate::support::{
    EXPONENT, KEY_ID, application, claims, decoded, encoded, header, keys, modulus, now, rsa_key, signed,
};

fn refusal(token: impl Into<String>) -> IdTokenError {
    refusal_by(token, &keys())
}

fn refusal_by(token: impl Into<String>, keys: &KeySet) -> IdTokenError {
    let validator = IdTokenValidator::new(&application(ClientAuth::None));
    validator.validate(&IdToken::from(token.into()), keys, now()).unwrap_err()
}

fn message(header: &Value) -> String {
    format!("{}.{}", encoded(header.to_string()), encoded(claims().to_string()))
}

#[test]
fn a_token_that_is_not_signed_is_refused() {
    for alg in ["none", "None", "NONE", ""] {
        let message = message(&json!({"alg": alg, "kid": KEY_ID}));
        assert_eq!(refusal(format!("{message}.")), IdTokenError::Algorithm);
    }
    assert_eq!(refusal(format!("{}.", message(&header()))), IdTokenError::Signature);
    assert!(matches!(refusal(message(&header())), IdTokenError::Malformed(_)));
}

#[test]
fn a_token_that_is_signed_with_the_public_key_as_a_secret_is_refused() {
    let public = rsa_key().public().as_ref().to_vec();
    let pem = pem_rfc7468::encode_string("RSA PUBLIC KEY", pem_rfc7468::LineEnding::LF, &public).unwrap();
    for secret in [public, pem.into_bytes(), modulus().into_bytes(), decoded(&modulus())] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        for (alg, error) in [("HS256", IdTokenError::Algorithm), ("RS256", IdTokenError::Signature)] {
            let message = message(&json!({"alg": alg, "kid": KEY_ID}));
            let signature = encoded(hmac::sign(&key, message.as_bytes()));
            assert_eq!(refusal(format!("{message}.{signature}")), error);
        }
    }
}

#[test]
fn whatever_is_changed_of_a_signed_token_it_is_refused() {
    let token = signed(&header(), &claims()).expose().to_owned();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let others = encoded(json!({"iss": "https://tenant.eu.auth0.com/"}).to_string());
    assert_eq!(refusal(format!("{header}.{others}.{signature}")), IdTokenError::Signature);
    assert_eq!(refusal(format!("{message}.{}", encoded([0; 256]))), IdTokenError::Signature);
    assert_eq!(refusal(format!("{message}.{signature}=")), IdTokenError::Signature);
    assert_eq!(refusal(format!("{message}.{}", &signature[1..])), IdTokenError::Signature);
    for text in [format!("{token}."), format!("{token}.x"), format!("x.{token}"), format!(" {token}")] {
        refusal(text);
    }
}

#[test]
fn a_key_that_is_not_in_the_set_is_to_be_fetched() {
    for keys in [KeySet::default(), KeySet::parse(br#"{"keys":[]}"#).unwrap()] {
        let error = refusal_by(signed(&header(), &claims()).expose(), &keys);
        assert_eq!(error, IdTokenError::UnknownKey);
        assert!(error.wants_new_keys() && error.to_string().contains("fetch the keys again"));
    }
    let other = json!({"alg": "RS256", "kid": "other"});
    assert_eq!(refusal(signed(&other, &claims()).expose()), IdTokenError::UnknownKey);
    assert!(!IdTokenError::Signature.wants_new_keys());
}

/// The key of RFC 7638, 3.1, under the name of the one that signed.
#[test]
fn a_key_of_the_same_name_is_not_the_same_key() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV\
        4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA\
        ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU\
        8awapJzKnqDKgw";
    for (n, e) in [(n, EXPONENT), (modulus().as_str(), "Aw"), ("", EXPONENT), ("AQAB", "")] {
        let set = json!({"keys": [{"kty": "RSA", "kid": KEY_ID, "n": n, "e": e}]}).to_string();
        let keys = KeySet::parse(set.as_bytes()).unwrap();
        assert_eq!(refusal_by(signed(&header(), &claims()).expose(), &keys), IdTokenError::Signature);
    }
}

#[test]
fn a_key_that_is_for_another_algorithm_is_not_used() {
    let key = json!({"kty": "RSA", "kid": KEY_ID, "alg": "PS256", "n": modulus(), "e": EXPONENT});
    let keys = KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap();
    assert_eq!(refusal_by(signed(&header(), &claims()).expose(), &keys), IdTokenError::Algorithm);
}

#[test]
fn a_header_that_asks_for_more_than_is_understood_is_refused() {
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", Value::Null),
        ("typ", json!("at+jwt")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!(7)),
        ("kid", Value::Null),
        ("kid", json!(7)),
        ("alg", Value::Null),
    ] {
        let mut header = header();
        header[name] = value;
        let error = refusal(signed(&header, &claims()).expose());
        assert!(matches!(error, IdTokenError::Malformed(_)), "{header}: {error}");
    }
    // The key that a token brings itself is not looked at.
    let mut header = header();
    header["jwk"] = json!({"kty": "RSA", "n": modulus(), "e": EXPONENT});
    header["kid"] = json!("other");
    assert_eq!(refusal(signed(&header, &claims()).expose()), IdTokenError::UnknownKey);
}
