//! `DELETE /api/v2/users/{id}/authentication-methods`: every authentication method of a user goes.
//!
//! Source: <https://auth0.com/docs/api/management/v2/users/delete-authentication-methods>

use http::Method;

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, path};
use crate::{
    ApiError, Application, Body, Call, CallOptions, Deleted, ManagementToken, NextStep, Replay, UserId,
};

const PATH: &str = "/api/v2/users/{}/authentication-methods";

/// Deletes every authentication method of a user, the recovery code included. Answers [`Deleted`].
///
/// With [`DeleteAllAuthenticators`](crate::DeleteAllAuthenticators) it is what "reset MFA" means: the user's next first
/// association issues a fresh recovery code.
///
/// May be sent again: what is gone stays gone.
///
/// Refused with 401 (the token), 403 (its scope is not `delete:authentication_methods`) or 429.
///
/// ```
/// use auth0_mfa_core::{DeleteAllAuthenticationMethods, ManagementToken, UserId};
///
/// let token = ManagementToken::parse("eyJ.FAKE.FAKE")?;
/// let call = DeleteAllAuthenticationMethods::new(token, UserId::parse("auth0|fake")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct DeleteAllAuthenticationMethods {
    token: ManagementToken,
    user_id: UserId,
}

impl DeleteAllAuthenticationMethods {
    /// The call, with a token of scope `delete:authentication_methods`.
    pub fn new(token: ManagementToken, user_id: UserId) -> Self {
        Self { token, user_id }
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }

    /// The user; for servers and tests.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }
}

impl Call for DeleteAllAuthenticationMethods {
    type Output = Deleted;
    type NewCode = ();

    const NAME: &'static str = "DeleteAllAuthenticationMethods";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let path = path::write(PATH, &[self.user_id.as_str()]);
        let domain = application.management_domain();
        bearer_endpoint::request(domain, options, Method::DELETE, &path, self.token.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<Deleted, Unreadable> {
        Deleted::read(reply)
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_management(error)
    }
}

impl Serve for DeleteAllAuthenticationMethods {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [user_id] = path::read(request.uri().path(), PATH)?;
        let user_id = UserId::parse(user_id).map_err(|_| RequestError::WrongPath)?;
        let call = Self::new(bearer_endpoint::read_management_token(request)?, user_id);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(_: &Deleted) -> http::Response<Body> {
        Deleted::to_response()
    }
}
