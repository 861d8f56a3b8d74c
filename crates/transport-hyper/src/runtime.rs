//! What a call needs of the runtime that it runs on.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use auth0_mfa_core::transport::BoxError;
use hyper::rt::{Read, Write};

/// The connector, the timer and the executor of a transport: what a call needs of the runtime that it runs on.
///
/// [`Tokio`](crate::Tokio) is the one that is there. Another is given to
/// [`HyperTransport::builder_on`](crate::HyperTransport::builder_on), and no runtime of tokio's need be in the process
/// then. All that is above TCP is done by the transport, on any runtime alike: proxy, TLS, HTTP, the limits of time and
/// the proof of what was sent.
///
/// # On smol
///
/// ```
#[doc = include_str!("../tests/smol/runtime.rs")]
///
/// use auth0_mfa_transport_hyper::HyperTransport;
///
/// let transport = HyperTransport::builder_on(Smol).build()?;
/// # Ok::<(), auth0_mfa_transport_hyper::ConfigError>(())
/// ```
pub trait Runtime: Send + Sync + 'static {
    /// A TCP connection. What was taken by [`poll_write`](Write::poll_write) counts as sent, and what is never taken
    /// must not be sent either; dropping it closes it.
    type Stream: Read + Write + Send + Unpin + 'static;

    /// A future that ends at a point in time.
    type Sleep: Future + Send;

    /// What tells the runtimes apart whose connections do not come on elsewhere. `()` where there is only one, or where
    /// a connection comes on wherever it is awaited.
    type Id: Copy + Eq + Send + Sync + 'static;

    /// The runtime that the caller is on. An idle connection is given to calls of the runtime that opened it only.
    ///
    /// # Errors
    /// When the caller is on none. The call is over then, as not sent.
    fn id(&self) -> io::Result<Self::Id>;

    /// The addresses of a host, those to be tried first before the others, without blocking the thread. The host is a
    /// name: an address is not asked for.
    ///
    /// # Errors
    /// When the host has no address, or nobody could be asked for it.
    fn resolve(&self, host: &str, port: u16) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;

    /// Opens a TCP connection to the first of these addresses that answers; there is one at least. `time` is what may
    /// be taken: it is to be shared out, so that an address that is dead does not use up the time of all. The call that
    /// waits for it keeps the time by itself, and can give it up.
    ///
    /// A request leaves in one piece: set `TCP_NODELAY`, so that none waits for an answer to the one before.
    ///
    /// # Errors
    /// When none of them answers. What is said becomes the source of the call's failure.
    fn connect(
        &self,
        addresses: Vec<SocketAddr>,
        time: Duration,
    ) -> impl Future<Output = Result<Self::Stream, BoxError>> + Send;

    /// Ends at this point in time, or soon after.
    fn sleep_until(&self, at: Instant) -> Self::Sleep;

    /// Runs a task that closes old idle connections. It waits on [`sleep_until`](Self::sleep_until) and on nothing
    /// else, and ends with the last of them; there is one at a time for each [`Id`](Self::Id). Where the runtime ends
    /// before, it has to drop the task: its connections are closed then.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);
}
