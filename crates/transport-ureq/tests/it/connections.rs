//! Lines 1 and 4 of the contract: which connection a request travels on, and when it goes a second time.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{BlockingTransport, Delivery};
use auth0_mfa_transport_ureq::{Phase, UreqTransport};

use crate::server::{OK, Peer, Seen, Server};
use crate::support::{
    Reply, SHORT, built, delivery, failure, get, phase, post, post_body, send_code, transport,
};

#[test]
fn single_use_requests_each_have_a_fresh_connection() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = transport();
    for _ in 0..3 {
        send_code(&transport, &server.url("/")).expect("is answered");
    }
    drop(transport);
    let seen = server.finish();
    assert_eq!(seen.connections(), 3);
    assert!((0..3).all(|index| seen.requests_on(index) == 1));
}

#[test]
fn a_request_that_does_not_say_what_it_is_has_a_fresh_connection() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = transport();
    for _ in 0..2 {
        let mut request = post(&server.url("/"), Replay::Once);
        request.extensions_mut().clear();
        transport.send(request).expect("is answered");
    }
    drop(transport);
    assert_eq!(server.finish().connections(), 2);
}

#[test]
fn the_others_share_a_connection_also_among_clones() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = transport();
    for replay in [Replay::Once, Replay::Safe, Replay::Once] {
        transport.clone().send(post(&server.url("/"), replay)).expect("is answered");
    }
    drop(transport);
    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (1, 3));
}

#[test]
fn a_single_use_request_takes_no_connection_from_the_pool() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = transport();
    for replay in [Replay::Once, Replay::SingleUse, Replay::Once] {
        transport.send(post(&server.url("/"), replay)).expect("is answered");
    }
    drop(transport);
    let seen = server.finish();
    assert_eq!((seen.requests_on(0), seen.requests_on(1)), (2, 1));
}

#[test]
fn each_origin_has_connections_of_its_own() {
    let servers = [Server::start(|peer| peer.answer_all(OK)), Server::start(|peer| peer.answer_all(OK))];
    let transport = transport();
    for _ in 0..2 {
        for server in &servers {
            transport.send(get(&server.url("/"), Replay::Once)).expect("is answered");
        }
    }
    drop(transport);
    for server in servers {
        let seen = server.finish();
        assert_eq!((seen.connections(), seen.requests()), (1, 2));
    }
}

#[test]
fn no_connection_lies_idle_when_none_should() {
    let server = Server::start(|peer| peer.answer_all(OK));
    let transport = built(UreqTransport::builder().pool_idle_timeout(Duration::ZERO));
    for _ in 0..2 {
        transport.send(get(&server.url("/"), Replay::Once)).expect("is answered");
    }
    assert_eq!(server.finish().connections(), 2);
}

#[test]
fn a_connection_that_has_lived_for_too_long_is_not_used_again() {
    for (lifetime, connections) in [(Duration::ZERO, 2), (Duration::from_secs(3600), 1)] {
        let server = Server::start(|peer| peer.answer_all(OK));
        let transport = built(UreqTransport::builder().pool_max_lifetime(lifetime));
        for _ in 0..2 {
            transport.send(get(&server.url("/"), Replay::Once)).expect("is answered");
        }
        drop(transport);
        assert_eq!(server.finish().connections(), connections);
    }
}

#[test]
fn no_more_connections_lie_idle_than_may() {
    for (most_idle, connections) in [(0, 4), (1, 3), (2, 2)] {
        let both = Barrier::new(2);
        let server = Server::start(move |peer| {
            while peer.read_request().is_some() {
                // Answered when another one waits as well.
                both.wait();
                peer.write(OK);
            }
        });
        let transport = built(UreqTransport::builder().pool_max_idle_per_host(most_idle));
        for _ in 0..2 {
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| transport.send(get(&server.url("/"), Replay::Once)).expect("is answered"));
                }
            });
        }
        drop(transport);
        let seen = server.finish();
        assert_eq!((seen.connections(), seen.requests()), (connections, 4));
    }
}

