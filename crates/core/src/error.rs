//! How a call can fail, and what is left in the caller's hands.

mod shown;

use http::StatusCode;

use crate::call::{Call, SpendsRecoveryCode, Unreadable};
use crate::reply::ReplyInfo;
use crate::transport::BoxError;
use crate::{ApiError, CodeState, DpopRepeat, ErrorCode, MfaRequired, Salvaged};

/// A call did not succeed. Each variant says what is known, and gives the call back.
///
/// `Display` and `Debug` show no secret and quote nothing of a reply. A new recovery code may be in it, whatever went
/// wrong: [`take_new_code`](Self::take_new_code) before a `?`, behind which it is out of reach.
#[allow(clippy::exhaustive_enums)] // the four outcomes are the contract; a program answers each of them
pub enum CallError<C: Call> {
    /// Nothing was handed to the network: the call can be begun again without a second thought.
    NotSent(Box<NotSent<C>>),
    /// It was sent, and nothing that came back says whether Auth0 processed it.
    InDoubt(Box<InDoubt<C>>),
    /// Auth0 answered with an error.
    Api(Box<Refused<C>>),
    /// A reply came that is neither a success that can be read nor an error of Auth0.
    Malformed(Box<Malformed<C>>),
}

impl<C: Call> CallError<C> {
    /// What could be saved of a new recovery code. Show it to the user, whatever the error.
    pub fn new_code(&self) -> Option<&C::NewCode> {
        match self {
            Self::NotSent(_) => None,
            Self::InDoubt(doubt) => Some(&doubt.new_code),
            Self::Api(refused) => Some(&refused.new_code),
            Self::Malformed(malformed) => Some(&malformed.new_code),
        }
    }

    /// Takes what could be saved of a new recovery code, to keep it; leaves "none" behind.
    pub fn take_new_code(&mut self) -> C::NewCode {
        match self {
            Self::NotSent(_) => C::NewCode::default(),
            Self::InDoubt(doubt) => std::mem::take(&mut doubt.new_code),
            Self::Api(refused) => std::mem::take(&mut refused.new_code),
            Self::Malformed(malformed) => std::mem::take(&mut malformed.new_code),
        }
    }

    /// The error that Auth0 answered, when it did.
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Api(refused) => Some(&refused.error),
            Self::NotSent(_) | Self::InDoubt(_) | Self::Malformed(_) => None,
        }
    }

    /// The next step, when the error is that (more) MFA is required.
    pub fn mfa_required(&self) -> Option<&MfaRequired> {
        self.api_error()?.mfa_required()
    }

    /// The status of the reply, when there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::NotSent(_) => None,
            Self::InDoubt(doubt) => doubt.status,
            Self::Api(refused) => Some(refused.error.status()),
            Self::Malformed(malformed) => Some(malformed.status),
        }
    }

    /// What the head of the reply said, when there was one.
    pub fn info(&self) -> Option<&ReplyInfo> {
        match self {
            Self::NotSent(_) => None,
            Self::InDoubt(doubt) => Some(&doubt.info),
            Self::Api(refused) => Some(refused.error.info()),
            Self::Malformed(malformed) => Some(&malformed.info),
        }
    }

    /// The call, with what is known of its recovery code, and what could be saved of a new one. Begin the call again
    /// only after a look at what happened.
    pub fn into_parts(self) -> (C, C::NewCode) {
        match self {
            Self::NotSent(not_sent) => (not_sent.call, C::NewCode::default()),
            Self::InDoubt(doubt) => doubt.into_parts(),
            Self::Api(refused) => (refused.call, refused.new_code),
            Self::Malformed(malformed) => malformed.into_parts(),
        }
    }

    /// What became of the recovery code that was at stake, if one was: `code_state` for code that takes any call.
    pub fn code_at_stake(&mut self) -> Option<CodeState> {
        let call = match self {
            Self::NotSent(not_sent) => &mut not_sent.call,
            Self::InDoubt(doubt) => &mut doubt.call,
            Self::Api(refused) => &mut refused.call,
            Self::Malformed(malformed) => &mut malformed.call,
        };
        call.code_state_mut().copied()
    }

    fn call(&self) -> &C {
        match self {
            Self::NotSent(not_sent) => &not_sent.call,
            Self::InDoubt(doubt) => &doubt.call,
            Self::Api(refused) => &refused.call,
            Self::Malformed(malformed) => &malformed.call,
        }
    }
}

impl<C: SpendsRecoveryCode> CallError<C> {
    /// What became of the recovery code that was sent, over all sendings of it.
    pub fn code_state(&self) -> CodeState {
        self.call().code_state()
    }

    /// The doubt in which the code is, if it is in one: every error whose state is [`CodeState::Unknown`] is one.
    ///
    /// # Errors
    /// Gives the error back when there is no doubt.
    pub fn into_in_doubt(self) -> Result<InDoubt<C>, Self> {
        if self.code_state() != CodeState::Unknown {
            return Err(self);
        }
        Ok(match self {
            Self::InDoubt(doubt) => *doubt,
            Self::NotSent(not_sent) => InDoubt::unanswered(not_sent.call, not_sent.source),
            Self::Api(refused) => {
                let (status, info) = (refused.error.status(), refused.error.info().clone());
                InDoubt::answered(refused.call, refused.new_code, status, info, Some(refused.error.into()))
            }
            Self::Malformed(it) => InDoubt::answered(it.call, it.new_code, it.status, it.info, it.source),
        })
    }
}

/// Nothing was handed to the network.
pub struct NotSent<C> {
    call: C,
    source: BoxError,
}

