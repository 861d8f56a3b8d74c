//! The tenant over TLS, as a client meets it that trusts its authority and nothing else.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use auth0_mfa_emulator::EmulatorServer;
use auth0_mfa_emulator::server::TlsOptions;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{LOGIN, connect, issuer, request};

fn start() -> EmulatorServer {
    let options = TlsOptions::new().name("tenant.example.com").name("10.1.2.3");
    EmulatorServer::builder().tls(options).start().unwrap()
}

/// Logs in, as a client that knows the server by `name` and trusts the authority of `trusted`.
fn log_in(server: &EmulatorServer, name: &'static str, trusted: &EmulatorServer) -> io::Result<String> {
    let mut stream = trusting(server, name, trusted);
    write!(stream, "{}{LOGIN}", request(LOGIN.len(), "close"))?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

fn trusting(
    server: &EmulatorServer,
    name: &'static str,
    trusted: &EmulatorServer,
) -> StreamOwned<ClientConnection, std::net::TcpStream> {
    let mut roots = RootCertStore::empty();
    let ca = trusted.ca_pem().expect("it speaks TLS");
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), name.try_into().unwrap()).unwrap();
    StreamOwned::new(connection, connect(server))
}

#[test]
fn over_tls_the_issuer_is_https() {
    let server = start();
    let stream = trusting(&server, "tenant.example.com", &server);
    assert_eq!(issuer(stream, "tenant.example.com"), "https://tenant.example.com/");
}

fn refusal(error: &io::Error) -> Option<&CertificateError> {
    match error.get_ref()?.downcast_ref()? {
        rustls::Error::InvalidCertificate(error) => Some(error),
        _ => None,
    }
}

#[test]
fn every_name_of_the_machine_and_every_name_that_was_given_is_good() {
    let server = start();
    assert_eq!(server.base_url(), format!("https://127.0.0.1:{}", server.address().port()));
    for name in ["localhost", "127.0.0.1", "::1", "tenant.example.com", "10.1.2.3"] {
        assert!(log_in(&server, name, &server).unwrap().contains("mfa_required"), "{name}");
    }
}

#[test]
fn another_name_and_another_authority_are_not() {
    let (server, other) = (start(), start());
    let error = log_in(&server, "other.example.com", &server).unwrap_err();
    assert!(matches!(refusal(&error), Some(CertificateError::NotValidForNameContext { .. })), "{error}");
    let error = log_in(&server, "localhost", &other).unwrap_err();
    assert_eq!(refusal(&error), Some(&CertificateError::UnknownIssuer));
}

#[test]
fn plain_http_gets_no_reply_and_does_not_end_it() {
    let server = start();
    let mut stream = connect(&server);
    write!(stream, "{}{LOGIN}", request(LOGIN.len(), "close")).unwrap();
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read); // an alert, an end or a reset
    assert!(!read.starts_with(b"HTTP"));
    assert!(log_in(&server, "localhost", &server).is_ok());
}

#[test]
fn without_tls_there_is_no_authority() {
    assert!(EmulatorServer::start().unwrap().ca_pem().is_none());
}

#[test]
fn a_name_that_is_none_is_an_error() {
    let options = TlsOptions::new().name("n\u{f6} name");
    let error = EmulatorServer::builder().tls(options).start().map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn it_stops_while_a_handshake_is_under_way() {
    let server = start();
    let mut silent = connect(&server);
    silent.write_all(b"\x16\x03\x01").unwrap();
    server.stop();
    assert!(matches!(silent.read(&mut [0]), Ok(0) | Err(_)));
}
