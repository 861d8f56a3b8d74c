//! What the grants at `POST /oauth/token` share.

use http::{HeaderValue, Method, header};

use crate::serve::{Received, RequestError};
use crate::wire::parameters::Parameters;
use crate::wire::{client_credentials, form};
use crate::{Application, Body, CallOptions};

pub(crate) const PATH: &str = "/oauth/token";

/// A form with the grant type, the application's credential and the grant's own parameters.
pub(crate) fn request(
    application: &Application,
    options: &CallOptions,
    grant_type: &str,
    parameters: &[(&'static str, &str)],
) -> http::Request<Body> {
    let credentials = client_credentials::in_body(application, options);
    let pairs =
        std::iter::once(("grant_type", grant_type)).chain(credentials).chain(parameters.iter().copied());

    let mut request = http::Request::new(form::write(pairs));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = application.token_endpoint();
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    client_credentials::insert(headers, application);
    options.insert_token_endpoint_headers(headers);
    request
}

/// Reads a grant: `call` takes the grant's own parameters.
pub(crate) fn read_request<C>(
    request: &http::Request<&[u8]>,
    call: impl FnOnce(&Parameters<'_>) -> Result<C, RequestError>,
) -> Result<Received<C>, RequestError> {
    let parameters = Parameters::read(request)?;
    // `grant_type` says which grant is read; here is seen whether another says otherwise.
    parameters.refuse_repeated("grant_type")?;
    let client = client_credentials::read(request.headers(), &parameters)?;
    Ok(Received::new(call(&parameters)?, client))
}
