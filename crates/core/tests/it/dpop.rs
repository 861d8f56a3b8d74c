//! DPoP: the one repeat that a nonce asks for, and tokens that are not bound to the key.

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    Call, CallError, CallOptions, CodeState, DpopProof, DpopRepeat, FirstFactor, NewCode, NextStep, Pending,
    TokenSet, VerifyWithRecoveryCode, begin,
};
use http::Response;
use proptest::option;
use proptest::prelude::*;

use crate::calls::{self, Make, Visitor, each_call};
use crate::support::{
    answer, cases, public_application, regenerate_recovery_code, shown, verify_with_recovery_code,
};

const ASKS: &str =
    r#"{"error":"use_dpop_nonce","error_description":"Authorization server requires nonce in DPoP proof"}"#;

fn with_proof(proof: &str) -> CallOptions {
    CallOptions::default().dpop_proof(DpopProof::parse(proof).unwrap())
}

/// The call, sent with a proof.
fn proved<C: Call>(call: C) -> Pending<C> {
    begin(call, &public_application(), with_proof("first-proof")).1
}

fn reply(status: u16, nonce: Option<&'static str>, body: &'static str) -> Response<&'static [u8]> {
    let mut reply = Response::builder().status(status);
    if let Some(nonce) = nonce {
        reply = reply.header("DPoP-Nonce", nonce);
    }
    reply.body(body.as_bytes()).unwrap()
}

/// The repeat that an outcome offers.
fn repeat_of<C: Call>(outcome: Result<C::Output, CallError<C>>) -> Option<DpopRepeat<C>> {
    match outcome {
        Err(CallError::Api(refused)) => refused.into_dpop_repeat().ok(),
        _ => None,
    }
}

/// A nonce that is asked for at both statuses that are known of it.
struct Asked {
    repeats: Vec<&'static str>,
}

impl Visitor for Asked {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        for status in [400, 401] {
            let outcome = proved(call("fake")).answered(reply(status, Some("nonce-1"), ASKS));
            let error = outcome.as_ref().expect_err("is an error").api_error().unwrap();
            if C::NAME.starts_with("Verify") {
                assert_eq!(error.next_step(), NextStep::RepeatWithDpopNonce);
            }
            let Some(repeat) = repeat_of(outcome) else { continue };
            self.repeats.push(C::NAME);
            assert_eq!(repeat.nonce(), "nonce-1");

            let first = begin(call("fake"), &public_application(), with_proof("first-proof")).0;
            let (request, pending) = repeat.begin(&public_application(), with_proof("second-proof"));
            assert_eq!(request.headers()["dpop"], "second-proof");
            assert!(request.headers()["dpop"].is_sensitive());
            assert_eq!(request.body().expose(), first.body().expose(), "it is the same call");
            let again = pending.answered(reply(status, Some("nonce-2"), ASKS));
            assert!(repeat_of(again).is_none(), "{} is repeated once", C::NAME);
        }
    }
}

#[test]
fn a_nonce_that_is_asked_for_allows_one_repeat_of_every_grant_and_of_nothing_else() {
    let mut asked = Asked { repeats: Vec::new() };
    each_call(&mut asked);
    asked.repeats.dedup();
    let grants = [
        "PasswordGrant",
        "PasswordRealmGrant",
        "RefreshTokenGrant",
        "VerifyWithOtp",
        "VerifyWithOob",
        "VerifyWithRecoveryCode",
        "MfaApiTokenGrant",
    ];
    assert_eq!(asked.repeats, grants);
}

