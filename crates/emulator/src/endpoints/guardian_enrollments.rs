//! `GET` and `DELETE /api/v2/guardian/enrollments/{id}`: an enrollment of any user.

use super::{Answer, json_reply, management, no_content};
use crate::enrollments::EnrollmentId;
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn get(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:guardian_enrollments", now)?;
    json_reply(&tenant.enrollment(&named(request)?).ok_or(Refusal::NoEnrolment)?)
}

pub(super) fn delete(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let client_id = bearer::management(tenant, request, "delete:guardian_enrollments", now)?;
    let user = tenant.delete_enrollment(&named(request)?).ok_or(Refusal::NoEnrolment)?;
    tenant.log(EventKind::Unenrolled, Some(user), &client_id, now);
    no_content()
}

fn named(request: &http::Request<&[u8]>) -> Result<EnrollmentId, Refusal> {
    EnrollmentId::parse(&management::identifier(request, 5)?).ok_or(Refusal::BadPayload)
}
