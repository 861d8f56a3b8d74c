//! Blocking transport of auth0-mfa, on [ureq](https://docs.rs/ureq) 3 and [rustls](https://docs.rs/rustls).
//!
//! **Keep `ureq_proto` and `ureq` from logging at `trace`.** At that level the first writes every head and every reply to
//! the log, byte by byte, tokens and new recovery codes included; the second writes paths, queries and `Location`
//! headers. At `debug`, and in this crate at any level, no secret is logged.
//!
//! ```no_run
//! use auth0_mfa_transport_ureq::UreqTransport;
//!
//! let transport = UreqTransport::new()?;
//! # Ok::<(), auth0_mfa_transport_ureq::ConfigError>(())
//! ```
//!
//! It keeps the [contract](auth0_mfa_core::transport) of a transport:
//!
//! - **At most once.** No retry and no redirect, except that a `Replay::Safe` request without a body goes once more, on
//!   a fresh connection, when the pooled connection it travelled on died before any byte of a reply.
//! - **Every status is `Ok`**, whatever ureq thinks of it.
//! - **`NotSent` is a proof.** The connection itself counts the bytes of the request that are handed to it, below HTTP
//!   and above TLS, and a connection belongs to one call at a time. Zero means `NotSent`; anything else means
//!   `MaybeSent`.
//! - **`Replay::SingleUse` requests travel on a connection of their own.** TLS sessions are resumed all the same.
//! - **Replies are capped** (256 KiB unless set otherwise), heads at 64 KiB, and **time is bounded**: 5 s to connect
//!   (name, TCP and TLS together) and 30 s for the whole call, to the last byte of the reply. A peer that sends a byte
//!   now and then does not stretch it.
//! - **TLS only**, except to loopback hosts. The crypto provider is `ring` and the roots are `webpki-roots`, unless the
//!   [builder](UreqTransport::builder) is given others; the process default of rustls is never looked at. No early data.
//! - **No proxy** is used, and none is taken from the environment.
//!
//! Why a call failed, and in which part of it, is in the source of the error: a [`Failure`].
//!
//! A host name is looked up only when a connection is opened, on a thread of its own, because the system's resolver
//! cannot be given a time limit. A lookup that outlives its call leaves that thread behind until the resolver gives up.
//!
//! A program that turns on the feature `cookies` of ureq elsewhere gives pooled connections a cookie jar, for as long as
//! they are kept. `SingleUse` requests never see one.

mod body;
mod buffers;
mod builder;
mod dial;
mod error;
mod journal;
mod lane;
mod link;
mod resolve;
mod socket;
mod tls;
mod uri;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use auth0_mfa_core::transport::{BlockingTransport, Delivery, TransportError};
use auth0_mfa_core::{Body, Replay};

pub use builder::Builder;
pub use error::{ConfigError, Failure, Phase};

use lane::{Lane, Lanes};

/// A blocking transport on ureq and rustls. A clone is cheap and shares the pool of connections.
#[derive(Clone)]
pub struct UreqTransport(Arc<Shared>);

struct Shared {
    lanes: Lanes,
    limits: builder::Limits,
}

impl UreqTransport {
    /// A transport with the defaults: ring, webpki-roots, 5 s to connect, 30 s for a call, replies up to 256 KiB.
    ///
    /// # Errors
    /// When rustls refuses the settings.
    pub fn new() -> Result<Self, ConfigError> {
        Self::builder().build()
    }

    /// Starts from the defaults of [`new`](Self::new).
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl BlockingTransport for UreqTransport {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        let deadline = builder::after(Instant::now(), self.0.limits.call);
        let replay = Replay::of(&request);
        let (request, body) = request.into_parts();
        let origin = uri::origin(&request.uri).map_err(TransportError::not_sent)?;

        let pooled = matches!(replay, Replay::Safe | Replay::Once);
        let mut lane = if pooled { self.0.lanes.take(&origin) } else { self.0.lanes.fresh() };
        let send_on =
            |lane: &Lane| lane.carry(request.clone(), &body, deadline, self.0.limits.max_reply_bytes);
        let mut reply = send_on(&lane);
        if reply.is_err() && replay == Replay::Safe && body.is_empty() && lane.was_stale() {
            let first_may_have_arrived = may_have_arrived(&reply);
            lane = self.0.lanes.fresh();
            reply = send_on(&lane).map_err(|error| in_doubt_if(first_may_have_arrived, error));
        }
        if reply.is_ok() && pooled {
            self.0.lanes.keep(origin, lane);
        }
        reply
    }
}

fn may_have_arrived(sent: &Result<http::Response<Body>, TransportError>) -> bool {
    sent.as_ref().map_or_else(|error| error.delivery() != Delivery::NotSent, |_| true)
}

/// A second sending that did not leave proves nothing about the first.
fn in_doubt_if(first_may_have_arrived: bool, second: TransportError) -> TransportError {
    match second.into_parts() {
        (Delivery::NotSent, _, source) if first_may_have_arrived => TransportError::maybe_sent(source),
        (Delivery::NotSent, _, source) => TransportError::not_sent(source),
        (_, Some(partial), source) => TransportError::answered(source, partial),
        (_, None, source) => TransportError::maybe_sent(source),
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sending_that_did_not_leave_does_not_prove_that_the_first_did_not() {
        let not_sent = || TransportError::not_sent("refused");
        assert_eq!(in_doubt_if(true, not_sent()).delivery(), Delivery::MaybeSent);
        assert_eq!(in_doubt_if(false, not_sent()).delivery(), Delivery::NotSent);
        let answered = TransportError::answered("cut", http::Response::new(Body::empty()));
        assert_eq!(in_doubt_if(true, answered).delivery(), Delivery::Answered);
    }
}
