//! The compact form of a signed token (RFC 7515, 7.1).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;
use zeroize::Zeroizing;

use super::SigningError;

/// Base64 without padding, as all parts of a token are written.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A token of this header and these claims. `signature` signs what stands before the second dot.
pub(crate) fn sign(
    header: &impl Serialize,
    claims: &impl Serialize,
    signature: impl FnOnce(&[u8]) -> Result<Vec<u8>, SigningError>,
) -> Result<String, SigningError> {
    let message = format!("{}.{}", part(header)?, part(claims)?);
    let signature = Zeroizing::new(base64url(&signature(message.as_bytes())?));
    // At its size: a reallocation would leave a copy behind that nobody wipes.
    let mut token = String::with_capacity(message.len() + 1 + signature.len());
    token.push_str(&message);
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

fn part(value: &impl Serialize) -> Result<String, SigningError> {
    // Texts and numbers only, into memory: that does not fail.
    let json =
        serde_json::to_vec(value).map_err(|_| SigningError::new("a claim cannot be written as JSON"))?;
    Ok(base64url(&json))
}
