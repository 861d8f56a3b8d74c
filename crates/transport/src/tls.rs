//! What is trusted, and what is shown to a server that asks for a certificate.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
#[cfg(feature = "platform-verifier")]
use rustls_platform_verifier::Verifier;

use crate::{ConfigError, crypto};

type Trusting = ConfigBuilder<ClientConfig, WantsClientCert>;

/// The TLS settings, before they become one configuration for all connections.
pub(crate) struct Tls {
    pub(crate) provider: Option<Arc<CryptoProvider>>,
    pub(crate) trust: Trust,
    pub(crate) added_roots: Vec<CertificateDer<'static>>,
    pub(crate) client_certificate: Option<ClientCertificate>,
}

/// Whom to trust beside the added roots.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trust {
    WebpkiRoots,
    #[cfg(feature = "platform-verifier")]
    Platform,
    AddedOnly,
}

/// A chain of certificates and the key of the first.
pub(crate) struct ClientCertificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Tls {
    pub(crate) fn new() -> Self {
        Self { provider: None, trust: Trust::WebpkiRoots, added_roots: Vec::new(), client_certificate: None }
    }

    pub(crate) fn into_client_config(self) -> Result<Arc<ClientConfig>, ConfigError> {
        let provider = self.provider.or_else(crypto::from_features).ok_or_else(|| {
            ConfigError::new("crypto_provider", "is missing: give one, or turn on `ring` or `aws-lc-rs`")
        })?;
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|cause| {
                ConfigError::new("crypto_provider", "supports neither TLS 1.2 nor 1.3").because(cause)
            })?;
        let builder = match self.trust {
            Trust::WebpkiRoots => trusting(builder, webpki_roots::TLS_SERVER_ROOTS, self.added_roots),
            #[cfg(feature = "platform-verifier")]
            Trust::Platform => trusting_platform(builder, self.added_roots, provider),
            Trust::AddedOnly => trusting(builder, &[], self.added_roots),
        }?;
        let mut config = match self.client_certificate {
            None => builder.with_no_client_auth(),
            Some(ClientCertificate { chain, key }) => builder
                .with_client_auth_cert(chain, key)
                .map_err(|cause| ConfigError::new("client certificate", "cannot be used").because(cause))?,
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // A request in early data can be sent again by whoever recorded it.
        config.enable_early_data = false;
        Ok(Arc::new(config))
    }
}

fn trusting(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    anchors: &[rustls::pki_types::TrustAnchor<'static>],
    added: Vec<CertificateDer<'static>>,
) -> Result<Trusting, ConfigError> {
    let mut roots = RootCertStore { roots: anchors.to_vec() };
    for root in added {
        roots.add(root).map_err(|cause| unusable_root().because(cause))?;
    }
    if roots.is_empty() {
        return Err(ConfigError::new("roots", "are empty: no server could be trusted"));
    }
    Ok(builder.with_root_certificates(roots))
}

#[cfg(feature = "platform-verifier")]
fn trusting_platform(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Trusting, ConfigError> {
    if cfg!(target_os = "android") && !added.is_empty() {
        return Err(ConfigError::new("platform_verifier", "takes no added roots on Android"));
    }
    let verifier = platform_verifier(added, provider)
        .map_err(|cause| ConfigError::new("platform_verifier", "cannot be used").because(cause))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)))
}

#[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
fn platform_verifier(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(added, provider)
}

/// That of Android has no place for added roots; none came this far.
#[cfg(all(feature = "platform-verifier", target_os = "android"))]
fn platform_verifier(
    _: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new(provider)
}

/// Every certificate of a PEM text, each of which can be a root.
pub(crate) fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let roots = certificates("root certificate", pem)?;
    for root in &roots {
        RootCertStore::empty().add(root.clone()).map_err(|cause| unusable_root().because(cause))?;
    }
    Ok(roots)
}

fn unusable_root() -> ConfigError {
    ConfigError::new("root certificate", "cannot be used as a root")
}

impl ClientCertificate {
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, ConfigError> {
        const SETTING: &str = "client certificate";
        let chain = certificates(SETTING, pem)?;
        // The cause may quote what it could not read, and that is a key.
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| ConfigError::new(SETTING, "has no private key that can be read"))?;
        Ok(Self { chain, key })
    }
}

fn certificates(setting: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    // As above: a client's certificate and its key are one text.
    let certificates = certificates.map_err(|_| ConfigError::new(setting, "is not PEM"))?;
    if certificates.is_empty() {
        return Err(ConfigError::new(setting, "is missing: the PEM text has none"));
    }
    Ok(certificates)
}
