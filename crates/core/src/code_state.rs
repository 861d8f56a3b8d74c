//! What became of the recovery code that was sent.
//!
//! | What happened | State |
//! |---|---|
//! | nothing was handed to the network, or the peer says that it did not process the request | [`Intact`] |
//! | refused before the code was looked at | [`Intact`], or as before when it was refused earlier |
//! | a 2xx whose body starts a JSON object that is not an error, whole or cut | [`Spent`] |
//! | `invalid_grant` "MFA Authorization rejected." | [`NotAccepted`] |
//! | anything else: sent and no answer, `too_many_attempts`, HTML, a gateway's 5xx, … | [`Unknown`] |
//! | while an earlier sending of this code is in doubt | [`Intact`] becomes [`Unknown`], [`NotAccepted`] becomes [`LikelySpent`] |
//!
//! [`Intact`]: CodeState::Intact
//! [`Spent`]: CodeState::Spent
//! [`NotAccepted`]: CodeState::NotAccepted
//! [`LikelySpent`]: CodeState::LikelySpent
//! [`Unknown`]: CodeState::Unknown

use std::fmt;

use crate::{ApiError, ErrorCode};

/// What became of a recovery code, over every sending of it. Never a guess: what is not known is [`Self::Unknown`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // a program must answer each of them; a sixth would be a breaking change anyway
pub enum CodeState {
    /// The code was not looked at: it is as good as before.
    #[default]
    Intact,
    /// The code is used up.
    Spent,
    /// Auth0 refused the code: it is wrong or used up, *or* it is good and the user is locked out for a while or
    /// recovery codes are switched off (Auth0 answers alike). It must not be thrown away for this.
    NotAccepted,
    /// Auth0 refused the code after an earlier sending of it got no answer: that sending very likely spent it, and
    /// its reply, with the new code, was lost. A code that was mistyped, or a good one under lock-out, is refused
    /// alike. The way out is another factor, or the Management API's regeneration.
    LikelySpent,
    /// It cannot be known: the code was sent, and nothing that came back says what became of it.
    Unknown,
}

/// What one sending of a code showed about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The code was not looked at.
    Untouched,
    /// The code was taken.
    Taken,
    /// The code was refused.
    Refused,
    /// Nothing can be concluded.
    Nothing,
}

/// The state of a code after all that happened to it, oldest first; a code that was never sent is intact.
///
/// ```
/// use auth0_mfa_core::{CodeState, Evidence, code_state};
///
/// assert_eq!(code_state([]), CodeState::Intact);
/// assert_eq!(code_state([Evidence::Nothing, Evidence::Refused]), CodeState::LikelySpent);
/// ```
pub fn code_state(history: impl IntoIterator<Item = Evidence>) -> CodeState {
    history.into_iter().fold(CodeState::Intact, CodeState::after)
}

impl CodeState {
    /// The state after one more sending.
    #[must_use]
    pub fn after(self, sending: Evidence) -> Self {
        match (self, sending) {
            (Self::Spent, _) | (_, Evidence::Taken) => Self::Spent,
            // A refusal after a doubt settles it as far as it can be; later silence takes nothing of that back.
            (Self::LikelySpent, _) | (Self::Unknown, Evidence::Refused) => Self::LikelySpent,
            (Self::Unknown, _) | (_, Evidence::Nothing) => Self::Unknown,
            (_, Evidence::Refused) => Self::NotAccepted,
            (before, Evidence::Untouched) => before,
        }
    }

