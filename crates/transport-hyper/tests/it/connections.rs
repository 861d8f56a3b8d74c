//! Which connection a request travels on, and the one case in which it goes twice.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::*;
use auth0_mfa_core::transport::{AsyncTransport, Delivery};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport_hyper::{Builder, HyperTransport, Phase};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn single_use_opens_a_fresh_connection_each_time() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = transport();
    run(async {
        for _ in 0..3 {
            // An idle connection is there to be taken.
            transport.send(post(&server.url("/once"), Replay::Once)).await.expect("the server answers");
            transport
                .send(post(&server.url("/single"), Replay::SingleUse))
                .await
                .expect("the server answers");
        }
        let mut unmarked = post(&server.url("/single"), Replay::Once);
        unmarked.extensions_mut().clear();
        transport.send(unmarked).await.expect("the server answers");
    });
    let seen = server.finish();
    let single: Vec<_> = seen.iter().filter(|connection| connection.text().contains("/single")).collect();
    assert_eq!(single.len(), 4, "a request that does not say counts as single use");
    assert!(single.iter().all(|connection| connection.requests() == 1));
}

#[test]
fn once_and_safe_reuse_a_connection() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = transport();
    run(async {
        for _ in 0..10 {
            transport.send(post(&server.url("/"), Replay::Once)).await.expect("the server answers");
            transport.clone().send(get(&server.url("/"), Replay::Safe)).await.expect("the server answers");
        }
    });
    let seen = server.finish();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].requests(), 20);
}

#[test]
fn a_connection_is_reused_on_several_threads_too() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = transport();
    let url = server.url("/");
    run_in_parallel(async move {
        for _ in 0..500 {
            transport.send(post(&url, Replay::Once)).await.expect("the server answers");
        }
    });
    let seen = server.finish();
    assert_eq!(seen.iter().map(Seen::requests).collect::<Vec<_>>(), [500]);
}

/// Nothing would come in on a connection of a runtime that does not run.
#[test]
fn a_runtime_does_not_get_the_connection_of_another() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = transport();
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let (one, other) = (runtime(), runtime());
    for runtime in [&one, &other, &one, &other] {
        let call = transport.send(post(&server.url("/"), Replay::Once));
        runtime.block_on(call).expect("the server answers");
    }
    drop((one, other));
    let seen = server.finish();
    assert_eq!(seen.iter().map(Seen::requests).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn a_connection_that_the_server_closes_is_not_reused() {
    let server = Server::plain(|_, peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
        peer.listen();
    });
    let transport = transport();
    run(async {
        for _ in 0..5 {
            transport.send(post(&server.url("/"), Replay::Once)).await.expect("the server answers");
        }
    });
    let seen = server.finish();
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|connection| connection.requests() == 1));
}

#[test]
fn an_origin_does_not_get_the_connection_of_another() {
    let [one, other] = [(); 2].map(|()| Server::plain(|_, peer| peer.serve(OK)));
    let transport = transport();
    run(async {
        for _ in 0..3 {
            transport.send(post(&one.url("/one"), Replay::Once)).await.expect("the server answers");
            transport.send(post(&other.url("/other"), Replay::Once)).await.expect("the server answers");
        }
    });
    for (server, path) in [(one, "/one "), (other, "/other ")] {
        let seen = server.finish();
        assert_eq!((seen.len(), seen[0].text().matches(path).count()), (1, 3));
    }
}

#[test]
fn with_an_idle_timeout_of_zero_nothing_is_reused() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = HyperTransport::builder().pool_idle_timeout(Duration::ZERO).build().expect("is sound");
    run(async {
        for _ in 0..3 {
            transport.send(post(&server.url("/"), Replay::Once)).await.expect("the server answers");
        }
    });
    assert_eq!(server.finish().len(), 3);
}

#[test]
fn an_idle_connection_is_closed_without_a_further_call() {
    let (closed, is_closed) = mpsc::channel();
    let server = Server::plain(move |_, peer| {
        peer.serve(OK);
        closed.send(()).expect("the test waits");
    });
    let transport =
        HyperTransport::builder().pool_idle_timeout(Duration::from_millis(20)).build().expect("is sound");
    let request = post(&server.url("/"), Replay::Once);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    runtime.block_on(transport.send(request)).expect("the server answers");
    is_closed.recv_timeout(PATIENCE).expect("the connection is closed while transport and runtime live");
    server.finish();
}

