//! The feature `tracing`: a span for each call, and events to count.

mod calls;
mod canary;
mod collector;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use auth0_mfa::transport::{AsyncTransport, TransportError, from_fn};
use auth0_mfa::{
    AsyncClient, Body, CallTask, ClientAuth, ClientSettings, DpopProof, DpopRequest, ListAuthenticators,
    RecoveryCode, RequestChallenge, VerifyWithRecoveryCode,
};
use http::{HeaderValue, Request, Response};

use collector::{Collected, Said, collected};

use crate::support::{Clients, Sent, application, mfa_token, ready, replied};

const NEXT_CODE: &str = r#"{"access_token":"fake","recovery_code":"FAKENEXTCODE"}"#;

#[test]
fn a_call_is_one_span_with_what_the_head_of_the_reply_says() {
    for traced in of_each_client(|| Ok(with_head(replied(200, NEXT_CODE)))) {
        let [span] = &traced.spans[..] else { panic!("one span: {traced:?}") };
        assert_eq!((span.target.as_str(), span.name.as_str()), ("auth0_mfa::call", "auth0_mfa.call"));
        for (field, value) in [
            ("endpoint", "VerifyWithRecoveryCode"),
            ("outcome", "succeeded"),
            ("code_state", "spent"),
            ("new_code", "true"),
            ("delivery", "answered"),
            ("status", "200"),
            ("request_id", "4ad55daa560e468bdfe1"),
            ("rate_limit", "300"),
            ("rate_limit_remaining", "299"),
            ("rate_limit_reset_at", "1700000000"),
            ("retry_after_s", "17"),
        ] {
            assert_eq!(span.field(field), Some(value), "{field}");
        }
        let duration: f64 = span.field("duration_ms").unwrap().parse().unwrap();
        assert!(duration >= 0.0);
        assert_eq!([span.field("error"), span.field("repeated")], [None, None]);
    }
}

