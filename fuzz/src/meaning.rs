//! What a reply means, and what it shows about the recovery code that was sent: the tables of core's documentation,
//! written down a second time.

use auth0_mfa_core::{ApiError, CodeState, Evidence, RegenerateRecoveryCode, VerifyWithRecoveryCode};
use http::StatusCode;

use crate::json::{End, Object, elements, string};

/// A reply as the second reader sees it.
pub struct Seen<'a> {
    /// The status.
    pub status: StatusCode,
    /// The body as text, without a byte-order mark.
    pub text: &'a str,
    /// The object that the text begins with.
    pub object: Option<Object<'a>>,
}

/// What kind of outcome a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The output of the call, or, where that cannot be read, a malformed reply.
    SuccessOrMalformed,
    /// An error of Auth0.
    Api,
    /// A gateway spoke.
    InDoubt,
    /// Anything else.
    Malformed,
}

impl<'a> Seen<'a> {
    /// Reads a reply whose body is this text.
    pub fn new(status: StatusCode, text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { status, text, object: Object::parse(text) }
    }

    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.object.as_ref()?.value(name)
    }

    /// The table of core's front page.
    pub fn kind(&self) -> Kind {
        // An empty token is none.
        let has_token = self.value("access_token").is_some_and(|token| token != "\"\"");
        let is_error = self.has("error") && !has_token;
        let is_other = ["code", "errorCode", "message"].iter().any(|name| self.has(name));
        match self.status.as_u16() {
            _ if is_error => Kind::Api,
            400..500 if is_other => Kind::Api,
            200..300 => Kind::SuccessOrMalformed,
            500..600 => Kind::InDoubt,
            _ => Kind::Malformed,
        }
    }

    /// The token with which a login goes on: visible ASCII, or it could not be sent.
    pub fn mfa_token(&self) -> Option<String> {
        let word = |name| self.value(name).and_then(string);
        let code = ["errorCode", "error", "code"].into_iter().find_map(word)?;
        let is_mfa_required = |code: &str| matches!(code, "mfa_required" | "a0.mfa_required");
        let can_be_sent = |token: &str| !token.is_empty() && token.bytes().all(|it| it.is_ascii_graphic());
        word("mfa_token").filter(|token| is_mfa_required(&code) && can_be_sent(token))
    }

    /// Whether it has the token that a grant cannot be without.
    pub fn has_an_access_token(&self) -> bool {
        self.value("access_token").and_then(string).is_some_and(|token| !token.is_empty())
    }

    /// Whether it is an array of objects, `null` among them or not; it may be in a field of an object.
    pub fn lists_objects(&self, field: Option<&str>) -> bool {
        let listed = field.and_then(|field| self.value(field)).unwrap_or(self.text);
        let is_object = |text: &&str| Object::parse(text).is_some_and(|object| object.end.is_ok());
        elements(listed).is_some_and(|all| all.iter().all(|it| *it == "null" || is_object(it)))
    }

    /// Whether it begins as only the success of a call does that issues tokens or a code.
    fn begins_a_success(&self) -> bool {
        let Some(object) = &self.object else { return false };
        let fields = || object.fields.iter();
        let is_token = |name: &str, value: &str| name == "access_token" && !matches!(value, "null" | "\"\"");
        let has_token = fields().any(|it| it.value.is_ok_and(|value| is_token(&it.name, value)));
        let is_null = |value: Result<&str, End>| value == Ok("null");
        let has_error = fields().any(|it| ERROR_FIELDS.contains(&it.name.as_str()) && !is_null(it.value));
        let has_success = fields().any(|it| SUCCESS_FIELDS.contains(&it.name.as_str()));
        has_token || (has_success && !has_error)
    }

    /// The state of the code behind a failure.
    pub fn state(&self, before: CodeState, of: Option<Evidence>, has_code: bool) -> CodeState {
        let sending = match (self.kind(), of) {
            (Kind::Api, _) if has_code => Evidence::Nothing,
            (Kind::Api, Some(evidence)) => evidence,
            (Kind::SuccessOrMalformed, _) if has_code || self.begins_a_success() => Evidence::Taken,
            _ => Evidence::Nothing,
        };
        match (before, sending) {
            (_, Evidence::Taken) => CodeState::Spent,
            (CodeState::Intact, Evidence::Untouched) => CodeState::Intact,
            (CodeState::Intact, Evidence::Refused) => CodeState::NotAccepted,
            (CodeState::Unknown, Evidence::Refused) => CodeState::LikelySpent,
            _ => CodeState::Unknown,
        }
    }
}

const SUCCESS_FIELDS: [&str; 7] =
    ["access_token", "token_type", "expires_in", "scope", "id_token", "refresh_token", "recovery_code"];

const ERROR_FIELDS: [&str; 12] = [
    "error",
    "error_description",
    "error_uri",
    "validation_errors",
    "name",
    "code",
    "description",
    "statusCode",
    "message",
    "errorCode",
    "mfa_token",
    "mfa_requirements",
];

/// A call whose errors say something about a code.
pub trait Evident {
    /// What an error shows about it.
    fn shows(error: &ApiError) -> Evidence;
}

impl Evident for VerifyWithRecoveryCode {
    fn shows(error: &ApiError) -> Evidence {
        let description = error.description().unwrap_or("").trim().to_ascii_lowercase();
        let says = |text: &str| description.trim_end_matches('.').trim_end() == text;
        match error.code().as_str() {
            "expired_token"
            | "invalid_client"
            | "unauthorized_client"
            | "invalid_request"
            | "use_dpop_nonce"
            | "too_many_requests" => Evidence::Untouched,
            "invalid_grant" if says("malformed mfa_token") => Evidence::Untouched,
            "invalid_grant" if description.starts_with("the mfa_token provided is invalid") => {
                Evidence::Untouched
            }
            "invalid_grant" if says("mfa authorization rejected") => Evidence::Refused,
            "access_denied" if says("unauthorized") => Evidence::Untouched,
            _ => Evidence::Nothing,
        }
    }
}

impl Evident for RegenerateRecoveryCode {
    fn shows(error: &ApiError) -> Evidence {
        match error.status().as_u16() {
            400 | 401 | 403 | 404 | 429 => Evidence::Untouched,
            _ => Evidence::Nothing,
        }
    }
}
