//! `POST /oauth/token`, `grant_type=http://auth0.com/oauth/grant-type/mfa-otp`: the second factor by one-time password.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/verify-mfa-with-otp>

use crate::call::Unreadable;
use crate::calls::factor_accepted;
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{
    ApiError, Application, Body, Call, CallOptions, ErrorCode, FactorAccepted, MfaToken, NewCode, NextStep,
    Otp, Replay,
};

const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/mfa-otp";

/// Verifies a one-time password of an authenticator app; confirms a new one that was
/// [added](crate::AddAuthenticator). Answers a [`FactorAccepted`].
///
/// Refused with `invalid_grant` ("Invalid otp_code.", or the `mfa_token` is bad), `expired_token`,
/// `mfa_required` (chained MFA), `too_many_attempts`. An accepted OTP is not accepted again.
///
/// ```
/// use auth0_mfa_core::{MfaToken, Otp, VerifyWithOtp};
///
/// let call = VerifyWithOtp::new(MfaToken::parse("Fe26.2*FAKE")?, Otp::parse("012 345")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct VerifyWithOtp {
    mfa_token: MfaToken,
    otp: Otp,
}

impl VerifyWithOtp {
    /// The call.
    pub fn new(mfa_token: MfaToken, otp: Otp) -> Self {
        Self { mfa_token, otp }
    }

    /// The token of the login that is under way; for servers and tests.
    pub fn mfa_token(&self) -> &MfaToken {
        &self.mfa_token
    }

    /// The one-time password; for servers and tests.
    pub fn otp(&self) -> &Otp {
        &self.otp
    }
}

impl Call for VerifyWithOtp {
    type Output = FactorAccepted;
    type NewCode = NewCode;

    const NAME: &'static str = "VerifyWithOtp";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let parameters = [("mfa_token", self.mfa_token.expose()), ("otp", self.otp.expose())];
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
            // How older tenants say that the one-time password is wrong.
            ErrorCode::InvalidGrant if error.says("MFA Authorization rejected") => NextStep::TryAgain,
            _ => NextStep::of(error),
        }
    }
}

impl Serve for VerifyWithOtp {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            Ok(Self::new(parameters.mfa_token()?, Otp::verbatim(parameters.required("otp")?)))
        })
    }

    fn write_reply(output: &FactorAccepted) -> http::Response<Body> {
        output.to_response()
    }
}
