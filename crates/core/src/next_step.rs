//! What to offer the user after an error.

use crate::{ApiError, ErrorCode};

/// What an error of Auth0 leaves to do. [`ApiError::next_step`] says which; the same `error` can mean different things
/// for different calls.
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextStep {
    /// (More) MFA is needed: go on with [`ApiError::mfa_required`], whose token replaces the one before.
    ContinueWithMfa,
    /// What the user typed was wrong: ask again. Ten wrong codes lock the user out for a while.
    TryAgain,
    /// The code of a message was wrong: ask again, or send another message.
    TryAgainOrResend,
    /// The user refused the push: final for this challenge, another one can be requested.
    StartOver,
    /// The `oob_code` has ended: request another challenge with the same `mfa_token`.
    NewChallenge,
    /// Nothing was decided yet: wait, and ask again ([`OobPoll`](crate::OobPoll)).
    KeepPolling,
    /// The `mfa_token` or the refresh token has ended or is refused: log in again.
    LogInAgain,
    /// The user has an authenticator: challenge it, or enrol with an access token for the MFA API.
    ChallengeInstead,
    /// The user has no authenticator of the kind: enrol one, or ask for another kind.
    Enroll,
    /// Locked out after too many attempts: wait. A right code is refused too. For codes it is some minutes; for
    /// passwords the block can last 30 days.
    WaitForUnlock,
    /// A rate limit: wait until [`ReplyInfo`](crate::ReplyInfo) says that the bucket is filled again.
    WaitForReset,
    /// Bot detection: the login goes on in a browser.
    LogInWithBrowser,
    /// The password is known from a breach: it must be reset.
    ResetPassword,
    /// An Action, a Rule or an administrator says no to this user.
    Stop,
    /// The access token has ended or is refused: get another.
    RenewAccessToken,
    /// The application's settings or credential are wrong: for an administrator.
    AskAdministrator,
    /// The request itself is wrong: for a developer.
    FixRequest,
    /// Repeat the request once, with a proof that holds the nonce
    /// ([`Refused::into_dpop_repeat`](crate::Refused::into_dpop_repeat)).
    RepeatWithDpopNonce,
    /// The server failed: send again if [`Replay`](crate::Replay) allows.
    SendAgainIfSafe,
    /// Nobody knows this error.
    Unknown,
}

impl NextStep {
    /// What an error means for most calls. First match wins.
    pub(crate) fn of(error: &ApiError) -> Self {
        match error.code() {
            ErrorCode::MfaRequired if error.mfa_required().is_none() => Self::LogInAgain,
            ErrorCode::MfaRequired => Self::ContinueWithMfa,
            ErrorCode::InvalidGrant => of_invalid_grant(error),
            ErrorCode::ExpiredToken if error.begins("oob_code") => Self::NewChallenge,
            ErrorCode::ExpiredToken => Self::LogInAgain,
            ErrorCode::AuthorizationPending | ErrorCode::SlowDown => Self::KeepPolling,
            ErrorCode::AccessDenied => of_access_denied(error),
            ErrorCode::UnsupportedChallengeType | ErrorCode::AssociationRequired => Self::Enroll,
            ErrorCode::MfaInvalidCode | ErrorCode::InvalidUserPassword => Self::TryAgain,
            ErrorCode::InvalidRequest => Self::FixRequest,
            ErrorCode::UnauthorizedClient | ErrorCode::InvalidClient | ErrorCode::InsufficientScope => {
                Self::AskAdministrator
            }
            ErrorCode::TooManyAttempts => Self::WaitForUnlock,
            ErrorCode::TooManyRequests => Self::WaitForReset,
            ErrorCode::UseDpopNonce => Self::RepeatWithDpopNonce,
            ErrorCode::Unauthorized => Self::Stop,
            ErrorCode::RequiresVerification => Self::LogInWithBrowser,
            ErrorCode::PasswordLeaked => Self::ResetPassword,
            ErrorCode::InvalidToken => Self::RenewAccessToken,
            ErrorCode::ServerError | ErrorCode::BadGateway | ErrorCode::TemporarilyUnavailable => {
                Self::SendAgainIfSafe
            }
            ErrorCode::Other(_) => Self::Unknown,
        }
    }

    /// What it means for the calls under `/mfa/` with a Bearer, which can be answered as the Management API does.
    pub(crate) fn of_bearer(error: &ApiError) -> Self {
        match error.code() {
            ErrorCode::Other(word) if word == "Unauthorized" => Self::RenewAccessToken,
            _ => Self::of(error),
        }
    }

    /// The step's name for programs, for example `try_again`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContinueWithMfa => "continue_with_mfa",
            Self::TryAgain => "try_again",
            Self::TryAgainOrResend => "try_again_or_resend",
            Self::StartOver => "start_over",
            Self::NewChallenge => "new_challenge",
            Self::KeepPolling => "keep_polling",
            Self::LogInAgain => "log_in_again",
            Self::ChallengeInstead => "challenge_instead",
            Self::Enroll => "enroll",
            Self::WaitForUnlock => "wait_for_unlock",
            Self::WaitForReset => "wait_for_reset",
            Self::LogInWithBrowser => "log_in_with_browser",
            Self::ResetPassword => "reset_password",
            Self::Stop => "stop",
            Self::RenewAccessToken => "renew_access_token",
            Self::AskAdministrator => "ask_administrator",
            Self::FixRequest => "fix_request",
            Self::RepeatWithDpopNonce => "repeat_with_dpop_nonce",
            Self::SendAgainIfSafe => "send_again_if_safe",
            Self::Unknown => "unknown",
        }
    }

    /// What it means for the calls of the Management API, whose `error` is the status in words.
    pub(crate) fn of_management(error: &ApiError) -> Self {
        match (Self::of(error), error.status().as_u16()) {
            (Self::Unknown | Self::Stop, 401) => Self::RenewAccessToken,
            (Self::Unknown, 403) => Self::AskAdministrator,
            (Self::Unknown, 400 | 404) => Self::FixRequest,
            (Self::Unknown, 429) => Self::WaitForReset,
            (Self::Unknown, 500..) => Self::SendAgainIfSafe,
            (step, _) => step,
        }
    }
}

