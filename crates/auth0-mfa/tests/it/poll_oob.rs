//! Waiting for a push with both clients, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth0_mfa::transport::TransportError;
use auth0_mfa::{FactorAccepted, NewCode, OobCode, OobError, OobPoll};

use crate::support::{Clients, Sent, TOKENS, are_the_tokens, mfa_token, ready, replied, text};

const PENDING: (u16, &str) = (400, r#"{"error":"authorization_pending"}"#);
const SLOW_DOWN: (u16, &str) = (429, r#"{"error":"slow_down"}"#);
const REFUSED: (u16, &str) =
    (403, r#"{"error":"access_denied","error_description":"MFA Authorization rejected."}"#);

#[test]
fn the_polls_go_on_at_their_pace_until_the_user_accepts() {
    for (polled, pauses) in polls(vec![Reply(PENDING), Reply(SLOW_DOWN), Reply(PENDING), Reply(TOKENS)]) {
        let (tokens, new_code) = polled.unwrap().into_parts();
        are_the_tokens(tokens);
        assert!(!new_code.is_returned());
        assert_eq!(pauses, [5, 10, 10]);
    }
}

#[test]
fn a_poll_that_was_not_sent_is_sent_again() {
    for (polled, pauses) in polls(vec![NotSent, Reply(TOKENS)]) {
        are_the_tokens(polled.unwrap().into_parts().0);
        assert_eq!(pauses, [5]);
    }
}

#[test]
fn a_refusal_ends_the_polls() {
    for (polled, pauses) in polls(vec![Reply(PENDING), Reply(REFUSED)]) {
        let error = polled.unwrap_err();
        let OobError::Refused(refused) = &error else { panic!("{error:?}") };
        assert_eq!(refused.status().unwrap().as_u16(), 403);
        assert_eq!(error.to_string(), "the user has refused");
        assert_eq!(pauses, [5]);
    }
}

#[test]
fn the_polls_end_with_the_life_of_the_challenge() {
    for (polled, pauses) in polls(vec![Reply(PENDING); 12]) {
        let mut error = polled.unwrap_err();
        assert!(matches!(error, OobError::Expired), "{error:?}");
        assert!(!error.take_new_code().is_returned());
        assert_eq!(pauses, [5; 11], "a minute is over before the next poll would be due");
    }
}

#[test]
fn a_poll_whose_reply_was_lost_may_have_been_the_yes_and_is_not_repeated() {
    for (polled, pauses) in polls(vec![Lost]) {
        let error = polled.unwrap_err();
        assert!(matches!(error, OobError::Failed(_)), "{error:?}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "VerifyWithOob: the request may have been processed, and no reply was read");
        assert_eq!(pauses, [0; 0]);
    }
}

#[test]
fn a_recovery_code_that_came_with_a_poll_that_failed_is_saved() {
    for (polled, _) in polls(vec![Reply((200, r#"{"recovery_code":"FAKENEXTCODE","access_to"#))]) {
        let NewCode::Issued(code) = polled.unwrap_err().take_new_code() else { panic!("it was there") };
        assert_eq!(code.expose(), "FAKENEXTCODE");
    }
}

use Poll::{Lost, NotSent, Reply};

/// What one poll brings.
#[derive(Clone)]
enum Poll {
    Reply((u16, &'static str)),
    NotSent,
    Lost,
}

impl Poll {
    fn sent(self) -> Sent {
        match self {
            Reply((status, body)) => Ok(replied(status, body)),
            NotSent => Err(TransportError::not_sent("refused")),
            Lost => Err(TransportError::maybe_sent("reset")),
        }
    }
}

/// How the polls of each client end, each with these in turn, and the pauses between them in seconds.
fn polls(script: Vec<Poll>) -> [(Result<FactorAccepted, OobError>, Vec<u64>); 2] {
    [true, false].map(|is_blocking| {
        let script = script.clone();
        let left = Arc::new(Mutex::new(script.into_iter()));
        let answer = Arc::clone(&left);
        let clients = Clients::over(move |_| answer.lock().unwrap().next().expect("a poll too many").sent());
        let mut pauses = Vec::new();
        let mut sleep = |pause: Duration| pauses.push(pause.as_secs());
        let polled = if is_blocking {
            clients.blocking.poll_oob(poll(), &mut sleep)
        } else {
            ready(clients.asynchronous.poll_oob(poll(), |pause| {
                sleep(pause);
                std::future::ready(())
            }))
        };
        assert_eq!(left.lock().unwrap().len(), 0, "each was asked for");
        for request in clients.take_requests() {
            assert!(text(&request).contains("oob_code=fake-oob-code"));
        }
        (polled, pauses)
    })
}

fn poll() -> OobPoll {
    let poll = OobPoll::new(mfa_token(), OobCode::parse("fake-oob-code").unwrap());
    poll.expires_in(Duration::from_secs(60))
}
