//! `DELETE /mfa/authenticators/{id}`: an authenticator goes.
//!
//! Source: <https://auth0.com/docs/api/authentication/muti-factor-authentication/delete-an-authenticator>

use http::Method;

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, path};
use crate::{Application, AuthenticatorId, Bearer, Body, Call, CallOptions, Deleted, Replay};

const PATH: &str = "/mfa/authenticators/{}";

/// Deletes an authenticator. Answers [`Deleted`].
///
/// Its twin goes with it: push and OTP, SMS and voice are enrolled in pairs. The recovery code cannot be deleted so (see
/// [`DeleteAuthenticationMethod`](crate::DeleteAuthenticationMethod)), nor an e-mail address that Auth0 listed by itself.
///
/// May be sent again: a 404 then means that the first sending had done it.
///
/// Refused with 401 (an `mfa_token` is not enough: it takes an access token of scope `remove:authenticators`) or 404.
///
/// ```
/// use auth0_mfa_core::{AccessToken, AuthenticatorId, Bearer, DeleteAuthenticator};
///
/// let bearer = Bearer::try_from(&AccessToken::parse("eyJ.FAKE.FAKE")?)?;
/// let call = DeleteAuthenticator::new(bearer, AuthenticatorId::parse("sms|dev_FAKE")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct DeleteAuthenticator {
    bearer: Bearer,
    authenticator_id: AuthenticatorId,
}

impl DeleteAuthenticator {
    /// The call, with an access token of scope `remove:authenticators`.
    pub fn new(bearer: Bearer, authenticator_id: AuthenticatorId) -> Self {
        Self { bearer, authenticator_id }
    }

    /// The token; for servers and tests.
    pub fn bearer(&self) -> &Bearer {
        &self.bearer
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
        bearer_endpoint::request(domain, options, Method::DELETE, &path, self.bearer.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<Deleted, Unreadable> {
        Ok(Deleted::read(reply))
    }
}

impl Serve for DeleteAuthenticator {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [id] = path::read(request.uri().path(), PATH)?;
        let id = AuthenticatorId::parse(id).map_err(|_| RequestError::WrongPath)?;
        let call = Self::new(bearer_endpoint::read_bearer(request)?, id);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(_: &Deleted) -> http::Response<Body> {
        Deleted::to_response()
    }
}
