//! `GET /.well-known/openid-configuration`: what SDKs look up first. It names what the tenant has, in Auth0's order;
//! the endpoints of the hosted login are named too, since SDKs ask for them, and are not there.

use serde::Serialize;

use super::{Answer, json_reply};
use crate::{Tenant, Timestamp, grant_type};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, _: Timestamp) -> Answer {
    let base = tenant.base_url(request);
    json_reply(&Configuration {
        authorization_endpoint: base.join("authorize"),
        token_endpoint: base.join("oauth/token"),
        userinfo_endpoint: base.join("userinfo"),
        mfa_challenge_endpoint: base.join("mfa/challenge"),
        jwks_uri: base.join(".well-known/jwks.json"),
        revocation_endpoint: base.join("oauth/revoke"),
        issuer: base.as_str(),
        scopes_supported: &[
            "openid",
            "profile",
            "offline_access",
            "name",
            "given_name",
            "family_name",
            "nickname",
            "email",
            "email_verified",
            "picture",
            "created_at",
            "identities",
            "phone",
            "address",
        ],
        response_types_supported: &[
            "code",
            "token",
            "id_token",
            "code token",
            "code id_token",
            "token id_token",
        ],
        response_modes_supported: &["query", "fragment", "form_post"],
        grant_types_supported: grant_type::all(),
        subject_types_supported: &["public"],
        id_token_signing_alg_values_supported: &["RS256"],
        token_endpoint_auth_methods_supported: &[
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "tls_client_auth",
            "self_signed_tls_client_auth",
            "none",
        ],
        token_endpoint_auth_signing_alg_values_supported: &["RS256", "RS384", "PS256"],
        claims_supported: &[
            "aud",
            "auth_time",
            "created_at",
            "email",
            "email_verified",
            "exp",
            "family_name",
            "given_name",
            "iat",
            "identities",
            "iss",
            "name",
            "nickname",
            "phone_number",
            "picture",
            "sub",
        ],
        dpop_signing_alg_values_supported: &["ES256"],
        request_uri_parameter_supported: false,
        request_parameter_supported: false,
    })
}

#[derive(Serialize)]
struct Configuration<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    mfa_challenge_endpoint: String,
    jwks_uri: String,
    revocation_endpoint: String,
    scopes_supported: &'static [&'static str],
    response_types_supported: &'static [&'static str],
    response_modes_supported: &'static [&'static str],
    grant_types_supported: Vec<String>,
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: &'static [&'static str],
    token_endpoint_auth_methods_supported: &'static [&'static str],
    token_endpoint_auth_signing_alg_values_supported: &'static [&'static str],
    claims_supported: &'static [&'static str],
    dpop_signing_alg_values_supported: &'static [&'static str],
    request_uri_parameter_supported: bool,
    request_parameter_supported: bool,
}
