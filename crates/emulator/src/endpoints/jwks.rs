//! `GET /.well-known/jwks.json`: the key that verifies the tenant's tokens.

use serde::Serialize;

use super::{Answer, json_reply};
use crate::signing::Jwk;
use crate::{Tenant, Timestamp};

pub(super) fn answer(tenant: &mut Tenant, _: &http::Request<&[u8]>, _: Timestamp) -> Answer {
    json_reply(&Jwks { keys: [tenant.signing_key.to_jwk()] })
}

#[derive(Serialize)]
struct Jwks<'a> {
    keys: [Jwk<'a>; 1],
}
