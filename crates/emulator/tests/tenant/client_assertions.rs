//! `private_key_jwt`: assertions that the client's own crate signs.
#![allow(
    clippy::disallowed_types,
    reason = "what the client stands on: a time of the system's kind, and randomness"
)]

use std::time::{Duration, SystemTime};

use auth0_mfa_core::{
    CallOptions, ClientAssertion, ClientAuth, ErrorCode, PasswordGrant, RecoveryCode, begin,
};
use auth0_mfa_emulator::{ApplicationConfig, ClientKey};
use auth0_mfa_jwt::{Algorithm, PrivateKeyJwtSigner, SigningError, Surroundings};

use crate::support::*;

const PRIVATE_KEY: &str = include_str!("../keys/client.pem");
const PUBLIC_KEY: &str = include_str!("../keys/client-public.pem");

/// A clock that is so many seconds off, and an identifier.
struct At(i64, &'static str);

impl Surroundings for At {
    fn now(&self) -> SystemTime {
        let now = START.unix_seconds().saturating_add_signed(self.0);
        SystemTime::UNIX_EPOCH + Duration::from_secs(now)
    }

    fn jti(&self) -> Result<String, SigningError> {
        Ok(self.1.to_owned())
    }
}

fn world(key: ClientKey) -> World {
    let mut world = World::with(|config| {
        let mut application = ApplicationConfig::public("keyed-app");
        application.client_keys.push(key);
        config.applications.push(application);
    });
    world.application = application("keyed-app", ClientAuth::PrivateKeyJwt);
    world
}

fn signer(jti: &'static str) -> PrivateKeyJwtSigner {
    PrivateKeyJwtSigner::from_pem(PRIVATE_KEY).expect("a key").surroundings(At(0, jti))
}

fn public_key() -> ClientKey {
    ClientKey::from_pem(PUBLIC_KEY).expect("a key")
}

fn log_in(world: &mut World, assertion: Option<ClientAssertion>) -> Result<(), ApiFailure> {
    let options = CallOptions::default();
    let options = assertion.into_iter().fold(options, CallOptions::client_assertion);
    let call = PasswordGrant::new(ALICE, password_of(ALICE));
    let (request, pending) = begin(call, &world.application.clone(), options);
    let (head, body) = world.handle(&request).into_parts();
    pending.answered(http::Response::from_parts(head, body.expose())).map(|_| ()).map_err(failure)
}

fn log_in_with(world: &mut World, signer: &PrivateKeyJwtSigner) -> Result<(), ApiFailure> {
    let assertion = signer.sign(&world.application).expect("an assertion");
    log_in(world, Some(assertion))
}

fn unauthorized() -> Result<(), ApiFailure> {
    Err(refused(401, ErrorCode::AccessDenied, "Unauthorized"))
}

#[test]
fn an_assertion_is_taken_by_each_algorithm_and_whatever_form_the_key_has() {
    let jwk = |change: &dyn Fn(&mut serde_json::Value)| {
        let key = ring::signature::RsaKeyPair::from_pkcs8(
            &pem_rfc7468::decode_vec(PRIVATE_KEY.as_bytes()).expect("a PEM").1,
        );
        let key = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(key.expect("a key").public());
        let encode = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string;
        let mut jwk =
            serde_json::json!({ "kty": "RSA", "n": encode(&key.n), "e": encode(&key.e), "use": "sig" });
        change(&mut jwk);
        ClientKey::from_jwk(&jwk.to_string()).expect("a key")
    };
    let pkcs1 = ClientKey::from_pem(include_str!("../keys/client-public-pkcs1.pem")).expect("a key");
    for key in [public_key(), pkcs1, jwk(&|_| ()), jwk(&|jwk| jwk["kid"] = "fake-kid".into())] {
        let mut world = world(key);
        for (algorithm, jti) in [(Algorithm::Rs256, "1"), (Algorithm::Rs384, "2"), (Algorithm::Ps256, "3")] {
            let signer = signer(jti).algorithm(algorithm).key_id("fake-kid");
            assert_eq!(log_in_with(&mut world, &signer), Ok(()), "{algorithm:?}");
        }
    }
    let mut other_kid = world(jwk(&|jwk| jwk["kid"] = "other".into()));
    assert_eq!(log_in_with(&mut other_kid, &signer("1").key_id("fake-kid")), unauthorized());
    let mut other_algorithm = world(jwk(&|jwk| jwk["alg"] = "PS256".into()));
    assert_eq!(log_in_with(&mut other_algorithm, &signer("1")), unauthorized());
    assert_eq!(log_in_with(&mut other_algorithm, &signer("1").algorithm(Algorithm::Ps256)), Ok(()));
}

#[test]
fn an_assertion_is_good_once() {
    let mut world = world(public_key());
    assert_eq!(log_in_with(&mut world, &signer("1")), Ok(()));
    assert_eq!(log_in_with(&mut world, &signer("1")), unauthorized());
    assert_eq!(log_in_with(&mut world, &signer("2")), Ok(()));
}

#[test]
fn an_assertion_is_good_for_now_and_five_minutes_at_most() {
    for (off, lifetime, is_good) in [
        (0, 300, true),
        (10, 300, true),
        (11, 60, false),
        (-59, 60, true),
        (-60, 60, false),
        (-299, 300, true),
        (-300, 300, false),
    ] {
        let signer = PrivateKeyJwtSigner::from_pem(PRIVATE_KEY).expect("a key");
        let signer = signer.surroundings(At(off, "1")).lifetime(Duration::from_secs(lifetime));
        let answer = log_in_with(&mut world(public_key()), &signer);
        assert_eq!(answer.is_ok(), is_good, "{off} {lifetime}");
    }
}

#[test]
fn what_is_no_assertion_of_the_application_is_refused() {
    let mut world = world(public_key());
    assert_eq!(log_in(&mut world, None), unauthorized());
    let good = signer("1").sign(&world.application).expect("an assertion");
    let cut = good.expose().rsplit_once('.').expect("a signature").0.to_owned();
    let of_another = signer("1").sign(&application("public-app", ClientAuth::PrivateKeyJwt));
    let elsewhere = auth0_mfa_core::Application::new(
        auth0_mfa_core::Domain::parse("other.example.com").expect("a domain"),
        world.application.client_id().clone(),
        ClientAuth::PrivateKeyJwt,
    );
    for bad in [
        ClientAssertion::parse(format!("{cut}.")).expect("visible"),
        ClientAssertion::parse(format!("{cut}.AAAA")).expect("visible"),
        ClientAssertion::parse("fake").expect("visible"),
        of_another.expect("an assertion"),
        signer("1").sign(&elsewhere).expect("an assertion"),
    ] {
        assert_eq!(log_in(&mut world, Some(bad)), unauthorized());
    }
    // What was refused used up no identifier.
    assert_eq!(log_in(&mut world, Some(good)), Ok(()));
}

#[test]
fn an_assertion_that_is_refused_spends_no_recovery_code() {
    let mut world = world(public_key());
    let options = |jti| {
        CallOptions::default().client_assertion(signer(jti).sign(&world.application).expect("an assertion"))
    };
    let (login, used, fresh) = (options("1"), options("1"), options("2"));
    let send = |world: &mut World, mfa_token: &str, options: CallOptions| {
        let call = auth0_mfa_core::VerifyWithRecoveryCode::new(
            auth0_mfa_core::MfaToken::parse(mfa_token).expect("a token"),
            RecoveryCode::verbatim(world.code_of(ALICE)),
        );
        let (request, _) = begin(call, &world.application.clone(), options);
        world.handle(&request).status()
    };
    let call = PasswordGrant::new(ALICE, password_of(ALICE));
    let (request, _) = begin(call, &world.application.clone(), login);
    let mfa_token = json(&world.handle(&request))["mfa_token"].as_str().expect("a token").to_owned();
    let code = world.code_of(ALICE);
    assert_eq!(send(&mut world, &mfa_token, used), 401);
    assert_eq!(world.code_of(ALICE), code);
    assert_eq!(send(&mut world, &mfa_token, fresh), 200);
    assert_ne!(world.code_of(ALICE), code);
}

#[test]
fn the_client_id_may_be_left_to_the_assertion() {
    let mut world = world(public_key());
    let assertion = signer("1").sign(&world.application).expect("an assertion");
    let body = format!(
        "grant_type=password&username=alice%40example.com&password=fake-password-alice&client_assertion={}\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        assertion.expose()
    );
    assert_eq!(json(&world.handle(&form(&body)))["error"], "mfa_required");
}

#[test]
fn what_is_no_public_key_is_refused_without_its_text() {
    for text in [PRIVATE_KEY, "", "CANARY", include_str!("../keys/client-certificate.pem")] {
        let error = ClientKey::from_pem(text).expect_err("no public key").to_string();
        assert!(!error.contains("CANARY") && !error.contains("BEGIN"), "{error}");
    }
    for json in ["", "{}", r#"{"kty":"EC","n":"AQAB","e":"AQAB"}"#, r#"{"kty":"RSA","n":"?","e":"AQAB"}"#] {
        assert!(ClientKey::from_jwk(json).is_err(), "{json}");
    }
}

/// An assertion that the client's own crate does not make: it ends so many seconds from now.
fn signed_by_hand(exp: u64) -> ClientAssertion {
    let encode = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string;
    let claims = serde_json::json!({
        "iss": "keyed-app", "sub": "keyed-app", "aud": "https://tenant.example.com/", "jti": "1",
        "exp": START.unix_seconds() + exp,
    });
    let message = format!("{}.{}", encode(br#"{"alg":"RS256"}"#), encode(claims.to_string().as_bytes()));
    let der = pem_rfc7468::decode_vec(PRIVATE_KEY.as_bytes()).expect("a PEM").1;
    let key = ring::signature::RsaKeyPair::from_pkcs8(&der).expect("a key");
    let mut signature = vec![0; key.public().modulus_len()];
    let random = ring::rand::SystemRandom::new();
    key.sign(&ring::signature::RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature)
        .expect("signed");
    ClientAssertion::parse(format!("{message}.{}", encode(&signature))).expect("visible")
}

#[test]
fn an_assertion_that_ends_too_late_is_refused() {
    assert_eq!(log_in(&mut world(public_key()), Some(signed_by_hand(310))), Ok(()));
    assert_eq!(log_in(&mut world(public_key()), Some(signed_by_hand(311))), unauthorized());
}
