//! What the grants of a second factor have in common.

use auth0_mfa_core::{FactorAccepted, MfaToken, serve};

use crate::bearer::{self, Caller};
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::tokens::Client;
use crate::{Tenant, Timestamp, tokens};

/// The login that a grant goes on with, and what tokens it is to bring.
pub(super) fn login(
    tenant: &Tenant,
    request: &http::Request<&[u8]>,
    mfa_token: &MfaToken,
    client: &Client,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let mut login = bearer::continued(tenant, mfa_token, client, now)?;
    if tenant.behaviour.mfa_grants_may_ask {
        login.asked.audience = serve::parameter(request, "audience")?.or(login.asked.audience);
        login.asked.scope = serve::parameter(request, "scope")?.or(login.asked.scope);
    }
    Ok(login)
}

/// The tokens of a one-time password or of a message that was accepted.
pub(super) fn accepted(
    tenant: &mut Tenant,
    client: &Client,
    login: &Caller,
    was_enrolled: bool,
    kind: EventKind,
    now: Timestamp,
) -> Result<FactorAccepted, Refusal> {
    let mut accepted = FactorAccepted::new(tokens::issue(tenant, client, login.user, &login.asked, now)?);
    tenant.note_success(login.session, now);
    if !was_enrolled {
        tenant.log(EventKind::EnrolmentComplete, Some(login.user), &client.client_id, now);
        if tenant.behaviour.confirmation_brings_recovery_code && tenant.has_recovery_codes() {
            let recovery = tenant.users.get(login.user.0).and_then(|user| user.recovery.as_ref());
            if let Some(recovery) = recovery {
                accepted = accepted.with_new_code(recovery.current());
            }
        }
    }
    tenant.log(kind, Some(login.user), &client.client_id, now);
    Ok(accepted)
}
