//! No secret is in a span or an event, whatever call is made and whatever comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use auth0_mfa::transport::TransportError;
use auth0_mfa::{
    Application, Call, CallTask, ClientAssertion, ClientAuth, ClientSecret, ClientSettings, DpopProof,
    DpopRequest, Outcome,
};
use http::HeaderValue;

use super::calls::{COUNT, Visitor, each_call};
use super::collector::{Collected, collected};
use crate::support::{Clients, Sent, ready, replied};

/// Stands for each secret of a call, of the application and of its replies.
const CANARY: &str = "CANARY7SECRET7CANARY7SEC";

#[test]
fn no_secret_is_in_a_span_or_an_event_of_any_call() {
    let mut traces = Traces::default();
    each_call(&mut traces);
    assert_eq!(traces.outcomes.len(), COUNT);
    for (call, outcomes) in traces.outcomes {
        let all = ["in_doubt", "malformed", "not_sent", "refused", "succeeded"];
        let expected: BTreeSet<_> = all.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(outcomes, expected, "{call}: every path was taken");
    }
    let with_new_code: Vec<_> = traces.with_new_code.into_iter().collect();
    assert_eq!(
        with_new_code,
        [
            "AddAuthenticator",
            "RegenerateRecoveryCode",
            "VerifyWithOob",
            "VerifyWithOtp",
            "VerifyWithRecoveryCode"
        ]
    );
    let events: Vec<_> = traces.events.iter().map(String::as_str).collect();
    assert_eq!(events, ["auth0_mfa::doubt", "auth0_mfa::rotation", "auth0_mfa::salvage"]);
}

#[test]
fn the_canary_would_be_seen() {
    let (_, traced) = collected(|| tracing::info!(planted = CANARY, "and {CANARY:?}"));
    assert_eq!(traced.text().matches(CANARY).count(), 2);
}

/// What was said of every call.
#[derive(Default)]
struct Traces {
    outcomes: BTreeMap<&'static str, BTreeSet<String>>,
    events: BTreeSet<String>,
    /// The calls whose success brought a new code.
    with_new_code: BTreeSet<&'static str>,
}

impl Visitor for Traces {
    fn visit<C: Call<Output: Debug + Send, NewCode: Send> + Debug + Send + 'static>(
        &mut self,
        call: fn(&str) -> C,
    ) {
        for auth in [ClientAuth::SecretBasic(secret()), ClientAuth::PrivateKeyJwt] {
            for answer in ANSWERS {
                let clients = Clients::with(auth.clone(), signing(), move |_| answer());
                for send in [by_blocking::<C>, by_asynchronous, by_detached] {
                    let (outcome, traced) = collected(|| send(&clients, call(CANARY)));
                    self.check::<C>(&traced, &outcome);
                }
            }
        }
    }
}

impl Traces {
    fn check<C: Call>(&mut self, traced: &Collected, outcome: &Outcome<C>) {
        let [span] = &traced.spans[..] else { panic!("{}: one span, not {traced:?}", C::NAME) };
        assert_eq!(span.field("endpoint"), Some(C::NAME));
        assert_eq!(span.field("outcome") == Some("succeeded"), outcome.is_ok(), "{}", C::NAME);
        for field in ["delivery", "duration_ms", "new_code"] {
            assert!(span.field(field).is_some(), "{}: {field}", C::NAME);
        }
        let shown = traced.text();
        let hexadecimal: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
        let decimals = CANARY.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
        for form in [CANARY, &CANARY.to_lowercase(), &hexadecimal, &decimals] {
            assert!(!shown.contains(form), "{}: {form} in {shown}", C::NAME);
        }
        let outcomes = self.outcomes.entry(C::NAME).or_default();
        outcomes.insert(span.field("outcome").unwrap().to_owned());
        if ["outcome", "new_code"].map(|field| span.field(field)) == [Some("succeeded"), Some("true")] {
            self.with_new_code.insert(C::NAME);
        }
        self.events.extend(traced.events.iter().map(|event| event.target.clone()));
    }
}

fn by_blocking<C: Call + Send>(clients: &Clients, call: C) -> Outcome<C> {
    clients.blocking.send(call)
}

fn by_asynchronous<C: Call<Output: Send, NewCode: Send> + Send>(clients: &Clients, call: C) -> Outcome<C> {
    ready(clients.asynchronous.send(call))
}

fn by_detached<C>(clients: &Clients, call: C) -> Outcome<C>
where
    C: Call<Output: Send, NewCode: Send> + Send + 'static,
{
    let run = |task: CallTask| ready(task);
    ready(clients.asynchronous.send_detached(call, run, |_| panic!("somebody waits")))
}

/// Successes, errors, what cannot be read, and what got no reply; each with secrets wherever they can stand.
const ANSWERS: [fn() -> Sent; 12] = [
    || Ok(reply(200, &success())),
    || Ok(reply(200, "[]")),
    || Ok(reply(204, "")),
    || {
        Ok(reply(
            200,
            &format!(r#"{{"recovery_code":"{CANARY}","recovery_codes":["{CANARY}"],"error_descrip"#),
        ))
    },
    || Ok(reply(200, &format!(r#"{{"access_token":7,"error":"{CANARY}","recovery_code":["{CANARY}"]}}"#))),
    || {
        Ok(reply(
            403,
            &format!(r#"{{"error":"{CANARY}","error_description":"{CANARY}","message":"{CANARY}"}}"#),
        ))
    },
    || Ok(reply(403, &format!(r#"{{"error":"mfa_required","mfa_token":"{CANARY}"}}"#))),
    || Ok(reply(302, CANARY)),
    || Ok(reply(502, &format!(r#"{{"recovery_code":"{CANARY}","recovery_codes":["{CANARY}"]}}"#))),
    || Err(TransportError::answered(CANARY, reply(200, &success()[..60]))),
    || Err(TransportError::maybe_sent(CANARY)),
    || Err(TransportError::not_sent(CANARY)),
];

/// A success of every call that answers an object.
fn success() -> String {
    let fields = ["access_token", "id_token", "recovery_code", "oob_code", "secret", "barcode_uri", "scope"];
    let secrets: String = fields.map(|field| format!(r#""{field}":"{CANARY}","#)).concat();
    format!(
        r#"{{{secrets}"recovery_codes":["{CANARY}"],"challenge_type":"oob","authenticator_type":"oob","enabled":true}}"#
    )
}

/// With a head that says what a head should not.
fn reply(status: u16, body: &str) -> http::Response<auth0_mfa::Body> {
    let mut reply = replied(status, body);
    for name in
        ["x-auth0-requestid", "set-cookie", "dpop-nonce", "location", "x-ratelimit-limit", "retry-after"]
    {
        reply.headers_mut().insert(name, HeaderValue::from_static(CANARY));
    }
    reply
}

fn secret() -> ClientSecret {
    ClientSecret::parse(CANARY).unwrap()
}

fn signing() -> ClientSettings {
    ClientSettings::default()
        .client_assertion_signer(|_: &Application| Ok(ClientAssertion::parse(CANARY)?))
        .dpop_signer(|_: &DpopRequest<'_>| Ok(DpopProof::parse(CANARY)?))
}
