//! The calls that the core has, each with what a case says about it.

use std::fmt::{self, Write};

use auth0_mfa_core::serve::{self, RequestError, Serve};
use auth0_mfa_core::transport::TransportError;
use auth0_mfa_core::{
    AddAuthenticator, Body, CallError, CodeState, DeleteAllAuthenticationMethods, DeleteAllAuthenticators,
    DeleteAuthenticationMethod, DeleteAuthenticator, InvalidValue, ListAuthenticationMethods,
    ListAuthenticators, ListGuardianFactors, MfaApiTokenGrant, PasswordGrant, PasswordRealmGrant, Pending,
    RefreshTokenGrant, RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use http::{Request, Response};

use super::facts::Facts;
use super::round_trip::without_head;
use super::values::Values;
use super::wire::borrowed;

mod known;
mod replied;

/// Every call that is checked. A new one is a line here and an `impl Known`.
pub(crate) const CALLS: [KnownCall; 18] = [
    known_call::<PasswordGrant>(),
    known_call::<PasswordRealmGrant>(),
    known_call::<RefreshTokenGrant>(),
    known_call::<AddAuthenticator>(),
    known_call::<ListAuthenticators>(),
    known_call::<DeleteAuthenticator>(),
    known_call::<RequestChallenge>(),
    known_call::<VerifyWithOtp>(),
    known_call::<VerifyWithOob>(),
    known_call::<VerifyWithRecoveryCode>(),
    known_call::<MfaApiTokenGrant>(),
    known_call::<RegenerateRecoveryCode>(),
    known_call::<ListAuthenticationMethods>(),
    known_call::<DeleteAuthenticationMethod>(),
    known_call::<DeleteAllAuthenticationMethods>(),
    known_call::<DeleteAllAuthenticators>(),
    known_call::<ListGuardianFactors>(),
    known_call::<SetGuardianFactor>(),
];

/// What the facts of a case need to know of a call.
pub(crate) trait Known: Serve<Output: fmt::Debug> + 'static {
    /// The `grant_type` of a call to `/oauth/token`.
    const GRANT_TYPE: Option<&'static str>;

    fn of_values(values: &Values) -> Result<Self, InvalidValue>;
    fn values(&self) -> Values;
    fn output_facts(output: Self::Output) -> Facts;

    /// For a call that issues none, there are none.
    fn new_code_facts(_new_code: Self::NewCode) -> Facts {
        Facts::default()
    }

    fn code_state(_error: &CallError<Self>) -> Option<CodeState> {
        None
    }

    fn earlier_sending_in_doubt(self) -> Self {
        self
    }
}

/// A call, whichever it is.
#[derive(Clone, Copy)]
pub(crate) struct KnownCall {
    pub(crate) name: &'static str,
    pub(crate) grant_type: Option<&'static str>,
    render: fn(&Values, &str) -> Result<Request<Body>, InvalidValue>,
    read: fn(&Request<&[u8]>) -> Result<Values, RequestError>,
    outcome: fn(&Attempt<'_>) -> Result<Outcome, InvalidValue>,
    reply_round_trip: RoundTrip,
}

/// What differs of a reply that was read, written and read again.
type RoundTrip = fn(&Values, &Response<Vec<u8>>) -> Result<Vec<String>, InvalidValue>;

/// A call on its way: the values, where to, and how it is sent.
pub(crate) struct Attempt<'a> {
    pub(crate) values: &'a Values,
    pub(crate) origin: &'a str,
    pub(crate) earlier_sending_in_doubt: bool,
    pub(crate) send: &'a dyn Fn(Request<Body>) -> Sending,
}

/// What became of a request that was sent: by the seam's own words, or as a transport tells it.
pub(crate) enum Sending {
    Answered(Response<Vec<u8>>),
    Lost(Option<Response<Vec<u8>>>),
    NotSent,
    Over(Result<Response<Body>, TransportError>),
}

/// What a call came to, and everything that it would show to a log.
pub(crate) struct Outcome {
    pub(crate) facts: Facts,
    pub(crate) shown: String,
}

impl KnownCall {
    /// The request for these values, to an origin that no request leaves for.
    pub(crate) fn render(&self, values: &Values) -> Result<Request<Body>, InvalidValue> {
        (self.render)(values, NOWHERE)
    }

    /// The facts that a server reads from a request: the values, and the `grant_type` where there is one.
    pub(crate) fn received_facts(&self, request: &Request<&[u8]>) -> Result<Facts, RequestError> {
        let mut facts = (self.read)(request)?.facts();
        if self.grant_type.is_some() {
            facts.set("grant_type", serve::grant_type(request)?);
        }
        Ok(facts)
    }

