//! The seam to the network: two traits, and the error that says what was delivered.
//!
//! # The contract of a transport
//!
//! 1. **At most once.** No retry, no redirect. One exception: a [`Replay::Safe`](crate::Replay::Safe) request
//!    whose *reused* connection died before any byte of a reply may go once more on a fresh one (RFC 9110, 9.2.2).
//! 2. **Every status is `Ok`.** What a reply means is decided by the core, by its `error` and not by its status.
//! 3. **[`Delivery::NotSent`] is a proof**: no byte of the *request* was handed to the network stack, or the peer said
//!    that it did not process it (RFC 9113, 8.7). The kind of an error proves nothing; count what was written.
//!    [`Delivery::Answered`] when the whole head of a reply was read, and then the head and what was read of the body
//!    are handed over.
//! 4. [`Replay::SingleUse`](crate::Replay::SingleUse) requests travel on a fresh connection; the others may use a pool.
//! 5. The reply is capped, time is bounded, no content-encoding is asked for.
//! 6. TLS only, except to loopback hosts. No early data (0-RTT).
//! 7. No secret reaches a log. Header values that are marked sensitive stay marked.
//! 8. A proxy comes from an explicit setting; the environment is read only on request.
//!
//! `auth0_mfa_emulator::contract::kit` puts any transport through these lines, one scenario for each fault.
//!
//! Dropping the future of a call between sending and answer loses the reply, and with it a new recovery code: web
//! frameworks drop a handler when the browser goes away. Spawn the call as a task of its own and await that; the
//! `…_detached` methods of `auth0_mfa::AsyncClient` do, and leave the outcome to a handler when nobody waits any more.
//!
//! Runtimes whose futures are not `Send` need no trait: use [`begin`](crate::begin) and
//! [`Pending`](crate::Pending) directly.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;

use crate::Body;

/// Any error, boxed.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Sends one request and reads its reply, asynchronously. See the [contract](self).
///
/// ```
/// # use auth0_mfa_core::{Body, transport::{AsyncTransport, TransportError}};
/// struct Offline;
///
/// #[async_trait::async_trait]
/// impl AsyncTransport for Offline {
///     async fn send(&self, _: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
///         Err(TransportError::not_sent("there is no network"))
///     }
/// }
/// ```
#[async_trait]
pub trait AsyncTransport: Send + Sync {
    /// Sends `request` at most once.
    ///
    /// # Errors
    /// When no complete reply was read; the error says what was delivered and hands over what was read.
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError>;
}

/// Sends one request and reads its reply, blocking the thread. See the [contract](self).
pub trait BlockingTransport: Send + Sync {
    /// Sends `request` at most once.
    ///
    /// # Errors
    /// When no complete reply was read; the error says what was delivered and hands over what was read.
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError>;
}

/// What became of a request that got no complete reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// No byte of the request was handed to the network stack, or the peer said that it did not process it.
    NotSent,
    /// Some of the request may have arrived, and no head of a reply was read.
    MaybeSent,
    /// The whole head of a reply was read.
    Answered,
}

/// A request got no complete reply.
///
/// `Display` names the delivery; the cause is its `source()`. `Debug` leaves out the head of the reply: it sets
/// cookies.
pub struct TransportError {
    delivery: Delivery,
    partial: Option<Box<http::Response<Body>>>,
    source: BoxError,
}

impl TransportError {
    /// No byte of the request was handed to the network stack.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self { delivery: Delivery::NotSent, partial: None, source: source.into() }
    }

    /// The request, or a part of it, may have arrived.
    pub fn maybe_sent(source: impl Into<BoxError>) -> Self {
        Self { delivery: Delivery::MaybeSent, partial: None, source: source.into() }
    }

    /// The head of a reply was read, and a part of its body.
    pub fn answered(source: impl Into<BoxError>, partial: http::Response<Body>) -> Self {
        Self { delivery: Delivery::Answered, partial: Some(Box::new(partial)), source: source.into() }
    }

    /// What became of the request.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The head of the reply and what was read of its body; there with [`Delivery::Answered`] only.
    pub fn partial(&self) -> Option<&http::Response<Body>> {
        self.partial.as_deref()
    }

    /// The three parts: delivery, what was read of the reply, and the cause.
    pub fn into_parts(self) -> (Delivery, Option<http::Response<Body>>, BoxError) {
        (self.delivery, self.partial.map(|partial| *partial), self.source)
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("delivery", &self.delivery)
            .field("status", &self.partial().map(http::Response::status))
            .field("body", &self.partial().map(http::Response::body))
            .field("source", &self.source)
            .finish()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.delivery {
            Delivery::NotSent => "the request was not sent",
            Delivery::MaybeSent => "the request may have been sent, and no reply was read",
            Delivery::Answered => "the reply could not be read to its end",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

#[async_trait]
impl<T: AsyncTransport + ?Sized> AsyncTransport for Arc<T> {
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (**self).send(request).await
    }
}

#[async_trait]
impl<T: AsyncTransport + ?Sized> AsyncTransport for &T {
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (**self).send(request).await
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (**self).send(request)
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for &T {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (**self).send(request)
    }
}

/// A function as a transport; made by [`from_fn`] and [`from_blocking_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

/// An [`AsyncTransport`] from a function that returns a future.
///
/// ```
/// use auth0_mfa_core::transport::{TransportError, from_fn};
///
/// let offline = from_fn(|_request| async { Err(TransportError::not_sent("there is no network")) });
/// ```
pub fn from_fn<F, R>(send: F) -> FromFn<F>
where
    F: Fn(http::Request<Body>) -> R + Send + Sync,
    R: Future<Output = Result<http::Response<Body>, TransportError>> + Send,
{
    FromFn(send)
}

/// A [`BlockingTransport`] from a function.
///
/// ```
/// use auth0_mfa_core::transport::{TransportError, from_blocking_fn};
///
/// let offline = from_blocking_fn(|_request| Err(TransportError::not_sent("there is no network")));
/// ```
pub fn from_blocking_fn<F>(send: F) -> FromFn<F>
where
    F: Fn(http::Request<Body>) -> Result<http::Response<Body>, TransportError> + Send + Sync,
{
    FromFn(send)
}

#[async_trait]
impl<F, R> AsyncTransport for FromFn<F>
where
    F: Fn(http::Request<Body>) -> R + Send + Sync,
    R: Future<Output = Result<http::Response<Body>, TransportError>> + Send,
{
    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (self.0)(request).await
    }
}

impl<F> BlockingTransport for FromFn<F>
where
    F: Fn(http::Request<Body>) -> Result<http::Response<Body>, TransportError> + Send + Sync,
{
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        (self.0)(request)
    }
}
