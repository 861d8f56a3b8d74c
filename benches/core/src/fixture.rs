//! The call's values, at the sizes that recordings show.

use http::{HeaderMap, HeaderValue, StatusCode};

pub const DOMAIN: &str = "tenant.eu.auth0.com";
pub const TOKEN_URL: &str = "https://tenant.eu.auth0.com/oauth/token";
pub const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
pub const CLIENT_ID: &str = "FAKEclientIdFAKEclientIdFAKE0000";
pub const CLIENT_SECRET: &str = "FAKEsecretFAKEsecretFAKEsecretFAKEsecretFAKEsecretFAKEsecret0000";
pub const RECOVERY_CODE: &str = "FAKERECOVERYCODE00000000";

const MFA_TOKEN_SIZE: usize = 1_986;
const ACCESS_TOKEN_SIZE: usize = 900;
const ID_TOKEN_SIZE: usize = 1_100;

/// Eight fields, of which the last is long.
pub fn mfa_token() -> String {
    filled("Fe26.2*FAKE*FAKE*FAKE*FAKE*1700000000000*FAKE*", MFA_TOKEN_SIZE)
}

/// `start`, filled up with characters of base64url.
fn filled(start: &str, size: usize) -> String {
    start.chars().chain("FAKE-fake_0".chars().cycle()).take(size).collect()
}

/// A reply, as a transport brings it.
#[derive(Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    pub fn success() -> Self {
        let (access_token, id_token) =
            (filled("eyJ.FAKE.", ACCESS_TOKEN_SIZE), filled("eyJ.FAKE.", ID_TOKEN_SIZE));
        let body = format!(
            r#"{{"access_token":"{access_token}","id_token":"{id_token}","scope":"openid profile email","expires_in":86400,"recovery_code":"FAKENEXTCODE000000000000","token_type":"Bearer"}}"#
        );
        Self { status: StatusCode::OK, headers: headers(), body: body.into_bytes() }
    }

    pub fn error() -> Self {
        let body = r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#;
        Self { status: StatusCode::FORBIDDEN, headers: headers(), body: body.as_bytes().to_vec() }
    }

    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub fn response<B: From<Vec<u8>>>(&self) -> http::Response<B> {
        let mut response = http::Response::new(B::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

fn headers() -> HeaderMap {
    [
        ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
        ("x-auth0-requestid", "fa4e0000fa4e0000fa4e"),
        ("x-ratelimit-limit", "300"),
        ("x-ratelimit-remaining", "299"),
        ("x-ratelimit-reset", "1700000001"),
    ]
    .into_iter()
    .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)))
    .collect()
}
