//! What a program can do about a code whose sending is in doubt, with either client.

use std::collections::VecDeque;
use std::sync::Mutex;

use auth0_mfa::transport::TransportError;
use auth0_mfa::{CallOptions, CallTask, CodeState, Outcome, RecoveryCode, VerifyWithRecoveryCode};

use crate::support::{Clients, Sent, mfa_token, ready, replied};

const REJECTED: &str = r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#;

#[test]
fn a_doubt_is_sent_again_on_purpose_and_a_refusal_then_makes_it_likely_spent() {
    for send in WAYS {
        let clients =
            answering([lost(), Ok(replied(403, REJECTED)), Err(TransportError::not_sent("refused"))]);
        let doubt = send(&clients, call()).unwrap_err().into_in_doubt().expect("it is in doubt");
        let (call, new_code) = doubt.into_parts();
        assert!(!new_code.is_returned());
        let error = send(&clients, call).unwrap_err();
        assert_eq!(error.code_state(), CodeState::LikelySpent);
        let (call, _) = error.into_parts();
        assert_eq!(send(&clients, call).unwrap_err().code_state(), CodeState::LikelySpent);
    }
}

#[test]
fn a_doubt_that_was_stored_counts_in_the_next_attempt() {
    for send in WAYS {
        for (sent, state) in [
            (Ok(replied(403, REJECTED)), CodeState::LikelySpent),
            (Err(TransportError::not_sent("refused")), CodeState::Unknown),
            (Ok(replied(502, "<html>")), CodeState::Unknown),
        ] {
            let error = send(&answering([sent]), call().earlier_sending_in_doubt()).unwrap_err();
            assert_eq!(error.code_state(), state);
        }
        let tokens = r#"{"access_token":"fake","recovery_code":"FAKENEXTCODE"}"#;
        let outcome = send(&answering([Ok(replied(200, tokens))]), call().earlier_sending_in_doubt());
        let (_, new_code) = outcome.unwrap().into_parts();
        assert_eq!(new_code.issued().unwrap().expose(), "FAKENEXTCODE");
    }
}

type Way = fn(&Clients, VerifyWithRecoveryCode) -> Outcome<VerifyWithRecoveryCode>;

const WAYS: [Way; 3] = [
    |clients, call| clients.blocking.send(call),
    |clients, call| ready(clients.asynchronous.send_with(call, CallOptions::default())),
    |clients, call| {
        let run = |task: CallTask| ready(task);
        ready(clients.asynchronous.send_detached(call, run, |_| panic!("somebody waits")))
    },
];

/// Clients that are answered with these in turn.
fn answering<const N: usize>(sent: [Sent; N]) -> Clients {
    let sent = Mutex::new(VecDeque::from(sent));
    Clients::over(move |_| sent.lock().unwrap().pop_front().expect("a request too many"))
}

fn lost() -> Sent {
    Err(TransportError::maybe_sent("reset"))
}

fn call() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim("FAKEOLDCODE0000000000000"))
}
