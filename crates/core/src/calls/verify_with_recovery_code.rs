//! `POST /oauth/token`, `grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code`: the second factor by recovery
//! code. It burns the code and answers, once, with the next one.
//!
//! Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa/challenge-with-recovery-codes>

use crate::call::{SpendsRecoveryCode, Unreadable};
use crate::reply::Reply;
use crate::serve::{Received, RequestError, Serve};
use crate::wire::token_endpoint;
use crate::{
    ApiError, Application, Body, Call, CallOptions, CodeState, ErrorCode, MfaToken, NewCode, NextStep,
    RecoveryCode, Replay, TokenSet, salvage,
};

const GRANT_TYPE: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
/// The parameter with the code that is sent, and the field with the new one.
const RECOVERY_CODE: &str = "recovery_code";

/// Verifies a recovery code. Answers [`RecoveryCodeAccepted`]: tokens *and* the new code, which the user must be shown
/// and asked to keep.
///
/// Refused with `invalid_grant` ("MFA Authorization rejected.": the code is wrong or used up, or it is good and the
/// user is locked out or recovery codes are off; or the `mfa_token` is bad), `expired_token`, `unauthorized_client`
/// (the grant is not enabled for the application), `mfa_required` (chained MFA), `too_many_attempts`. The error's
/// [`code_state`](crate::CallError::code_state) says what became of the code, and
/// [`new_code`](crate::CallError::new_code) what could be saved of the new one.
///
/// Not `Clone`, and never sent twice: a code can be used once.
///
/// ```
/// use auth0_mfa_core::{MfaToken, RecoveryCode, VerifyWithRecoveryCode};
///
/// let call = VerifyWithRecoveryCode::new(
///     MfaToken::parse("Fe26.2*FAKE")?,
///     RecoveryCode::parse("FAKE-RECO-VERY-CODE-0000-0000")?,
/// );
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
///
/// A call that was begun is gone:
///
/// ```compile_fail
/// # use auth0_mfa_core::*;
/// # fn twice(call: VerifyWithRecoveryCode, application: &Application) {
/// let first = begin(call, application, CallOptions::default());
/// let second = begin(call, application, CallOptions::default());
/// # }
/// ```
///
/// ```
/// # use auth0_mfa_core::*;
/// # fn once(call: VerifyWithRecoveryCode, application: &Application) {
/// let first = begin(call, application, CallOptions::default());
/// # }
/// ```
#[derive(Debug)]
pub struct VerifyWithRecoveryCode {
    mfa_token: MfaToken,
    recovery_code: RecoveryCode,
    code_state: CodeState,
}

impl VerifyWithRecoveryCode {
    /// The call, for a code that was not sent before.
    pub fn new(mfa_token: MfaToken, recovery_code: RecoveryCode) -> Self {
        Self { mfa_token, recovery_code, code_state: CodeState::Intact }
    }

    /// Says that an earlier sending of this code is in doubt, after a restart for example: all that needs to be
    /// stored of a doubt is that there is one.
    #[must_use]
    pub fn earlier_sending_in_doubt(mut self) -> Self {
        self.code_state = CodeState::Unknown;
        self
    }

    /// The token of the login that is under way; for servers and tests.
    pub fn mfa_token(&self) -> &MfaToken {
        &self.mfa_token
    }

    /// The code that is sent; for servers and tests.
    pub fn recovery_code(&self) -> &RecoveryCode {
        &self.recovery_code
    }
}

impl Call for VerifyWithRecoveryCode {
    type Output = RecoveryCodeAccepted;
    type NewCode = NewCode;

    const NAME: &'static str = "VerifyWithRecoveryCode";
    const REPLAY: Replay = Replay::SingleUse;
    const TAKES_CLIENT_ASSERTION: bool = true;
    const TAKES_DPOP_PROOF: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let parameters =
            [("mfa_token", self.mfa_token.expose()), (RECOVERY_CODE, self.recovery_code.expose())];
        token_endpoint::request(application, options, GRANT_TYPE, &parameters)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<RecoveryCodeAccepted, Unreadable> {
        let tokens = TokenSet::read(reply)?;
        Ok(RecoveryCodeAccepted::new(tokens, self.salvage(reply)))
    }

    fn salvage(&self, reply: &Reply<'_>) -> NewCode {
        match salvage::code(reply, RECOVERY_CODE, Some(self.recovery_code.expose())) {
            // Something that repeats the request in a refusal is no new code.
            NewCode::Issued(code)
                if !reply.status().is_success() && code.expose() == self.recovery_code.expose() =>
            {
                NewCode::NotReturned
            }
            found => found,
        }
    }

    fn new_code(output: &RecoveryCodeAccepted) -> Option<&NewCode> {
        Some(&output.new_code)
    }

    fn next_step(error: &ApiError) -> NextStep {
        match error.code() {
            // Wrong, used up, or good while the user is locked out: the code is not to be thrown away.
            ErrorCode::InvalidGrant if error.says("MFA Authorization rejected") => NextStep::TryAgain,
            _ => NextStep::of(error),
        }
    }

    fn code_state_mut(&mut self) -> Option<&mut CodeState> {
        Some(&mut self.code_state)
    }
}

impl SpendsRecoveryCode for VerifyWithRecoveryCode {
    fn code_state(&self) -> CodeState {
        self.code_state
    }
}

impl Serve for VerifyWithRecoveryCode {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        token_endpoint::read_request(request, |parameters| {
            let code = RecoveryCode::verbatim(parameters.required(RECOVERY_CODE)?);
            Ok(Self::new(parameters.mfa_token()?, code))
        })
    }

    fn write_reply(output: &RecoveryCodeAccepted) -> http::Response<Body> {
        output.tokens.to_response(&output.new_code)
    }
}

/// A recovery code was accepted: the user is in, the code is spent, and a new one (usually) came.
///
/// The one way to the tokens hands out the new code with them; leaving it takes a visible `_`.
///
/// ```
/// # use auth0_mfa_core::{NewCode, RecoveryCodeAccepted};
/// # fn show_and_ask_to_keep(_: &str) {}
/// # fn say(_: &str) {}
/// # fn example(accepted: RecoveryCodeAccepted) {
/// let (tokens, new_code) = accepted.into_parts();
/// match new_code {
///     NewCode::Issued(code) => show_and_ask_to_keep(code.expose()),
///     NewCode::NotReturned => say("Your code is used up, and there is no new one."),
///     NewCode::Unreadable(text) => show_and_ask_to_keep(text.expose()),
/// }
/// # let _ = tokens;
/// # }
/// ```
#[must_use = "it holds the new recovery code, which comes once: show it to the user"]
#[derive(Debug)]
pub struct RecoveryCodeAccepted {
    tokens: TokenSet,
    new_code: NewCode,
}

impl RecoveryCodeAccepted {
    /// What a server answers; for emulators and tests.
    pub fn new(tokens: TokenSet, new_code: NewCode) -> Self {
        Self { tokens, new_code }
    }

    /// The tokens and the new code.
    pub fn into_parts(self) -> (TokenSet, NewCode) {
        (self.tokens, self.new_code)
    }
}
