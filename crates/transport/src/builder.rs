//! The settings of a transport, to be changed before it is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;

use crate::proxy::{NoProxy, Proxies, Proxy};
use crate::tls::{ClientCertificate, Tls, Trust, roots};
use crate::{ConfigError, PoolLimits, Settings};

/// The least that a transport can be made to take as the head of a reply.
const LEAST_HEAD: usize = 8 * 1024;

/// Settings of a transport `T`, which `T::builder()` begins and [`build`](Self::build) ends.
///
/// | Setting | Default | |
/// |---|---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 5 s | name, TCP, proxy and TLS together |
/// | [`timeout`](Self::timeout) | 30 s | the whole call, to the last byte of the reply |
/// | [`max_reply_bytes`](Self::max_reply_bytes) | 256 KiB | the body of a reply |
/// | [`max_reply_head_bytes`](Self::max_reply_head_bytes) | 64 KiB | the head of a reply |
/// | [`reuse_connections`](Self::reuse_connections) | yes | for `Safe` and `Once` requests |
/// | [`reuse_connections_for_single_use`](Self::reuse_connections_for_single_use) | no | for `SingleUse` requests |
/// | [`pool_idle_timeout`](Self::pool_idle_timeout) | 30 s | |
/// | [`pool_max_lifetime`](Self::pool_max_lifetime) | 10 min | |
/// | [`pool_max_idle_per_host`](Self::pool_max_idle_per_host) | 32 | |
/// | [`crypto_provider`](Self::crypto_provider) | ring | with that feature, else AWS-LC; never the default provider of the process |
/// | roots | [webpki-roots](webpki_roots) (Mozilla's) | [more](Self::add_root_pem), or [without these](Self::without_webpki_roots) |
/// | [`client_certificate_pem`](Self::client_certificate_pem) | none | |
/// | [`proxy`](Self::proxy) | none | the environment is read [on request](Self::proxy_from_environment) |
#[must_use = "settings do nothing until the transport is built"]
pub struct Builder<T> {
    connect_timeout: Duration,
    timeout: Duration,
    max_reply_bytes: usize,
    max_reply_head_bytes: usize,
    pool: PoolLimits,
    reuse_connections: bool,
    reuse_connections_for_single_use: bool,
    tls: Tls,
    proxies: Proxies,
    build: Box<dyn FnOnce(Settings) -> T + Send + Sync>,
}