#[test]
fn a_transport_outlives_the_runtime_of_its_connections() {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = transport();
    for _ in 0..3 {
        send(&transport, post(&server.url("/"), Replay::Once)).expect("the server answers");
    }
    assert_eq!(server.finish().len(), 3);
}

/// Serves one request on the first connection, then reads another and does what `then` says. Later connections serve.
fn stale_server(then: fn(&mut Peer)) -> Server {
    Server::plain(move |number, peer| {
        if number > 0 {
            return peer.serve(OK);
        }
        peer.read_request();
        peer.send(OK);
        peer.read_request();
        then(peer);
    })
}

fn second_of(server: &Server, first: http::Request<Body>, second: http::Request<Body>) -> Outcome {
    let transport = HyperTransport::builder().timeout(Duration::from_secs(2)).build().expect("is sound");
    run(async {
        transport.send(first).await.unwrap_or_else(|_| panic!("{} answers", server.address()));
        transport.send(second).await
    })
}

#[test]
fn a_safe_request_goes_again_when_its_reused_connection_dies_unread() {
    for body in [false, true] {
        let server = stale_server(|_| ());
        let url = server.url("/second");
        let second = if body { post(&url, Replay::Safe) } else { get(&url, Replay::Safe) };
        second_of(&server, post(&server.url("/first"), Replay::Once), second)
            .expect("the second try succeeds");
        let seen = server.finish();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1].requests(), 1);
        let [before, again] =
            [&seen[0], &seen[1]].map(|c| c.text().split_once(" /second").expect("came").1.to_owned());
        assert_eq!(before, again, "the same request came twice");
    }
}

#[test]
fn other_requests_do_not_go_again() {
    let server = stale_server(|_| ());
    let outcome = second_of(
        &server,
        post(&server.url("/first"), Replay::Once),
        post(&server.url("/second"), Replay::Once),
    );
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
    let seen = server.finish();
    assert_eq!((seen.len(), seen[0].requests()), (1, 2));
}

#[test]
fn a_safe_request_does_not_go_again_after_a_byte_of_a_reply() {
    let server = stale_server(|peer| peer.send(b"H"));
    let outcome = second_of(
        &server,
        post(&server.url("/first"), Replay::Once),
        get(&server.url("/second"), Replay::Safe),
    );
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
    assert_eq!(server.finish().len(), 1);
}

#[test]
fn a_safe_request_does_not_go_again_when_time_ran_out() {
    let server = stale_server(Peer::listen);
    let outcome = second_of(
        &server,
        post(&server.url("/first"), Replay::Once),
        get(&server.url("/second"), Replay::Safe),
    );
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
    assert_eq!(server.finish().len(), 1);
}

#[test]
fn a_safe_request_goes_no_more_than_twice() {
    let server = Server::plain(|number, peer| {
        peer.read_request();
        if number == 0 {
            peer.send(OK);
            peer.read_request();
        }
    });
    let outcome = second_of(
        &server,
        post(&server.url("/first"), Replay::Once),
        get(&server.url("/second"), Replay::Safe),
    );
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Wait);
    let seen = server.finish();
    assert_eq!(seen.iter().map(|c| c.text().matches(" /second").count()).sum::<usize>(), 2);
}

#[test]
fn a_first_sending_that_may_have_arrived_is_not_forgotten_over_the_second() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let url = format!("http://{}/", listener.local_addr().expect("the listener is bound"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client connects");
        drop(listener);
        for answers in [true, false] {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("the request comes");
                request.extend(byte);
            }
            if answers {
                stream.write_all(OK).expect("the client listens");
            }
        }
    });
    let transport = transport();
    let outcome = run(async {
        transport.send(get(&url, Replay::Safe)).await.expect("the first is answered");
        transport.send(get(&url, Replay::Safe)).await
    });
    server.join().expect("both requests came");
    assert_failed(&outcome, Delivery::MaybeSent, Phase::Connect);
}

