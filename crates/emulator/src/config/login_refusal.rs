//! What keeps a user from logging in though the password is right.

use auth0_mfa_core::{ApiError, ErrorCode};
use http::StatusCode;
use serde::Deserialize;

/// What keeps a user from logging in though the password is right. No Action, and no attack protection but that against
/// wrong passwords, runs in a local tenant: a user who is to meet it is given it.
///
/// Source: <https://auth0.com/docs/secure/attack-protection>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LoginRefusal {
    /// An administrator has blocked the user: 401 `unauthorized` "user is blocked". In threads and an SDK; 403 is seen
    /// too.
    Blocked,
    /// An Action denies the login: 403 `access_denied`. Documented; the text is the Action's.
    DeniedByAction,
    /// Breached-password detection: 401 `password_leaked`. In an SDK.
    PasswordLeaked,
    /// Bot detection, which cannot be passed by API: 401 `requires_verification` "Suspicious request requires
    /// verification". In an SDK.
    RequiresVerification,
}

impl LoginRefusal {
    pub(crate) fn to_api_error(self) -> ApiError {
        let error = |code| ApiError::new(StatusCode::UNAUTHORIZED, code);
        match self {
            Self::Blocked => error(ErrorCode::Unauthorized).describe("user is blocked"),
            Self::DeniedByAction => ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied)
                .describe("An Action has denied the login."),
            Self::PasswordLeaked => error(ErrorCode::PasswordLeaked),
            Self::RequiresVerification => {
                error(ErrorCode::RequiresVerification).describe("Suspicious request requires verification")
            }
        }
    }
}
