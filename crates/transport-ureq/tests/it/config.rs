//! Settings that cannot be used are refused when the transport is made, and nothing panics.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_transport_ureq::UreqTransport;
use rustls::crypto::ring;

#[test]
fn a_pem_without_a_certificate_is_refused() {
    let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    for pem in ["", "no PEM at all", &key] {
        let error = UreqTransport::builder().add_root_pem(pem.as_bytes()).expect_err("has no certificate");
        assert_eq!(error.to_string(), "root certificate is missing: the PEM has none");
    }
}

#[test]
fn a_certificate_that_cannot_be_read_is_refused() {
    for pem in [
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA",
    ] {
        let error = UreqTransport::builder().add_root_pem(pem.as_bytes()).expect_err("is no certificate");
        assert!(error.source().is_some(), "{error}");
    }
}

#[test]
fn to_trust_nobody_is_refused() {
    let error = UreqTransport::builder().without_webpki_roots().build().expect_err("has no roots");
    assert_eq!(error.to_string(), "roots are empty: no server could be trusted");
}

#[test]
fn a_time_limit_of_zero_is_refused() {
    for (builder, setting) in [
        (UreqTransport::builder().timeout(Duration::ZERO), "timeout"),
        (UreqTransport::builder().connect_timeout(Duration::ZERO), "connect_timeout"),
    ] {
        assert_eq!(builder.build().expect_err("no call could end").setting(), setting);
    }
    assert!(UreqTransport::builder().timeout(Duration::MAX).connect_timeout(Duration::MAX).build().is_ok());
}

#[test]
fn a_provider_that_can_do_nothing_is_refused() {
    let mut provider = ring::default_provider();
    provider.cipher_suites.clear();
    let error =
        UreqTransport::builder().crypto_provider(Arc::new(provider)).build().expect_err("has no suites");
    assert!(error.source().is_some(), "{error}");
}
