//! A secret never shows: not in `{}`, `{:?}` or `{:#?}`, as text, as bytes, percent- or base64-encoded.
//!
//! Exempt, because they are no secrets and a reader of a log needs them: what the program itself says of clients,
//! users, scopes and audiences. Of what a server says, Auth0's own words are shown, identifiers of their form, and
//! figures.

mod errors;
mod requests;
mod successes;
mod values;

use auth0_mfa_core::{
    AccessToken, Application, CallOptions, ClientAssertion, ClientAuth, DpopProof, NewCode, RecoveryCode,
    Telemetry,
};
use http::{HeaderMap, HeaderValue, Response};

use crate::json::KNOWN_NAMES;
use crate::support::{application, client_secret};

fn secret(canary: &str) -> String {
    canary.to_owned()
}

fn access_token(canary: &str) -> AccessToken {
    AccessToken::parse(canary).unwrap()
}

fn new_code(canary: &str) -> NewCode {
    NewCode::Issued(RecoveryCode::verbatim(canary))
}

fn applications(canary: &str) -> [Application; 5] {
    [
        ClientAuth::None,
        ClientAuth::SecretPost(client_secret(canary)),
        ClientAuth::SecretBasic(client_secret(canary)),
        ClientAuth::PrivateKeyJwt,
        ClientAuth::Mtls,
    ]
    .map(application)
}

/// What belongs to one sending, all of it secret but the program's own name.
fn options(canary: &str) -> CallOptions {
    CallOptions::default()
        .client_assertion(ClientAssertion::parse(canary).unwrap())
        .dpop_proof(DpopProof::parse(canary).unwrap())
        .telemetry(Telemetry::new("fake-program", "1.0"))
}

/// A reply that repeats the canary wherever it can: in every header, in every field but those that decide what it
/// means.
fn echo<'a>(canary: &str, status: u16, fields: &str, body: &'a mut String) -> Response<&'a [u8]> {
    let value = format!("{canary:?}");
    let others = KNOWN_NAMES.iter().filter(|name| !fields.contains(&format!("\"{name}\"")));
    let others: String = others.map(|name| format!(",{name:?}:{value}")).collect();
    *body = format!("{{{fields},{value}:{value}{others}}}");
    let mut reply = Response::builder().status(status).body(body.as_bytes()).unwrap();
    *reply.headers_mut() = echoing_headers(canary);
    reply
}

fn echoing_headers(canary: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in [
        "x-auth0-requestid",
        "set-cookie",
        "location",
        "www-authenticate",
        "content-type",
        "dpop-nonce",
        "auth0-ratelimit",
        "x-echo",
    ] {
        headers.insert(name, HeaderValue::from_str(canary).unwrap());
    }
    // Digits in these are figures.
    if canary.parse::<u64>().is_err() {
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"] {
            headers.insert(name, HeaderValue::from_str(canary).unwrap());
        }
    }
    headers
}
