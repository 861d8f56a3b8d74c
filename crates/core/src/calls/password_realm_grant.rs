//! `POST /oauth/token`, `grant_type=http://auth0.com/oauth/grant-type/password-realm`: the first factor by user name and
//! password, at one connection.
//!
//! Source: <https://auth0.com/docs/api/authentication/resource-owner-password-flow/get-token>

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{Application, Body, Call, CallOptions, FirstFactor, MfaRequired, PasswordGrant, Replay};

const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/password-realm";

/// Logs a user in by name and password at the connection that is named by `realm`. Answers [`FirstFactor`]: tokens, or
/// that MFA is required.
///
/// Refused as [`PasswordGrant`] is.
///
/// ```
/// use auth0_mfa_core::{Password, PasswordGrant};
///
/// let call = PasswordGrant::new("user@example.com", Password::new("fake-password"))
///     .scope("openid")
///     .in_realm("Username-Password-Authentication");
/// # let _ = call;
/// ```
#[derive(Debug)]
pub struct PasswordRealmGrant {
    realm: String,
    login: PasswordGrant,
}

impl PasswordRealmGrant {
    /// The call.
    pub fn new(realm: impl Into<String>, login: PasswordGrant) -> Self {
        Self { realm: realm.into(), login }
    }

    /// The name of the connection.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// What else the login is made of.
    pub fn login(&self) -> &PasswordGrant {
        &self.login
    }
}

impl Call for PasswordRealmGrant {
    type Output = FirstFactor;
    type NewCode = ();

    const NAME: &'static str = "PasswordRealmGrant";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let mut parameters = self.login.parameters();
        parameters.push(("realm", &self.realm));
        token_endpoint::request(application, options, GRANT_TYPE, &parameters)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<FirstFactor, Unreadable> {
        FirstFactor::read(reply)
    }

    fn continue_with(&self, mfa: &MfaRequired) -> Option<FirstFactor> {
        Some(FirstFactor::MfaRequired(mfa.clone()))
    }
}

impl Serve for PasswordRealmGrant {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            Ok(Self::new(parameters.required("realm")?, PasswordGrant::read(parameters)?))
        })
    }

    fn write_reply(output: &FirstFactor) -> http::Response<Body> {
        output.to_response()
    }
}
