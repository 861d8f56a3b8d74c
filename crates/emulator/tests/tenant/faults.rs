//! The plan of faults: which request meets which, what is spent by it, and what the client sees.

use std::time::Duration;

use auth0_mfa_core::{Call, CallOptions, NewAuthenticator, RecoveryCode, begin};
use auth0_mfa_emulator::{Config, Fault, FaultRule, Served};
use http::StatusCode;
use serde_json::Value;

use crate::support::*;

fn with(rule: FaultRule) -> World {
    World::with(|config| config.faults.push(rule))
}

fn of_recovery(fault: Fault) -> FaultRule {
    FaultRule::new(fault).call("mfa-recovery-code".parse().expect("a call"))
}

fn serve<C: Call>(world: &mut World, call: C) -> Served {
    let (request, _) = begin(call, &world.application, CallOptions::default());
    let (head, body) = parts_of(&request);
    world.tenant.serve(&http::Request::from_parts(head, body), world.now)
}

/// Logs in and recovers with the right code; the fault is on the recovery.
fn recover(world: &mut World) -> (Served, String) {
    let (mfa, code) = (world.login(ALICE), world.code_of(ALICE));
    let served = serve(world, mfa.verify_with_recovery_code(RecoveryCode::verbatim(code.as_str())));
    (served, code)
}

/// The reply to a recovery that meets this fault, and whether the code was spent.
fn spoiled(fault: Fault) -> (http::Response<auth0_mfa_core::Body>, bool, World) {
    let mut world = with(of_recovery(fault));
    let (served, code) = recover(&mut world);
    let Served::Reply { reply, after: Duration::ZERO } = served else { panic!("{served:?}") };
    let is_spent = world.code_of(ALICE) != code;
    (reply, is_spent, world)
}

#[test]
fn a_request_that_is_dropped_before_spends_nothing_and_one_that_is_dropped_after_does() {
    for (fault, spends) in [(Fault::DropBefore, false), (Fault::DropAfter, true)] {
        let mut world = with(of_recovery(fault));
        let (served, code) = recover(&mut world);
        assert!(matches!(served, Served::Dropped), "{served:?}");
        assert_eq!(world.code_of(ALICE) != code, spends);
    }
}

#[test]
fn a_reply_that_is_cut_is_the_whole_one_and_where_it_ends() {
    let mut world = with(of_recovery(Fault::CutReply(10)));
    let (served, _) = recover(&mut world);
    let Served::CutReply { reply, bytes: 10 } = served else { panic!("{served:?}") };
    assert_eq!(json(&reply)["recovery_code"], world.code_of(ALICE));
}

#[test]
fn a_reply_that_is_shorter_than_its_cut_comes_whole() {
    let (reply, _, world) = spoiled(Fault::CutReply(1_000_000));
    assert_eq!(json(&reply)["recovery_code"], world.code_of(ALICE));
}

#[test]
fn a_delay_and_a_stall_are_told_not_waited_for() {
    let mut world = with(of_recovery(Fault::DelayMs(60_000)));
    let (served, _) = recover(&mut world);
    assert!(matches!(served, Served::Reply { after, .. } if after == Duration::from_secs(60)), "{served:?}");

    let mut world = with(of_recovery(Fault::Stall));
    let (served, code) = recover(&mut world);
    assert!(matches!(served, Served::Stalled), "{served:?}");
    assert_ne!(world.code_of(ALICE), code, "it is processed");
}

#[test]
fn a_rate_limit_is_json_or_html_and_spends_nothing() {
    for (html, content_type) in [(false, "application/json"), (true, "text/html")] {
        let (reply, is_spent, _) = spoiled(Fault::TooManyRequests { html });
        assert_eq!((reply.status(), is_spent), (StatusCode::TOO_MANY_REQUESTS, false));
        assert_eq!(reply.headers()["content-type"], content_type);
        assert_eq!(reply.headers().contains_key("x-auth0-requestid"), !html, "a page is a gateway's");
        assert_eq!(serde_json::from_slice::<Value>(reply.body().expose()).is_err(), html);
    }
}

#[test]
fn a_bad_gateway_spends_the_code_when_the_request_had_got_through() {
    for processed in [true, false] {
        let (reply, is_spent, _) = spoiled(Fault::BadGateway { processed });
        assert_eq!((reply.status(), is_spent), (StatusCode::BAD_GATEWAY, processed));
        assert!(reply.body().expose().starts_with(b"<html>"));
    }
}

