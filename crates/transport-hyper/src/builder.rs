//! The settings of a transport.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};

use crate::HyperTransport;
use crate::client::{Client, Limits};
use crate::error::ConfigError;
use crate::tls;

/// Settings of a [`HyperTransport`]. The [crate](crate#defaults) lists the defaults.
///
/// ```
/// use std::time::Duration;
///
/// use auth0_mfa_transport_hyper::HyperTransport;
///
/// let transport = HyperTransport::builder()
///     .connect_timeout(Duration::from_secs(2))
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok::<(), auth0_mfa_transport_hyper::ConfigError>(())
/// ```
#[must_use = "settings do nothing until the transport is built"]
pub struct Builder {
    limits: Limits,
    provider: Arc<CryptoProvider>,
    webpki_roots: bool,
    added_roots: RootCertStore,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            limits: Limits::default(),
            provider: Arc::new(ring::default_provider()),
            webpki_roots: true,
            added_roots: RootCertStore::empty(),
        }
    }

    /// How long a connection may take: name resolution, TCP and TLS together. 5 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// How long a whole call may take, from its start to the last byte of the reply. 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.call = timeout;
        self
    }

    /// How many bytes the body of a reply may have; 262,144 (256 KiB) by default.
    ///
    /// A longer reply is an error that carries its head and the first `bytes` bytes of its body.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.limits.reply_bytes = bytes;
        self
    }

    /// How long a connection may wait for its next request; 90 seconds by default. With zero every request opens a
    /// connection of its own.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = timeout;
        self
    }

    /// Adds root certificates, beside those of webpki-roots: every `CERTIFICATE` of a PEM text.
    ///
    /// # Errors
    /// When the text is not PEM, has no certificate, or one that cannot be a root.
    pub fn add_root_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        tls::add_roots(&mut self.added_roots, pem)?;
        Ok(self)
    }

    /// Trusts the added roots only.
    pub fn without_webpki_roots(mut self) -> Self {
        self.webpki_roots = false;
        self
    }

    /// The cryptography that rustls is to use; ring by default. The default provider of the process is never used.
    pub fn crypto_provider(mut self, provider: Arc<CryptoProvider>) -> Self {
        self.provider = provider;
        self
    }

    /// Builds the transport. It opens no connection and needs no runtime.
    ///
    /// # Errors
    /// When a timeout (other than that of idle connections) is zero, no root is left to trust, or the crypto provider
    /// supports neither TLS 1.2 nor TLS 1.3.
    pub fn build(self) -> Result<HyperTransport, ConfigError> {
        not_zero("connect_timeout", self.limits.connect)?;
        not_zero("timeout", self.limits.call)?;
        let mut roots = self.added_roots;
        if self.webpki_roots {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let config = tls::client_config(self.provider, roots)?;
        let connector = tls::connector(config, self.limits.connect);
        Ok(HyperTransport { client: Arc::new(Client::new(self.limits, connector)) })
    }
}

fn not_zero(setting: &'static str, timeout: Duration) -> Result<(), ConfigError> {
    if timeout.is_zero() { Err(ConfigError::new(setting, "is zero")) } else { Ok(()) }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("limits", &self.limits)
            .field("webpki_roots", &self.webpki_roots)
            .field("added_roots", &self.added_roots.len())
            .finish_non_exhaustive()
    }
}
