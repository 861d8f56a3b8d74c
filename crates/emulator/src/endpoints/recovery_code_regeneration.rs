//! `POST /api/v2/users/{id}/recovery-code-regeneration`: the old recovery code is void, and the new one comes once.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{RecoveryCodeRegenerated, RegenerateRecoveryCode};

use super::{Answer, management};
use crate::recovery::RecoveryAuthenticator;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "update:users", now)?;
    let user = management::user(tenant, request)?;
    let Tenant { users, generator, behaviour, .. } = tenant;
    let user = users.get_mut(user.0).ok_or(Refusal::Internal)?;
    let has_some = user.is_enrolled() || user.recovery.is_some();
    let counts = has_some || (behaviour.regeneration_counts_unconfirmed && user.has_begun_to_enrol());
    if !counts && !behaviour.regeneration_enrols {
        return Err(Refusal::NoEnrolment);
    }
    let was_active = user.recovery.as_ref().is_some_and(|recovery| recovery.active);
    let active = was_active || user.is_enrolled() || behaviour.regeneration_activates;
    let code = generator.recovery_code();
    let device_id = user.recovery.take().map_or_else(|| generator.device_id(), |recovery| recovery.device_id);
    let recovery = RecoveryAuthenticator { active, ..RecoveryAuthenticator::new(device_id, code, now) };
    let new_code = user.recovery.insert(recovery).current();
    Ok(RegenerateRecoveryCode::write_reply(&RecoveryCodeRegenerated::new(new_code)))
}
