//! What both clients do around the sending of a call.

use std::sync::{Mutex, PoisonError};

use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_core::{Application, Body, Call, CallError, CallOptions, DpopRepeat, Pending, begin};
use http::{HeaderMap, Request, Response};

use crate::ClientSettings;
use crate::trace::Trace;

/// What became of a call.
pub type Outcome<C> = Result<<C as Call>::Output, CallError<C>>;

/// What a transport brings.
pub(crate) type Sent = Result<Response<Body>, TransportError>;

/// What a client does next about a call.
#[allow(clippy::large_enum_variant)] // taken apart where it is made
pub(crate) enum Next<C: Call> {
    /// To send this, and then to [`finish`](Exchange::finish).
    Send(Request<Body>, UnderWay<C>),
    Done(Outcome<C>),
}

/// A call whose request is on its way.
pub(crate) struct UnderWay<C> {
    pending: Pending<C>,
    /// The options of the one repeat for a DPoP nonce, where the client can sign all of it.
    of_repeat: Option<Box<CallOptions>>,
    pub(crate) trace: Trace,
}

impl<C: Call> UnderWay<C> {
    fn new(mut pending: Pending<C>, of_repeat: Option<Box<CallOptions>>) -> Self {
        let trace = Trace::begin(&mut pending);
        Self { pending, of_repeat, trace }
    }

    /// The outcome when nothing of the request was handed to a transport.
    pub(crate) fn not_sent(self, source: impl Into<BoxError>) -> Outcome<C> {
        self.brought(Err(TransportError::not_sent(source)))
    }

    /// The outcome when nobody waited for the answer.
    pub(crate) fn lost(self, source: impl Into<BoxError>) -> Outcome<C> {
        self.brought(Err(TransportError::maybe_sent(source)))
    }

    fn brought(mut self, sent: Sent) -> Outcome<C> {
        self.trace.see(&sent);
        let mut outcome = self.pending.finish(sent);
        self.trace.end(&mut outcome);
        outcome
    }
}

/// An application's calls: begun with what holds for all of them, and finished.
pub(crate) struct Exchange {
    pub(crate) application: Application,
    settings: ClientSettings,
    /// The one that came last.
    dpop_nonce: Mutex<Option<String>>,
}

impl Exchange {
    pub(crate) fn new(application: Application, settings: ClientSettings) -> Self {
        Self { application, settings, dpop_nonce: Mutex::new(None) }
    }

    pub(crate) fn begin<C: Call>(&self, call: C, options: CallOptions) -> Next<C> {
        let (of_repeat, nonce) = if self.settings.sign_proof_of::<C>() {
            (options.try_clone().map(Box::new), self.dpop_nonce())
        } else {
            (None, None)
        };
        match self.settings.complete::<C>(options, &self.application, nonce.as_deref()) {
            Ok(options) => {
                let (request, pending) = begin(call, &self.application, options);
                Next::Send(request, UnderWay::new(pending, of_repeat))
            }
            Err(source) => {
                let (_, pending) = begin(call, &self.application, CallOptions::default());
                Next::Done(UnderWay::new(pending, None).not_sent(source))
            }
        }
    }

    pub(crate) fn begin_dpop_repeat<C: Call>(&self, repeat: DpopRepeat<C>, options: CallOptions) -> Next<C> {
        self.repeat(repeat, options, None)
    }

    /// Says what was brought. There is no second repeat: the error of the first offers none.
    pub(crate) fn finish<C: Call>(&self, under_way: UnderWay<C>, sent: Sent) -> Next<C> {
        if self.settings.sign_proof_of::<C>() {
            self.keep_dpop_nonce(&sent);
        }
        let UnderWay { pending, of_repeat, mut trace } = under_way;
        trace.see(&sent);
        let mut outcome = match (pending.finish(sent), of_repeat) {
            (Err(CallError::Api(refused)), Some(options)) => match refused.into_dpop_repeat() {
                Ok(repeat) => return self.repeat(repeat, *options, Some(trace)),
                Err(refused) => Err(CallError::Api(refused)),
            },
            (outcome, _) => outcome,
        };
        trace.end(&mut outcome);
        Next::Done(outcome)
    }

    /// With the trace of the call that is repeated, or as a call of its own.
    fn repeat<C: Call>(&self, repeat: DpopRepeat<C>, options: CallOptions, trace: Option<Trace>) -> Next<C> {
        let under_way = |mut pending: Pending<C>| {
            let trace = trace.unwrap_or_else(|| Trace::begin(&mut pending)).repeated();
            UnderWay { pending, of_repeat: None, trace }
        };
        match self.settings.complete::<C>(options, &self.application, Some(repeat.nonce())) {
            Ok(options) => {
                let (request, pending) = repeat.begin(&self.application, options);
                Next::Send(request, under_way(pending))
            }
            Err(source) => {
                let (_, pending) = repeat.begin(&self.application, CallOptions::default());
                Next::Done(under_way(pending).not_sent(source))
            }
        }
    }

    fn dpop_nonce(&self) -> Option<String> {
        self.dpop_nonce.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_dpop_nonce(&self, sent: &Sent) {
        let nonce = head(sent).and_then(|head| head.get("dpop-nonce")?.to_str().ok());
        if let Some(nonce) = nonce.map(str::trim).filter(|nonce| !nonce.is_empty()) {
            *self.dpop_nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
    }
}

/// The head of a reply, when one was read.
fn head(sent: &Sent) -> Option<&HeaderMap> {
    match sent {
        Ok(reply) => Some(reply.headers()),
        Err(error) => error.partial().map(Response::headers),
    }
}
