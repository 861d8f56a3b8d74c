//! Line 6 of the contract: TLS with explicit roots and an explicit provider, and what it means for delivery.

use std::sync::Arc;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::{Builder, Phase, UreqTransport};
use rcgen::{Certificate, CertificateParams, CertifiedIssuer, KeyPair};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, HandshakeKind, RootCertStore, ServerConfig, SupportedProtocolVersion};

use crate::server::{OK, Peer, Server};
use crate::support::{
    FORM, assert_truthful, built, chain, delivery, failure, get, phase, post, post_body, send_code, transport,
};

/// A certificate authority, and a server's certificate of it.
pub(crate) struct Identity {
    pub(crate) root_pem: String,
    pub(crate) server: Arc<ServerConfig>,
}

pub(crate) fn identity(name: &str, versions: &[&'static SupportedProtocolVersion]) -> Identity {
    let issuer = authority();
    let (certificate, key) = signed(name, &issuer);
    Identity { root_pem: issuer.pem(), server: Arc::new(server(versions, None, &certificate, &key)) }
}

/// A server that takes nobody without a certificate, and the PEM text of one that it takes.
fn identity_for_members(versions: &[&'static SupportedProtocolVersion]) -> (Identity, String) {
    let issuer = authority();
    let (certificate, key) = signed("localhost", &issuer);
    let server = server(versions, Some(issuer.as_ref()), &certificate, &key);
    let (member, member_key) = signed("member", &issuer);
    let member_pem = member.pem() + &member_key.serialize_pem();
    (Identity { root_pem: issuer.pem(), server: Arc::new(server) }, member_pem)
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut authority = CertificateParams::new(Vec::new()).expect("good parameters");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("a certificate")
}

fn signed(name: &str, issuer: &CertifiedIssuer<'_, KeyPair>) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec![name.to_owned()])
        .and_then(|parameters| parameters.signed_by(&key, issuer))
        .expect("a certificate");
    (certificate, key)
}

fn server(
    versions: &[&'static SupportedProtocolVersion],
    members_of: Option<&Certificate>,
    certificate: &Certificate,
    key: &KeyPair,
) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .expect("good versions");
    let builder = match members_of {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone()).expect("a root");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().expect("good roots"))
        }
    };
    let private_key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let mut server = builder
        .with_single_cert(vec![certificate.der().clone()], private_key)
        .expect("a certificate with its key");
    // A client that wanted to send early data could.
    server.max_early_data_size = 16 * 1024;
    server
}

pub(crate) fn localhost() -> Identity {
    identity("localhost", rustls::ALL_VERSIONS)
}

pub(crate) fn trusting(identity: &Identity) -> Builder {
    UreqTransport::builder()
        .without_webpki_roots()
        .add_root_pem(identity.root_pem.as_bytes())
        .expect("a root certificate")
}

#[test]
fn an_added_root_is_trusted_in_both_versions_of_tls() {
    for version in rustls::ALL_VERSIONS {
        let identity = identity("localhost", &[version]);
        let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
        let transport = built(trusting(&identity));
        for replay in [Replay::Once, Replay::Once, Replay::SingleUse] {
            let reply = transport.send(post(&server.tls_url("/"), replay)).expect("is answered");
            assert_eq!(reply.body().expose(), b"ok");
        }
        drop(transport);
        let seen = server.finish();
        assert_eq!((seen.requests_on(0), seen.requests_on(1)), (2, 1));
    }
}

#[test]
fn an_added_root_stands_beside_those_of_webpki() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let transport =
        built(UreqTransport::builder().add_root_pem(identity.root_pem.as_bytes()).expect("a root"));
    assert!(send_code(&transport, &server.tls_url("/")).is_ok());
    server.finish();
}

#[test]
fn an_address_can_be_the_name_of_a_server() {
    let identity = identity("127.0.0.1", rustls::ALL_VERSIONS);
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let url = format!("https://{}/", server.address());
    assert!(send_code(&built(trusting(&identity)), &url).is_ok());
    server.finish();
}

#[test]
fn an_unknown_authority_means_not_sent() {
    let server = Server::start_tls(localhost().server, |peer| peer.answer_all(OK));
    let other = localhost();
    for transport in [transport(), built(trusting(&other))] {
        let reply = send_code(&transport, &server.tls_url("/"));
        assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
        let cause = std::error::Error::source(failure(&reply)).and_then(|cause| cause.downcast_ref());
        assert!(matches!(cause, Some(rustls::Error::InvalidCertificate(_))), "{:?}", chain(&reply));
    }
    assert_eq!(server.finish().bytes(), 0);
}

#[test]
fn a_wrong_name_means_not_sent() {
    let identity = identity("elsewhere.example.com", rustls::ALL_VERSIONS);
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let reply = send_code(&built(trusting(&identity)), &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    assert_eq!(server.finish().bytes(), 0);
}

#[test]
fn plain_text_on_the_port_means_not_sent() {
    let server = Server::start(|peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        peer.wait_for_end();
    });
    let reply = send_code(&transport(), &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    let seen = server.finish();
    assert!(!seen.text(0).contains("recovery_code"));
}

#[test]
fn closed_before_the_handshake_means_not_sent() {
    for _ in 0..200 {
        let server = Server::start(|_| {});
        let reply = send_code(&transport(), &server.tls_url("/"));
        assert_eq!(delivery(&reply), Some(Delivery::NotSent));
        assert_eq!(server.finish().connections(), 1);
    }
}

/// How a server may fail once the handshake is done, and what may be said of it.
#[test]
fn closed_after_the_handshake_is_told_truly() {
    let identity = localhost();
    let scripts: [fn(&mut Peer); 4] = [
        |_| {},
        |peer| {
            peer.read(16);
        },
        |peer| {
            peer.read_request();
        },
        |peer| {
            peer.read_request();
            peer.farewell();
        },
    ];
    for script in scripts {
        for _ in 0..100 {
            let server = Server::start_tls(Arc::clone(&identity.server), script);
            let reply = send_code(&built(trusting(&identity)), &server.tls_url("/"));
            let seen = server.finish();
            assert_truthful(&reply, &seen);
            assert_eq!(seen.connections(), 1);
            assert!(matches!(delivery(&reply), Some(Delivery::MaybeSent | Delivery::NotSent)));
            if seen.bytes() > 0 {
                assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
            }
        }
    }
}

#[test]
fn a_request_without_a_body_counts_under_tls_too() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| {
        peer.read_request();
    });
    let transport = built(trusting(&identity));
    for request in [
        post_body(&server.tls_url("/"), Replay::SingleUse, Vec::new()),
        get(&server.tls_url("/"), Replay::Once),
    ] {
        assert_eq!(delivery(&transport.send(request)), Some(Delivery::MaybeSent));
    }
    assert_eq!(server.finish().requests(), 2);
}

