//! One call, from its request to its reply.

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use auth0_mfa_core::transport::{BoxError, Delivery, TransportError};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport::{Deadline, Failure, Origin, Phase, Settings};
use http::{Request, Response};
use hyper::body::Incoming;

use crate::Runtime;
use crate::clock::{Clock, timer};
use crate::connection::{Connection, exchange};
use crate::dial::{Dialer, Progress};
use crate::pool::{Pool, Pooled};
use crate::reply;
use crate::request::{Outgoing, outgoing};

pub(crate) struct Client<R: Runtime> {
    settings: Settings,
    runtime: Arc<R>,
    dialer: Dialer,
    pool: Arc<Pool<R>>,
}

impl<R: Runtime> Client<R> {
    pub(crate) fn new(settings: Settings, runtime: R) -> Self {
        let dialer = Dialer::new(Arc::clone(&settings.tls), settings.proxies.clone());
        let pool = Arc::new(Pool::new(settings.pool));
        Self { settings, runtime: Arc::new(runtime), dialer, pool }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The call, which begins when its future is polled.
    pub(crate) fn call(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Body>, TransportError>> + Send {
        let replay = Replay::of(&request);
        // Made ready before the future is: a future that is given a whole request is large, and moves on its way to the
        // heap.
        let ready = Origin::of(request.uri()).map_err(BoxError::from).and_then(|origin| {
            let request = outgoing(request, &origin)?;
            Ok((origin, request))
        });
        async move {
            let (origin, request) = ready.map_err(refused)?;
            self.send(origin, request, replay).await
        }
    }

    async fn send(
        &self,
        origin: Origin,
        request: Box<Request<Outgoing>>,
        replay: Replay,
    ) -> Result<Response<Body>, TransportError> {
        let id = self.runtime.id().map_err(refused)?;
        let pool = if self.settings.may_reuse(replay) { Some(&self.pool) } else { None };

        let call = Deadline::of_call(self.settings.timeout);
        let mut sleep = pin!(timer(self.runtime.as_ref(), call));
        let mut clock = Clock::new(sleep.as_mut(), call);
        let mut sending = Sending { client: self, origin: &origin, call, clock: &mut clock };
        let sent = match pool.and_then(|pool| pool.take(id, &origin)) {
            Some(idle) => sending.on(idle, request, replay).await,
            None => Box::pin(sending.afresh(request)).await,
        };
        let (mut connection, response) = sent?;
        let (head, incoming) = response.into_parts();
        let (body, end) =
            reply::read(&mut connection, incoming, self.settings.max_reply_bytes, &mut clock).await;
        let reply = Response::from_parts(head, body);
        if let Err(cause) = end {
            return Err(TransportError::answered(Failure::new(Phase::Body, cause), reply));
        }
        if let (true, Some(pool)) = (connection.is_idle(), pool) {
            pool.put(&self.runtime, id, origin, connection);
        }
        Ok(reply)
    }
}

type Exchanged<R> = (Pooled<R>, Response<Incoming>);

/// A call on its way to the head of its reply.
///
/// The futures of what most calls need none of are large, and boxed where they are awaited.
struct Sending<'a, 'b, R: Runtime> {
    client: &'a Client<R>,
    origin: &'a Origin,
    call: Deadline,
    clock: &'a mut Clock<'b, R>,
}

impl<R: Runtime> Sending<'_, '_, R> {
    /// Sends on a connection that was used before. A `Safe` request goes once more, on a fresh one, when that turns out
    /// to be dead.
    async fn on(
        &mut self,
        connection: Pooled<R>,
        request: Box<Request<Outgoing>>,
        replay: Replay,
    ) -> Result<Exchanged<R>, TransportError> {
        let again = if replay == Replay::Safe { Some(request.clone()) } else { None };
        match (exchange(connection, request, self.clock).await, again) {
            (Err(lost), Some(request)) if lost.connection_was_stale => {
                let outcome = Box::pin(self.afresh(request)).await;
                outcome.map_err(|error| if lost.unsent { error } else { in_doubt(error) })
            }
            (outcome, _) => outcome.map_err(TransportError::from),
        }
    }

    async fn afresh(&mut self, request: Box<Request<Outgoing>>) -> Result<Exchanged<R>, TransportError> {
        let connection = self.connect().await?;
        self.clock.set(&self.client.runtime, self.call);
        Ok(exchange(connection, request, self.clock).await?)
    }

    async fn connect(&mut self) -> Result<Pooled<R>, TransportError> {
        let Client { settings, runtime, dialer, .. } = self.client;
        self.clock.set(runtime, self.call.for_connecting(settings.connect_timeout));
        let (opened, progress) = (Instant::now(), Progress::default());
        let connecting = async {
            let time = settings.connect_timeout;
            let stream = dialer.dial(runtime.as_ref(), self.origin, time, &progress).await?;
            Ok(Connection::open(stream, settings.max_reply_head_bytes, opened).await?)
        };
        let outcome: Result<_, BoxError> = match self.clock.within(pin!(connecting)).await {
            Ok(outcome) => outcome,
            Err(exceeded) => Err(exceeded.into()),
        };
        outcome.map_err(|cause| TransportError::not_sent(Failure::new(progress.phase(), cause)))
    }
}

fn refused(cause: impl Into<BoxError>) -> TransportError {
    TransportError::not_sent(Failure::new(Phase::Prepare, cause))
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

    /// It is made for each call, and moved to the heap.
    #[test]
    #[cfg(all(feature = "tokio", feature = "ring"))]
    fn the_future_of_a_call_is_no_larger_than_a_kilobyte() {
        let transport = crate::HyperTransport::new().expect("the defaults are sound");
        assert!(size_of_val(&transport.client.call(Request::new(Body::empty()))) <= 1024);
    }
}
