//! `POST /oauth/token`, `grant_type=refresh_token`: new tokens, for which MFA can be required again.
//!
//! Source: <https://auth0.com/docs/secure/tokens/refresh-tokens/use-refresh-tokens>

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{
    ApiError, Application, Body, Call, CallOptions, ErrorCode, FirstFactor, MfaRequired, NextStep,
    RefreshToken, Replay,
};

const GRANT_TYPE: &str = "refresh_token";

/// Exchanges a refresh token. Answers [`FirstFactor`]: tokens, or that MFA is required, since the tenant's policy and
/// Actions apply to a refresh too: it can begin to ask for MFA when the policy is turned on.
///
/// Never repeated: with rotation, a refresh token that is sent twice ends the whole family.
///
/// Refused with `invalid_grant` (the token has ended: log in again), `unauthorized_client`, `invalid_client`,
/// `access_denied` (an Action says no), `too_many_requests`.
///
/// ```
/// use auth0_mfa_core::{RefreshToken, RefreshTokenGrant};
///
/// let call = RefreshTokenGrant::new(RefreshToken::parse("fake-refresh-token")?).scope("openid");
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct RefreshTokenGrant {
    refresh_token: RefreshToken,
    audience: Option<String>,
    scope: Option<String>,
}

impl RefreshTokenGrant {
    /// The call, for what the refresh token was issued for.
    pub fn new(refresh_token: RefreshToken) -> Self {
        Self { refresh_token, audience: None, scope: None }
    }

    /// Another API that the access token is for, the [MFA API](Application::mfa_audience) for example.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Fewer scopes than the refresh token was issued for, separated by spaces.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The token; for servers and tests.
    pub fn refresh_token(&self) -> &RefreshToken {
        &self.refresh_token
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

impl Call for RefreshTokenGrant {
    type Output = FirstFactor;
    type NewCode = ();

    const NAME: &'static str = "RefreshTokenGrant";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let mut parameters = vec![("refresh_token", self.refresh_token.expose())];
        parameters.extend(self.audience.as_deref().map(|audience| ("audience", audience)));
        parameters.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        token_endpoint::request(application, options, GRANT_TYPE, &parameters)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<FirstFactor, Unreadable> {
        FirstFactor::read(reply)
    }

    fn continue_with(&self, mfa: &MfaRequired) -> Option<FirstFactor> {
        Some(FirstFactor::MfaRequired(mfa.clone()))
    }

    fn next_step(error: &ApiError) -> NextStep {
        match error.code() {
            ErrorCode::InvalidGrant => NextStep::LogInAgain,
            _ => NextStep::of(error),
        }
    }
}

impl Serve for RefreshTokenGrant {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            let refresh_token = RefreshToken::parse(parameters.required("refresh_token")?)
                .map_err(|_| RequestError::InvalidParameter("refresh_token"))?;
            let mut call = Self::new(refresh_token);
            call.audience = parameters.optional("audience")?.map(str::to_owned);
            call.scope = parameters.optional("scope")?.map(str::to_owned);
            Ok(call)
        })
    }

    fn write_reply(output: &FirstFactor) -> http::Response<Body> {
        output.to_response()
    }
}
