//! The call that gets a tenant's keys.

use auth0_mfa_core::{CallError, CallOptions, ClientAuth, Pending, Replay, begin};
use auth0_mfa_jwt::{GetKeySet, IdTokenValidator, KeySet};
use http::{Method, Response};
use serde_json::json;

use crate::support::{
    EXPONENT, KEY_ID, application, claims, decoded, encoded, header, keys, modulus, now, signed,
};

fn pending() -> Pending<GetKeySet> {
    begin(GetKeySet::new(), &application(ClientAuth::None), CallOptions::default()).1
}

#[test]
fn the_request_is_a_plain_read_of_the_domain() {
    let (request, _pending) = begin(GetKeySet::new(), &application(ClientAuth::None), CallOptions::default());
    assert_eq!(request.method(), Method::GET);
    assert_eq!(request.uri(), "https://tenant.eu.auth0.com/.well-known/jwks.json");
    assert!(request.headers().is_empty() && request.body().is_empty());
    assert_eq!(Replay::of(&request), Replay::Safe);
}

#[test]
fn the_reply_is_the_set_with_what_its_head_said() {
    let set = json!({"keys": [{"kty": "RSA", "kid": KEY_ID, "n": modulus(), "e": EXPONENT}]}).to_string();
    let reply = Response::builder().header("x-ratelimit-remaining", "9").body(set.as_bytes()).unwrap();
    let keys = pending().answered(reply).unwrap();
    assert_eq!(keys.info.rate_limit.remaining, Some(9));
    let validator = IdTokenValidator::new(&application(ClientAuth::None));
    validator.validate(&signed(&header(), &claims()), &keys, now()).unwrap();
}

#[test]
fn a_reply_without_keys_is_malformed_and_an_error_of_auth0_is_one() {
    for body in ["", "{}", "[]", "<html>", r#"{"keys":{}}"#, r#"{"keys":[{"kty":"RSA","#] {
        let error = pending().answered(Response::new(body.as_bytes())).unwrap_err();
        assert!(matches!(error, CallError::Malformed(_)), "{body}: {error}");
        let error = pending().lost("the connection broke", Some(Response::new(body.as_bytes()))).unwrap_err();
        assert!(matches!(error, CallError::Malformed(_)), "{body}: {error}");
    }
    let limited = Response::builder().status(429).body(&br#"{"error":"too_many_requests"}"#[..]).unwrap();
    assert!(matches!(pending().answered(limited), Err(CallError::Api(_))));
    assert!(matches!(pending().lost("nothing came", None), Err(CallError::InDoubt(_))));
}

#[test]
fn a_key_that_is_for_something_else_or_cannot_be_read_costs_no_other() {
    let good = |kid: &str| json!({"kty": "RSA", "kid": kid, "n": modulus(), "e": EXPONENT});
    let mut encrypts = good("encrypts");
    encrypts["use"] = json!("enc");
    let mut nameless = good("");
    nameless.as_object_mut().unwrap().remove("kid");
    let mut broken = good("broken");
    broken["n"] = json!("*");
    let elliptic = json!({"kty": "EC", "kid": "elliptic", "crv": "P-256", "x": "AA", "y": "AA"});
    let mut secret = good("secret");
    secret["kty"] = json!("oct");
    let set = json!({"keys": [encrypts, nameless, broken, elliptic, secret, 7, null, good("good")]});
    let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
    assert!(keys.contains("good"));
    for id in ["encrypts", "", "broken", "elliptic", "secret"] {
        assert!(!keys.contains(id), "{id}");
    }
}

#[test]
fn a_number_may_have_a_zero_before_it() {
    let n = encoded([vec![0], decoded(&modulus())].concat());
    let set = json!({"keys": [{"kty": "RSA", "kid": KEY_ID, "n": n, "e": "AAEAAQ"}]}).to_string();
    let keys_with_zeros = KeySet::parse(set.as_bytes()).unwrap();
    let validator = IdTokenValidator::new(&application(ClientAuth::None));
    for keys in [keys(), keys_with_zeros] {
        validator.validate(&signed(&header(), &claims()), &keys, now()).unwrap();
    }
}
