//! Calls of the Management API, as they are.

use auth0_mfa_core::{Body, ManagementToken, UserId};
use auth0_mfa_emulator::Authenticator;
use serde_json::Value;

use crate::support::*;

pub(crate) fn token(world: &mut World) -> ManagementToken {
    let reply = world.handle(&client_credentials("confidential-app", ""));
    ManagementToken::parse(json(&reply)["access_token"].as_str().expect("a token")).expect("a token")
}

pub(crate) fn user_id(world: &World, user: &str) -> UserId {
    UserId::parse(world.tenant.user(user).expect("a user").user_id()).expect("an id")
}

/// The answer to a request with the token and, where it is one, a JSON body, to a path behind `/api/v2/`.
pub(crate) fn request(
    world: &mut World,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> http::Response<Body> {
    let token = token(world);
    let request = http::Request::builder()
        .method(method)
        .uri(format!("https://tenant.example.com/api/v2/{path}"))
        .header("authorization", format!("Bearer {}", token.expose()))
        .header("content-type", "application/json")
        .body(Body::from(body.map(|body| body.to_string().into_bytes()).unwrap_or_default()));
    world.handle(&request.expect("a request"))
}

/// The same: its status, and its body, which is null when there is none.
pub(crate) fn manage(world: &mut World, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let response = request(world, method, path, body);
    let body = if response.body().is_empty() { Value::Null } else { json(&response) };
    (response.status().as_u16(), body)
}

/// `users/{id}` of a user.
pub(crate) fn path_of(world: &World, user: &str) -> String {
    format!("users/{}", encoded(user_id(world, user).as_str()))
}

pub(crate) fn methods_of(world: &World, user: &str) -> String {
    format!("{}/authentication-methods", path_of(world, user))
}

/// An identifier as it stands in a path.
pub(crate) fn encoded(id: &str) -> String {
    id.replace('|', "%7C")
}

/// The identifiers of a user's authenticators.
pub(crate) fn ids_of(world: &World, user: &str) -> Vec<String> {
    let user = world.tenant.user(user).expect("a user");
    user.authenticators().iter().map(Authenticator::id).collect()
}

/// The part of an identifier behind the `|`.
pub(crate) fn device_of(id: &str) -> &str {
    id.split_once('|').expect("a kind and a device").1
}

/// The error of the Management API that has this status.
pub(crate) fn error(status: u16, reason: &str, message: &str, code: &str) -> (u16, Value) {
    let error = serde_json::json!({
        "statusCode": status,
        "error": reason,
        "message": message,
        "errorCode": code,
    });
    (status, error)
}
