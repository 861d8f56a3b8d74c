//! What every answer says to the browser.

use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Response;

const HEADERS: [(HeaderName, &str); 6] = [
    // Nothing is kept by anybody in between, nor on a disk; what the browser has in memory is for `script.js`.
    (header::CACHE_CONTROL, "no-store"),
    // What a page holds comes from its own origin or not at all, and runs in nobody's frame.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(crate) async fn add(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