fn of_invalid_grant(error: &ApiError) -> NextStep {
    if error.refuses_mfa_token() {
        NextStep::LogInAgain
    } else if error.says("Wrong email or password") || error.says("Invalid otp_code") {
        NextStep::TryAgain
    } else if error.says("Invalid binding_code") {
        NextStep::TryAgainOrResend
    } else if error.says("Malformed oob_code") {
        NextStep::NewChallenge
    } else {
        NextStep::Unknown
    }
}

fn of_access_denied(error: &ApiError) -> NextStep {
    if error.says("User is already enrolled") {
        NextStep::ChallengeInstead
    } else if error.says("Unauthorized") || error.begins("Service not enabled within domain") {
        NextStep::AskAdministrator
    } else {
        NextStep::Stop
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::{MfaRequired, MfaToken};

    fn error(word: &str, description: &str) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, ErrorCode::parse(word)).describe(description)
    }

    #[test]
    fn each_row_of_the_catalogue_has_its_step() {
        for (word, description, step) in [
            // Without a token there is nothing to go on with.
            ("mfa_required", "", NextStep::LogInAgain),
            ("invalid_grant", "Wrong email or password.", NextStep::TryAgain),
            ("invalid_grant", "Invalid otp_code.", NextStep::TryAgain),
            ("invalid_grant", "Invalid binding_code.", NextStep::TryAgainOrResend),
            ("invalid_grant", "Malformed mfa_token", NextStep::LogInAgain),
            (
                "invalid_grant",
                "The mfa_token provided is invalid. Try getting a new token.",
                NextStep::LogInAgain,
            ),
            ("invalid_grant", "Malformed oob_code", NextStep::NewChallenge),
            ("invalid_grant", "Something new.", NextStep::Unknown),
            ("expired_token", "mfa_token is expired", NextStep::LogInAgain),
            ("expired_token", "oob_code is expired", NextStep::NewChallenge),
            ("authorization_pending", "", NextStep::KeepPolling),
            ("slow_down", "", NextStep::KeepPolling),
            ("access_denied", "User is already enrolled.", NextStep::ChallengeInstead),
            ("access_denied", "Unauthorized", NextStep::AskAdministrator),
            (
                "access_denied",
                "Service not enabled within domain: https://x/api/v2/",
                NextStep::AskAdministrator,
            ),
            ("access_denied", "denied by an Action", NextStep::Stop),
            ("unsupported_challenge_type", "", NextStep::Enroll),
            ("association_required", "", NextStep::Enroll),
            ("a0.mfa_registration_required", "", NextStep::Enroll),
            ("a0.mfa_invalid_code", "Wrong or expired code.", NextStep::TryAgain),
            ("invalid_request", "mfa_token not issued to this client", NextStep::FixRequest),
            ("unauthorized_client", "", NextStep::AskAdministrator),
            ("invalid_client", "", NextStep::AskAdministrator),
            ("too_many_attempts", "", NextStep::WaitForUnlock),
            ("too_many_requests", "", NextStep::WaitForReset),
            ("use_dpop_nonce", "", NextStep::RepeatWithDpopNonce),
            ("unauthorized", "user is blocked", NextStep::Stop),
            ("requires_verification", "", NextStep::LogInWithBrowser),
            ("password_leaked", "", NextStep::ResetPassword),
            ("invalid_user_password", "", NextStep::TryAgain),
            ("invalid_token", "", NextStep::RenewAccessToken),
            ("server_error", "", NextStep::SendAgainIfSafe),
            ("bad_gateway", "", NextStep::SendAgainIfSafe),
            ("temporarily_unavailable", "", NextStep::SendAgainIfSafe),
            ("something_new", "", NextStep::Unknown),
        ] {
            assert_eq!(error(word, description).next_step(), step, "{word} {description}");
        }
    }

    #[test]
    fn more_mfa_goes_on_with_the_token_that_came() {
        let mfa = MfaRequired::resume(MfaToken::parse("Fe26.2*FAKE").expect("a token"));
        assert_eq!(ApiError::require_mfa(mfa).next_step(), NextStep::ContinueWithMfa);
    }

    #[test]
    fn the_management_api_says_it_with_the_status() {
        for (status, word, step) in [
            (400, "Bad Request", NextStep::FixRequest),
            (401, "Unauthorized", NextStep::RenewAccessToken),
            (403, "insufficient_scope", NextStep::AskAdministrator),
            (403, "Forbidden", NextStep::AskAdministrator),
            (404, "Not Found", NextStep::FixRequest),
            (429, "Too Many Requests", NextStep::WaitForReset),
            (500, "Internal Server Error", NextStep::SendAgainIfSafe),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let error = ApiError::new(status, ErrorCode::parse(word));
            assert_eq!(NextStep::of_management(&error), step, "{word}");
        }
    }
}
