//! A connection, and one request on it with the proof of what became of it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_transport::{Failure, Phase};
use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Frame, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::unconstrained;

use crate::Runtime;
use crate::bell::Bell;
use crate::clock::Clock;
use crate::counted::{Counted, Meter};
use crate::request::Outgoing;

/// A connection that carries one request at a time.
///
/// It has no task of its own: hyper reads and writes while the call that has the connection looks for its reply. A call
/// that is given up can so write nothing behind its back, and needs no other thread to come on.
pub(crate) struct Connection<S: AsyncRead + AsyncWrite + Unpin> {
    /// `None` once the connection is being closed.
    requests: Option<SendRequest<Outgoing>>,
    io: Io<S>,
    ended: bool,
    bell: Arc<Bell>,
    /// Rings the bell.
    waker: Waker,
    meter: Arc<Meter>,
    opened: Instant,
    reused: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Speaks HTTP/1.1 on a stream that was `opened` then, and reads heads of up to `max_head` bytes.
    pub(crate) async fn open(stream: S, max_head: usize, opened: Instant) -> Result<Box<Self>, hyper::Error> {
        let meter = Arc::new(Meter::default());
        let counted = Counted::new(stream, Arc::clone(&meter));
        let (requests, io) = http1::Builder::new()
            .max_headers(MOST_HEADERS)
            .max_buf_size(max_head)
            .handshake(TokioIo::new(counted))
            .await?;
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let requests = Some(requests);
        // Large, and it moves from the pool to the call and back.
        Ok(Box::new(Self { requests, io, ended: false, bell, waker, meter, opened, reused: false }))
    }

    pub(crate) fn opened(&self) -> Instant {
        self.opened
    }

    pub(crate) fn for_reuse(mut self: Box<Self>) -> Box<Self> {
        self.reused = true;
        self
    }

    /// Whether the last request is over, as far as is known: the next one can be sent, or the connection be closed in
    /// good order.
    pub(crate) fn is_idle(&mut self) -> bool {
        self.is_ready() || self.is_still_idle()
    }

    /// The same after a look at what came in meanwhile: the peer may have closed.
    pub(crate) fn is_still_idle(&mut self) -> bool {
        self.drive();
        self.is_ready()
    }

    fn is_ready(&self) -> bool {
        !self.ended && self.requests.as_ref().is_some_and(SendRequest::is_ready)
    }

    /// Sends a request and waits for the head of its reply, or for the end of the connection.
    async fn head(&mut self, request: Box<Request<Outgoing>>) -> Result<Response<Incoming>, BoxError> {
        let requests = self.requests.as_mut().ok_or(ENDED)?;
        let mut reply = Box::pin(unconstrained(requests.send_request(*request)));
        let reply = self.driven(|| reply.as_mut().poll(&mut asleep())).await.ok_or(ENDED)?;
        Ok(reply?)
    }

    /// The next piece of the body of a reply on this connection.
    pub(crate) async fn frame(&mut self, body: &mut Incoming) -> Option<Result<Frame<Bytes>, BoxError>> {
        let mut look = || Pin::new(&mut *body).poll_frame(&mut asleep());
        // To look for a piece is to ask for it.
        let frame = match look() {
            Poll::Ready(frame) => frame,
            Poll::Pending => match self.driven(look).await {
                Some(frame) => frame,
                None => return Some(Err(ENDED.into())),
            },
        };
        frame.map(|frame| frame.map_err(BoxError::from))
    }

    /// Drives the connection until there is something to be seen, or nothing can come any more.
    async fn driven<T>(&mut self, mut look: impl FnMut() -> Poll<T>) -> Option<T> {
        let seen = poll_fn(|context| {
            self.bell.wait(context);
            self.drive();
            match look() {
                Poll::Pending if self.ended => Poll::Ready(None),
                seen => seen.map(Some),
            }
        });
        let seen = seen.await;
        self.bell.mute();
        seen
    }

    /// Lets hyper read and write. What it fails with reaches the request or the body that it fails.
    fn drive(&mut self) {
        let mut context = Context::from_waker(&self.waker);
        // Without the budget that tokio has for its tasks: where it was used up, what is there would seem not to be.
        let mut io = unconstrained(&mut self.io);
        self.ended = self.ended || Pin::new(&mut io).poll(&mut context).is_ready();
    }
}

type Io<S> = http1::Connection<TokioIo<Counted<S>>, Outgoing>;

/// How many headers a reply may have: as many as transport-ureq takes, and more than hyper does by itself.
const MOST_HEADERS: usize = 128;

const ENDED: &str = "the connection ended";

/// For what is looked at after each [`Connection::drive`], and so need not wake anybody.
fn asleep() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

impl<S: AsyncRead + AsyncWrite + Unpin> Drop for Connection<S> {
    /// Closes an idle connection in good order, as TLS wants it. One in the midst of a request is cut off.
    fn drop(&mut self) {
        if self.is_ready() {
            self.requests = None;
            self.drive();
        }
    }
}

