//! What an error leaves in the caller's hands: the call, the head of the reply, the cause, a new code.

use std::error::Error;

use auth0_mfa_core::{CallError, CodeState, ReplyInfo};
use http::Response;

use crate::support::{OLD_CODE, sent, verify_with_recovery_code};

const REQUEST_ID: &str = "4ad55daa560e468bdfe1";

fn reply(status: u16, body: &'static str) -> Response<&'static [u8]> {
    let reply = Response::builder().status(status).header("x-auth0-requestid", REQUEST_ID);
    reply.body(body.as_bytes()).unwrap()
}

fn has_the_head(info: &ReplyInfo) -> bool {
    info.request_id.as_deref() == Some(REQUEST_ID)
}

#[test]
fn a_request_that_was_not_sent_leaves_the_call_and_why() {
    let error = sent(verify_with_recovery_code()).not_sent("the port is closed").unwrap_err();
    assert!(error.status().is_none() && error.info().is_none() && error.new_code().is_none());
    assert_eq!(error.source().unwrap().to_string(), "the port is closed");
    let CallError::NotSent(not_sent) = error else { panic!("nothing was sent") };
    assert_eq!(not_sent.source().to_string(), "the port is closed");
    assert_eq!(not_sent.into_call().recovery_code().expose(), OLD_CODE);
}

#[test]
fn a_gateway_that_answered_leaves_its_status_and_head_and_what_it_had_of_a_code() {
    let body = r#"{"recovery_code":"NEW"}"#;
    let error = sent(verify_with_recovery_code()).answered(reply(502, body)).unwrap_err();
    assert!(has_the_head(error.info().unwrap()));
    let CallError::InDoubt(doubt) = error else { panic!("a gateway spoke") };
    assert_eq!(doubt.status().unwrap(), 502);
    assert!(has_the_head(doubt.info()) && doubt.source().is_none());
    assert!(doubt.new_code().is_returned());
    let (call, new_code) = doubt.into_parts();
    assert_eq!(call.recovery_code().expose(), OLD_CODE);
    assert_eq!(new_code.issued().unwrap().expose(), "NEW");
}

#[test]
fn silence_leaves_the_call_and_why_and_nothing_of_a_reply() {
    let error = sent(verify_with_recovery_code()).lost("timed out", None).unwrap_err();
    let CallError::InDoubt(doubt) = error else { panic!("nothing came back") };
    assert_eq!(doubt.source().unwrap().to_string(), "timed out");
    assert!(doubt.status().is_none() && *doubt.info() == ReplyInfo::default());
}

#[test]
fn a_refusal_leaves_the_call_the_error_and_what_came_of_a_code() {
    let body = r#"{"error":"invalid_client","error_uri":"https://example.com"}"#;
    let error = sent(verify_with_recovery_code()).answered(reply(401, body)).unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
    let CallError::Api(refused) = error else { panic!("Auth0 refused") };
    assert!(!refused.new_code().is_returned());
    assert_eq!(refused.error().error_uri(), Some("https://example.com"));
    let (call, error, new_code) = refused.into_parts();
    assert_eq!(call.recovery_code().expose(), OLD_CODE);
    assert!(has_the_head(error.info()) && !new_code.is_returned());
}

#[test]
fn a_reply_that_was_cut_leaves_what_was_read_and_why_it_ended() {
    let read = reply(200, r#"{"recovery_code":"NEW","access_to"#);
    let error = sent(verify_with_recovery_code()).lost("reset", Some(read)).unwrap_err();
    assert_eq!(error.code_state(), CodeState::Spent);
    let CallError::Malformed(malformed) = error else { panic!("it is half a reply") };
    assert_eq!(malformed.status(), 200);
    assert_eq!(malformed.source().unwrap().to_string(), "reset");
    assert!(has_the_head(malformed.info()) && !malformed.reason().reason().is_empty());
    assert!(malformed.new_code().is_returned());
    let (call, new_code) = malformed.into_parts();
    assert_eq!(call.recovery_code().expose(), OLD_CODE);
    assert_eq!(new_code.issued().unwrap().expose(), "NEW");
}

#[test]
fn a_code_that_was_taken_out_of_an_error_is_not_there_twice() {
    for (status, body) in [
        (502, r#"{"recovery_code":"NEW"}"#),
        (400, r#"{"error":"server_error","recovery_code":"NEW"}"#),
        (200, r#"{"recovery_code":"NEW"}"#),
    ] {
        let mut error = sent(verify_with_recovery_code()).answered(reply(status, body)).unwrap_err();
        assert_eq!(error.take_new_code().issued().unwrap().expose(), "NEW", "{status}");
        assert!(!error.take_new_code().is_returned() && !error.into_parts().1.is_returned(), "{status}");
    }
    let mut error = sent(verify_with_recovery_code()).not_sent("refused").unwrap_err();
    assert!(!error.take_new_code().is_returned());
}

#[test]
fn every_error_in_doubt_becomes_a_doubt_and_keeps_its_head() {
    for body in ["<html>", r#"{"error":"too_many_attempts"}"#] {
        let error = sent(verify_with_recovery_code()).answered(reply(429, body)).unwrap_err();
        let Ok(doubt) = error.into_in_doubt() else { panic!("{body} shows nothing") };
        assert_eq!(doubt.status().unwrap(), 429);
        assert!(has_the_head(doubt.info()));
    }
}

#[test]
fn each_state_of_a_code_has_a_name_for_programs() {
    let names = [
        (CodeState::Intact, "intact"),
        (CodeState::Spent, "spent"),
        (CodeState::NotAccepted, "not_accepted"),
        (CodeState::LikelySpent, "likely_spent"),
        (CodeState::Unknown, "unknown"),
    ];
    for (state, name) in names {
        assert_eq!((state.as_str(), state.to_string()), (name, name.to_owned()));
    }
}
