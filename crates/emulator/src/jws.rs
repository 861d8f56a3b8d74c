//! The compact form of a signed token (RFC 7515, 7.1): three parts of base64url, joined by dots.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub(crate) fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// A token of this header and these claims. `signature` signs what stands before the second dot.
pub(crate) fn signed(
    header: &impl Serialize,
    claims: &impl Serialize,
    signature: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<Zeroizing<String>> {
    let part = |json: serde_json::Result<Vec<u8>>| Some(base64url(&json.ok()?));
    let (header, claims) = (part(serde_json::to_vec(header))?, part(serde_json::to_vec(claims))?);
    let mut token = Zeroizing::new([header.as_str(), ".", claims.as_str()].concat());
    let signature = Zeroizing::new(base64url(&signature(token.as_bytes())?));
    token = Zeroizing::new([token.as_str(), ".", signature.as_str()].concat());
    Some(token)
}

/// A token that was taken apart. Nothing of it is checked.
pub(crate) struct Jws<'a> {
    pub(crate) header: Header,
    /// What is signed.
    pub(crate) message: &'a [u8],
    pub(crate) signature: Vec<u8>,
    claims: Vec<u8>,
}

/// What is looked at of a header.
#[derive(Deserialize)]
pub(crate) struct Header {
    #[serde(default)]
    pub(crate) alg: String,
    #[serde(default)]
    pub(crate) typ: Option<String>,
    #[serde(default)]
    pub(crate) kid: Option<String>,
    /// The key of a DPoP proof.
    #[serde(default)]
    pub(crate) jwk: Option<serde_json::Value>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        Some(Self {
            header: serde_json::from_slice(&from_base64url(header)?).ok()?,
            message: message.as_bytes(),
            signature: from_base64url(signature)?,
            claims: from_base64url(claims)?,
        })
    }

    pub(crate) fn claims<C: DeserializeOwned>(&self) -> Option<C> {
        serde_json::from_slice(&self.claims).ok()
    }
}
