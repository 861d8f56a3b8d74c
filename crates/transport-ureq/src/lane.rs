//! Lanes: each is a ureq agent with at most one connection, and carries one call at a time.
//!
//! ureq's own pool does not say which connection a call went over, so neither what was sent for a call nor whether its
//! connection was fresh could be known. With an agent of its own for every call at a time, both are.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{BoxError, TransportError};
use http::Method;
use http::header::{LOCATION, SET_COOKIE};
use http::request::Parts;

use crate::body;
use crate::dial::{Dialer, NoResolver};
use crate::error::{Failure, Phase, cause};
use crate::journal::Journal;
use crate::uri::Origin;

/// More connections than this do not lie idle.
const MAX_IDLE_LANES: usize = 8;

pub(crate) struct Lane {
    agent: ureq::Agent,
    journal: Journal,
}

impl Lane {
    fn new(config: ureq::config::Config, dialer: Dialer) -> Self {
        let journal = dialer.journal().clone();
        Self { agent: ureq::Agent::with_parts(config, dialer, NoResolver), journal }
    }

    /// Sends the request once and reads its reply.
    pub(crate) fn carry(
        &self,
        request: Parts,
        body: &Body,
        deadline: Instant,
        max_reply_bytes: usize,
    ) -> Result<http::Response<Body>, TransportError> {
        self.journal.begin(deadline);
        let reply = if body.is_empty() && !announces_a_body(&request.method) {
            self.agent.run(http::Request::from_parts(request, ()))
        } else {
            self.agent.run(http::Request::from_parts(request, body.expose()))
        };
        match reply {
            Ok(reply) => self.read(reply, max_reply_bytes),
            Err(error) => Err(self.lost(cause(error))),
        }
    }

    fn read(
        &self,
        reply: http::Response<ureq::Body>,
        max_reply_bytes: usize,
    ) -> Result<http::Response<Body>, TransportError> {
        let (head, body) = reply.into_parts();
        let (mut bytes, mut end) = body::read(body.into_reader(), max_reply_bytes);
        // ureq takes a connection that was reset, or lost its TLS without a farewell, for the end of a body without a
        // length. It may be half of it.
        if end.is_ok() && self.journal.read().broken {
            end = Err("the connection broke".into());
        }
        let reply = whole(head, std::mem::take(&mut *bytes).into());
        match end {
            Ok(()) => Ok(reply),
            Err(source) => Err(TransportError::answered(Failure::new(Phase::Body, source), reply)),
        }
    }

    /// The error of a call without a reply: what was sent decides, not what went wrong.
    fn lost(&self, source: BoxError) -> TransportError {
        let entry = self.journal.read();
        let failure = Failure::new(entry.phase, source);
        if entry.request_bytes == 0 {
            TransportError::not_sent(failure)
        } else {
            TransportError::maybe_sent(failure)
        }
    }

    /// Whether the last call went over a connection that had been used before, and that died before any byte of a
    /// reply.
    pub(crate) fn was_stale(&self) -> bool {
        let entry = self.journal.read();
        entry.broken && !entry.dialed && entry.reply_bytes == 0
    }
}

/// Whether a request of this method says that its body is empty (RFC 9110, 8.6).
fn announces_a_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// The reply without what ureq left in its extensions, and with the headers marked that may hold a secret.
fn whole(head: http::response::Parts, body: Body) -> http::Response<Body> {
    let mut reply = http::Response::new(body);
    *reply.status_mut() = head.status;
    *reply.version_mut() = head.version;
    *reply.headers_mut() = head.headers;
    for (name, value) in reply.headers_mut() {
        if matches!(*name, SET_COOKIE | LOCATION) {
            value.set_sensitive(true);
        }
    }
    reply
}

/// Makes lanes, and keeps those whose connection may serve again.
pub(crate) struct Lanes {
    config: ureq::config::Config,
    dialer: Dialer,
    idle_timeout: Duration,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    lane: Lane,
    origin: Origin,
    since: Instant,
}

impl Lanes {
    pub(crate) fn new(config: ureq::config::Config, dialer: Dialer, idle_timeout: Duration) -> Self {
        Self { config, dialer, idle_timeout, idle: Mutex::default() }
    }

    /// A lane without a connection.
    pub(crate) fn fresh(&self) -> Lane {
        Lane::new(self.config.clone(), self.dialer.with_own_journal())
    }

    /// The lane that was last used for this origin, or a fresh one. Those that lay idle for too long are closed.
    pub(crate) fn take(&self, origin: &Origin) -> Lane {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|idle| idle.since.elapsed() < self.idle_timeout);
        let found = idle.iter().rposition(|idle| idle.origin == *origin).map(|index| idle.remove(index));
        drop(idle);
        found.map_or_else(|| self.fresh(), |idle| idle.lane)
    }

    /// Keeps a lane for the next call to the same origin.
    pub(crate) fn keep(&self, origin: Origin, lane: Lane) {
        if self.idle_timeout.is_zero() {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() == MAX_IDLE_LANES {
            idle.remove(0);
        }
        idle.push(Idle { lane, origin, since: Instant::now() });
    }
}
