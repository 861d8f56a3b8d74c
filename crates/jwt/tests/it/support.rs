//! What the tests share: an application, keys that everybody knows, and how to look into a token.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth0_mfa_core::{Application, ClientAuth, ClientId, Domain, IdToken};
use auth0_mfa_jwt::{KeySet, SigningError, Surroundings};
use base64ct::{Base64UrlUnpadded, Encoding};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Value, json};

/// The key of RFC 7515, A.2.
pub(crate) const RSA_PEM: &str = include_str!("../keys/rfc7515-a2.pem");
/// The key of RFC 7515, A.3.
pub(crate) const EC_PEM: &str = include_str!("../keys/rfc7515-a3.pem");
pub(crate) const EXPONENT: &str = "AQAB";

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const KEY_ID: &str = "fake-kid";

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A clock that stands, and always the same identifier.
pub(crate) struct Fixed;

impl Surroundings for Fixed {
    fn now(&self) -> SystemTime {
        now()
    }

    fn jti(&self) -> Result<String, SigningError> {
        Ok("fake-jti".to_owned())
    }
}

/// Surroundings without randomness.
pub(crate) struct Barren;

impl Surroundings for Barren {
    fn now(&self) -> SystemTime {
        now()
    }

    fn jti(&self) -> Result<String, SigningError> {
        Err(SigningError::new("there is no randomness"))
    }
}

pub(crate) fn application(client_auth: ClientAuth) -> Application {
    let domain = Domain::parse("tenant.eu.auth0.com").unwrap();
    Application::new(domain, ClientId::parse("fakeClientId").unwrap(), client_auth)
}

/// Header, claims, what is signed, and the signature.
pub(crate) fn parts(token: &str) -> (Value, Value, &str, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let json = |part| serde_json::from_slice(&decoded(part)).unwrap();
    (json(header), json(claims), message, decoded(signature))
}

pub(crate) fn decoded(part: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(part).unwrap()
}

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// The bytes of a PEM.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(&pem.as_bytes()[pem.find("-----").unwrap()..]).unwrap().1
}

pub(crate) fn rsa_key() -> &'static RsaKeyPair {
    static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::from_pkcs8(&der(RSA_PEM)).unwrap());
    &KEY
}

/// The modulus of the key, as a JWK has it.
pub(crate) fn modulus() -> String {
    let components: RsaPublicKeyComponents<Vec<u8>> = rsa_key().public().into();
    encoded(components.n)
}

pub(crate) fn keys() -> KeySet {
    let set = json!({"keys": [{"kty": "RSA", "use": "sig", "kid": KEY_ID, "n": modulus(), "e": EXPONENT}]});
    KeySet::parse(set.to_string().as_bytes()).unwrap()
}

/// A token that is signed with the key, by RS256.
pub(crate) fn signed(header: &Value, claims: &Value) -> IdToken {
    signed_by(&RSA_PKCS1_SHA256, header, &claims.to_string())
}

/// The same by PS256.
pub(crate) fn signed_pss(header: &Value, claims: &Value) -> IdToken {
    signed_by(&RSA_PSS_SHA256, header, &claims.to_string())
}

pub(crate) fn signed_text(header: &Value, claims: &str) -> IdToken {
    signed_by(&RSA_PKCS1_SHA256, header, claims)
}

fn signed_by(encoding: &'static dyn RsaEncoding, header: &Value, claims: &str) -> IdToken {
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims));
    let key = rsa_key();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    IdToken::from(format!("{message}.{}", encoded(signature)))
}

pub(crate) fn header() -> Value {
    json!({"alg": "RS256", "typ": "JWT", "kid": KEY_ID})
}

/// Claims that are good.
pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://tenant.eu.auth0.com/",
        "aud": "fakeClientId",
        "sub": "auth0|fake",
        "iat": NOW,
        "exp": NOW + 600,
    })
}

/// The same with one of them changed; `null` takes it away.
pub(crate) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let fields = claims.as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(name)
    } else {
        fields.insert(name.to_owned(), value)
    };
    claims
}