#[test]
fn a_success_that_is_none_has_spent_the_code() {
    let (empty, is_spent, _) = spoiled(Fault::EmptySuccess);
    assert_eq!((empty.status(), empty.body().len(), is_spent), (StatusCode::OK, 0, true));

    let (error, is_spent, _) = spoiled(Fault::SuccessWithError);
    assert_eq!((error.status(), is_spent), (StatusCode::OK, true));
    assert_eq!(json(&error)["error"], "server_error");

    let (garbage, is_spent, _) = spoiled(Fault::Garbage);
    assert_eq!((garbage.status(), is_spent), (StatusCode::OK, true));
    assert!(std::str::from_utf8(garbage.body().expose()).is_err());
}

#[test]
fn one_field_is_of_a_wrong_type_and_the_others_are_as_they_were() {
    let (reply, is_spent, world) = spoiled(Fault::WrongType("expires_in".to_owned()));
    assert!(is_spent);
    assert_eq!(json(&reply)["expires_in"], serde_json::json!([86_400]));
    assert_eq!(json(&reply)["recovery_code"], world.code_of(ALICE));

    let (reply, ..) = spoiled(Fault::WrongType("no_such_field".to_owned()));
    assert!(json(&reply).get("no_such_field").is_none());
}

#[test]
fn a_code_that_comes_as_a_number_is_the_code_that_is_good() {
    let (reply, is_spent, mut world) = spoiled(Fault::CodeAsNumber);
    assert!(is_spent);
    let number = json(&reply)["recovery_code"].as_u64().expect("a number");
    assert!(number < 1 << 53, "JavaScript holds it exactly");
    assert_eq!(world.code_of(ALICE), number.to_string());
    assert!(world.recover_with(ALICE, &number.to_string()).is_ok());
}

#[test]
fn the_first_codes_of_an_enrolment_become_numbers_too() {
    let mut world = World::with(|config| {
        config.faults.push(FaultRule::new(Fault::CodeAsNumber));
        config.behaviour.recovery_codes_issued = 2;
    });
    let mfa = world.login(BOB);
    let call = auth0_mfa_core::AddAuthenticator::new(mfa.mfa_token().clone().into(), NewAuthenticator::Otp);
    let Served::Reply { reply, .. } = serve(&mut world, call) else { panic!("a reply") };
    let codes = json(&reply)["recovery_codes"].clone();
    assert_eq!(codes[0].to_string(), world.code_of(BOB));
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("it is confirmed");
    assert!(world.recover_with(BOB, &codes[1].to_string()).is_ok(), "the second one is good, too");
}

#[test]
fn a_code_that_is_missing_is_lost_and_the_tokens_are_there() {
    let (reply, is_spent, _) = spoiled(Fault::MissingCode);
    assert!(is_spent && json(&reply).get("recovery_code").is_none());
    assert!(json(&reply)["access_token"].is_string());
}

#[test]
fn only_the_nth_request_of_this_call_and_this_user_meets_its_fault() {
    let mut world = with(of_recovery(Fault::DropBefore).user("ALICE@example.com").nth(2));
    let (mfa_of_alice, mfa_of_bob) = (world.login(ALICE), world.login(BOB));
    let mut attempt = |mfa: &auth0_mfa_core::MfaRequired| {
        serve(&mut world, mfa.verify_with_recovery_code(RecoveryCode::verbatim("WRONG")))
    };
    assert!(matches!(attempt(&mfa_of_alice), Served::Reply { .. }));
    assert!(matches!(attempt(&mfa_of_bob), Served::Reply { .. }));
    assert!(matches!(attempt(&mfa_of_alice), Served::Dropped));
    assert!(matches!(attempt(&mfa_of_alice), Served::Reply { .. }));
    let planned = &world.tenant.faults().rules()[0];
    assert_eq!((planned.met, planned.applied), (3, 1));
}

#[test]
fn a_user_is_known_by_name_and_by_the_token_of_a_login() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    world.tenant.faults_mut().add(FaultRule::new(Fault::DropBefore).user(ALICE));
    let list = auth0_mfa_core::ListAuthenticators::new(mfa.mfa_token().clone().into());
    assert!(matches!(serve(&mut world, list), Served::Dropped), "by Bearer");
    let grant = |user| auth0_mfa_core::PasswordGrant::new(user, password_of(user));
    assert!(matches!(serve(&mut world, grant(ALICE)), Served::Dropped), "by name");
    assert!(matches!(serve(&mut world, grant(BOB)), Served::Reply { .. }));
    let body = br#"{"grant_type":"password","username":"alice@example.com"}"#;
    let json = token_request("application/json", std::str::from_utf8(body).expect("text"));
    let (head, body) = parts_of(&json);
    let served = world.tenant.serve(&http::Request::from_parts(head, body), world.now);
    assert!(matches!(served, Served::Dropped), "by name in JSON: {served:?}");
}

