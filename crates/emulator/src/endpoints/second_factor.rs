//! What the grants of a second factor have in common.

use auth0_mfa_core::serve::{self, Serve};
use auth0_mfa_core::{FactorAccepted, MfaToken, NewCode};

use super::{Answer, password};
use crate::bearer::{self, Caller};
use crate::events::EventKind;
use crate::login::Turn;
use crate::recovery::RecoveryAuthenticator;
use crate::refusal::Refusal;
use crate::tokens::Client;
use crate::user::UserId;
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

/// The answer to a one-time password or to an out-of-band code that was right: the tokens, or `mfa_required` once more.
pub(super) fn accepted<C: Serve<Output = FactorAccepted>>(
    tenant: &mut Tenant,
    client: Client,
    login: Caller,
    was_enrolled: bool,
    kind: EventKind,
    now: Timestamp,
) -> Answer {
    let goes_on = tenant.behaviour.mfa_is_chained && tenant.turn(login.session) == Some(Turn::First);
    tenant.note_success(login.session, now);
    if !was_enrolled {
        tenant.log(EventKind::EnrolmentComplete, Some(login.user), &client.client_id, now);
    }
    if goes_on {
        return password::require_mfa(tenant, client, login.user, login.asked, Turn::Second, now);
    }
    let tokens = tokens::issue(tenant, &client, login.user, &login.asked, now)?;
    tenant.log(kind, Some(login.user), &client.client_id, now);
    let new_code = if was_enrolled { NewCode::NotReturned } else { code_of_confirmation(tenant, login.user) };
    Ok(C::write_reply(&FactorAccepted::new(tokens).with_new_code(new_code)))
}

/// The recovery code once more, on a tenant that answers a confirmation with it.
fn code_of_confirmation(tenant: &Tenant, user: UserId) -> NewCode {
    let brings = tenant.behaviour.confirmation_brings_recovery_code && tenant.has_recovery_codes();
    let recovery = tenant.users.get(user.0).and_then(|user| user.recovery.as_ref()).filter(|_| brings);
    recovery.map_or(NewCode::NotReturned, RecoveryAuthenticator::current)
}
