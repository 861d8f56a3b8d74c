//! Every transport of ours through every scenario of the contract; and transports that break it, which are caught.

use std::sync::Arc;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::ureq::UreqTransport;
use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError, from_fn};
use auth0_mfa_emulator::contract::kit::{
    Ability, Kind, Report, Sent, Subject, Terms, Wire, asynchronous, blocking, examine, scenarios,
};
use auth0_mfa_transport::Builder;

#[allow(dead_code)] // its `main` is for the command line
#[path = "../../examples/own_runtime.rs"]
mod own_runtime;

#[allow(dead_code)] // its `main` is for the command line
#[path = "../../examples/thread_per_core.rs"]
mod thread_per_core;

#[test]
fn hyper_keeps_the_contract() {
    keeps(&Subject::new("hyper", |terms| asynchronous(hyper(terms), runtime())));
}

#[test]
fn ureq_keeps_the_contract() {
    keeps(&Subject::new("ureq", |terms| blocking(ureq(terms))));
}

#[test]
fn a_function_as_a_transport_keeps_the_contract() {
    keeps(&Subject::new("from_fn", |terms| {
        let hyper = Arc::new(hyper(terms));
        let send = move |request| {
            let hyper = Arc::clone(&hyper);
            async move { hyper.send(request).await }
        };
        asynchronous(from_fn(send), runtime())
    }));
}

#[test]
fn the_example_with_its_own_io_keeps_the_contract() {
    let subject = Subject::new("own_runtime", |_| own_exchange);
    keeps(&OWN_RUNTIME_IS_WITHOUT.into_iter().fold(subject, Subject::without));
}

/// The example says so itself: plain http, replies with a length, each on a connection of its own. It has no settings,
/// and its cap is for head and body together.
const OWN_RUNTIME_IS_WITHOUT: [Ability; 7] = [
    Ability::ReplyCap,
    Ability::Tls,
    Ability::TimeLimits,
    Ability::Pool,
    Ability::Chunks,
    Ability::RepliesWithoutLength,
    Ability::InterimReplies,
];

fn own_exchange(request: http::Request<Body>) -> Sent {
    let owned = |reply: http::Response<Vec<u8>>| reply.map(Body::from);
    match own_runtime::exchange(&request) {
        own_runtime::Exchange::Answered(reply) => Ok(owned(reply)),
        own_runtime::Exchange::NotSent(error) => Err(TransportError::not_sent(error)),
        own_runtime::Exchange::Lost(error, Some(read)) => Err(TransportError::answered(error, owned(read))),
        own_runtime::Exchange::Lost(error, None) => Err(TransportError::maybe_sent(error)),
    }
}

#[test]
fn the_example_whose_futures_stay_on_their_thread_keeps_the_contract() {
    let subject = Subject::new("thread_per_core", |terms| {
        let timeout = terms.timeout.min(terms.connect_timeout); // it has one for both
        move |request| {
            let executor = async_executor::LocalExecutor::new();
            let exchange = thread_per_core::exchange(&executor, request, timeout);
            async_io::block_on(executor.run(exchange))
        }
    });
    keeps(&THREAD_PER_CORE_IS_WITHOUT.into_iter().fold(subject, Subject::without));
}

/// Plain http, each request on a connection of its own, and a cap that is not for others to set.
const THREAD_PER_CORE_IS_WITHOUT: [Ability; 3] = [Ability::ReplyCap, Ability::Tls, Ability::Pool];

pub(crate) fn keeps(subject: &Subject) {
    let report = examine(subject).unwrap();
    println!("{report}");
    assert!(report.totals().faulty > 100, "the scenarios were run");
    assert!(report.is_kept(), "{report}");
}

fn hyper(terms: &Terms) -> HyperTransport {
    built(HyperTransport::builder(), terms)
}

fn ureq(terms: &Terms) -> UreqTransport {
    built(UreqTransport::builder(), terms)
}

fn built<T>(builder: Builder<T>, terms: &Terms) -> T {
    let mut builder = builder
        .connect_timeout(terms.connect_timeout)
        .timeout(terms.timeout)
        .max_reply_bytes(terms.max_reply_bytes);
    if let Some(pem) = &terms.authority_pem {
        builder = builder.without_webpki_roots().add_root_pem(pem.as_bytes()).unwrap();
    }
    if let Some(pem) = &terms.client_pem {
        builder = builder.client_certificate_pem(pem.as_bytes()).unwrap();
    }
    builder.build().unwrap()
}

