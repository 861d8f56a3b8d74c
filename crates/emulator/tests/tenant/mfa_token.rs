//! What an `mfa_token` is good for, and for how long.

use auth0_mfa_core::{Body, CodeState, ErrorCode, MfaRequired, MfaToken};
use auth0_mfa_emulator::Config;

use crate::support::*;

fn malformed() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "Malformed mfa_token")
}

fn expired() -> ApiFailure {
    refused(401, ErrorCode::ExpiredToken, "mfa_token is expired")
}

#[test]
fn it_lives_ten_minutes_and_not_a_second_longer() {
    for (age, is_good) in [(0, true), (599, true), (600, false), (100_000, false)] {
        let mut world = World::new();
        let mfa = world.login(ALICE);
        let code = world.code_of(ALICE);
        world.pass(age);
        match world.recover(&mfa, &code).map(|_| ()) {
            Ok(()) => assert!(is_good, "{age}"),
            Err(error) => {
                assert!(!is_good, "{age}");
                assert_eq!(error.code_state(), CodeState::Intact);
                assert_eq!(failure(error), expired());
                assert_eq!(world.code_of(ALICE), code);
            }
        }
    }
}

#[test]
fn its_lifetime_and_the_status_of_its_end_are_settings() {
    let mut world = World::with(|config| {
        config.behaviour.mfa_token_lifetime_seconds = 300;
        config.behaviour.expired_token_status = http::StatusCode::FORBIDDEN;
        config.behaviour.malformed_mfa_token_status = http::StatusCode::UNAUTHORIZED;
    });
    let mfa = world.login(ALICE);
    let garbled = MfaRequired::resume(MfaToken::parse("garbled").expect("visible ASCII"));
    assert_eq!(world.verify(&garbled, "000000").map(|_| ()).map_err(failure).expect_err("garbled").0, 401);
    world.pass(299);
    assert_eq!(world.list(&mfa).len(), 2);
    world.pass(1);
    let refusal = world.verify(&mfa, "000000").map(|_| ()).map_err(failure).expect_err("it is too old");
    assert_eq!((refusal.0, refusal.1), (403, ErrorCode::ExpiredToken));
}

#[test]
fn one_that_was_not_issued_here_is_malformed_and_leaves_the_code_alone() {
    let mut world = World::new();
    let real = world.login(ALICE).into_mfa_token();
    let code = world.code_of(ALICE);
    let real = real.expose();
    let changed = |at: usize| {
        let other = if real.as_bytes()[at] == b'A' { "B" } else { "A" };
        [&real[..at], other, &real[at + 1..]].concat()
    };
    for token in [
        "x".to_owned(),
        real[..real.len() - 1].to_owned(),
        format!("{real}A"),
        changed(0),
        changed(30),
        changed(60),
        changed(1_000),
        changed(real.len() - 1),
    ] {
        let mfa = MfaRequired::resume(MfaToken::parse(token.as_str()).expect("visible ASCII"));
        let error = world.recover(&mfa, &code).map(|_| ()).expect_err("it is no token of this tenant");
        assert_eq!(error.code_state(), CodeState::Intact);
        assert_eq!(failure(error), malformed());
        assert_eq!(world.verify(&mfa, "000000").map(|_| ()).map_err(failure), Err(malformed()));
    }
    let grant = "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-otp";
    let spaced = format!("grant_type={grant}&client_id=public-app&mfa_token=two+words&otp=1");
    assert_eq!(json(&world.handle(&form(&spaced)))["error_description"], "Malformed mfa_token");
}

#[test]
fn one_of_another_application_is_refused() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    let other =
        application("confidential-app", auth0_mfa_core::ClientAuth::SecretPost(secret("fake-client-secret")));
    let expected = refused(400, ErrorCode::InvalidRequest, "mfa_token not issued to this client");
    let call = mfa.verify_with_recovery_code(auth0_mfa_core::RecoveryCode::verbatim(code.as_str()));
    let refusal = world.call_as(&other, call).map(|_| ());
    assert_eq!(refusal.map_err(failure), Err(expected));
    assert!(world.recover(&mfa, &code).is_ok());
}

