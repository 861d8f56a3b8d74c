//! `POST /oauth/token`, `grant_type=password`: the first factor by user name and password.
//!
//! Source: <https://auth0.com/docs/api/authentication/resource-owner-password-flow/get-token>

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::parameters::Parameters;
use crate::wire::token_endpoint;
use crate::{
    Application, Body, Call, CallOptions, FirstFactor, MfaApiScope, MfaApiTokenGrant, MfaRequired, Password,
    PasswordRealmGrant, Replay, Username,
};

const GRANT_TYPE: &str = "password";

/// Logs a user in by name and password. Answers [`FirstFactor`]: tokens, or that MFA is required.
///
/// Refused with `invalid_grant` ("Wrong email or password."), `too_many_attempts` (brute-force protection),
/// `password_leaked`, `requires_verification`, `unauthorized`, `access_denied`, `unauthorized_client` (the grant is
/// not enabled), `invalid_client`.
///
/// ```
/// use auth0_mfa_core::{Password, PasswordGrant};
///
/// let call = PasswordGrant::new("user@example.com", Password::new("fake-password")).scope("openid profile");
/// # let _ = call;
/// ```
#[derive(Debug)]
pub struct PasswordGrant {
    username: Username,
    password: Password,
    audience: Option<String>,
    scope: Option<String>,
}

impl PasswordGrant {
    /// The call, for the tenant's default audience and all its scopes.
    pub fn new(username: impl Into<String>, password: Password) -> Self {
        Self { username: Username::new(username), password, audience: None, scope: None }
    }

    /// The API that the access token is for.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// The scopes that are asked for, separated by spaces: `openid` brings an ID token, `offline_access` a refresh
    /// token.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The same login at one connection, by its name.
    pub fn in_realm(self, realm: impl Into<String>) -> PasswordRealmGrant {
        PasswordRealmGrant::new(realm, self)
    }

    /// The same login for an access token for the MFA API, instead of the audience and scopes that were asked for.
    pub fn for_mfa_api(self, scopes: &[MfaApiScope]) -> MfaApiTokenGrant {
        MfaApiTokenGrant::new(self, scopes)
    }

    pub(crate) fn without_audience_and_scope(mut self) -> Self {
        self.audience = None;
        self.scope = None;
        self
    }

    /// The parameters of the login, beside the `grant_type`.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut parameters = vec![("username", self.username.expose()), ("password", self.password.expose())];
        parameters.extend(self.audience.as_deref().map(|audience| ("audience", audience)));
        parameters.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        parameters
    }

    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, RequestError> {
        let username = parameters.required("username")?;
        let mut call = Self::new(username, Password::new(parameters.required("password")?));
        call.audience = parameters.optional("audience")?.map(str::to_owned);
        call.scope = parameters.optional("scope")?.map(str::to_owned);
        Ok(call)
    }

    /// The user name; for servers and tests.
    pub fn username(&self) -> &str {
        self.username.expose()
    }

    /// The password; for servers and tests.
    pub fn password(&self) -> &Password {
        &self.password
    }

    /// The audience, when one was asked for.
    pub fn requested_audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }

    /// The scopes, when some were asked for.
    pub fn requested_scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

impl Call for PasswordGrant {
    type Output = FirstFactor;
    type NewCode = ();

    const NAME: &'static str = "PasswordGrant";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        token_endpoint::request(application, options, GRANT_TYPE, &self.parameters())
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<FirstFactor, Unreadable> {
        FirstFactor::read(reply)
    }

    fn continue_with(&self, mfa: &MfaRequired) -> Option<FirstFactor> {
        Some(FirstFactor::MfaRequired(mfa.clone()))
    }
}

impl Serve for PasswordGrant {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, Self::read)
    }

    fn write_reply(output: &FirstFactor) -> http::Response<Body> {
        output.to_response()
    }
}
