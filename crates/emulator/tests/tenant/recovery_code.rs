//! `POST /oauth/token`, `grant_type=…/mfa-recovery-code`.

use auth0_mfa_core::{CodeState, ErrorCode, FirstFactor, NewCode, PasswordGrant};
use auth0_mfa_emulator::{CodeNormalisation, RecoveryCodesOff};

use crate::support::*;

fn issued(new_code: NewCode) -> String {
    new_code.issued().expect("a new code").expose().to_owned()
}

#[test]
fn a_code_is_burnt_and_the_reply_has_the_next_one() {
    let mut world = World::new();
    let mut code = world.code_of(ALICE);
    let mut seen = vec![code.clone()];
    for _ in 0..5 {
        let next = issued(world.recover_with(ALICE, &code).expect("the code is good"));
        assert_eq!(next.len(), 24);
        assert_eq!(next, world.code_of(ALICE));
        assert!(!seen.contains(&next), "a code came twice");
        assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()), "the old one is spent");
        seen.push(next.clone());
        code = next;
    }
}

#[test]
fn the_reply_has_the_recorded_fields() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let token = mfa.mfa_token().expose();
    let code = world.code_of(ALICE);
    let grant = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
    let body = serde_json::json!({
        "grant_type": grant, "client_id": "public-app", "mfa_token": token, "recovery_code": code,
    });
    let response = world.handle(&token_request("application/json", &body.to_string()));
    assert_eq!(response.status(), 200);
    let body = json(&response);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 86_400);
    assert_eq!(body["scope"], "openid profile");
    assert_eq!(body["recovery_code"], world.code_of(ALICE).as_str());
    assert!(body["access_token"].is_string() && body["id_token"].is_string());
    assert!(body.get("refresh_token").is_none());
}

#[test]
fn the_tokens_have_the_scope_of_the_first_factor() {
    let mut world = World::new();
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope("offline_access");
    let Ok(FirstFactor::MfaRequired(mfa)) = world.call(call) else { panic!("a second factor is required") };
    let code = world.code_of(ALICE);
    let (tokens, _) = world.recover(&mfa, &code).expect("the code is good").into_parts();
    assert_eq!(tokens.scope.as_deref(), Some("offline_access"));
    assert!(tokens.refresh_token.is_some() && tokens.id_token.is_none());
}

#[test]
fn a_wrong_code_is_not_accepted_and_costs_nothing_but_a_try() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    for wrong in ["WRONGCODEWRONGCODEWRONGC", "x", &code[..23], &format!("{code}A")] {
        let error = world.recover(&mfa, wrong).map(|_| ()).expect_err("it is wrong");
        assert_eq!(error.code_state(), CodeState::NotAccepted);
        assert_eq!(failure(error), rejected(), "{wrong}");
    }
    assert!(world.recover(&mfa, &code).is_ok(), "the token and the code are as good as before");
}

#[test]
fn another_users_code_is_a_wrong_one() {
    let mut world = World::new();
    let code = world.code_of(ALICE);
    assert_eq!(world.recover_with(BOB, &code).map(|_| ()), Err(rejected()));
    assert_eq!(world.code_of(ALICE), code);
}

#[test]
fn a_code_is_good_only_once_a_factor_is_confirmed() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let code = world.added(&mfa).1.remove(0);
    assert_eq!(world.recover(&mfa, &code).map(|_| ()).map_err(failure), Err(rejected()));
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("it is confirmed");
    assert!(world.recover_with(BOB, &code).is_ok());
}

#[test]
fn with_recovery_codes_off_a_right_code_is_refused_like_a_wrong_one_and_not_spent() {
    let mut world = World::new();
    let code = world.code_of(ALICE);
    world.tenant.set_recovery_codes(false);
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    world.tenant.set_recovery_codes(true);
    assert!(world.recover_with(ALICE, &code).is_ok());
}

#[test]
fn codes_may_be_lost_when_they_are_switched_off() {
    let mut world = World::with(|config| config.behaviour.codes_survive_switching_off = false);
    let code = world.code_of(ALICE);
    world.tenant.set_recovery_codes(false);
    world.tenant.set_recovery_codes(true);
    assert!(world.tenant.user(ALICE).expect("alice").recovery_code().is_none());
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
}

#[test]
fn without_rotation_a_code_is_spent_and_none_comes() {
    let mut world = World::with(|config| config.behaviour.rotate_recovery_codes = false);
    let code = world.code_of(ALICE);
    assert!(matches!(world.recover_with(ALICE, &code), Ok(NewCode::NotReturned)));
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    assert!(world.tenant.user(ALICE).expect("alice").recovery_code().is_none());
    let mfa = world.login(ALICE);
    assert_eq!(world.list(&mfa).len(), 1, "a code that is no more is not listed");
}

#[test]
fn codes_are_compared_strictly_unless_lenience_is_asked_for() {
    let spellings = |code: &str| {
        [code.to_lowercase(), format!(" {code}\n"), format!("{}-{} {}", &code[..4], &code[4..9], &code[9..])]
    };
    let mut world = World::new();
    let code = world.code_of(ALICE);
    for spelling in spellings(&code) {
        assert_eq!(world.recover_with(ALICE, &spelling).map(|_| ()), Err(rejected()), "{spelling}");
    }
    let mut world = World::with(|config| config.behaviour.code_normalisation = CodeNormalisation::Lenient);
    for index in 0..3 {
        let spelling = spellings(&world.code_of(ALICE))[index].clone();
        assert!(world.recover_with(ALICE, &spelling).is_ok(), "{spelling}");
    }
    let unlike = world.code_of(ALICE).replace(char::is_numeric, "_");
    assert_eq!(world.recover_with(ALICE, &unlike).map(|_| ()), Err(rejected()));
}

