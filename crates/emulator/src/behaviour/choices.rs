//! The words of the settings.

use serde::{Deserialize, Serialize};

/// What a bad client credential is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BadClient {
    /// 401 `access_denied` "Unauthorized".
    #[default]
    AccessDenied,
    /// 401 `invalid_client`.
    InvalidClient,
}

/// What stands around the grant in "Grant type … not allowed for the client."
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantNotAllowed {
    /// `'`.
    #[default]
    Quotes,
    /// `` ` ``.
    Backticks,
}

/// When an exchange of a refresh token needs a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MfaOnRefresh {
    /// When the policy says so and the login has passed none.
    #[default]
    UnlessPassed,
    /// When the policy says so.
    Always,
    /// Never, be it for a token of the MFA API.
    Never,
}

/// What a call under `/mfa/` answers to an access token that is not good there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BadAccessToken {
    /// 401 `invalid_token` "Invalid access token".
    #[default]
    InvalidToken,
    /// The answer to a bad `mfa_token`: 401 `invalid_grant`.
    InvalidGrant,
}

/// What a call under `/mfa/` answers when there is no Bearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MissingBearer {
    /// The answer to a bad `mfa_token`: 401 `invalid_grant`.
    #[default]
    InvalidGrant,
    /// 401 `unauthorized`.
    Unauthorized,
}

/// What recovery codes are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeAlphabet {
    /// Capital letters and digits, but for `0`, `I` and `O`.
    #[default]
    WithoutLookalikes,
    /// Capital letters and digits.
    LettersAndDigits,
}

/// How recovery codes are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeNormalisation {
    /// Character by character.
    #[default]
    Strict,
    /// Without white space and dashes, in upper case.
    Lenient,
}

/// What is answered to a code when the user has no try left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OverLimit {
    /// 429 `too_many_attempts`.
    #[default]
    TooManyAttempts,
    /// The answer to a wrong code, to a right one too.
    SameAsWrong,
}

/// What a refused push is answered: "MFA Authorization rejected." either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusedPush {
    /// 400 `access_denied`.
    #[default]
    AccessDenied,
    /// 403 `invalid_grant`.
    InvalidGrant,
}

/// What is answered to an exchange of an `oob_code` over the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OobOverLimit {
    /// `slow_down`.
    #[default]
    SlowDown,
    /// 429 `too_many_requests`.
    TooManyRequests,
}

/// What a challenge is answered when the user has nothing to be challenged with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotEnrolled {
    /// `unsupported_challenge_type`, as when the user has something else than what is asked for.
    #[default]
    UnsupportedChallengeType,
    /// `association_required`.
    AssociationRequired,
}

/// What a challenge is answered that names an authenticator which cannot be challenged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownAuthenticator {
    /// 400 `invalid_request`, as of any other parameter.
    #[default]
    InvalidRequest,
    /// 400 `invalid_authenticator`, the word of an old draft.
    InvalidAuthenticator,
    /// 404 `not_found`.
    NotFound,
}

/// What is answered when the user can be sent no message any more. The status is 429.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SendOverLimit {
    /// `too_many_attempts`.
    #[default]
    TooManyAttempts,
    /// `too_many_requests`.
    TooManyRequests,
}

/// Which device the one-time passwords are of that come with a push.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PushTwin {
    /// The push's, so that both have the same `dev_…`.
    #[default]
    SameDevice,
    /// One of their own.
    OwnDevice,
}

/// Which of a user's enrolments the old view of the Management API answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EnrollmentsListed {
    /// The first confirmed one, in a list of one.
    #[default]
    FirstConfirmed,
    /// Each, confirmed or not.
    All,
}

/// What a recovery code is answered while the factor is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecoveryCodesOff {
    /// The answer to a wrong code, and it is counted as one.
    #[default]
    SameAsWrong,
    /// 403 `access_denied`.
    AccessDenied,
}

/// The forms of `mfa_requirements`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MfaRequirementsForm {
    /// `challenge` for a user who is enrolled, `enroll` for one who is not: documented.
    #[default]
    ChallengeOrEnroll,
    /// Both lists, as in tests of an SDK.
    Both,
    /// `challenge_types`, as in the passwordless database flow.
    ChallengeTypes,
    /// An object with nothing in it, as in tests of an SDK.
    Empty,
}
