//! What the grants at `POST /oauth/token` share.

use base64ct::{Base64, Encoding};
use http::{HeaderName, HeaderValue, Method, header, uri::PathAndQuery};
use zeroize::Zeroizing;

use crate::serve::{ClientCredentials, Received, RequestError};
use crate::wire::{form, json, media_type, sensitive};
use crate::{Application, Body, CallOptions, ClientAuth, ClientSecret, MfaToken};

pub(crate) const PATH: &str = "/oauth/token";

/// A form with the grant type, the application's credential and the grant's own parameters.
pub(crate) fn request(
    application: &Application,
    options: &CallOptions,
    grant_type: &str,
    parameters: &[(&str, &str)],
) -> http::Request<Body> {
    let mut pairs = Vec::with_capacity(parameters.len() + 3);
    pairs.push(("grant_type", grant_type));
    match application.client_auth() {
        ClientAuth::None => pairs.push(("client_id", application.client_id().as_str())),
        ClientAuth::SecretPost(secret) => {
            pairs.push(("client_id", application.client_id().as_str()));
            pairs.push(("client_secret", secret.expose()));
        }
        ClientAuth::SecretBasic(_) => {}
    }
    pairs.extend_from_slice(parameters);

    let mut request = http::Request::new(form::write(&pairs));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = application.domain().uri(PathAndQuery::from_static(PATH));
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let ClientAuth::SecretBasic(secret) = application.client_auth() {
        headers.insert(header::AUTHORIZATION, basic(application.client_id().as_str(), secret));
    }
    if let Some(address) = options.forwarded_for_address() {
        // An IP address is visible ASCII in every spelling.
        if let Ok(value) = HeaderValue::try_from(address.to_string()) {
            headers.insert(HeaderName::from_static("auth0-forwarded-for"), value);
        }
    }
    request
}

/// RFC 6749, 2.3.1: each part is form-encoded before they are joined and put into base64.
fn basic(client_id: &str, secret: &ClientSecret) -> HeaderValue {
    let (id, secret) = (form::encode_value(client_id), form::encode_value(secret.expose()));
    let joined = Zeroizing::new([id.as_str(), ":", secret.as_str()].concat());
    let encoded = Zeroizing::new(Base64::encode_string(joined.as_bytes()));
    sensitive(&Zeroizing::new(["Basic ", encoded.as_str()].concat()))
}

/// The parameters of a request, from a form or, as some clients send it, a JSON object.
pub(crate) struct Parameters(Vec<(String, Zeroizing<String>)>);

impl Parameters {
    pub(crate) fn read(request: &http::Request<&[u8]>) -> Result<Self, RequestError> {
        match media_type(request.headers()).as_str() {
            "application/x-www-form-urlencoded" => Ok(Self(form::read(request.body()))),
            "application/json" => Self::from_json(request.body()),
            _ => Err(RequestError::UnreadableBody),
        }
    }

    fn from_json(body: &[u8]) -> Result<Self, RequestError> {
        let text = json::Text::of(body);
        let fields = json::Fields::parse(text.as_str()).ok_or(RequestError::UnreadableBody)?;
        Ok(Self(fields.strings()))
    }

    /// A parameter that may be absent; an empty one is (RFC 6749, 3.2).
    pub(crate) fn optional(&self, name: &'static str) -> Result<Option<&str>, RequestError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(RequestError::RepeatedParameter(name)),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    pub(crate) fn mfa_token(&self) -> Result<MfaToken, RequestError> {
        MfaToken::parse(self.required("mfa_token")?).map_err(|_| RequestError::InvalidParameter("mfa_token"))
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&str, RequestError> {
        self.optional(name)?.ok_or(RequestError::MissingParameter(name))
    }
}

/// Reads a grant: `call` takes the grant's own parameters.
pub(crate) fn read_request<C>(
    request: &http::Request<&[u8]>,
    call: impl FnOnce(&Parameters) -> Result<C, RequestError>,
) -> Result<Received<C>, RequestError> {
    let parameters = Parameters::read(request)?;
    let client = client_credentials(request, &parameters)?;
    Ok(Received::new(call(&parameters)?, client))
}

fn client_credentials(
    request: &http::Request<&[u8]>,
    parameters: &Parameters,
) -> Result<ClientCredentials, RequestError> {
    if let Some(credentials) = read_basic(request)? {
        return Ok(credentials);
    }
    let client_secret = parameters.optional("client_secret")?.map(ClientSecret::parse).transpose();
    Ok(ClientCredentials {
        client_id: parameters.optional("client_id")?.map(str::to_owned),
        client_secret: client_secret.map_err(|_| RequestError::InvalidParameter("client_secret"))?,
        basic: false,
    })
}

fn read_basic(request: &http::Request<&[u8]>) -> Result<Option<ClientCredentials>, RequestError> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let Some(encoded) = value.to_str().ok().and_then(|value| strip_scheme(value, "Basic")) else {
        return Ok(None);
    };
    let decoded = Zeroizing::new(Base64::decode_vec(encoded).map_err(|_| RequestError::InvalidBasic)?);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| RequestError::InvalidBasic)?;
    let (id, secret) = decoded.split_once(':').ok_or(RequestError::InvalidBasic)?;
    let secret = form::decode_value(secret);
    Ok(Some(ClientCredentials {
        client_id: Some(form::decode_value(id).as_str().to_owned()),
        client_secret: ClientSecret::parse(secret.as_str()).ok(),
        basic: true,
    }))
}

/// The credentials of an `Authorization` value of this scheme; schemes are case-insensitive.
pub(crate) fn strip_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (name, rest) = value.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}
