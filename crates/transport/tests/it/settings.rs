//! What a builder takes, and what it refuses.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::Replay;
use auth0_mfa_transport::{Builder, ConfigError, Settings, crypto};
use rcgen::{CertificateParams, KeyPair};

fn builder() -> Builder<Settings> {
    Builder::new(|settings| settings)
}

fn setting<T>(result: Result<T, ConfigError>) -> &'static str {
    result.map(drop).expect_err("must be refused").setting()
}

/// A certificate that signed itself, and its key.
fn certificate() -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    (params.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

#[test]
fn a_pem_text_without_a_usable_certificate_is_refused() {
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    for pem in ["", "no PEM", broken, empty, &certificate().1] {
        assert_eq!(setting(builder().add_root_pem(pem.as_bytes())), "root certificate", "{pem}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_the_cause() {
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let refused = builder().add_root_pem(pem).map(drop).expect_err("is no certificate");
    assert!(refused.source().is_some_and(<dyn Error>::is::<rustls::Error>));
}

#[test]
fn nobody_to_trust_is_refused_and_an_added_root_is_enough() {
    assert_eq!(setting(builder().without_webpki_roots().build()), "roots");
    let own = builder().without_webpki_roots().add_root_pem(certificate().0.as_bytes());
    assert!(own.expect("is a root").build().is_ok());
}

#[test]
fn limits_that_no_call_could_keep_are_refused() {
    assert_eq!(setting(builder().connect_timeout(Duration::ZERO).build()), "connect_timeout");
    assert_eq!(setting(builder().timeout(Duration::ZERO).build()), "timeout");
    assert_eq!(setting(builder().max_reply_head_bytes(8191).build()), "max_reply_head_bytes");
    assert!(builder().max_reply_head_bytes(8192).timeout(Duration::MAX).build().is_ok());
}

#[test]
fn a_provider_without_cipher_suites_is_refused() {
    let mut provider = (*crypto::ring()).clone();
    provider.cipher_suites.clear();
    assert_eq!(setting(builder().crypto_provider(Arc::new(provider)).build()), "crypto_provider");
}

#[test]
fn a_client_certificate_needs_the_key_that_is_its_own() {
    let ((certificate, key), (_, other_key)) = (certificate(), certificate());
    let pem = |key: &str| builder().client_certificate_pem(format!("{certificate}{key}").as_bytes());
    assert!(pem(&key).expect("both are there").build().is_ok());
    assert_eq!(setting(pem(&other_key).expect("both are there").build()), "client certificate");
    for lacking in ["", key.as_str(), certificate.as_str()] {
        assert_eq!(setting(builder().client_certificate_pem(lacking.as_bytes())), "client certificate");
    }
}

#[test]
fn what_cannot_be_read_of_a_key_is_not_shown() {
    let (certificate, _) = certificate();
    for key in [
        "-----BEGIN PRIVATE KEY-----\nCANARY!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nQ0FOQVJZ\n-----END CANARY",
        "-----BEGIN CANARY",
    ] {
        let pem = format!("{certificate}{key}");
        let error = match builder().client_certificate_pem(pem.as_bytes()) {
            Ok(builder) => builder.build().map(drop).expect_err("is no key"),
            Err(error) => error,
        };
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("CANARY") && !shown.contains("Q0FOQVJZ"), "{shown}");
    }
}

#[test]
fn early_data_is_off_and_the_protocol_is_named() {
    let settings = builder().build().expect("the defaults are sound");
    assert!(!settings.tls.enable_early_data);
    assert_eq!(settings.tls.alpn_protocols, [b"http/1.1"]);
}

#[test]
fn single_use_requests_are_told_from_the_others() {
    let may = |builder: Builder<Settings>| {
        let settings = builder.build().expect("is sound");
        [Replay::Safe, Replay::Once, Replay::SingleUse].map(|replay| settings.may_reuse(replay))
    };
    assert_eq!(may(builder()), [true, true, false]);
    assert_eq!(may(builder().reuse_connections(false)), [false, false, false]);
    assert_eq!(may(builder().reuse_connections_for_single_use(true)), [true, true, true]);
}

#[test]
fn debug_shows_the_limits_and_no_password() {
    let builder = builder().proxy("http://user:CANARY@proxy.example.com").expect("is a proxy");
    let shown = format!("{:?}", builder.timeout(Duration::from_secs(7)));
    assert!(shown.contains("7s") && shown.contains("proxy.example.com") && !shown.contains("CANARY"));
}

/// The variable is set for a child process, which runs this very test.
#[cfg(unix)]
#[test]
fn a_proxy_in_the_environment_that_cannot_be_read_is_refused() {
    use std::os::unix::ffi::OsStrExt;

    const CHILD: &str = "TEST_WITH_UNREADABLE_PROXY";
    if std::env::var_os(CHILD).is_some() {
        assert_eq!(setting(builder().proxy_from_environment()), "https_proxy");
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test has a file"));
    child.args(["--exact", "settings::a_proxy_in_the_environment_that_cannot_be_read_is_refused"]);
    child.env(CHILD, "1").env("https_proxy", std::ffi::OsStr::from_bytes(b"http://\xff.example.com"));
    let output = child.output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn both_providers_can_be_had_at_once() {
    for provider in [crypto::ring(), crypto::aws_lc_rs()] {
        assert!(builder().crypto_provider(provider).build().is_ok());
    }
    assert!(builder().build().is_ok());
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

/// A machine without any root is told so.
#[cfg(feature = "platform-verifier")]
#[test]
fn the_platform_is_asked_on_request() {
    let own = builder().platform_verifier().add_root_pem(certificate().0.as_bytes());
    // Where they have no place, they are not dropped without a word.
    assert_eq!(own.expect("is a root").build().is_ok(), cfg!(not(target_os = "android")));
    if let Err(error) = builder().platform_verifier().build() {
        assert_eq!(error.setting(), "platform_verifier");
    }
}
