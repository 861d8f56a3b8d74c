//! The keys with which a tenant signs.

use std::fmt;

use auth0_mfa_core::{ReplyInfo, Unreadable};
use ring::signature::RsaPublicKeyComponents;
use serde::Deserialize;
use serde_json::Value;

use super::decoded;
use crate::Algorithm;

/// The public keys with which a tenant signs its tokens (JWKS, RFC 7517): its RSA keys that are for signatures and have
/// a `kid`. Others are left out. The default is a set without keys, which lacks every key that is looked for.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct KeySet {
    keys: Vec<Key>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl KeySet {
    /// Reads a set, as it stands in `jwks.json`.
    ///
    /// # Errors
    /// When it is not JSON with a list of `keys`. A key that cannot be read costs no other.
    pub fn parse(json: &[u8]) -> Result<Self, Unreadable> {
        let set: Set = serde_json::from_slice(json).map_err(|_| Unreadable::new("has no list of keys"))?;
        let keys = set.keys.into_iter().filter_map(Key::read).collect();
        Ok(Self { keys, info: ReplyInfo::default() })
    }

    /// Whether the key of this `kid` is in the set.
    pub fn contains(&self, key_id: &str) -> bool {
        self.key(key_id).is_some()
    }

    pub(super) fn with_info(mut self, info: ReplyInfo) -> Self {
        self.info = info;
        self
    }

    pub(super) fn key(&self, key_id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == key_id)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys.len()).field("info", &self.info).finish()
    }
}

/// One public key.
#[derive(Clone)]
pub(super) struct Key {
    id: String,
    /// The one algorithm that it is for, where it says so.
    algorithm: Option<String>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl Key {
    fn read(json: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(json).ok()?;
        let is_for_signatures = jwk.r#use.is_none_or(|r#use| r#use == "sig");
        if jwk.kty != "RSA" || !is_for_signatures {
            return None;
        }
        let number = |text: &str| decoded(text).map(without_leading_zeros);
        Some(Self { id: jwk.kid, algorithm: jwk.alg, modulus: number(&jwk.n)?, exponent: number(&jwk.e)? })
    }

    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.as_deref().is_none_or(|name| name == algorithm.name())
    }

    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8], algorithm: Algorithm) -> bool {
        let components = RsaPublicKeyComponents { n: &self.modulus, e: &self.exponent };
        components.verify(algorithm.parameters(), message, signature).is_ok()
    }
}

/// Some write a zero before the number, as DER has it; ring takes none.
fn without_leading_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.split_off(zeros)
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    r#use: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}
