//! `DELETE /api/v2/users/{id}/authenticators`: every authenticator of a user goes.
//!
//! Source: <https://auth0.com/docs/api/management/v2/users/delete-authenticators>

use http::Method;

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, path};
use crate::{
    ApiError, Application, Body, Call, CallOptions, Deleted, ManagementToken, NextStep, Replay, UserId,
};

const PATH: &str = "/api/v2/users/{}/authenticators";

/// Deletes every authenticator of a user. Answers [`Deleted`].
///
/// With [`DeleteAllAuthenticationMethods`](crate::DeleteAllAuthenticationMethods) it is what "reset MFA" means, and
/// drops the recovery code too.
///
/// May be sent again: what is gone stays gone.
///
/// Refused with 401 (the token), 403 (its scope is not `delete:guardian_enrollments`) or 429.
///
/// ```
/// use auth0_mfa_core::{DeleteAllAuthenticators, ManagementToken, UserId};
///
/// let token = ManagementToken::parse("eyJ.FAKE.FAKE")?;
/// let call = DeleteAllAuthenticators::new(token, UserId::parse("auth0|fake")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct DeleteAllAuthenticators {
    token: ManagementToken,
    user_id: UserId,
}

impl DeleteAllAuthenticators {
    /// The call, with a token of scope `delete:guardian_enrollments`.
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

impl Call for DeleteAllAuthenticators {
    type Output = Deleted;
    type NewCode = ();

    const NAME: &'static str = "DeleteAllAuthenticators";
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

impl Serve for DeleteAllAuthenticators {
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
