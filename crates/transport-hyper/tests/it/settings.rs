//! Settings that cannot work are refused when the transport is built.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::transport::AsyncTransport;
use auth0_mfa_transport_hyper::{ConfigError, HyperTransport};
use rcgen::KeyPair;
use rustls::crypto::{CryptoProvider, ring};

fn setting<T: std::fmt::Debug>(result: Result<T, ConfigError>) -> &'static str {
    result.expect_err("the setting cannot work").setting()
}

#[test]
fn a_pem_text_without_a_usable_certificate_is_refused() {
    let key = KeyPair::generate().expect("a key is made").serialize_pem();
    for pem in [
        "",
        "no PEM at all",
        &key,
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let refused = HyperTransport::builder().add_root_pem(pem.as_bytes());
        assert_eq!(setting(refused), "root certificate", "{pem}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_the_cause() {
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let refused = HyperTransport::builder().add_root_pem(pem).expect_err("is no certificate");
    assert!(refused.source().is_some_and(<dyn Error>::is::<rustls::Error>));
}

#[test]
fn nobody_to_trust_is_refused() {
    assert_eq!(setting(HyperTransport::builder().without_webpki_roots().build()), "roots");
}

#[test]
fn a_provider_without_cipher_suites_is_refused() {
    let provider = CryptoProvider { cipher_suites: Vec::new(), ..ring::default_provider() };
    let refused = HyperTransport::builder().crypto_provider(Arc::new(provider)).build();
    assert_eq!(setting(refused), "crypto_provider");
}

#[test]
fn timeouts_of_zero_are_refused() {
    let builder = HyperTransport::builder;
    assert_eq!(setting(builder().timeout(Duration::ZERO).build()), "timeout");
    assert_eq!(setting(builder().connect_timeout(Duration::ZERO).build()), "connect_timeout");
    assert!(builder().pool_idle_timeout(Duration::ZERO).build().is_ok());
}

#[test]
fn debug_shows_the_limits() {
    let shown = format!("{:?}", HyperTransport::new().expect("the defaults are sound"));
    assert!(shown.contains("connect: 5s") && shown.contains("call: 30s"), "{shown}");
    assert!(shown.contains("reply_bytes: 262144"), "{shown}");
}

#[test]
fn a_transport_can_be_shared_and_made_an_object() {
    fn is_shareable<T: Clone + Send + Sync + 'static>(transport: T) -> T {
        transport
    }
    let transport = is_shareable(HyperTransport::new().expect("the defaults are sound"));
    let _: Arc<dyn AsyncTransport> = Arc::new(transport);
}
