//! What is trusted, and how a connection is made: TCP, with TLS above it.

use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::error::ConfigError;

/// One for pooled and for fresh connections, so that TLS sessions are shared between them.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

pub(crate) fn connector(config: ClientConfig, connect_timeout: Duration) -> Connector {
    let mut tcp = HttpConnector::new();
    // It would refuse the URIs that the connector above it handles.
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    // Shared out between the addresses of a name: one dead address must not use up the time of all.
    tcp.set_connect_timeout(Some(connect_timeout));
    HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().wrap_connector(tcp)
}

pub(crate) fn client_config(
    provider: Arc<CryptoProvider>,
    roots: RootCertStore,
) -> Result<ClientConfig, ConfigError> {
    if roots.is_empty() {
        return Err(ConfigError::new("roots", "are empty: no server could be trusted"));
    }
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| {
            ConfigError::new("crypto_provider", "supports neither TLS 1.2 nor 1.3").because(cause)
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // Early data can be replayed by whoever recorded it.
    config.enable_early_data = false;
    Ok(config)
}

pub(crate) fn add_roots(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), ConfigError> {
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate =
            certificate.map_err(|cause| ConfigError::new("root certificate", "is not PEM").because(cause))?;
        roots.add(certificate).map_err(|cause| {
            ConfigError::new("root certificate", "cannot be used as a root").because(cause)
        })?;
    }
    if roots.len() == before {
        return Err(ConfigError::new("root certificate", "is missing: the PEM text has none"));
    }
    Ok(())
}
