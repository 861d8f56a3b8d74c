//! The call's values.

pub const PATH: &str = "/oauth/token";
pub const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
pub const CLIENT_ID: &str = "FAKEclientIdFAKEclientIdFAKE0000";
pub const CLIENT_SECRET: &str = "FAKEsecretFAKEsecretFAKEsecretFAKEsecretFAKEsecretFAKEsecret0000";
pub const RECOVERY_CODE: &str = "FAKERECOVERYCODE00000000";
pub const OTP: &str = "000000";

/// Sizes of the tokens. The bars are for an `mfa_token` of 700 characters, an opaque access token and a small ID token.
/// With `LONG_TOKENS` in the environment they are as long as recordings show: then more of a call is reading and
/// writing them, which the raw clients do not do.
struct Sizes {
    mfa_token: usize,
    access_token: usize,
    id_token: usize,
}

impl Sizes {
    fn chosen() -> Self {
        if std::env::var_os("LONG_TOKENS").is_some() {
            Self { mfa_token: 1_986, access_token: 900, id_token: 1_100 }
        } else {
            Self { mfa_token: 700, access_token: 32, id_token: 300 }
        }
    }
}

/// Eight fields, of which the last is long.
pub fn mfa_token() -> String {
    filled("Fe26.2*FAKE*FAKE*FAKE*FAKE*1700000000000*FAKE*", Sizes::chosen().mfa_token)
}

/// The body of the recovery-code grant's request.
pub fn form() -> String {
    let parameters = [
        ("grant_type", GRANT_TYPE),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("mfa_token", &mfa_token()),
        ("recovery_code", RECOVERY_CODE),
    ];
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// A reply that grants everything, as it goes over the wire.
pub fn reply() -> Vec<u8> {
    let sizes = Sizes::chosen();
    let (access_token, id_token) =
        (filled("eyJ.FAKE.", sizes.access_token), filled("eyJ.FAKE.", sizes.id_token));
    let body = format!(
        r#"{{"access_token":"{access_token}","id_token":"{id_token}","scope":"openid profile email","expires_in":86400,"recovery_code":"FAKENEXTCODE000000000000","token_type":"Bearer"}}"#
    );
    let head = [
        "HTTP/1.1 200 OK",
        "date: Tue, 14 Nov 2023 22:13:20 GMT",
        "content-type: application/json",
        &format!("content-length: {}", body.len()),
        "cache-control: no-store",
        "pragma: no-cache",
        "x-auth0-requestid: fa4e0000fa4e0000fa4e",
        "x-ratelimit-limit: 300",
        "x-ratelimit-remaining: 299",
        "x-ratelimit-reset: 1700000001",
    ]
    .join("\r\n");
    format!("{head}\r\n\r\n{body}").into_bytes()
}

/// `start`, filled up with characters of base64url.
fn filled(start: &str, size: usize) -> String {
    start.chars().chain("FAKE-fake_0".chars().cycle()).take(size).collect()
}
