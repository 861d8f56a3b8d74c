//! `DELETE /api/v2/users/{id}/authenticators`: all of a user's authenticators and the recovery code are gone.

use super::{Answer, management};
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "delete:guardian_enrollments", now)?;
    let user = management::user(tenant, request)?;
    tenant.users.get_mut(user.0).ok_or(Refusal::Internal)?.reset();
    super::no_content()
}
