//! One call, from its request to its reply.

use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::transport::{BoxError, Delivery, TransportError};
use auth0_mfa_core::{Body, Domain, Replay};
use http::{Request, Response};
use hyper::body::Incoming;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use crate::connection::Connection;
use crate::error::{Exceeded, Failure, Phase};
use crate::pool::Pool;
use crate::request::{Outgoing, outgoing};
use crate::tls::Connector;
use crate::{connection, reply};

/// What a call may take, and how long a connection may wait for the next one.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) call: Duration,
    pub(crate) reply_bytes: usize,
    pub(crate) idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(30),
            reply_bytes: 256 * 1024,
            idle: Duration::from_secs(90),
        }
    }
}

/// When a call has to be over.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) exceeded: Exceeded,
}

impl Deadline {
    fn after(limit: Duration, exceeded: Exceeded) -> Self {
        Self { at: later(limit), exceeded }
    }

    fn earlier(self, other: Self) -> Self {
        if other.at < self.at { other } else { self }
    }
}

/// A duration that no clock can represent is as good as a century.
fn later(duration: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(duration).unwrap_or(now + Duration::from_secs(100 * 365 * 86_400))
}

pub(crate) struct Client {
    limits: Limits,
    connector: Connector,
    pool: Arc<Pool>,
}

impl Client {
    pub(crate) fn new(limits: Limits, connector: Connector) -> Self {
        let pool = Arc::new(Pool::new(limits.idle));
        Self { limits, connector, pool }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        Handle::try_current().map_err(not_connected)?;
        let deadline = Deadline::after(self.limits.call, Exceeded::CallTime(self.limits.call));
        let replay = Replay::of(&request);
        let (origin, request) = outgoing(request).map_err(not_connected)?;

        let (connection, response) = self.exchange(replay, &origin, request, deadline).await?;
        let reply = reply::read(response, self.limits.reply_bytes, deadline).await?;
        if may_share_connection(replay) {
            self.pool.put(origin, connection);
        }
        Ok(reply)
    }

    async fn exchange(
        &self,
        replay: Replay,
        origin: &Domain,
        request: Request<Outgoing>,
        deadline: Deadline,
    ) -> Result<(Connection, Response<Incoming>), TransportError> {
        let idle = if may_share_connection(replay) { self.pool.take(origin) } else { None };
        let Some(connection) = idle else { return self.exchange_afresh(origin, request, deadline).await };
        match connection::exchange(connection, request.clone(), deadline).await {
            Err(lost) if replay == Replay::Safe && lost.connection_was_stale => {
                let outcome = self.exchange_afresh(origin, request, deadline).await;
                outcome.map_err(|error| if lost.unsent { error } else { in_doubt(error) })
            }
            outcome => outcome.map_err(TransportError::from),
        }
    }

    async fn exchange_afresh(
        &self,
        origin: &Domain,
        request: Request<Outgoing>,
        deadline: Deadline,
    ) -> Result<(Connection, Response<Incoming>), TransportError> {
        let connection = self.connect(origin, deadline).await.map_err(not_connected)?;
        Ok(connection::exchange(connection, request, deadline).await?)
    }

    async fn connect(&self, origin: &Domain, deadline: Deadline) -> Result<Connection, BoxError> {
        let limit = self.limits.connect;
        let deadline = deadline.earlier(Deadline::after(limit, Exceeded::ConnectTime(limit)));
        match timeout_at(deadline.at, connection::open(self.connector.clone(), origin)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(deadline.exceeded.into()),
        }
    }
}

fn may_share_connection(replay: Replay) -> bool {
    matches!(replay, Replay::Safe | Replay::Once)
}

fn not_connected(cause: impl Into<BoxError>) -> TransportError {
    TransportError::not_sent(Failure::new(Phase::Connect, cause))
}

/// An earlier sending may have arrived, whatever became of this one.
fn in_doubt(error: TransportError) -> TransportError {
    if error.delivery() != Delivery::NotSent {
        return error;
    }
    let (_, _, source) = error.into_parts();
    TransportError::maybe_sent(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_failure_does_not_make_an_earlier_sending_unsent() {
        assert_eq!(in_doubt(TransportError::not_sent("refused")).delivery(), Delivery::MaybeSent);
        let partial = Response::new(Body::empty());
        assert_eq!(in_doubt(TransportError::answered("cut", partial)).delivery(), Delivery::Answered);
    }

    #[test]
    fn the_longest_duration_is_a_deadline_too() {
        assert!(later(Duration::MAX) > Instant::now());
    }
}