/// No head of a reply was read.
pub(crate) struct Lost {
    failure: Failure,
    /// Nothing of the request was written.
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
pub(crate) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Box<Connection<S>>,
    request: Box<Request<Outgoing>>,
    clock: &mut Clock<'_, impl Runtime>,
) -> Result<(Box<Connection<S>>, Response<Incoming>), Lost> {
    // Whatever is written from here on may be this request: no other one has the connection.
    let mark = connection.meter.mark();
    let head = clock.within(pin!(connection.head(request))).await;
    let (cause, died) = match head {
        Ok(Ok(response)) => return Ok((connection, response)),
        Ok(Err(cause)) => (cause, true),
        Err(exceeded) => (exceeded.into(), false),
    };
    let phase = if connection.meter.is_flushed_since(mark) { Phase::Wait } else { Phase::Send };
    Err(Lost {
        failure: Failure::new(phase, cause),
        unsent: connection.meter.is_unwritten_since(mark),
        connection_was_stale: died && connection.reused && connection.meter.is_unread_since(mark),
    })
}

#[cfg(test)]
#[cfg(feature = "tokio")]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use auth0_mfa_core::Body;
    use auth0_mfa_transport::{Deadline, Origin};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadBuf, duplex};

    use super::*;
    use crate::Tokio;
    use crate::clock::timer;
    use crate::request::outgoing;

    /// A peer that neither takes nor gives a byte, and counts how often it was asked to take some.
    #[derive(Clone, Default)]
    struct Mute(Arc<AtomicUsize>);

    impl AsyncRead for Mute {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Mute {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            self.0.fetch_add(1, Ordering::Relaxed);
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
    fn a_request_of_which_nothing_was_taken_is_unsent_and_not_tried_again() {
        runtime().block_on(async {
            for reused in [false, true] {
                let peer = Mute::default();
                let mut connection = speak_http(peer.clone()).await;
                connection.reused = reused;
                let (Lost { failure, unsent, .. }, asked) =
                    (lost(connection, Duration::from_millis(50)).await, peer.0.load(Ordering::Relaxed));
                assert!(unsent && failure.is_timeout());
                assert!(asked > 0, "the request was not begun");
                tokio::task::yield_now().await;
                assert_eq!(peer.0.load(Ordering::Relaxed), asked);
            }
        });
    }

    #[test]
    fn a_request_on_a_connection_that_ended_is_not_waited_for() {
        runtime().block_on(async {
            let (stream, peer) = duplex(8192);
            let mut connection = speak_http(stream).await.for_reuse();
            assert!(connection.is_idle());
            drop(peer);
            assert!(!connection.is_still_idle());
            let lost = lost(connection, Duration::from_secs(20)).await;
            assert!(lost.unsent && lost.connection_was_stale && !lost.failure.is_timeout());
        });
    }

    #[test]
    fn a_connection_whose_peer_said_something_unasked_is_not_used_again() {
        runtime().block_on(async {
            let (stream, mut peer) = duplex(8192);
            let mut connection = speak_http(stream).await.for_reuse();
            assert!(connection.is_idle());
            peer.write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n").await.expect("there is room");
            assert!(!connection.is_still_idle());
        });
    }

    #[test]
    fn an_idle_connection_is_closed_in_good_order_and_one_in_the_midst_of_a_request_is_cut_off() {
        runtime().block_on(async {
            let (stream, mut peer) = duplex(16);
            let mut connection = speak_http(stream).await;
            let mut reply = Box::pin(connection.head(request()));
            assert!(poll_fn(|context| Poll::Ready(reply.as_mut().poll(context).is_pending())).await);
            drop(reply);
            drop(connection);
            let mut seen = Vec::new();
            peer.read_to_end(&mut seen).await.expect("the stream ended");
            assert_eq!(seen.len(), 16, "more was written than there was room for");

            let shut = Arc::new(AtomicUsize::new(0));
            let mut connection = speak_http(Idle(Arc::clone(&shut))).await;
            assert!(connection.is_idle());
            drop(connection);
            assert_eq!(shut.load(Ordering::Relaxed), 1);
        });
    }

    /// A peer that says nothing, and counts how often the stream was shut down.
    struct Idle(Arc<AtomicUsize>);

    impl AsyncRead for Idle {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Idle {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            panic!("there is nothing to write")
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(Ok(()))
        }
    }

    async fn speak_http<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Box<Connection<S>> {
        Connection::open(stream, 8192, Instant::now()).await.expect("needs no byte")
    }

    async fn lost<S: AsyncRead + AsyncWrite + Unpin>(connection: Box<Connection<S>>, time: Duration) -> Lost {
        let deadline = Deadline::of_call(time);
        let sleep = pin!(timer(&Tokio, deadline));
        match exchange(connection, request(), &mut Clock::<Tokio>::new(sleep, deadline)).await {
            Ok(_) => panic!("nobody answers"),
            Err(lost) => lost,
        }
    }

    fn request() -> Box<Request<Outgoing>> {
        let request = Request::post("http://localhost/oauth/token").body(Body::from(b"a=b".to_vec()));
        let request = request.expect("the request is well formed");
        let origin = Origin::of(request.uri()).expect("the origin is loopback");
        outgoing(request, &origin).expect("the request is well formed")
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts")
    }
}
