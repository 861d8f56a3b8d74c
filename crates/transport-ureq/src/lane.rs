//! Lanes: each is a ureq agent with at most one connection, and carries one call at a time.
//!
//! ureq's own pool does not say which connection a call went over, so neither what was sent for a call nor whether its
//! connection was fresh could be known. With an agent of its own for every call at a time, both are.

use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_transport::{Deadline, Failure, Origin, Phase, Pool, Settings};
use http::Method;
use http::header::{LOCATION, SET_COOKIE, TRANSFER_ENCODING};
use http::request::Parts;
use ureq::config::{AutoHeaderValue, Config};

use crate::body;
use crate::cause::cause;
use crate::dial::{Dialer, NoResolver};
use crate::journal::Journal;

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// What ureq adds to the head of a request: `host` (beside its value), `user-agent` and `content-length`.
const ADDED_HEAD: usize = 256;
/// How much of the body is handed over at once.
const MOST_BODY_AT_ONCE: usize = 16 * 1024;

/// Makes lanes, and keeps those whose connection may serve again.
pub(crate) struct Lanes {
    config: Config,
    dialer: Dialer,
    idle: Pool<Lane>,
}

impl Lanes {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        let (config, idle) = (agent_config(&settings), Pool::new(settings.pool));
        Self { config, dialer: Dialer::new(settings), idle }
    }

    /// A lane without a connection.
    pub(crate) fn fresh(&self) -> Lane {
        // Nobody else looks after what lies idle.
        self.idle.close_old(|_| true);
        Lane::new(self.config.clone(), self.dialer.with_own_journal())
    }

    /// The lane that was last used for this origin, or a fresh one. Whether its connection is still open is looked at
    /// by ureq, and a closed one replaced.
    pub(crate) fn take(&self, origin: &Origin) -> Lane {
        self.idle.take(origin, |_| true).map_or_else(|| self.fresh(), |(lane, _)| lane)
    }

    /// Keeps a lane for the next call to the same origin, if it has a connection for it.
    pub(crate) fn keep(&self, origin: Origin, lane: Lane) {
        if let Some(opened) = lane.journal.read().opened {
            self.idle.put(origin, lane, opened);
        }
    }
}

/// Everything that ureq does of itself is switched off. Its time limits are not used: the dialer and the connection
/// keep the deadline of the call, and ureq's own limits begin anew with each part of a call. Nor does it wait to be
/// asked for a body.
fn agent_config(settings: &Settings) -> Config {
    Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(USER_AGENT)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .timeout_await_100(Some(Duration::ZERO))
        .max_response_header_size(settings.max_reply_head_bytes)
        .max_idle_connections(1)
        .max_idle_connections_per_host(1)
        .max_idle_age(settings.pool.idle_timeout)
        .build()
}

pub(crate) struct Lane {
    agent: ureq::Agent,
    journal: Journal,
}

impl Lane {
    fn new(config: Config, dialer: Dialer) -> Self {
        let journal = dialer.journal().clone();
        Self { agent: ureq::Agent::with_parts(config, dialer, NoResolver), journal }
    }

    /// Sends the request once and reads its reply.
    pub(crate) fn carry(
        &self,
        request: Parts,
        body: &Body,
        deadline: Deadline,
        max_reply_bytes: usize,
    ) -> Result<http::Response<Body>, TransportError> {
        // In chunks ureq needs room for more than the body itself.
        let head_waits = !body.is_empty() && !request.headers.contains_key(TRANSFER_ENCODING);
        self.journal.begin(deadline, room_for(&request, body), head_waits);
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
        let expected = body.content_length();
        let (body, mut end) = body::read(body.into_reader(), max_reply_bytes, expected);
        // ureq takes a connection that was reset, or lost its TLS without a farewell, for the end of a body without a
        // length. It may be half of it.
        if end.is_ok() && self.journal.read().broken {
            end = Err("the connection broke".into());
        }
        let reply = whole(head, body);
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

/// The bytes of the head, or a few more, and those of the body.
fn room_for(request: &Parts, body: &Body) -> usize {
    let line = |name: usize, value: usize| name + ": ".len() + value + "\r\n".len();
    let headers: usize =
        request.headers.iter().map(|(name, value)| line(name.as_str().len(), value.len())).sum();
    let uri = &request.uri;
    let target = uri.path().len() + uri.query().map_or(0, |query| 1 + query.len());
    let host = uri.authority().map_or(0, |authority| authority.as_str().len());
    let head = request.method.as_str().len() + target + host + headers + ADDED_HEAD;
    head + body.len().min(MOST_BODY_AT_ONCE)
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

#[cfg(test)]
#[cfg(feature = "ring")]
mod tests {
    use std::time::Instant;

    use super::*;

    fn settings(idle_timeout: Duration) -> Arc<Settings> {
        let builder = auth0_mfa_transport::Builder::new(|settings| settings);
        Arc::new(builder.pool_idle_timeout(idle_timeout).build().expect("the defaults"))
    }

    #[test]
    fn a_lane_without_a_connection_is_not_kept() {
        let lanes = Lanes::new(settings(Duration::from_secs(3600)));
        let origin = Origin::of(&http::Uri::from_static("https://tenant.test")).expect("is an origin");
        for opened in [None, Some(Instant::now())] {
            let lane = lanes.fresh();
            lane.journal.note(|entry| entry.opened = opened);
            lanes.keep(origin.clone(), lane);
            let found = lanes.idle.take(&origin, |_| true);
            assert_eq!(found.map(|(_, since)| since), opened);
        }
    }

    #[test]
    fn ureq_keeps_a_connection_for_as_long_as_its_lane_is_kept() {
        let idle_timeout = Duration::from_secs(3600);
        assert_eq!(agent_config(&settings(idle_timeout)).max_idle_age(), idle_timeout);
    }
}
