//! Faults as a client on a socket meets them.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use auth0_mfa_emulator::{EmulatorServer, Fault, FaultRule};

use super::{LOGIN, connect, log_in, request};

fn with(fault: Fault) -> EmulatorServer {
    let server = EmulatorServer::start().unwrap();
    server.with_tenant(|tenant, _| tenant.faults_mut().add(FaultRule::new(fault).nth(1)));
    server
}

fn events(server: &EmulatorServer) -> usize {
    server.with_tenant(|tenant, _| tenant.events().count())
}

#[test]
fn a_connection_that_is_dropped_ends_without_a_byte_and_the_next_one_is_served() {
    for (fault, processed) in [(Fault::DropBefore, 0), (Fault::DropAfter, 1)] {
        let server = with(fault);
        assert_eq!(log_in(&server), "");
        assert_eq!(events(&server), processed);
        assert!(log_in(&server).contains("mfa_required"));
    }
}

#[test]
fn a_cut_reply_announces_its_whole_length_and_ends_where_it_is_cut() {
    for bytes in [0, 1, 9] {
        let reply = log_in(&with(Fault::CutReply(bytes)));
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        assert_eq!(body.len(), bytes, "{reply}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        assert!(length.parse::<usize>().unwrap() > bytes);
        assert!(r#"{"error":"#.starts_with(body), "{body}");
    }
}

#[test]
fn a_reply_that_is_delayed_comes() {
    let server = with(Fault::DelayMs(40));
    let asked = Instant::now();
    assert!(log_in(&server).contains("mfa_required"));
    assert!(asked.elapsed() >= Duration::from_millis(40));
}

#[test]
fn a_connection_that_stalls_stays_open_until_the_server_stops() {
    let server = with(Fault::Stall);
    let mut stream = connect(&server);
    write!(stream, "{}{LOGIN}", request(LOGIN.len(), "close")).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(60))).unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    assert_eq!(events(&server), 1);
    stream.set_read_timeout(None).unwrap();
    server.stop();
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
}