/// The `block_on` of a runtime that is gone with the transport. After the call, too, what the transport spawned gets
/// its turn: it must not send anything any more.
pub(crate) fn runtime() -> impl FnMut(std::pin::Pin<Box<dyn Future<Output = Sent> + Send + '_>>) -> Sent {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    move |call| {
        runtime.block_on(async {
            let sent = call.await;
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
            sent
        })
    }
}

/// What a transport that breaks the contract comes to in a scenario, with a recovery code over plain HTTP.
fn caught(break_it: fn(&UreqTransport, http::Request<Body>) -> Sent, scenario: &str) -> Report {
    let subject = Subject::new("broken", move |terms| {
        let ureq = ureq(terms);
        move |request| break_it(&ureq, request)
    });
    let is_it = |name: &str, wire| name == scenario && wire == Wire::Plain;
    let scenario =
        scenarios().into_iter().find(|it| is_it(it.name(), it.wire())).expect("there is such a scenario");
    let report = scenario.run(&subject, 1).unwrap();
    assert!(!report.is_kept() && report.to_string().contains("BROKEN"), "{report}");
    report
}

fn copy(request: &http::Request<Body>) -> http::Request<Body> {
    let mut copy = http::Request::new(Body::from(request.body().expose().to_vec()));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

#[test]
fn a_transport_that_repeats_what_was_lost_is_caught() {
    let repeats = |ureq: &UreqTransport, request: http::Request<Body>| {
        let again = copy(&request);
        ureq.send(request).or_else(|_| ureq.send(again))
    };
    for scenario in ["closed after the last byte", "reset after 1 byte of the request"] {
        let report = caught(repeats, scenario);
        assert_eq!(report.totals().sent_twice, report.totals().runs, "{report}");
    }
}

#[test]
fn a_transport_that_follows_a_redirect_is_caught() {
    let follows = |ureq: &UreqTransport, request: http::Request<Body>| {
        let mut again = copy(&request);
        let reply = ureq.send(request)?;
        let Some(location) = reply.headers().get("location") else { return Ok(reply) };
        let location: http::Uri = location.to_str().unwrap().parse().unwrap();
        let mut parts = again.uri().clone().into_parts();
        parts.path_and_query = location.path_and_query().cloned();
        parts.authority = location.authority().cloned().or(parts.authority);
        *again.uri_mut() = http::Uri::from_parts(parts).unwrap();
        ureq.send(again)
    };
    let same = caught(follows, "307 to the same host");
    assert_eq!(same.totals().sent_twice, same.totals().runs, "{same}");
    let other = caught(follows, "307 to another host");
    assert_eq!(other.totals().secret_elsewhere, other.totals().runs, "{other}");
}

#[test]
fn a_transport_that_takes_a_reset_for_a_proof_is_caught() {
    let claims = |ureq: &UreqTransport, request| {
        ureq.send(request).map_err(|error| TransportError::not_sent(error.into_parts().2))
    };
    let report = caught(claims, "reset after the headers");
    assert_eq!(report.totals().seen_but_not_sent, report.totals().runs, "{report}");
}

#[test]
fn a_transport_that_drops_what_was_read_is_caught() {
    let drops = |ureq: &UreqTransport, request| {
        ureq.send(request).map_err(|error| TransportError::maybe_sent(error.into_parts().2))
    };
    let report = caught(drops, "chunks cut in a chunk, behind the code");
    for (call, lost) in [(Kind::VerifyWithRecoveryCode, 1), (Kind::ListAuthenticators, 0)] {
        let row = report.row("chunks cut in a chunk, behind the code", Wire::Plain, call).unwrap();
        assert_eq!((row.code_lost, row.missed), (lost, 1), "{report}");
    }
}

#[test]
fn a_transport_that_sends_a_code_over_a_used_connection_is_caught() {
    let shares = |ureq: &UreqTransport, mut request: http::Request<Body>| {
        auth0_mfa_core::Replay::Once.mark(&mut request);
        ureq.send(request)
    };
    let report = caught(shares, "a connection is used again");
    let row = report.row("a connection is used again", Wire::Plain, Kind::VerifyWithRecoveryCode).unwrap();
    assert!(row.texts.iter().any(|text| text.contains("shared its connection")), "{report}");
}
