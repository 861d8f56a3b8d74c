//! Everything that the tenant refuses, with the words and the status that Auth0 has for it.

use std::time::Duration;

use auth0_mfa_core::serve::RequestError;
use auth0_mfa_core::{ApiError, Body, ErrorCode, InvalidValue};
use http::{HeaderValue, StatusCode, header};

use crate::behaviour::{
    BadAccessToken, BadClient, Behaviour, GrantNotAllowed, MissingBearer, NotEnrolled, OobOverLimit,
    OverLimit, RefusedPush, SendOverLimit, UnknownAuthenticator,
};
use crate::config::LoginRefusal;
use crate::dpop;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The request cannot be read.
    Request(RequestError),
    /// There is no such endpoint, or it has another method.
    NotFound,
    /// The tenant knows no such grant.
    UnsupportedGrantType,
    /// The application's credential is wrong or missing, or there is no such application.
    BadClient,
    /// The application may not use this grant.
    GrantNotAllowed(&'static str),
    /// The access token of a call under `/mfa/` is too old, or for another API.
    BadAccessToken,
    /// The access token of a call under `/mfa/` has not the scope.
    InsufficientScope,
    /// The refresh token is none of this application's, or has ended.
    BadRefreshToken,
    /// There is no such connection.
    UnknownRealm,
    /// There is no such API to get a token for.
    UnknownApi(String),
    /// The application is granted no scope of the API.
    NoClientGrant(String),
    /// Too many wrong passwords have blocked the user.
    Blocked,
    /// A call of the Management API has no token.
    NoManagementToken,
    /// Its token is none for it.
    BadManagementToken(&'static str),
    /// Its token has not the scope.
    InsufficientManagementScope(&'static str),
    /// The tenant takes no more requests now, or no more logins of this user.
    RateLimited,
    /// The body of a call of the Management API is not what it takes.
    BadPayload,
    /// There is no such user.
    NoSuchUser,
    /// The user has this authentication method already.
    MethodExists,
    /// The user has as many authentication methods of this type as can be.
    TooManyMethods,
    /// The user's authentication methods cannot be replaced, because a passkey is among them.
    HasPasskey,
    /// The user has no such authentication method.
    NoSuchMethod,
    /// The user has nothing that a recovery code would go with.
    NoEnrolment,
    /// The DPoP proof is missing or wrong.
    BadDpopProof(&'static str),
    /// The DPoP proof needs this nonce.
    UseDpopNonce(HeaderValue),
    /// User name or password is wrong.
    WrongPassword,
    /// The password is right, and something else is in the way.
    Login(LoginRefusal),
    /// The `mfa_token` of a grant is none of this tenant's, or is used up.
    MalformedMfaToken,
    /// The Bearer of a call under `/mfa/` is none of this tenant's, or is used up.
    InvalidBearer,
    /// The `mfa_token` is too old.
    ExpiredMfaToken,
    /// The `mfa_token` belongs to another application.
    OtherClient,
    /// Only the first authenticator can be enrolled with an `mfa_token`.
    AlreadyEnrolled,
    /// The one-time password is wrong, too old or used.
    WrongOtp,
    /// The code of a message is wrong.
    WrongBindingCode,
    /// The `oob_code` is none of this tenant's, or is used up.
    MalformedOobCode,
    /// The `oob_code` is of another session than the `mfa_token`.
    OtherTransaction,
    /// The `oob_code` is too old.
    ExpiredOobCode,
    /// The push is not answered yet.
    AuthorizationPending,
    /// The user refused the push.
    RefusedPush,
    /// The session has exchanged an `oob_code` too often.
    TooManyExchanges { retry_after: Duration },
    /// The user can be sent no message any more.
    TooManyMessages { retry_after: Duration },
    /// The phone number has not the form of E.164.
    InvalidPhoneNumber,
    /// The user has nothing to be challenged with.
    NotEnrolled,
    /// The user has something, but not what is asked for.
    UnsupportedChallengeType { requested: String, supported: Vec<&'static str> },
    /// The authenticator of a challenge cannot be challenged.
    UnknownAuthenticator,
    /// The authenticator of a deletion is not there.
    NoSuchAuthenticator,
    /// The authenticator of a deletion is the recovery code, or was enrolled by nobody.
    UndeletableAuthenticator,
    /// The recovery code is wrong, spent or unknown, or recovery codes are switched off.
    WrongRecoveryCode,
    /// Recovery codes are switched off, and a tenant that says so is asked.
    RecoveryCodesOff,
    /// The user has no try left; `wrong` is the answer that a wrong code would have had.
    OverLimit { wrong: Box<Refusal>, retry_after: Duration },
    /// Something that the tenant made itself is not right: never seen.
    Internal,
}

impl Refusal {
    /// The reply.
    pub(crate) fn to_response(&self, behaviour: &Behaviour) -> http::Response<Body> {
        match self {
            Self::OverLimit { wrong, .. } if behaviour.over_limit == OverLimit::SameAsWrong => {
                wrong.to_response(behaviour)
            }
            Self::OverLimit { retry_after, .. }
            | Self::TooManyExchanges { retry_after }
            | Self::TooManyMessages { retry_after }
                if behaviour.over_limit_retry_after =>
            {
                let mut response = self.to_api_error(behaviour).to_response();
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(seconds_up(*retry_after)));
                response
            }
            Self::UseDpopNonce(nonce) => {
                let mut response = self.to_api_error(behaviour).to_response();
                response.headers_mut().insert(dpop::NONCE, nonce.clone());
                response
            }
            _ => self.to_api_error(behaviour).to_response(),
        }
    }

    /// The reply in the shape of the Management API.
    pub(crate) fn to_management_response(&self, behaviour: &Behaviour) -> http::Response<Body> {
        let error = match self {
            Self::RateLimited => rate_limited("Global limit has been reached"),
            refusal => refusal.to_api_error(behaviour),
        };
        error.to_management_response()
    }

    fn to_api_error(&self, behaviour: &Behaviour) -> ApiError {
        let invalid_grant =
            |status, text: &str| ApiError::new(status, ErrorCode::InvalidGrant).describe(text);
        match self {
            Self::NotFound => ApiError::new(StatusCode::NOT_FOUND, ErrorCode::Other("not_found".to_owned()))
                .describe("No such endpoint, or not with this method."),
            Self::UnsupportedGrantType => {
                let code = ErrorCode::Other("unsupported_grant_type".to_owned());
                ApiError::new(StatusCode::FORBIDDEN, code).describe("Unsupported grant type.")
            }
            Self::BadClient => match behaviour.bad_client {
                BadClient::AccessDenied => {
                    ApiError::new(StatusCode::UNAUTHORIZED, ErrorCode::AccessDenied).describe("Unauthorized")
                }
                BadClient::InvalidClient => ApiError::new(StatusCode::UNAUTHORIZED, ErrorCode::InvalidClient),
            },
            Self::GrantNotAllowed(grant) => {
                ApiError::new(StatusCode::FORBIDDEN, ErrorCode::UnauthorizedClient)
                    .describe(grant_not_allowed(grant, behaviour.grant_not_allowed))
            }
            Self::BadAccessToken => match behaviour.bad_access_token {
                BadAccessToken::InvalidToken => {
                    let code = ErrorCode::InvalidToken;
                    ApiError::new(StatusCode::UNAUTHORIZED, code).describe("Invalid access token")
                }
                BadAccessToken::InvalidGrant => RequestError::MissingBearer.to_api_error(),
            },
            Self::InsufficientScope => {
                let code = ErrorCode::InsufficientScope;
                ApiError::new(behaviour.insufficient_scope_status, code).describe("Insufficient scope")
            }
            Self::BadRefreshToken => {
                invalid_grant(StatusCode::FORBIDDEN, "Unknown or invalid refresh token.")
            }
            Self::UnknownRealm => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
                .describe("Unknown or invalid realm."),
            Self::UnknownApi(audience) => ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied)
                .describe(format!("Service not enabled within domain: {audience}")),
            Self::NoClientGrant(audience) => ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied)
                .describe(format!("Client is not authorized to access \"{audience}\".")),
            Self::Blocked => ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyAttempts).describe(
                "Your account has been blocked after multiple consecutive login attempts. We've sent you an email \
                 with instructions on how to unblock it.",
            ),
            Self::RateLimited => rate_limited("Rate limit exceeded."),
            Self::BadPayload => {
                let code = ErrorCode::Other("invalid_body".to_owned());
                ApiError::new(StatusCode::BAD_REQUEST, code).describe("Payload validation error.")
            }
            Self::MethodExists => {
                let code = ErrorCode::Other("authentication_method_already_exists".to_owned());
                ApiError::new(StatusCode::CONFLICT, code).describe("Authentication method already exists.")
            }
            Self::TooManyMethods => {
                let code = ErrorCode::Other("too_many_entities".to_owned());
                ApiError::new(StatusCode::FORBIDDEN, code)
                    .describe("You reached the limit of entities of this type for this user.")
            }
            Self::HasPasskey => {
                let code = ErrorCode::Other("operation_not_permitted".to_owned());
                ApiError::new(StatusCode::FORBIDDEN, code)
                    .describe("Operation not permitted when the user has registered at least 1 passkey.")
            }
            Self::NoSuchUser => not_found("inexistent_user", "The user does not exist."),
            Self::NoSuchMethod => not_found("inexistent_authentication_method", "The authentication method could not be found."),
            Self::NoEnrolment => not_found("enrollment_not_found", "Enrollment not found."),
            Self::NoManagementToken => RequestError::MissingManagementToken.to_api_error(),
            Self::BadManagementToken(reason) => {
                let code = ErrorCode::Other("Unauthorized".to_owned());
                ApiError::new(StatusCode::UNAUTHORIZED, code).describe(*reason)
            }
            Self::InsufficientManagementScope(scope) => {
                let code = ErrorCode::InsufficientScope;
                ApiError::new(StatusCode::FORBIDDEN, code)
                    .describe(format!("Insufficient scope; expected: {scope}."))
            }
            Self::Request(RequestError::MissingBearer)
                if behaviour.missing_bearer == MissingBearer::Unauthorized =>
            {
                let code = ErrorCode::Unauthorized;
                ApiError::new(StatusCode::UNAUTHORIZED, code).describe("Missing authentication")
            }
            Self::Request(error) => error.to_api_error(),
            Self::BadDpopProof(reason) => {
                let code = ErrorCode::Other("invalid_dpop_proof".to_owned());
                ApiError::new(StatusCode::BAD_REQUEST, code).describe(*reason)
            }
            Self::UseDpopNonce(_) => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::UseDpopNonce)
                .describe("Authorization server requires nonce in DPoP proof"),
            Self::WrongPassword => invalid_grant(StatusCode::FORBIDDEN, "Wrong email or password."),
            Self::Login(refusal) => refusal.to_api_error(),
            Self::MalformedMfaToken => {
                invalid_grant(behaviour.malformed_mfa_token_status, "Malformed mfa_token")
            }
            Self::InvalidBearer => RequestError::MissingBearer.to_api_error(),
            Self::ExpiredMfaToken => ApiError::new(behaviour.expired_token_status, ErrorCode::ExpiredToken)
                .describe("mfa_token is expired"),
            Self::OtherClient => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
                .describe("mfa_token not issued to this client"),
            Self::AlreadyEnrolled => ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied)
                .describe("User is already enrolled."),
            Self::WrongOtp => invalid_grant(behaviour.wrong_code_status, "Invalid otp_code."),
            Self::WrongBindingCode => invalid_grant(behaviour.wrong_code_status, "Invalid binding_code."),
            Self::MalformedOobCode => invalid_grant(StatusCode::FORBIDDEN, "Malformed oob_code"),
            Self::OtherTransaction => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
                .describe("The oob_code doesn't match the mfa_token"),
            Self::ExpiredOobCode => ApiError::new(behaviour.expired_token_status, ErrorCode::ExpiredToken)
                .describe("oob_code is expired"),
            Self::AuthorizationPending => {
                ApiError::new(behaviour.pending_status, ErrorCode::AuthorizationPending)
                    .describe("Authorization pending: please repeat the request in a few seconds.")
            }
            Self::RefusedPush => match behaviour.refused_push {
                RefusedPush::AccessDenied => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::AccessDenied)
                    .describe("MFA Authorization rejected."),
                RefusedPush::InvalidGrant => {
                    invalid_grant(StatusCode::FORBIDDEN, "MFA Authorization rejected.")
                }
            },
            Self::TooManyExchanges { .. } => match behaviour.oob_over_limit {
                OobOverLimit::SlowDown => ApiError::new(behaviour.slow_down_status, ErrorCode::SlowDown)
                    .describe("Please repeat the request less often."),
                OobOverLimit::TooManyRequests => rate_limited("Rate limit exceeded."),
            },
            // The text is made by analogy: no sample of this answer is known.
            Self::TooManyMessages { .. } => match behaviour.send_over_limit {
                SendOverLimit::TooManyAttempts => {
                    ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyAttempts)
                        .describe("Too many messages were sent. Wait before you ask for another one.")
                }
                SendOverLimit::TooManyRequests => rate_limited("Rate limit exceeded."),
            },
            Self::InvalidPhoneNumber => ApiError::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
                .describe("The phone number is invalid."),
            Self::NotEnrolled => match behaviour.not_enrolled {
                NotEnrolled::UnsupportedChallengeType => {
                    let code = ErrorCode::UnsupportedChallengeType;
                    ApiError::new(behaviour.unsupported_challenge_status, code)
                        .describe("User is not enrolled with guardian")
                }
                NotEnrolled::AssociationRequired => {
                    let code = ErrorCode::AssociationRequired;
                    ApiError::new(behaviour.unsupported_challenge_status, code)
                        .describe("User is not enrolled.")
                }
            },
            Self::UnsupportedChallengeType { requested, supported } => {
                let code = ErrorCode::UnsupportedChallengeType;
                ApiError::new(behaviour.unsupported_challenge_status, code).describe(format!(
                    "The user does not support the requested challenge type ({requested}). Supported type: {}.",
                    supported.join(", ")
                ))
            }
            Self::UnknownAuthenticator => match behaviour.unknown_authenticator {
                UnknownAuthenticator::InvalidRequest => {
                    RequestError::InvalidParameter("authenticator_id").to_api_error()
                }
                UnknownAuthenticator::InvalidAuthenticator => {
                    let code = ErrorCode::Other("invalid_authenticator".to_owned());
                    ApiError::new(StatusCode::BAD_REQUEST, code).describe("The authenticator is invalid.")
                }
                UnknownAuthenticator::NotFound => not_found("not_found", "Authenticator not found."),
            },
            Self::NoSuchAuthenticator => not_found("not_found", "Authenticator not found."),
            Self::UndeletableAuthenticator => {
                ApiError::new(behaviour.undeletable_authenticator_status, ErrorCode::InvalidRequest)
                    .describe("The authenticator cannot be deleted.")
            }
            Self::WrongRecoveryCode => {
                invalid_grant(behaviour.wrong_code_status, "MFA Authorization rejected.")
            }
            // The texts are made by analogy: no sample of these answers is known.
            Self::RecoveryCodesOff => ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccessDenied)
                .describe("Recovery codes are not enabled."),
            Self::OverLimit { .. } => {
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyAttempts)
                    .describe("Too many failed codes. Wait for some minutes before you try again.")
            }
            Self::Internal => ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::ServerError),
        }
    }
}

fn rate_limited(text: &str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyRequests).describe(text)
}

fn not_found(code: &str, text: &str) -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, ErrorCode::Other(code.to_owned())).describe(text)
}

fn grant_not_allowed(grant: &str, wording: GrantNotAllowed) -> String {
    match wording {
        GrantNotAllowed::Quotes => format!("Grant type '{grant}' not allowed for the client."),
        GrantNotAllowed::Backticks => format!("Grant type `{grant}` not allowed for the client."),
    }
}

fn seconds_up(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        match error {
            // A text that can be no token is like one that is none.
            RequestError::InvalidParameter("mfa_token") => Self::MalformedMfaToken,
            error => Self::Request(error),
        }
    }
}

impl From<InvalidValue> for Refusal {
    fn from(_: InvalidValue) -> Self {
        Self::Internal
    }
}
