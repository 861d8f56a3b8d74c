//! Tokens taken apart and verified with what the tenant publishes, and none of its code.

use auth0_mfa_core::Body;
use base64ct::{Base64UrlUnpadded, Encoding};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use crate::support::*;

/// The claims of a token, whose signature is verified by the tenant's key set.
pub(crate) fn verified(world: &mut World, token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "a JWT has three parts");
    let header = part(parts[0]);
    assert_eq!((&header["alg"], &header["typ"]), (&"RS256".into(), &"JWT".into()));
    let key = key(world, header["kid"].as_str().expect("a key's name"));
    let (n, e) = (bytes(key["n"].as_str().expect("n")), bytes(key["e"].as_str().expect("e")));
    let message = format!("{}.{}", parts[0], parts[1]);
    RsaPublicKeyComponents { n, e }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &bytes(parts[2]))
        .expect("the signature is right");
    part(parts[1])
}

fn key(world: &mut World, kid: &str) -> Value {
    let request = http::Request::get("https://tenant.example.com/.well-known/jwks.json");
    let response = world.handle(&request.body(Body::empty()).expect("a request"));
    let keys = json(&response)["keys"].as_array().expect("a list").clone();
    keys.into_iter().find(|key| key["kid"] == kid).expect("the key is published")
}

fn part(text: &str) -> Value {
    serde_json::from_slice(&bytes(text)).expect("JSON")
}

fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).expect("base64url")
}