    /// The facts that a server is to read from a request for these values.
    pub(crate) fn expected_facts(&self, values: &Values) -> Facts {
        let mut facts = values.facts();
        facts.set_some("grant_type", self.grant_type);
        facts
    }

    /// How a success differs after a server has written it anew.
    pub(crate) fn reply_round_trip(&self, values: &Values, reply: &Response<Vec<u8>>) -> Vec<String> {
        (self.reply_round_trip)(values, reply).unwrap_or_else(|refused| vec![refused.to_string()])
    }

    pub(crate) fn outcome(&self, attempt: &Attempt<'_>) -> Result<Outcome, InvalidValue> {
        (self.outcome)(attempt)
    }
}

/// A name that is reserved for never being found.
pub(crate) const NOWHERE: &str = "https://tenant.invalid";

const fn known_call<C: Known>() -> KnownCall {
    KnownCall {
        name: C::NAME,
        grant_type: C::GRANT_TYPE,
        render: render::<C>,
        read: read::<C>,
        outcome: outcome::<C>,
        reply_round_trip: reply_round_trip::<C>,
    }
}

fn render<C: Known>(values: &Values, origin: &str) -> Result<Request<Body>, InvalidValue> {
    let (request, _) = begin(C::of_values(values)?, &values.application(origin)?, values.options()?);
    Ok(request)
}

fn read<C: Known>(request: &Request<&[u8]>) -> Result<Values, RequestError> {
    let received = C::read_request(request)?;
    Ok(received.call.values().of_client(&received.client))
}

fn outcome<C: Known>(attempt: &Attempt<'_>) -> Result<Outcome, InvalidValue> {
    let mut call = C::of_values(attempt.values)?;
    if attempt.earlier_sending_in_doubt {
        call = call.earlier_sending_in_doubt();
    }
    let application = attempt.values.application(attempt.origin)?;
    let (request, pending) = begin(call, &application, attempt.values.options()?);
    Ok(match finish(pending, (attempt.send)(request)) {
        Ok(output) => {
            Outcome { shown: format!("{output:?}\n{output:#?}"), facts: accepted_facts::<C>(output) }
        }
        Err(error) => Outcome { shown: shown(&error), facts: replied::error_facts(error) },
    })
}

fn reply_round_trip<C: Known>(
    values: &Values,
    reply: &Response<Vec<u8>>,
) -> Result<Vec<String>, InvalidValue> {
    let read = |reply: Response<&[u8]>| -> Result<Option<C::Output>, InvalidValue> {
        let application = values.application(NOWHERE)?;
        let (_, pending) = begin(C::of_values(values)?, &application, values.options()?);
        Ok(pending.answered(reply).ok())
    };
    let Some(output) = read(borrowed_reply(reply))? else { return Ok(vec!["is no success".to_owned()]) };
    let written = C::write_reply(&output);
    let expected = without_head(C::output_facts(output));
    let (head, body) = written.into_parts();
    let Some(again) = read(Response::from_parts(head, body.expose()))? else {
        return Ok(vec!["is no success any more".to_owned()]);
    };
    Ok(expected.differences(&without_head(C::output_facts(again))))
}

fn finish<C: Known>(pending: Pending<C>, sent: Sending) -> Result<C::Output, CallError<C>> {
    match sent {
        Sending::Answered(reply) => pending.answered(borrowed_reply(&reply)),
        Sending::Lost(read) => pending.lost("it was cut off", read.as_ref().map(borrowed_reply)),
        Sending::NotSent => pending.not_sent("it was not sent"),
        Sending::Over(result) => pending.finish(result),
    }
}

fn accepted_facts<C: Known>(output: C::Output) -> Facts {
    let mut facts = Facts::default().with("outcome", "accepted");
    facts.extend(C::output_facts(output));
    facts
}

/// Everything of an error that a log could show: both forms of `Debug`, `Display`, and those of its causes.
fn shown(error: &(dyn std::error::Error + 'static)) -> String {
    let mut shown = format!("{error:?}\n{error:#?}\n");
    let mut cause = Some(error);
    while let Some(error) = cause {
        // Writing to a string does not fail.
        let _ = writeln!(shown, "{error}");
        cause = error.source();
    }
    shown
}

fn borrowed_reply(reply: &Response<Vec<u8>>) -> Response<&[u8]> {
    let mut borrowed = Response::new(reply.body().as_slice());
    *borrowed.status_mut() = reply.status();
    *borrowed.headers_mut() = reply.headers().clone();
    borrowed
}

/// The facts of a request that is about to be sent.
pub(crate) fn rendered_facts(request: &Request<Body>) -> Facts {
    super::wire::request_facts(&borrowed(request, Body::expose))
}
