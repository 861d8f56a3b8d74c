//! Neither a key nor what it signs nor what is personal shows.

use std::error::Error;
use std::fmt::Debug;

use auth0_mfa_core::ClientAuth;
use auth0_mfa_jwt::{DpopKey, DpopProver, IdTokenValidator, KeySet, PrivateKeyJwtSigner};
use serde_json::json;

use crate::support::{EC_PEM, RSA_PEM, application, claims, der, header, keys, now, signed};

fn shown(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

/// Every piece of the key, as PEM, as decimals and as hexadecimals.
#[track_caller]
fn hides_key(pem: &str, shown: &str) {
    let base64 = pem.split_once("KEY-----").unwrap().1.replace('\n', "");
    for piece in base64.as_bytes().windows(8) {
        assert!(!shown.contains(std::str::from_utf8(piece).unwrap()), "{shown}");
    }
    let dense: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    for piece in der(pem).windows(4) {
        let decimals: Vec<_> = piece.iter().map(u8::to_string).collect();
        assert!(!dense.contains(&decimals.join(",")), "{shown}");
        let hexadecimals: String = piece.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dense.contains(&hexadecimals), "{shown}");
    }
}

#[test]
fn no_key_shows() {
    let signer = PrivateKeyJwtSigner::from_pem(RSA_PEM).unwrap();
    hides_key(RSA_PEM, &shown(&signer));
    let key = DpopKey::from_pem(EC_PEM).unwrap();
    hides_key(EC_PEM, &shown(&key));
    hides_key(EC_PEM, &shown(&key.to_pem()));
    hides_key(EC_PEM, &shown(&DpopProver::new(key)));
}

#[test]
fn no_refusal_of_a_key_shows_it() {
    for pem in [RSA_PEM, EC_PEM] {
        let broken =
            [pem.replace('M', "*"), pem.replace('M', "N"), pem.replace("PRIVATE KEY", "EC PRIVATE KEY")];
        for broken in &broken {
            let refusals =
                [PrivateKeyJwtSigner::from_pem(broken).unwrap_err(), DpopKey::from_pem(broken).unwrap_err()];
            for error in refusals {
                let source = error.source().map(ToString::to_string);
                hides_key(pem, &format!("{error} {source:?} {}", shown(&error)));
            }
        }
    }
}

#[test]
fn no_nonce_shows() {
    let prover = DpopProver::new(DpopKey::generate().unwrap());
    prover.remember_nonce(&"https://tenant.eu.auth0.com/".parse().unwrap(), "CANARY");
    assert!(!shown(&prover).contains("CANARY"));
    let validator = IdTokenValidator::new(&application(ClientAuth::None)).nonce("CANARY");
    assert!(!shown(&validator).contains("CANARY"));
}

#[test]
fn nothing_personal_shows() {
    let mut all = claims();
    for name in ["sub", "acr", "nonce", "name", "nickname", "email", "picture", "CANARY"] {
        all[name] = json!("CANARY");
    }
    let validator = IdTokenValidator::new(&application(ClientAuth::None));
    let claims = validator.validate(&signed(&header(), &all), &keys(), now()).unwrap();
    assert_eq!(claims.email.as_deref(), Some("CANARY"));
    assert!(!shown(&claims).contains("CANARY"), "{claims:?}");
}

#[test]
fn nothing_that_a_server_named_its_keys_shows() {
    let set = json!({"keys": [{"kty": "RSA", "kid": "CANARY", "n": "AQAB", "e": "AQAB"}]}).to_string();
    let keys = KeySet::parse(set.as_bytes()).unwrap();
    assert!(keys.contains("CANARY") && !shown(&keys).contains("CANARY"));
}
