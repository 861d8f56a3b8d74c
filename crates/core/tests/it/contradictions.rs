//! Where the sources contradict each other (PROTOCOL section 12), a client takes both: one test for each row that it
//! meets. Out of its sight are adaptive MFA, the policies of Guardian and token exchange.

use std::time::Duration;

use auth0_mfa_core::{
    Application, Call, CallOptions, ClientAuth, ClientId, CodeState, Domain, FirstFactor, MfaRequired,
    NextStep, OobPoll, OobStep, Otp, begin,
};

use crate::calls::{
    Make, add_authenticator, list_authenticators, mfa_api_token_grant, mfa_token, oob_code, password_grant,
    refresh_token_grant, regenerate_recovery_code, request_challenge, set_guardian_factor, verify_with_oob,
    verify_with_otp, verify_with_recovery_code,
};
use crate::support::{answer, application, client_secret, public_application};

fn error(code: &str, description: &str) -> String {
    format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
}

fn next_step<C: Call>(call: Make<C>, status: u16, body: &str) -> NextStep {
    answer(call("fake"), status, body).err().expect("an error").api_error().expect("of Auth0").next_step()
}

fn body<C: Call>(call: C, application: &Application) -> String {
    let (request, _) = begin(call, application, CallOptions::default());
    String::from_utf8(request.body().expose().to_vec()).unwrap()
}

#[test]
fn mfa_required_is_read_at_each_status() {
    for status in [400, 401, 403] {
        let body = r#"{"error":"mfa_required","mfa_token":"Fe26.2*NEXT"}"#;
        let answer = answer(password_grant("fake"), status, body).unwrap();
        assert!(matches!(answer, FirstFactor::MfaRequired(_)), "{status}");
        assert_eq!(next_step(verify_with_otp, status, body), NextStep::ContinueWithMfa);
    }
}

#[test]
fn a_refused_push_is_known_in_both_forms() {
    for (status, code) in [(403, "invalid_grant"), (400, "access_denied")] {
        let body = error(code, "MFA Authorization rejected.");
        assert_eq!(next_step(verify_with_oob, status, &body), NextStep::StartOver, "{code}");
    }
}

#[test]
fn a_wrong_code_is_known_at_both_statuses() {
    for status in [401, 403] {
        let rejected = error("invalid_grant", "MFA Authorization rejected.");
        assert_eq!(next_step(verify_with_recovery_code, status, &rejected), NextStep::TryAgain);
        let refused = answer(verify_with_recovery_code("fake"), status, &rejected).unwrap_err();
        assert_eq!(refused.code_state(), CodeState::NotAccepted, "{status}");
        let wrong = error("invalid_grant", "Invalid otp_code.");
        assert_eq!(next_step(verify_with_otp, status, &wrong), NextStep::TryAgain, "{status}");
    }
}

#[test]
fn an_expired_token_is_known_at_both_statuses() {
    for status in [401, 403] {
        let body = error("expired_token", "mfa_token is expired");
        assert_eq!(next_step(verify_with_recovery_code, status, &body), NextStep::LogInAgain);
        let expired = answer(verify_with_recovery_code("fake"), status, &body).unwrap_err();
        assert_eq!(expired.code_state(), CodeState::Intact, "{status}");
    }
}

#[test]
fn a_user_who_is_not_enrolled_is_known_by_both_words() {
    for (status, code) in [
        (400, "unsupported_challenge_type"),
        (401, "unsupported_challenge_type"),
        (400, "association_required"),
    ] {
        assert_eq!(next_step(request_challenge, status, &error(code, "d")), NextStep::Enroll, "{code}");
    }
}

