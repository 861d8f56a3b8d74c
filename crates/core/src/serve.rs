//! The other direction: a server reads the requests of these calls and writes their replies.
//!
//! For emulators, proxies and tests. It is plain functions: a program that does not call them does not pay for them.

use std::fmt;

use crate::wiped::Wiped;
use crate::wire::client_credentials;
use crate::wire::parameters::Parameters;
use crate::{ApiError, Body, Call, ClientAssertion, ClientSecret, ErrorCode};

/// A call that a server can read and answer.
pub trait Serve: Call {
    /// Reads a request that was made for this call. Which call a request is for, its method, path and `grant_type`
    /// say; an [`MfaApiTokenGrant`](crate::MfaApiTokenGrant) is a password grant with another audience.
    ///
    /// # Errors
    /// When a parameter is missing, repeated or of a wrong type, or the body cannot be read.
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError>;

    /// Writes the reply of a success.
    fn write_reply(output: &Self::Output) -> http::Response<Body>;
}

/// A call as a server received it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Received<C> {
    /// The call.
    pub call: C,
    /// Who says to have sent it.
    pub client: ClientCredentials,
}

impl<C> Received<C> {
    pub(crate) fn new(call: C, client: ClientCredentials) -> Self {
        Self { call, client }
    }
}

/// What a request says about the application that sent it. Nothing of it is checked.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ClientCredentials {
    /// `client_id`, from the body or the `Authorization: Basic` header.
    pub client_id: Option<String>,
    /// `client_secret`, from the same place.
    pub client_secret: Option<ClientSecret>,
    /// `client_assertion`, of type `jwt-bearer`.
    pub client_assertion: Option<ClientAssertion>,
    /// Whether identifier and secret came in the header.
    pub basic: bool,
}

/// A request that a server cannot read. It names parameters, never values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A parameter that must be there is not, or is empty.
    MissingParameter(&'static str),
    /// A parameter is of a wrong type or form.
    InvalidParameter(&'static str),
    /// A parameter is there twice (RFC 6749, 3.2).
    RepeatedParameter(&'static str),
    /// The body is neither a form nor a JSON object.
    UnreadableBody,
    /// There is no `Authorization: Bearer`, or it cannot be read.
    MissingBearer,
    /// The same, at the Management API.
    MissingManagementToken,
    /// The `Authorization: Basic` header cannot be read.
    InvalidBasic,
    /// The path is not that of the call.
    WrongPath,
}

impl RequestError {
    /// The error that Auth0 answers to such a request. Where no recording shows its text, it is made by analogy.
    pub fn to_api_error(&self) -> ApiError {
        let (status, code) = match self {
            Self::MissingBearer => (http::StatusCode::UNAUTHORIZED, ErrorCode::InvalidGrant),
            Self::MissingManagementToken => {
                (http::StatusCode::UNAUTHORIZED, ErrorCode::Other("Unauthorized".to_owned()))
            }
            Self::InvalidBasic => (http::StatusCode::UNAUTHORIZED, ErrorCode::InvalidClient),
            Self::WrongPath => (http::StatusCode::NOT_FOUND, ErrorCode::Other("not_found".to_owned())),
            _ => (http::StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest),
        };
        let error = ApiError::new(status, code);
        match self {
            Self::MissingBearer => {
                error.describe("The mfa_token provided is invalid. Try getting a new token.")
            }
            _ => error.describe(self.to_string()),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingParameter(name) => write!(f, "Missing required parameter: {name}"),
            Self::InvalidParameter(name) => write!(f, "Invalid parameter: {name}"),
            Self::RepeatedParameter(name) => write!(f, "Repeated parameter: {name}"),
            Self::UnreadableBody => f.write_str("The body is neither a form nor a JSON object"),
            Self::MissingBearer => f.write_str("There is no Bearer token"),
            Self::MissingManagementToken => f.write_str("Missing authentication"),
            Self::InvalidBasic => f.write_str("The Authorization header is not readable"),
            Self::WrongPath => f.write_str("There is nothing at this path"),
        }
    }
}

impl std::error::Error for RequestError {}

/// What a request to `/oauth/token` or `/mfa/challenge` says about the application that sent it; for grants that this
/// crate has no call of.
///
/// # Errors
/// When the body or the `Authorization: Basic` header cannot be read.
pub fn client_credentials(request: &http::Request<&[u8]>) -> Result<ClientCredentials, RequestError> {
    client_credentials::read(request.headers(), &Parameters::read(request)?)
}

/// A parameter of a request, from a form or a JSON body; none when it is not there or empty.
///
/// # Errors
/// When it is there twice or is no text, or the body cannot be read.
pub fn parameter(request: &http::Request<&[u8]>, name: &'static str) -> Result<Option<String>, RequestError> {
    Ok(Parameters::read(request)?.optional(name)?.map(str::to_owned))
}

/// The `grant_type` of a request to `/oauth/token`, from a form or a JSON body. In a form it is the first; that there
/// is another, is an error of [`Serve::read_request`].
///
/// # Errors
/// When there is none, or the body cannot be read.
pub fn grant_type(request: &http::Request<&[u8]>) -> Result<String, RequestError> {
    Parameters::read_one(request, "grant_type").map(Wiped::into_string)
}
