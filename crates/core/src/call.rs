//! The seam: begin a call, get a request; say what happened, get the outcome.

use http::StatusCode;

use crate::beginning::begins_success;
use crate::error::{CallError, InDoubt, Malformed, NotSent, Refused};
use crate::reply::Reply;
use crate::transport::{BoxError, Delivery, TransportError};
use crate::wire::DPOP;
use crate::wire::json::{Fields, Text};
use crate::{
    ApiError, Application, Body, CallOptions, CodeState, Evidence, MfaRequired, NextStep, Replay, Salvaged,
};

/// One call of the API. Each endpoint implements it in a file of its own, under [`calls`](crate::calls).
pub trait Call: Sized {
    /// What a success answers.
    type Output;

    /// What is kept of a new recovery code when the call fails: [`NewCode`](crate::NewCode),
    /// [`NewCodes`](crate::NewCodes), or `()` for a call that issues none.
    type NewCode: Salvaged;

    /// The call's name in Auth0's API reference.
    const NAME: &'static str;

    /// Whether it may be sent again.
    const REPLAY: Replay;

    /// Whether its request takes a [client assertion](CallOptions::client_assertion), where the application
    /// authenticates by one.
    const TAKES_CLIENT_ASSERTION: bool = false;

    /// Whether its request takes a [DPoP proof](CallOptions::dpop_proof): then it goes to the
    /// [`token_endpoint`](Application::token_endpoint).
    const TAKES_DPOP_PROOF: bool = false;

    /// The request. Cannot fail: what could be wrong was refused when the values were made.
    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body>;

    /// The output of a reply that is a success.
    ///
    /// # Errors
    /// When something that the output cannot be without is missing.
    fn parse(&self, reply: &Reply<'_>) -> Result<Self::Output, Unreadable>;

    /// The new recovery code of a reply that cannot be read otherwise.
    fn salvage(&self, _reply: &Reply<'_>) -> Self::NewCode {
        Self::NewCode::default()
    }

    /// The new recovery code in an output, of a call that can bring one. To keep it, take the output apart.
    fn new_code(_output: &Self::Output) -> Option<&Self::NewCode> {
        None
    }

    /// The output that `mfa_required` is for a first factor; for other calls it is an error.
    fn continue_with(&self, _mfa: &MfaRequired) -> Option<Self::Output> {
        None
    }

    /// What an error leaves to do, where this call gives it another meaning than most.
    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of(error)
    }

    /// What an error shows about the recovery code that is at stake.
    fn evidence(error: &ApiError) -> Evidence {
        Evidence::of(error)
    }

    /// Where the state of the recovery code that is at stake is kept, over all sendings of it.
    fn code_state_mut(&mut self) -> Option<&mut CodeState> {
        None
    }
}

/// A call that puts a recovery code at stake: its errors say what became of the code.
pub trait SpendsRecoveryCode: Call {
    /// What is known of the code so far.
    fn code_state(&self) -> CodeState;
}

/// Why a success could not be read, as the end of a sentence that begins with "the reply". Never quotes the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(&'static str);

impl Unreadable {
    /// For example `Unreadable::new("has no access_token")`.
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }

    /// The end of the sentence.
    pub fn reason(self) -> &'static str {
        self.0
    }
}

/// Begins a call: the request to send, and what is to be told how that went.
///
/// ```
/// use auth0_mfa_core::{
///     Application, CallOptions, ClientAuth, ClientId, Domain, MfaToken, RecoveryCode, VerifyWithRecoveryCode, begin,
/// };
///
/// let application =
///     Application::new(Domain::parse("tenant.eu.auth0.com")?, ClientId::parse("fakeClientId")?, ClientAuth::None);
/// let call = VerifyWithRecoveryCode::new(
///     MfaToken::parse("Fe26.2*FAKE")?,
///     RecoveryCode::parse("FAKE-RECO-VERY-CODE-0000-0000")?,
/// );
/// let (request, pending) = begin(call, &application, CallOptions::default());
/// assert_eq!(request.uri(), "https://tenant.eu.auth0.com/oauth/token");
///
/// // Any I/O will do; this one brings a reply.
/// let reply = http::Response::new(&br#"{"access_token":"fake","recovery_code":"FAKENEXTCODE000000000000"}"#[..]);
/// let new_code = match pending.answered(reply) {
///     Ok(accepted) => accepted.into_parts().1, // the tokens are .0
///     Err(mut error) => error.take_new_code(), // whatever went wrong
/// };
/// assert_eq!(new_code.issued().map(|code| code.expose()), Some("FAKENEXTCODE000000000000"));
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
pub fn begin<C: Call>(
    call: C,
    application: &Application,
    options: CallOptions,
) -> (http::Request<Body>, Pending<C>) {
    let mut request = call.request(application, &options);
    C::REPLAY.mark(&mut request);
    let dpop_proof_sent = request.headers().contains_key(DPOP);
    (request, Pending { call, dpop_proof_sent, is_dpop_repeat: false })
}

/// A call whose request is on its way. Say what happened to it, in one of three ways (or with
/// [`finish`](Self::finish), the result of a transport).
#[must_use = "say what happened to the request: the outcome, and a new recovery code, are in the answer"]
pub struct Pending<C> {
    call: C,
    dpop_proof_sent: bool,
    /// Whether the one repeat that a nonce asks for is used up.
    is_dpop_repeat: bool,
}

