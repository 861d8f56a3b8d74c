//! Line 5 of the contract: time is bounded, also when something happens now and then.
//!
//! Each server here drips for several times as long as the call may take. A call that waited for it would end otherwise
//! than by its deadline, so no test needs to measure time.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::{Exceeded, Phase, UreqTransport};

use crate::server::{Peer, Server};
use crate::support::{
    SHORT, assert_truthful, built, delivery, exceeded, failure, impatient, phase, post_body, send_code,
};

const PAUSE: Duration = Duration::from_millis(50);

#[test]
fn a_dripping_head_does_not_stretch_the_call() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.drip(format!("HTTP/1.1 200 OK\r\nx-filler: {}\r\n", "x".repeat(60)).as_bytes(), PAUSE);
        peer.write(b"content-length: 0\r\n\r\n");
    });
    let reply = send_code(&impatient(), &server.url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::MaybeSent), Phase::Wait));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::CallTime(SHORT)));
    assert_truthful(&reply, &server.finish());
}

#[test]
fn dripping_interim_replies_do_not_stretch_the_call() {
    let server = Server::start(|peer| {
        peer.read_request();
        for _ in 0..60 {
            peer.write(b"HTTP/1.1 102 Processing\r\n\r\n");
            thread::sleep(PAUSE);
        }
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    let reply = send_code(&impatient(), &server.url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::MaybeSent), Phase::Wait));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::CallTime(SHORT)));
    assert_truthful(&reply, &server.finish());
}

#[test]
fn a_dripping_body_does_not_stretch_the_call_and_is_handed_over() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 60\r\n\r\n");
        peer.drip(&[b'x'; 60], PAUSE);
    });
    let reply = send_code(&impatient(), &server.url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::Answered), Phase::Body));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::CallTime(SHORT)));
    assert_truthful(&reply, &server.finish());
    let error = reply.expect_err("ran out of time");
    let body = error.partial().expect("has a part").body().expose();
    assert!(body.starts_with(b"x") && body.len() < 60);
}

#[test]
fn a_server_that_reads_slowly_does_not_stretch_the_call() {
    let server = Server::start(|peer| {
        for _ in 0..60 {
            peer.read(64 * 1024);
            thread::sleep(PAUSE);
        }
    });
    let request = post_body(&server.url("/"), Replay::SingleUse, vec![b'x'; 32 * 1024 * 1024]);
    let reply = impatient().send(request);
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::MaybeSent), Phase::Send));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::CallTime(SHORT)));
    assert_truthful(&reply, &server.finish());
}

#[test]
fn a_handshake_that_is_not_answered_ends_with_the_time_for_connecting() {
    let server = Server::start(Peer::wait_for_end);
    let transport = built(UreqTransport::builder().connect_timeout(SHORT));
    let reply = send_code(&transport, &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::ConnectTime(SHORT)));
    server.finish();
}

#[test]
fn a_dripping_handshake_does_not_stretch_the_connecting() {
    let server = Server::start(|peer| {
        // The beginning of a long handshake record.
        peer.write(b"\x16\x03\x03\x20\x00\x02\x00\x1f\xfc");
        peer.drip(&[0; 60], PAUSE);
    });
    let transport = built(UreqTransport::builder().connect_timeout(SHORT));
    let reply = send_code(&transport, &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::ConnectTime(SHORT)));
    server.finish();
}

#[test]
fn the_time_of_the_call_bounds_the_connecting_too() {
    let server = Server::start(Peer::wait_for_end);
    let transport =
        built(UreqTransport::builder().timeout(SHORT).connect_timeout(Duration::from_secs(u64::MAX)));
    let reply = send_code(&transport, &server.tls_url("/"));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Tls));
    assert!(failure(&reply).is_timeout());
    assert_eq!(exceeded(&reply), Some(Exceeded::CallTime(SHORT)));
    server.finish();
}

#[test]
fn a_call_that_ran_out_of_time_leaves_no_connection_behind() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("has an address"));
    let server = thread::spawn(move || {
        let (mut late, _) = listener.accept().expect("a connection");
        late.set_read_timeout(Some(Duration::from_secs(20))).expect("can set a timeout");
        // Ends when the client has closed its end.
        let read = late.read_to_end(&mut Vec::new()).expect("ends");
        let _ = late.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate");
        read
    });
    let transport = impatient();
    let reply = transport.send(post_body(&url, Replay::Once, b"a=1".to_vec()));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert!(server.join().expect("does not panic") > 0);
}
