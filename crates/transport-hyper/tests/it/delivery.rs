//! What the transport says became of a request, against what a server saw of it.

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::support::*;
use auth0_mfa_core::transport::{AsyncTransport, Delivery};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport::NoOrigin;
use auth0_mfa_transport_hyper::{HyperTransport, Phase};

const EACH: [Replay; 3] = [Replay::Safe, Replay::Once, Replay::SingleUse];

fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("the listener is bound").port()
}

fn has_cause<T: std::error::Error + 'static>(outcome: &Outcome, is: impl Fn(&T) -> bool) -> bool {
    let error = outcome.as_ref().expect_err("the call must fail");
    let error: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(error), |&error| error.source())
        .any(|error| error.downcast_ref::<T>().is_some_and(&is))
}

#[test]
fn a_closed_port_is_not_sent() {
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://127.0.0.1:{}/oauth/token", closed_port());
        let outcome = send(&transport(), post(&url, Replay::SingleUse));
        assert_failed(&outcome, Delivery::NotSent, Phase::Connect);
        assert!(has_cause(&outcome, |io: &io::Error| io.kind() == io::ErrorKind::ConnectionRefused));
    }
}

#[test]
fn a_name_that_does_not_resolve_is_not_sent() {
    let outcome = send(&transport(), post("https://nonexistent.invalid/oauth/token", Replay::SingleUse));
    assert_failed(&outcome, Delivery::NotSent, Phase::Resolve);
}

#[test]
fn plain_http_beyond_loopback_is_refused_before_it_is_sent() {
    for url in ["http://192.0.2.1/oauth/token", "http://tenant.auth0.com/oauth/token"] {
        let outcome = send(&transport(), post(url, Replay::SingleUse));
        assert_failed(&outcome, Delivery::NotSent, Phase::Prepare);
        assert!(has_cause(&outcome, |_: &NoOrigin| true));
    }
}

#[test]
fn a_uri_without_an_origin_is_not_sent() {
    assert_failed(&send(&transport(), post("/oauth/token", Replay::Once)), Delivery::NotSent, Phase::Prepare);
}

#[test]
fn a_call_outside_of_a_runtime_is_not_sent() {
    let transport = transport();
    let mut call = transport.send(post("https://localhost/oauth/token", Replay::SingleUse));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcome) = call.as_mut().poll(&mut context) else { panic!("must not wait") };
    assert_failed(&outcome, Delivery::NotSent, Phase::Prepare);
}

#[test]
fn a_server_that_closes_at_accept_is_told_truly() {
    let mut told = [0; 2];
    for round in 0..400 {
        // Half of the servers close at once; the others send no more, and see all that still comes.
        let server = Server::plain(move |_, peer| {
            if round % 2 == 0 {
                peer.hang_up_and_listen();
            }
        });
        let url = server.url("/oauth/token");
        let request = if round % 4 < 2 { post(&url, EACH[round % 3]) } else { get(&url, EACH[round % 3]) };
        let transport = transport();
        let outcome = if round % 8 < 4 {
            send(&transport, request)
        } else {
            run_in_parallel(async move { transport.send(request).await })
        };
        assert_truthful(&outcome, &server.finish());
        match delivery(&outcome) {
            Delivery::NotSent => told[0] += 1,
            Delivery::MaybeSent => told[1] += 1,
            other => panic!("no reply was sent: {other:?}"),
        }
    }
    println!("closed at accept: {} not sent, {} maybe sent", told[0], told[1]);
}

#[test]
fn a_deadline_at_any_moment_is_told_truly() {
    let mut told = [0; 2];
    for round in 0..600_u64 {
        let server = Server::plain(|_, peer| peer.listen());
        let transport = HyperTransport::builder()
            .timeout(Duration::from_micros(100 + 7 * round))
            .build()
            .expect("the settings are sound");
        let request = post(&server.url("/oauth/token"), Replay::SingleUse);
        let outcome = run_in_parallel(async move { transport.send(request).await });
        assert_truthful(&outcome, &server.finish());
        assert!(failure(outcome.as_ref().expect_err("nobody answers")).is_timeout());
        match delivery(&outcome) {
            Delivery::NotSent => told[0] += 1,
            Delivery::MaybeSent => told[1] += 1,
            other => panic!("no reply was sent: {other:?}"),
        }
    }
    println!("deadlines: {} not sent, {} maybe sent", told[0], told[1]);
}

