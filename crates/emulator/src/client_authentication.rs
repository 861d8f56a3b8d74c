//! How an application proves itself: not at all, by a secret, by an assertion, or by a certificate.

use auth0_mfa_core::serve::ClientCredentials;
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::client_certificate::ClientCertificate;
use crate::config::ApplicationConfig;
use crate::jws::Jws;
use crate::refusal::Refusal;
use crate::tokens::{Audience, Client};
use crate::{Tenant, Timestamp, secrets};

/// How far ahead an assertion's end may be, in seconds.
const LONGEST_ASSERTION: u64 = 300;
/// How much a client's clock may be ahead, in seconds.
const SKEW: u64 = 10;

/// The application that sent a request, once it has proved itself.
pub(crate) fn authenticate(
    tenant: &mut Tenant,
    request: &http::Request<&[u8]>,
    credentials: &ClientCredentials,
    now: Timestamp,
) -> Result<Client, Refusal> {
    let base = tenant.base_url(request);
    let assertion = credentials.client_assertion.as_ref();
    let assertion =
        assertion.map(|it| Assertion::parse(it.expose()).ok_or(Refusal::BadClient)).transpose()?;
    let claimed = assertion.as_ref().map(|assertion| assertion.claims.sub.as_str());
    let client_id = credentials.client_id.as_deref().or(claimed).ok_or(Refusal::BadClient)?;
    let application = tenant.application(client_id).ok_or(Refusal::BadClient)?;
    let proof = if let Some(expected) = &application.client_secret {
        let given = credentials.client_secret.as_ref();
        given.is_some_and(|given| secrets::same(expected.expose(), given.expose()))
    } else if !application.client_keys.is_empty() {
        assertion
            .as_ref()
            .is_some_and(|assertion| assertion.is_by(application, &[&base, &BaseUrl::of(None, request)], now))
    } else if !application.client_certificates.is_empty() {
        has_certificate(tenant, application, request, credentials)
    } else {
        true
    };
    let client_id = application.client_id.clone();
    let is_unused = |tenant: &mut Tenant| {
        let jti = assertion.as_ref().map(|assertion| assertion.claims.jti.as_str());
        jti.is_none_or(|jti| tenant.assertions_seen.note(&client_id, jti))
    };
    if !proof || !is_unused(tenant) {
        return Err(Refusal::BadClient);
    }
    Ok(Client { client_id, base, key: None })
}

/// The headers of the customer's edge, and no credential in the body beside them: Auth0 refuses that.
fn has_certificate(
    tenant: &Tenant,
    application: &ApplicationConfig,
    request: &http::Request<&[u8]>,
    credentials: &ClientCredentials,
) -> bool {
    let is_alone = credentials.client_secret.is_none() && credentials.client_assertion.is_none();
    let given = request.headers().get("cname-api-key").and_then(|value| value.to_str().ok());
    let is_from_edge = match (&tenant.cname_api_key, given) {
        (Some(expected), Some(given)) => secrets::same(expected.expose(), given),
        _ => false,
    };
    let certificate = ClientCertificate::forwarded(request.headers());
    is_alone && is_from_edge && certificate.is_some_and(|it| application.client_certificates.contains(&it))
}

/// A `client_assertion` that was taken apart. Nothing of it is checked.
struct Assertion<'a> {
    jws: Jws<'a>,
    claims: Claims,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: u64,
    jti: String,
    #[serde(default)]
    iat: u64,
    #[serde(default)]
    nbf: u64,
}

impl<'a> Assertion<'a> {
    fn parse(assertion: &'a str) -> Option<Self> {
        let jws = Jws::parse(assertion)?;
        let claims = jws.claims()?;
        Some(Self { jws, claims })
    }

    /// `audiences` are where the tenant is: by its settings, and as it was called.
    fn is_by(&self, application: &ApplicationConfig, audiences: &[&BaseUrl], now: Timestamp) -> bool {
        let Claims { iss, sub, aud, exp, jti, iat, nbf } = &self.claims;
        let now = now.unix_seconds();
        let latest = now.saturating_add(SKEW);
        iss == &application.client_id
            && sub == iss
            && audiences.iter().any(|base| aud.has(base.as_str()))
            && *exp > now
            && *exp <= latest.saturating_add(LONGEST_ASSERTION)
            && *iat <= latest
            && *nbf <= latest
            && !jti.is_empty()
            && application.client_keys.iter().any(|key| key.has_signed(&self.jws))
    }
}
