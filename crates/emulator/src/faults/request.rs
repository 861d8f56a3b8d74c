//! What the plan looks at in a request. It is read once more by whoever answers it, and stricter.

use auth0_mfa_core::serve;
use http::{Method, header};
use zeroize::Zeroizing;

use super::FaultRule;
use crate::Tenant;

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
    let named = parameter(request, "username").and_then(|name| tenant.user(&name));
    let by_token = || {
        let token = parameter(request, "mfa_token").or_else(|| bearer(request))?;
        let login = tenant.logins.owner(&token)?;
        tenant.users.get(login.0)
    };
    named.or_else(by_token).map(crate::User::name)
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