impl<T> Builder<T> {
    /// The defaults, for the transport that `build` makes of them.
    pub fn new(build: impl FnOnce(Settings) -> T + Send + Sync + 'static) -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            max_reply_bytes: 256 * 1024,
            max_reply_head_bytes: 64 * 1024,
            pool: PoolLimits::default(),
            reuse_connections: true,
            reuse_connections_for_single_use: false,
            tls: Tls::new(),
            proxies: Proxies::default(),
            build: Box::new(build),
        }
    }

    /// How long opening a connection may take: name, TCP, proxy and TLS together. 5 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a whole call may take, from its start to the last byte of the reply. 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes the body of a reply may have; 262,144 (256 KiB) by default.
    ///
    /// A longer reply is an error that carries its head and the first `bytes` bytes of its body.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_bytes = bytes;
        self
    }

    /// How many bytes the head of a reply may have, about; 65,536 (64 KiB) by default, 8,192 at the least. It has 128
    /// headers at the most, in any case. Of a longer one nothing can be read: the request counts as perhaps sent.
    pub fn max_reply_head_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_head_bytes = bytes;
        self
    }

    /// Whether `Safe` and `Once` requests may travel on a connection that was used before. They may by default.
    pub fn reuse_connections(mut self, reuse: bool) -> Self {
        self.reuse_connections = reuse;
        self
    }

    /// The same for `SingleUse` requests, which by default always get a fresh connection: one that lay idle may have
    /// been closed meanwhile, and then nobody knows what became of the code.
    pub fn reuse_connections_for_single_use(mut self, reuse: bool) -> Self {
        self.reuse_connections_for_single_use = reuse;
        self
    }

    /// How long a connection may wait for its next request; 30 seconds by default. With zero none waits.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool.idle_timeout = timeout;
        self
    }

    /// How old a connection may be when it is given a request, so that a change of the host's addresses is noticed; 10
    /// minutes by default.
    pub fn pool_max_lifetime(mut self, lifetime: Duration) -> Self {
        self.pool.max_lifetime = lifetime;
        self
    }

    /// How many connections to one host and port may wait for their next request; 32 by default.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool.max_idle_per_host = connections;
        self
    }

    /// Trusts more root certificates: every `CERTIFICATE` of a PEM text.
    ///
    /// # Errors
    /// When the text is not PEM, has no certificate, or one that cannot be a root.
    pub fn add_root_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        self.tls.added_roots.extend(roots(pem)?);
        Ok(self)
    }

    /// Trusts the added roots only.
    pub fn without_webpki_roots(mut self) -> Self {
        self.tls.trust = Trust::AddedOnly;
        self
    }

    /// Trusts what the operating system trusts, in place of webpki-roots, beside the added roots.
    ///
    /// On Windows the system may look up over the network whether a certificate was revoked, for up to 10 seconds, in
    /// the thread that does the handshake; no time limit of the transport ends that. The systems of Apple and Android
    /// may do so too.
    ///
    /// On Android there can be no added roots: [`build`](Self::build) refuses them. The program has to set up
    /// `rustls-platform-verifier` 0.7 before, as its documentation says, or the first handshake panics.
    #[cfg(feature = "platform-verifier")]
    pub fn platform_verifier(mut self) -> Self {
        self.tls.trust = Trust::Platform;
        self
    }

    /// The cryptography that rustls is to use, for example [`crypto::ring`](crate::crypto::ring).
    pub fn crypto_provider(mut self, provider: Arc<CryptoProvider>) -> Self {
        self.tls.provider = Some(provider);
        self
    }

    /// The certificate that is shown to a server that asks for one: a PEM text of its chain, the client's own first,
    /// and of its private key.
    ///
    /// # Errors
    /// When the text is not PEM, or lacks a certificate or the key. Whether the two belong together shows in
    /// [`build`](Self::build).
    pub fn client_certificate_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        self.tls.client_certificate = Some(ClientCertificate::from_pem(pem)?);
        Ok(self)
    }

    /// Reaches every https origin through this HTTP proxy, `http://[user:password@]host[:port]`, by CONNECT: it sees the
    /// host and the port of the origin and nothing else. Loopback hosts are reached without it.
    /// Its own password travels to it in clear.
    ///
    /// # Errors
    /// When the text is not such a URL.
    pub fn proxy(mut self, url: &str) -> Result<Self, ConfigError> {
        self.proxies.proxy = Some(Arc::new(Proxy::parse(url)?));
        Ok(self)
    }

    /// The hosts that are reached without a proxy, in the notation of [`NO_PROXY`](NoProxy::parse).
    pub fn no_proxy(mut self, hosts: &str) -> Self {
        self.proxies.no_proxy = NoProxy::parse(hosts);
        self
    }

    /// Takes the proxy from the environment: `https_proxy`, `HTTPS_PROXY`, `all_proxy` or `ALL_PROXY`, the first that is
    /// there and not empty; and the hosts without one from `no_proxy` or `NO_PROXY`.
    ///
    /// # Errors
    /// When the URL is not one that [`proxy`](Self::proxy) takes, or a variable that counts is not UTF-8: the second
    /// names the variable.
    pub fn proxy_from_environment(mut self) -> Result<Self, ConfigError> {
        self.proxies = Proxies::from_variables(|name| std::env::var_os(name))?;
        Ok(self)
    }

    /// Builds the transport. It opens no connection.
    ///
    /// # Errors
    /// When a timeout of a call is zero, a limit is too small, no root is left to trust, the verifier of the operating
    /// system cannot be used (on Android: also with added roots), there is no crypto provider, the one that was given
    /// supports neither TLS 1.2 nor TLS 1.3, or the key of the client certificate is not its own.
    pub fn build(self) -> Result<T, ConfigError> {
        not_zero("connect_timeout", self.connect_timeout)?;
        not_zero("timeout", self.timeout)?;
        if self.max_reply_head_bytes < LEAST_HEAD {
            return Err(ConfigError::new("max_reply_head_bytes", "is less than 8,192"));
        }
        Ok((self.build)(Settings {
            connect_timeout: self.connect_timeout,
            timeout: self.timeout,
            max_reply_bytes: self.max_reply_bytes,
            max_reply_head_bytes: self.max_reply_head_bytes,
            pool: self.pool,
            reuse_connections: self.reuse_connections,
            reuse_connections_for_single_use: self.reuse_connections_for_single_use,
            tls: self.tls.into_client_config()?,
            proxies: self.proxies,
        }))
    }
}

fn not_zero(setting: &'static str, timeout: Duration) -> Result<(), ConfigError> {
    if timeout.is_zero() {
        Err(ConfigError::new(setting, "is zero: no call could end in time"))
    } else {
        Ok(())
    }
}

impl<T> fmt::Debug for Builder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("max_reply_head_bytes", &self.max_reply_head_bytes)
            .field("pool", &self.pool)
            .field("reuse_connections", &self.reuse_connections)
            .field("reuse_connections_for_single_use", &self.reuse_connections_for_single_use)
            .field("trust", &self.tls.trust)
            .field("added_roots", &self.tls.added_roots.len())
            .field("client_certificate", &self.tls.client_certificate.is_some())
            .field("proxies", &self.proxies)
            .finish_non_exhaustive()
    }
}
