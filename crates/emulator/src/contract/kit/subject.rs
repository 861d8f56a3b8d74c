//! What is examined: a transport, made anew for each round.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError};

/// What came of a request, in the words of core's seam.
pub type Sent = Result<http::Response<Body>, TransportError>;

/// What a scenario asks of the transport that it is given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Terms {
    /// The authority to trust, as PEM, when the scenario is one of TLS.
    pub authority_pem: Option<String>,
    /// The client's certificate and its key, as PEM, where the server wants one and is to get it.
    pub client_pem: Option<String>,
    /// How long opening a connection may take.
    pub connect_timeout: Duration,
    /// How long a whole call may take.
    pub timeout: Duration,
    /// How many bytes the body of a reply may have.
    pub max_reply_bytes: usize,
}

impl Default for Terms {
    fn default() -> Self {
        let patience = Duration::from_secs(20);
        Self {
            authority_pem: None,
            client_pem: None,
            connect_timeout: patience,
            timeout: patience,
            max_reply_bytes: 256 * 1024,
        }
    }
}

/// Something that a transport may be without. Scenarios that need it are then "not offered", which is not "passed".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ability {
    /// It speaks TLS, and trusts the authority of the [`Terms`].
    Tls,
    /// It shows the client's certificate of the [`Terms`] to a server that wants one.
    ClientCertificate,
    /// It keeps the time limits of the [`Terms`].
    TimeLimits,
    /// It takes as many bytes of body as the [`Terms`] say, and not one more. (Without it, it still has a cap.)
    ReplyCap,
    /// It reads replies with up to 128 headers. (hyper reads 100 unless it is told otherwise.)
    ManyHeaders,
    /// It keeps connections, and uses them again for what is not [`SingleUse`](auth0_mfa_core::Replay::SingleUse).
    Pool,
    /// It reads replies in chunks.
    Chunks,
    /// It reads replies whose end is that of their connection.
    RepliesWithoutLength,
    /// It passes over 1xx replies.
    InterimReplies,
}

type Make = Box<dyn Fn(&Terms) -> Box<dyn FnMut(http::Request<Body>) -> Sent> + Send + Sync>;

/// A transport to examine: how it is made, and what it is without.
pub struct Subject {
    name: String,
    make: Make,
    lacks: Vec<Ability>,
}

impl Subject {
    /// `make` is called for each round, some of them at the same time on several threads. What it makes sends one
    /// request after the other; it is dropped before the server is asked what it saw.
    pub fn new<F, S>(name: impl Into<String>, make: F) -> Self
    where
        F: Fn(&Terms) -> S + Send + Sync + 'static,
        S: FnMut(http::Request<Body>) -> Sent + 'static,
    {
        Self { name: name.into(), make: Box::new(move |terms| Box::new(make(terms))), lacks: Vec::new() }
    }

    /// Says that the transport does not offer something.
    #[must_use]
    pub fn without(mut self, ability: Ability) -> Self {
        self.lacks.push(ability);
        self
    }

    /// Its name in the report.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first of `needs` that it is without.
    pub(super) fn lacks(&self, needs: &[Ability]) -> Option<Ability> {
        needs.iter().find(|need| self.lacks.contains(need)).copied()
    }

    pub(super) fn make(&self, terms: &Terms) -> Box<dyn FnMut(http::Request<Body>) -> Sent> {
        (self.make)(terms)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("name", &self.name)
            .field("lacks", &self.lacks)
            .finish_non_exhaustive()
    }
}

/// A blocking transport, for [`Subject::new`].
pub fn blocking(transport: impl BlockingTransport + 'static) -> impl FnMut(http::Request<Body>) -> Sent {
    move |request| transport.send(request)
}

/// An asynchronous transport, for [`Subject::new`]; `block_on` runs a future on the runtime that it needs, for example
/// `move |future| runtime.block_on(future)`.
pub fn asynchronous<B>(
    transport: impl AsyncTransport + 'static,
    mut block_on: B,
) -> impl FnMut(http::Request<Body>) -> Sent
where
    B: FnMut(Pin<Box<dyn Future<Output = Sent> + Send + '_>>) -> Sent,
{
    move |request| block_on(transport.send(request))
}