#[test]
fn a_server_that_reads_the_begin_or_the_whole_and_closes_may_have_it() {
    for round in 0..200 {
        let whole = round % 2 == 0;
        let server = Server::plain(move |_, peer| {
            if whole {
                peer.read_request();
            } else {
                peer.read(16);
            }
        });
        let url = server.url("/oauth/token");
        // A request without a body is seen as well as one with a body.
        let request = if round % 4 < 2 { post(&url, EACH[round % 3]) } else { get(&url, EACH[round % 3]) };
        let outcome = send(&transport(), request);
        assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
        let seen = server.finish();
        assert_eq!(seen.len(), 1, "a fresh connection that died is not replaced");
        assert!(!seen[0].bytes.is_empty());
        assert_truthful(&outcome, &seen);
    }
}

#[test]
fn no_answer_within_the_deadline_may_be_sent() {
    for replay in EACH {
        let server = Server::plain(|_, peer| peer.listen());
        let transport =
            HyperTransport::builder().timeout(Duration::from_millis(200)).build().expect("is sound");
        let outcome = send(&transport, post(&server.url("/oauth/token"), replay));
        assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
        assert!(failure(outcome.as_ref().expect_err("nobody answers")).is_timeout());
        let seen = server.finish();
        assert_truthful(&outcome, &seen);
        assert!(seen[0].text().ends_with("mfa_token=CANARY"), "the request came whole");
    }
}

#[test]
fn a_head_that_is_cut_is_no_answer() {
    let server = Server::plain(|_, peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 200 OK\r\ncontent-le");
    });
    let outcome = send(&transport(), post(&server.url("/oauth/token"), Replay::SingleUse));
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
    assert_truthful(&outcome, &server.finish());
}

#[test]
fn half_a_body_is_handed_over_with_its_head() {
    for (head, body) in [
        (
            &b"HTTP/1.1 200 OK\r\nx-auth0-requestid: r1\r\ncontent-length: 99\r\n\r\n"[..],
            &b"{\"recovery_code\":\"A"[..],
        ),
        (b"HTTP/1.1 200 OK\r\nx-auth0-requestid: r1\r\ntransfer-encoding: chunked\r\n\r\n4\r\n", b"{\"re"),
    ] {
        for stalls in [false, true] {
            let server = Server::plain(move |_, peer| {
                peer.read_request();
                peer.send(head);
                peer.send(body);
                if stalls {
                    peer.listen();
                }
            });
            let transport =
                HyperTransport::builder().timeout(Duration::from_millis(300)).build().expect("is sound");
            let outcome = send(&transport, post(&server.url("/oauth/token"), Replay::SingleUse));
            assert_failed(&outcome, Delivery::Answered, Phase::Body);
            assert_truthful(&outcome, &server.finish());
            let error = outcome.expect_err("the body is cut");
            assert_eq!(failure(&error).is_timeout(), stalls);
            let partial = error.partial().expect("the head was read");
            assert_eq!(partial.status(), 200);
            assert_eq!(partial.headers()["x-auth0-requestid"], "r1");
            assert_eq!(partial.body().expose(), body);
        }
    }
}

