//! `DELETE /api/v2/users/{id}/authentication-methods/{authentication_method_id}`: one authentication method goes, the
//! recovery code for example.
//!
//! Source: <https://auth0.com/docs/api/management/v2/users/delete-authentication-methods-by-authentication-method-id>

use http::Method;

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, path};
use crate::{
    ApiError, Application, AuthenticationMethodId, Body, Call, CallOptions, Deleted, ManagementToken,
    NextStep, Replay, UserId,
};

const PATH: &str = "/api/v2/users/{}/authentication-methods/{}";

/// Deletes one authentication method of a user; those that are linked with it (`link_id`) go too. Answers [`Deleted`].
///
/// This is how a recovery code is dropped: the MFA API cannot delete it.
///
/// May be sent again: what is gone stays gone.
///
/// Refused with 401 (the token), 403 (its scope is not `delete:authentication_methods`), 404 or 429.
///
/// ```
/// use auth0_mfa_core::{AuthenticationMethodId, DeleteAuthenticationMethod, ManagementToken, UserId};
///
/// let call = DeleteAuthenticationMethod::new(
///     ManagementToken::parse("eyJ.FAKE.FAKE")?,
///     UserId::parse("auth0|fake")?,
///     AuthenticationMethodId::parse("recovery-code|dev_FAKE")?,
/// );
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct DeleteAuthenticationMethod {
    token: ManagementToken,
    user_id: UserId,
    authentication_method_id: AuthenticationMethodId,
}

impl DeleteAuthenticationMethod {
    /// The call, with a token of scope `delete:authentication_methods`.
    pub fn new(
        token: ManagementToken,
        user_id: UserId,
        authentication_method_id: AuthenticationMethodId,
    ) -> Self {
        Self { token, user_id, authentication_method_id }
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }

    /// The user; for servers and tests.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// The authentication method; for servers and tests.
    pub fn authentication_method_id(&self) -> &AuthenticationMethodId {
        &self.authentication_method_id
    }
}

impl Call for DeleteAuthenticationMethod {
    type Output = Deleted;
    type NewCode = ();

    const NAME: &'static str = "DeleteAuthenticationMethod";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let path = path::write(PATH, &[self.user_id.as_str(), self.authentication_method_id.as_str()]);
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

impl Serve for DeleteAuthenticationMethod {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [user_id, authentication_method_id] = path::read(request.uri().path(), PATH)?;
        let user_id = UserId::parse(user_id).map_err(|_| RequestError::WrongPath)?;
        let authentication_method_id =
            AuthenticationMethodId::parse(authentication_method_id).map_err(|_| RequestError::WrongPath)?;
        let call =
            Self::new(bearer_endpoint::read_management_token(request)?, user_id, authentication_method_id);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(_: &Deleted) -> http::Response<Body> {
        Deleted::to_response()
    }
}
