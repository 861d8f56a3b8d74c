//! `DELETE /api/v2/users/{id}/authenticators`: all of a user's authenticators and the recovery code are gone.

use super::{Answer, management, no_content};
use crate::events::EventKind;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let client_id = bearer::management(tenant, request, "delete:guardian_enrollments", now)?;
    let user = management::user(tenant, request)?;
    tenant.user_mut(user)?.reset();
    tenant.log(EventKind::Unenrolled, Some(user), &client_id, now);
    no_content()
}