#[test]
fn a_reply_beyond_the_cap_is_handed_over_up_to_it() {
    const CAP: usize = 100_000;
    for (length, fits) in [(CAP - 1, true), (CAP, true), (CAP + 1, false), (3 * CAP, false)] {
        for chunked in [false, true] {
            let server = Server::plain(move |_, peer| {
                peer.read_request();
                if chunked {
                    let head = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n");
                    peer.send(head.as_bytes());
                } else {
                    peer.send(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").as_bytes());
                }
                peer.send(&numbered(length));
                if chunked {
                    peer.send(b"\r\n0\r\n\r\n");
                }
            });
            let transport = HyperTransport::builder().max_reply_bytes(CAP).build().expect("is sound");
            let outcome = send(&transport, post(&server.url("/oauth/token"), Replay::SingleUse));
            if fits {
                let reply = outcome.expect("the reply fits");
                assert_eq!(reply.body().expose(), numbered(length));
            } else {
                assert_failed(&outcome, Delivery::Answered, Phase::Body);
                let error = outcome.expect_err("the reply does not fit");
                let partial = error.partial().expect("the head was read");
                assert_eq!(partial.body().expose(), numbered(CAP));
            }
            server.finish();
        }
    }
}

/// Bytes that tell their places.
fn numbered(length: usize) -> Vec<u8> {
    (0..length).map(|place| b"0123456789abcdefghijklmnopqrstuvwxyz!"[place % 37]).collect()
}

#[test]
fn every_status_is_a_reply_and_none_is_followed() {
    let server = Server::plain(|_, peer| {
        while peer.read_request() {
            // The path ends with the status to answer with.
            let line = peer.last_request_line();
            let status = line.split(['/', ' ']).nth(2).unwrap_or_default().to_owned();
            let head = format!("HTTP/1.1 {status} Such\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
            peer.send(head.as_bytes());
        }
    });
    let statuses: Vec<u16> = (200..600).collect();
    let transport = transport();
    run(async {
        for status in &statuses {
            let request = post(&server.url(&format!("/{status}")), Replay::Once);
            let reply = transport.send(request).await.expect("every status is a reply");
            assert_eq!(reply.status(), *status);
        }
    });
    let seen = server.finish();
    assert_eq!(seen.iter().map(Seen::requests).sum::<usize>(), statuses.len());
    assert!(seen.iter().all(|connection| !connection.text().contains("elsewhere ")));
}

#[test]
fn interim_replies_are_passed_over() {
    let server = Server::plain(|_, peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
        peer.send(OK);
    });
    let reply = send(&transport(), post(&server.url("/"), Replay::SingleUse)).expect("the reply follows");
    assert_eq!((reply.status().as_u16(), reply.body().expose()), (200, &b"{}"[..]));
    server.finish();
}

#[test]
fn the_request_arrives_as_it_was_given_and_asks_for_no_encoding() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let url = server.url("/oauth/token?x=1");
    let host = format!("localhost:{}", server.address().port());
    let request = http::Request::post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(b"a=b&c=d".to_vec()))
        .expect("the request is well formed");
    send(&transport(), request).expect("the server answers");
    let seen = server.finish();
    let expected = format!(
        "POST /oauth/token?x=1 HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\nhost: {host}\r\n\
         content-length: 7\r\n\r\na=b&c=d"
    );
    assert_eq!(seen[0].text(), expected);
}

/// The cap on heads is a setting, and a head beyond it is no answer.
/// tokio lets a task look at so many things before it has to wait for its next turn; what it looks at then seems not to
/// be there.
#[test]
fn a_reply_is_not_overlooked_by_a_task_that_has_used_up_its_turn() {
    const MOST: usize = 128;
    for used in [0, MOST - 2, MOST - 1, MOST] {
        let arrived = Arc::new(AtomicBool::new(false));
        let server = Server::plain({
            let arrived = Arc::clone(&arrived);
            move |_, peer| {
                peer.read_request();
                arrived.store(true, Ordering::SeqCst);
                peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
            }
        });
        let transport = transport();
        let outcome = run(async {
            let mut call = pin!(transport.send(post(&server.url("/"), Replay::SingleUse)));
            poll_fn(|context| {
                for _ in 0..if arrived.load(Ordering::SeqCst) { used } else { 0 } {
                    let _ = pin!(tokio::task::consume_budget()).poll(context);
                }
                call.as_mut().poll(context)
            })
            .await
        });
        assert!(outcome.is_ok(), "{used}: {:?}", outcome.err());
        server.finish();
    }
}

#[test]
fn a_head_beyond_its_cap_is_refused() {
    let reply = |filler: usize| {
        let value = "x".repeat(filler);
        format!("HTTP/1.1 200 OK\r\nx-filler: {value}\r\ncontent-length: 2\r\n\r\n{{}}").into_bytes()
    };
    for (cap, filler, fits) in [(8192, 7000, true), (8192, 20_000, false), (65_536, 20_000, true)] {
        let bytes = reply(filler);
        let server = Server::plain(move |_, peer| peer.serve(&bytes));
        let transport = HyperTransport::builder().max_reply_head_bytes(cap).build().expect("is sound");
        let outcome = send(&transport, post(&server.url("/"), Replay::Once));
        assert_eq!(outcome.is_ok(), fits, "{cap} {filler}");
        if !fits {
            assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
        }
        assert_truthful(&outcome, &server.finish());
    }
}

/// A body that is larger than what the network takes at once ends in the phase of sending.
#[test]
fn a_request_that_is_not_taken_ends_while_it_is_sent() {
    let server = Server::plain(|_, peer| {
        peer.read(1);
        std::thread::sleep(Duration::from_millis(600));
    });
    let transport = HyperTransport::builder().timeout(Duration::from_millis(300)).build().expect("is sound");
    let body = Body::from(vec![b'x'; 32 * 1024 * 1024]);
    let mut request = http::Request::post(server.url("/")).body(body).expect("the request is well formed");
    Replay::SingleUse.mark(&mut request);
    let outcome = send(&transport, request);
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Send);
    drop(server.finish());
}