#[test]
fn a_user_is_known_by_access_token_refresh_token_and_in_a_path_of_the_management_api() {
    let mut world = World::new();
    let scopes = [auth0_mfa_core::MfaApiScope::ReadAuthenticators];
    let grant = auth0_mfa_core::PasswordGrant::new(BOB, password_of(BOB)).for_mfa_api(&scopes);
    let Ok(auth0_mfa_core::FirstFactor::Tokens(tokens)) = world.call(grant) else { panic!("no factor yet") };
    let code = world.code_of(ALICE);
    let scoped = form(&format!(
        "grant_type=password&client_id=public-app&username={ALICE}&password=fake-password-alice&scope=offline_access"
    ));
    let mfa_token = json(&world.handle(&scoped))["mfa_token"].as_str().expect("a token").to_owned();
    let recovery = auth0_mfa_core::VerifyWithRecoveryCode::new(
        auth0_mfa_core::MfaToken::parse(mfa_token).expect("a token"),
        RecoveryCode::verbatim(code),
    );
    let refresh = world.call(recovery).expect("the code is good").into_parts().0.refresh_token;

    let dropped = |world: &mut World, user: &str, request: http::Request<&[u8]>| {
        world.tenant.faults_mut().clear();
        world.tenant.faults_mut().add(FaultRule::new(Fault::DropBefore).user(user));
        matches!(world.tenant.serve(&request, world.now), Served::Dropped)
    };
    let list = || {
        let bearer = format!("Bearer {}", tokens.access_token.expose());
        let request = http::Request::get("https://tenant.example.com/mfa/authenticators");
        request.header("authorization", bearer).body(&[][..]).expect("a request")
    };
    assert!(dropped(&mut world, BOB, list()) && !dropped(&mut world, ALICE, list()), "by access token");

    let body = format!("refresh_token={}", refresh.expect("a refresh token").expose());
    let refresh = || {
        http::Request::post("https://tenant.example.com/oauth/token")
            .body(body.as_bytes())
            .expect("a request")
    };
    assert!(
        dropped(&mut world, ALICE, refresh()) && !dropped(&mut world, BOB, refresh()),
        "by refresh token"
    );

    let id = world.tenant.user(BOB).expect("Bob").user_id().replace('|', "%7C");
    let uri = format!("https://tenant.example.com/api/v2/users/{id}/recovery-code-regeneration");
    let regenerate = || http::Request::post(&uri).body(&[][..]).expect("a request");
    assert!(dropped(&mut world, BOB, regenerate()) && !dropped(&mut world, ALICE, regenerate()), "by path");
}

#[test]
fn of_two_rules_the_first_acts_and_both_count() {
    let mut world = with(of_recovery(Fault::DropBefore).nth(1));
    world.tenant.faults_mut().add(of_recovery(Fault::Stall));
    assert!(matches!(recover(&mut world).0, Served::Dropped));
    assert!(matches!(recover(&mut world).0, Served::Stalled));
    let counted: Vec<_> = world.tenant.faults().rules().iter().map(|it| (it.met, it.applied)).collect();
    assert_eq!(counted, [(2, 1), (2, 1)]);
    world.tenant.faults_mut().clear();
    assert!(matches!(recover(&mut world).0, Served::Reply { .. }));
}

#[test]
fn the_tenant_answers_as_ever_while_a_fault_is_planned() {
    let mut world = with(FaultRule::new(Fault::DropBefore));
    let code = world.code_of(ALICE);
    assert!(world.recover_with(ALICE, &code).is_ok(), "handle knows no fault");
    assert_eq!(world.tenant.faults().rules()[0].met, 0);
}

#[test]
fn a_rule_is_read_as_it_is_written() {
    for text in [
        r#"{"fault":"drop_after","call":"mfa-recovery-code","user":"alice@example.com","nth":1}"#,
        r#"{"fault":{"cut_reply":10},"call":"DELETE /mfa/authenticators/*"}"#,
        r#"{"fault":{"too_many_requests":{"html":true}}}"#,
        r#"{"fault":{"wrong_type":"access_token"}}"#,
    ] {
        let rule: FaultRule = serde_json::from_str(text).expect(text);
        assert_eq!(serde_json::to_string(&rule).expect("JSON"), text);
    }
    for text in [
        r#"{"fault":"explode"}"#,
        r#"{"fault":"stall","nth":0}"#,
        r#"{"fault":"stall","call":"mfa-recovery-kode"}"#,
        r#"{"fault":"stall","usr":"x"}"#,
        "{}",
    ] {
        assert!(serde_json::from_str::<FaultRule>(text).is_err(), "{text}");
    }
    let config: Config = serde_json::from_str(r#"{"faults":[{"fault":"stall"}]}"#).expect("a config");
    assert_eq!(config.faults, [FaultRule::new(Fault::Stall)]);
}
