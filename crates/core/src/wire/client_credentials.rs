//! How an application proves itself in a request.

use base64ct::{Base64, Encoding};
use http::{HeaderMap, HeaderValue, header};

use crate::serve::{ClientCredentials, RequestError};
use crate::wiped::Wiped;
use crate::wire::parameters::Parameters;
use crate::wire::{form, sensitive, strip_scheme};
use crate::{Application, Body, CallOptions, ClientAssertion, ClientAuth, ClientSecret};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What travels in the body.
pub(crate) fn in_body<'a>(
    application: &'a Application,
    options: &'a CallOptions,
) -> impl Iterator<Item = (&'static str, &'a str)> + Clone {
    let client_id = Some(("client_id", application.client_id().as_str()));
    let pairs = match application.client_auth() {
        ClientAuth::SecretBasic(_) => [None, None, None],
        ClientAuth::None | ClientAuth::Mtls => [client_id, None, None],
        ClientAuth::SecretPost(secret) => [client_id, Some(("client_secret", secret.expose())), None],
        ClientAuth::PrivateKeyJwt => {
            let assertion = options.assertion().map(|it| ("client_assertion", it.expose()));
            [client_id, assertion.map(|_| ("client_assertion_type", ASSERTION_TYPE)), assertion]
        }
    };
    pairs.into_iter().flatten()
}

/// What travels in the body where the `Authorization` header is taken. The token there knows its application, so that
/// most of Auth0's own SDKs send none; it is sent where the application has a proof that fits in.
pub(crate) fn in_body_beside_bearer<'a>(
    application: &'a Application,
    options: &'a CallOptions,
) -> Vec<(&'static str, &'a str)> {
    match application.client_auth() {
        ClientAuth::None | ClientAuth::SecretBasic(_) => Vec::new(),
        ClientAuth::SecretPost(_) | ClientAuth::PrivateKeyJwt | ClientAuth::Mtls => {
            in_body(application, options).collect()
        }
    }
}

/// What travels in the head.
pub(crate) fn insert(headers: &mut HeaderMap, application: &Application) {
    if let ClientAuth::SecretBasic(secret) = application.client_auth() {
        headers.insert(header::AUTHORIZATION, basic(application.client_id().as_str(), secret));
    }
}

/// RFC 6749, 2.3.1: each part is form-encoded before they are joined and put into base64.
fn basic(client_id: &str, secret: &ClientSecret) -> HeaderValue {
    let (id, secret) = (form::encode_value(client_id), form::encode_value(secret.expose()));
    let joined = Wiped::from([id.as_str(), ":", secret.as_str()].concat());
    let encoded = Wiped::from(Base64::encode_string(joined.as_bytes()));
    sensitive(&Wiped::from(["Basic ", encoded.as_str()].concat()))
}

/// What a request says of the application, in its head or its body.
pub(crate) fn read(
    headers: &HeaderMap,
    parameters: &Parameters<'_>,
) -> Result<ClientCredentials, RequestError> {
    if let Some(credentials) = read_basic(headers)? {
        return Ok(credentials);
    }
    let secret = parameters.optional("client_secret")?.map(ClientSecret::parse).transpose();
    let assertion = parameters.optional("client_assertion")?.map(ClientAssertion::parse).transpose();
    if assertion.as_ref().is_ok_and(Option::is_some)
        && parameters.required("client_assertion_type")? != ASSERTION_TYPE
    {
        return Err(RequestError::InvalidParameter("client_assertion_type"));
    }
    Ok(ClientCredentials {
        client_id: parameters.optional("client_id")?.map(str::to_owned),
        client_secret: secret.map_err(|_| RequestError::InvalidParameter("client_secret"))?,
        client_assertion: assertion.map_err(|_| RequestError::InvalidParameter("client_assertion"))?,
        basic: false,
    })
}

fn read_basic(headers: &HeaderMap) -> Result<Option<ClientCredentials>, RequestError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let Some(encoded) = value.to_str().ok().and_then(|value| strip_scheme(value, "Basic")) else {
        return Ok(None);
    };
    let decoded = Body::from(Base64::decode_vec(encoded).map_err(|_| RequestError::InvalidBasic)?);
    let decoded = std::str::from_utf8(decoded.expose()).map_err(|_| RequestError::InvalidBasic)?;
    let (id, secret) = decoded.split_once(':').ok_or(RequestError::InvalidBasic)?;
    let secret = form::decode_value(secret);
    Ok(Some(ClientCredentials {
        client_id: Some(form::decode_value(id).as_str().to_owned()),
        client_secret: ClientSecret::parse(secret.as_str()).ok(),
        client_assertion: None,
        basic: true,
    }))
}
