//! `POST /oauth/token`, `grant_type=refresh_token`: new tokens, or `mfa_required`.

use std::time::Duration;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{FirstFactor, RefreshTokenGrant};

use super::{Answer, password, token};
use crate::behaviour::MfaOnRefresh;
use crate::config::MfaPolicy;
use crate::events::EventKind;
use crate::login::Turn;
use crate::refresh_tokens::Grant;
use crate::refusal::Refusal;
use crate::tokens::{Asked, Client};
use crate::{Tenant, Timestamp, api, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = RefreshTokenGrant::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::REFRESH_TOKEN, now)?;
    let call = received.call;
    let application = tenant.application(&client.client_id).ok_or(Refusal::BadClient)?;
    let rotates = application.refresh_token_rotation;
    let leeway = Duration::from_secs(application.refresh_token_leeway_seconds);
    let found = tenant.refresh_tokens.find(call.refresh_token(), leeway, now);
    let found = found.filter(|(_, grant)| grant.client_id == client.client_id);
    let Some((family, grant)) = found else {
        tenant.log(EventKind::RefreshTokenRefused, None, &client.client_id, now);
        return Err(Refusal::BadRefreshToken);
    };
    if grant.key.is_some() && grant.key != client.key {
        return Err(Refusal::BadDpopProof("The key of the DPoP proof is not that of the refresh token"));
    }
    let asked = narrowed(&grant, call.requested_audience(), call.requested_scope());
    if needs_mfa(tenant, &client, &grant, &asked) {
        return password::require_mfa(tenant, client, grant.user, asked, Turn::First, now);
    }
    let mut issued = tokens::access_and_id_token(tenant, &client, grant.user, &asked, now)?;
    if rotates {
        issued.refresh_token = tenant.refresh_tokens.rotate(family, &mut tenant.generator, now);
    }
    tenant.log(EventKind::RefreshTokenAccepted, Some(grant.user), &client.client_id, now);
    Ok(RefreshTokenGrant::write_reply(&FirstFactor::Tokens(issued)))
}

/// What is asked for now, of what was granted. Another audience has scopes of its own.
fn narrowed(grant: &Grant, audience: Option<&str>, scope: Option<&str>) -> Asked {
    let other = audience.filter(|audience| Some(*audience) != grant.asked.audience.as_deref());
    if other.is_some() {
        return Asked::new(other, scope);
    }
    let granted = grant.asked.scope.as_deref().unwrap_or_default();
    let has = |scope: &str| granted.split(' ').any(|granted| granted == scope);
    let scope = scope.map_or_else(|| granted.to_owned(), |scope| api::only(scope, has));
    Asked { audience: grant.asked.audience.clone(), scope: Some(scope) }
}

fn needs_mfa(tenant: &Tenant, client: &Client, grant: &Grant, asked: &Asked) -> bool {
    let by_policy = match tenant.behaviour.mfa_on_refresh {
        MfaOnRefresh::Never => return false,
        MfaOnRefresh::UnlessPassed if grant.second_factor => return false,
        MfaOnRefresh::UnlessPassed | MfaOnRefresh::Always => tenant.mfa_policy == MfaPolicy::AllApplications,
    };
    password::needs_mfa(tenant, client, grant.user, asked, by_policy)
}
