//! Every endpoint, one file each.

mod associate;
mod authentication_methods;
mod authenticators;
mod authenticators_reset;
mod challenge;
mod client_credentials;
mod delete_authenticator;
mod guardian_enrollments;
mod guardian_factors;
mod guardian_policies;
mod jwks;
mod management;
mod mfa_oob;
mod mfa_otp;
mod mfa_recovery_code;
mod multifactor_provider;
mod openid_configuration;
mod password;
mod password_realm;
mod recovery_code_regeneration;
mod refresh_token;
mod second_factor;
mod token;
mod user_enrollments;

use auth0_mfa_core::Body;
use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::{Behaviour, Tenant, Timestamp};

pub(crate) const TOKEN_PATH: &str = "/oauth/token";

/// The reply of a success, or why there is none.
pub(crate) type Answer = Result<http::Response<Body>, Refusal>;

type Endpoint = fn(&mut Tenant, &http::Request<&[u8]>, Timestamp) -> Answer;

/// Each endpoint's method, path and file.
const ENDPOINTS: [(Method, &str, Endpoint); 7] = [
    (Method::POST, TOKEN_PATH, token::answer),
    (Method::POST, "/mfa/associate", associate::answer),
    (Method::POST, "/mfa/challenge", challenge::answer),
    (Method::GET, "/mfa/authenticators", authenticators::answer),
    (Method::DELETE, "/mfa/authenticators/{}", delete_authenticator::answer),
    (Method::GET, "/.well-known/openid-configuration", openid_configuration::answer),
    (Method::GET, "/.well-known/jwks.json", jwks::answer),
];

/// Those of the Management API.
const MANAGEMENT: [(Method, &str, Endpoint); 17] = [
    (Method::POST, "/api/v2/users/{}/recovery-code-regeneration", recovery_code_regeneration::answer),
    (Method::GET, "/api/v2/users/{}/authentication-methods", authentication_methods::list),
    (Method::POST, "/api/v2/users/{}/authentication-methods", authentication_methods::create),
    (Method::PUT, "/api/v2/users/{}/authentication-methods", authentication_methods::replace),
    (Method::DELETE, "/api/v2/users/{}/authentication-methods", authentication_methods::delete_all),
    (Method::GET, "/api/v2/users/{}/authentication-methods/{}", authentication_methods::get),
    (Method::PATCH, "/api/v2/users/{}/authentication-methods/{}", authentication_methods::update),
    (Method::DELETE, "/api/v2/users/{}/authentication-methods/{}", authentication_methods::delete),
    (Method::DELETE, "/api/v2/users/{}/authenticators", authenticators_reset::answer),
    (Method::GET, "/api/v2/users/{}/enrollments", user_enrollments::answer),
    (Method::DELETE, "/api/v2/users/{}/multifactor/{}", multifactor_provider::delete),
    (Method::GET, "/api/v2/guardian/enrollments/{}", guardian_enrollments::get),
    (Method::DELETE, "/api/v2/guardian/enrollments/{}", guardian_enrollments::delete),
    (Method::GET, "/api/v2/guardian/factors", guardian_factors::list),
    (Method::PUT, "/api/v2/guardian/factors/{}", guardian_factors::set),
    (Method::GET, "/api/v2/guardian/policies", guardian_policies::get),
    (Method::PUT, "/api/v2/guardian/policies", guardian_policies::put),
];

pub(crate) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let (method, path) = (request.method(), request.uri().path());
    let mut endpoints = ENDPOINTS.iter().chain(&MANAGEMENT);
    let endpoint = endpoints.find(|(known, pattern, _)| known == method && management::fits(pattern, path));
    let (_, _, answer) = endpoint.ok_or(Refusal::NotFound)?;
    answer(tenant, request, now)
}

/// Whether it is a path of the Management API.
pub(crate) fn is_management(path: &str) -> bool {
    path.starts_with(management::PREFIX)
}

/// The reply to what is refused, in the shape of the API.
pub(crate) fn refuse(refusal: &Refusal, path: &str, behaviour: &Behaviour) -> http::Response<Body> {
    if is_management(path) {
        refusal.to_management_response(behaviour)
    } else {
        refusal.to_response(behaviour)
    }
}

/// A 204, which has a type all the same, as recorded.
fn no_content() -> Answer {
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// A reply of JSON that core does not write.
fn json_reply(json: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(json).map_err(|_| Refusal::Internal)?;
    let mut response = http::Response::new(Body::from(body));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
