//! `/api/v2/users/{id}/authentication-methods`: all of them; and one of them by its identifier.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use auth0_mfa_core::serve::RequestError;

use super::{Answer, json_reply, management, no_content};
use crate::authentication_methods::{Method, NewMethod};
use crate::events::EventKind;
use crate::factors::PhoneMessageType;
use crate::refusal::Refusal;
use crate::user::UserId;
use crate::{Tenant, Timestamp, bearer};

/// How many are listed, unless it is said.
const PER_PAGE: usize = 50;
/// How many are listed at most.
const MOST_PER_PAGE: usize = 100;

pub(super) fn list(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:authentication_methods", now)?;
    let user = management::user(tenant, request)?;
    let page = management::number(request, "page")?.unwrap_or(0);
    let limit = management::number(request, "per_page")?.unwrap_or(PER_PAGE);
    if limit > MOST_PER_PAGE {
        return Err(RequestError::InvalidParameter("per_page").into());
    }
    let methods = tenant.authentication_methods(user)?;
    let (start, total) = (page.saturating_mul(limit), methods.len());
    let authenticators: Vec<Method> = methods.into_iter().skip(start).take(limit).collect();
    if management::query(request, "include_totals") == Some("true") {
        json_reply(&Page { start, limit, total, authenticators })
    } else {
        json_reply(&authenticators)
    }
}

pub(super) fn create(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "create:authentication_methods", now)?;
    let user = management::user(tenant, request)?;
    let new: NewMethod = management::json(request)?;
    let created = tenant.create_authentication_method(user, new, now)?;
    let mut response = json_reply(&created)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

pub(super) fn replace(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "update:authentication_methods", now)?;
    let user = management::user(tenant, request)?;
    let new: Vec<NewMethod> = management::json(request)?;
    json_reply(&tenant.replace_authentication_methods(user, new, now)?)
}

pub(super) fn delete_all(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let client_id = bearer::management(tenant, request, "delete:authentication_methods", now)?;
    let user = management::user(tenant, request)?;
    tenant.delete_authentication_methods(user)?;
    tenant.log(EventKind::Unenrolled, Some(user), &client_id, now);
    no_content()
}

pub(super) fn get(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "read:authentication_methods", now)?;
    let (user, id) = named(tenant, request)?;
    json_reply(&tenant.authentication_method(user, &id)?)
}

pub(super) fn update(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    bearer::management(tenant, request, "update:authentication_methods", now)?;
    let (user, id) = named(tenant, request)?;
    let update: Update = management::json(request)?;
    if update.name.is_none() && update.preferred_authentication_method.is_none() {
        return Err(Refusal::BadPayload);
    }
    json_reply(&tenant.update_authentication_method(
        user,
        &id,
        update.name,
        update.preferred_authentication_method,
    )?)
}

pub(super) fn delete(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let client_id = bearer::management(tenant, request, "delete:authentication_methods", now)?;
    let (user, id) = named(tenant, request)?;
    tenant.delete_authentication_method(user, &id)?;
    tenant.log(EventKind::Unenrolled, Some(user), &client_id, now);
    no_content()
}

/// Whose authentication method the path names, and its `id`.
fn named(tenant: &Tenant, request: &http::Request<&[u8]>) -> Result<(UserId, String), Refusal> {
    Ok((management::user(tenant, request)?, management::identifier(request, 6)?))
}

#[derive(Serialize)]
struct Page {
    start: usize,
    limit: usize,
    total: usize,
    authenticators: Vec<Method>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    name: Option<String>,
    preferred_authentication_method: Option<PhoneMessageType>,
}