/// What each client's call ends in: what the span says, and the events, with their levels.
#[test]
fn each_outcome_has_its_words_and_its_events() {
    type Row = (fn() -> Sent, [&'static str; 4], &'static [&'static str]);
    let rows: [Row; 9] = [
        (|| Ok(replied(200, NEXT_CODE)), ["succeeded", "spent", "true", "answered"], &["INFO rotation"]),
        (
            || Ok(replied(200, r#"{"access_token":"fake"}"#)),
            ["succeeded", "spent", "false", "answered"],
            &["WARN rotation"],
        ),
        (
            || Ok(replied(200, r#"{"recovery_code":"FAKENEXTCODE"}"#)),
            ["malformed", "spent", "true", "answered"],
            &["WARN salvage", "INFO rotation"],
        ),
        (
            || Err(TransportError::answered("reset", replied(200, r#"{"access_tok"#))),
            ["malformed", "unknown", "false", "answered"],
            &["WARN doubt"],
        ),
        (
            || Ok(replied(502, r#"{"recovery_code":"FAKENEXTCODE"}"#)),
            ["in_doubt", "unknown", "true", "answered"],
            &["WARN doubt", "WARN salvage"],
        ),
        (
            || Err(TransportError::maybe_sent("reset")),
            ["in_doubt", "unknown", "false", "maybe_sent"],
            &["WARN doubt"],
        ),
        (|| Err(TransportError::not_sent("refused")), ["not_sent", "intact", "false", "not_sent"], &[]),
        (
            || {
                Ok(replied(
                    403,
                    r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#,
                ))
            },
            ["refused", "not_accepted", "false", "answered"],
            &[],
        ),
        (
            || Ok(replied(429, r#"{"error":"too_many_attempts"}"#)),
            ["refused", "unknown", "false", "answered"],
            &["WARN doubt"],
        ),
    ];
    for (answer, words, events) in rows {
        for traced in of_each_client(answer) {
            let fields = ["outcome", "code_state", "new_code", "delivery"];
            assert_eq!(fields.map(|field| traced.spans[0].field(field).unwrap_or_default()), words);
            let counted: Vec<_> = traced.events.iter().map(Said::level_and_target).collect();
            let expected = events.iter().map(|event| event.replace(' ', " auth0_mfa::"));
            assert_eq!(counted, expected.collect::<Vec<_>>(), "{words:?}");
            for event in &traced.events {
                assert_eq!(event.name, event.target.replace("::", "."));
                assert_eq!(event.span, Some(traced.spans[0].id), "it belongs to its call");
                assert_eq!(event.field("endpoint"), Some("VerifyWithRecoveryCode"));
                assert_eq!(fields.map(|field| event.field(field).unwrap_or_default()), words);
                assert_eq!(event.field("status"), traced.spans[0].field("status"));
            }
        }
    }
}

#[test]
fn an_error_of_auth0_is_named_by_its_word_and_another_is_not_shown() {
    for (body, word) in [
        (r#"{"error":"expired_token"}"#, "expired_token"),
        (r#"{"error":"FAKERECOVERYCODE00000000"}"#, "other"),
    ] {
        for traced in of_each_client(move || Ok(replied(401, body))) {
            assert_eq!(traced.spans[0].field("error"), Some(word));
        }
    }
}

#[test]
fn a_request_identifier_that_does_not_look_like_one_is_not_shown() {
    let odd = || {
        let mut reply = replied(502, "");
        reply.headers_mut().insert("x-auth0-requestid", HeaderValue::from_static("FAKERECOVERYCODE00000000"));
        Ok(reply)
    };
    for traced in of_each_client(odd) {
        assert_eq!(traced.spans[0].field("request_id"), None);
        assert_eq!(traced.events[0].field("request_id"), None);
    }
}

#[test]
fn a_call_without_a_code_at_stake_says_nothing_of_one() {
    let clients = Clients::over(|_| Err(TransportError::maybe_sent("reset")));
    let (_, traced) = collected(|| clients.blocking.send(RequestChallenge::new(mfa_token())));
    assert_eq!(traced.spans[0].field("outcome"), Some("in_doubt"));
    assert_eq!(traced.spans[0].field("code_state"), None);
    assert_eq!(traced.events[0].level_and_target(), "WARN auth0_mfa::doubt");
}

#[test]
fn a_future_that_is_dropped_in_the_middle_was_abandoned_and_its_code_is_in_doubt() {
    let client = AsyncClient::new(from_fn(|_| std::future::pending::<Sent>()), application());
    let ((), traced) = collected(|| {
        let mut sending = Box::pin(client.send(recovery()));
        assert!(poll(sending.as_mut()).is_pending());
    });
    let words = ["outcome", "code_state", "delivery"].map(|field| traced.spans[0].field(field).unwrap());
    assert_eq!(words, ["abandoned", "unknown", "maybe_sent"]);
    assert_eq!(traced.events[0].level_and_target(), "WARN auth0_mfa::doubt");
}

#[test]
fn a_detached_call_is_in_the_span_of_its_caller_and_ends_with_its_task() {
    let client = AsyncClient::new(from_fn(|_| std::future::pending::<Sent>()), application());
    let ((), traced) = collected(|| {
        let mut task: Option<CallTask> = None;
        let handler = tracing::info_span!("handler");
        let detached = handler.in_scope(|| client.send_detached(recovery(), |it| task = Some(it), drop));
        assert!(poll(task.as_mut().unwrap().as_mut()).is_pending());
        drop(detached);
        drop(task);
    });
    let [handler, call] = &traced.spans[..] else { panic!("two spans: {traced:?}") };
    assert_eq!((handler.name.as_str(), call.parent), ("handler", Some(handler.id)));
    assert_eq!(call.field("outcome"), Some("in_doubt"));
    assert_eq!(traced.events.len(), 1, "{traced:?}");
}

/// Two calls that wait in turn: each is in its own span while it is polled, and in none while it waits.
#[test]
fn a_span_is_entered_only_while_its_own_call_is_polled() {
    let client = AsyncClient::new(talkative(), application());
    let ((), traced) = collected(|| {
        let mut challenge = pin!(client.request_challenge(mfa_token()));
        let mut list = pin!(client.list_authenticators(mfa_token()));
        let mut waits = true;
        while waits {
            waits = poll(challenge.as_mut()).is_pending();
            tracing::info!(target: "outside", "between");
            waits |= poll(list.as_mut()).is_pending();
            tracing::info!(target: "outside", "between");
        }
    });
    let [challenge, list] = &traced.spans[..] else { panic!("two spans: {traced:?}") };
    assert_eq!(challenge.field("endpoint"), Some(<RequestChallenge as auth0_mfa::Call>::NAME));
    assert_eq!(list.field("endpoint"), Some(<ListAuthenticators as auth0_mfa::Call>::NAME));
    let said = |text: &str| {
        let events = traced.events.iter().filter(|event| event.field("message") == Some(text));
        events.map(|event| event.span).collect::<Vec<_>>()
    };
    assert_eq!(said("POST"), [Some(challenge.id); 3]);
    assert_eq!(said("GET"), [Some(list.id); 3]);
    assert!(said("between").len() >= 6 && said("between").iter().all(Option::is_none));
}

#[test]
fn the_repeat_for_a_dpop_nonce_is_in_the_span_of_its_call() {
    let settings = ClientSettings::default()
        .dpop_signer(|request: &DpopRequest<'_>| Ok(DpopProof::parse(request.nonce.unwrap_or("no-nonce"))?));
    let clients = Clients::with(ClientAuth::None, settings, |request: &Request<Body>| {
        let is_first = request.headers()["dpop"] == "no-nonce";
        let mut reply =
            if is_first { replied(400, r#"{"error":"use_dpop_nonce"}"#) } else { replied(200, NEXT_CODE) };
        reply.headers_mut().insert("dpop-nonce", HeaderValue::from_static("fake-nonce"));
        Ok(reply)
    });
    let (outcome, traced) = collected(|| clients.blocking.send(recovery()));
    assert!(outcome.is_ok());
    let [span] = &traced.spans[..] else { panic!("one span: {traced:?}") };
    assert_eq!(
        ["repeated", "outcome", "status"].map(|it| span.field(it).unwrap()),
        ["true", "succeeded", "200"]
    );
    assert_eq!(traced.events.len(), 1);
}

/// What each client says of a recovery that is answered so.
fn of_each_client(answer: impl Fn() -> Sent + Send + Sync + 'static) -> [Collected; 2] {
    let clients = Clients::over(move |_| answer());
    [
        collected(|| clients.blocking.send(recovery()).map(drop)).1,
        collected(|| ready(clients.asynchronous.send(recovery())).map(drop)).1,
    ]
}

fn recovery() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim("FAKEOLDCODE0000000000000"))
}

fn with_head(mut reply: Response<Body>) -> Response<Body> {
    for (name, value) in [
        ("x-auth0-requestid", "4ad55daa560e468bdfe1"),
        ("x-ratelimit-limit", "300"),
        ("x-ratelimit-remaining", "299"),
        ("x-ratelimit-reset", "1700000000"),
        ("retry-after", "17"),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Says the method of a request each time that it is polled, and answers the third time.
fn talkative() -> impl AsyncTransport {
    from_fn(|request: Request<Body>| {
        let mut polls = 0;
        std::future::poll_fn(move |_| {
            tracing::info!(target: "transport", "{}", request.method());
            polls += 1;
            if polls < 3 { Poll::Pending } else { Poll::Ready(Ok(replied(500, ""))) }
        })
    })
}
