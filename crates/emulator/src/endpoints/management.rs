//! What the calls of the Management API have in common.

use auth0_mfa_core::serve::RequestError;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::Tenant;
use crate::refusal::Refusal;
use crate::user::UserId;

/// What every path of it begins with; its errors have a shape of their own.
pub(crate) const PREFIX: &str = "/api/v2/";

/// Stands in a pattern for an identifier.
const PLACE: &str = "{}";

/// Whether a path has this pattern.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    // Nearly every request is for a pattern that is a path.
    pattern == path || fits_by_segment(pattern, path)
}

fn fits_by_segment(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let all_fit = pattern.split('/').all(|part| match segments.next() {
        Some(segment) => part == segment || (part == PLACE && !segment.is_empty()),
        None => false,
    });
    all_fit && segments.next().is_none()
}

/// The user whom the path names in its place behind `users`: `/api/v2/users/{}/…`.
pub(super) fn user(tenant: &Tenant, request: &http::Request<&[u8]>) -> Result<UserId, Refusal> {
    let id = identifier(request, 4)?;
    let user = tenant.users.iter().position(|user| user.user_id() == id);
    user.map(UserId).ok_or(Refusal::NoSuchUser)
}

/// A segment of the path, decoded; the one before the first `/`, which is empty, is 0.
pub(super) fn identifier(request: &http::Request<&[u8]>, segment: usize) -> Result<String, Refusal> {
    let segment = request.uri().path().split('/').nth(segment).ok_or(Refusal::NotFound)?;
    let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| Refusal::NotFound)?;
    Ok(decoded.into_owned())
}

/// A body of JSON. What is wrong with it is not said in the words of what was sent.
pub(super) fn json<T: DeserializeOwned>(request: &http::Request<&[u8]>) -> Result<T, Refusal> {
    serde_json::from_slice(request.body()).map_err(|_| Refusal::BadPayload)
}

/// A whole number of the query.
pub(super) fn number(request: &http::Request<&[u8]>, name: &'static str) -> Result<Option<usize>, Refusal> {
    let invalid = |_| RequestError::InvalidParameter(name).into();
    query(request, name).map(|text| text.parse().map_err(invalid)).transpose()
}

pub(super) fn query<'a>(request: &'a http::Request<&[u8]>, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query().unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_pattern_and_no_other() {
        let pattern = "/api/v2/users/{}/authenticators";
        assert!(fits(pattern, "/api/v2/users/auth0%7C1/authenticators"));
        for path in [
            "",
            "/api/v2/users//authenticators",
            "/api/v2/users/a/b/authenticators",
            "/api/v2/users/a",
            "/api/v2/users/a/authenticators/",
        ] {
            assert!(!fits(pattern, path), "{path}");
        }
    }
}
