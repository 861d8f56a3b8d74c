//! Polling for a push, in virtual time: nothing here waits.

use std::time::Duration;

use auth0_mfa_core::{
    CallError, Challenge, FactorAccepted, NextStep, OobCode, OobPoll, OobStep, VerifyWithOob,
};
use http::Response;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::calls::oob_code;
use crate::support::{answer, cases, mfa_token, sent};

const PENDING: &str = r#"{"error":"authorization_pending","error_description":"Authorization pending: please repeat the request in a few seconds."}"#;
const SLOW_DOWN: &str = r#"{"error":"slow_down"}"#;
const TOKENS: &str = r#"{"access_token":"T","token_type":"Bearer"}"#;
const FIVE_MINUTES: Duration = Duration::from_secs(300);

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn poll() -> OobPoll {
    OobPoll::new(mfa_token(), oob_code("Fe26.2*OOB"))
}

/// What a reply to a poll leads to, when the challenge is so old.
fn step(poll: &mut OobPoll, age: u64, status: u16, body: &str) -> OobStep {
    let polled = answer(poll.call(), status, body);
    poll.after(polled, seconds(age))
}

fn pause(step: OobStep) -> Option<u64> {
    match step {
        OobStep::Wait(pause) => Some(pause.as_secs()),
        _ => None,
    }
}

fn error(code: &str, description: &str) -> String {
    format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
}

#[test]
fn every_poll_asks_for_the_same_challenge_without_a_binding_code() {
    let mut poll = poll();
    for age in [0, 5, 10] {
        let call = poll.call();
        assert_eq!(
            (call.mfa_token().expose(), call.oob_code().expose()),
            (mfa_token().expose(), "Fe26.2*OOB")
        );
        assert!(call.binding_code().is_none());
        assert_eq!(pause(step(&mut poll, age, 400, PENDING)), Some(5));
    }
}

#[test]
fn a_pending_push_is_asked_for_again_in_five_seconds_at_any_status() {
    for status in [200, 400, 401, 403] {
        assert_eq!(pause(step(&mut poll(), 0, status, PENDING)), Some(5), "{status}");
    }
}

#[test]
fn slow_down_adds_five_seconds_for_good() {
    let mut poll = poll();
    let replies = [PENDING, SLOW_DOWN, PENDING, PENDING, SLOW_DOWN, PENDING];
    let pauses = replies.map(|body| pause(step(&mut poll, 0, 400, body)).unwrap());
    assert_eq!(pauses, [5, 10, 10, 10, 15, 15]);
}

#[test]
fn a_challenge_can_name_a_longer_interval_and_no_shorter_one() {
    for (named, expected) in [(0, 5), (1, 5), (5, 5), (7, 7), (60, 60)] {
        let mut poll = poll().interval(seconds(named));
        assert_eq!(pause(step(&mut poll, 0, 400, PENDING)), Some(expected));
        assert_eq!(pause(step(&mut poll, 0, 400, SLOW_DOWN)), Some(expected + 5));
    }
    let mut endless = poll().interval(Duration::MAX);
    assert!(matches!(step(&mut endless, 0, 400, SLOW_DOWN), OobStep::Expired), "nothing overflows");
}

#[test]
fn a_rate_limit_is_waited_for_as_long_as_it_says_and_no_shorter_than_the_interval() {
    for (retry_after, expected) in [(None, 5), (Some("2"), 5), (Some("17"), 17), (Some("soon"), 5)] {
        let mut reply = Response::builder().status(429);
        if let Some(value) = retry_after {
            reply = reply.header("retry-after", value);
        }
        let body = br#"{"error":"too_many_requests","error_description":"Rate limit exceeded."}"#;
        let mut poll = poll();
        let polled = sent(poll.call()).answered(reply.body(&body[..]).unwrap());
        assert_eq!(pause(poll.after(polled, seconds(0))), Some(expected), "{retry_after:?}");
        assert_eq!(pause(step(&mut poll, 0, 400, PENDING)), Some(5), "it counts once");
    }
}

