//! The TLS settings: an explicit provider, explicit roots, no early data.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::ConfigError;

/// Adds every certificate in `pem` to `roots`.
pub(crate) fn add_pem(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), ConfigError> {
    let wrong = |reason| ConfigError::new("root certificate", reason);
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| wrong("is not PEM").because(error))?;
        roots.add(certificate).map_err(|error| wrong("cannot be used as a root").because(error))?;
        found = true;
    }
    if found { Ok(()) } else { Err(wrong("is missing: the PEM has none")) }
}

pub(crate) fn add_webpki_roots(roots: &mut RootCertStore) {
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
}

pub(crate) fn ring() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// One configuration for all connections, so that all of them resume each other's sessions.
pub(crate) fn client_config(
    provider: Arc<CryptoProvider>,
    roots: RootCertStore,
) -> Result<Arc<ClientConfig>, ConfigError> {
    if roots.is_empty() {
        return Err(ConfigError::new("roots", "are empty: no server could be trusted"));
    }
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            ConfigError::new("crypto_provider", "supports neither TLS 1.2 nor 1.3").because(error)
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A request in early data could be replayed by anyone.
    config.enable_early_data = false;
    Ok(Arc::new(config))
}
