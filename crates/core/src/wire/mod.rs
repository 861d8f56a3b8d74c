//! How calls look on the wire: forms, JSON, paths, and what the calls of one endpoint share.

pub(crate) mod bearer_endpoint;
pub(crate) mod client_credentials;
pub(crate) mod error_envelope;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod parameters;
pub(crate) mod path;
pub(crate) mod token_endpoint;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::Body;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

/// The header of a DPoP proof.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");

/// A header value that no log shows. `text` is visible ASCII, by the types that it comes from.
pub(crate) fn sensitive(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// Whether a body is of this media type; parameters and case do not matter.
pub(crate) fn is_of_type(headers: &HeaderMap, media_type: &str) -> bool {
    let value = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let found = value.split(|byte| *byte == b';').next().unwrap_or_default();
    found.trim_ascii().eq_ignore_ascii_case(media_type.as_bytes())
}

/// The credentials of an `Authorization` value of this scheme; schemes are case-insensitive.
pub(crate) fn strip_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (name, rest) = value.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// A reply with a JSON body, as Auth0 marks it.
pub(crate) fn json_response(status: StatusCode, body: Body) -> http::Response<Body> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