#[test]
fn challenge_type_is_always_sent() {
    let unasked = MfaRequired::resume(mfa_token("t")).request_challenge();
    assert!(
        body(unasked, &public_application()).contains(r#""challenge_type":"otp oob""#),
        "it is always sent"
    );
}

#[test]
fn no_life_of_an_mfa_token_is_assumed() {
    // Nothing is counted: a token is taken up however old it is, and it is the server who says that it has ended.
    let resumed = MfaRequired::resume(mfa_token("Fe26.2*OLD"));
    let call = resumed.verify_with_otp(Otp::parse("012345").unwrap());
    assert!(body(call, &public_application()).contains("mfa_token=Fe26.2*OLD"));
}

#[test]
fn a_channel_is_found_under_both_names() {
    for channels in [r#""oob_channel":"sms""#, r#""oob_channels":["sms"]"#, r#""oob_channels":"sms""#] {
        let item = format!(r#"[{{"id":"sms|dev_1","authenticator_type":"oob",{channels}}}]"#);
        let list = answer(list_authenticators("t"), 200, &item).unwrap();
        assert_eq!(list.authenticators[0].oob_channels, ["sms"], "{channels}");
        let added = format!(r#"{{"authenticator_type":"oob","oob_code":"c",{channels}}}"#);
        let (association, _) = answer(add_authenticator("t"), 200, &added).unwrap().into_parts();
        assert_eq!(association.oob_channel.as_deref(), Some("sms"), "{channels}");
    }
}

#[test]
fn an_association_names_the_application_only_with_a_proof_for_its_body() {
    let named = |auth| body(add_authenticator("t"), &application(auth)).contains("client_id");
    assert!(!named(ClientAuth::None) && !named(ClientAuth::SecretBasic(client_secret("s"))));
    assert!(named(ClientAuth::SecretPost(client_secret("s"))) && named(ClientAuth::Mtls));
}

#[test]
fn an_association_beside_an_active_factor_is_refused_at_both_statuses() {
    for status in [401, 403] {
        let body = error("access_denied", "User is already enrolled.");
        assert_eq!(next_step(add_authenticator, status, &body), NextStep::ChallengeInstead, "{status}");
    }
}

#[test]
fn a_challenge_without_a_binding_method_is_polled_for() {
    let body = r#"{"challenge_type":"oob","oob_code":"Fe26.2*OOB"}"#;
    let challenge = answer(request_challenge("t"), 200, body).unwrap();
    assert!(!challenge.asks_for_binding_code(), "it is polled for");
    let mut poll = OobPoll::new(mfa_token("t"), challenge.oob_code.unwrap());
    for (status, reply, is_done) in
        [(400, r#"{"error":"authorization_pending"}"#, false), (200, r#"{"access_token":"T"}"#, true)]
    {
        let step = poll.after(answer(poll.call(), status, reply), Duration::ZERO);
        assert_eq!(matches!(step, OobStep::Done(_)), is_done, "{step:?}");
    }
    let prompt = r#"{"challenge_type":"oob","oob_code":"c","binding_method":"prompt"}"#;
    assert!(answer(request_challenge("t"), 200, prompt).unwrap().asks_for_binding_code());
    for other in ["transfer", "none"] {
        let body = prompt.replace("prompt", other);
        assert!(!answer(request_challenge("t"), 200, &body).unwrap().asks_for_binding_code(), "{other}");
    }
}

#[test]
fn a_regeneration_is_refused_without_an_enrolment_or_gives_a_first_code() {
    let body = r#"{"statusCode":404,"error":"Not Found","message":"Enrollment not found."}"#;
    let refused = answer(regenerate_recovery_code("t"), 404, body).unwrap_err();
    assert_eq!(refused.code_state(), CodeState::Intact);
    assert_eq!(refused.api_error().unwrap().next_step(), NextStep::Enroll);
    let given = answer(regenerate_recovery_code("t"), 200, r#"{"recovery_code":"FIRST"}"#).unwrap();
    assert_eq!(given.into_new_code().issued().unwrap().expose(), "FIRST");
}

#[test]
fn the_audience_of_the_mfa_api_ends_with_a_slash_and_can_be_set() {
    let custom = || {
        let domain = Domain::parse("login.example.com").unwrap();
        Application::new(domain, ClientId::parse("id").unwrap(), ClientAuth::None)
    };
    let audience = |application: &Application| {
        let body = body(mfa_api_token_grant("fake"), application);
        let pairs = form_urlencoded::parse(body.as_bytes());
        pairs.filter(|(name, _)| name == "audience").map(|(_, value)| value.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(audience(&custom()), ["https://login.example.com/mfa/"]);
    let set = custom().with_mfa_audience("https://tenant.eu.auth0.com/mfa/");
    assert_eq!(audience(&set), ["https://tenant.eu.auth0.com/mfa/"]);
}

#[test]
fn a_bad_client_credential_is_known_in_both_forms() {
    for body in [error("invalid_client", "d"), error("access_denied", "Unauthorized")] {
        assert_eq!(next_step(verify_with_recovery_code, 401, &body), NextStep::AskAdministrator);
        let refused = answer(verify_with_recovery_code("fake"), 401, &body).unwrap_err();
        assert_eq!(refused.code_state(), CodeState::Intact, "{body}");
    }
}

#[test]
fn a_factor_is_put() {
    let (request, _) = begin(set_guardian_factor("t"), &public_application(), CallOptions::default());
    assert_eq!(request.method(), "PUT");
}

#[test]
fn scopes_are_sent_as_scope() {
    let sent = body(refresh_token_grant("t"), &public_application());
    assert!(sent.contains("&scope=openid") && !sent.contains("scopes="), "{sent}");
}

#[test]
fn a_pending_or_refused_push_is_no_success_at_200() {
    for status in [200, 400] {
        let mut poll = OobPoll::new(mfa_token("t"), oob_code("c"));
        let pending = answer(poll.call(), status, r#"{"error":"authorization_pending"}"#);
        assert!(matches!(poll.after(pending, Duration::ZERO), OobStep::Wait(_)), "{status}");
        let refused = answer(poll.call(), status, &error("access_denied", "MFA Authorization rejected."));
        assert!(matches!(poll.after(refused, Duration::ZERO), OobStep::Refused(_)), "{status}");
    }
}
