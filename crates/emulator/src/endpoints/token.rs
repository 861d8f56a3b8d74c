//! `POST /oauth/token`: which grant it is, which application asks, and the tokens.

use auth0_mfa_core::MfaToken;
use auth0_mfa_core::serve::{self, ClientCredentials};

use super::{Answer, mfa_otp, mfa_recovery_code, password};
use crate::login::{LoginId, TokenProblem};
use crate::refusal::Refusal;
use crate::tokens::{Asked, Caller};
use crate::user::UserId;
use crate::{Tenant, Timestamp, client_authentication, dpop, grant_type};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let mut response = match serve::grant_type(request)?.as_str() {
        grant_type::PASSWORD => password::answer(tenant, request, now),
        grant_type::MFA_OTP => mfa_otp::answer(tenant, request, now),
        grant_type::MFA_RECOVERY_CODE => mfa_recovery_code::answer(tenant, request, now),
        _ => Err(Refusal::UnsupportedGrantType),
    }?;
    if dpop::has_proof(request) {
        response.headers_mut().insert(dpop::NONCE, dpop::nonce(tenant, now));
    }
    Ok(response)
}

/// The application that asks, once it has proved itself and may use the grant, and the key that it has proved to have.
pub(super) fn authenticate(
    tenant: &mut Tenant,
    request: &http::Request<&[u8]>,
    credentials: &ClientCredentials,
    grant_type: &'static str,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let mut caller = client_authentication::authenticate(tenant, request, credentials, now)?;
    if !tenant.application(&caller.client_id).is_some_and(|application| application.allows(grant_type)) {
        return Err(Refusal::GrantNotAllowed(grant_type));
    }
    caller.key = dpop::verify(tenant, request, &caller, now)?;
    Ok(caller)
}

/// What an MFA grant needs of the login that its `mfa_token` stands for.
pub(super) struct Continued {
    pub(super) login: LoginId,
    pub(super) user: UserId,
    pub(super) asked: Asked,
}

/// The login that an `mfa_token` stands for, when it was issued to this application.
pub(super) fn continued(
    tenant: &Tenant,
    mfa_token: &MfaToken,
    client_id: &str,
    now: Timestamp,
) -> Result<Continued, Refusal> {
    let found = tenant.logins.find(mfa_token.expose(), &tenant.behaviour, now);
    let (id, login) = found.map_err(|problem| match problem {
        TokenProblem::Unknown => Refusal::MalformedMfaToken,
        TokenProblem::Expired => Refusal::ExpiredMfaToken,
    })?;
    if login.client_id != client_id {
        return Err(Refusal::OtherClient);
    }
    Ok(Continued { login: id, user: login.user, asked: login.asked.clone() })
}
