//! What Auth0 refuses, and why.

use std::fmt;

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::reply::{Reply, ReplyInfo};
use crate::wire::json::{self, Fields};
use crate::{Body, MfaRequired};

/// An error that Auth0 answered.
///
/// Decide by [`code`](Self::code), never by [`status`](Self::status): statuses vary between tenants and endpoints.
/// `Display` and `Debug` leave out the description, which may repeat what a user entered.
pub struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    description: Option<String>,
    mfa_required: Option<MfaRequired>,
    info: ReplyInfo,
}

impl ApiError {
    /// An error as a server answers it; for emulators and tests.
    pub fn new(status: StatusCode, code: ErrorCode) -> Self {
        Self { status, code, description: None, mfa_required: None, info: ReplyInfo::default() }
    }

    /// The same with an `error_description`.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// `mfa_required` as a server answers it.
    pub fn require_mfa(mfa: MfaRequired) -> Self {
        let mut error = Self::new(MfaRequired::STATUS, ErrorCode::MfaRequired);
        error.description = Some("Multifactor authentication required".to_owned());
        error.mfa_required = Some(mfa);
        error
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The `error`, or what stands for it in the envelope that came (`errorCode`, `code`).
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// The `error_description` (or `description`, `message`). It may repeat what a user entered.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The next step, when the error is that (more) MFA is required.
    pub fn mfa_required(&self) -> Option<&MfaRequired> {
        self.mfa_required.as_ref()
    }

    /// Request identifier, rate-limit figures and `Retry-After`.
    pub fn info(&self) -> &ReplyInfo {
        &self.info
    }

    /// Whether the description is this text; case, white space around it and a final dot do not matter.
    pub(crate) fn says(&self, text: &str) -> bool {
        plain(self.description().unwrap_or("")).eq_ignore_ascii_case(plain(text))
    }

    /// Whether it is the `mfa_token` that was refused.
    pub(crate) fn refuses_mfa_token(&self) -> bool {
        let description = plain(self.description().unwrap_or("")).to_ascii_lowercase();
        description == "malformed mfa_token" || description.starts_with("the mfa_token provided is invalid")
    }

    /// The error that a reply holds: a JSON object with `error` and no `access_token` at any status, or another of
    /// Auth0's envelopes at a 4xx.
    pub(crate) fn read(reply: &Reply<'_>) -> Option<Self> {
        let fields = reply.fields()?;
        let is_error = fields.has("error") && !fields.has("access_token");
        let is_other_envelope = reply.status().is_client_error()
            && ["code", "errorCode", "message"].iter().any(|name| fields.has(name));
        if !is_error && !is_other_envelope {
            return None;
        }
        let code = ErrorCode::parse(&code_text(fields));
        let mfa_required = if code == ErrorCode::MfaRequired { MfaRequired::read(fields) } else { None };
        Some(Self {
            status: reply.status(),
            code,
            description: description_text(fields),
            mfa_required,
            info: reply.info(),
        })
    }

    /// The reply that a server sends for this error.
    pub fn to_response(&self) -> http::Response<Body> {
        let envelope = Envelope {
            error: self.code.as_str(),
            error_description: self.description(),
            mfa_token: self.mfa_required().map(|mfa| mfa.mfa_token().expose()),
            mfa_requirements: self
                .mfa_required()
                .map(|mfa| RequirementsEnvelope::of(mfa.requirements()))
                .filter(|requirements| !requirements.is_empty()),
        };
        json_response(self.status, json::write(&envelope))
    }
}

/// A reply with a JSON body, as Auth0 marks it.
pub(crate) fn json_response(status: StatusCode, body: Body) -> http::Response<Body> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// The Management API puts the HTTP reason in `error` and the machine's word in `errorCode`.
fn code_text(fields: &Fields<'_>) -> String {
    let named = |name| fields.text(name);
    let first = if fields.has("errorCode") { named("errorCode") } else { None };
    first
        .or_else(|| named("error"))
        .or_else(|| named("code"))
        .or_else(|| fields.raw("error").map(str::to_owned))
        .unwrap_or_default()
}

fn description_text(fields: &Fields<'_>) -> Option<String> {
    let named = |name| fields.text(name);
    named("error_description")
        .or_else(|| named("description"))
        .or_else(|| named("message"))
        .or_else(|| fields.raw("description").map(str::to_owned))
}

fn plain(text: &str) -> &str {
    text.trim().trim_end_matches('.').trim_end()
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_requirements: Option<RequirementsEnvelope<'a>>,
}

#[derive(Serialize)]
struct RequirementsEnvelope<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    challenge: Vec<RequirementEnvelope<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enroll: Vec<RequirementEnvelope<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    challenge_types: &'a [String],
}

