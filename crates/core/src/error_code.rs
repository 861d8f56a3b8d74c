//! The words of `error`.

use std::fmt;

/// The `error` of a reply: Auth0's documented words, and those that its SDKs and tenants are known to use.
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa>
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
    /// `insufficient_scope`: an access token lacks a scope.
    InsufficientScope,
    /// `bad_gateway`.
    BadGateway,
    /// `server_error`.
    ServerError,
    /// `temporarily_unavailable`.
    TemporarilyUnavailable,
    /// Any other, as it came.
    Other(String),
}

/// Each code with its word on the wire; the first word is the one that is written.
static WORDS: [(ErrorCode, &str); 31] = [
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
    // The Management API says these in words, where it has no `errorCode`.
    (ErrorCode::TooManyRequests, "Too Many Requests"),
    (ErrorCode::UseDpopNonce, "use_dpop_nonce"),
    (ErrorCode::Unauthorized, "unauthorized"),
    (ErrorCode::RequiresVerification, "requires_verification"),
    (ErrorCode::PasswordLeaked, "password_leaked"),
    (ErrorCode::InvalidUserPassword, "invalid_user_password"),
    (ErrorCode::InvalidToken, "invalid_token"),
    (ErrorCode::InsufficientScope, "insufficient_scope"),
    (ErrorCode::BadGateway, "bad_gateway"),
    (ErrorCode::BadGateway, "Bad Gateway"),
    (ErrorCode::ServerError, "server_error"),
    (ErrorCode::ServerError, "Internal Server Error"),
    (ErrorCode::TemporarilyUnavailable, "temporarily_unavailable"),
    (ErrorCode::TemporarilyUnavailable, "Service Unavailable"),
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

    #[test]
    fn every_word_is_its_codes_word() {
        for (code, word) in &WORDS {
            assert_eq!(ErrorCode::parse(word), *code);
            assert_eq!(ErrorCode::parse(code.as_str()), *code);
        }
        assert_eq!(ErrorCode::parse("new_word"), ErrorCode::Other("new_word".to_owned()));
    }
}
