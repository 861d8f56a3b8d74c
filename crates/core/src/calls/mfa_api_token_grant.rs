//! `POST /oauth/token`, `grant_type=password` with the audience `https://{domain}/mfa/`: an access token for the MFA API.
//!
//! Source: <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{Application, Body, Call, CallOptions, FirstFactor, MfaRequired, PasswordGrant, Replay};

const GRANT_TYPE: &str = "password";

/// Logs a user in for an access token of the MFA API: with it a further authenticator can be
/// [added](crate::AddAuthenticator), and one can be [deleted](crate::DeleteAuthenticator), which an `mfa_token` does
/// not allow. Answers [`FirstFactor`]: a user with a factor other than e-mail has to pass it first.
///
/// The token lives ten minutes. [`MfaApiToken`](crate::MfaApiToken) takes it. The audience is the application's
/// [`mfa_audience`](Application::mfa_audience). A [`RefreshTokenGrant`](crate::RefreshTokenGrant) with that audience is
/// another way.
///
/// Refused as [`PasswordGrant`] is.
///
/// ```
/// use auth0_mfa_core::{FirstFactor, MfaApiScope, MfaApiToken, Password, PasswordGrant};
///
/// let call = PasswordGrant::new("user@example.com", Password::new("fake-password"))
///     .for_mfa_api(&[MfaApiScope::ReadAuthenticators, MfaApiScope::RemoveAuthenticators]);
/// # let _ = call;
/// # fn example(answer: FirstFactor) -> Result<(), Box<dyn std::error::Error>> {
/// if let FirstFactor::Tokens(tokens) = answer {
///     let access_token = MfaApiToken::try_from(&tokens.access_token)?;
/// #   let _ = access_token;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MfaApiTokenGrant {
    login: PasswordGrant,
}

/// A scope of the MFA API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MfaApiScope {
    /// `enroll`: add authenticators.
    Enroll,
    /// `read:authenticators`: list them.
    ReadAuthenticators,
    /// `remove:authenticators`: delete them.
    RemoveAuthenticators,
}

impl MfaApiScope {
    /// The scope's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enroll => "enroll",
            Self::ReadAuthenticators => "read:authenticators",
            Self::RemoveAuthenticators => "remove:authenticators",
        }
    }
}

impl MfaApiTokenGrant {
    /// The call, for these scopes; without any, Auth0 grants all of them.
    pub fn new(login: PasswordGrant, scopes: &[MfaApiScope]) -> Self {
        let login = login.without_audience_and_scope();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        Self { login: if scopes.is_empty() { login } else { login.scope(scopes.join(" ")) } }
    }

    /// What the login is made of; as a server reads it, the audience is in it.
    pub fn login(&self) -> &PasswordGrant {
        &self.login
    }
}

impl Call for MfaApiTokenGrant {
    type Output = FirstFactor;
    type NewCode = ();

    const NAME: &'static str = "MfaApiTokenGrant";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let audience = application.mfa_audience();
        let mut parameters = self.login.parameters();
        if self.login.requested_audience().is_none() {
            parameters.push(("audience", &audience));
        }
        token_endpoint::request(application, options, GRANT_TYPE, &parameters)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<FirstFactor, Unreadable> {
        FirstFactor::read(reply)
    }

    fn continue_with(&self, mfa: &MfaRequired) -> Option<FirstFactor> {
        Some(FirstFactor::MfaRequired(mfa.clone()))
    }
}

impl Serve for MfaApiTokenGrant {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            parameters.required("audience")?;
            Ok(Self { login: PasswordGrant::read(parameters)? })
        })
    }

    fn write_reply(output: &FirstFactor) -> http::Response<Body> {
        output.to_response()
    }
}
