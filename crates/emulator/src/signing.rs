//! The key that the tenant signs its tokens with.

use base64ct::{Base64, Encoding};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rsa::PublicKeyComponents;
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::jws::{self, Jws, base64url};

/// Public and worthless keys, and a certificate of each; the seed chooses one. keys/README.md says how they were made.
const KEYS: [(&[u8], &[u8]); 8] = [
    (include_bytes!("../keys/0.pkcs8.der"), include_bytes!("../keys/0.certificate.der")),
    (include_bytes!("../keys/1.pkcs8.der"), include_bytes!("../keys/1.certificate.der")),
    (include_bytes!("../keys/2.pkcs8.der"), include_bytes!("../keys/2.certificate.der")),
    (include_bytes!("../keys/3.pkcs8.der"), include_bytes!("../keys/3.certificate.der")),
    (include_bytes!("../keys/4.pkcs8.der"), include_bytes!("../keys/4.certificate.der")),
    (include_bytes!("../keys/5.pkcs8.der"), include_bytes!("../keys/5.certificate.der")),
    (include_bytes!("../keys/6.pkcs8.der"), include_bytes!("../keys/6.certificate.der")),
    (include_bytes!("../keys/7.pkcs8.der"), include_bytes!("../keys/7.certificate.der")),
];

/// Signs by RS256, which for the same key and the same claims gives the same token.
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    id: String,
    certificate: &'static [u8],
}

impl SigningKey {
    /// The key of a seed. None only if a file of keys/ is broken, which a test sees.
    pub(crate) fn of_seed(seed: u64) -> Option<Self> {
        let index = usize::try_from(seed % KEYS.len() as u64).ok()?;
        let (pkcs8, certificate) = KEYS.get(index)?;
        let pair = RsaKeyPair::from_pkcs8(pkcs8).ok()?;
        let thumbprint = digest(&SHA256, pair.public_key().as_ref());
        let id = base64url(thumbprint.as_ref().get(..16)?);
        Some(Self { pair, id, certificate })
    }

    /// A JWT of these claims.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Option<Zeroizing<String>> {
        let header = Header { alg: "RS256", typ: "JWT", kid: &self.id };
        jws::signed(&header, claims, |message| self.signature(message))
    }

    #[allow(
        clippy::disallowed_types,
        reason = "PKCS#1 v1.5 has no randomness: ring asks for it and does not use it"
    )]
    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let random = ring::rand::SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
        Some(signature)
    }

    /// A token, when this key has signed it.
    pub(crate) fn verify<'a>(&self, token: &'a str) -> Option<Jws<'a>> {
        let jws = Jws::parse(token).filter(|jws| jws.header.alg == "RS256")?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        key.verify(jws.message, &jws.signature).ok()?;
        Some(jws)
    }

    /// The public half, as `jwks.json` lists it.
    pub(crate) fn to_jwk(&self) -> Jwk<'_> {
        let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(self.pair.public());
        Jwk {
            alg: "RS256",
            kty: "RSA",
            r#use: "sig",
            n: base64url(&n),
            e: base64url(&e),
            kid: &self.id,
            x5t: base64url(digest(&SHA1_FOR_LEGACY_USE_ONLY, self.certificate).as_ref()),
            x5c: [Base64::encode_string(self.certificate)],
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Jwk<'a> {
    alg: &'static str,
    kty: &'static str,
    r#use: &'static str,
    n: String,
    e: String,
    kid: &'a str,
    x5t: String,
    x5c: [String; 1],
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_seed_has_one_of_eight_good_keys() {
        let keys = (0..16).map(|seed| SigningKey::of_seed(seed).expect("a key").id);
        assert_eq!(keys.collect::<BTreeSet<_>>().len(), 8);
    }

    #[test]
    fn the_certificate_is_that_of_the_key() {
        for seed in 0..8 {
            let key = SigningKey::of_seed(seed).expect("a key");
            let modulus = PublicKeyComponents::<Vec<u8>>::from(key.pair.public()).n;
            assert!(key.certificate.windows(modulus.len()).any(|window| window == modulus), "{seed}");
        }
    }

    #[test]
    fn the_same_claims_give_the_same_token_and_only_its_own_key_verifies_it() {
        let key = SigningKey::of_seed(1).expect("a key");
        let (one, two) = (key.sign(&["claim"]).expect("a token"), key.sign(&["claim"]).expect("a token"));
        assert_eq!(*one, *two);
        let claims: Vec<String> = key.verify(&one).expect("verified").claims().expect("claims");
        assert_eq!(claims, ["claim"]);
        assert!(SigningKey::of_seed(2).expect("a key").verify(&one).is_none());
        for broken in [
            one.replacen('.', "", 1),
            format!("{}A", *one),
            one.replacen("Imnsb", "x", 1) + "=",
            String::new(),
        ] {
            assert!(key.verify(&broken).is_none(), "{broken}");
        }
    }
}
