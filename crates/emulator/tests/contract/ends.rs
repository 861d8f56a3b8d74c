//! A connection ends as its script says, and the record tells how.

use std::io::{ErrorKind, Write};
use std::thread;
use std::time::Duration;

use auth0_mfa_emulator::contract::{End, Outcome, Script, ScriptedServer, Step};

use super::{REQUEST, connect, connect_and_send, ok_reply, read_error, read_exactly, read_to_end, serve};

#[test]
fn close_is_a_fin_even_when_bytes_lie_unread() {
    for end in [End::Close, End::Truncate] {
        let server = serve([Step::ReadExactly(16), Step::Write(b"bye".to_vec())], end);
        let mut client = connect_and_send(&server, REQUEST);
        assert_eq!(read_to_end(&mut client), b"bye");
    }
}

#[test]
fn what_arrives_after_a_close_is_recorded_until_the_peer_closes() {
    let server = serve([Step::ReadExactly(4)], End::Close);
    let mut client = connect_and_send(&server, b"early");
    assert_eq!(read_to_end(&mut client), b"");
    client.write_all(b" and late").unwrap();
    drop(client);
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.bytes(), b"early and late");
    assert_eq!(seen.outcome(), Some(Outcome::Completed));
}

#[test]
fn an_abandoned_connection_is_reset_when_bytes_lie_unread() {
    let server = serve([Step::ReadExactly(16)], End::Abandon);
    let mut client = connect_and_send(&server, REQUEST);
    assert_eq!(read_error(&mut client), ErrorKind::ConnectionReset);
    assert_eq!(server.wait_for_end(0).unwrap().bytes(), &REQUEST[..16]);
}

#[test]
fn an_abandoned_connection_ends_with_a_fin_when_everything_was_read() {
    let server = serve([Step::ReadExactly(16), Step::Drain], End::Abandon);
    let mut client = connect_and_send(&server, REQUEST);
    assert_eq!(read_to_end(&mut client), b"");
    assert_eq!(server.wait_for_end(0).unwrap().bytes(), REQUEST);
}

#[test]
fn an_abandoned_connection_resets_what_comes_later() {
    let server = serve([Step::ReadRequest], End::Abandon);
    let mut client = connect_and_send(&server, REQUEST);
    server.wait_for_end(0).unwrap();
    // The first one is taken by the client's own kernel; its reset may take a moment.
    let is_refused = (0..1000).any(|_| {
        thread::sleep(Duration::from_millis(1));
        client.write_all(REQUEST).is_err()
    });
    assert!(is_refused);
}

#[test]
fn reset_is_a_reset_even_when_everything_was_read() {
    let server = serve([Step::ReadRequest], End::Reset);
    let mut client = connect_and_send(&server, REQUEST);
    assert_eq!(read_error(&mut client), ErrorKind::ConnectionReset);
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.requests(), [REQUEST]);
    assert_eq!(seen.outcome(), Some(Outcome::Completed));
}

#[test]
fn a_stalled_server_reads_nothing_until_it_stops_and_then_tells_what_had_arrived() {
    let server = serve([Step::ReadExactly(1)], End::Stall);
    let mut client = connect_and_send(&server, b"!");
    server.wait_for_bytes(0, 1).unwrap();
    client.set_write_timeout(Some(Duration::from_millis(50))).unwrap();
    let chunk = vec![b'x'; 1 << 20];
    let refused = (0..256).find_map(|_| client.write_all(&chunk).err());
    assert!(refused.is_some(), "the kernel takes 256 MiB that nobody reads");
    assert_eq!(server.seen(0).unwrap().bytes(), b"!");
    let seen = server.finish();
    assert!(seen[0].bytes().starts_with(b"!xxxx"));
}

#[test]
fn a_stalled_server_notices_that_the_peer_left() {
    let server = serve([Step::ReadRequest], End::Stall);
    drop(connect_and_send(&server, REQUEST));
    assert_eq!(server.wait_for_end(0).unwrap().outcome(), Some(Outcome::Completed));
}

#[test]
fn repeat_answers_each_request_of_a_connection() {
    let server = ScriptedServer::plain(Script::answer_each(ok_reply())).unwrap();
    let mut client = connect(&server);
    for _ in 0..3 {
        client.write_all(REQUEST).unwrap();
        assert_eq!(read_exactly(&mut client, ok_reply().len()), ok_reply());
    }
    drop(client);
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.requests(), [REQUEST; 3]);
    assert_eq!(seen.bytes().len(), 3 * REQUEST.len(), "no byte is recorded twice");
    assert_eq!(seen.outcome(), Some(Outcome::Completed));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_repetition_reads_from_the_first_byte_on() {
    let server = serve([Step::ReadExactly(3), Step::Write(b"ok".to_vec())], End::Repeat);
    let mut client = connect(&server);
    for three in ["abc", "def", "ghi"] {
        client.write_all(three.as_bytes()).unwrap();
        assert_eq!(read_exactly(&mut client, 2), b"ok");
    }
    assert_eq!(server.seen(0).unwrap().bytes(), b"abcdefghi");
}

#[test]
fn repeat_answers_requests_that_were_sent_together() {
    let server = ScriptedServer::plain(Script::answer_each(ok_reply())).unwrap();
    let mut client = connect_and_send(&server, &REQUEST.repeat(3));
    assert_eq!(read_exactly(&mut client, 3 * ok_reply().len()), ok_reply().repeat(3));
    assert_eq!(server.seen(0).unwrap().requests(), [REQUEST; 3]);
}

#[test]
fn a_request_that_breaks_off_in_a_repetition_is_not_completed() {
    let server = ScriptedServer::plain(Script::answer_each(ok_reply())).unwrap();
    let mut client = connect_and_send(&server, &[REQUEST, &REQUEST[..30]].concat());
    read_exactly(&mut client, ok_reply().len());
    drop(client);
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.requests(), [REQUEST]);
    assert_eq!(seen.bytes().len(), REQUEST.len() + 30);
    assert_eq!(seen.outcome(), Some(Outcome::PeerLeft));
}

#[test]
fn a_round_that_reads_nothing_is_the_last() {
    let server = serve([Step::Write(b"once".to_vec())], End::Repeat);
    assert_eq!(read_to_end(&mut connect_and_send(&server, b"something")), b"once");
}
