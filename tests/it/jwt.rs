//! A client that signs: assertions, DPoP proofs, and the repeat for a nonce.

use std::sync::{Arc, Mutex};

use auth0_mfa::jwt::{DpopKey, DpopProver, GetKeySet, PrivateKeyJwtSigner};
use auth0_mfa::transport::from_blocking_fn;
use auth0_mfa::{
    Application, BlockingClient, Body, ClientAuth, ClientId, ClientSettings, Domain, MfaToken, RecoveryCode,
    VerifyWithRecoveryCode,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use http::{Request, Response};

const PEM: &str = include_str!("../../crates/jwt/tests/keys/rfc7515-a2.pem");
const TOKENS: &str =
    r#"{"access_token":"fake","token_type":"DPoP","recovery_code":"FAKENEXTCODE000000000000"}"#;
const NONCE_WANTED: &str = r#"{"error":"use_dpop_nonce"}"#;
const KEYS: &str = r#"{"keys":[{"kty":"RSA","kid":"fake-kid","n":"AQAB","e":"AQAB"}]}"#;

type Requests = Arc<Mutex<Vec<Request<Body>>>>;

/// A client, and the requests that it sent to a tenant that wants its nonce in each proof.
fn client() -> (BlockingClient, Requests) {
    let requests = Requests::default();
    let kept = Arc::clone(&requests);
    let transport = from_blocking_fn(move |request: Request<Body>| {
        let has_nonce =
            claims_of_proof(&request).is_some_and(|claims| claims.contains(r#""nonce":"fake-nonce""#));
        let (status, body) = match request.uri().path() {
            "/oauth/token" if has_nonce => (200, TOKENS),
            "/oauth/token" => (400, NONCE_WANTED),
            _ => (200, KEYS),
        };
        kept.lock().unwrap().push(request);
        let reply = Response::builder().status(status).header("dpop-nonce", "fake-nonce");
        Ok(reply.body(Body::from(body.as_bytes().to_vec())).unwrap())
    });
    let application = Application::new(
        Domain::parse("tenant.eu.auth0.com").unwrap(),
        ClientId::parse("fakeClientId").unwrap(),
        ClientAuth::PrivateKeyJwt,
    );
    let settings = ClientSettings::default()
        .client_assertion_signer(PrivateKeyJwtSigner::from_pem(PEM).unwrap())
        .dpop_signer(DpopProver::new(DpopKey::generate().unwrap()));
    (BlockingClient::with_settings(Arc::new(transport), application, settings), requests)
}

fn recovery() -> VerifyWithRecoveryCode {
    let code = RecoveryCode::verbatim("FAKEOLDCODE0000000000000");
    VerifyWithRecoveryCode::new(MfaToken::parse("Fe26.2*FAKE").unwrap(), code)
}

fn claims_of_proof(request: &Request<Body>) -> Option<String> {
    let proof = request.headers().get("dpop")?.to_str().unwrap();
    let claims = Base64UrlUnpadded::decode_vec(proof.split('.').nth(1).unwrap()).unwrap();
    Some(String::from_utf8(claims).unwrap())
}

fn assertion_of(request: &Request<Body>) -> String {
    let body = std::str::from_utf8(request.body().expose()).unwrap();
    let (_, rest) = body.split_once("client_assertion=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

#[test]
fn a_nonce_costs_one_repeat_and_every_request_is_signed_anew() {
    let (client, requests) = client();
    for _ in 0..2 {
        let (tokens, new_code) = client.send(recovery()).unwrap().into_parts();
        assert!(!tokens.is_dpop_downgrade() && new_code.is_returned());
    }
    let requests = requests.lock().unwrap();
    let mut assertions: Vec<_> = requests.iter().map(assertion_of).collect();
    let mut proofs: Vec<_> = requests.iter().map(|it| claims_of_proof(it).unwrap()).collect();
    assert_eq!(requests.len(), 3, "the second call has the nonce at once");
    assert!(proofs.iter().all(|proof| proof.contains(r#""htu":"https://tenant.eu.auth0.com/oauth/token""#)));
    for all in [&mut assertions, &mut proofs] {
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 3);
    }
}

#[test]
fn the_keys_are_fetched_by_the_same_client_and_nothing_is_signed_for_that() {
    let (client, requests) = client();
    assert!(client.send(GetKeySet::new()).unwrap().contains("fake-kid"));
    let requests = requests.lock().unwrap();
    assert!(requests[0].body().is_empty() && requests[0].headers().is_empty());
}
