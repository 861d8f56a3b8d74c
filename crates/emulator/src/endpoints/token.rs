//! `POST /oauth/token`: which grant it is, which application asks, and the tokens.

use auth0_mfa_core::MfaToken;
use auth0_mfa_core::serve::{self, ClientCredentials};

use super::{Answer, mfa_otp, mfa_recovery_code, password};
use crate::login::{LoginId, TokenProblem};
use crate::refusal::Refusal;
use crate::tokens::{Asked, Caller};
use crate::user::UserId;
use crate::{Tenant, Timestamp, grant_type, secrets};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    match serve::grant_type(request)?.as_str() {
        grant_type::PASSWORD => password::answer(tenant, request, now),
        grant_type::MFA_OTP => mfa_otp::answer(tenant, request, now),
        grant_type::MFA_RECOVERY_CODE => mfa_recovery_code::answer(tenant, request, now),
        _ => Err(Refusal::UnsupportedGrantType),
    }
}

/// The application that asks, once it has proved itself and may use the grant.
pub(super) fn authenticate(
    tenant: &Tenant,
    request: &http::Request<&[u8]>,
    credentials: &ClientCredentials,
    grant_type: &'static str,
) -> Result<Caller, Refusal> {
    let client_id = credentials.client_id.as_deref().ok_or(Refusal::BadClient)?;
    let application = tenant.applications.iter().find(|application| application.client_id == client_id);
    let application = application.ok_or(Refusal::BadClient)?;
    if let Some(expected) = &application.client_secret {
        let given = credentials.client_secret.as_ref().ok_or(Refusal::BadClient)?;
        if !secrets::same(expected.expose(), given.expose()) {
            return Err(Refusal::BadClient);
        }
    }
    if application.allows(grant_type) {
        Ok(Caller { client_id: application.client_id.clone(), base: tenant.base_url(request), key: None })
    } else {
        Err(Refusal::GrantNotAllowed(grant_type))
    }
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
