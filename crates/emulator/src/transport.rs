//! The tenant as a transport: no socket, no runtime, no waiting.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError};

use crate::hosted::Hosted;
use crate::{Clock, Served, Tenant, Timestamp};

/// A tenant that the clients of this library call directly, both the async ones and the blocking ones. The domain of a
/// request does not matter. Clones are the same tenant.
///
/// Faults that are planned become what a transport on a socket would say of them. Nothing waits: a reply that is
/// delayed puts the clock forward, and one that never comes is a time-out at once.
///
/// ```
/// use auth0_mfa_core::transport::BlockingTransport;
/// use auth0_mfa_core::{Application, CallOptions, ClientAuth, ClientId, Domain, Password, PasswordGrant, begin};
/// use auth0_mfa_emulator::{Config, EmulatorTransport, Tenant};
///
/// let transport = EmulatorTransport::new(Tenant::new(Config::default(), 1)?);
/// let domain = Domain::parse("tenant.example.com")?;
/// let application = Application::new(domain, ClientId::parse("public-app")?, ClientAuth::None);
/// let login = PasswordGrant::new("alice@example.com", Password::new("fake-password-alice"));
/// let (request, _pending) = begin(login, &application, CallOptions::default());
/// assert_eq!(BlockingTransport::send(&transport, request)?.status(), 403); // mfa_required
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EmulatorTransport(Arc<Hosted>);

impl EmulatorTransport {
    /// This tenant, by the system's clock.
    pub fn new(tenant: Tenant) -> Self {
        Self::with_clock(tenant, Clock::system())
    }

    /// This tenant, by a clock of yours.
    pub fn with_clock(tenant: Tenant, clock: Clock) -> Self {
        Self(Arc::new(Hosted::new(tenant, clock)))
    }

    /// Looks at the tenant, or changes it, at the time that its clock shows. Calls wait meanwhile.
    pub fn with_tenant<R>(&self, f: impl FnOnce(&mut Tenant, Timestamp) -> R) -> R {
        self.0.with_tenant(f)
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &Clock {
        self.0.clock()
    }

    fn exchange(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        let request = http::Request::from_parts(head, body.expose());
        match self.with_tenant(|tenant, now| tenant.serve(&request, now)) {
            Served::Reply { reply, after } => {
                self.clock().advance(after);
                Ok(reply)
            }
            Served::CutReply { reply, bytes } => {
                Err(TransportError::answered("the connection ended within the reply", cut(reply, bytes)))
            }
            Served::Dropped => Err(TransportError::maybe_sent("the connection ended without a reply")),
            Served::Stalled => Err(TransportError::maybe_sent("no reply came in time")),
        }
    }
}

fn cut(reply: http::Response<Body>, bytes: usize) -> http::Response<Body> {
    reply.map(|body| {
        let mut begun = Body::with_capacity(bytes);
        begun.append(body.expose().get(..bytes).unwrap_or_default());
        begun
    })
}

impl BlockingTransport for EmulatorTransport {
    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        self.exchange(request)
    }
}

impl AsyncTransport for EmulatorTransport {
    // What `async_trait` would write; the future is ready at once.
    fn send<'transport, 'future>(
        &'transport self,
        request: http::Request<Body>,
    ) -> Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'future>>
    where
        'transport: 'future,
        Self: 'future,
    {
        // Within the future: one that is dropped before it was polled has sent nothing.
        Box::pin(async move { self.exchange(request) })
    }
}

impl fmt::Debug for EmulatorTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorTransport").field("clock", self.clock()).finish_non_exhaustive()
    }
}