    /// The state's name for programs: `intact`, `spent`, `not_accepted`, `likely_spent` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Spent => "spent",
            Self::NotAccepted => "not_accepted",
            Self::LikelySpent => "likely_spent",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for CodeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Evidence {
    /// What an error of Auth0 shows about the code that was sent with the request. First match wins.
    pub fn of(error: &ApiError) -> Self {
        match error.code() {
            // The mfa_token had ended, so the code was not reached. PROTOCOL 4.8.
            ErrorCode::ExpiredToken => Self::Untouched,
            // The mfa_token was refused. PROTOCOL 4.8 ("Malformed mfa_token") and 4.2 ("The mfa_token provided …").
            ErrorCode::InvalidGrant if error.refuses_mfa_token() => Self::Untouched,
            // Wrong or used up, or good while the user is locked out or codes are off. PROTOCOL 4.8, 14.2, 14.3.
            ErrorCode::InvalidGrant if error.says("MFA Authorization rejected") => Self::Refused,
            // The application was refused first. PROTOCOL 1.2 and 1.4.
            ErrorCode::InvalidClient | ErrorCode::UnauthorizedClient => Self::Untouched,
            // How a bad client credential is answered in the wild. PROTOCOL 1.2.
            ErrorCode::AccessDenied if error.says("Unauthorized") => Self::Untouched,
            // A parameter was missing or belonged elsewhere. PROTOCOL 4.8 and section 6.
            ErrorCode::InvalidRequest => Self::Untouched,
            // The request is to be repeated with a nonce. PROTOCOL 1.3.
            ErrorCode::UseDpopNonce => Self::Untouched,
            // The tenant's or application's rate limit stands before everything else. PROTOCOL 7.
            ErrorCode::TooManyRequests => Self::Untouched,
            // `too_many_attempts` among them: whether a right code is consumed under lock-out is unknown (14.2).
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CodeState::{Intact, LikelySpent, NotAccepted, Spent, Unknown};
    use Evidence::{Nothing, Refused, Taken, Untouched};

    fn evidence(error: &str, description: &str) -> Evidence {
        Evidence::of(
            &ApiError::new(http::StatusCode::FORBIDDEN, ErrorCode::parse(error)).describe(description),
        )
    }

    #[test]
    fn each_row_of_the_table_without_a_doubt() {
        for (history, state) in [
            (vec![], Intact),
            (vec![Untouched], Intact),
            (vec![Taken], Spent),
            (vec![Refused], NotAccepted),
            (vec![Nothing], Unknown),
            (vec![Refused, Untouched], NotAccepted),
            (vec![Refused, Refused], NotAccepted),
        ] {
            assert_eq!(code_state(history.clone()), state, "{history:?}");
        }
    }

    #[test]
    fn each_row_of_the_table_while_an_earlier_sending_is_in_doubt() {
        for (history, state) in [
            (vec![Nothing, Untouched], Unknown),
            (vec![Nothing, Refused], LikelySpent),
            (vec![Nothing, Nothing], Unknown),
            (vec![Nothing, Taken], Spent),
            (vec![Refused, Nothing, Refused], LikelySpent),
            (vec![Nothing, Untouched, Refused], LikelySpent),
            (vec![Nothing, Refused, Untouched], LikelySpent),
            (vec![Nothing, Refused, Nothing], LikelySpent),
            (vec![Taken, Refused], Spent),
        ] {
            assert_eq!(code_state(history.clone()), state, "{history:?}");
        }
    }

    #[test]
    fn an_error_before_the_code_was_looked_at_leaves_it_untouched() {
        for (error, description) in [
            ("expired_token", "mfa_token is expired"),
            ("invalid_grant", "Malformed mfa_token"),
            ("invalid_grant", "malformed MFA_token. "),
            ("invalid_grant", "The mfa_token provided is invalid. Try getting a new token."),
            ("invalid_client", ""),
            ("access_denied", "Unauthorized"),
            ("unauthorized_client", "Grant type 'x' not allowed for the client."),
            ("invalid_request", "Missing required parameter: recovery_code"),
            ("use_dpop_nonce", "Authorization server requires nonce in DPoP proof"),
            ("too_many_requests", "Rate limit exceeded."),
        ] {
            assert_eq!(evidence(error, description), Untouched, "{error} {description}");
        }
    }

    #[test]
    fn a_rejection_is_a_refusal_and_everything_else_shows_nothing() {
        assert_eq!(evidence("invalid_grant", "MFA Authorization rejected."), Refused);
        assert_eq!(evidence("invalid_grant", "mfa authorization rejected"), Refused);
        for (error, description) in [
            ("invalid_grant", "Something new."),
            ("invalid_grant", ""),
            ("access_denied", "MFA Authorization rejected."),
            ("access_denied", "denied by an Action"),
            ("too_many_attempts", ""),
            ("mfa_required", ""),
            ("server_error", ""),
            ("something_else", "MFA Authorization rejected."),
        ] {
            assert_eq!(evidence(error, description), Nothing, "{error} {description}");
        }
    }
}
