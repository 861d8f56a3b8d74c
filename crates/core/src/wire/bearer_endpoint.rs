//! What the calls with a Bearer token share: those under `/mfa/`, and the Management API's.

use http::{HeaderValue, Method, header};

use crate::serve::RequestError;
use crate::wiped::Wiped;
use crate::wire::{sensitive, strip_scheme};
use crate::{Bearer, Body, CallOptions, Domain, ManagementToken, MfaApiToken, MfaToken};

/// A request with a Bearer token and, where there is one, a JSON body.
pub(crate) fn request(
    domain: &Domain,
    options: &CallOptions,
    method: Method,
    path: &str,
    bearer: &str,
    json: Option<Body>,
) -> http::Request<Body> {
    let has_body = json.is_some();
    let mut request = http::Request::new(json.unwrap_or_default());
    *request.method_mut() = method;
    *request.uri_mut() = domain.uri(path);
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, sensitive(&Wiped::from(["Bearer ", bearer].concat())));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if has_body {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    options.insert_headers(headers);
    request
}

/// The Bearer of a request. Both kinds of token look alike to a reader; which one it is, the server knows.
pub(crate) fn read_bearer(request: &http::Request<&[u8]>) -> Result<Bearer, RequestError> {
    MfaToken::parse(token(request)?).map(Bearer::from).map_err(|_| RequestError::MissingBearer)
}

/// The Bearer of a request that takes no `mfa_token`.
pub(crate) fn read_access_token(request: &http::Request<&[u8]>) -> Result<MfaApiToken, RequestError> {
    MfaApiToken::parse(token(request)?).map_err(|_| RequestError::MissingBearer)
}

/// The Bearer of a request to the Management API.
pub(crate) fn read_management_token(request: &http::Request<&[u8]>) -> Result<ManagementToken, RequestError> {
    let token = token(request).map_err(|_| RequestError::MissingManagementToken)?;
    ManagementToken::parse(token).map_err(|_| RequestError::MissingManagementToken)
}

fn token<'a>(request: &'a http::Request<&[u8]>) -> Result<&'a str, RequestError> {
    let value = request.headers().get(header::AUTHORIZATION).ok_or(RequestError::MissingBearer)?;
    let value = value.to_str().map_err(|_| RequestError::MissingBearer)?;
    strip_scheme(value, "Bearer").ok_or(RequestError::MissingBearer)
}
