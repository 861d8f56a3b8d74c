//! `GET` and `PUT /api/v2/guardian/policies`: when a login needs a second factor.

use super::{Answer, json_reply, management};
use crate::config::MfaPolicy;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn get(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:mfa_policies", now)?;
    json_reply(&words(tenant.mfa_policy))
}

pub(super) fn put(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "update:mfa_policies", now)?;
    let asked: Vec<String> = management::json(request)?;
    let policies = [MfaPolicy::Never, MfaPolicy::AllApplications, MfaPolicy::ConfidenceScore];
    let policy = policies.into_iter().find(|policy| words(*policy) == asked.as_slice());
    tenant.set_mfa_policy(policy.ok_or(Refusal::BadPayload)?);
    json_reply(&asked)
}

fn words(policy: MfaPolicy) -> &'static [&'static str] {
    match policy {
        MfaPolicy::Never => &[],
        MfaPolicy::AllApplications => &["all-applications"],
        MfaPolicy::ConfidenceScore => &["confidence-score"],
    }
}
