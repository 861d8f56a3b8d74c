//! The cryptography that rustls stands on.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// That of ring.
#[cfg(feature = "ring")]
pub fn ring() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// That of AWS-LC.
#[cfg(feature = "aws-lc-rs")]
pub fn aws_lc_rs() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// What is used when none is given.
pub(crate) fn from_features() -> Option<Arc<CryptoProvider>> {
    #[cfg(feature = "ring")]
    return Some(ring());
    #[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
    return Some(aws_lc_rs());
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    None
}
