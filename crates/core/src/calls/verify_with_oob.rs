//! `POST /oauth/token`, `grant_type=http://auth0.com/oauth/grant-type/mfa-oob`: the second factor out of band, by a code
//! of an SMS, a call or an e-mail, or by a push that the user accepts.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/verify-with-out-of-band>

use crate::call::Unreadable;
use crate::calls::factor_accepted;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{
    ApiError, Application, BindingCode, Body, Call, CallOptions, ErrorCode, FactorAccepted, MfaToken,
    NewCode, NextStep, OobCode, Replay,
};

const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/mfa-oob";

/// Verifies an out-of-band challenge; confirms an authenticator that was [added](crate::AddAuthenticator). Answers a
/// [`FactorAccepted`].
///
/// For a push there is no `binding_code`: the call is a poll, and [`OobPoll`](crate::OobPoll) says when to ask again.
///
/// Refused with `authorization_pending` and `slow_down` (nothing is decided yet), `invalid_grant` ("Invalid
/// binding_code."), `access_denied` or `invalid_grant` ("MFA Authorization rejected.": the user refused the push),
/// `expired_token` ("oob_code is expired" after five minutes, or the `mfa_token` is), `mfa_required` (chained MFA),
/// `too_many_attempts`.
///
/// ```
/// use auth0_mfa_core::{BindingCode, MfaToken, OobCode, VerifyWithOob};
///
/// let call = VerifyWithOob::new(MfaToken::parse("Fe26.2*FAKE")?, OobCode::parse("Fe26.2*FAKE")?)
///     .with_binding_code(BindingCode::parse("012 345")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct VerifyWithOob {
    mfa_token: MfaToken,
    oob_code: OobCode,
    binding_code: Option<BindingCode>,
}

impl VerifyWithOob {
    /// The call, for a push.
    pub fn new(mfa_token: MfaToken, oob_code: OobCode) -> Self {
        Self { mfa_token, oob_code, binding_code: None }
    }

    /// With the code that came by SMS, call or e-mail: needed when the challenge's `binding_method` is `prompt`.
    #[must_use]
    pub fn with_binding_code(mut self, code: BindingCode) -> Self {
        self.binding_code = Some(code);
        self
    }

    /// The token of the login that is under way; for servers and tests.
    pub fn mfa_token(&self) -> &MfaToken {
        &self.mfa_token
    }

    /// The handle of the challenge; for servers and tests.
    pub fn oob_code(&self) -> &OobCode {
        &self.oob_code
    }

    /// The code that the user typed, when there is one; for servers and tests.
    pub fn binding_code(&self) -> Option<&BindingCode> {
        self.binding_code.as_ref()
    }
}

impl Call for VerifyWithOob {
    type Output = FactorAccepted;
    type NewCode = NewCode;

    const NAME: &'static str = "VerifyWithOob";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let mut parameters =
            vec![("mfa_token", self.mfa_token.expose()), ("oob_code", self.oob_code.expose())];
        parameters.extend(self.binding_code.as_ref().map(|code| ("binding_code", code.expose())));
        token_endpoint::request(application, options, GRANT_TYPE, &parameters)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<FactorAccepted, Unreadable> {
        FactorAccepted::read(reply)
    }

    fn salvage(&self, reply: &Reply<'_>) -> NewCode {
        factor_accepted::salvaged(reply)
    }

    fn new_code(output: &FactorAccepted) -> Option<&NewCode> {
        Some(output.new_code())
    }

    fn next_step(error: &ApiError) -> NextStep {
        match error.code() {
            // Recorded as `access_denied`, documented as `invalid_grant`: the user refused the push.
            ErrorCode::AccessDenied | ErrorCode::InvalidGrant if error.says("MFA Authorization rejected") => {
                NextStep::StartOver
            }
            _ => NextStep::of(error),
        }
    }
}

impl Serve for VerifyWithOob {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            let mut call = Self::new(parameters.mfa_token()?, parameters.oob_code()?);
            call.binding_code = parameters.optional("binding_code")?.map(BindingCode::verbatim);
            Ok(call)
        })
    }

    fn write_reply(output: &FactorAccepted) -> http::Response<Body> {
        output.to_response()
    }
}
