//! `POST /oauth/token`, `grant_type=client_credentials`: a token of the application itself, for the Management API.

use auth0_mfa_core::serve::{self, RequestError};
use auth0_mfa_core::{FirstFactor, PasswordGrant, serve::Serve};

use super::{Answer, token};
use crate::api::{self, Api};
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let credentials = serve::client_credentials(request)?;
    let client = token::authenticate(tenant, request, &credentials, grant_type::CLIENT_CREDENTIALS, now)?;
    let audience =
        serve::parameter(request, "audience")?.ok_or(RequestError::MissingParameter("audience"))?;
    let asked = serve::parameter(request, "scope")?;
    let application = tenant.application(&client.client_id).ok_or(Refusal::BadClient)?;
    if application.is_public() {
        return Err(Refusal::GrantNotAllowed(grant_type::CLIENT_CREDENTIALS));
    }
    let granted = application.management_scopes.as_slice();
    if tenant.api(&client.base, Some(&audience)) != Api::Management {
        return Err(Refusal::UnknownApi(audience));
    }
    if granted.is_empty() {
        return Err(Refusal::NoClientGrant(audience));
    }
    let is_granted = |scope: &str| granted.iter().any(|granted| granted == scope);
    let scope = asked.map_or_else(|| granted.join(" "), |asked| api::only(&asked, is_granted));
    let issued = tokens::access_token(tenant, &client, None, &Api::Management, &scope, now)?;
    tenant.log(EventKind::ClientCredentialsAccepted, None, &client.client_id, now);
    // The same reply as that of a first factor.
    Ok(PasswordGrant::write_reply(&FirstFactor::Tokens(issued)))
}
