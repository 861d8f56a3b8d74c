//! The tenant as a transport: no socket, no runtime, no waiting.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError};
use auth0_mfa_core::{Application, Body, ClientAuth, ClientId, Domain, InvalidValue, RecoveryCode};

use crate::hosted::Hosted;
use crate::{Clock, Config, ConfigError, FaultRule, Served, Tenant, Timestamp, recovery};

/// A domain that nobody has (RFC 6761): no request for it leaves the program.
const DOMAIN: &str = "tenant.test";

/// A tenant that the clients of this library call directly, both the async ones and the blocking ones. The domain of a
/// request does not matter. Clones are the same tenant.
///
/// Faults that are planned become what a transport on a socket would say of them. Nothing waits: a reply that is
/// delayed puts the clock forward, and one that never comes is a time-out at once.
///
/// ```
/// use auth0_mfa_core::transport::BlockingTransport;
/// use auth0_mfa_core::{CallOptions, Password, PasswordGrant, begin};
/// use auth0_mfa_emulator::EmulatorTransport;
///
/// let transport = EmulatorTransport::demo()?;
/// let application = transport.application("public-app")?;
/// let login = PasswordGrant::new("alice@example.com", Password::new("fake-password-alice"));
/// let (request, _pending) = begin(login, &application, CallOptions::default());
/// assert_eq!(BlockingTransport::send(&transport, request)?.status(), 403); // mfa_required
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EmulatorTransport(Arc<Hosted>);

impl EmulatorTransport {
    /// The tenant for demonstrations ([`Config::default`]), by the system's clock.
    ///
    /// # Errors
    /// As [`Tenant::new`]; of this tenant, never.
    pub fn demo() -> Result<Self, ConfigError> {
        Tenant::new(Config::default(), 0).map(Self::new)
    }

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

    /// An application for a client of this library, at the domain `tenant.test`: with its secret, when the tenant knows
    /// one. The tenant refuses an application that it does not know.
    ///
    /// # Errors
    /// When the text can be no `client_id`.
    pub fn application(&self, client_id: &str) -> Result<Application, InvalidValue> {
        let secret = self.with_tenant(|tenant, _| tenant.application(client_id)?.client_secret.clone());
        let auth = secret.map_or(ClientAuth::None, ClientAuth::SecretPost);
        Ok(Application::new(Domain::parse(DOMAIN)?, ClientId::parse(client_id)?, auth))
    }

    /// The recovery code of a user that is good now; see [`User::recovery_code`](crate::User::recovery_code).
    pub fn recovery_code(&self, user: &str) -> Option<RecoveryCode> {
        self.with_tenant(|tenant, _| tenant.user(user)?.recovery_code().map(recovery::copy))
    }

    /// Plans a fault beside those that are planned; see [`FaultPlan::add`](crate::FaultPlan::add).
    pub fn plan(&self, rule: FaultRule) {
        self.with_tenant(|tenant, _| tenant.faults_mut().add(rule));
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
