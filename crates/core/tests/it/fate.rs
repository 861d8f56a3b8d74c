//! The fate of a code over several sendings of it.

use auth0_mfa_core::transport::{Delivery, TransportError};
use auth0_mfa_core::{
    Body, CallError, CallOptions, CodeState, Evidence, MfaRequired, RecoveryCode, VerifyWithRecoveryCode,
    begin, code_state,
};
use http::Response;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{
    MFA_TOKEN, OLD_CODE, Recovered, answer, cases, kind, mfa_token, public_application, reply, sent,
    verify_with_otp, verify_with_recovery_code,
};

const ACCEPTED: &str = r#"{"access_token":"T","recovery_code":"NEW"}"#;
const REJECTED: &str = r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#;

/// What can become of one sending.
#[derive(Clone, Copy, Debug)]
enum Event {
    NotSent,
    Lost,
    Gateway,
    Expired,
    Rejected,
    LockedOut,
    CutBehindTheCode,
}

const EVENTS: [Event; 7] = [
    Event::NotSent,
    Event::Lost,
    Event::Gateway,
    Event::Expired,
    Event::Rejected,
    Event::LockedOut,
    Event::CutBehindTheCode,
];

impl Event {
    fn evidence(self) -> Evidence {
        match self {
            Self::NotSent | Self::Expired => Evidence::Untouched,
            Self::Lost | Self::Gateway | Self::LockedOut => Evidence::Nothing,
            Self::Rejected => Evidence::Refused,
            Self::CutBehindTheCode => Evidence::Taken,
        }
    }

