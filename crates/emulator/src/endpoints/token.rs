//! `POST /oauth/token`: which grant it is, which application asks, and the tokens.

use auth0_mfa_core::serve::{self, ClientCredentials};

use super::{
    Answer, client_credentials, mfa_oob, mfa_otp, mfa_recovery_code, password, password_realm, refresh_token,
};
use crate::refusal::Refusal;
use crate::tokens::Client;
use crate::{Tenant, Timestamp, client_authentication, dpop, grant_type};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let mut response = match serve::grant_type(request)?.as_str() {
        grant_type::PASSWORD => password::answer(tenant, request, now),
        grant_type::PASSWORD_REALM => password_realm::answer(tenant, request, now),
        grant_type::REFRESH_TOKEN => refresh_token::answer(tenant, request, now),
        grant_type::CLIENT_CREDENTIALS => client_credentials::answer(tenant, request, now),
        grant_type::MFA_OOB => mfa_oob::answer(tenant, request, now),
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
) -> Result<Client, Refusal> {
    let mut client = client_authentication::authenticate(tenant, request, credentials, now)?;
    let application = tenant.application(&client.client_id).ok_or(Refusal::BadClient)?;
    if !application.allows(grant_type) {
        return Err(Refusal::GrantNotAllowed(grant_type));
    }
    // Only of an application that has proved itself by a secret.
    if application.is_token_endpoint_ip_header_trusted && application.client_secret.is_some() {
        tenant.origin = tenant.origin.told_by(request.headers());
    }
    client.key = dpop::verify(tenant, request, &client, now)?;
    Ok(client)
}