#[test]
fn a_body_without_a_length_needs_a_farewell() {
    for farewell in [true, false] {
        let identity = localhost();
        let server = Server::start_tls(Arc::clone(&identity.server), move |peer| {
            peer.read_request();
            peer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it");
            if farewell {
                peer.farewell();
            }
        });
        let reply = send_code(&built(trusting(&identity)), &server.tls_url("/"));
        assert_truthful(&reply, &server.finish());
        if farewell {
            assert_eq!(reply.expect("is whole").body().expose(), b"all of it");
        } else {
            assert_eq!(delivery(&reply), Some(Delivery::Answered));
            let error = reply.expect_err("may be half of it");
            assert_eq!(error.partial().expect("has a part").body().expose(), b"all of it");
        }
    }
}

#[test]
fn half_a_body_is_handed_over_under_tls_too() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf");
    });
    let reply = send_code(&built(trusting(&identity)), &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::Answered), Phase::Body));
    let seen = server.finish();
    assert!(seen.text(0).ends_with(FORM));
    let error = reply.expect_err("was cut");
    assert_eq!(error.partial().expect("has a part").body().expose(), b"half");
}

#[test]
fn fresh_connections_resume_the_session_and_send_no_early_data() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let transport = built(trusting(&identity));
    for replay in [Replay::Once, Replay::SingleUse, Replay::SingleUse] {
        transport.send(post(&server.tls_url("/"), replay)).expect("is answered");
    }
    drop(transport);
    let seen = server.finish();
    let handshakes: Vec<_> = seen.0.iter().map(|connection| connection.handshake).collect();
    assert_eq!(
        handshakes,
        [Some(HandshakeKind::Full), Some(HandshakeKind::Resumed), Some(HandshakeKind::Resumed)]
    );
    assert!(seen.0.iter().all(|connection| !connection.early_data));
}

#[test]
fn a_connection_whose_peer_said_farewell_is_not_used_again() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| {
        peer.read_request();
        peer.write(OK);
        // Said goodbye, and yet the socket stays open.
        peer.farewell();
        peer.wait_for_end();
    });
    let transport = built(trusting(&identity));
    for _ in 0..20 {
        transport.send(post(&server.tls_url("/"), Replay::Once)).expect("is answered");
        // The farewell may still be on its way when the reply has been read.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    drop(transport);
    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (20, 20));
}

#[test]
fn the_provider_that_was_given_is_used_and_none_is_installed() {
    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    let only = CipherSuite::TLS13_CHACHA20_POLY1305_SHA256;
    let mut provider = ring::default_provider();
    provider.cipher_suites.retain(|suite| suite.suite() == only);
    let transport = built(trusting(&identity).crypto_provider(Arc::new(provider)));
    send_code(&transport, &server.tls_url("/")).expect("is answered");
    assert_eq!(server.finish().0[0].suite, Some(only));
    assert!(CryptoProvider::get_default().is_none());
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_asks_for_one() {
    for version in rustls::ALL_VERSIONS {
        let (identity, member) = identity_for_members(&[version]);
        let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
        let builder = trusting(&identity).client_certificate_pem(member.as_bytes());
        let transport = built(builder.expect("a certificate and its key"));
        assert!(send_code(&transport, &server.tls_url("/")).is_ok());
        drop(transport);
        assert_eq!(server.finish().requests(), 1);
    }
}

/// In TLS 1.3 a client learns that it was refused only when it has sent its request.
#[test]
fn a_server_that_misses_a_client_certificate_is_told_truly() {
    for (version, expected) in [(&TLS12, Delivery::NotSent), (&TLS13, Delivery::MaybeSent)] {
        let (identity, _) = identity_for_members(&[version]);
        let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
        let reply = send_code(&built(trusting(&identity)), &server.tls_url("/"));
        let seen = server.finish();
        assert_truthful(&reply, &seen);
        assert_eq!((delivery(&reply), seen.bytes()), (Some(expected), 0));
        assert_eq!(phase(&reply) == Phase::Tls, expected == Delivery::NotSent);
    }
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn both_providers_serve_side_by_side() {
    use auth0_mfa_transport_ureq::crypto;

    let identity = localhost();
    let server = Server::start_tls(Arc::clone(&identity.server), |peer| peer.answer_all(OK));
    for builder in [
        trusting(&identity).crypto_provider(crypto::aws_lc_rs()),
        trusting(&identity).crypto_provider(crypto::ring()),
        trusting(&identity),
    ] {
        assert!(send_code(&built(builder), &server.tls_url("/")).is_ok());
    }
    assert_eq!(server.finish().requests(), 3);
    assert!(CryptoProvider::get_default().is_none());
}