    fn happen_to(self, call: VerifyWithRecoveryCode) -> CallError<VerifyWithRecoveryCode> {
        let (status, body) = match self {
            Self::NotSent => return sent(call).not_sent("refused").unwrap_err(),
            Self::Lost => return sent(call).lost("reset", None).unwrap_err(),
            Self::Gateway => (502, "<html>"),
            Self::Expired => (401, r#"{"error":"expired_token"}"#),
            Self::Rejected => (403, REJECTED),
            Self::LockedOut => (429, r#"{"error":"too_many_attempts"}"#),
            Self::CutBehindTheCode => (200, r#"{"recovery_code":"NEW","#),
        };
        answer(call, status, body).unwrap_err()
    }
}

/// The table of `code_state.rs`, written the other way round: by what the history has in it.
fn expected(history: &[Evidence]) -> CodeState {
    let doubt = history.iter().position(|it| *it == Evidence::Nothing);
    let refused_after = |doubt: usize| history[doubt..].contains(&Evidence::Refused);
    match doubt {
        _ if history.contains(&Evidence::Taken) => CodeState::Spent,
        Some(doubt) if refused_after(doubt) => CodeState::LikelySpent,
        Some(_) => CodeState::Unknown,
        None if history.contains(&Evidence::Refused) => CodeState::NotAccepted,
        None => CodeState::Intact,
    }
}

#[test]
fn the_code_at_stake_is_known_of_a_call_of_any_kind() {
    for event in EVENTS {
        let mut error = event.happen_to(verify_with_recovery_code());
        assert_eq!(error.code_at_stake(), Some(error.code_state()), "{event:?}");
        let state = error.code_state();
        assert_eq!(sent(error.into_parts().0).code_at_stake(), Some(state), "{event:?}");
    }
    assert_eq!(sent(verify_with_otp()).code_at_stake(), None);
    let mut error = sent(verify_with_otp()).lost("reset", None).unwrap_err();
    assert_eq!(error.code_at_stake(), None);
}

#[test]
fn every_history_of_five_sendings_has_its_state() {
    let evidence = [Evidence::Untouched, Evidence::Taken, Evidence::Refused, Evidence::Nothing];
    let mut histories = vec![vec![]];
    for length in 0..5 {
        let longest: Vec<Vec<Evidence>> = histories.iter().filter(|it| it.len() == length).cloned().collect();
        for history in longest {
            histories.extend(evidence.map(|next| [&history[..], &[next]].concat()));
        }
    }
    assert_eq!(histories.len(), 1365);
    for history in histories {
        assert_eq!(code_state(history.iter().copied()), expected(&history), "{history:?}");
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    vec(prop::sample::select(&EVENTS[..]), 1..6)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_state_is_that_of_the_whole_history(events in events()) {
        let mut call = verify_with_recovery_code();
        let mut history = Vec::new();
        for event in events {
            let error = event.happen_to(call);
            history.push(event.evidence());
            let state = error.code_state();
            prop_assert_eq!(state, code_state(history.iter().copied()), "{:?}", history);
            call = match error.into_in_doubt() {
                Ok(doubt) => {
                    prop_assert_eq!(state, CodeState::Unknown);
                    doubt.into_parts().0
                }
                Err(error) => {
                    prop_assert_ne!(state, CodeState::Unknown);
                    error.into_parts().0
                }
            };
            prop_assert_eq!(call.recovery_code().expose(), OLD_CODE);
        }
    }
}

/// A doubt, and what the second sending came to.
fn resubmitted(
    first: Event,
    second: impl FnOnce(auth0_mfa_core::Pending<VerifyWithRecoveryCode>) -> Recovered,
) -> Recovered {
    let doubt = first.happen_to(verify_with_recovery_code()).into_in_doubt().unwrap();
    let (call, new_code) = doubt.into_parts();
    assert!(!new_code.is_returned());
    let (request, pending) = begin(call, &public_application(), CallOptions::default());
    assert!(String::from_utf8_lossy(request.body().expose()).ends_with(OLD_CODE), "it is the same code");
    second(pending)
}

#[test]
fn a_doubt_is_settled_by_an_acceptance() {
    for first in [Event::Lost, Event::Gateway, Event::LockedOut] {
        let accepted = resubmitted(first, |it| it.answered(reply(200, ACCEPTED.as_bytes()))).unwrap();
        assert_eq!(accepted.into_parts().1.issued().unwrap().expose(), "NEW");
    }
}

#[test]
fn a_doubt_and_then_a_rejection_is_likely_spent() {
    for first in [Event::Lost, Event::Gateway, Event::LockedOut] {
        let error = resubmitted(first, |it| it.answered(reply(403, REJECTED.as_bytes()))).unwrap_err();
        assert_eq!(error.code_state(), CodeState::LikelySpent);
        assert!(error.into_in_doubt().is_err());
    }
}

#[test]
fn a_doubt_stays_one_when_the_second_sending_shows_nothing() {
    for first in [Event::Lost, Event::Gateway, Event::LockedOut] {
        for outcome in [
            resubmitted(first, |it| it.not_sent("refused")),
            resubmitted(first, |it| it.answered(reply(401, br#"{"error":"expired_token"}"#))),
            resubmitted(first, |it| it.lost("reset", None)),
        ] {
            let error = outcome.unwrap_err();
            assert_eq!(error.code_state(), CodeState::Unknown);
            assert!(error.into_in_doubt().is_ok());
        }
    }
}

#[test]
fn a_doubt_from_before_a_restart_counts() {
    let call = || verify_with_recovery_code().earlier_sending_in_doubt();
    assert_eq!(answer(call(), 403, REJECTED).unwrap_err().code_state(), CodeState::LikelySpent);
    assert_eq!(sent(call()).not_sent("refused").unwrap_err().code_state(), CodeState::Unknown);
    let expired = answer(call(), 401, r#"{"error":"expired_token"}"#).unwrap_err();
    assert_eq!(expired.code_state(), CodeState::Unknown);
    assert!(answer(call(), 200, ACCEPTED).is_ok());
}

#[test]
fn a_login_that_expired_is_begun_again_with_the_same_code() {
    let expired = Event::Expired.happen_to(verify_with_recovery_code());
    assert_eq!(expired.code_state(), CodeState::Intact);
    let code = RecoveryCode::verbatim(expired.into_parts().0.recovery_code().expose());
    let next = MfaRequired::resume(mfa_token()).verify_with_recovery_code(code);
    assert_eq!(next.mfa_token().expose(), MFA_TOKEN);
    assert!(answer(next, 200, ACCEPTED).is_ok());
}

#[test]
fn what_a_transport_brings_is_told_apart_by_its_delivery() {
    let partial = |body: &str| Response::new(Body::from(body.as_bytes().to_vec()));
    for (brought, expected) in [
        (Ok(partial(ACCEPTED)), ("ok", None)),
        (Err(TransportError::not_sent("refused")), ("not sent", Some(CodeState::Intact))),
        (Err(TransportError::maybe_sent("reset")), ("in doubt", Some(CodeState::Unknown))),
        (Err(TransportError::answered("reset", partial(ACCEPTED))), ("ok", None)),
        (
            Err(TransportError::answered("reset", partial(r#"{"acc"#))),
            ("malformed", Some(CodeState::Unknown)),
        ),
        (
            Err(TransportError::answered("reset", partial(r#"{"scope":"#))),
            ("malformed", Some(CodeState::Spent)),
        ),
    ] {
        let outcome = sent(verify_with_recovery_code()).finish(brought);
        let state = outcome.as_ref().err().map(CallError::code_state);
        assert_eq!((kind(&outcome), state), expected);
    }
    assert_eq!(TransportError::not_sent("refused").delivery(), Delivery::NotSent);
}

#[test]
fn the_cause_stays_reachable() {
    for error in [
        sent(verify_with_recovery_code()).not_sent("the cause").unwrap_err(),
        sent(verify_with_recovery_code()).lost("the cause", None).unwrap_err(),
        sent(verify_with_recovery_code()).lost("the cause", Some(reply(200, b"{"))).unwrap_err(),
        sent(verify_with_recovery_code()).lost("the cause", Some(reply(502, b""))).unwrap_err(),
    ] {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert_eq!(source.as_deref(), Some("the cause"), "{error}");
    }
}
