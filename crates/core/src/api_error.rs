//! What Auth0 refuses, and why.

use std::fmt;

use http::StatusCode;

use crate::reply::{Reply, ReplyInfo};
use crate::wire::json::{self, Fields, Text};
use crate::wire::{error_envelope, json_response};
use crate::{Body, ErrorCode, MfaRequired, NextStep};

/// An error that Auth0 answered.
///
/// Decide by [`code`](Self::code), never by [`status`](Self::status): statuses vary between tenants and endpoints.
/// `Display` and `Debug` leave out the description, which may repeat what a user entered.
pub struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    description: Option<String>,
    error_uri: Option<String>,
    validation_errors: Vec<ValidationError>,
    mfa_required: Option<MfaRequired>,
    next_step: Option<NextStep>,
    info: ReplyInfo,
}

/// One of `validation_errors`: a parameter, and what is wrong with it. Both are a server's free text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationError {
    /// `field`.
    pub field: String,
    /// `message`.
    pub message: String,
}

impl ApiError {
    /// An error as a server answers it; for emulators and tests.
    pub fn new(status: StatusCode, code: ErrorCode) -> Self {
        Self {
            status,
            code,
            description: None,
            error_uri: None,
            validation_errors: Vec::new(),
            mfa_required: None,
            next_step: None,
            info: ReplyInfo::default(),
        }
    }

    /// The same with one more of `validation_errors`.
    #[must_use]
    pub fn validation_error(mut self, error: ValidationError) -> Self {
        self.validation_errors.push(error);
        self
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

    /// The error that a reply holds, when it holds one: for the replies of grants that this crate does not send
    /// (token exchange, passwordless, passkey), which can answer `mfa_required` too.
    ///
    /// ```
    /// use auth0_mfa_core::ApiError;
    ///
    /// let body = br#"{"error":"mfa_required","mfa_token":"Fe26.2*FAKE"}"#;
    /// let error = ApiError::from_reply(&http::Response::new(&body[..])).ok_or("no error")?;
    /// let mfa = error.mfa_required().ok_or("another error")?;
    /// # let _ = mfa;
    /// # Ok::<(), &'static str>(())
    /// ```
    pub fn from_reply(reply: &http::Response<&[u8]>) -> Option<Self> {
        let text = Text::of(reply.body());
        let fields = Fields::parse(text.as_str());
        Self::read(&Reply::new(reply, &text, fields.as_ref()))
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

    /// `error_uri`: a page about the error. A server's free text.
    pub fn error_uri(&self) -> Option<&str> {
        self.error_uri.as_deref()
    }

    /// `validation_errors`: which parameters Auth0 found wrong; none, usually.
    pub fn validation_errors(&self) -> &[ValidationError] {
        &self.validation_errors
    }

    /// What to offer the user now. It depends on the call that was made: `access_denied` alone has five meanings.
    ///
    /// ```
    /// use auth0_mfa_core::{ApiError, ErrorCode, NextStep};
    ///
    /// let error = ApiError::new(http::StatusCode::UNAUTHORIZED, ErrorCode::ExpiredToken)
    ///     .describe("oob_code is expired");
    /// assert_eq!(error.next_step(), NextStep::NewChallenge);
    /// ```
    pub fn next_step(&self) -> NextStep {
        self.next_step.unwrap_or_else(|| NextStep::of(self))
    }

    /// The same, as the answer to a call that gives it this meaning.
    pub(crate) fn meaning(mut self, next_step: NextStep) -> Self {
        self.next_step = Some(next_step);
        self
    }

    /// The way on, when the error is that (more) MFA is required.
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

    /// Whether the description begins with this text; case does not matter.
    pub(crate) fn begins(&self, text: &str) -> bool {
        let description = self.description().unwrap_or("").trim_start().as_bytes();
        description.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
    }

    /// Whether it is the `mfa_token` that was refused.
    pub(crate) fn refuses_mfa_token(&self) -> bool {
        self.says("Malformed mfa_token") || self.begins("The mfa_token provided is invalid")
    }

    /// The error that a reply holds: a JSON object with `error` and no `access_token` at any status, or another of
    /// Auth0's envelopes at a 4xx.
    pub(crate) fn read(reply: &Reply<'_>) -> Option<Self> {
        let fields = reply.fields()?;
        let has_token = fields.raw("access_token").is_some_and(|token| token != "\"\"");
        let is_error = fields.has("error") && !has_token;
        let is_other_envelope = reply.status().is_client_error()
            && ["code", "errorCode", "message"].iter().any(|name| fields.has(name));
        if !is_error && !is_other_envelope {
            return None;
        }
        let code = code(fields);
        let mfa_required =
            if code == ErrorCode::MfaRequired { MfaRequired::read(fields, reply.info()) } else { None };
        Some(Self {
            status: reply.status(),
            code,
            description: description_text(fields),
            error_uri: fields.text("error_uri"),
            validation_errors: fields.raw("validation_errors").map(ValidationError::read).unwrap_or_default(),
            mfa_required,
            next_step: None,
            info: reply.info(),
        })
    }

    /// The reply that a server sends for this error.
    pub fn to_response(&self) -> http::Response<Body> {
        json_response(self.status, error_envelope::oauth(self))
    }

    /// The reply that a server of the Management API sends for this error: `error` is the status in words, and the
    /// code, unless it is that, is `errorCode`.
    pub fn to_management_response(&self) -> http::Response<Body> {
        json_response(self.status, error_envelope::management(self))
    }
}

impl ValidationError {
    /// A parameter, and what is wrong with it.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    fn read(raw: &str) -> Vec<Self> {
        let read = |fields: Fields<'_>| Self {
            field: fields.text("field").unwrap_or_default(),
            message: fields.text("message").unwrap_or_default(),
        };
        let elements = json::elements(raw).unwrap_or_default();
        elements.into_iter().filter_map(|element| Fields::parse(element.get()).map(read)).collect()
    }
}

impl fmt::Debug for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidationError").finish_non_exhaustive()
    }
}

/// The Management API puts the HTTP reason in `error` and the machine's word in `errorCode`.
fn code(fields: &Fields<'_>) -> ErrorCode {
    let named = |name| fields.raw(name).and_then(Text::of_string);
    match named("errorCode").or_else(|| named("error")).or_else(|| named("code")) {
        Some(word) => ErrorCode::parse(word.as_str()),
        None => ErrorCode::parse(fields.raw("error").unwrap_or_default()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Option<ApiError> {
        let response = http::Response::builder().status(status).body(body.as_bytes()).expect("a response");
        ApiError::from_reply(&response)
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
