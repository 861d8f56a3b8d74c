//! The public key of an application that authenticates by `private_key_jwt`.

use std::fmt;

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::jws::{Jws, from_base64url};

/// An RSA key of 2048 bits or more, of which an application has the private half. In a file it is a PEM, or a JWK as a
/// table.
///
/// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt>
#[derive(Clone)]
pub struct ClientKey {
    key: Key,
    id: Option<String>,
    algorithm: Option<String>,
}

#[derive(Clone)]
enum Key {
    /// `RSAPublicKey` of RFC 8017.
    Der(Vec<u8>),
    Components {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

/// A public key or a certificate that cannot be read. It says why, and nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidClientKey(&'static str);

impl InvalidClientKey {
    pub(crate) const NO_CERTIFICATE: Self = Self("is not a PEM of a certificate");
}

impl ClientKey {
    /// The key of a PEM: `PUBLIC KEY`, as `openssl pkey -pubout` writes it, or `RSA PUBLIC KEY`.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidClientKey> {
        let (label, der) =
            pem_rfc7468::decode_vec(pem.trim().as_bytes()).map_err(|_| InvalidClientKey("is not a PEM"))?;
        let der = match label {
            "RSA PUBLIC KEY" => der,
            "PUBLIC KEY" => {
                inside_spki(&der).ok_or(InvalidClientKey("is not an RSA key of 2048 bits or more"))?
            }
            _ => return Err(InvalidClientKey("is a PEM of something else than a public key")),
        };
        Ok(Self { key: Key::Der(der), id: None, algorithm: None })
    }

    /// The key of a JWK, as JSON. Its `kid` and `alg`, where it has them, are those that an assertion must have.
    ///
    /// # Errors
    /// When it is not an RSA key.
    pub fn from_jwk(json: &str) -> Result<Self, InvalidClientKey> {
        let jwk: Jwk =
            serde_json::from_str(json).map_err(|_| InvalidClientKey("is not a JWK of an RSA key"))?;
        jwk.try_into()
    }

    /// Whether this key has signed the token, by an algorithm that Auth0 takes.
    pub(crate) fn has_signed(&self, jws: &Jws<'_>) -> bool {
        let header = &jws.header;
        let is_this = self.id.is_none() || header.kid.is_none() || self.id == header.kid;
        let is_allowed = self.algorithm.as_ref().is_none_or(|algorithm| *algorithm == header.alg);
        let Some(parameters) = parameters(&header.alg).filter(|_| is_this && is_allowed) else {
            return false;
        };
        let verified = match &self.key {
            Key::Der(der) => UnparsedPublicKey::new(parameters, der).verify(jws.message, &jws.signature),
            Key::Components { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(parameters, jws.message, &jws.signature)
            }
        };
        verified.is_ok()
    }
}

fn parameters(algorithm: &str) -> Option<&'static RsaParameters> {
    match algorithm {
        "RS256" => Some(&RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Some(&RSA_PKCS1_2048_8192_SHA384),
        "PS256" => Some(&RSA_PSS_2048_8192_SHA256),
        _ => None,
    }
}

/// The key within a `SubjectPublicKeyInfo` (RFC 5280). Keys of 2048 bits and more all have lengths of two bytes there.
fn inside_spki(der: &[u8]) -> Option<Vec<u8>> {
    /// `rsaEncryption` and no parameters.
    const ALGORITHM: [u8; 15] = *b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let content = der.strip_prefix(&[0x30, 0x82])?.get(2..)?;
    let bits = content.strip_prefix(&ALGORITHM)?.strip_prefix(&[0x03, 0x82])?.get(2..)?;
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    n: String,
    e: String,
    kid: Option<String>,
    alg: Option<String>,
}

impl TryFrom<Jwk> for ClientKey {
    type Error = InvalidClientKey;

    fn try_from(jwk: Jwk) -> Result<Self, InvalidClientKey> {
        let number =
            |text: &str| from_base64url(text).ok_or(InvalidClientKey("has a number that is no base64url"));
        if jwk.kty != "RSA" {
            return Err(InvalidClientKey("is not an RSA key"));
        }
        let key = Key::Components { n: number(&jwk.n)?, e: number(&jwk.e)? };
        Ok(Self { key, id: jwk.kid, algorithm: jwk.alg })
    }
}

impl<'de> Deserialize<'de> for ClientKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Pem(String),
            Jwk(Jwk),
        }
        let key = match Given::deserialize(deserializer)? {
            Given::Pem(pem) => Self::from_pem(&pem),
            Given::Jwk(jwk) => jwk.try_into(),
        };
        key.map_err(D::Error::custom)
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it {}", self.0)
    }
}

impl std::error::Error for InvalidClientKey {}
