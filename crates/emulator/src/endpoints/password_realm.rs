//! `POST /oauth/token`, `grant_type=…/password-realm`: the password grant, at one connection.

use auth0_mfa_core::PasswordRealmGrant;
use auth0_mfa_core::serve::Serve;

use super::{Answer, password, token};
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, grant_type};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = PasswordRealmGrant::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::PASSWORD_REALM, now)?;
    if received.call.realm() != tenant.connection {
        return Err(Refusal::UnknownRealm);
    }
    password::log_in(tenant, client, received.call.login(), now)
}
