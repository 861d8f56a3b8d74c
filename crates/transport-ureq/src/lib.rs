//! Blocking transport of auth0-mfa, on [ureq](https://docs.rs/ureq) 3 and [rustls](https://docs.rs/rustls).
//!
//! **Keep `ureq_proto` and `ureq` from logging at `trace`.** At that level the first writes every head and every reply
//! to the log, byte by byte, tokens and new recovery codes included; the second writes paths, queries and `Location`
//! headers. At `debug`, and in this crate at any level, no secret is logged.
//!
//! ```no_run
//! use auth0_mfa_transport_ureq::UreqTransport;
//!
//! let transport = UreqTransport::new()?;
//! # Ok::<(), auth0_mfa_transport_ureq::ConfigError>(())
//! ```
//!
//! It keeps the [contract](auth0_mfa_core::transport) of a transport; every setting, and its default, stands at the
//! [`Builder`].
//!
//! - **At most once.** No retry and no redirect, except that a `Replay::Safe` request without a body goes once more, on
//!   a fresh connection, when the pooled connection it travelled on died before any byte of a reply.
//! - **Every status is `Ok`**, whatever ureq thinks of it.
//! - **`NotSent` is a proof.** The connection itself counts the bytes of the request that are handed to it, below HTTP
//!   and above TLS, and a connection belongs to one call at a time. Zero means `NotSent`; anything else means
//!   `MaybeSent`.
//! - **`Replay::SingleUse` requests travel on a connection of their own**, unless a setting allows otherwise; the
//!   others share a pool. All resume each other's TLS sessions.
//! - **Replies are capped**, body and head, and **time is bounded**: the connecting, and the whole call to the last
//!   byte of the reply. A peer that sends a byte now and then does not stretch it. No content-encoding is asked for.
//! - **TLS only**, except to loopback hosts. Crypto provider and roots are explicit; the default provider of the
//!   process is neither read nor set. No early data.
//! - **A proxy is used when one is set**, and taken from the environment on request only. It is asked for a tunnel, and
//!   sees host and port of the origin and nothing else.
//!
//! Why a call failed, and in which part of it, is in the source of the error: a [`Failure`], which names the [`Phase`].
//! Below it stands the cause: an [`Exceeded`] limit, a proxy's [`NoTunnel`], an [`io::Error`](std::io::Error), a
//! [`rustls::Error`] or another.
//!
//! # Threads
//!
//! A call blocks its thread until it is over. In an async program use the transport on hyper, or hand the call to a
//! thread that may block.
//!
//! Nothing watches the idle connections: those that are too old are closed when the next call looks for one or opens
//! one, or when the transport is dropped.
//!
//! A host name is looked up only when a connection is opened, on a thread of its own, because the system's resolver
//! cannot be given a time limit. A lookup that outlives its call leaves that thread behind until the resolver gives up.
//! Addresses of which one answered are used for 60 seconds without another lookup, that one first. They get half of the
//! time for connecting: when none of them answers in it, for example because they swallow packets by now, the name is
//! looked up anew, and its addresses, those that were not tried yet first, get what is left.
//!
//! # Features
//!
//! | Feature | |
//! |---|---|
//! | `ring` (default) | [`crypto::ring`], which is used when no provider is given |
//! | `aws-lc-rs` | `crypto::aws_lc_rs`, which is used when no provider is given and `ring` is off |
//! | `platform-verifier` | `Builder::platform_verifier`: trust in what the operating system trusts |
//!
//! All may be on at once. A program that turns on the feature `cookies` of ureq elsewhere gives pooled connections a
//! cookie jar, for as long as they are kept.

mod body;
mod buffers;
mod cause;
mod dial;
mod journal;
mod lane;
mod link;
mod names;
mod socket;
mod tunnel;

use std::fmt;
use std::sync::Arc;

use auth0_mfa_core::transport::{BlockingTransport, Delivery, TransportError};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport::{Deadline, Origin, Settings};

pub use auth0_mfa_transport::proxy::NoTunnel;
pub use auth0_mfa_transport::{ConfigError, Exceeded, Failure, Phase, crypto};

use lane::{Lane, Lanes};

/// Settings of a [`UreqTransport`], made by [`UreqTransport::builder`].
pub type Builder = auth0_mfa_transport::Builder<UreqTransport>;

/// A blocking transport on ureq and rustls. A clone is cheap and shares the pool of connections.
#[derive(Clone)]
pub struct UreqTransport(Arc<Shared>);

struct Shared {
    lanes: Lanes,
    settings: Arc<Settings>,
}

impl UreqTransport {
    /// A transport with the defaults of the [`Builder`].
    ///
    /// # Errors
    /// When there is no crypto provider, because both `ring` and `aws-lc-rs` are off.
    pub fn new() -> Result<Self, ConfigError> {
        Self::builder().build()
    }

    /// Starts from the defaults of [`new`](Self::new).
    pub fn builder() -> Builder {
        Builder::new(Self::from_settings)
    }

    fn from_settings(settings: Settings) -> Self {
        let settings = Arc::new(settings);
        Self(Arc::new(Shared { lanes: Lanes::new(Arc::clone(&settings)), settings }))
    }
}

impl BlockingTransport for UreqTransport {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        let Shared { lanes, settings } = &*self.0;
        let deadline = Deadline::of_call(settings.timeout);
        let replay = Replay::of(&request);
        let (request, body) = request.into_parts();
        let origin = Origin::of(&request.uri)
            .map_err(|refused| TransportError::not_sent(Failure::new(Phase::Prepare, refused)))?;

        let may_reuse = settings.may_reuse(replay);
        let again = (may_reuse && replay == Replay::Safe && body.is_empty()).then(|| request.clone());
        let send_on = |lane: &Lane, request| lane.carry(request, &body, deadline, settings.max_reply_bytes);

        let mut lane = if may_reuse { lanes.take(&origin) } else { lanes.fresh() };
        let mut reply = send_on(&lane, request);
        if let Some(request) = again.filter(|_| reply.is_err() && lane.was_stale()) {
            let first_may_have_arrived = may_have_arrived(&reply);
            lane = lanes.fresh();
            reply = send_on(&lane, request).map_err(|error| in_doubt_if(first_may_have_arrived, error));
        }
        if reply.is_ok() && may_reuse {
            lanes.keep(origin, lane);
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
        let Settings { connect_timeout, timeout, pool, proxies, .. } = &*self.0.settings;
        f.debug_struct("UreqTransport")
            .field("connect_timeout", connect_timeout)
            .field("timeout", timeout)
            .field("pool", pool)
            .field("proxies", proxies)
            .finish_non_exhaustive()
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
