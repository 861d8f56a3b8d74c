//! The `Auth0-Client` header.

use std::collections::BTreeMap;

use base64ct::{Base64Url, Encoding};
use http::HeaderValue;
use serde::Serialize;

/// What a program tells Auth0 about itself, in the header `Auth0-Client`. Not sent unless asked for: this crate is not
/// Auth0's.
///
/// ```
/// use auth0_mfa_core::{CallOptions, Telemetry};
///
/// let options = CallOptions::default().telemetry(Telemetry::new("my-app", "1.2.3"));
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Telemetry {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, String>,
}

impl Telemetry {
    /// The program's name and version. Nothing about a user belongs here.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), env: BTreeMap::new() }
    }

    /// One more thing that the program stands on, for example `("rust", "1.85")`.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.env.insert(name.into(), version.into());
        self
    }

    /// base64url of a JSON object, as Auth0's own SDKs send it.
    pub(crate) fn header_value(&self) -> Option<HeaderValue> {
        let json = serde_json::to_vec(self).ok()?;
        HeaderValue::try_from(Base64Url::encode_string(&json)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_base64url_of_a_json_object() {
        let telemetry = Telemetry::new("b\u{fc}ro?>", "1.0").env("rust", "1.85");
        let value = telemetry.header_value().expect("a header value");
        let text = value.to_str().expect("is ASCII");
        let decoded = Base64Url::decode_vec(text).expect("is base64url");
        let json = "{\"name\":\"b\u{fc}ro?>\",\"version\":\"1.0\",\"env\":{\"rust\":\"1.85\"}}";
        assert_eq!(String::from_utf8(decoded).expect("is UTF-8"), json);
    }
}
