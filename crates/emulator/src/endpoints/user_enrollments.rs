//! `GET /api/v2/users/{id}/enrollments`: what a user has enrolled, in the old view.

use super::{Answer, json_reply, management};
use crate::enrollments::Enrollment;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:users", now)?;
    let user = management::user(tenant, request)?;
    let user = tenant.users.get(user.0).ok_or(Refusal::Internal)?;
    json_reply(&Enrollment::all_of(user, tenant.behaviour.enrollments_listed))
}
