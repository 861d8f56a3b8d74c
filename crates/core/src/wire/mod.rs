//! How calls look on the wire: forms, JSON, and what the calls of one endpoint share.

pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod mfa_endpoint;
pub(crate) mod token_endpoint;

use http::HeaderValue;

/// A header value that no log shows. `text` is visible ASCII, by the types that it comes from.
pub(crate) fn sensitive(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// The media type of a body before any parameter, in lower case.
pub(crate) fn media_type(headers: &http::HeaderMap) -> String {
    let value = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}
