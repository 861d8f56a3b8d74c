//! Lines 1, 2 and 5 of the contract: once, every status, capped, and nothing said that was not asked for.

use std::time::Duration;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::{Phase, UreqTransport};

use crate::server::{OK, Server};
use crate::support::{assert_truthful, built, chain, delivery, get, phase, post_body, send_code, transport};

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        for length in ["content-length: 0\r\n\r\n", "content-length: 4\r\n\r\nmore"] {
            let server = Server::start(move |peer| {
                peer.read_request();
                peer.write(format!("HTTP/1.1 {status} Moved\r\nlocation: /elsewhere\r\n{length}").as_bytes());
                peer.answer_all(OK);
            });
            let reply = send_code(&transport(), &server.url("/"));
            assert_truthful(&reply, &server.finish());
            let reply = reply.expect("is an answer");
            assert_eq!(reply.status(), status);
            assert_eq!(reply.headers()["location"], "/elsewhere");
        }
    }
}

#[test]
fn every_status_is_an_answer() {
    for status in (200..600).step_by(7).chain([204, 304, 401, 403, 408, 421, 425, 429, 500, 502, 503, 504]) {
        let server = Server::start(move |peer| {
            peer.read_request();
            peer.write(format!("HTTP/1.1 {status} Any\r\ncontent-length: 4\r\n\r\nbody").as_bytes());
        });
        let reply = send_code(&transport(), &server.url("/"));
        assert_truthful(&reply, &server.finish());
        let reply = reply.expect("is an answer");
        assert_eq!(reply.status(), status);
        let body: &[u8] = if matches!(status, 204 | 304) { b"" } else { b"body" };
        assert_eq!(reply.body().expose(), body);
    }
}

#[test]
fn what_comes_before_the_answer_is_passed_over() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
        peer.write(OK);
    });
    let reply = send_code(&transport(), &server.url("/"));
    assert_truthful(&reply, &server.finish());
    assert_eq!(reply.expect("is an answer").body().expose(), b"ok");
}

#[test]
fn a_server_that_does_not_ask_for_the_body_gets_it_all_the_same() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let mut request = post_body(&server.url("/"), Replay::SingleUse, b"a=1".to_vec());
    request.headers_mut().insert("expect", "100-continue".parse().expect("a value"));
    let transport = built(UreqTransport::builder().timeout(Duration::from_secs(10)));
    let reply = transport.send(request);
    assert_truthful(&reply, &server.finish());
    assert_eq!(reply.expect("is an answer").body().expose(), b"ok");
}

#[test]
fn a_reply_has_the_head_of_the_server_and_nothing_of_ureq() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(
            b"HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n",
        );
        peer.write(b"3\r\nall\r\n6\r\n of it\r\n0\r\n\r\n");
    });
    let reply = send_code(&transport(), &server.url("/")).expect("is an answer");
    server.finish();
    assert_eq!(reply.version(), http::Version::HTTP_11);
    assert_eq!(reply.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(reply.body().expose(), b"all of it");
    assert!(reply.extensions().is_empty());
}

#[test]
fn a_reply_up_to_the_cap_is_whole_and_a_larger_one_is_cut_there() {
    for framing in ["content-length: 100000", "connection: close"] {
        for (cap, whole) in [(100_000, true), (99_999, false), (10, false), (0, false)] {
            let server = Server::start(move |peer| {
                peer.read_request();
                peer.write(format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n").as_bytes());
                peer.write(&vec![b'x'; 100_000]);
            });
            let transport = built(UreqTransport::builder().max_reply_bytes(cap));
            let reply = send_code(&transport, &server.url("/"));
            assert_truthful(&reply, &server.finish());
            if whole {
                assert_eq!(reply.expect("fits").body().len(), cap);
            } else {
                assert_eq!(delivery(&reply), Some(Delivery::Answered));
                assert!(
                    chain(&reply)[2].contains(&format!("longer than {cap} bytes")),
                    "{:?}",
                    chain(&reply)
                );
                let error = reply.expect_err("does not fit");
                assert_eq!(error.partial().expect("has a part").body().len(), cap);
            }
        }
    }
}

#[test]
fn the_cap_is_256_kib_unless_set() {
    for (length, whole) in [(256 * 1024, true), (256 * 1024 + 1, false)] {
        let server = Server::start(move |peer| {
            peer.read_request();
            peer.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").as_bytes());
            peer.write(&vec![b'x'; length]);
        });
        assert_eq!(send_code(&transport(), &server.url("/")).is_ok(), whole);
        server.finish();
    }
}

#[test]
fn the_request_says_what_the_caller_said_and_who_sends_it() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let mut request = post_body(&server.url("/oauth/token?a=b"), Replay::SingleUse, b"a=1".to_vec());
    request.headers_mut().insert("accept", "application/json".parse().expect("a value"));
    transport().send(request).expect("is answered");
    transport().send(get(&server.url("/"), Replay::SingleUse)).expect("is answered");
    let port = server.address().port();
    let seen = server.finish();
    let version = env!("CARGO_PKG_VERSION");
    let mut lines: Vec<_> = seen.text(0).split("\r\n").map(str::to_owned).collect();
    lines[1..6].sort();
    assert_eq!(
        lines,
        [
            "POST /oauth/token?a=b HTTP/1.1",
            "accept: application/json",
            "content-length: 3",
            "content-type: application/x-www-form-urlencoded",
            &format!("host: 127.0.0.1:{port}"),
            &format!("user-agent: auth0-mfa-transport-ureq/{version}"),
            "",
            "a=1",
        ]
    );
    let mut lines: Vec<_> = seen.text(1).split("\r\n").map(str::to_owned).collect();
    lines[1..3].sort();
    assert_eq!(
        lines,
        [
            "GET / HTTP/1.1",
            &format!("host: 127.0.0.1:{port}"),
            &format!("user-agent: auth0-mfa-transport-ureq/{version}"),
            "",
            "",
        ]
    );
}

