//! Any `tower` service that takes HTTP requests, as an async transport.
//!
//! Take it when the program has a stack of its own that calls are to go through: a client with its connector, limits,
//! metrics. Otherwise `auth0_mfa::hyper` is less work and promises more.
//!
//! # What the service must not do
//!
//! The request burns a recovery code, and its reply has the next one, once. So, before all else:
//!
//! - **No redirects.** A client that follows one takes the code and the tokens of the request where a reply says.
//! - **No retries.** What is sent twice burns two codes, and the reply of the first is lost. What a service may do is
//!   to take a fresh connection when it wrote nothing to the one that it had.
//!
//! [`RequestBody`] is neither `Clone` nor `Default`, so that the usual layers for these two do not take it. Whoever
//! turns it into another body is on their own.
//!
//! ```
//! # use auth0_mfa::tower::RequestBody;
//! fn sends<B: http_body::Body>() {}
//! sends::<RequestBody>();
//! ```
//!
//! ```compile_fail
//! # use auth0_mfa::tower::RequestBody;
//! fn sends_again<B: http_body::Body + Clone>() {}
//! sends_again::<RequestBody>();
//! ```
//!
//! The rest of the [contract](auth0_mfa_core::transport) is the service's as well:
//!
//! - **TLS** only, except to this machine, without early data (0-RTT). A domain is `https` or loopback already.
//! - **Time**: set a [deadline](TowerTransport::deadline), which is for the whole call. `tower`'s `Timeout` ends with
//!   the head of a reply, and a body without end is not bounded by it.
//! - **Content-Encoding**: none is asked for. A service that asks for one has to decode it.
//! - **A fresh connection for [`Replay::SingleUse`]**: the request says so ([`Replay::of`]), and a service can send it
//!   to a client without a pool.
//! - It logs neither bodies nor header values that are marked sensitive.
//!
//! # What is told of a request
//!
//! A service that was called may have sent the head of the request before it looks at the body, so a body that was left
//! alone proves nothing; and of a request without a body nothing can be seen at all. Hence:
//!
//! | What happens | [`Delivery`] |
//! |---|---|
//! | the service is not ready, in `poll_ready` | `NotSent` |
//! | it fails with an error for which [`not_sent_if`](TowerTransport::not_sent_if) vouches, and the body is untouched | `NotSent` |
//! | it fails in any other way, or the deadline passes before the head of a reply | `MaybeSent` |
//! | the body of the reply breaks off, is too long, or the deadline passes | `Answered`, with what was read |
//!
//! The source of the [`TransportError`] is the error of the service as it is; [`ReplyTooLong`] and [`DeadlinePassed`]
//! are ours.
//!
//! # hyper-util's client
//!
//! ```
//! use std::error::Error;
//! use std::time::Duration;
//!
//! use auth0_mfa::tower::{RequestBody, TowerTransport};
//! use hyper_util::client::legacy::{self, Client, connect::HttpConnector};
//! use hyper_util::rt::TokioExecutor;
//!
//! // A program adds TLS to the connector.
//! let mut connector = HttpConnector::new();
//! connector.set_connect_timeout(Some(Duration::from_secs(5)));
//! // Each request gets a connection of its own.
//! let client: Client<_, RequestBody> =
//!     Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
//!
//! // This client says so when it had no connection to send anything on.
//! fn no_connection(error: &(dyn Error + 'static)) -> bool {
//!     error.downcast_ref::<legacy::Error>().is_some_and(legacy::Error::is_connect)
//! }
//! let transport = TowerTransport::new(client)
//!     .deadline(|| tokio::time::sleep(Duration::from_secs(30)))
//!     .not_sent_if(no_connection);
//! # fn is_a_transport(_: impl auth0_mfa::transport::AsyncTransport) {}
//! # is_a_transport(transport);
//! ```
//!
//! # A client with requests of its own
//!
//! Any function that returns a future becomes a service by `tower::service_fn`:
//!
//! ```
//! use auth0_mfa::tower::{RequestBody, TowerTransport};
//! # #[derive(Clone)] struct YourClient;
//! # struct YourRequest;
//! # impl From<http::Request<RequestBody>> for YourRequest { fn from(_: http::Request<RequestBody>) -> Self { Self } }
//! # impl YourClient {
//! #     async fn execute(&self, _: YourRequest) -> Result<http::Response<String>, std::io::Error> {
//! #         Err(std::io::ErrorKind::Other.into())
//! #     }
//! # }
//! # let your_client = YourClient;
//!
//! let service = tower::service_fn(move |request: http::Request<RequestBody>| {
//!     let client = your_client.clone();
//!     async move { client.execute(YourRequest::from(request)).await }
//! });
//! let transport = TowerTransport::new(service);
//! # fn is_a_transport(_: impl auth0_mfa::transport::AsyncTransport) {}
//! # is_a_transport(transport);
//! ```