#[test]
fn the_settings_say_which_requests_may_share_a_connection() {
    let builder = UreqTransport::builder;
    for (builder, connections) in [
        (builder(), 3),
        (builder().reuse_connections(false), 5),
        (builder().reuse_connections_for_single_use(true), 1),
        (builder().reuse_connections(false).reuse_connections_for_single_use(true), 4),
    ] {
        let server = Server::start(|peer| peer.answer_all(OK));
        let transport = built(builder);
        for replay in [Replay::Once, Replay::Safe, Replay::SingleUse, Replay::Once, Replay::SingleUse] {
            transport.send(post(&server.url("/"), replay)).expect("is answered");
        }
        drop(transport);
        assert_eq!(server.finish().connections(), connections);
    }
}

#[test]
fn a_single_use_request_on_a_used_connection_does_not_go_again() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(OK);
        peer.read_request();
    });
    let transport = built(UreqTransport::builder().reuse_connections_for_single_use(true));
    transport.send(get(&server.url("/"), Replay::SingleUse)).expect("is answered");
    let reply = transport.send(get(&server.url("/"), Replay::SingleUse));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (1, 2));
}

#[test]
fn a_connection_that_may_not_go_on_is_not_used_again() {
    for reply in [
        &b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"[..],
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok, and more than that",
    ] {
        let server = Server::start(|peer| peer.answer_all(reply));
        let transport = transport();
        for _ in 0..2 {
            transport.send(get(&server.url("/"), Replay::Once)).expect("is answered");
        }
        drop(transport);
        assert_eq!(server.finish().connections(), 2, "{}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn a_connection_with_half_a_reply_is_not_used_again() {
    let server = Server::start(|peer| peer.answer_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmore"));
    let transport = built(UreqTransport::builder().max_reply_bytes(2));
    for _ in 0..2 {
        let reply = transport.send(get(&server.url("/"), Replay::Once));
        assert_eq!(delivery(&reply), Some(Delivery::Answered));
    }
    drop(transport);
    assert_eq!(server.finish().connections(), 2);
}

#[test]
fn an_idle_connection_that_the_server_closed_is_replaced_before_anything_is_sent() {
    for replay in [Replay::Once, Replay::Safe] {
        let server = Server::start(|peer| {
            peer.read_request();
            peer.write(OK);
        });
        let transport = transport();
        for round in 1..=3 {
            transport.send(post(&server.url("/"), replay)).expect("is answered");
            server.wait_until_over(round);
        }
        let seen = server.finish();
        assert_eq!((seen.connections(), seen.requests()), (3, 3));
    }
}

#[test]
fn what_an_earlier_call_sent_does_not_count_for_a_later_one() {
    let server = Server::start(|peer| {
        peer.read_request();
        peer.write(OK);
    });
    let url = server.url("/");
    let transport = transport();
    transport.send(post(&url, Replay::Once)).expect("is answered");
    server.finish();
    let reply = transport.send(post(&url, Replay::Once));
    assert_eq!((delivery(&reply), phase(&reply)), (Some(Delivery::NotSent), Phase::Connect));
}

#[test]
fn what_was_sent_on_a_used_connection_counts() {
    let (reply, seen) = on_a_stale_connection(|url| post(url, Replay::Once), unanswered);
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert_eq!((seen.connections(), seen.requests()), (1, 2));
}

#[test]
fn calls_at_the_same_time_do_not_mix() {
    const THREADS: usize = 8;
    const CALLS: usize = 50;
    let server = Server::start(|peer| {
        while let Some(head) = peer.read_request() {
            let path = head.split(' ').nth(1).unwrap_or_default();
            let length = path.len();
            peer.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{path}").as_bytes());
        }
    });
    let transport = transport();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (transport, server) = (&transport, &server);
            scope.spawn(move || {
                for call in 0..CALLS {
                    let path = format!("/{thread}/{call}");
                    let replay = if call % 5 == 0 { Replay::SingleUse } else { Replay::Once };
                    let reply = transport.send(post(&server.url(&path), replay)).expect("is answered");
                    assert_eq!(reply.body().expose(), path.as_bytes());
                }
            });
        }
    });
    drop(transport);
    let seen = server.finish();
    assert_eq!(seen.requests(), THREADS * CALLS);
    let fresh = THREADS * CALLS / 5;
    assert!((fresh + 1..=fresh + THREADS).contains(&seen.connections()), "{}", seen.connections());
}

