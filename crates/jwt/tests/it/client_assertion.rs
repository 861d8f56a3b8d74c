//! Client assertions.

use std::time::Duration;

use auth0_mfa_core::{CallOptions, ClientAssertionSigner, ClientAuth, MfaToken, Otp, VerifyWithOtp, begin};
use auth0_mfa_jwt::{Algorithm, PrivateKeyJwtSigner, SigningError};
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use serde_json::json;

use crate::support::{Barren, EC_PEM, Fixed, NOW, RSA_PEM, application, der, parts, rsa_key};

fn signer() -> PrivateKeyJwtSigner {
    PrivateKeyJwtSigner::from_pem(RSA_PEM).unwrap().surroundings(Fixed)
}

fn sign(signer: &PrivateKeyJwtSigner) -> String {
    signer.sign(&application(ClientAuth::PrivateKeyJwt)).unwrap().expose().to_owned()
}

#[test]
fn an_assertion_says_what_auth0_wants() {
    let token = sign(&signer());
    let (header, claims, ..) = parts(&token);
    assert_eq!(header, json!({"alg": "RS256", "typ": "JWT"}));
    let expected = json!({
        "iss": "fakeClientId",
        "sub": "fakeClientId",
        "aud": "https://tenant.eu.auth0.com/",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "fake-jti",
    });
    assert_eq!(claims, expected);
}

#[test]
fn the_public_key_verifies_what_each_algorithm_signs() {
    let public = rsa_key().public().as_ref().to_vec();
    for (algorithm, name, parameters) in [
        (Algorithm::Rs256, "RS256", &RSA_PKCS1_2048_8192_SHA256),
        (Algorithm::Rs384, "RS384", &RSA_PKCS1_2048_8192_SHA384),
        (Algorithm::Ps256, "PS256", &RSA_PSS_2048_8192_SHA256),
    ] {
        let token = sign(&signer().algorithm(algorithm));
        let (header, _, message, signature) = parts(&token);
        assert_eq!(header["alg"], name);
        let key = UnparsedPublicKey::new(parameters, &public);
        key.verify(message.as_bytes(), &signature).expect(name);
        key.verify(&message.as_bytes()[1..], &signature).expect_err(name);
    }
}

#[test]
fn a_key_in_the_older_form_signs_the_same() {
    // In PKCS#8, the older form of an RSA key of this size stands behind 26 bytes.
    let pkcs1 = &der(RSA_PEM)[26..];
    let pem = pem_rfc7468::encode_string("RSA PRIVATE KEY", pem_rfc7468::LineEnding::LF, pkcs1).unwrap();
    let older = PrivateKeyJwtSigner::from_pem(&pem).unwrap().surroundings(Fixed);
    assert_eq!(sign(&older), sign(&signer()));
}

#[test]
fn the_credential_is_named_when_it_is_known() {
    let token = sign(&signer().key_id("fake-credential"));
    assert_eq!(parts(&token).0["kid"], "fake-credential");
}

#[test]
fn an_assertion_is_good_for_no_longer_than_auth0_takes() {
    for (lifetime, seconds) in [(0, 1), (1, 1), (120, 120), (300, 300), (301, 300), (u64::MAX, 300)] {
        let token = sign(&signer().lifetime(Duration::from_secs(lifetime)));
        assert_eq!(parts(&token).1["exp"], NOW + seconds, "{lifetime}");
    }
}

#[test]
fn each_assertion_is_another_and_of_the_present() {
    let signer = PrivateKeyJwtSigner::from_pem(RSA_PEM).unwrap();
    let (one, two) = (sign(&signer), sign(&signer));
    let (one, two) = (parts(&one).1, parts(&two).1);
    assert_ne!(one["jti"], two["jti"]);
    assert!(one["iat"].as_u64().unwrap() > NOW);
}

#[test]
fn an_assertion_travels_in_the_request() {
    let application = application(ClientAuth::PrivateKeyJwt);
    let assertion = signer().sign(&application).unwrap();
    let token = assertion.expose().to_owned();
    let call = VerifyWithOtp::new(MfaToken::parse("Fe26.2*FAKE").unwrap(), Otp::parse("123456").unwrap());
    let (request, _pending) = begin(call, &application, CallOptions::default().client_assertion(assertion));
    let body = std::str::from_utf8(request.body().expose()).unwrap();
    assert!(body.contains(&format!("client_assertion={token}")), "{body}");
}

#[test]
fn a_client_gets_the_same_from_the_signer_as_a_program_does() {
    let application = application(ClientAuth::PrivateKeyJwt);
    let for_clients: &dyn ClientAssertionSigner = &signer();
    assert_eq!(for_clients.sign_assertion(&application).unwrap().expose(), sign(&signer()));
    let barren: &dyn ClientAssertionSigner = &signer().surroundings(Barren);
    assert!(barren.sign_assertion(&application).unwrap_err().is::<SigningError>());
}

#[test]
fn without_randomness_nothing_is_signed() {
    let barren = signer().surroundings(Barren);
    let error = barren.sign(&application(ClientAuth::PrivateKeyJwt)).unwrap_err();
    assert_eq!(error.to_string(), "nothing was signed: there is no randomness");
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let error = PrivateKeyJwtSigner::from_pem(EC_PEM).unwrap_err();
    assert!(error.to_string().contains("is not an unbroken RSA key"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}
