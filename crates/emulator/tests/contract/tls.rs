//! TLS as a client meets it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use auth0_mfa_emulator::contract::{End, Outcome, Script, ScriptedServer, Step, Tls};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

use super::{REQUEST, ok_reply, read_error, read_exactly, read_to_end};

type Client<S = TcpStream> = StreamOwned<ClientConnection, S>;

#[test]
fn a_valid_certificate_serves_both_names_and_both_versions() {
    for version in [&TLS12, &TLS13] {
        let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::Valid).unwrap();
        for (connection, name) in ["localhost", "127.0.0.1"].into_iter().enumerate() {
            let socket = super::connect(&server);
            let mut client = shake_hands(socket, name, config(&server, version, None)).unwrap();
            client.write_all(REQUEST).unwrap();
            assert_eq!(read_to_end(&mut client), ok_reply());
            let seen = server.wait_for_bytes(connection, REQUEST.len()).unwrap();
            assert_eq!(seen.requests(), [REQUEST], "decrypted, and nothing of the handshake");
        }
    }
}

#[test]
fn the_origin_names_localhost() {
    let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::Valid).unwrap();
    assert_eq!(server.origin(), format!("https://localhost:{}", server.address().port()));
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let error = refusal(Tls::WrongName);
    assert!(matches!(error, CertificateError::NotValidForNameContext { .. }), "{error:?}");
}

#[test]
fn an_expired_certificate_is_refused() {
    let error = refusal(Tls::Expired);
    assert!(matches!(error, CertificateError::ExpiredContext { .. }), "{error:?}");
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    assert_eq!(refusal(Tls::UnknownAuthority), CertificateError::UnknownIssuer);
}

#[test]
fn each_server_has_an_authority_of_its_own() {
    let [one, another] = [(); 2].map(|()| ScriptedServer::tls(vec![], Tls::Valid).unwrap());
    let error =
        shake_hands(super::connect(&one), "localhost", config(&another, &TLS13, None)).map(drop).unwrap_err();
    assert!(certificate_error(&error).is_some(), "{error:?}");
}

#[test]
fn plain_text_on_the_port_is_no_tls() {
    let error = failure(Tls::PlainText);
    assert!(matches!(rustls_error(&error), Some(rustls::Error::InvalidMessage(_))), "{error:?}");
}

#[test]
fn plain_text_on_the_port_is_an_http_error() {
    let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::PlainText).unwrap();
    let read = read_to_end(&mut super::connect_and_send(&server, REQUEST));
    assert!(read.starts_with(b"HTTP/1.1 400 Bad Request\r\n"));
}

#[test]
fn a_client_that_is_still_sending_is_not_reset_when_there_is_no_tls() {
    for kind in [Tls::PlainText, Tls::CloseInHandshake] {
        let server = ScriptedServer::tls(Script::answer(ok_reply()), kind).unwrap();
        let mut client = super::connect_and_send(&server, REQUEST);
        read_to_end(&mut client);
        for _ in 0..50 {
            client.write_all(REQUEST).unwrap();
            thread::sleep(Duration::from_millis(1));
        }
        drop(client);
        assert_no_script_was_played(&server);
    }
}

#[test]
fn a_connection_can_be_closed_in_the_middle_of_the_handshake() {
    assert_eq!(failure(Tls::CloseInHandshake).kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn a_handshake_can_stall() {
    let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::StallInHandshake).unwrap();
    let socket = super::connect(&server);
    socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let error = shake_hands(socket, "localhost", config(&server, &TLS13, None)).map(drop).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error:?}");
    assert_no_script_was_played(&server);
}

#[test]
fn a_client_certificate_can_be_demanded() {
    for version in [&TLS12, &TLS13] {
        let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::ClientCertificate).unwrap();
        let with = config(&server, version, server.client_pem());
        let mut client = shake_hands(super::connect(&server), "localhost", with).unwrap();
        client.write_all(REQUEST).unwrap();
        assert_eq!(read_to_end(&mut client), ok_reply());
    }
}

#[test]
fn a_client_without_the_demanded_certificate_is_refused_and_its_request_is_not_seen() {
    for version in [&TLS12, &TLS13] {
        let server = ScriptedServer::tls(Script::answer(ok_reply()), Tls::ClientCertificate).unwrap();
        let without = config(&server, version, None);
        let refused = shake_hands(super::connect(&server), "localhost", without).and_then(|mut client| {
            client.write_all(REQUEST)?;
            client.read_to_end(&mut Vec::new())
        });
        let error = refused.unwrap_err();
        assert!(matches!(rustls_error(&error), Some(rustls::Error::AlertReceived(_))), "{error:?}");
        assert_no_script_was_played(&server);
    }
}

#[test]
fn a_truncated_stream_has_no_goodbye() {
    let script = Script::new([Step::ReadRequest, Step::Write(ok_reply())], End::Truncate);
    let server = ScriptedServer::tls(script, Tls::Valid).unwrap();
    let mut client = connect_and_send(&server);
    assert_eq!(read_exactly(&mut client, ok_reply().len()), ok_reply());
    assert_eq!(read_error(&mut client), ErrorKind::UnexpectedEof);
}

#[test]
fn a_reset_breaks_the_stream() {
    let server = ScriptedServer::tls(Script::new([Step::ReadRequest], End::Reset), Tls::Valid).unwrap();
    assert_eq!(read_error(&mut connect_and_send(&server)), ErrorKind::ConnectionReset);
    assert_eq!(server.wait_for_end(0).unwrap().requests(), [REQUEST]);
}

