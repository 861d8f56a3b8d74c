//! DPoP proofs and the nonces in them.

use auth0_mfa_core::{ClientAuth, DpopRequest, DpopSigner};
use auth0_mfa_jwt::{DpopKey, DpopProver};
use http::{Request, Uri};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::support::{Barren, EC_PEM, Fixed, NOW, RSA_PEM, application, decoded, parts};

fn prover() -> DpopProver {
    DpopProver::new(DpopKey::from_pem(EC_PEM).unwrap()).surroundings(Fixed)
}

fn claims_of(prover: &DpopProver, request: http::request::Builder) -> Value {
    parts(prover.sign_request(&request.body(()).unwrap()).unwrap().expose()).1
}

fn nonce_for(prover: &DpopProver, uri: &str) -> Value {
    claims_of(prover, Request::get(uri))["nonce"].clone()
}

#[test]
fn a_proof_says_which_request_it_is_for_and_shows_the_public_key_only() {
    let proof = prover().sign(&application(ClientAuth::None)).unwrap();
    let (header, claims, ..) = parts(proof.expose());
    let jwk = json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    assert_eq!(header, json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}));
    let htu = "https://tenant.eu.auth0.com/oauth/token";
    assert_eq!(claims, json!({"htm": "POST", "htu": htu, "iat": NOW, "jti": "fake-jti"}));
}

#[test]
fn the_key_in_the_header_verifies_the_proof() {
    for key in [DpopKey::generate().unwrap(), DpopKey::from_pem(EC_PEM).unwrap()] {
        let proof = DpopProver::new(key).sign(&application(ClientAuth::None)).unwrap();
        let (header, _, message, signature) = parts(proof.expose());
        let coordinate = |name| decoded(header["jwk"][name].as_str().unwrap());
        let public = [vec![4], coordinate("x"), coordinate("y")].concat();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public);
        public.verify(message.as_bytes(), &signature).unwrap();
        public.verify(&message.as_bytes()[1..], &signature).unwrap_err();
    }
}

#[test]
fn of_the_uri_what_names_the_resource_is_said() {
    for (uri, htu) in [
        ("https://api.example.com/a?b=c", "https://api.example.com/a"),
        ("https://api.example.com", "https://api.example.com/"),
        ("https://API.example.com:8443/A%20b/", "https://api.example.com:8443/A%20b/"),
        ("https://user:CANARY@api.example.com/a", "https://api.example.com/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
    ] {
        let claims = claims_of(&prover(), Request::delete(uri));
        assert_eq!(claims["htu"], htu, "{uri}");
        assert_eq!(claims["htm"], "DELETE");
    }
}

#[test]
fn a_uri_without_a_host_gets_no_proof() {
    let error = prover().sign_request(&Request::get("/a").body(()).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "nothing was signed: the URI has no scheme or no host");
}

/// RFC 9449, 7.1: the access token and its hash.
#[test]
fn the_proof_is_bound_to_the_access_token_that_the_request_carries() {
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    let with = |authorization: String| {
        claims_of(&prover(), Request::get("https://api.example.com/a").header("authorization", authorization))
    };
    for scheme in ["DPoP", "dpop", "DPoP "] {
        let claims = with(format!("{scheme} {token}"));
        assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", "{scheme}");
    }
    assert!(with(format!("Bearer {token}")).get("ath").is_none());
    assert!(with("DPo".to_owned()).get("ath").is_none());
}

#[test]
fn the_last_nonce_of_a_server_is_in_the_next_proof_for_it_and_in_no_other() {
    let prover = prover();
    let nonce = |uri| nonce_for(&prover, uri);
    assert!(nonce("https://one.example.com/a").is_null());
    prover.remember_nonce(&Uri::from_static("https://one.example.com/a"), "first");
    prover.remember_nonce(&Uri::from_static("https://two.example.com/"), "other");
    assert_eq!(nonce("https://ONE.example.com/b?c"), "first");
    prover.remember_nonce(&Uri::from_static("https://one.example.com/a"), "second");
    assert_eq!(nonce("https://one.example.com/a"), "second");
    assert_eq!(nonce("https://two.example.com/a"), "other");
    assert!(nonce("http://one.example.com/a").is_null());
    assert!(nonce("https://one.example.com:8443/a").is_null());
}

#[test]
fn a_client_gets_a_proof_with_the_nonce_that_it_asks_for_or_else_the_last_one() {
    let prover = prover();
    let for_clients: &dyn DpopSigner = &prover;
    let uri = Uri::from_static("https://one.example.com/a?b");
    let claims = |nonce| {
        let request = DpopRequest::new(&http::Method::POST, &uri).nonce(nonce);
        parts(for_clients.sign_proof(&request).unwrap().expose()).1
    };
    let expected = json!({"htm": "POST", "htu": "https://one.example.com/a", "iat": NOW, "jti": "fake-jti"});
    assert_eq!(claims(None), expected);
    assert_eq!(claims(Some("first"))["nonce"], "first");
    assert_eq!(claims(None)["nonce"], "first");
    assert_eq!(claims(Some("second"))["nonce"], "second");
}

#[test]
fn clones_share_the_nonces() {
    let prover = prover();
    prover.clone().remember_nonce(&Uri::from_static("https://one.example.com/"), "shared");
    assert_eq!(nonce_for(&prover, "https://one.example.com/"), "shared");
}

#[test]
fn each_proof_is_another_and_of_the_present() {
    let prover = DpopProver::new(DpopKey::generate().unwrap());
    let [one, two] = [(); 2].map(|()| claims_of(&prover, Request::get("https://api.example.com/")));
    assert_ne!(one["jti"], two["jti"]);
    assert!(one["iat"].as_u64().unwrap() > NOW);
}

#[test]
fn a_key_is_the_same_after_it_was_kept() {
    let key = DpopKey::generate().unwrap();
    let kept = DpopKey::from_pem(key.to_pem().expose()).unwrap();
    assert_eq!(kept.thumbprint(), key.thumbprint());
    assert_ne!(DpopKey::generate().unwrap().thumbprint(), key.thumbprint());
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let error = DpopKey::from_pem(RSA_PEM).unwrap_err();
    assert!(error.to_string().contains("is not an unbroken P-256 key"), "{error}");
    let pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nRkFLRQ==\n-----END RSA PRIVATE KEY-----\n";
    assert!(DpopKey::from_pem(pkcs1).unwrap_err().to_string().contains("needs one of P-256"));
}

#[test]
fn without_randomness_nothing_is_signed() {
    let error = prover().surroundings(Barren).sign(&application(ClientAuth::None)).unwrap_err();
    assert_eq!(error.to_string(), "nothing was signed: there is no randomness");
}
