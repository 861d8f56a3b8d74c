//! What a step is answered.

/// What a step is answered. A recovery code that comes with it is known by its number: codes are counted as they are
/// made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was no call.
    Nothing,
    /// The connection ended.
    Lost,
    Refused(Refusal),
    MfaRequired,
    Tokens(Option<usize>),
    Associated(Option<usize>),
    Challenged,
    Listed(Vec<Row>),
    Regenerated(Option<usize>),
    /// 204.
    Done,
}

/// A line of the list: the kind, and whether it is active.
pub(crate) type Row = (&'static str, bool);

/// Which refusal it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    WrongPassword,
    Blocked,
    MalformedMfaToken,
    ExpiredMfaToken,
    OtherClient,
    InvalidBearer,
    BadAccessToken,
    AlreadyEnrolled,
    WrongCode,
    WrongOtp,
    WrongBindingCode,
    MissingBindingCode,
    OverLimit,
    TooManyMessages,
    TooManyExchanges,
    MalformedOobCode,
    ExpiredOobCode,
    OtherTransaction,
    Pending,
    RefusedPush,
    NotEnrolled,
    UnknownAuthenticator,
    NoSuchAuthenticator,
    Undeletable,
    NoEnrolment,
}

/// How each of them stands on the wire: the status, the error, and what its description begins with.
const WIRE: [(Refusal, u16, &str, &str); 25] = [
    (Refusal::WrongPassword, 403, "invalid_grant", "Wrong email or password."),
    (Refusal::Blocked, 429, "too_many_attempts", "Your account has been blocked"),
    (Refusal::MalformedMfaToken, 403, "invalid_grant", "Malformed mfa_token"),
    (Refusal::ExpiredMfaToken, 401, "expired_token", "mfa_token is expired"),
    (Refusal::OtherClient, 400, "invalid_request", "mfa_token not issued to this client"),
    (Refusal::InvalidBearer, 401, "invalid_grant", "The mfa_token provided is invalid."),
    (Refusal::BadAccessToken, 401, "invalid_token", "Invalid access token"),
    (Refusal::AlreadyEnrolled, 403, "access_denied", "User is already enrolled."),
    (Refusal::WrongCode, 403, "invalid_grant", "MFA Authorization rejected."),
    (Refusal::WrongOtp, 403, "invalid_grant", "Invalid otp_code."),
    (Refusal::WrongBindingCode, 403, "invalid_grant", "Invalid binding_code."),
    (Refusal::MissingBindingCode, 400, "invalid_request", "Missing required parameter: binding_code"),
    (Refusal::OverLimit, 429, "too_many_attempts", "Too many failed codes."),
    (Refusal::TooManyMessages, 429, "too_many_attempts", "Too many messages were sent."),
    (Refusal::TooManyExchanges, 400, "slow_down", ""),
    (Refusal::MalformedOobCode, 403, "invalid_grant", "Malformed oob_code"),
    (Refusal::ExpiredOobCode, 401, "expired_token", "oob_code is expired"),
    (Refusal::OtherTransaction, 400, "invalid_request", "The oob_code doesn't match the mfa_token"),
    (Refusal::Pending, 400, "authorization_pending", ""),
    (Refusal::RefusedPush, 400, "access_denied", "MFA Authorization rejected."),
    (Refusal::NotEnrolled, 400, "unsupported_challenge_type", "User is not enrolled"),
    (Refusal::UnknownAuthenticator, 400, "invalid_request", "Invalid parameter: authenticator_id"),
    (Refusal::NoSuchAuthenticator, 404, "not_found", "Authenticator not found."),
    (Refusal::Undeletable, 400, "invalid_request", "The authenticator cannot be deleted."),
    (Refusal::NoEnrolment, 404, "enrollment_not_found", ""),
];

/// The names of all of them.
pub(crate) fn refusals() -> impl Iterator<Item = String> {
    WIRE.iter().map(|(refusal, ..)| format!("{refusal:?}"))
}

impl Refusal {
    /// None when no answer of the model's looks like this.
    pub(crate) fn read(status: u16, error: &str, description: &str) -> Option<Self> {
        let known = WIRE.iter().find(|(_, known_status, known_error, beginning)| {
            (*known_status, *known_error) == (status, error) && description.starts_with(beginning)
        });
        known.map(|(refusal, ..)| *refusal)
    }
}