#[test]
fn the_user_agent_of_the_caller_wins() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let mut request = get(&server.url("/"), Replay::Once);
    request.headers_mut().insert("user-agent", "mine/1".parse().expect("a value"));
    transport().send(request).expect("is answered");
    let text = server.finish().text(0);
    assert!(text.contains("user-agent: mine/1\r\n") && text.matches("user-agent").count() == 1, "{text}");
}

#[test]
fn the_head_of_a_reply_may_be_as_long_as_the_setting_says() {
    for (most_head, whole) in [(64 * 1024, true), (40 * 1024, true), (8 * 1024, false)] {
        let server = Server::start(|peer| {
            peer.read_request();
            let filler = "x".repeat(1000);
            let fillers: String = (0..30).map(|index| format!("x-filler-{index}: {filler}\r\n")).collect();
            peer.write(format!("HTTP/1.1 200 OK\r\n{fillers}content-length: 2\r\n\r\nok").as_bytes());
        });
        let transport = built(UreqTransport::builder().max_reply_head_bytes(most_head));
        let reply = send_code(&transport, &server.url("/"));
        assert_truthful(&reply, &server.finish());
        if whole {
            assert_eq!(reply.expect("fits").headers()["x-filler-29"].len(), 1000);
        } else {
            assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::MaybeSent), Phase::Wait));
            assert!(chain(&reply)[2].contains("too big"), "{:?}", chain(&reply));
        }
    }
}

/// Fresh and used connections: the room that a request takes is made on both.
#[test]
fn a_request_of_any_size_arrives_as_it_is() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = transport();
    let long = |length: usize| "x".repeat(length);
    let sizes = [(1, 1, 1, 1), (9, 10, 20_000, 0), (30_000, 1, 1, 100_000), (1, 300, 100, 16 * 1024)];
    for (path, headers, value, body) in sizes {
        let url = server.url(&format!("/{}?{}", long(path), long(path)));
        let mut request = post_body(&url, Replay::Once, long(body).into_bytes());
        for index in 0..headers {
            let name: http::HeaderName = format!("x-{index}").parse().expect("a name");
            request.headers_mut().insert(name, long(value).parse().expect("a value"));
        }
        transport.send(request).expect("is answered");
    }
    drop(transport);
    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (1, sizes.len()));
    let mut text = seen.text(0);
    for (path, headers, value, body) in sizes {
        let (head, rest) = text.split_once("\r\n\r\n").expect("has an end");
        assert!(head.starts_with(&format!("POST /{}?{} HTTP/1.1\r\n", long(path), long(path))));
        let has_value = |line: &&str| line.split_once(": ").is_some_and(|(_, rest)| rest == long(value));
        assert_eq!(head.split("\r\n").filter(has_value).count(), headers);
        let (content, rest) = rest.split_at(body);
        assert_eq!(content, long(body));
        text = rest.to_owned();
    }
    assert_eq!(text, "");
}

#[test]
fn a_body_that_is_announced_otherwise_does_not_hold_up_the_head() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let mut request = post_body(&server.url("/"), Replay::SingleUse, b"a=1".to_vec());
    request.headers_mut().insert("content-length", "0".parse().expect("a value"));
    assert!(transport().send(request).is_ok());
    let mut request = post_body(&server.url("/"), Replay::SingleUse, b"a=1".to_vec());
    request.headers_mut().insert("transfer-encoding", "chunked".parse().expect("a value"));
    assert!(transport().send(request).is_ok());
    let seen = server.finish();
    assert!(seen.text(0).ends_with("\r\n\r\n"));
    assert!(seen.text(1).contains("transfer-encoding: chunked\r\n"), "{}", seen.text(1));
}
