//! The certificate of an application that authenticates by mTLS.

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::client_key::InvalidClientKey;

/// A certificate that an application has the key of; given as PEM.
///
/// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-mtls>
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate(Vec<u8>);

impl ClientCertificate {
    /// The certificate of a PEM (`CERTIFICATE`).
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidClientKey> {
        match pem_rfc7468::decode_vec(pem.trim().as_bytes()) {
            Ok(("CERTIFICATE", der)) => Ok(Self(der)),
            _ => Err(InvalidClientKey::NO_CERTIFICATE),
        }
    }

    /// The certificate that the customer's edge has seen, as it forwards it: a PEM in percent-encoding. That the client
    /// has its key, the edge has verified; by whom it was issued, does not matter for one that is registered.
    pub(crate) fn forwarded(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok();
        let verified = text("client-certificate-ca-verified")?;
        if verified != "SUCCESS" && !verified.starts_with("FAILED") {
            return None;
        }
        let pem = percent_decode_str(text("client-certificate")?).decode_utf8().ok()?;
        Self::from_pem(&pem).ok()
    }
}

impl<'de> Deserialize<'de> for ClientCertificate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_pem(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientCertificate({} bytes)", self.0.len())
    }
}
