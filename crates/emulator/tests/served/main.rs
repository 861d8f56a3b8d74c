//! The tenant on a socket, by hand-written HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a client on a socket")]

mod admin;
mod faults;
mod story;
mod tls;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};

use auth0_mfa_emulator::{Config, EmulatorServer};

const LOGIN: &str =
    "grant_type=password&client_id=public-app&username=alice@example.com&password=fake-password-alice";

fn connect(server: &EmulatorServer) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, server.address().port())).unwrap()
}

fn request(body_length: usize, connection: &str) -> String {
    format!(
        "POST /oauth/token HTTP/1.1\r\nhost: localhost\r\nconnection: {connection}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {body_length}\r\n\r\n"
    )
}

fn log_in(server: &EmulatorServer) -> String {
    let mut stream = connect(server);
    write!(stream, "{}{LOGIN}", request(LOGIN.len(), "close")).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

#[test]
fn a_login_is_answered_with_the_headers_of_recordings() {
    let reply = log_in(&EmulatorServer::start().unwrap());
    assert!(reply.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{reply}");
    for header in ["content-type: application/json\r\n", "cache-control: no-store\r\n", "x-auth0-requestid: "]
    {
        assert!(reply.contains(header), "{header}: {reply}");
    }
    assert!(reply.contains(r#""error":"mfa_required""#), "{reply}");
}

#[test]
fn it_listens_on_loopback_unless_told_otherwise() {
    assert!(EmulatorServer::start().unwrap().address().ip().is_loopback());
    assert!(EmulatorServer::builder().allow_remote().start().unwrap().address().ip().is_unspecified());
}

#[test]
fn many_connections_are_served_while_others_are_idle() {
    let server = EmulatorServer::start().unwrap();
    let _idle: Vec<TcpStream> = (0..100).map(|_| connect(&server)).collect();
    std::thread::scope(|scope| {
        let logins: Vec<_> = (0..20).map(|_| scope.spawn(|| log_in(&server))).collect();
        for login in logins {
            assert!(login.join().unwrap().contains("mfa_required"));
        }
    });
}

#[test]
fn a_body_of_more_than_a_mebibyte_is_refused() {
    let server = EmulatorServer::start().unwrap();
    let mut stream = connect(&server);
    let length = 1024 * 1024 + 1;
    stream.write_all(request(length, "close").as_bytes()).unwrap();
    // It may answer and close before everything was written.
    let _ = stream.write_all(&vec![b'x'; length]);
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
}

#[test]
fn a_body_of_unsaid_length_is_cut_off_at_a_mebibyte_too() {
    let server = EmulatorServer::start().unwrap();
    let mut stream = connect(&server);
    let head = request(0, "close").replace("content-length: 0", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..17 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
}

#[test]
fn an_announced_length_is_believed_only_to_refuse_it() {
    let server = EmulatorServer::start().unwrap();
    let mut stream = connect(&server);
    stream.write_all(request(usize::MAX >> 1, "close").as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    assert!(log_in(&server).contains("mfa_required"));
}

#[test]
fn a_head_without_bounds_is_refused() {
    let server = EmulatorServer::start().unwrap();
    let many = "x: y\r\n".repeat(200);
    let long = format!("x: {}\r\n", "y".repeat(1_000_000));
    for headers in [many, long] {
        let mut stream = connect(&server);
        let head = request(0, "close").replace("host: localhost\r\n", &headers);
        // It may answer and close before everything was written, and a reset may overtake its answer.
        let _ = stream.write_all(head.as_bytes());
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        assert!(reply.is_empty() || reply.starts_with(b"HTTP/1.1 431 "), "{reply:?}");
    }
    assert!(log_in(&server).contains("mfa_required"));
}

#[test]
fn a_connection_serves_many_requests_as_forms_and_as_json() {
    let server = EmulatorServer::start().unwrap();
    let mut stream = connect(&server);
    let json = r#"{"grant_type":"password","client_id":"public-app","username":"alice@example.com","password":"fake-password-alice"}"#;
    write!(stream, "{}{LOGIN}", request(LOGIN.len(), "keep-alive")).unwrap();
    let head = request(json.len(), "close").replace("application/x-www-form-urlencoded", "application/json");
    write!(stream, "{head}{json}").unwrap();
    let mut replies = String::new();
    stream.read_to_string(&mut replies).unwrap();
    assert_eq!(replies.matches("mfa_required").count(), 2, "{replies}");
}

#[test]
fn bytes_that_are_no_http_do_not_end_it() {
    let server = EmulatorServer::start().unwrap();
    for garbage in
        [&b"\0\0\0\0\r\n\r\n"[..], b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b""]
    {
        let mut stream = connect(&server);
        stream.write_all(garbage).unwrap();
        drop(stream);
    }
    assert!(log_in(&server).contains("mfa_required"));
}

#[test]
fn it_stops_with_connections_open_and_the_port_is_free_again() {
    let server = EmulatorServer::start().unwrap();
    let address = server.address();
    let mut open = connect(&server);
    open.write_all(b"POST /oauth/token HTTP/1.1\r\n").unwrap();
    server.stop();
    assert!(TcpStream::connect(address).is_err());
    assert!(EmulatorServer::builder().port(address.port()).start().is_ok());
}

#[test]
fn a_config_that_contradicts_itself_is_an_error_that_names_the_field() {
    let mut config = Config::default();
    config.users[1].name = config.users[0].name.clone();
    let error = EmulatorServer::builder().config(config).start().map(drop).unwrap_err();
    assert!(error.to_string().contains("users[1].name"), "{error}");
}

fn issuer(mut stream: impl Read + Write, host: &str) -> String {
    write!(
        stream,
        "GET /.well-known/openid-configuration HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let rest = reply.split_once(r#""issuer":""#).expect("an issuer").1;
    rest.split_once('"').expect("its end").0.to_owned()
}

#[test]
fn the_issuer_is_the_scheme_and_the_host_that_were_called() {
    let server = EmulatorServer::start().unwrap();
    for (host, expected) in [
        ("localhost:3000", "http://localhost:3000/"),
        ("tenant.example.com", "http://tenant.example.com/"),
        // Where the host is none, what is left says https.
        ("a b", "https://localhost/"),
    ] {
        assert_eq!(issuer(connect(&server), host), expected);
    }
}
