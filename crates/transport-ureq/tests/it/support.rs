//! Requests, transports, and what must hold after every call.

use std::error::Error;
use std::time::Duration;

use auth0_mfa_core::transport::{BlockingTransport, Delivery, TransportError};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport_ureq::{Builder, Exceeded, Failure, Phase, UreqTransport};

use crate::server::Seen;

pub(crate) type Reply = Result<http::Response<Body>, TransportError>;

pub(crate) const FORM: &str = "grant_type=mfa-recovery-code&recovery_code=ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Short enough for a test that waits for it, long enough for all that is meant to happen before.
pub(crate) const SHORT: Duration = Duration::from_millis(600);

pub(crate) fn transport() -> UreqTransport {
    UreqTransport::new().expect("the defaults are good")
}

pub(crate) fn impatient() -> UreqTransport {
    built(UreqTransport::builder().timeout(SHORT))
}

pub(crate) fn built(builder: Builder) -> UreqTransport {
    builder.build().expect("good settings")
}

pub(crate) fn get(url: &str, replay: Replay) -> http::Request<Body> {
    let mut request = http::Request::get(url).body(Body::empty()).expect("a good request");
    replay.mark(&mut request);
    request
}

pub(crate) fn post(url: &str, replay: Replay) -> http::Request<Body> {
    post_body(url, replay, FORM.as_bytes().to_vec())
}

pub(crate) fn post_body(url: &str, replay: Replay, body: Vec<u8>) -> http::Request<Body> {
    let mut request = http::Request::post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a good request");
    replay.mark(&mut request);
    request
}

/// Sends a recovery code, the way it is meant to be sent.
pub(crate) fn send_code(transport: &UreqTransport, url: &str) -> Reply {
    transport.send(post(url, Replay::SingleUse))
}

pub(crate) fn delivery(reply: &Reply) -> Option<Delivery> {
    reply.as_ref().err().map(TransportError::delivery)
}

/// The failure below the error.
pub(crate) fn failure(reply: &Reply) -> &Failure {
    let error = reply.as_ref().expect_err("the call failed");
    error.source().and_then(|source| source.downcast_ref()).expect("the source is a failure")
}

pub(crate) fn phase(reply: &Reply) -> Phase {
    failure(reply).phase()
}

/// The limit that the call went beyond.
pub(crate) fn exceeded(reply: &Reply) -> Option<Exceeded> {
    failure(reply).source().and_then(|cause| cause.downcast_ref()).copied()
}

/// All texts of the error, from the outermost to the first cause.
pub(crate) fn chain(reply: &Reply) -> Vec<String> {
    let error: &(dyn Error + 'static) = reply.as_ref().expect_err("the call failed");
    std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect()
}

/// What holds after every call that was made once: nothing that arrived was "not sent", and nothing arrived twice.
pub(crate) fn assert_truthful(reply: &Reply, seen: &Seen) {
    assert!(seen.requests() <= 1, "{} requests arrived", seen.requests());
    if delivery(reply) == Some(Delivery::NotSent) {
        assert_eq!(seen.bytes(), 0, "not sent, and yet it arrived");
    }
    if reply.is_ok() {
        assert_eq!(seen.requests(), 1);
    }
}
