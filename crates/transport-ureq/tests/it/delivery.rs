//! Line 3 of the contract: what was delivered is told truly.

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::Phase;

use crate::server::{OK, Peer, Server, closed_port};
use crate::support::{
    FORM, assert_truthful, chain, delivery, failure, get, impatient, phase, post_body, send_code, transport,
};

const RACES: usize = 300;

#[test]
fn a_closed_port_means_not_sent() {
    let reply = send_code(&transport(), &format!("http://127.0.0.1:{}/", closed_port()));
    assert_eq!(delivery(&reply), Some(Delivery::NotSent));
    assert_eq!(phase(&reply), Phase::Connect);
    let chain = chain(&reply);
    assert_eq!(chain[..2], ["the request was not sent", "no connection was made"]);
    assert!(chain[2].contains("refused"), "{chain:?}");
}

#[test]
fn a_name_that_does_not_resolve_means_not_sent() {
    let reply = send_code(&transport(), "https://nonexistent.invalid/oauth/token");
    assert_eq!(delivery(&reply), Some(Delivery::NotSent));
    assert_eq!(phase(&reply), Phase::Resolve);
}

#[test]
fn http_to_another_machine_is_refused() {
    for url in ["http://tenant.auth0.com/oauth/token", "http://192.0.2.1/", "http://127.0.0.1.example.com/"] {
        let reply = send_code(&transport(), url);
        assert_eq!(delivery(&reply), Some(Delivery::NotSent));
        assert_eq!(phase(&reply), Phase::Prepare);
    }
}

#[test]
fn a_request_that_http_1_cannot_carry_is_not_sent() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let mut request = get(&server.url("/"), Replay::Once);
    *request.version_mut() = http::Version::HTTP_2;
    let reply = transport().send(request);
    assert_eq!(delivery(&reply), Some(Delivery::NotSent));
    assert_truthful(&reply, &server.finish());
}

#[test]
fn closed_at_accept_means_no_answer_and_no_second_try() {
    for _ in 0..RACES {
        let server = Server::start(|_| {});
        let reply = send_code(&transport(), &server.url("/"));
        assert!(matches!(delivery(&reply), Some(Delivery::NotSent | Delivery::MaybeSent)));
        let seen = server.finish();
        assert_truthful(&reply, &seen);
        assert_eq!(seen.connections(), 1);
    }
}

#[test]
fn a_few_bytes_read_mean_maybe_sent() {
    for _ in 0..RACES {
        let server = Server::start(|peer| {
            peer.read(16);
        });
        let reply = send_code(&transport(), &server.url("/"));
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        let seen = server.finish();
        assert_truthful(&reply, &seen);
        assert_eq!((seen.connections(), seen.bytes()), (1, 16));
    }
}

#[test]
fn all_read_and_no_answer_means_maybe_sent() {
    for _ in 0..RACES {
        let server = Server::start(|peer| {
            peer.read_request();
        });
        let reply = send_code(&transport(), &server.url("/"));
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        assert_eq!(phase(&reply), Phase::Wait);
        assert!(!failure(&reply).is_timeout());
        let seen = server.finish();
        assert_truthful(&reply, &seen);
        assert_eq!(seen.connections(), 1);
        assert!(seen.text(0).ends_with(FORM));
    }
}

#[test]
fn a_request_without_a_body_counts_too() {
    let empty_post = |url: &str| post_body(url, Replay::SingleUse, Vec::new());
    let bare_get = |url: &str| get(url, Replay::SingleUse);
    for make in [empty_post as fn(&str) -> _, bare_get] {
        let server = Server::start(|peer| {
            peer.read_request();
        });
        let reply = transport().send(make(&server.url("/")));
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        let seen = server.finish();
        assert_eq!(seen.requests(), 1);
        let text = seen.text(0);
        assert_eq!(text.contains("content-length: 0\r\n"), text.starts_with("POST "), "{text}");
    }
}

#[test]
fn no_answer_in_time_means_maybe_sent() {
    let server = Server::start(Peer::wait_for_end);
    let reply = send_code(&impatient(), &server.url("/"));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert_eq!(phase(&reply), Phase::Wait);
    assert!(failure(&reply).is_timeout());
    assert_truthful(&reply, &server.finish());
}

#[test]
fn half_a_head_is_not_an_answer() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-le");
    });
    let reply = send_code(&transport(), &server.url("/"));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert_truthful(&reply, &server.finish());
}

#[test]
fn what_is_not_http_is_not_an_answer() {
    for garbage in [&b"garbage\r\n\r\n"[..], b"HTTP/1.1 abc\r\n\r\n", b"\x16\x03\x01\x00\x00"] {
        let server = Server::start(|peer| {
            peer.read_request();
            peer.write(garbage);
        });
        let reply = send_code(&transport(), &server.url("/"));
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        assert_truthful(&reply, &server.finish());
    }
}

#[test]
fn a_head_without_end_is_refused_for_its_length() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\n");
        while peer.write(format!("x-filler: {}\r\n", "x".repeat(1000)).as_bytes()) {}
    });
    let reply = send_code(&transport(), &server.url("/"));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert!(chain(&reply).iter().any(|text| text.contains("too big")), "{:?}", chain(&reply));
    assert_truthful(&reply, &server.finish());
}

/// A cut body, however it is framed and cut, comes with the head and what was read of it.
fn assert_cut(script: impl Fn(&mut Peer) + Send + Sync + 'static) {
    let server = Server::start(script);
    let reply = send_code(&transport(), &server.url("/"));
    assert_eq!(delivery(&reply), Some(Delivery::Answered));
    assert_eq!(phase(&reply), Phase::Body);
    assert_truthful(&reply, &server.finish());
    let (_, partial, _) = reply.expect_err("was cut").into_parts();
    let partial = partial.expect("there is a part");
    assert_eq!(partial.status(), 200);
    assert_eq!(partial.headers()["x-auth0-requestid"], "1");
    assert_eq!(partial.body().expose(), b"{\"recovery_code\":");
}

#[test]
fn half_a_body_with_a_length_is_handed_over() {
    assert_cut(|peer| {
        peer.read_request();
        peer.write(
            b"HTTP/1.1 200 OK\r\nx-auth0-requestid: 1\r\ncontent-length: 99\r\n\r\n{\"recovery_code\":",
        );
    });
}

#[test]
fn half_a_chunked_body_is_handed_over() {
    assert_cut(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\nx-auth0-requestid: 1\r\ntransfer-encoding: chunked\r\n\r\n");
        peer.write(b"11\r\n{\"recovery_code\":\r\n");
    });
}

#[test]
fn a_reset_is_not_taken_for_the_end_of_a_body() {
    assert_cut(|peer| {
        // What is left unread makes the socket reset the connection when it is closed.
        peer.read_head();
        peer.read(1);
        peer.write(b"HTTP/1.1 200 OK\r\nx-auth0-requestid: 1\r\n\r\n{\"recovery_code\":");
    });
}

#[test]
fn a_body_without_a_length_ends_with_its_connection() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it");
    });
    let reply = send_code(&transport(), &server.url("/"));
    assert_truthful(&reply, &server.finish());
    assert_eq!(reply.expect("is whole").body().expose(), b"all of it");
}
