//! What the plan looks at in a request. It is read once more by whoever answers it, and stricter.

use auth0_mfa_core::serve;
use http::{Method, header};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::FaultRule;
use crate::{Tenant, User};

pub(super) struct Request {
    method: Method,
    path: String,
    grant_type: Option<String>,
    user: Option<String>,
}

impl Request {
    pub(super) fn read(tenant: &Tenant, request: &http::Request<&[u8]>) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            grant_type: serve::grant_type(request).ok(),
            user: user_of(tenant, request).map(str::to_owned),
        }
    }

    pub(super) fn meets(&self, rule: &FaultRule) -> bool {
        let call = rule.call.as_ref();
        let user = rule.user.as_deref();
        let is_of = |name: &str| self.user.as_deref().is_some_and(|user| user.eq_ignore_ascii_case(name));
        call.is_none_or(|call| call.is(&self.method, &self.path, self.grant_type.as_deref()))
            && user.is_none_or(is_of)
    }
}

/// The name of the user that a request is about, whether or not it will be allowed.
fn user_of<'a>(tenant: &'a Tenant, request: &http::Request<&[u8]>) -> Option<&'a str> {
    let user = by_name(tenant, request)
        .or_else(|| by_token(tenant, request))
        .or_else(|| by_path(tenant, request.uri().path()));
    user.map(User::name)
}

fn by_name<'a>(tenant: &'a Tenant, request: &http::Request<&[u8]>) -> Option<&'a User> {
    tenant.user(&parameter(request, "username")?)
}

/// By the `mfa_token` of a login, an access token for the MFA API in its place, or a refresh token.
fn by_token<'a>(tenant: &'a Tenant, request: &http::Request<&[u8]>) -> Option<&'a User> {
    if let Some(token) = parameter(request, "refresh_token") {
        return tenant.users.get(tenant.refresh_tokens.owner(&token)?.0);
    }
    let token = parameter(request, "mfa_token").or_else(|| bearer(request))?;
    if let Some(user) = tenant.logins.owner(&token) {
        return tenant.users.get(user.0);
    }
    by_id(tenant, &tenant.access_claims(&token)?.sub)
}

/// By the `user_id` in a path of the Management API.
fn by_path<'a>(tenant: &'a Tenant, path: &str) -> Option<&'a User> {
    let id = path.strip_prefix("/api/v2/users/")?.split('/').next()?;
    by_id(tenant, &percent_decode_str(id).decode_utf8_lossy())
}

fn by_id<'a>(tenant: &'a Tenant, id: &str) -> Option<&'a User> {
    tenant.users.iter().find(|user| user.user_id() == id)
}

fn bearer(request: &http::Request<&[u8]>) -> Option<Zeroizing<String>> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Zeroizing::new(token.trim().to_owned()))
}

/// A parameter of the body, be it a form or JSON.
fn parameter(request: &http::Request<&[u8]>, name: &str) -> Option<Zeroizing<String>> {
    if let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_slice(request.body()) {
        return match fields.remove(name)? {
            serde_json::Value::String(text) => Some(Zeroizing::new(text)),
            _ => None,
        };
    }
    let mut pairs = form_urlencoded::parse(request.body());
    pairs.find(|(known, _)| known == name).map(|(_, value)| Zeroizing::new(value.into_owned()))
}
