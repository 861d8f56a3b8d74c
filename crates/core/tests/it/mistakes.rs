//! Mistakes that integrators make, and that this client prevents or survives (PROTOCOL section 10, by its numbers; 24
//! is the resource server's).

use std::time::Duration;

use auth0_mfa_core::{
    AccessToken, AddAuthenticator, Application, AuthenticatorId, CallError, CallOptions, ClientAssertion,
    ClientAuth, ClientId, CodeState, DeleteAuthenticator, Domain, ErrorCode, FirstFactor, MfaApiScope,
    MfaApiToken, NewAuthenticator, NewCode, NextStep, OobPoll, OobStep, Otp, Replay, RequestChallenge,
    VerifyWithOtp, begin,
};
use http::{Response, header};

use crate::calls::{
    authenticator_id, mfa_api_token, oob_code, refresh_token_grant, regenerate_recovery_code,
    request_challenge, verify_with_oob,
};
use crate::support::{
    MFA_TOKEN, OLD_CODE, add_authenticator, answer, application, list_authenticators, mfa_token,
    password_grant, public_application, sent, verify_with_otp, verify_with_recovery_code,
};

fn form(call: impl auth0_mfa_core::Call) -> String {
    let (request, _) = begin(call, &public_application(), CallOptions::default());
    String::from_utf8(request.body().expose().to_vec()).unwrap()
}

fn error(code: &str, description: &str) -> String {
    format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
}

#[test]
fn mistake_1_a_second_association_without_recovery_codes_is_a_success_that_says_so() {
    let body = r#"{"authenticator_type":"otp","secret":"S","barcode_uri":"otpauth://totp/x?secret=S"}"#;
    let (association, new_codes) = answer(add_authenticator(), 200, body).unwrap().into_parts();
    assert!(association.secret.is_some());
    assert!(new_codes.is_empty());
}

#[test]
fn mistake_2_a_second_factor_is_enrolled_with_an_access_token() {
    let refused = answer(add_authenticator(), 403, &error("access_denied", "User is already enrolled."));
    let refused = refused.unwrap_err();
    assert_eq!(refused.api_error().unwrap().description(), Some("User is already enrolled."));

    let access_token = MfaApiToken::try_from(&AccessToken::parse("eyJ.fake.token").unwrap()).unwrap();
    let call = AddAuthenticator::new(access_token.into(), NewAuthenticator::Otp);
    let (request, _) = begin(call, &public_application(), CallOptions::default());
    assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer eyJ.fake.token");
}

#[test]
fn mistake_3_an_access_token_is_not_taken_for_a_challenge() {
    // The types keep the two apart: a challenge takes an `MfaToken`. Who forces it is told that the token is wrong.
    let refused =
        answer(request_challenge("eyJ.access.token"), 401, &error("invalid_grant", "Malformed mfa_token"));
    assert_eq!(refused.unwrap_err().api_error().unwrap().next_step(), NextStep::LogInAgain);
}