#[derive(Serialize)]
struct RequirementEnvelope<'a> {
    r#type: &'a str,
}

impl<'a> RequirementsEnvelope<'a> {
    fn of(requirements: &'a crate::MfaRequirements) -> Self {
        let each = |types: &'a [String]| types.iter().map(|r#type| RequirementEnvelope { r#type }).collect();
        Self {
            challenge: each(&requirements.challenge),
            enroll: each(&requirements.enroll),
            challenge_types: &requirements.challenge_types,
        }
    }

    fn is_empty(&self) -> bool {
        self.challenge.is_empty() && self.enroll.is_empty() && self.challenge_types.is_empty()
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("mfa_required", &self.mfa_required.is_some())
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Auth0 answered {} ({})", self.code, self.status.as_u16())
    }
}

impl std::error::Error for ApiError {}

/// The `error` of a reply. Source: PROTOCOL section 6, gathered from Auth0's documentation and SDKs.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `mfa_required` (also `a0.mfa_required`): (more) MFA is needed.
    MfaRequired,
    /// `invalid_grant`: a wrong credential, code or token; the description says which.
    InvalidGrant,
    /// `expired_token`: the `mfa_token` or the `oob_code` has ended.
    ExpiredToken,
    /// `authorization_pending`: the push is not answered yet.
    AuthorizationPending,
    /// `slow_down`: polled too fast.
    SlowDown,
    /// `access_denied`: a bad client credential, a refused push, an enrolled user, or a denial by an Action.
    AccessDenied,
    /// `unsupported_challenge_type`: the user is not enrolled with what was asked for.
    UnsupportedChallengeType,
    /// `association_required` (also `a0.mfa_registration_required`): the user is not enrolled with anything.
    AssociationRequired,
    /// `mfa_invalid_code` (also `a0.mfa_invalid_code`): a wrong code, in older tenants.
    MfaInvalidCode,
    /// `invalid_request`: a parameter is missing or belongs elsewhere.
    InvalidRequest,
    /// `unauthorized_client`: the application may not use this grant.
    UnauthorizedClient,
    /// `invalid_client`: the application's credential is wrong.
    InvalidClient,
    /// `too_many_attempts`: locked out for a while.
    TooManyAttempts,
    /// `too_many_requests`: the tenant's or application's rate limit.
    TooManyRequests,
    /// `use_dpop_nonce`: to be repeated once, with the nonce that came.
    UseDpopNonce,
    /// `unauthorized`: denied by a Rule or Action, or the user is blocked.
    Unauthorized,
    /// `requires_verification`: bot detection; cannot go on by API.
    RequiresVerification,
    /// `password_leaked`: breached-password detection.
    PasswordLeaked,
    /// `invalid_user_password`: wrong credentials, in older tenants.
    InvalidUserPassword,
    /// `invalid_token`: an access token was refused.
    InvalidToken,
    /// `server_error`.
    ServerError,
    /// `temporarily_unavailable`.
    TemporarilyUnavailable,
    /// Any other, as it came.
    Other(String),
}

/// Each code with its word on the wire; the first word is the one that is written.
const WORDS: [(ErrorCode, &str); 25] = [
    (ErrorCode::MfaRequired, "mfa_required"),
    (ErrorCode::MfaRequired, "a0.mfa_required"),
    (ErrorCode::InvalidGrant, "invalid_grant"),
    (ErrorCode::ExpiredToken, "expired_token"),
    (ErrorCode::AuthorizationPending, "authorization_pending"),
    (ErrorCode::SlowDown, "slow_down"),
    (ErrorCode::AccessDenied, "access_denied"),
    (ErrorCode::UnsupportedChallengeType, "unsupported_challenge_type"),
    (ErrorCode::AssociationRequired, "association_required"),
    (ErrorCode::AssociationRequired, "a0.mfa_registration_required"),
    (ErrorCode::MfaInvalidCode, "mfa_invalid_code"),
    (ErrorCode::MfaInvalidCode, "a0.mfa_invalid_code"),
    (ErrorCode::InvalidRequest, "invalid_request"),
    (ErrorCode::UnauthorizedClient, "unauthorized_client"),
    (ErrorCode::InvalidClient, "invalid_client"),
    (ErrorCode::TooManyAttempts, "too_many_attempts"),
    (ErrorCode::TooManyRequests, "too_many_requests"),
    (ErrorCode::UseDpopNonce, "use_dpop_nonce"),
    (ErrorCode::Unauthorized, "unauthorized"),
    (ErrorCode::RequiresVerification, "requires_verification"),
    (ErrorCode::PasswordLeaked, "password_leaked"),
    (ErrorCode::InvalidUserPassword, "invalid_user_password"),
    (ErrorCode::InvalidToken, "invalid_token"),
    (ErrorCode::ServerError, "server_error"),
    (ErrorCode::TemporarilyUnavailable, "temporarily_unavailable"),
];