#[test]
fn within_the_leeway_a_spent_code_is_answered_with_the_same_new_code() {
    let mut world = World::with(|config| config.behaviour.spent_code_leeway_seconds = 30);
    let code = world.code_of(ALICE);
    let mfa = world.login(ALICE);
    let recover = |world: &mut World, code: &str| {
        world.recover(&mfa, code).map(|accepted| issued(accepted.into_parts().1)).map_err(failure)
    };
    let next = recover(&mut world, &code).expect("the code is good");
    world.pass(29);
    assert_eq!(recover(&mut world, &code), Ok(next.clone()), "the reply was lost: it is repeated");
    assert_eq!(world.code_of(ALICE), next, "and nothing was rotated");
    world.pass(1);
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    assert!(world.recover_with(ALICE, &next).is_ok());
}

#[test]
fn the_leeway_is_for_the_last_spent_code_only() {
    let mut world = World::with(|config| config.behaviour.spent_code_leeway_seconds = 30);
    let first = world.code_of(ALICE);
    let second = issued(world.recover_with(ALICE, &first).expect("good"));
    let third = issued(world.recover_with(ALICE, &second).expect("good"));
    assert_eq!(world.recover_with(ALICE, &first).map(|_| ()), Err(rejected()));
    assert_eq!(world.recover_with(ALICE, &second).map(issued), Ok(third));
}

#[test]
fn after_a_lost_reply_a_resubmission_says_that_the_code_is_likely_spent() {
    // The token is made to survive, so that the resubmission reaches the code.
    let mut world = World::with(|config| config.behaviour.mfa_token_ends_with_success = false);
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    let call = mfa.verify_with_recovery_code(auth0_mfa_core::RecoveryCode::verbatim(code));
    let application = world.application.clone();
    let (request, pending) = auth0_mfa_core::begin(call, &application, Default::default());
    let _lost = world.handle(&request);
    let doubt = pending.lost("the reply was lost", None).expect_err("no reply").into_in_doubt();
    let Ok(doubt) = doubt else { panic!("it is in doubt") };
    let (call, new_code) = doubt.into_parts();
    assert!(!new_code.is_returned());
    let (request, pending) = auth0_mfa_core::begin(call, &application, Default::default());
    let (head, body) = world.handle(&request).into_parts();
    let error = pending.answered(http::Response::from_parts(head, body.expose())).map(|_| ());
    assert_eq!(error.expect_err("it was spent").code_state(), CodeState::LikelySpent);
}

#[test]
fn the_status_of_a_wrong_code_is_a_setting() {
    let mut world = World::with(|config| config.behaviour.wrong_code_status = http::StatusCode::UNAUTHORIZED);
    let expected = refused(401, ErrorCode::InvalidGrant, "MFA Authorization rejected.");
    assert_eq!(world.recover_with(ALICE, "WRONG").map(|_| ()), Err(expected));
}

#[test]
fn several_codes_are_each_good_once_when_the_tenant_issues_several() {
    let mut world = World::with(|config| config.behaviour.recovery_codes_issued = 3);
    let mfa = world.login(BOB);
    let (_, codes) = world.added(&mfa);
    assert_eq!(codes.len(), 3);
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("it is confirmed");
    for code in [&codes[2], &codes[0], &codes[1]] {
        let next = issued(world.recover_with(BOB, code).expect("the code is good"));
        assert!(!codes.contains(&next));
        assert_eq!(world.recover_with(BOB, code).map(|_| ()), Err(rejected()), "it is spent");
    }
}

#[test]
fn without_rotation_another_of_several_codes_is_the_one_that_is_good() {
    for (issued, left) in [(0, 0), (1, 0), (2, 1)] {
        let mut world = World::with(|config| {
            config.behaviour.recovery_codes_issued = issued;
            config.behaviour.rotate_recovery_codes = false;
        });
        let mfa = world.login(BOB);
        let mut codes = world.added(&mfa).1;
        let otp = world.otp_of(BOB);
        world.verify(&mfa, &otp).expect("it is confirmed");
        assert!(world.recover_with(BOB, &codes.remove(0)).is_ok());
        assert_eq!(codes.len(), left);
        let good = world.tenant.user(BOB).expect("a user").recovery_code();
        assert_eq!(good.map(|code| code.expose().to_owned()), codes.pop());
    }
}

#[test]
fn while_the_factor_is_off_a_tenant_may_say_so() {
    let mut world =
        World::with(|config| config.behaviour.recovery_codes_off = RecoveryCodesOff::AccessDenied);
    let code = world.code_of(ALICE);
    world.tenant.set_recovery_codes(false);
    for _ in 0..11 {
        let refusal = world.recover_with(ALICE, &code).map(|_| ()).expect_err("it is off");
        assert_eq!((refusal.0, refusal.1), (403, ErrorCode::AccessDenied), "and it is no wrong code");
    }
    world.tenant.set_recovery_codes(true);
    assert!(world.recover_with(ALICE, &code).is_ok());
}
