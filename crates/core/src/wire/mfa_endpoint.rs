//! What the calls under `/mfa/` with a Bearer token share.

use http::{HeaderValue, Method, header, uri::PathAndQuery};
use zeroize::Zeroizing;

use crate::serve::RequestError;
use crate::wire::{sensitive, token_endpoint};
use crate::{Application, Bearer, Body, MfaToken};

/// A request with a Bearer token and, where there is one, a JSON body.
pub(crate) fn request(
    application: &Application,
    method: Method,
    path: &'static str,
    bearer: &Bearer,
    json: Option<Body>,
) -> http::Request<Body> {
    let has_body = json.is_some();
    let mut request = http::Request::new(json.unwrap_or_default());
    *request.method_mut() = method;
    *request.uri_mut() = application.domain().uri(PathAndQuery::from_static(path));
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, sensitive(&Zeroizing::new(["Bearer ", bearer.expose()].concat())));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if has_body {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    request
}

/// The Bearer of a request. Both kinds of token look alike to a reader; which one it is, the server knows.
pub(crate) fn read_bearer(request: &http::Request<&[u8]>) -> Result<Bearer, RequestError> {
    let value = request.headers().get(header::AUTHORIZATION).ok_or(RequestError::MissingBearer)?;
    let value = value.to_str().map_err(|_| RequestError::MissingBearer)?;
    let token = token_endpoint::strip_scheme(value, "Bearer").ok_or(RequestError::MissingBearer)?;
    MfaToken::parse(token).map(Bearer::from).map_err(|_| RequestError::MissingBearer)
}
