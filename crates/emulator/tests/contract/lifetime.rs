//! Which connection gets which script, how a server stops, and places where there is none.

use std::fmt::Debug;
use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use auth0_mfa_emulator::contract::{
    BlackHole, ClosedPort, End, Outcome, Script, ScriptedServer, Scripts, Step, Tls,
};

use super::{FOREVER, GUARD, REQUEST, connect, connect_and_send, ok_reply, read_to_end, serve};

fn writing(text: &str) -> Script {
    Script::new([Step::Write(text.into())], End::Close)
}

#[test]
fn each_connection_gets_its_script_and_the_last_one_serves_the_rest() {
    let server = ScriptedServer::plain([writing("first"), writing("second"), writing("rest")]).unwrap();
    for expected in ["first", "second", "rest", "rest"] {
        assert_eq!(read_to_end(&mut connect(&server)), expected.as_bytes());
    }
    assert_eq!(server.connections(), 4);
}

#[test]
fn a_function_chooses_the_script_by_number() {
    let scripts = Scripts::from_fn(|connection| writing(&format!("connection {connection}")));
    let server = ScriptedServer::plain(scripts).unwrap();
    assert_eq!(read_to_end(&mut connect(&server)), b"connection 0");
    assert_eq!(read_to_end(&mut connect(&server)), b"connection 1");
}

#[test]
fn without_a_script_a_connection_is_closed() {
    let server = ScriptedServer::plain(Vec::new()).unwrap();
    assert_eq!(read_to_end(&mut connect(&server)), b"");
}

#[test]
fn the_record_is_kept_for_each_connection_apart() {
    let server = serve([Step::ReadToEnd], End::Close);
    let first = connect_and_send(&server, b"one");
    server.wait_for_bytes(0, 3).unwrap();
    drop(connect_and_send(&server, b"two"));
    assert_eq!(server.wait_for_end(1).unwrap().bytes(), b"two");
    let seen = server.seen(0).unwrap();
    assert_eq!((seen.bytes(), seen.outcome()), (&b"one"[..], None));
    assert!(seen.contains(b"ne") && !seen.contains(b"two"));
    assert!(server.seen(2).is_none());
    drop(first);
}

#[test]
fn finish_tells_of_a_connection_that_was_established_a_moment_ago() {
    for _ in 0..50 {
        let server = serve([Step::ReadRequest], End::Close);
        let _client = connect_and_send(&server, REQUEST);
        let seen = server.finish();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].bytes(), REQUEST);
    }
}

#[test]
fn a_server_stops_whatever_it_is_doing() {
    let busy: [(Vec<Step>, End); 6] = [
        (vec![Step::ReadHead], End::Close),
        (vec![Step::ReadToEnd], End::Close),
        (vec![Step::Flood(u64::MAX)], End::Close),
        (vec![Step::Pause(FOREVER)], End::Close),
        (vec![Step::Trickle { bytes: b"abc".to_vec(), pause: FOREVER }], End::Close),
        (vec![], End::Stall),
    ];
    for (steps, end) in busy {
        let script = Script::new(steps, end);
        let plain = ScriptedServer::plain(script.clone()).unwrap();
        let client = connect_and_send(&plain, b"P");
        assert_stops(&script, plain);
        drop(client);

        let tls = ScriptedServer::tls(script.clone(), Tls::Valid).unwrap();
        let client = super::tls::connect(&tls).unwrap();
        assert_stops(&script, tls);
        drop(client);
    }
}

#[test]
fn a_server_stops_in_the_middle_of_a_handshake() {
    for kind in [Tls::Valid, Tls::StallInHandshake, Tls::CloseInHandshake, Tls::PlainText] {
        let server = ScriptedServer::tls(Script::answer(ok_reply()), kind).unwrap();
        let _silent = connect(&server);
        let _begun = connect_and_send(&server, &[0x16]);
        assert_stops(&kind, server);
    }
}

#[test]
fn a_dropped_server_closes_its_connections() {
    let server = serve([Step::ReadToEnd], End::Close);
    let mut client = connect(&server);
    drop(server);
    assert_eq!(read_to_end(&mut client), b"");
}

#[test]
fn a_dropped_server_closes_its_port() {
    // More than once, since somebody else may have taken a port that was free again.
    let is_refused = (0..20).any(|_| {
        let address = serve([], End::Close).address();
        TcpStream::connect(address).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    });
    assert!(is_refused);
}

#[test]
fn a_connection_that_the_stop_cut_says_so() {
    let server = serve([Step::ReadRequest], End::Close);
    let _client = connect_and_send(&server, &REQUEST[..20]);
    server.wait_for_bytes(0, 20).unwrap();
    let seen = server.finish();
    assert_eq!(seen[0].bytes(), &REQUEST[..20]);
    assert_eq!(seen[0].outcome(), Some(Outcome::Stopped));
}

#[test]
fn a_closed_port_refuses_connections_and_nobody_else_can_take_it() {
    let port = ClosedPort::open().unwrap();
    for _ in 0..20 {
        let refused = TcpStream::connect(port.address()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
    assert!(TcpListener::bind(port.address()).is_err());
    assert_eq!(port.origin(), format!("http://127.0.0.1:{}", port.address().port()));
}

#[test]
fn a_connection_to_a_black_hole_hangs() {
    let hole = BlackHole::open().unwrap();
    for _ in 0..3 {
        let hanging = TcpStream::connect_timeout(&hole.address(), Duration::from_millis(100));
        assert_eq!(hanging.unwrap_err().kind(), ErrorKind::TimedOut);
    }
}

#[test]
fn origins_name_the_port() {
    let server = serve([], End::Close);
    let port = server.address().port();
    assert_eq!(server.origin(), format!("http://127.0.0.1:{port}"));
    assert!(server.ca_pem().is_none() && server.client_pem().is_none());
}

#[test]
fn debug_shows_no_bytes() {
    let script = Script::new(
        [
            Step::ReadExactly(6),
            Step::Write(b"CANARY".to_vec()),
            Step::Trickle { bytes: b"CANARY".to_vec(), pause: FOREVER },
        ],
        End::Close,
    );
    let server = ScriptedServer::plain(script.clone()).unwrap();
    let mut client = connect_and_send(&server, b"CANARY");
    client.read_exact(&mut [0; 7]).unwrap();
    let tls = ScriptedServer::tls(Script::answer(ok_reply()), Tls::Valid).unwrap();
    let seen = server.wait_for_bytes(0, 6).unwrap();
    let shown = format!("{script:?} {server:?} {tls:?} {seen:?}");
    assert!(shown.contains("Write(6 bytes)"), "{shown}");
    assert!(!shown.contains("CANARY") && !shown.contains("67, 65, 78"), "{shown}");
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");
}

/// Fails when the server hangs in its stop, or leaves a connection behind. `doing` is named then.
fn assert_stops(doing: &impl Debug, server: ScriptedServer) {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || done.send(server.finish()).unwrap());
    let seen = is_done.recv_timeout(GUARD).unwrap_or_else(|_| panic!("hangs: {doing:?}"));
    assert!(seen.iter().all(|seen| seen.outcome().is_some()), "left behind: {doing:?}, {seen:?}");
}
