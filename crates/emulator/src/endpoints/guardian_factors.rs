//! `GET /api/v2/guardian/factors` and `PUT /api/v2/guardian/factors/{name}`: which factors are on.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    GuardianFactor, GuardianFactorSet, GuardianFactors, ListGuardianFactors, SetGuardianFactor,
};

use super::{Answer, management};
use crate::factors::Factor;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn list(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:guardian_factors", now)?;
    let factors =
        Factor::ALL.into_iter().map(|factor| GuardianFactor::new(factor.name(), tenant.has_factor(factor)));
    Ok(ListGuardianFactors::write_reply(&GuardianFactors::from(factors.collect::<Vec<_>>())))
}

pub(super) fn set(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "update:guardian_factors", now)?;
    let factor = Factor::parse(&management::identifier(request, 5)?).ok_or(Refusal::BadPayload)?;
    let enabled = SetGuardianFactor::read_request(request)?.call.enabled();
    tenant.set_factor(factor, enabled);
    Ok(SetGuardianFactor::write_reply(&GuardianFactorSet::new(enabled)))
}
