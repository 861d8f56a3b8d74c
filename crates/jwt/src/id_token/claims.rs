//! What an ID token says.

use std::fmt;

use serde_json::{Map, Value};

use super::IdTokenError;

/// What an ID token says of the user and of the login, once it is validated. All of it is personal: `Debug` shows the
/// times and how the user logged in, and nothing else.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// `sub`: the user, for good; Auth0's `user_id`.
    pub sub: String,
    /// `iat`: when the token was issued, in seconds since the Unix epoch.
    pub iat: u64,
    /// `exp`: until when it is good.
    pub exp: u64,
    /// `auth_time`: when the user logged in, where it says so.
    pub auth_time: Option<u64>,
    /// `amr`: how the user logged in; `mfa` is in it after a second factor. Tokens of the MFA API may lack it.
    pub amr: Vec<String>,
    /// `acr`: the class of the login, where one was asked for.
    pub acr: Option<String>,
    /// `nonce`: which login it belongs to.
    pub nonce: Option<String>,
    /// `name`, with the scope `profile`.
    pub name: Option<String>,
    /// `nickname`, with the scope `profile`.
    pub nickname: Option<String>,
    /// `email`, with the scope `email`.
    pub email: Option<String>,
    /// `email_verified`: whether the address is the user's.
    pub email_verified: Option<bool>,
    /// Every other claim, as JSON: the picture, the session, those of your own namespace.
    pub rest: Map<String, Value>,
}

/// The claims that decide whether a token is good, and are of no use afterwards.
pub(super) struct Judged {
    pub(super) iss: Option<String>,
    pub(super) aud: Vec<String>,
    pub(super) azp: Option<String>,
    pub(super) nbf: Option<u64>,
}

/// Takes the claims out of an object.
pub(super) fn read(mut claims: Map<String, Value>) -> Result<(IdTokenClaims, Judged), IdTokenError> {
    let judged = Judged {
        iss: text(&mut claims, "iss"),
        aud: texts(&mut claims, "aud"),
        azp: text(&mut claims, "azp"),
        nbf: time(&mut claims, "nbf", "has an nbf that is no time")?,
    };
    let claims = IdTokenClaims {
        sub: text(&mut claims, "sub")
            .filter(|sub| !sub.is_empty())
            .ok_or(IdTokenError::Malformed("has no sub"))?,
        iat: time(&mut claims, "iat", "has an iat that is no time")?
            .ok_or(IdTokenError::Malformed("has no iat"))?,
        exp: time(&mut claims, "exp", "has an exp that is no time")?
            .ok_or(IdTokenError::Malformed("has no exp"))?,
        auth_time: time(&mut claims, "auth_time", "has an auth_time that is no time")?,
        amr: texts(&mut claims, "amr"),
        acr: text(&mut claims, "acr"),
        nonce: text(&mut claims, "nonce"),
        name: text(&mut claims, "name"),
        nickname: text(&mut claims, "nickname"),
        email: text(&mut claims, "email"),
        email_verified: boolean(&mut claims, "email_verified"),
        rest: claims,
    };
    Ok((claims, judged))
}

/// A claim that is a string; one that is something else stays where it is.
fn text(claims: &mut Map<String, Value>, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?.to_owned();
    claims.remove(name);
    Some(text)
}

/// A list of strings, or the one string that it is; nothing, when something else is in it.
fn texts(claims: &mut Map<String, Value>, name: &str) -> Vec<String> {
    let texts: Option<Vec<String>> = match claims.get(name) {
        Some(Value::String(only)) => Some(vec![only.clone()]),
        Some(Value::Array(all)) => all.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    if texts.is_some() {
        claims.remove(name);
    }
    texts.unwrap_or_default()
}

fn boolean(claims: &mut Map<String, Value>, name: &str) -> Option<bool> {
    let is = claims.get(name)?.as_bool()?;
    claims.remove(name);
    Some(is)
}

/// A time, in whole seconds. One that is there and cannot be read is not taken for one that is not there.
fn time(
    claims: &mut Map<String, Value>,
    name: &str,
    otherwise: &'static str,
) -> Result<Option<u64>, IdTokenError> {
    let Some(value) = claims.remove(name) else { return Ok(None) };
    value
        .as_u64()
        .or_else(|| whole_seconds(value.as_f64()?))
        .map(Some)
        .ok_or(IdTokenError::Malformed(otherwise))
}

/// RFC 7519 allows fractions.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is in the range, and the fraction is to go"
)]
fn whole_seconds(time: f64) -> Option<u64> {
    (0.0..=LATEST).contains(&time).then_some(time as u64)
}

/// The year 9999.
const LATEST: f64 = 253_402_300_799.0;

impl fmt::Debug for IdTokenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenClaims")
            .field("iat", &self.iat)
            .field("exp", &self.exp)
            .field("auth_time", &self.auth_time)
            .field("amr", &self.amr)
            .finish_non_exhaustive()
    }
}
