//! mTLS: the customer's edge says which certificate it has seen.

use auth0_mfa_core::{Body, ClientAuth, PasswordGrant, begin};
use auth0_mfa_emulator::{ApplicationConfig, ClientCertificate, Config, Tenant};

use crate::support::*;

const CERTIFICATE: &str = include_str!("../keys/client-certificate.pem");

fn world() -> World {
    let mut world = World::with(|config| {
        let mut application = ApplicationConfig::public("mtls-app");
        application
            .client_certificates
            .push(ClientCertificate::from_pem(CERTIFICATE).expect("a certificate"));
        config.applications.push(application);
        config.cname_api_key = Some(secret("fake-cname-api-key"));
    });
    world.application = application("mtls-app", ClientAuth::Mtls);
    world
}

fn escaped(pem: &str) -> String {
    pem.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

fn log_in(world: &mut World, auth: ClientAuth, headers: &[(&'static str, String)]) -> u16 {
    let call = PasswordGrant::new(ALICE, password_of(ALICE));
    let (mut request, _): (http::Request<Body>, _) =
        begin(call, &application("mtls-app", auth), Default::default());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    world.handle(&request).status().as_u16()
}

fn headers(key: &str, pem: &str, verified: &str) -> Vec<(&'static str, String)> {
    vec![
        ("cname-api-key", key.to_owned()),
        ("client-certificate", escaped(pem)),
        ("client-certificate-ca-verified", verified.to_owned()),
    ]
}

#[test]
fn the_registered_certificate_proves_the_application_whoever_issued_it() {
    for verified in ["SUCCESS", "FAILED:self signed certificate"] {
        let headers = headers("fake-cname-api-key", CERTIFICATE, verified);
        assert_eq!(log_in(&mut world(), ClientAuth::Mtls, &headers), 403, "mfa_required");
    }
}

#[test]
fn another_certificate_or_edge_proves_nothing() {
    let other = include_str!("../keys/other-certificate.pem");
    let good = headers("fake-cname-api-key", CERTIFICATE, "SUCCESS");
    let without = |name: &str| good.iter().filter(|header| header.0 != name).cloned().collect();
    for headers in [
        headers("fake-cname-api-key", other, "SUCCESS"),
        headers("fake-cname-api-key", "fake", "SUCCESS"),
        headers("fake-other-key", CERTIFICATE, "SUCCESS"),
        headers("fake-cname-api-key", CERTIFICATE, "NONE"),
        without("cname-api-key"),
        without("client-certificate"),
        without("client-certificate-ca-verified"),
    ] {
        assert_eq!(log_in(&mut world(), ClientAuth::Mtls, &headers), 401, "{headers:?}");
    }
}

#[test]
fn a_credential_in_the_body_beside_the_certificate_is_refused() {
    let headers = headers("fake-cname-api-key", CERTIFICATE, "SUCCESS");
    assert_eq!(log_in(&mut world(), ClientAuth::SecretPost(secret("fake")), &headers), 401);
}

#[test]
fn a_config_gives_an_application_one_kind_of_credential() {
    let refusal = |change: fn(&mut ApplicationConfig)| {
        let mut config = Config::default();
        change(&mut config.applications[0]);
        Tenant::new(config, 1).expect_err("a contradiction").to_string()
    };
    let key = |application: &mut ApplicationConfig| {
        let key = auth0_mfa_emulator::ClientKey::from_pem(include_str!("../keys/client-public.pem"));
        application.client_keys.push(key.expect("a key"));
    };
    let certificate = |application: &mut ApplicationConfig| {
        application
            .client_certificates
            .push(ClientCertificate::from_pem(CERTIFICATE).expect("a certificate"));
    };
    assert_eq!(refusal(key), "applications[0].client_keys are given beside a client_secret");
    assert_eq!(
        refusal(certificate),
        "applications[0].client_certificates are given beside another credential"
    );
    let alone = |application: &mut ApplicationConfig| {
        *application = ApplicationConfig::public("mtls-app");
        application
            .client_certificates
            .push(ClientCertificate::from_pem(CERTIFICATE).expect("a certificate"));
    };
    let expected = "applications[0].client_certificates are given, and the tenant has no cname_api_key";
    assert_eq!(refusal(alone), expected);
}