/// Makes a connection, and uses it once more with a server that `ends` it instead of an answer. Whatever comes on
/// other connections is answered.
fn on_a_stale_connection(
    request: impl Fn(&str) -> http::Request<auth0_mfa_core::Body>,
    ends: impl Fn(&mut Peer) + Send + Sync + 'static,
) -> (Reply, Seen) {
    let server = Server::start(move |peer| {
        if peer.index() > 0 {
            return peer.answer_all(OK);
        }
        peer.read_request();
        peer.write(OK);
        ends(peer);
    });
    let transport = built(UreqTransport::builder().timeout(4 * SHORT));
    transport.send(request(&server.url("/"))).expect("is answered");
    let reply = transport.send(request(&server.url("/")));
    drop(transport);
    (reply, server.finish())
}

fn unanswered(peer: &mut Peer) {
    peer.read_request();
}

#[test]
fn a_safe_request_goes_again_when_its_used_connection_died() {
    let (reply, seen) = on_a_stale_connection(|url| get(url, Replay::Safe), unanswered);
    assert_eq!(reply.expect("is answered").body().expose(), b"ok");
    assert_eq!((seen.requests_on(0), seen.requests_on(1)), (2, 1));
}

#[test]
fn a_safe_request_with_a_body_does_not_go_again() {
    let (reply, seen) =
        on_a_stale_connection(|url| post_body(url, Replay::Safe, b"a=1".to_vec()), unanswered);
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert_eq!(seen.connections(), 1);
}

#[test]
fn a_request_that_is_not_safe_does_not_go_again() {
    let (reply, seen) = on_a_stale_connection(|url| get(url, Replay::Once), unanswered);
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert_eq!(seen.connections(), 1);
}

#[test]
fn a_safe_request_does_not_go_again_when_a_reply_had_begun() {
    let closes: fn(&mut Peer) = |peer| {
        peer.read_request();
        peer.write(b"H");
    };
    let resets: fn(&mut Peer) = |peer| {
        // What is left unread makes the socket reset the connection when it is closed.
        peer.read(16);
        peer.write(b"H");
    };
    for ends in [closes, resets] {
        let (reply, seen) = on_a_stale_connection(|url| get(url, Replay::Safe), ends);
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        assert_eq!(seen.connections(), 1);
    }
}

#[test]
fn a_safe_request_does_not_go_again_when_its_time_ran_out() {
    let (reply, seen) = on_a_stale_connection(|url| get(url, Replay::Safe), Peer::wait_for_end);
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    assert!(failure(&reply).is_timeout());
    assert_eq!(seen.connections(), 1);
}

#[test]
fn a_safe_request_does_not_go_again_when_its_fresh_connection_died() {
    for _ in 0..100 {
        let server = Server::start(|peer| {
            peer.read_request();
        });
        let reply = transport().send(get(&server.url("/"), Replay::Safe));
        assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
        let seen = server.finish();
        assert_eq!((seen.connections(), seen.requests()), (1, 1));
    }
}

#[test]
fn a_safe_request_goes_a_second_time_and_not_a_third() {
    let answered = AtomicUsize::new(0);
    let server = Server::start(move |peer| {
        while peer.read_request().is_some() && answered.fetch_add(1, Ordering::SeqCst) == 0 {
            peer.write(OK);
        }
    });
    let transport = transport();
    transport.send(get(&server.url("/"), Replay::Safe)).expect("is answered");
    let reply = transport.send(get(&server.url("/"), Replay::Safe));
    assert_eq!(delivery(&reply), Some(Delivery::MaybeSent));
    let seen = server.finish();
    assert_eq!((seen.connections(), seen.requests()), (2, 3));
}
