//! `DELETE /mfa/authenticators/{id}`: an authenticator is gone, and what was enrolled with it.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{DeleteAuthenticator, MfaApiScope};

use super::{Answer, no_content};
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let call = DeleteAuthenticator::read_request(request)?.call;
    let scope = MfaApiScope::RemoveAuthenticators;
    let caller = bearer::caller(tenant, request, call.access_token().expose(), scope, now)?;
    let id = call.authenticator_id().as_str();
    let user = tenant.user_mut(caller.user)?;
    let is_recovery_code = user.recovery.as_ref().is_some_and(|recovery| recovery.id() == id);
    let is_automatic = user.authenticators.iter().any(|it| it.is_automatic() && it.id() == id);
    if is_recovery_code || is_automatic {
        return Err(Refusal::UndeletableAuthenticator);
    }
    if !user.remove(id) {
        return Err(Refusal::NoSuchAuthenticator);
    }
    tenant.log(EventKind::Unenrolled, Some(caller.user), &caller.client_id, now);
    no_content()
}
