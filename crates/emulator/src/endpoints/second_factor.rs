//! What the grants `mfa-otp` and `mfa-oob` have in common.

use auth0_mfa_core::FactorAccepted;

use crate::bearer::Caller;
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::tokens::Client;
use crate::{Tenant, Timestamp, tokens};

/// The tokens of a factor that was accepted.
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