impl<C> NotSent<C> {
    pub(crate) fn new(call: C, source: BoxError) -> Self {
        Self { call, source }
    }

    /// Why.
    pub fn source(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self.source.as_ref()
    }

    /// The call, to begin it again.
    pub fn into_call(self) -> C {
        self.call
    }
}

/// The call was sent, and nothing that came back says whether Auth0 processed it.
///
/// To send it again is deliberate: take the call out ([`into_parts`](Self::into_parts)) and begin it anew. For a
/// recovery code it then either succeeds (the first sending never arrived, and the new code is in hand) or is not
/// accepted, and then the state is [`CodeState::LikelySpent`]. It cannot make matters worse than the doubt, but costs
/// one of ten tries, so nothing does it by itself.
///
/// ```
/// use auth0_mfa_core::{Application, Body, CallOptions, InDoubt, NewCode, Pending, VerifyWithRecoveryCode, begin};
///
/// # fn show_and_ask_to_keep(_: NewCode) {}
/// fn resubmit(
///     doubt: InDoubt<VerifyWithRecoveryCode>,
///     application: &Application,
/// ) -> (http::Request<Body>, Pending<VerifyWithRecoveryCode>) {
///     let (call, new_code) = doubt.into_parts();
///     if new_code.is_returned() {
///         show_and_ask_to_keep(new_code);
///     }
///     begin(call, application, CallOptions::default())
/// }
/// ```
///
/// A program that stops in between stores that there is a doubt, and begins with
/// [`earlier_sending_in_doubt`](crate::VerifyWithRecoveryCode::earlier_sending_in_doubt).
pub struct InDoubt<C: Call> {
    call: C,
    new_code: C::NewCode,
    status: Option<StatusCode>,
    info: ReplyInfo,
    source: Option<BoxError>,
}

impl<C: Call> InDoubt<C> {
    pub(crate) fn unanswered(call: C, source: BoxError) -> Self {
        let new_code = C::NewCode::default();
        Self { call, new_code, status: None, info: ReplyInfo::default(), source: Some(source) }
    }

    pub(crate) fn answered(
        call: C,
        new_code: C::NewCode,
        status: StatusCode,
        info: ReplyInfo,
        source: Option<BoxError>,
    ) -> Self {
        Self { call, new_code, status: Some(status), info, source }
    }

    /// The call, and what could be saved of a new recovery code: show that to the user.
    pub fn into_parts(self) -> (C, C::NewCode) {
        (self.call, self.new_code)
    }

    /// What could be saved of a new recovery code.
    pub fn new_code(&self) -> &C::NewCode {
        &self.new_code
    }

    /// The status of the reply, when there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// What the head of the reply said; nothing, when there was none.
    pub fn info(&self) -> &ReplyInfo {
        &self.info
    }

    /// Why, when something other than the reply says so.
    pub fn source(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

/// Auth0 answered with an error.
pub struct Refused<C: Call> {
    call: C,
    error: Box<ApiError>,
    new_code: C::NewCode,
    may_repeat_with_dpop_nonce: bool,
}

impl<C: Call> Refused<C> {
    pub(crate) fn new(
        call: C,
        error: ApiError,
        new_code: C::NewCode,
        may_repeat_with_dpop_nonce: bool,
    ) -> Self {
        Self { call, error: Box::new(error), new_code, may_repeat_with_dpop_nonce }
    }

    /// The error.
    pub fn error(&self) -> &ApiError {
        &self.error
    }

    /// What could be saved of a new recovery code: none, unless an error came with one.
    pub fn new_code(&self) -> &C::NewCode {
        &self.new_code
    }

    /// The call, the error, and what could be saved of a new recovery code.
    pub fn into_parts(self) -> (C, ApiError, C::NewCode) {
        (self.call, *self.error, self.new_code)
    }

    /// The repeat that Auth0 asks for, when it asks for a nonce in the DPoP proof: the call was not looked at, and may
    /// be sent once more with a new proof.
    ///
    /// # Errors
    /// Gives itself back when that is not what Auth0 asks for, or when this was the repeat already.
    pub fn into_dpop_repeat(self) -> Result<DpopRepeat<C>, Box<Self>> {
        let is_asked_for = *self.error.code() == ErrorCode::UseDpopNonce && !self.new_code.is_returned();
        match self.error.info().dpop_nonce.clone() {
            Some(nonce) if is_asked_for && self.may_repeat_with_dpop_nonce => {
                Ok(DpopRepeat::new(self.call, nonce))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// A reply came that is neither a success that can be read nor an error of Auth0.
pub struct Malformed<C: Call> {
    call: C,
    new_code: C::NewCode,
    status: StatusCode,
    info: ReplyInfo,
    reason: Unreadable,
    source: Option<BoxError>,
}

impl<C: Call> Malformed<C> {
    pub(crate) fn new(
        call: C,
        new_code: C::NewCode,
        status: StatusCode,
        info: ReplyInfo,
        reason: Unreadable,
        source: Option<BoxError>,
    ) -> Self {
        Self { call, new_code, status, info, reason, source }
    }

    /// What could be saved of a new recovery code.
    pub fn new_code(&self) -> &C::NewCode {
        &self.new_code
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the head of the reply said.
    pub fn info(&self) -> &ReplyInfo {
        &self.info
    }

    /// Why it could not be read.
    pub fn reason(&self) -> Unreadable {
        self.reason
    }

    /// What cut the reply off, when something did.
    pub fn source(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// The call, and what could be saved of a new recovery code: show that to the user.
    pub fn into_parts(self) -> (C, C::NewCode) {
        (self.call, self.new_code)
    }
}
