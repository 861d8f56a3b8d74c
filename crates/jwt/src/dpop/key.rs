//! The key that tokens are bound to.

use std::fmt;

use pem_rfc7468::LineEnding;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::signing::{Form, InvalidKey, PrivateKeyDer, SigningError, base64url};

/// The key that tokens are bound to: P-256, signs by ES256. One key serves a user's whole login, first factor and
/// second; where that goes over several requests of your application, keep the key between them as [PEM](Self::to_pem).
///
/// ```
/// use auth0_mfa_jwt::DpopKey;
///
/// let key = DpopKey::generate()?;
/// let kept = key.to_pem();
/// assert_eq!(DpopKey::from_pem(kept.expose())?.thumbprint(), key.thumbprint());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DpopKey {
    pair: EcdsaKeyPair,
    pem: PrivateKeyPem,
    public: PublicJwk,
}

impl DpopKey {
    /// A new key.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn generate() -> Result<Self, InvalidKey> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(|source| InvalidKey::because_of("cannot be made without randomness", source))?;
        Self::from_pkcs8(document.as_ref())
    }

    /// The P-256 key of a PEM, in the form of PKCS#8 (`PRIVATE KEY`), with the public key in it, not encrypted: what
    /// [`to_pem`](Self::to_pem) gives, and `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`. What is
    /// read of it is wiped; wipe the text yourself.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let der = PrivateKeyDer::from_pem(pem)?;
        match der.form {
            Form::Pkcs8 => Self::from_pkcs8(&der.bytes),
            Form::Pkcs1 => Err(InvalidKey::new("is an RSA key, and DPoP needs one of P-256")),
        }
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, InvalidKey> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new())
            .map_err(|source| InvalidKey::because_of("is not an unbroken P-256 key in PKCS#8", source))?;
        let public = PublicJwk::of_point(pair.public_key().as_ref())
            .ok_or(InvalidKey::new("has a public key of another size"))?;
        let pem = pem_rfc7468::encode_string("PRIVATE KEY", LineEnding::LF, pkcs8)
            .map_err(|source| InvalidKey::because_of("cannot be written as PEM", source))?;
        Ok(Self { pair, pem: PrivateKeyPem(Zeroizing::new(pem)), public })
    }

    /// The private key, to be kept. Whoever has it and the tokens can use them.
    pub fn to_pem(&self) -> PrivateKeyPem {
        self.pem.clone()
    }

    /// The thumbprint of the public key (`jkt`, RFC 7638): what a bound token has in `cnf`.
    pub fn thumbprint(&self) -> String {
        self.public.thumbprint()
    }

    pub(super) fn public(&self) -> &PublicJwk {
        &self.public
    }

    pub(super) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        let signature = signature.map_err(|_| SigningError::new("ring could not, and does not say why"))?;
        Ok(signature.as_ref().to_vec())
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DpopKey([redacted], thumbprint {})", self.thumbprint())
    }
}

/// A private key as PEM. A secret: never shown, wiped when dropped.
#[derive(Clone)]
pub struct PrivateKeyPem(Zeroizing<String>);

impl PrivateKeyPem {
    /// The text. Keep it out of logs, errors and argument lists.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKeyPem([redacted])")
    }
}

/// A public key of P-256 as JSON. Its fields are those of the thumbprint, in its order: that of the alphabet.
#[derive(Serialize)]
pub(super) struct PublicJwk {
    crv: &'static str,
    kty: &'static str,
    x: String,
    y: String,
}

impl PublicJwk {
    /// Of a point that is not compressed: 4, x, y.
    fn of_point(point: &[u8]) -> Option<Self> {
        let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
        Some(Self { crv: "P-256", kty: "EC", x: base64url(x), y: base64url(y) })
    }

    fn thumbprint(&self) -> String {
        let Self { crv, kty, x, y } = self;
        let json = format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{y}"}}"#);
        base64url(digest(&SHA256, json.as_bytes()).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449, 4.1 and 6.1: the key of its examples, and that key's thumbprint.
    #[test]
    fn the_thumbprint_is_that_of_the_standard() {
        let public = PublicJwk {
            crv: "P-256",
            kty: "EC",
            x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs".to_owned(),
            y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA".to_owned(),
        };
        assert_eq!(public.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    #[test]
    fn a_point_that_is_compressed_or_cut_is_no_key() {
        assert!(PublicJwk::of_point(&[2; 33]).is_none());
        assert!(PublicJwk::of_point(&[4; 20]).is_none());
    }
}
