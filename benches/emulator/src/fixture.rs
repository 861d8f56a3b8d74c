//! The tenant, and the bodies that are sent to it.

use auth0_mfa_emulator::{Config, Tenant, Timestamp, TokenFormat, UserConfig};
use serde_json::Value;

const PASSWORD: &str = "fake-password";
const RECOVERY_GRANT: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A recovery code follows this in a reply.
const BEFORE_CODE: &[u8] = br#""recovery_code":""#;
pub const CODE_LENGTH: usize = 24;

/// The tenant for demonstrations, with so many enrolled users more. A login is good for one recovery after the other,
/// so that recoveries are all there is to count.
pub fn config(tokens: TokenFormat, users: usize) -> Config {
    let mut config = Config::default();
    config.tokens = tokens;
    config.behaviour.mfa_token_ends_with_success = false;
    config.users.extend((0..users).map(|number| UserConfig::new(user(number), PASSWORD).enrolled()));
    config
}

pub fn user(number: usize) -> String {
    format!("user-{number}@example.com")
}

/// Logs in. Answers the form of a recovery grant of this login, whose end is the code that is good now.
///
/// # Panics
/// When the user cannot log in.
pub fn recovery_form(tenant: &mut Tenant, user: &str, now: Timestamp) -> String {
    let login = form("password", &[("username", user), ("password", PASSWORD)]);
    let reply = tenant.handle(&request(login.as_bytes()), now);
    let reply: Value = serde_json::from_slice(reply.body().expose()).expect("JSON");
    let mfa_token = reply["mfa_token"].as_str().expect("an mfa_token");
    let code = tenant.user(user).and_then(|user| user.recovery_code()).expect("a code");
    form(RECOVERY_GRANT, &[("mfa_token", mfa_token), ("recovery_code", code.expose())])
}

/// A request for tokens, with the headers of a client.
pub fn request(form: &[u8]) -> http::Request<&[u8]> {
    http::Request::post("http://127.0.0.1:49152/oauth/token")
        .header("host", "127.0.0.1:49152")
        .header("content-type", FORM)
        .header("content-length", form.len())
        .body(form)
        .expect("a request")
}

/// In the order in which the toolkit's clients write it.
fn form(grant_type: &str, parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", grant_type);
    form.append_pair("client_id", "confidential-app").append_pair("client_secret", "fake-client-secret");
    form.extend_pairs(parameters).finish()
}

/// The recovery code of a reply.
///
/// # Panics
/// When there is none: then a measurement would say nothing.
pub fn code_of(reply: &[u8]) -> &[u8] {
    let at = reply.windows(BEFORE_CODE.len()).position(|window| window == BEFORE_CODE).expect("a code");
    let start = at + BEFORE_CODE.len();
    &reply[start..start + CODE_LENGTH]
}

/// Puts another code at the end of a request.
pub fn replace_code(request: &mut [u8], code: &[u8]) {
    let start = request.len() - CODE_LENGTH;
    request[start..].copy_from_slice(code);
}
