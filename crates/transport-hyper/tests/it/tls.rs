//! TLS: whom the transport trusts, and what it says when it does not.

use std::sync::Arc;
use std::time::Duration;

use crate::support::*;
use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{AsyncTransport, Delivery};
use auth0_mfa_transport_hyper::{Builder, HyperTransport, Phase};
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{HandshakeKind, RootCertStore, ServerConfig};

pub(crate) fn authority_and_server(name: &str) -> (String, Arc<ServerConfig>) {
    server_of_authority("Authority", name)
}

/// An authority, and a server with a certificate of it for `name`.
fn server_of_authority(authority: &str, name: &str) -> (String, Arc<ServerConfig>) {
    let authority = new_authority(authority);
    let (certificate, key) = signed(&authority, name);
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private(&key))
        .expect("the key belongs to the certificate");
    // The server would take early data; it is the client that must not send any.
    config.max_early_data_size = 16_384;
    (authority.pem(), Arc::new(config))
}

/// An authority, a server that asks for a certificate of it, and such a certificate with its key.
fn server_that_asks_for_a_certificate() -> (String, Arc<ServerConfig>, String) {
    let authority = new_authority("Authority");
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("is a root");
    let provider = Arc::new(ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let (certificate, key) = signed(&authority, "localhost");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports them")
        .with_client_cert_verifier(verifier.expect("there is a root"))
        .with_single_cert(vec![certificate.der().clone()], private(&key))
        .expect("the key belongs to the certificate");
    let (client, key) = signed(&authority, "client");
    (authority.pem(), Arc::new(config), client.pem() + &key.serialize_pem())
}

fn new_authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key is made")).expect("signs itself")
}

fn signed(authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key is made");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("the name is proper");
    (params.signed_by(&key, authority).expect("the authority signs"), key)
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

pub(crate) fn trusting(authority: &str) -> Builder {
    HyperTransport::builder().add_root_pem(authority.as_bytes()).expect("the authority is a root")
}

#[test]
fn a_server_of_an_added_authority_is_trusted() {
    let (authority, config) = authority_and_server("localhost");
    for builder in [trusting(&authority), trusting(&authority).without_webpki_roots()] {
        let server = Server::tls(Arc::clone(&config), |_, peer| peer.serve(OK));
        let transport = builder.build().expect("is sound");
        let reply = send(&transport, post(&server.url("/oauth/token"), Replay::SingleUse));
        assert_eq!(reply.expect("the server is trusted").body().expose(), b"{}");
        let seen = server.finish();
        assert!(seen[0].text().ends_with("mfa_token=CANARY"));
    }
    assert!(CryptoProvider::get_default().is_none(), "the process has no default provider, and gets none");
}

#[cfg(all(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn two_providers_serve_side_by_side_in_one_process() {
    use auth0_mfa_transport_hyper::crypto;
    let (authority, config) = authority_and_server("localhost");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    for provider in [crypto::ring(), crypto::aws_lc_rs()] {
        let transport = trusting(&authority).crypto_provider(provider).build().expect("is sound");
        assert!(send(&transport, post(&server.url("/"), Replay::SingleUse)).is_ok());
    }
    assert_eq!(server.finish().len(), 2);
    assert!(CryptoProvider::get_default().is_none());
}

#[test]
fn a_server_that_asks_for_a_certificate_gets_the_one_that_was_set() {
    let (authority, config, client_pem) = server_that_asks_for_a_certificate();
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let with = trusting(&authority).client_certificate_pem(client_pem.as_bytes()).expect("is whole");
    assert!(send(&with.build().expect("is sound"), post(&server.url("/"), Replay::SingleUse)).is_ok());

    // In TLS 1.3 the client learns that it has none after it sent its request, which the server never reads.
    let without = trusting(&authority).build().expect("is sound");
    let outcome = send(&without, post(&server.url("/"), Replay::SingleUse));
    let seen = server.finish();
    assert!(outcome.is_err());
    assert_truthful(&outcome, &seen[1..]);
    assert_eq!(seen[1].requests(), 0);
}

#[test]
fn a_server_that_is_not_trusted_gets_nothing() {
    let (authority, _) = authority_and_server("localhost");
    let (_, of_another_authority) = server_of_authority("Another", "localhost");
    let (authority_of_wrong_name, wrong_name) = authority_and_server("example.com");
    for (authority, config, complaint) in [
        (authority, of_another_authority, "UnknownIssuer"),
        (authority_of_wrong_name, wrong_name, "not valid for name"),
    ] {
        for replay in [Replay::Safe, Replay::Once, Replay::SingleUse] {
            let server = Server::tls(Arc::clone(&config), |_, peer| peer.listen());
            let transport = trusting(&authority).build().expect("is sound");
            let outcome = send(&transport, post(&server.url("/oauth/token"), replay));
            assert_failed(&outcome, Delivery::NotSent, Phase::Tls);
            let error = outcome.expect_err("the server is not trusted");
            assert!(chain(&error).contains(complaint), "{}", chain(&error));
            assert!(server.finish().iter().all(|connection| connection.bytes.is_empty()));
        }
    }
}

