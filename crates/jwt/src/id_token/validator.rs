//! Whether an ID token is good.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth0_mfa_core::{Application, IdToken};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::{self, Judged};
use super::{IdTokenClaims, IdTokenError, KeySet, decoded};
use crate::Algorithm;

/// Says whether an ID token is good: that the tenant has signed it, for this application, and that it is good now.
///
/// ```
/// use auth0_mfa_core::transport::BlockingTransport;
/// use auth0_mfa_core::{Application, CallOptions, IdToken, begin};
/// use auth0_mfa_jwt::{GetKeySet, IdTokenClaims, IdTokenError, IdTokenValidator, KeySet};
/// use std::time::SystemTime;
///
/// /// `keys` is kept from one login to the next; a new one may be an empty set: `KeySet::default()`.
/// fn validate(
///     transport: &dyn BlockingTransport,
///     application: &Application,
///     id_token: &IdToken,
///     keys: &mut KeySet,
/// ) -> Result<IdTokenClaims, Box<dyn std::error::Error>> {
///     let validator = IdTokenValidator::new(application);
///     let mut judged = validator.validate(id_token, keys, SystemTime::now());
///     if judged == Err(IdTokenError::UnknownKey) {
///         let (request, pending) = begin(GetKeySet::new(), application, CallOptions::default());
///         *keys = pending.finish(transport.send(request))?;
///         judged = validator.validate(id_token, keys, SystemTime::now());
///     }
///     Ok(judged?)
/// }
/// ```
///
/// Source: <https://auth0.com/docs/secure/tokens/id-tokens/validate-id-tokens>; OpenID Connect Core, 3.1.3.7.
#[derive(Clone)]
pub struct IdTokenValidator {
    issuer: String,
    client_id: String,
    algorithm: Algorithm,
    nonce: Option<String>,
    leeway: Duration,
}

impl IdTokenValidator {
    /// Takes tokens of the application's domain for the application.
    pub fn new(application: &Application) -> Self {
        Self {
            issuer: format!("{}/", application.domain()),
            client_id: application.client_id().as_str().to_owned(),
            algorithm: Algorithm::default(),
            nonce: None,
            leeway: Duration::from_secs(60),
        }
    }

    /// Takes tokens that are signed by another algorithm than RS256, and no others: the one that the application is set
    /// to at Auth0.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Takes only a token of the login that was begun with this nonce. The grants of the MFA API send none.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Sets how far the clocks may differ, where that is not a minute.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// What the token says, when it is good.
    ///
    /// # Errors
    /// When it is not; [`IdTokenError::UnknownKey`] when the keys are to be fetched again first. The claims are looked
    /// at only after the signature.
    pub fn validate(
        &self,
        id_token: &IdToken,
        keys: &KeySet,
        now: SystemTime,
    ) -> Result<IdTokenClaims, IdTokenError> {
        let payload = self.signed_payload(id_token.expose(), keys)?;
        let (claims, judged) = claims::read(payload)?;
        self.judge(&claims, &judged)?;
        self.judge_times(&claims, &judged, now)?;
        Ok(claims)
    }

    fn signed_payload(&self, token: &str, keys: &KeySet) -> Result<Map<String, Value>, IdTokenError> {
        let (message, signature) = token.rsplit_once('.').ok_or(NOT_THREE_PARTS)?;
        // A payload with another dot in it is no base64.
        let (header, payload) = message.split_once('.').ok_or(NOT_THREE_PARTS)?;
        let key_id = self.key_id(header)?;
        let key = keys.key(&key_id).ok_or(IdTokenError::UnknownKey)?;
        if !key.is_for(self.algorithm) {
            return Err(IdTokenError::Algorithm);
        }
        let signature = decoded(signature).ok_or(IdTokenError::Signature)?;
        if !key.has_signed(message.as_bytes(), &signature, self.algorithm) {
            return Err(IdTokenError::Signature);
        }
        json(payload).ok_or(IdTokenError::Malformed("has claims that are not a JSON object"))
    }

    /// Of the header nothing is believed: it may only say what is expected, and by which key to check that.
    fn key_id(&self, header: &str) -> Result<String, IdTokenError> {
        let header: Header =
            json(header).ok_or(IdTokenError::Malformed("has a header that cannot be read"))?;
        if header.alg != self.algorithm.name() {
            return Err(IdTokenError::Algorithm);
        }
        if header.crit.is_some() {
            return Err(IdTokenError::Malformed("wants something to be understood that is not"));
        }
        // The other kinds of tokens that a tenant signs have a type of their own (RFC 8725, 3.11).
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(IdTokenError::Malformed("is a token of another type"));
        }
        header.kid.ok_or(IdTokenError::Malformed("does not say which key it is signed with"))
    }

    fn judge(&self, claims: &IdTokenClaims, judged: &Judged) -> Result<(), IdTokenError> {
        if judged.iss.as_ref() != Some(&self.issuer) {
            return Err(IdTokenError::Issuer);
        }
        let is_for_us = judged.aud.contains(&self.client_id);
        let is_asked_for_by_us = match &judged.azp {
            Some(party) => *party == self.client_id,
            None => judged.aud.len() == 1,
        };
        if !is_for_us || !is_asked_for_by_us {
            return Err(IdTokenError::Audience);
        }
        if self.nonce.is_some() && claims.nonce != self.nonce {
            return Err(IdTokenError::Nonce);
        }
        Ok(())
    }

    fn judge_times(
        &self,
        claims: &IdTokenClaims,
        judged: &Judged,
        now: SystemTime,
    ) -> Result<(), IdTokenError> {
        let (now, leeway) =
            (now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(), self.leeway.as_secs());
        if now >= claims.exp.saturating_add(leeway) {
            return Err(IdTokenError::Expired);
        }
        let latest = now.saturating_add(leeway);
        if claims.iat > latest || judged.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(IdTokenError::NotYet);
        }
        Ok(())
    }
}

/// Without the nonce, which whoever sees it could put into a login of his own.
impl fmt::Debug for IdTokenValidator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenValidator")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("algorithm", &self.algorithm)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

const NOT_THREE_PARTS: IdTokenError = IdTokenError::Malformed("does not have three parts");

/// What a part of a token says.
fn json<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&decoded(part)?).ok()
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    /// What has to be understood. That it is there is enough, whatever it is.
    #[serde(default, deserialize_with = "there")]
    crit: Option<()>,
}

fn there<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<()>, D::Error> {
    serde::de::IgnoredAny::deserialize(value).map(|_| Some(()))
}
