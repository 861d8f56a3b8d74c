//! Each step does what it says.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use auth0_mfa_emulator::contract::{End, Outcome, Script, ScriptedServer, Step, reply_head};

use super::{FOREVER, REQUEST, connect, connect_and_send, ok_reply, read_exactly, read_to_end, serve};

#[test]
fn read_exactly_takes_that_many_bytes_and_leaves_the_rest() {
    let server = serve([Step::ReadExactly(5)], End::Reset);
    let _client = connect_and_send(&server, b"hello world");
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.bytes(), b"hello");
    assert_eq!(seen.outcome(), Some(Outcome::Completed));
}

#[test]
fn read_exactly_of_more_than_comes_is_left_when_the_peer_closes_and_keeps_what_came() {
    let server = serve([Step::ReadExactly(12)], End::Close);
    drop(connect_and_send(&server, b"hello world"));
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.bytes(), b"hello world");
    assert_eq!(seen.outcome(), Some(Outcome::PeerLeft));
}

#[test]
fn read_head_stops_behind_the_empty_line() {
    let server = serve([Step::ReadHead], End::Reset);
    let _client = connect_and_send(&server, REQUEST);
    let seen = server.wait_for_end(0).unwrap();
    assert!(seen.bytes().ends_with(b"Content-Length: 10\r\n\r\n"), "{:?}", seen.bytes().escape_ascii());
    assert_eq!(seen.requests().len(), 0, "the request was not read whole");
}

#[test]
fn read_request_stops_behind_the_body() {
    let server = serve([Step::ReadRequest], End::Reset);
    let _client = connect_and_send(&server, &[REQUEST, b"GET / HTTP"].concat());
    let seen = server.wait_for_end(0).unwrap();
    assert_eq!(seen.bytes(), REQUEST);
    assert_eq!(seen.requests(), [REQUEST]);
}

#[test]
fn a_request_without_content_length_has_no_body() {
    let server = serve([Step::ReadRequest], End::Reset);
    let _client = connect_and_send(&server, b"GET / HTTP/1.1\r\n\r\nrest");
    assert_eq!(server.wait_for_end(0).unwrap().requests(), [b"GET / HTTP/1.1\r\n\r\n"]);
}

#[test]
fn a_request_that_comes_in_pieces_is_read_whole() {
    let server = ScriptedServer::plain(Script::answer(ok_reply())).unwrap();
    let mut client = connect(&server);
    client.set_nodelay(true).unwrap();
    REQUEST.chunks(1).for_each(|byte| client.write_all(byte).unwrap());
    assert_eq!(read_to_end(&mut client), ok_reply());
    assert_eq!(server.seen(0).unwrap().requests(), [REQUEST]);
}

#[test]
fn something_can_be_written_between_head_and_body() {
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let steps = [Step::ReadHead, Step::Write(go_on.to_vec()), Step::ReadBody, Step::Write(ok_reply())];
    let server = serve(steps, End::Close);
    let (head, body) = REQUEST.split_at(REQUEST.len() - 10);
    let mut client = connect_and_send(&server, head);
    assert_eq!(read_exactly(&mut client, go_on.len()), go_on);
    client.write_all(body).unwrap();
    assert_eq!(read_to_end(&mut client), ok_reply());
    assert_eq!(server.seen(0).unwrap().requests(), [REQUEST]);
}

#[test]
fn write_writes_these_bytes_and_nothing_else() {
    let cut = &ok_reply()[..20];
    let server = serve([Step::ReadRequest, Step::Write(cut.to_vec())], End::Close);
    assert_eq!(read_to_end(&mut connect_and_send(&server, REQUEST)), cut);
}

#[test]
fn trickle_lets_one_byte_go_before_it_waits() {
    let server = serve([Step::Trickle { bytes: b"abc".to_vec(), pause: FOREVER }], End::Close);
    let mut buffer = [0; 16];
    assert_eq!(connect(&server).read(&mut buffer).unwrap(), 1);
    assert_eq!(buffer[0], b'a');
}

#[test]
fn trickle_writes_all_bytes_in_their_order() {
    let server = serve([Step::Trickle { bytes: ok_reply(), pause: Duration::ZERO }], End::Close);
    assert_eq!(read_to_end(&mut connect(&server)), ok_reply());
}

#[test]
fn flood_writes_exactly_that_many_bytes() {
    let head = reply_head(200, &[("content-length", "3000001")]);
    let server = serve([Step::Write(head.clone()), Step::Flood(3_000_001)], End::Close);
    let read = read_to_end(&mut connect(&server));
    assert_eq!(read.len(), head.len() + 3_000_001);
    assert!(read.starts_with(&head) && read[head.len()..].iter().all(|byte| *byte == b' '));
}

#[test]
fn a_flood_of_more_than_any_memory_ends_when_the_peer_leaves() {
    for count in [1 << 30, u64::MAX] {
        let server = serve([Step::Flood(count)], End::Close);
        let mut client = connect(&server);
        read_exactly(&mut client, 1 << 20);
        drop(client);
        let seen = server.wait_for_end(0).expect("the flood ends");
        assert_eq!(seen.outcome(), Some(Outcome::PeerLeft));
    }
}

#[test]
fn drain_records_what_had_arrived() {
    let server = serve([Step::ReadExactly(1), Step::Drain], End::Reset);
    let _client = connect_and_send(&server, b"hello world");
    assert_eq!(server.wait_for_end(0).unwrap().bytes(), b"hello world");
}

#[test]
fn drain_waits_for_nothing() {
    let server = serve([Step::Drain, Step::Write(b"done".to_vec())], End::Close);
    assert_eq!(read_to_end(&mut connect(&server)), b"done");
}

#[test]
fn read_to_end_takes_everything_until_the_peer_has_closed() {
    let server = serve([Step::ReadToEnd, Step::Write(b"done".to_vec())], End::Close);
    let mut client = connect_and_send(&server, REQUEST);
    client.write_all(b" and more").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut client), b"done");
    assert_eq!(server.seen(0).unwrap().bytes(), [REQUEST, b" and more"].concat());
}

#[test]
fn a_pause_ends_when_the_server_stops() {
    let server = serve([Step::ReadRequest, Step::Pause(FOREVER), Step::Write(ok_reply())], End::Close);
    let mut client = connect_and_send(&server, REQUEST);
    server.wait_for_bytes(0, REQUEST.len()).unwrap();
    assert_eq!(server.finish()[0].outcome(), Some(Outcome::Stopped));
    assert_eq!(read_to_end(&mut client), b"", "nothing was written behind the pause");
}
