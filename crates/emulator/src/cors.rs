//! Cross-origin requests: scripts of which pages may call (CORS).

use auth0_mfa_core::Body;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    VARY,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

use crate::{Tenant, endpoints};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
/// What a script may read of a reply, beside what it always may.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, dpop-nonce",
);

/// The answer to a browser that asks whether it may send what a script wants to. None when it is no such question, or
/// the script is of a page that may not call.
pub(crate) fn preflight(tenant: &Tenant, request: &Request<&[u8]>) -> Option<Response<Body>> {
    let asks = request.method() == Method::OPTIONS;
    if !asks || !request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    allowed(tenant, request)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    if let Some(wanted) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    Some(response)
}

/// Lets the script that sent the request read the reply, when it is of a page that may call.
pub(crate) fn allow(tenant: &Tenant, request: &Request<&[u8]>, headers: &mut HeaderMap) {
    if let Some(origin) = allowed(tenant, request) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.insert(VARY, HeaderValue::from_static("origin"));
    }
}

/// Whether it has the form of a page's origin: a scheme and a host, and no slash behind.
pub(crate) fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']))
}

/// The origin of the request's page, when an application of the tenant names it.
fn allowed<'a>(tenant: &Tenant, request: &'a Request<&[u8]>) -> Option<&'a HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let mut listed = tenant.applications.iter().flat_map(|application| &application.allowed_origins);
    let is_listed = listed.any(|listed| listed.as_bytes() == origin.as_bytes());
    (is_listed && !endpoints::is_management(request.uri().path())).then_some(origin)
}
