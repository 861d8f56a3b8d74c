//! The asynchronous transport of auth0-mfa, on hyper and rustls; on tokio, or on any other
//! [runtime](self#without-tokio).
//!
//! ```no_run
//! use auth0_mfa_transport_hyper::HyperTransport;
//!
//! let transport = HyperTransport::new()?;
//! # Ok::<(), auth0_mfa_transport_hyper::ConfigError>(())
//! ```
//!
//! # Dropping a call loses the reply
//!
//! A request that was sent is not taken back by dropping its future: the server acts on it, and its reply, with a new
//! recovery code perhaps, is thrown away. Web frameworks drop a handler when the browser goes away. Run the call as a
//! task of its own and await that:
//!
//! ```
//! # async fn handler(transport: auth0_mfa_transport_hyper::HyperTransport, request: http::Request<auth0_mfa_core::Body>) {
//! use auth0_mfa_core::transport::AsyncTransport;
//!
//! // The task runs to its end, and stores the reply, even when whoever awaits it is dropped.
//! let call = tokio::spawn(async move { transport.send(request).await });
//! let reply = call.await;
//! # }
//! ```
//!
//! # What it promises
//!
//! It keeps the [contract](auth0_mfa_core::transport) of all transports. What that means here:
//!
//! - **At most once.** No retry, no redirect. The one exception is a [`Replay::Safe`] request whose *reused* connection
//!   died before any byte of a reply: it goes once more, on a fresh connection.
//! - **[`Delivery::NotSent`] is proved, not guessed.** Each connection counts what was written to it above TLS. When a
//!   call fails and nothing was written since it got its connection, the request counts as not sent. Nothing is written
//!   later: a connection has no task of its own, and comes on only while its call is awaited. Kinds of errors are not
//!   looked at.
//! - **[`Delivery::Answered`]** as soon as the head of a reply was read; the head and what was read of the body are
//!   in the error.
//! - **Every status is `Ok`.**
//! - [`Replay::SingleUse`] requests (and those that do not say) travel on a fresh connection; its TLS session may be
//!   resumed. The others use a pool of idle connections.
//! - HTTP/1.1 only. No content-encoding is asked for, no cookie is kept.
//! - An HTTP proxy is used when one is [set](Builder::proxy), by CONNECT, so that it sees host and port and nothing
//!   else; the environment is read [on request](Builder::proxy_from_environment) only.
//! - TLS 1.2 and 1.3 without early data (0-RTT). Plain `http` to loopback hosts only: any other is refused before a
//!   name is resolved, and `localhost` is this machine whatever a hosts file says.
//! - **Time is bounded** by one timer a call: 5 s to connect, 30 s in all unless [set](Builder) otherwise.
//!
//! [`Builder`] lists all settings and their defaults.
//!
//! # Runtime
//!
//! Calls need a tokio runtime with I/O and time enabled (`enable_all`), on any number of threads. Outside of a runtime
//! a call fails as not sent; on a runtime without I/O or time tokio panics. A transport can serve several runtimes:
//! each has idle connections of its own, which are closed when it ends.
//!
//! # Without tokio
//!
//! Executor, timer and connector are one parameter, a [`Runtime`]; [`Tokio`] is its default. On any other one, such as
//! smol, no runtime of tokio's need be in the process, and the promises are the same.
//! [`HyperTransport::builder_on`] takes it; [`Runtime`] shows the whole of it for smol. Without the feature `tokio`
//! there is no default; hyper-rustls and hyper-util bring tokio along then too, and nothing of it runs.
//!
//! # Features
//!
//! | Feature | |
//! |---|---|
//! | `tokio` (default) | [`Tokio`], and with it [`HyperTransport::new`] and [`HyperTransport::builder`] |
//! | `ring` (default) | [`crypto::ring`], which is used when no provider is given |
//! | `aws-lc-rs` | [`crypto::aws_lc_rs`], which is used when no provider is given and `ring` is off |
//! | `platform-verifier` | `Builder::platform_verifier`: trust in what the operating system trusts |
//!
//! # Errors
//!
//! The source of a [`TransportError`] is a [`Failure`]: it names the [`Phase`] in which the call ended, and its own
//! source is the cause, for example an [`Exceeded`] limit or the [`NoTunnel`] of a proxy.
//!
//! # Secrets
//!
//! Nothing is logged by this crate. hyper and rustls log nothing unless their logging features are turned on. Bodies
//! are wiped when they are dropped; buffers of hyper, rustls and the kernel cannot be.

mod bell;
mod client;
mod clock;
mod connection;
mod counted;
mod dial;
#[cfg(feature = "tokio")]
mod on_tokio;
mod pool;
mod reply;
mod request;
mod runtime;
mod stream;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, TransportError};
#[cfg(doc)]
use auth0_mfa_core::{Replay, transport::Delivery};

pub use auth0_mfa_transport::proxy::NoTunnel;
pub use auth0_mfa_transport::{ConfigError, Exceeded, Failure, Phase, crypto};

#[cfg(feature = "tokio")]
pub use on_tokio::{Tokio, TokioStream};
pub use runtime::Runtime;

use client::Client;

/// Settings of a [`HyperTransport`], with their defaults.
#[cfg(feature = "tokio")]
pub type Builder<R = Tokio> = auth0_mfa_transport::Builder<HyperTransport<R>>;
/// Settings of a [`HyperTransport`], with their defaults.
#[cfg(not(feature = "tokio"))]
pub type Builder<R> = auth0_mfa_transport::Builder<HyperTransport<R>>;

/// An [`AsyncTransport`] over TCP and TLS. See the [crate](self) for its defaults and promises.
///
/// Clones are cheap and share idle connections and TLS sessions.
#[cfg(feature = "tokio")]
pub struct HyperTransport<R: Runtime = Tokio> {
    client: Arc<Client<R>>,
}
/// An [`AsyncTransport`] over TCP and TLS. See the [crate](self) for its defaults and promises.
///
/// Clones are cheap and share idle connections and TLS sessions.
#[cfg(not(feature = "tokio"))]
pub struct HyperTransport<R: Runtime> {
    client: Arc<Client<R>>,
}

#[cfg(feature = "tokio")]
impl HyperTransport {
    /// A transport with the defaults of [`Builder`].
    ///
    /// # Errors
    /// When there is no crypto provider: with neither the feature `ring` nor `aws-lc-rs`.
    pub fn new() -> Result<Self, ConfigError> {
        Self::builder().build()
    }

    /// The settings of a transport, to be changed before it is built.
    pub fn builder() -> Builder {
        Self::builder_on(Tokio)
    }
}

impl<R: Runtime> HyperTransport<R> {
    /// The settings of a transport whose calls are awaited on this runtime: another one than tokio's.
    pub fn builder_on(runtime: R) -> Builder<R> {
        Builder::new(|settings| Self { client: Arc::new(Client::new(settings, runtime)) })
    }
}

impl<R: Runtime> AsyncTransport for HyperTransport<R> {
    // What `async_trait` would write, without a future around the future.
    fn send<'transport, 'future>(
        &'transport self,
        request: http::Request<Body>,
    ) -> Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'future>>
    where
        'transport: 'future,
        Self: 'future,
    {
        Box::pin(self.client.call(request))
    }
}

impl<R: Runtime> Clone for HyperTransport<R> {
    fn clone(&self) -> Self {
        Self { client: Arc::clone(&self.client) }
    }
}

impl<R: Runtime> fmt::Debug for HyperTransport<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").field("settings", self.client.settings()).finish_non_exhaustive()
    }
}
