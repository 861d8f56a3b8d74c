//! A `reqwest` client (0.13) as an async transport.
//!
//! Take it when the program has reqwest with its proxies, roots and TLS set up as they have to be. Otherwise
//! `auth0_mfa::hyper` is less work and promises more. A client of another version of reqwest goes behind
//! `auth0_mfa::tower`, with a function.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use auth0_mfa::reqwest::ReqwestTransport;
//!
//! # fn example() -> Result<(), reqwest::Error> {
//! let settings = reqwest::Client::builder().connect_timeout(Duration::from_secs(5));
//! let transport = ReqwestTransport::from_builder(settings)?;
//! # Ok(())
//! # }
//! ```
//!
//! # What the client must not do
//!
//! The request burns a recovery code, and its reply has the next one, once. So, before all else, a client must not
//! **follow redirects**, which is what reqwest does unless it is told otherwise: it takes the request where a reply
//! says. And a request that burns a code belongs on a connection of its own.
//! [`from_builder`](ReqwestTransport::from_builder) sees to all of this:
//!
//! | | `from_builder` | `from_client` |
//! |---|---|---|
//! | redirects | off | **turn them off**: one that was followed is an error, [`RedirectFollowed`] |
//! | retries | off | none either: the body that is sent cannot be sent again |
//! | each request on a connection of its own | yes | turn off the pool: `pool_max_idle_per_host(0)` |
//! | proxy | those that are set; not that of the environment | turn that off: `no_proxy()` |
//! | log of what is sent | off | leave it off: `connection_verbose` writes every request and reply, at `trace` |
//! | content-encoding | none is asked for | what the client asks for, it decodes |
//! | cookies, default headers | as they are set; both go to the tenant | the same |
//! | time | [`timeout`](ReqwestTransport::timeout), 30 s for the whole call | the same |
//! | a failure to connect is `NotSent` | yes | if the redirects [are off](ReqwestTransport::redirects_are_off) |
//!
//! TLS is the client's, and so are its roots: a feature of reqwest brings it, and none is turned on from here. Domains
//! are `https` or loopback.
//!
//! # What is told of a request
//!
//! [`Delivery::NotSent`] when no connection was made, as far as that is a proof, and [`Delivery::MaybeSent`] for all
//! that happens from then to the head of a reply, and when time runs out. [`Delivery::Answered`] with what was read, as
//! soon as the head is there.
//!
//! reqwest refuses a reply with more than 100 headers, and nothing of it is seen.
//!
//! The source of the [`TransportError`] is reqwest's error without its URL; [`RedirectFollowed`] and [`ReplyTooLong`]
//! are ours. Calls need a tokio runtime with I/O and time enabled; outside of one, reqwest panics.

use std::error::Error;
use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use ::reqwest::{Client, ClientBuilder, Proxy, Url, redirect, retry};
use async_trait::async_trait;
use auth0_mfa_core::Body;
#[cfg(doc)]
use auth0_mfa_core::transport::Delivery;
use auth0_mfa_core::transport::{AsyncTransport, TransportError};
use http::{Request, Response};

pub use crate::incoming::ReplyTooLong;

use crate::incoming::{MAX_REPLY_BYTES, read};
use crate::outgoing::{Watch, watched};

/// An [`AsyncTransport`] over a client of reqwest.
/// [What the client must not do](self#what-the-client-must-not-do) comes first.
///
/// Clones are cheap.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: Client,
    timeout: Duration,
    max_reply_bytes: usize,
    redirects_are_off: bool,
}

impl ReqwestTransport {
    /// A transport over a client with these settings, but without redirects, retries, a pool, content-encodings, the
    /// proxy of the environment and a log of what is sent.
    ///
    /// # Errors
    /// When reqwest cannot build the client.
    pub fn from_builder(settings: ClientBuilder) -> Result<Self, ::reqwest::Error> {
        // That of the environment is looked for as long as none is set. This one is for no host.
        let no_more_proxies = Proxy::custom(|_| None::<Url>);
        let client = settings
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .connection_verbose(false)
            .pool_max_idle_per_host(0)
            .proxy(no_more_proxies)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .build()?;
        Ok(Self::from_client(client).redirects_are_off())
    }

    /// A transport over a client that is there already. Nothing can be asked of it: the
    /// [table](self#what-the-client-must-not-do) tells how it has to be set.
    pub fn from_client(client: Client) -> Self {
        Self {
            client,
            timeout: Duration::from_secs(30),
            max_reply_bytes: MAX_REPLY_BYTES,
            redirects_are_off: false,
        }
    }

    /// Promises that the client follows no redirect. A failure to connect then proves that nothing was sent.
    ///
    /// With redirects, it may be that of a second request, and a code is called intact that was sent.
    #[must_use]
    pub fn redirects_are_off(mut self) -> Self {
        self.redirects_are_off = true;
        self
    }

    /// How long a whole call may take. It takes the place of the client's own timeout.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes the body of a reply may have. Of a longer one, what there is room for is handed over.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_bytes = bytes;
        self
    }

    fn failed(&self, error: ::reqwest::Error, watch: &Watch) -> TransportError {
        let is_proof = self.redirects_are_off && error.is_connect() && !watch.is_taken();
        let error = error.without_url();
        if is_proof { TransportError::not_sent(error) } else { TransportError::maybe_sent(error) }
    }
}

#[async_trait]
impl AsyncTransport for ReqwestTransport {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let (request, watch) = watched(request);
        // A wrapped body cannot be cloned: neither a retry nor a redirect sends it a second time.
        let mut request = ::reqwest::Request::try_from(request.map(::reqwest::Body::wrap))
            .map_err(|error| TransportError::not_sent(error.without_url()))?;
        *request.timeout_mut() = Some(self.timeout);
        let asked = request.url().clone();

        let reply = self.client.execute(request).await.map_err(|error| self.failed(error, &watch))?;
        let answered = reply.url().clone();
        let reply = read(Response::from(reply), self.max_reply_bytes, pin!(pending())).await;
        if answered == asked { reply } else { Err(redirected(answered, reply)) }
    }
}

/// What was asked got no reply that could be seen. Nobody may take the other's for it.
fn redirected(url: Url, reply: Result<Response<Body>, TransportError>) -> TransportError {
    let reply = reply.map_or_else(|error| error.into_parts().1, Some);
    TransportError::maybe_sent(RedirectFollowed { url, reply })
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport")
            .field("timeout", &self.timeout)
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("redirects_are_off", &self.redirects_are_off)
            .finish_non_exhaustive()
    }
}

/// The client followed a redirect, which it must not: the `source()` of a [`TransportError`].
///
/// The request was answered by the redirect, which nobody has seen, and by what stands at the other place, which is
/// here: it may be that the request was done there, and a new code is in it. One that leads back to the very same URL
/// is not noticed.
pub struct RedirectFollowed {
    url: Url,
    reply: Option<Response<Body>>,
}

impl RedirectFollowed {
    /// Where it led to.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What was read of the reply there.
    pub fn reply(&self) -> Option<&Response<Body>> {
        self.reply.as_ref()
    }
}

impl fmt::Debug for RedirectFollowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedirectFollowed")
            .field("status", &self.reply.as_ref().map(Response::status))
            .field("body", &self.reply.as_ref().map(Response::body))
            .finish_non_exhaustive()
    }
}

impl fmt::Display for RedirectFollowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client followed a redirect, which it must not")
    }
}

impl Error for RedirectFollowed {}