use std::error::Error;
use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, BoxError, TransportError};
#[cfg(doc)]
use auth0_mfa_core::{Replay, transport::Delivery};
use http::{Request, Response};
use tower_service::Service;

pub use crate::incoming::{DeadlinePassed, ReplyTooLong};
pub use crate::outgoing::RequestBody;

use crate::incoming::{MAX_REPLY_BYTES, read, within};
use crate::outgoing::{Watch, watched};

/// An [`AsyncTransport`] over a service. [What the service must not do](self#what-the-service-must-not-do) comes first.
///
/// Each call has a clone of the service for itself, and waits until that is ready. What cannot be cloned is put behind
/// `tower::buffer`. The service gets the absolute URI of a request, as clients take it.
pub struct TowerTransport<S> {
    /// Locked to be cloned only, so that the service need not be `Sync`.
    service: Mutex<S>,
    max_reply_bytes: usize,
    deadline: Option<MakeDeadline>,
    not_sent_if: fn(&(dyn Error + 'static)) -> bool,
}

type Deadline = Pin<Box<dyn Future<Output = ()> + Send>>;
type MakeDeadline = Arc<dyn Fn() -> Deadline + Send + Sync>;

impl<S> TowerTransport<S> {
    /// A transport without a deadline, whose replies have up to 256 KiB, and that takes no error for a proof.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
            max_reply_bytes: MAX_REPLY_BYTES,
            deadline: None,
            not_sent_if: |_| false,
        }
    }

    /// How many bytes the body of a reply may have. Of a longer one, what there is room for is handed over.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_bytes = bytes;
        self
    }

    /// Makes the future at whose end a call is given up, for example `|| tokio::time::sleep(Duration::from_secs(30))`.
    /// It is made when the call begins, and is for all of it; what was read of a reply by then is handed over.
    #[must_use]
    pub fn deadline<F, D>(mut self, make: F) -> Self
    where
        F: Fn() -> D + Send + Sync + 'static,
        D: Future<Output = ()> + Send + 'static,
    {
        self.deadline = Some(Arc::new(move || Box::pin(make())));
        self
    }

    /// Tells by an error of the service, as it is, that nothing was sent.
    ///
    /// Where this says `true`, it must be certain that **no byte of the request was handed to the network**, in no try
    /// and to no host, and none will be; to have no connection is such a case, if the service follows no redirects. A
    /// code that is called intact in error is typed again, and is refused. In doubt, say `false`: that only costs
    /// certainty.
    ///
    /// It is not asked when the body of the request was touched.
    #[must_use]
    pub fn not_sent_if(mut self, is_proof: fn(&(dyn Error + 'static)) -> bool) -> Self {
        self.not_sent_if = is_proof;
        self
    }

    fn failed(&self, error: BoxError, watch: &Watch) -> TransportError {
        if !watch.is_taken() && (self.not_sent_if)(error.as_ref()) {
            TransportError::not_sent(error)
        } else {
            TransportError::maybe_sent(error)
        }
    }
}

impl<S: Clone> TowerTransport<S> {
    fn service(&self) -> S {
        self.service.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl<S, B> AsyncTransport for TowerTransport<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let mut service = self.service();
        let mut deadline = pin!(self.deadline.as_ref().map_or_else(never, |make| make()));

        match within(deadline.as_mut(), poll_fn(|context| service.poll_ready(context))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(TransportError::not_sent(error)),
            Err(passed) => return Err(TransportError::not_sent(passed)),
        }
        let (request, watch) = watched(request);
        let reply = match within(deadline.as_mut(), service.call(request)).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => return Err(self.failed(error.into(), &watch)),
            Err(passed) => return Err(TransportError::maybe_sent(passed)),
        };
        read(reply, self.max_reply_bytes, deadline).await
    }
}

fn never() -> Deadline {
    Box::pin(pending())
}

impl<S: Clone> Clone for TowerTransport<S> {
    fn clone(&self) -> Self {
        Self { service: Mutex::new(self.service()), deadline: self.deadline.clone(), ..*self }
    }
}

impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport")
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("has_deadline", &self.deadline.is_some())
            .finish_non_exhaustive()
    }
}
