//! The TLS settings: an explicit provider, explicit roots, no early data.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::ConfigError;

/// Adds every certificate in `pem` to `roots`.
pub(crate) fn add_pem(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), ConfigError> {
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate
            .map_err(|error| ConfigError::because("the root certificates are not in PEM", error))?;
        roots
            .add(certificate)
            .map_err(|error| ConfigError::because("a root certificate cannot be read", error))?;
        found = true;
    }
    if found { Ok(()) } else { Err(ConfigError::new("there is no certificate in the PEM of the roots")) }
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
        return Err(ConfigError::new("there are no root certificates"));
    }
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::because("the crypto provider cannot be used", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A request in early data could be replayed by anyone.
    config.enable_early_data = false;
    Ok(Arc::new(config))
}
