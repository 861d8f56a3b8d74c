//! `DELETE /mfa/authenticators/{id}`: an authenticator goes.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/delete-authenticator>

use http::Method;

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, path};
use crate::{
    ApiError, Application, AuthenticatorId, Body, Call, CallOptions, Deleted, MfaApiToken, NextStep, Replay,
};

const PATH: &str = "/mfa/authenticators/{}";

/// Deletes an authenticator. Answers [`Deleted`].
///
/// Its twin goes with it: push and OTP, SMS and voice are enrolled in pairs. The recovery code cannot be deleted so
/// (see [`DeleteAuthenticationMethod`](crate::DeleteAuthenticationMethod)), nor an e-mail address that Auth0 listed by
/// itself.
///
/// May be sent again: a 404 then means that the first sending had done it.
///
/// Refused with 401 (an `mfa_token` is not enough: it takes an access token of scope `remove:authenticators`) or 404.
///
/// ```
/// use auth0_mfa_core::{AuthenticatorId, DeleteAuthenticator, MfaApiToken};
///
/// let access_token = MfaApiToken::parse("eyJ.FAKE.FAKE")?;
/// let call = DeleteAuthenticator::new(access_token, AuthenticatorId::parse("sms|dev_FAKE")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct DeleteAuthenticator {
    access_token: MfaApiToken,
    authenticator_id: AuthenticatorId,
}

impl DeleteAuthenticator {
    /// The call, with an access token of scope `remove:authenticators`.
    pub fn new(access_token: MfaApiToken, authenticator_id: AuthenticatorId) -> Self {
        Self { access_token, authenticator_id }
    }

    /// The token; for servers and tests.
    pub fn access_token(&self) -> &MfaApiToken {
        &self.access_token
    }

    /// The authenticator; for servers and tests.
    pub fn authenticator_id(&self) -> &AuthenticatorId {
        &self.authenticator_id
    }
}

impl Call for DeleteAuthenticator {
    type Output = Deleted;
    type NewCode = ();

    const NAME: &'static str = "DeleteAuthenticator";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let path = path::write(PATH, &[self.authenticator_id.as_str()]);
        let domain = application.domain();
        bearer_endpoint::request(domain, options, Method::DELETE, &path, self.access_token.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<Deleted, Unreadable> {
        Deleted::read(reply)
    }

    fn next_step(error: &ApiError) -> NextStep {
        match NextStep::of_bearer(error) {
            // Another login would bring another `mfa_token`.
            NextStep::LogInAgain => NextStep::RenewAccessToken,
            step => step,
        }
    }
}

impl Serve for DeleteAuthenticator {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [id] = path::read(request.uri().path(), PATH)?;
        let id = AuthenticatorId::parse(id).map_err(|_| RequestError::WrongPath)?;
        let call = Self::new(bearer_endpoint::read_access_token(request)?, id);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(_: &Deleted) -> http::Response<Body> {
        Deleted::to_response()
    }
}