#[test]
fn the_polls_end_with_the_challenge() {
    for (age, expected) in [(0, Some(5)), (294, Some(5)), (295, None), (300, None), (u64::MAX, None)] {
        let step = step(&mut poll(), age, 400, PENDING);
        assert!(expected.is_some() || matches!(step, OobStep::Expired), "{age}");
        assert_eq!(pause(step), expected, "{age}");
    }
    let mut short = poll().expires_in(seconds(60));
    assert_eq!(pause(step(&mut short, 54, 400, PENDING)), Some(5));
    assert!(matches!(step(&mut short, 55, 400, PENDING), OobStep::Expired));
    let mut long = poll().expires_in(seconds(600));
    assert_eq!(pause(step(&mut long, 590, 400, PENDING)), Some(5));
}

#[test]
fn an_accepted_push_is_done_however_old_it_is() {
    for age in [0, 299, 10_000] {
        match step(&mut poll(), age, 200, TOKENS) {
            OobStep::Done(accepted) => assert_eq!(accepted.into_parts().0.access_token.expose(), "T"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_refused_push_is_final_in_both_forms_that_are_known() {
    for (status, code) in [(400, "access_denied"), (403, "invalid_grant")] {
        let refused = step(&mut poll(), 0, status, &error(code, "MFA Authorization rejected."));
        let OobStep::Refused(error) = refused else { panic!("{code}: {refused:?}") };
        assert_eq!(error.api_error().unwrap().next_step(), NextStep::StartOver);
        assert_eq!(error.into_parts().0.oob_code().expose(), "Fe26.2*OOB", "the call comes back");
    }
}

#[test]
fn a_challenge_that_has_ended_asks_for_another_and_a_login_that_has_ended_fails() {
    for status in [401, 403] {
        let ended = step(&mut poll(), 0, status, &error("expired_token", "oob_code is expired"));
        assert!(matches!(ended, OobStep::Expired), "{ended:?}");
        let ended = step(&mut poll(), 0, status, &error("expired_token", "mfa_token is expired"));
        let OobStep::Failed(error) = ended else { panic!("{ended:?}") };
        assert_eq!(error.api_error().unwrap().next_step(), NextStep::LogInAgain);
    }
}

#[test]
fn chained_mfa_fails_with_the_way_on() {
    let body = r#"{"error":"mfa_required","mfa_token":"Fe26.2*NEXT"}"#;
    let OobStep::Failed(error) = step(&mut poll(), 0, 403, body) else { panic!("more MFA is required") };
    assert_eq!(error.mfa_required().unwrap().mfa_token().expose(), "Fe26.2*NEXT");
}

#[test]
fn a_limit_in_html_is_waited_for_like_any_other() {
    let limited = |retry_after| {
        let reply = Response::builder().status(429).header("retry-after", retry_after);
        sent(poll().call()).answered(reply.body("<html>".as_bytes()).unwrap())
    };
    assert_eq!(pause(poll().after(limited("17"), seconds(0))), Some(17));
    assert_eq!(pause(poll().after(limited("soon"), seconds(0))), Some(5));
}

#[test]
fn a_poll_that_was_not_sent_is_made_again() {
    let step = poll().after(sent(poll().call()).not_sent("refused"), seconds(0));
    assert_eq!(pause(step), Some(5));
}

#[test]
fn a_challenge_sets_the_pace() {
    let mut challenge = Challenge::oob(OobCode::parse("Fe26.2*OOB").unwrap());
    challenge.interval = Some(seconds(9));
    challenge.expires_in = Some(seconds(60));
    let mut poll = OobPoll::of_challenge(mfa_token(), &challenge).unwrap();
    assert_eq!(pause(step(&mut poll, 50, 400, PENDING)), Some(9));
    assert!(matches!(step(&mut poll, 51, 400, PENDING), OobStep::Expired));
    assert!(OobPoll::of_challenge(mfa_token(), &Challenge::otp()).is_none());
}

#[test]
fn what_says_nothing_of_the_push_fails_and_is_not_asked_again() {
    let outcomes: Vec<Result<FactorAccepted, CallError<VerifyWithOob>>> = vec![
        sent(poll().call()).lost("reset", None),
        answer(poll().call(), 502, "<html>"),
        answer(poll().call(), 200, "{}"),
        answer(poll().call(), 429, r#"{"error":"too_many_attempts"}"#),
        answer(poll().call(), 403, &error("invalid_grant", "Invalid binding_code.")),
        answer(poll().call(), 403, &error("access_denied", "denied by an Action")),
        answer(poll().call(), 401, &error("invalid_client", "")),
    ];
    for outcome in outcomes {
        let step = poll().after(outcome, seconds(0));
        assert!(matches!(step, OobStep::Failed(_)), "{step:?}");
    }
}

/// A reply that decides nothing.
#[derive(Clone, Debug)]
struct Undecided {
    status: u16,
    body: &'static str,
    retry_after: Option<u64>,
    /// How long the request itself took.
    took: u64,
}

fn undecided() -> impl Strategy<Value = Undecided> {
    let kinds = [(400, PENDING), (200, PENDING), (400, SLOW_DOWN), (429, r#"{"error":"too_many_requests"}"#)];
    let weighted = [0, 0, 0, 0, 1, 2, 3, 3];
    (select(weighted.to_vec()), option::of(0_u64..90), 0_u64..8).prop_map(
        move |(which, retry_after, took)| {
            let (status, body) = kinds[which];
            Undecided { status, body, retry_after, took }
        },
    )
}

impl Undecided {
    fn answer(&self, call: VerifyWithOob) -> Result<FactorAccepted, CallError<VerifyWithOob>> {
        let mut reply = Response::builder().status(self.status);
        if let Some(seconds) = self.retry_after {
            reply = reply.header("retry-after", seconds);
        }
        sent(call).answered(reply.body(self.body.as_bytes()).unwrap())
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn polls_are_spaced_limited_and_ended_whatever_the_server_says(
        replies in vec(undecided(), 80), interval in option::of(0_u64..20), life in option::of(0_u64..400),
    ) {
        let mut poll = poll();
        if let Some(interval) = interval {
            poll = poll.interval(seconds(interval));
        }
        if let Some(life) = life {
            poll = poll.expires_in(seconds(life));
        }
        let end = life.map_or(FIVE_MINUTES, seconds);
        let mut expected_interval = seconds(interval.unwrap_or(5).max(5));
        let (mut now, mut polled_at, mut has_ended) = (Duration::ZERO, Vec::new(), false);
        for reply in &replies {
            polled_at.push(now);
            let answer = reply.answer(poll.call());
            now += seconds(reply.took);
            if reply.body == SLOW_DOWN {
                expected_interval += seconds(5);
            }
            match poll.after(answer, now) {
                OobStep::Wait(pause) => {
                    let asked = if reply.status == 429 { reply.retry_after.unwrap_or(0) } else { 0 };
                    prop_assert_eq!(pause, expected_interval.max(seconds(asked)));
                    now += pause;
                    prop_assert!(now < end, "no poll after the end");
                }
                OobStep::Expired => {
                    prop_assert!(now + expected_interval.max(seconds(reply.retry_after.unwrap_or(0))) >= end);
                    has_ended = true;
                    break;
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert!(has_ended, "{} polls", polled_at.len());
        for (at, first) in polled_at.iter().enumerate() {
            let in_a_minute = polled_at[at..].iter().filter(|it| **it < *first + seconds(60)).count();
            prop_assert!(in_a_minute <= 12, "{in_a_minute} polls in a minute");
        }
    }

    #[test]
    fn any_answer_ends_the_polls_or_asks_for_a_pause(status in 100_u16..1000, body in crate::json::any_object(), age in 0_u64..400) {
        let mut poll = poll();
        match step(&mut poll, age, status, &body) {
            OobStep::Wait(pause) => prop_assert!(pause >= seconds(5) && seconds(age) + pause < FIVE_MINUTES),
            OobStep::Refused(error) | OobStep::Failed(error) => prop_assert!(!error.to_string().is_empty()),
            OobStep::Done(_) | OobStep::Expired => {}
        }
    }
}
