//! Every endpoint, one file each.

mod associate;
mod authenticators;
mod client_credentials;
mod jwks;
mod mfa_otp;
mod mfa_recovery_code;
mod openid_configuration;
mod password;
mod password_realm;
mod refresh_token;
mod token;

use auth0_mfa_core::Body;
use http::{HeaderValue, Method, header};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::{Tenant, Timestamp};

pub(crate) const TOKEN_PATH: &str = "/oauth/token";

/// The reply of a success, or why there is none.
pub(crate) type Answer = Result<http::Response<Body>, Refusal>;

type Endpoint = fn(&mut Tenant, &http::Request<&[u8]>, Timestamp) -> Answer;

/// Each endpoint's method, path and file.
const ENDPOINTS: [(Method, &str, Endpoint); 5] = [
    (Method::POST, TOKEN_PATH, token::answer),
    (Method::POST, "/mfa/associate", associate::answer),
    (Method::GET, "/mfa/authenticators", authenticators::answer),
    (Method::GET, "/.well-known/openid-configuration", openid_configuration::answer),
    (Method::GET, "/.well-known/jwks.json", jwks::answer),
];

pub(crate) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let path = request.uri().path();
    let endpoint = ENDPOINTS.iter().find(|(method, known, _)| method == request.method() && *known == path);
    let (_, _, answer) = endpoint.ok_or(Refusal::NotFound)?;
    answer(tenant, request, now)
}

/// A reply of JSON that core does not write.
fn json_reply(json: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(json).map_err(|_| Refusal::Internal)?;
    let mut response = http::Response::new(Body::from(body));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