#[test]
fn use_and_failure_leave_it_good_and_success_ends_it() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    assert_eq!(world.list(&mfa).len(), 2);
    let _ = world.verify(&mfa, "000000");
    let code = world.code_of(ALICE);
    assert!(world.recover(&mfa, &code).is_ok());
    let next = world.code_of(ALICE);
    assert_eq!(world.recover(&mfa, &next).map(|_| ()).map_err(failure), Err(malformed()));
    assert_eq!(world.code_of(ALICE), next);
    let refusal = world.add(mfa.mfa_token()).map(|_| ()).map_err(failure).expect_err("it has ended");
    assert_eq!((refusal.0, refusal.1), (401, ErrorCode::InvalidGrant));
}

#[test]
fn success_may_leave_it_good_and_failure_may_end_it() {
    let mut world = World::with(|config| config.behaviour.mfa_token_ends_with_success = false);
    let mfa = world.login(ALICE);
    for _ in 0..2 {
        let code = world.code_of(ALICE);
        assert!(world.recover(&mfa, &code).is_ok());
    }

    let mut world = World::with(|config| config.behaviour.mfa_token_ends_with_failure = true);
    for kind in ["otp", "recovery code"] {
        let mfa = world.login(ALICE);
        let refusal = if kind == "otp" {
            world.verify(&mfa, "000000").map(|_| ()).map_err(failure)
        } else {
            world.recover(&mfa, "WRONG").map(|_| ()).map_err(failure)
        };
        assert!(refusal.is_err());
        let code = world.code_of(ALICE);
        assert_eq!(world.recover(&mfa, &code).map(|_| ()).map_err(failure), Err(malformed()), "{kind}");
    }
}

/// Passes the second factor of a login by each of the MFA grants, which ask for something of their own. Answers the
/// scopes that came.
fn scopes_of_grants_that_ask(may_ask: bool) -> Vec<String> {
    let change = |config: &mut Config| config.behaviour.mfa_grants_may_ask = may_ask;
    let mut world = World::with_dave(change, vec![phone()]);
    let mut scopes = Vec::new();
    for grant in ["mfa-otp", "mfa-oob", "mfa-recovery-code"] {
        let mfa = world.login(if grant == "mfa-oob" { DAVE } else { ALICE });
        let proof = match grant {
            "mfa-otp" => format!("otp={}", world.otp_of(ALICE)),
            "mfa-oob" => {
                let challenge = world.challenge(&mfa, "sms").expect("a challenge");
                let oob_code = challenge.oob_code.expect("an oob_code");
                format!("oob_code={}&binding_code={}", oob_code.expose(), world.sent_code())
            }
            _ => format!("recovery_code={}", world.code_of(ALICE)),
        };
        let reply = world.handle(&form(&format!(
            "grant_type=http://auth0.com/oauth/grant-type/{grant}&client_id=public-app&mfa_token={}&{proof}\
             &audience=https://tenant.example.com/mfa/&scope=enroll",
            mfa.mfa_token().expose()
        )));
        scopes.push(json(&reply)["scope"].as_str().expect("tokens").to_owned());
    }
    scopes
}

#[test]
fn what_a_grant_asks_for_counts_only_on_a_tenant_that_says_so() {
    assert_eq!(scopes_of_grants_that_ask(false), ["openid profile"; 3], "those of the first factor");
    assert_eq!(scopes_of_grants_that_ask(true), ["enroll"; 3]);
}

#[test]
fn it_may_be_good_at_one_host_only() {
    let statuses = |change: &dyn Fn(&mut Config)| {
        let mut world = World::with(change);
        let mfa_token = world.login(BOB).into_mfa_token();
        let list = http::Request::get("https://login.example.com/mfa/authenticators")
            .header("authorization", format!("Bearer {}", mfa_token.expose()))
            .body(Body::empty());
        let challenge = http::Request::post("https://login.example.com/mfa/challenge")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("client_id=public-app&mfa_token={}", mfa_token.expose()).into_bytes()));
        [list, challenge].map(|request| world.handle(&request.expect("a request")).status().as_u16())
    };
    assert_eq!(statuses(&|_| ()), [200, 400], "Bob is not enrolled");
    assert_eq!(statuses(&|config| config.behaviour.mfa_token_is_of_one_host = true), [401, 403]);
    let one_issuer = |config: &mut Config| {
        config.behaviour.mfa_token_is_of_one_host = true;
        config.issuer = Some("https://login.example.com".to_owned());
    };
    assert_eq!(statuses(&one_issuer), [200, 400]);
}