#[test]
fn no_repeat_is_offered_where_none_is_asked_for() {
    let call = verify_with_recovery_code;
    let unproved = |reply| begin(call(), &public_application(), CallOptions::default()).1.answered(reply);
    assert!(repeat_of(unproved(reply(400, Some("n"), ASKS))).is_none(), "no proof was sent");
    for (nonce, body) in [
        (None, ASKS),
        (Some(""), ASKS),
        (Some("n"), r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#),
        (Some("n"), r#"{"error":"use_dpop_nonce","recovery_code":"NEW"}"#),
        (Some("n"), r#"{"error":"use_dpop_nonce","recovery_code":7}"#),
    ] {
        let outcome = proved(call()).answered(reply(400, nonce, body));
        let Err(CallError::Api(refused)) = outcome else { panic!("it is an error") };
        let kept = refused.into_dpop_repeat().expect_err("no repeat");
        assert_eq!(kept.new_code().is_returned(), body.contains("recovery_code"), "it gives itself back");
    }
    // The Management API takes no proof.
    let outcome = proved(regenerate_recovery_code()).answered(reply(401, Some("n"), ASKS));
    assert!(repeat_of(outcome).is_none());
}

#[test]
fn a_code_stays_intact_through_the_repeat() {
    let asked = || proved(verify_with_recovery_code()).answered(reply(400, Some("n"), ASKS));
    assert_eq!(asked().unwrap_err().code_state(), CodeState::Intact);
    let repeated = |answer: Response<&[u8]>| {
        let repeat = repeat_of(asked()).unwrap();
        repeat.begin(&public_application(), with_proof("second")).1.answered(answer)
    };
    let state = |answer| repeated(answer).unwrap_err().code_state();
    assert_eq!(state(reply(400, Some("n"), ASKS)), CodeState::Intact);
    let rejected = r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#;
    assert_eq!(state(reply(403, None, rejected)), CodeState::NotAccepted);
    let accepted = reply(200, None, r#"{"access_token":"T","token_type":"DPoP","recovery_code":"NEW"}"#);
    assert_eq!(shown(&repeated(accepted).unwrap().into_parts().1), "NEW");
    assert_eq!(repeat_of(asked()).unwrap().into_call().recovery_code().expose(), crate::support::OLD_CODE);
}

#[test]
fn a_new_code_beside_the_demand_for_a_nonce_leaves_the_old_one_unknown() {
    let body = r#"{"error":"use_dpop_nonce","recovery_code":"NEW"}"#;
    let error = proved(verify_with_recovery_code()).answered(reply(400, Some("n"), body)).unwrap_err();
    assert_eq!(error.code_state(), CodeState::Unknown);
    assert_eq!(shown(error.new_code().unwrap()), "NEW");
}

#[test]
fn an_earlier_doubt_is_not_forgotten_by_a_repeat() {
    let call = verify_with_recovery_code().earlier_sending_in_doubt();
    let repeat = repeat_of(proved(call).answered(reply(400, Some("n"), ASKS))).unwrap();
    let (_, pending) = repeat.begin(&public_application(), with_proof("second"));
    assert_eq!(pending.not_sent("refused").unwrap_err().code_state(), CodeState::Unknown);
}

/// The options of one sending, made anew for each.
type Options = fn() -> CallOptions;

fn tokens<C: Call<Output = FirstFactor>>(call: Make<C>, options: Options, body: &str) -> TokenSet {
    match granted(call, options, body) {
        FirstFactor::Tokens(tokens) => tokens,
        FirstFactor::MfaRequired(_) => panic!("tokens came"),
    }
}

fn granted<C: Call>(call: Make<C>, options: Options, body: &str) -> C::Output {
    let (_, pending) = begin(call("fake"), &public_application(), options());
    pending.answered(Response::new(body.as_bytes())).unwrap_or_else(|error| panic!("{error}"))
}

fn tokens_of_every_first_factor(options: Options, body: &str) -> [TokenSet; 4] {
    [
        tokens(calls::password_grant, options, body),
        tokens(calls::password_realm_grant, options, body),
        tokens(calls::refresh_token_grant, options, body),
        tokens(calls::mfa_api_token_grant, options, body),
    ]
}

fn parts_of_every_second_factor(options: Options, body: &str) -> [(TokenSet, NewCode); 3] {
    [
        granted(calls::verify_with_otp, options, body).into_parts(),
        granted(calls::verify_with_oob, options, body).into_parts(),
        granted::<VerifyWithRecoveryCode>(calls::verify_with_recovery_code, options, body).into_parts(),
    ]
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn tokens_are_a_downgrade_exactly_when_a_proof_was_sent_and_their_type_is_not_dpop(
        is_proved in any::<bool>(),
        token_type in option::of(prop_oneof![3 => "[dD][pP][oO][pP]", 1 => Just("Bearer".to_owned()), 1 => "\\PC{0,6}"]),
    ) {
        let options: Options = if is_proved { || with_proof("proof") } else { CallOptions::default };
        let word = token_type.as_ref().map(|it| format!(r#","token_type":{}"#, serde_json::to_string(it).unwrap()));
        let body = format!(r#"{{"access_token":"T","recovery_code":"NEW"{}}}"#, word.unwrap_or_default());
        let is_bound = token_type.is_some_and(|it| it.eq_ignore_ascii_case("dpop"));
        for tokens in tokens_of_every_first_factor(options, &body) {
            prop_assert_eq!(tokens.is_dpop_downgrade(), is_proved && !is_bound, "{}", &body);
        }
        for (tokens, new_code) in parts_of_every_second_factor(options, &body) {
            prop_assert_eq!(tokens.is_dpop_downgrade(), is_proved && !is_bound, "{}", &body);
            prop_assert_eq!(shown(&new_code), "NEW", "a new code is good nevertheless");
        }
    }
}

#[test]
fn a_repeat_is_held_to_its_proof_and_to_nothing_that_was_not_sent() {
    let bearer = r#"{"access_token":"T","token_type":"Bearer","recovery_code":"NEW"}"#;
    for (options, is_downgrade) in [(with_proof("second"), true), (CallOptions::default(), false)] {
        let asked = proved(verify_with_recovery_code()).answered(reply(400, Some("n"), ASKS));
        let (_, pending) = repeat_of(asked).unwrap().begin(&public_application(), options);
        let (tokens, new_code) = pending.answered(reply(200, None, bearer)).unwrap().into_parts();
        assert_eq!(tokens.is_dpop_downgrade(), is_downgrade);
        assert_eq!(shown(&new_code), "NEW");
    }
}

#[test]
fn a_demand_for_a_nonce_without_one_is_still_told_to_the_program() {
    let error = answer(verify_with_recovery_code(), 400, ASKS).unwrap_err();
    assert_eq!(error.api_error().unwrap().next_step(), NextStep::RepeatWithDpopNonce);
    assert_eq!(error.info().unwrap().dpop_nonce, None);
}