#[test]
fn mistake_4_an_enrolment_is_confirmed_with_the_mfa_token_and_spelled_right() {
    let confirmation = form(verify_with_otp());
    assert!(confirmation.contains(&format!("mfa_token={MFA_TOKEN}&otp=")), "{confirmation}");
    assert_eq!(form(add_authenticator()), r#"{"authenticator_types":["otp"]}"#);
}

#[test]
fn mistake_4_the_audience_of_the_mfa_api_ends_with_a_slash() {
    let login = form(password_grant().for_mfa_api(&[MfaApiScope::Enroll]));
    assert!(login.ends_with("&scope=enroll&audience=https%3A%2F%2Ftenant.eu.auth0.com%2Fmfa%2F"), "{login}");
}

#[test]
fn mistake_5_an_oob_code_that_has_ended_asks_for_another_with_the_same_mfa_token() {
    let expired = answer(verify_with_oob(MFA_TOKEN), 401, &error("expired_token", "oob_code is expired"));
    let expired = expired.unwrap_err();
    assert_eq!(expired.api_error().unwrap().next_step(), NextStep::NewChallenge);
    let again = RequestChallenge::new(expired.into_parts().0.mfa_token().clone());
    assert!(form(again).contains(MFA_TOKEN));
}

#[test]
fn mistake_6_a_refresh_can_ask_for_mfa_and_that_is_no_error() {
    let body = r#"{"error":"mfa_required","mfa_token":"Fe26.2*NEXT"}"#;
    let FirstFactor::MfaRequired(mfa) = answer(refresh_token_grant("fake"), 403, body).unwrap() else {
        panic!("MFA was required")
    };
    assert!(form(mfa.verify_with_otp(Otp::parse("1").unwrap())).contains("mfa_token=Fe26.2*NEXT&"));
}

#[test]
fn mistake_7_no_legacy_code_is_sent_with_the_password() {
    assert!(!form(password_grant()).contains("mfa_code"));
}

#[test]
fn mistake_8_an_error_is_decided_by_its_word_and_not_by_the_status() {
    for status in [200, 400, 401, 403, 500] {
        let expired =
            answer(verify_with_recovery_code(), status, r#"{"error":"expired_token"}"#).unwrap_err();
        assert_eq!(expired.api_error().unwrap().code(), &ErrorCode::ExpiredToken, "{status}");
        assert_eq!(expired.code_state(), CodeState::Intact, "{status}");
    }
}

#[test]
fn mistake_9_a_lock_out_asks_to_wait_and_neither_it_nor_a_rejection_condemns_the_code() {
    let locked = answer(verify_with_recovery_code(), 429, r#"{"error":"too_many_attempts"}"#).unwrap_err();
    assert_eq!(locked.api_error().unwrap().next_step(), NextStep::WaitForUnlock);
    assert_eq!(locked.code_state(), CodeState::Unknown);
    assert_eq!(locked.into_parts().0.recovery_code().expose(), OLD_CODE, "the code comes back");

    let body = error("invalid_grant", "MFA Authorization rejected.");
    let rejected = answer(verify_with_recovery_code(), 403, &body).unwrap_err();
    assert_eq!(rejected.code_state(), CodeState::NotAccepted, "which a good code is too while it is locked");
}

#[test]
fn mistakes_10_and_11_an_authenticator_needs_no_type_and_its_channel_has_two_names() {
    let body = r#"[
        {"id":"totp|dev_1","authenticator_type":"otp","active":true},
        {"id":"sms|dev_2","authenticator_type":"oob","oob_channel":"sms","active":true},
        {"id":"sms|dev_3","authenticator_type":"oob","oob_channels":["sms"],"active":true},
        {"id":"sms|dev_4","authenticator_type":"oob","oob_channels":"sms","active":true},
        {"id":"new|dev_5","authenticator_type":"new","type":"new","created_at":0,"active":true}
    ]"#;
    let list = answer(list_authenticators(), 200, body).unwrap().authenticators;
    let channels: Vec<_> = list.iter().map(|it| it.oob_channels.join(" ")).collect();
    assert_eq!(channels, ["", "sms", "sms", "sms", ""]);
    let id = list[0].id.as_ref().map(AuthenticatorId::as_str);
    assert_eq!(id, Some("totp|dev_1"), "an id is kept as it is");
}

fn polled(status: u16, body: &str) -> OobStep {
    let mut poll = OobPoll::new(mfa_token(), oob_code("Fe26.2*OOB"));
    poll.after(answer(poll.call(), status, body), Duration::ZERO)
}

#[test]
fn mistake_12_a_push_that_is_pending_is_no_failure_and_is_not_asked_for_every_second() {
    for code in ["authorization_pending", "slow_down"] {
        let OobStep::Wait(pause) = polled(400, &error(code, "")) else { panic!("{code} is no failure") };
        assert!(pause >= Duration::from_secs(5));
    }
}

#[test]
fn mistake_13_a_refused_push_is_final_and_another_challenge_can_be_asked_for() {
    for (status, code) in [(400, "access_denied"), (403, "invalid_grant")] {
        let step = polled(status, &error(code, "MFA Authorization rejected."));
        let OobStep::Refused(error) = step else { panic!("{step:?}") };
        assert_eq!(error.api_error().unwrap().next_step(), NextStep::StartOver);
    }
}

#[test]
fn mistake_14_the_pipe_of_an_identifier_is_encoded_in_a_path() {
    let call =
        DeleteAuthenticator::new(mfa_api_token(MFA_TOKEN), AuthenticatorId::parse("push|dev_1").unwrap());
    let (request, _) = begin(call, &public_application(), CallOptions::default());
    assert_eq!(request.uri().path(), "/mfa/authenticators/push%7Cdev_1");
    let challenge = form(request_challenge(MFA_TOKEN).authenticator(authenticator_id()));
    assert!(challenge.contains(r#""authenticator_id":"sms|dev_FAKE""#), "in a body it stays: {challenge}");
}

#[test]
fn mistake_15_the_tokens_come_with_the_new_code_or_with_word_that_there_is_none() {
    let body = r#"{"access_token":"T","recovery_code":"NEW"}"#;
    let (tokens, new_code) = answer(verify_with_recovery_code(), 200, body).unwrap().into_parts();
    assert_eq!(tokens.access_token.expose(), "T");
    assert_eq!(new_code.issued().unwrap().expose(), "NEW");

    let (_, new_code) =
        answer(verify_with_recovery_code(), 200, r#"{"access_token":"T"}"#).unwrap().into_parts();
    assert!(matches!(new_code, NewCode::NotReturned));
}

#[test]
fn mistake_16_a_time_out_leaves_the_recovery_in_doubt_and_says_that_it_is_not_to_be_repeated() {
    let (request, pending) =
        begin(verify_with_recovery_code(), &public_application(), CallOptions::default());
    assert_eq!(Replay::of(&request), Replay::SingleUse);
    let error = pending.lost("timed out", None).unwrap_err();
    assert!(matches!(error, CallError::InDoubt(_)));
    assert_eq!(error.code_state(), CodeState::Unknown);
}

#[test]
fn mistake_17_a_one_time_password_keeps_its_leading_zero() {
    let call = VerifyWithOtp::new(mfa_token(), Otp::parse("001 234").unwrap());
    assert!(form(call).ends_with("&otp=001234"));
}

#[test]
fn mistake_18_an_authenticator_that_was_never_confirmed_is_not_active() {
    let body = r#"[
        {"id":"totp|dev_1","authenticator_type":"otp","active":false},
        {"id":"recovery-code|dev_2","authenticator_type":"recovery-code","active":true},
        {"id":"push|dev_3","authenticator_type":"oob"}
    ]"#;
    let list = answer(list_authenticators(), 200, body).unwrap();
    let active: Vec<_> = list.active().filter_map(|it| it.id.as_ref()).map(AuthenticatorId::as_str).collect();
    assert_eq!(active, ["recovery-code|dev_2", "push|dev_3"]);
    assert_eq!(list.authenticators.len(), 3);
}

#[test]
fn mistake_19_a_recovery_code_goes_to_its_own_grant() {
    let recovery = form(verify_with_recovery_code());
    assert!(recovery.contains("mfa-recovery-code&") && !recovery.contains("otp"), "{recovery}");
    let otp = answer(verify_with_otp(), 403, &error("invalid_grant", "Invalid otp_code.")).unwrap_err();
    assert_eq!(otp.api_error().unwrap().next_step(), NextStep::TryAgain);
}

#[test]
fn mistake_20_a_grant_that_is_not_enabled_is_for_the_administrator_and_leaves_the_code_intact() {
    for description in
        ["Grant type 'x' not allowed for the client.", "Grant type `x` not allowed for the client."]
    {
        let body = error("unauthorized_client", description);
        let refused = answer(verify_with_recovery_code(), 403, &body).unwrap_err();
        assert_eq!(refused.api_error().unwrap().next_step(), NextStep::AskAdministrator);
        assert_eq!(refused.code_state(), CodeState::Intact, "{description}");
    }
}

#[test]
fn mistake_21_an_mfa_token_of_another_application_is_for_the_developer_and_leaves_the_code_intact() {
    let body = error("invalid_request", "mfa_token not issued to this client");
    let refused = answer(verify_with_recovery_code(), 400, &body).unwrap_err();
    assert_eq!(refused.api_error().unwrap().next_step(), NextStep::FixRequest);
    assert_eq!(refused.code_state(), CodeState::Intact);
}

#[test]
fn mistake_22_each_poll_has_an_assertion_of_its_own() {
    let poll = OobPoll::new(mfa_token(), oob_code("Fe26.2*OOB"));
    let signs = application(ClientAuth::PrivateKeyJwt);
    for assertion in ["eyJ.fake.first", "eyJ.fake.second"] {
        // Options are made for one sending, which takes them.
        let options = CallOptions::default().client_assertion(ClientAssertion::parse(assertion).unwrap());
        let (request, _) = begin(poll.call(), &signs, options);
        let body = String::from_utf8(request.body().expose().to_vec()).unwrap();
        assert!(body.contains(&format!("&client_assertion={assertion}&")), "{body}");
    }
    let refused = answer(poll.call(), 401, &error("invalid_client", "")).unwrap_err();
    assert_eq!(refused.api_error().unwrap().next_step(), NextStep::AskAdministrator);
}

#[test]
fn mistake_23_the_management_api_is_called_on_the_tenants_own_domain() {
    let domain = |text| Domain::parse(text).unwrap();
    let custom =
        Application::new(domain("login.example.com"), ClientId::parse("id").unwrap(), ClientAuth::None);
    let tenant = custom.with_management_domain(domain("tenant.eu.auth0.com"));
    let host = |request: &http::Request<_>| request.uri().host().unwrap().to_owned();
    let (management, _) = begin(regenerate_recovery_code("t"), &tenant, CallOptions::default());
    let (login, _) = begin(password_grant(), &tenant, CallOptions::default());
    assert_eq!((host(&management), host(&login)), ("tenant.eu.auth0.com".into(), "login.example.com".into()));

    let body = error("access_denied", "Service not enabled within domain: https://login.example.com/api/v2/");
    let refused = answer(regenerate_recovery_code("t"), 403, &body).unwrap_err();
    assert_eq!(refused.api_error().unwrap().next_step(), NextStep::AskAdministrator);
}

#[test]
fn mistake_25_an_error_keeps_the_next_mfa_token() {
    let body = r#"{"error":"mfa_required","error_description":"d","mfa_token":"Fe26.2*NEXT",
        "mfa_requirements":{"challenge":[{"type":"otp"}]}}"#;
    let error = answer(verify_with_otp(), 403, body).unwrap_err();
    let next = error.mfa_required().unwrap();
    assert_eq!(next.mfa_token().expose(), "Fe26.2*NEXT");
    assert_eq!(next.requirements().challenge, ["otp"]);

    let error = answer(verify_with_recovery_code(), 401, r#"{"error":"a0.mfa_required","mfa_token":"N"}"#);
    assert_eq!(error.unwrap_err().mfa_required().unwrap().mfa_token().expose(), "N");
}

#[test]
fn mistake_26_access_denied_is_not_one_thing() {
    for (description, state) in [
        ("Unauthorized", CodeState::Intact),
        ("MFA Authorization rejected.", CodeState::Unknown),
        ("User is already enrolled.", CodeState::Unknown),
        ("Denied by an Action", CodeState::Unknown),
    ] {
        let body = error("access_denied", description);
        let error = answer(verify_with_recovery_code(), 401, &body).unwrap_err();
        assert_eq!(error.api_error().unwrap().description(), Some(description));
        assert_eq!(error.code_state(), state, "{description}");
    }
    let step = |description| {
        let refused = answer(verify_with_oob(MFA_TOKEN), 401, &error("access_denied", description));
        refused.unwrap_err().api_error().unwrap().next_step()
    };
    assert_eq!(step("Unauthorized"), NextStep::AskAdministrator);
    assert_eq!(step("Service not enabled within domain: https://x/api/v2/"), NextStep::AskAdministrator);
    assert_eq!(step("MFA Authorization rejected."), NextStep::StartOver);
    assert_eq!(step("User is already enrolled."), NextStep::ChallengeInstead);
    assert_eq!(step("Denied by an Action"), NextStep::Stop);
}

#[test]
fn mistake_27_the_figures_of_the_tenants_limit_say_nothing_about_a_users_limit() {
    let reply = Response::builder()
        .status(429)
        .header("X-RateLimit-Limit", "300")
        .header("X-RateLimit-Remaining", "299")
        .header("X-RateLimit-Reset", "1700000000")
        .header("Retry-After", "360")
        .body(&br#"{"error":"too_many_attempts"}"#[..])
        .unwrap();
    let error = sent(verify_with_recovery_code()).answered(reply).unwrap_err();
    assert_eq!(error.api_error().unwrap().code(), &ErrorCode::TooManyAttempts);
    assert_eq!(error.api_error().unwrap().next_step(), NextStep::WaitForUnlock, "although 299 are left");
    assert_eq!(error.code_state(), CodeState::Unknown);
    let info = error.info().unwrap();
    assert_eq!(info.rate_limit.remaining, Some(299));
    assert_eq!(info.retry_after, Some(Duration::from_secs(360)));
}

#[test]
fn mistake_28_a_request_and_an_outcome_can_be_logged_whole() {
    let (request, pending) =
        begin(verify_with_recovery_code(), &public_application(), CallOptions::default());
    let outcome = pending.answered(Response::new(br#"{"access_token":"CANARY","recovery_code":"CANARY"}"#));
    let logged = format!("{request:?} {outcome:?}");
    assert!(!logged.contains("CANARY") && !logged.contains("FAKEOLDCODE"), "{logged}");
    assert!(!logged.contains(MFA_TOKEN), "{logged}");
}