#[test]
fn the_record_holds_what_the_steps_read_and_a_drain_the_rest_of_the_record_of_tls() {
    let scripts =
        [Script::new([Step::ReadHead], End::Reset), Script::new([Step::ReadHead, Step::Drain], End::Reset)];
    let server = ScriptedServer::tls(scripts, Tls::Valid).unwrap();
    let _clients = [connect_and_send(&server), connect_and_send(&server)];
    assert_eq!(server.wait_for_end(0).unwrap().bytes(), &REQUEST[..REQUEST.len() - 10]);
    assert_eq!(server.wait_for_end(1).unwrap().bytes(), REQUEST);
}

#[test]
fn repeat_ends_when_the_client_says_goodbye_or_just_leaves() {
    for says_goodbye in [true, false] {
        let server = ScriptedServer::tls(Script::answer_each(ok_reply()), Tls::Valid).unwrap();
        let mut client = connect_and_send(&server);
        read_exactly(&mut client, ok_reply().len());
        client.write_all(REQUEST).unwrap();
        read_exactly(&mut client, ok_reply().len());
        if says_goodbye {
            client.conn.send_close_notify();
            client.flush().unwrap();
        }
        drop(client);
        let seen = server.wait_for_end(0).unwrap();
        assert_eq!(seen.requests(), [REQUEST; 2]);
        assert_eq!(seen.outcome(), Some(Outcome::Completed), "says goodbye: {says_goodbye}");
    }
}

#[test]
fn trickle_puts_each_byte_into_a_record_of_its_own() {
    let script = Script::new([Step::Trickle { bytes: b"abc".to_vec(), pause: Duration::ZERO }], End::Close);
    let server = ScriptedServer::tls(script, Tls::Valid).unwrap();
    let socket = Tap { socket: super::connect(&server), received: Vec::new() };
    let mut client = shake_hands(socket, "localhost", config(&server, &TLS13, None)).unwrap();
    assert_eq!(read_to_end(&mut client), b"abc");
    // A byte, the type of what is inside, and a tag of 16 bytes. The goodbye is an alert of two bytes.
    let records = record_lengths(&client.sock.received);
    assert_eq!(records.iter().filter(|length| **length == 1 + 1 + 16).count(), 3, "{records:?}");
}

#[test]
fn a_flood_through_tls_ends_when_the_peer_leaves() {
    let server = ScriptedServer::tls(Script::new([Step::Flood(u64::MAX)], End::Close), Tls::Valid).unwrap();
    let mut client = connect(&server).unwrap();
    read_exactly(&mut client, 1 << 20);
    drop(client);
    assert_eq!(server.wait_for_end(0).expect("the flood ends").outcome(), Some(Outcome::PeerLeft));
}

/// A client that trusts the server's authority and has shaken hands.
pub(super) fn connect(server: &ScriptedServer) -> io::Result<Client> {
    shake_hands(super::connect(server), "localhost", config(server, &TLS13, None))
}

fn connect_and_send(server: &ScriptedServer) -> Client {
    let mut client = connect(server).unwrap();
    client.write_all(REQUEST).unwrap();
    client
}

fn shake_hands<S: Read + Write>(
    mut socket: S,
    name: &'static str,
    config: ClientConfig,
) -> io::Result<Client<S>> {
    let mut connection = ClientConnection::new(Arc::new(config), name.try_into().unwrap()).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut socket)?;
    }
    Ok(StreamOwned::new(connection, socket))
}

fn config(
    server: &ScriptedServer,
    version: &'static SupportedProtocolVersion,
    identity: Option<&str>,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    let Some(pem) = identity.map(str::as_bytes) else { return builder.with_no_client_auth() };
    let certificate = CertificateDer::from_pem_slice(pem).unwrap();
    builder.with_client_auth_cert(vec![certificate], PrivateKeyDer::from_pem_slice(pem).unwrap()).unwrap()
}

/// Why the certificate of such a server is refused.
fn refusal(kind: Tls) -> CertificateError {
    let error = failure(kind);
    certificate_error(&error).unwrap_or_else(|| panic!("{error:?}"))
}

/// How the handshake with such a server fails; no script is played.
fn failure(kind: Tls) -> io::Error {
    let server = ScriptedServer::tls(Script::answer(ok_reply()), kind).unwrap();
    let error = connect(&server).map(drop).unwrap_err();
    assert_no_script_was_played(&server);
    error
}

fn assert_no_script_was_played(server: &ScriptedServer) {
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.bytes(), b"");
    assert_eq!(seen.outcome(), Some(Outcome::HandshakeFailed));
}

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

fn certificate_error(error: &io::Error) -> Option<CertificateError> {
    match rustls_error(error) {
        Some(rustls::Error::InvalidCertificate(error)) => Some(error.clone()),
        _ => None,
    }
}

/// Keeps what comes from the network.
struct Tap {
    socket: TcpStream,
    received: Vec<u8>,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(buffer)?;
        self.received.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// The lengths of the records of TLS in `bytes`: each is a type, a version, a length and so many bytes.
fn record_lengths(mut bytes: &[u8]) -> Vec<usize> {
    let mut lengths = Vec::new();
    while let [_, _, _, high, low, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        lengths.push(length);
        bytes = &rest[length..];
    }
    lengths
}