impl ErrorCode {
    /// The code of a word on the wire.
    pub fn parse(word: &str) -> Self {
        let known = WORDS.iter().find(|(_, known)| *known == word);
        known.map_or_else(|| Self::Other(word.to_owned()), |(code, _)| code.clone())
    }

    /// The word on the wire. One that is not known came from the server and may be anything.
    pub fn as_str(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        WORDS.iter().find(|(code, _)| code == self).map_or("", |(_, word)| word)
    }
}

impl fmt::Display for ErrorCode {
    /// The word, when it is a known one: what else a server writes there may repeat a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if let Self::Other(_) = self { "an error of another kind" } else { self.as_str() })
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::Text;

    fn read(status: u16, body: &str) -> Option<ApiError> {
        let response = http::Response::builder().status(status).body(body.as_bytes()).expect("a response");
        let text = Text::of(body.as_bytes());
        let fields = Fields::parse(text.as_str());
        ApiError::read(&Reply::new(&response, &text, fields.as_ref()))
    }

    #[test]
    fn every_envelope_is_understood() {
        for (status, body, code, description) in [
            (
                403,
                r#"{"error":"invalid_grant","error_description":"No.","error_uri":"x"}"#,
                "invalid_grant",
                Some("No."),
            ),
            (403, r#"{"error":"mfa_required"}"#, "mfa_required", None),
            (
                400,
                r#"{"error":"invalid_request","error_description":"a","validation_errors":[{"field":"x"}]}"#,
                "invalid_request",
                Some("a"),
            ),
            (
                401,
                r#"{"statusCode":401,"error":"Unauthorized","message":"m","errorCode":"invalid_token"}"#,
                "invalid_token",
                Some("m"),
            ),
            (401, r#"{"statusCode":401,"error":"Unauthorized","message":"m"}"#, "Unauthorized", Some("m")),
            (
                400,
                r#"{"name":"E","code":"invalid_password","description":{"rules":[]}}"#,
                "invalid_password",
                Some(r#"{"rules":[]}"#),
            ),
            (400, r#"{"code":"c","error":"text"}"#, "text", None),
            (400, r#"{"error":"e","message":"m"}"#, "e", Some("m")),
            (400, r#"{"error":{"x":1}}"#, r#"{"x":1}"#, None),
            (200, r#"{"error":"authorization_pending"}"#, "authorization_pending", None),
        ] {
            let error = read(status, body).expect(body);
            assert_eq!(error.code().as_str(), code, "{body}");
            assert_eq!(error.description(), description, "{body}");
            assert_eq!(error.status().as_u16(), status);
        }
    }

    #[test]
    fn what_is_no_error_is_not_read_as_one() {
        for (status, body) in [
            (200, r#"{"access_token":"x","error":"odd"}"#),
            (200, r#"{"message":"hello"}"#),
            (502, r#"{"message":"Bad Gateway"}"#),
            (403, "<html>"),
            (403, "null"),
            (403, "[]"),
            (403, r#"{"error":null}"#),
            (403, ""),
        ] {
            assert!(read(status, body).is_none(), "{body}");
        }
    }

    #[test]
    fn every_word_is_its_codes_word() {
        for (code, word) in WORDS {
            assert_eq!(ErrorCode::parse(word), code);
            assert_eq!(ErrorCode::parse(code.as_str()), code);
        }
        assert_eq!(ErrorCode::parse("new_word"), ErrorCode::Other("new_word".to_owned()));
    }

    #[test]
    fn neither_debug_nor_display_shows_a_servers_free_text() {
        for text in ["CANARY 123456", "canary", "000000"] {
            let body = format!(r#"{{"error":"{text}","error_description":"{text}"}}"#);
            let error = read(400, &body).expect("an error");
            let shown = format!("{error} {error:?} {error:#?}");
            assert!(!shown.contains(text), "{shown}");
        }
        assert_eq!(
            read(403, r#"{"error":"invalid_grant"}"#).expect("an error").to_string(),
            "Auth0 answered invalid_grant (403)"
        );
    }
}