#[test]
fn tls_to_a_plain_text_port_is_not_sent() {
    let server = Server::plain(|_, peer| {
        peer.read(16);
        peer.send(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        peer.listen();
    });
    let url = server.url("/oauth/token").replace("http:", "https:");
    let outcome = send(&transport(), post(&url, Replay::SingleUse));
    assert_failed(&outcome, Delivery::NotSent, Phase::Tls);
    assert!(!server.finish()[0].text().contains("CANARY"));
}

#[test]
fn a_handshake_that_does_not_end_is_not_sent() {
    for connect_is_shorter in [true, false] {
        let server = Server::plain(|_, peer| peer.listen());
        let url = server.url("/oauth/token").replace("http:", "https:");
        let (short, long) = (Duration::from_millis(200), Duration::from_secs(10));
        let builder = if connect_is_shorter {
            HyperTransport::builder().connect_timeout(short).timeout(long)
        } else {
            HyperTransport::builder().connect_timeout(long).timeout(short)
        };
        let outcome = send(&builder.build().expect("is sound"), post(&url, Replay::SingleUse));
        assert_failed(&outcome, Delivery::NotSent, Phase::Tls);
        let error = outcome.expect_err("nobody answers");
        assert!(failure(&error).is_timeout());
        let which = if connect_is_shorter { "connecting took" } else { "the call took" };
        assert!(chain(&error).contains(which), "{}", chain(&error));
        server.finish();
    }
}

#[test]
fn a_server_that_closes_after_the_handshake_is_told_truly() {
    let (authority, config) = authority_and_server("localhost");
    let transport = trusting(&authority).build().expect("is sound");
    let mut told = [0; 2];
    for round in 0..300 {
        let server = Server::tls(Arc::clone(&config), move |_, peer| {
            peer.handshake();
            match round % 3 {
                0 => peer.close_notify(),
                1 => peer.hang_up_and_listen(),
                _ => (),
            }
        });
        let url = server.url("/oauth/token");
        let request = if round % 2 == 0 { post(&url, Replay::SingleUse) } else { get(&url, Replay::Safe) };
        let transport = transport.clone();
        let outcome = run_in_parallel(async move { transport.send(request).await });
        assert_truthful(&outcome, &server.finish());
        match delivery(&outcome) {
            Delivery::NotSent => told[0] += 1,
            Delivery::MaybeSent => told[1] += 1,
            other => panic!("no reply was sent: {other:?}"),
        }
    }
    println!("closed after the handshake: {} not sent, {} maybe sent", told[0], told[1]);
}

#[test]
fn a_server_that_reads_all_and_closes_may_have_it() {
    let (authority, config) = authority_and_server("localhost");
    let transport = trusting(&authority).build().expect("is sound");
    for round in 0..60 {
        let server = Server::tls(Arc::clone(&config), move |_, peer| {
            if round % 2 == 0 {
                peer.read(16);
            } else {
                peer.read_request();
            }
        });
        let outcome = send(&transport, post(&server.url("/oauth/token"), Replay::SingleUse));
        assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
        assert_truthful(&outcome, &server.finish());
    }
}

#[test]
fn fresh_connections_resume_sessions_and_send_no_early_data() {
    let (authority, config) = authority_and_server("localhost");
    let server = Server::tls(config, |_, peer| peer.serve(OK));
    let transport = trusting(&authority).build().expect("is sound");
    run(async {
        transport.send(post(&server.url("/"), Replay::Once)).await.expect("the server is trusted");
        for _ in 0..3 {
            transport.send(post(&server.url("/"), Replay::SingleUse)).await.expect("the server is trusted");
        }
    });
    let seen = server.finish();
    let handshakes: Vec<_> = seen.iter().map(|connection| connection.handshake).collect();
    assert_eq!(handshakes[0], Some(HandshakeKind::Full));
    assert_eq!(handshakes[1..], [Some(HandshakeKind::Resumed); 3]);
    assert!(seen.iter().all(|connection| connection.requests() == 1 && !connection.early_data));
}

#[test]
fn a_body_that_ends_without_a_farewell_is_cut() {
    let (authority, config) = authority_and_server("localhost");
    let transport = trusting(&authority).build().expect("is sound");
    for farewell in [true, false] {
        let server = Server::tls(Arc::clone(&config), move |_, peer| {
            peer.read_request();
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n{\"recovery_code\":");
            if farewell {
                peer.close_notify();
            }
        });
        let outcome = send(&transport, post(&server.url("/oauth/token"), Replay::SingleUse));
        server.finish();
        if farewell {
            assert_eq!(outcome.expect("the body is whole").body().expose(), b"{\"recovery_code\":");
        } else {
            assert_failed(&outcome, Delivery::Answered, Phase::Body);
            let error = outcome.expect_err("the body may be cut");
            assert_eq!(error.partial().expect("has a head").body().expose(), b"{\"recovery_code\":");
        }
    }
}
