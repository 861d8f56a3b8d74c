//! The settings of a transport.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use ureq::config::{AutoHeaderValue, Config};

use crate::dial::Dialer;
use crate::error::ConfigError;
use crate::lane::Lanes;
use crate::{Shared, UreqTransport, buffers, tls};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Settings of a [`UreqTransport`], made by [`UreqTransport::builder`].
#[must_use]
pub struct Builder {
    limits: Limits,
    provider: Option<Arc<CryptoProvider>>,
    roots: RootCertStore,
    webpki_roots: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) call: Duration,
    pub(crate) pool_idle: Duration,
    pub(crate) max_reply_bytes: usize,
}

impl Default for Builder {
    fn default() -> Self {
        let limits = Limits {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(30),
            pool_idle: Duration::from_secs(15),
            max_reply_bytes: 256 * 1024,
        };
        Self { limits, provider: None, roots: RootCertStore::empty(), webpki_roots: true }
    }
}

impl Builder {
    /// How long opening a connection may take: looking up the name, TCP and TLS together. 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// How long a call may take, from its start to the last byte of the reply. 30 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.call = timeout;
        self
    }

    /// How many bytes the body of a reply may have. 256 KiB unless set.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.limits.max_reply_bytes = bytes;
        self
    }

    /// How long a connection may lie idle and still be used again; zero means that none is. 15 s unless set.
    ///
    /// No thread watches the idle connections: those that lay for longer are closed when the next call looks for one,
    /// or when the transport is dropped. There are eight of them at most.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.pool_idle = timeout;
        self
    }

    /// Trusts the root certificates in `pem` too.
    ///
    /// # Errors
    /// When `pem` has no certificate, or one that cannot be read.
    pub fn add_root_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        tls::add_pem(&mut self.roots, pem)?;
        Ok(self)
    }

    /// Trusts none of the roots of `webpki-roots`, only those that were added.
    pub fn without_webpki_roots(mut self) -> Self {
        self.webpki_roots = false;
        self
    }

    /// Uses another crypto provider than `ring`.
    pub fn crypto_provider(mut self, provider: Arc<CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Makes the transport. Nothing is connected yet.
    ///
    /// # Errors
    /// When a time limit is zero, when there are no roots, or when the crypto provider cannot be used for TLS.
    pub fn build(self) -> Result<UreqTransport, ConfigError> {
        let Self { limits, provider, mut roots, webpki_roots } = self;
        for (setting, limit) in [("connect_timeout", limits.connect), ("timeout", limits.call)] {
            if limit.is_zero() {
                return Err(ConfigError::new(setting, "is zero: no call could end in time"));
            }
        }
        if webpki_roots {
            tls::add_webpki_roots(&mut roots);
        }
        let tls = tls::client_config(provider.unwrap_or_else(tls::ring), roots)?;
        let lanes =
            Lanes::new(agent_config(limits.pool_idle), Dialer::new(tls, limits.connect), limits.pool_idle);
        Ok(UreqTransport(Arc::new(Shared { lanes, limits })))
    }
}

/// Everything that ureq does of itself is switched off. Its time limits are not used: the dialer and the connection
/// keep the deadline of the call, and ureq's own limits begin anew with each part of a call.
fn agent_config(pool_idle: Duration) -> Config {
    Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(USER_AGENT)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .max_response_header_size(buffers::MAX_HEAD)
        .max_idle_connections(1)
        .max_idle_connections_per_host(1)
        .max_idle_age(pool_idle)
        .build()
}

/// A point in time; a limit beyond what a clock can say means a year.
pub(crate) fn after(start: Instant, limit: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    start.checked_add(limit).unwrap_or_else(|| start + YEAR)
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("limits", &self.limits)
            .field("own_roots", &self.roots.len())
            .field("webpki_roots", &self.webpki_roots)
            .finish_non_exhaustive()
    }
}