impl<C: Call> Pending<C> {
    /// A reply was read to its end.
    ///
    /// # Errors
    /// Every outcome that is not the call's success.
    pub fn answered(self, reply: http::Response<&[u8]>) -> Result<C::Output, CallError<C>> {
        self.read(&reply, None)
    }

    /// No byte of the request was handed to the network, by proof and not by the kind of an error.
    ///
    /// # Errors
    /// Always: [`CallError::NotSent`], with the call.
    pub fn not_sent(mut self, source: impl Into<BoxError>) -> Result<C::Output, CallError<C>> {
        self.note(Evidence::Untouched);
        Err(CallError::NotSent(Box::new(NotSent::new(self.call, source.into()))))
    }

    /// The request, or a part of it, may have arrived; hand over what was read of a reply, if its whole head was.
    ///
    /// # Errors
    /// Every outcome that is not the call's success. A reply that was cut behind a whole JSON object is a success.
    pub fn lost(
        mut self,
        source: impl Into<BoxError>,
        read: Option<http::Response<&[u8]>>,
    ) -> Result<C::Output, CallError<C>> {
        match read {
            Some(reply) => self.read(&reply, Some(source.into())),
            None => {
                self.note(Evidence::Nothing);
                Err(CallError::InDoubt(Box::new(InDoubt::unanswered(self.call, source.into()))))
            }
        }
    }

    /// What a [transport](crate::transport) brought.
    ///
    /// # Errors
    /// Every outcome that is not the call's success.
    pub fn finish(
        self,
        sent: Result<http::Response<Body>, TransportError>,
    ) -> Result<C::Output, CallError<C>> {
        let error = match sent {
            Ok(reply) => {
                let (head, body) = reply.into_parts();
                return self.answered(http::Response::from_parts(head, body.expose()));
            }
            Err(error) => error,
        };
        match error.into_parts() {
            (Delivery::NotSent, _, source) => self.not_sent(source),
            (_, None, source) => self.lost(source, None),
            (_, Some(partial), source) => {
                let (head, body) = partial.into_parts();
                self.lost(source, Some(http::Response::from_parts(head, body.expose())))
            }
        }
    }

    /// What is known so far of the recovery code that is at stake, if one is.
    pub fn code_at_stake(&mut self) -> Option<CodeState> {
        self.call.code_state_mut().copied()
    }

    /// What the reply means; first match wins (the crate's front page has the table).
    fn read(
        mut self,
        reply: &http::Response<&[u8]>,
        cut_by: Option<BoxError>,
    ) -> Result<C::Output, CallError<C>> {
        let text = Text::of(reply.body());
        let fields = Fields::parse(text.as_str());
        let reply = Reply::new(reply, &text, fields.as_ref()).with_dpop_proof(self.dpop_proof_sent);
        if let Some(error) = ApiError::read(&reply) {
            return self.refused(error, &reply);
        }
        if reply.status().is_success() {
            return match self.call.parse(&reply) {
                Ok(output) => Ok(output),
                Err(reason) => {
                    let new_code = self.call.salvage(&reply);
                    let is_taken = new_code.is_returned() || begins_success(reply.text());
                    self.note(if is_taken { Evidence::Taken } else { Evidence::Nothing });
                    Err(self.malformed(new_code, reason, &reply, cut_by))
                }
            };
        }
        self.note(Evidence::Nothing);
        let new_code = self.call.salvage(&reply);
        if reply.status().is_server_error() {
            let doubt = InDoubt::answered(self.call, new_code, reply.status(), reply.info(), cut_by);
            return Err(CallError::InDoubt(Box::new(doubt)));
        }
        Err(self.malformed(new_code, Unreadable::new(what_stands_there(reply.status())), &reply, cut_by))
    }

    fn refused(mut self, error: ApiError, reply: &Reply<'_>) -> Result<C::Output, CallError<C>> {
        if let Some(output) = error.mfa_required().and_then(|mfa| self.call.continue_with(mfa)) {
            return Ok(output);
        }
        let new_code = self.call.salvage(reply);
        // An error that brings a new code contradicts itself.
        self.note(if new_code.is_returned() { Evidence::Nothing } else { C::evidence(&error) });
        let next_step = C::next_step(&error);
        let may_repeat = self.dpop_proof_sent && !self.is_dpop_repeat;
        let refused = Refused::new(self.call, error.meaning(next_step), new_code, may_repeat);
        Err(CallError::Api(Box::new(refused)))
    }

    /// The same, as the one repeat that a DPoP nonce asks for.
    pub(crate) fn for_dpop_repeat(mut self) -> Self {
        self.is_dpop_repeat = true;
        self
    }

    fn malformed(
        self,
        new_code: C::NewCode,
        reason: Unreadable,
        reply: &Reply<'_>,
        cut_by: Option<BoxError>,
    ) -> CallError<C> {
        let malformed = Malformed::new(self.call, new_code, reply.status(), reply.info(), reason, cut_by);
        CallError::Malformed(Box::new(malformed))
    }

    fn note(&mut self, sending: Evidence) {
        if let Some(state) = self.call.code_state_mut() {
            *state = state.after(sending);
        }
    }
}

fn what_stands_there(status: StatusCode) -> &'static str {
    if status.is_redirection() {
        "is a redirect, which is never followed with secrets"
    } else {
        "is neither a success nor an error of Auth0"
    }
}

impl<C: Call> std::fmt::Debug for Pending<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pending({})", C::NAME)
    }
}