/// The second request meets a connection that is being closed: now before it is written, now after.
#[test]
fn a_connection_that_dies_while_idle_is_told_truly() {
    let mut told = [0; 4];
    for round in 0..300 {
        let server = Server::plain(|number, peer| {
            peer.read_request();
            peer.send(OK);
            if number == 0 {
                peer.hang_up_and_listen();
            }
        });
        let replay = if round % 2 == 0 { Replay::Once } else { Replay::Safe };
        let (first, second) =
            (post(&server.url("/first"), Replay::Once), post(&server.url("/second"), replay));
        let transport = transport();
        let outcome = run_in_parallel(async move {
            transport.send(first).await.expect("the first is answered");
            transport.send(second).await
        });
        let seen = server.finish();
        let came: usize = seen.iter().map(|c| c.text().matches(" /second").count()).sum();
        match &outcome {
            Ok(_) => assert!(came >= 1),
            Err(error) => assert!(error.delivery() != Delivery::NotSent || came == 0, "{seen:?}: {error:?}"),
        }
        if replay == Replay::Once {
            assert!(came <= 1, "{seen:?}");
        } else {
            assert!(outcome.is_ok(), "a safe request finds its way: {outcome:?}");
        }
        let kind = match &outcome {
            Ok(_) if seen.len() == 1 => 0,
            Ok(_) => 1,
            Err(error) if error.delivery() == Delivery::NotSent => 2,
            Err(_) => 3,
        };
        told[kind] += 1;
    }
    println!("died while idle: reused, fresh, not sent, maybe sent: {told:?}");
}

#[test]
fn calls_at_the_same_time_get_their_own_replies() {
    let server = Server::plain(|_, peer| {
        while peer.read_request() {
            let line = peer.last_request_line();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{line}", line.len());
            peer.send(head.as_bytes());
        }
    });
    let transport = transport();
    let url = server.url("");
    run_in_parallel(async move {
        let calls: Vec<_> = (0..200)
            .map(|number| {
                let (transport, path) = (transport.clone(), format!("/{number}"));
                let replay = [Replay::Safe, Replay::Once, Replay::SingleUse][number % 3];
                let request = post(&format!("{url}{path}"), replay);
                tokio::spawn(async move {
                    let reply = transport.send(request).await.expect("the server answers");
                    assert_eq!(reply.body().expose(), format!("POST {path} HTTP/1.1").as_bytes());
                })
            })
            .collect();
        for call in calls {
            call.await.expect("the reply is its own");
        }
    });
    let seen = server.finish();
    assert_eq!(seen.iter().map(Seen::requests).sum::<usize>(), 200);
}

/// How many connections ten requests of a kind take.
fn connections_of_ten(builder: Builder, replay: Replay) -> usize {
    let server = Server::plain(|_, peer| peer.serve(OK));
    let transport = builder.build().expect("is sound");
    run(async {
        for _ in 0..10 {
            transport.send(post(&server.url("/"), replay)).await.expect("the server answers");
        }
    });
    drop(transport);
    server.finish().len()
}

#[test]
fn what_is_reused_for_what_is_a_setting() {
    let builder = HyperTransport::builder;
    assert_eq!(connections_of_ten(builder(), Replay::Once), 1);
    assert_eq!(connections_of_ten(builder(), Replay::SingleUse), 10);
    assert_eq!(connections_of_ten(builder().reuse_connections(false), Replay::Once), 10);
    assert_eq!(connections_of_ten(builder().reuse_connections(false), Replay::Safe), 10);
    let single_use_too = builder().reuse_connections_for_single_use(true);
    assert_eq!(connections_of_ten(single_use_too, Replay::SingleUse), 1);
}

#[test]
fn a_connection_at_the_end_of_its_life_or_beyond_the_size_of_the_pool_is_not_kept() {
    let builder = HyperTransport::builder;
    assert_eq!(connections_of_ten(builder().pool_max_lifetime(Duration::ZERO), Replay::Once), 10);
    assert_eq!(connections_of_ten(builder().pool_max_idle_per_host(0), Replay::Once), 10);
}
