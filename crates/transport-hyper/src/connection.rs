//! A connection, and one request on it with the proof of what became of it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_transport::{Failure, Phase};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::counted::{Counted, Meter};
use crate::request::Outgoing;

/// A connection that carries one request at a time. Dropping it closes it.
pub(crate) struct Connection {
    requests: SendRequest<Outgoing>,
    /// Ends when the connection does.
    driver: JoinHandle<()>,
    meter: Arc<Meter>,
    opened: Instant,
    reused: bool,
}

impl Connection {
    /// Speaks HTTP/1.1 on a stream that was `opened` then, and reads heads of up to `max_head` bytes.
    pub(crate) async fn open<S>(stream: S, max_head: usize, opened: Instant) -> Result<Self, hyper::Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let meter = Arc::new(Meter::default());
        let counted = Counted::new(stream, Arc::clone(&meter));
        let (mut requests, connection) =
            http1::Builder::new().max_buf_size(max_head).handshake(TokioIo::new(counted)).await?;
        // What it fails with reaches the request that it fails, through `requests`.
        let driver = tokio::spawn(async { drop(connection.await) });
        requests.ready().await?;
        Ok(Self { requests, driver, meter, opened, reused: false })
    }

    pub(crate) fn opened(&self) -> Instant {
        self.opened
    }

    /// Whether the next request can be sent right now.
    pub(crate) fn is_ready(&self) -> bool {
        self.requests.is_ready()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.requests.is_closed()
    }

    pub(crate) fn for_reuse(self) -> Self {
        Self { reused: true, ..self }
    }

    /// Sends a request and waits for the head of its reply, or for the end of the connection.
    ///
    /// The end has to be watched: a request that is handed to hyper at the moment in which the connection ends can be
    /// left lying in between, and would be waited for for ever.
    async fn reply_to(&mut self, request: Request<Outgoing>) -> Result<Response<Incoming>, BoxError> {
        let mut reply = pin!(self.requests.send_request(request));
        let driver = &mut self.driver;
        poll_fn(|context| {
            if let Poll::Ready(outcome) = reply.as_mut().poll(context) {
                return Poll::Ready(outcome.map_err(BoxError::from));
            }
            if Pin::new(&mut *driver).poll(context).is_pending() {
                return Poll::Pending;
            }
            // Its last deed may have been the reply.
            match reply.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(outcome.map_err(BoxError::from)),
                Poll::Pending => Poll::Ready(Err("the connection ended".into())),
            }
        })
        .await
    }
}

/// No head of a reply was read.
pub(crate) struct Lost {
    failure: Failure,
    /// Nothing of the request was written, and nothing will be.
    pub(crate) unsent: bool,
    /// The connection had served before, and died before any byte of a reply to this request.
    pub(crate) connection_was_stale: bool,
}

impl From<Lost> for TransportError {
    fn from(lost: Lost) -> Self {
        if lost.unsent { Self::not_sent(lost.failure) } else { Self::maybe_sent(lost.failure) }
    }
}

/// Sends one request and waits for the head of its reply. The connection is given back with the reply only.
pub(crate) async fn exchange(
    mut connection: Connection,
    request: Request<Outgoing>,
    clock: &mut Clock<'_>,
) -> Result<(Connection, Response<Incoming>), Lost> {
    // Whatever is written from here on may be this request: no other one has the connection.
    let mark = connection.meter.mark();
    let (cause, died) = match clock.within(connection.reply_to(request)).await {
        Ok(Ok(response)) => return Ok((connection, response)),
        Ok(Err(cause)) => (cause, true),
        Err(exceeded) => (exceeded.into(), false),
    };
    let phase = if connection.meter.is_flushed_since(mark) { Phase::Wait } else { Phase::Send };
    Err(Lost {
        failure: Failure::new(phase, cause),
        unsent: connection.meter.seal_if_unwritten_since(mark),
        connection_was_stale: died && connection.reused && connection.meter.is_unread_since(mark),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::net::{Ipv4Addr, TcpListener};
    use std::task::Context;
    use std::time::Duration;

    use auth0_mfa_core::Body;
    use tokio::io::ReadBuf;
    use tokio::net::TcpStream;

    use auth0_mfa_transport::{Deadline, Origin};

    use super::*;
    use crate::clock::timer;
    use crate::request::outgoing;

    /// A peer that neither takes nor gives a byte.
    struct Mute;

    impl AsyncRead for Mute {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Mute {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Pending
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    #[test]
    fn a_request_of_which_nothing_was_taken_is_unsent() {
        runtime().block_on(async {
            for reused in [false, true] {
                let connection = Connection { reused, ..speak_http(Mute).await };
                let lost = lost(connection, Duration::from_millis(50)).await;
                assert!(lost.unsent && lost.failure.is_timeout());
            }
        });
    }

    #[test]
    fn a_request_left_lying_by_a_connection_that_ended_is_not_waited_for() {
        runtime().block_on(async {
            let mut connection = speak_http(Mute).await.for_reuse();
            connection.driver = tokio::spawn(async {});
            let lost = lost(connection, Duration::from_secs(20)).await;
            assert!(lost.unsent && lost.connection_was_stale && !lost.failure.is_timeout());
        });
    }

    /// The seal comes while hyper's task, on another thread, is about to write the request.
    #[test]
    fn a_seal_that_meets_the_write_tells_truly() {
        let runtime = runtime();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let mut told = [0; 2];
        for round in 0..4000 {
            // On this thread, so that hyper's task runs on one of the others.
            let unsent = runtime.block_on(async {
                let stream = TcpStream::connect(address).await.expect("the server listens");
                let mut connection = speak_http(stream).await;
                let meter = Arc::clone(&connection.meter);
                let mark = meter.mark();
                let mut reply = pin!(connection.reply_to(request()));
                assert!(poll_fn(|context| Poll::Ready(reply.as_mut().poll(context).is_pending())).await);
                for _ in 0..round {
                    std::hint::spin_loop();
                }
                meter.seal_if_unwritten_since(mark)
            });
            let (mut peer, _) = listener.accept().expect("the client connects");
            let mut seen = Vec::new();
            peer.read_to_end(&mut seen).expect("the client closes");
            assert!(
                !unsent || seen.is_empty(),
                "said to be not sent, but the server saw {} bytes",
                seen.len()
            );
            told[usize::from(unsent)] += 1;
        }
        println!("seal meets write: {} maybe sent, {} not sent", told[0], told[1]);
    }

    async fn speak_http<S>(stream: S) -> Connection
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        Connection::open(stream, 8192, Instant::now()).await.expect("needs no byte")
    }

    async fn lost(connection: Connection, time: Duration) -> Lost {
        let deadline = Deadline::of_call(time);
        let mut sleep = pin!(timer(deadline));
        match exchange(connection, request(), &mut Clock::new(sleep.as_mut(), deadline)).await {
            Ok(_) => panic!("nobody answers"),
            Err(lost) => lost,
        }
    }

    fn request() -> Request<Outgoing> {
        let request = Request::post("http://localhost/oauth/token").body(Body::from(b"a=b".to_vec()));
        let request = request.expect("the request is well formed");
        let origin = Origin::of(request.uri()).expect("the origin is loopback");
        outgoing(request, &origin).expect("the request is well formed")
    }

    fn runtime() -> tokio::runtime::Runtime {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime starts")
    }
}
