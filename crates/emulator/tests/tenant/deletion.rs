//! `DELETE /mfa/authenticators/{id}`.

use auth0_mfa_core::{
    AuthenticatorId, DeleteAuthenticator, ErrorCode, MfaApiToken, MfaRequired, NewAuthenticator,
};
use auth0_mfa_emulator::PushAnswer;

use crate::support::*;

/// A tenant where an `mfa_token` is enough: what an access token must have is tested elsewhere.
fn world(means: Vec<auth0_mfa_emulator::ConfiguredMeans>) -> World {
    World::with_dave(
        |config| {
            config.behaviour.mfa_token_removes_authenticators = true;
            config.users[2].email_verified = true;
        },
        means,
    )
}

fn ids(world: &mut World, mfa: &MfaRequired) -> Vec<AuthenticatorId> {
    world.list(mfa).into_iter().filter_map(|it| it.id).collect()
}

fn delete(world: &mut World, mfa: &MfaRequired, id: &AuthenticatorId) -> Result<(), ApiFailure> {
    let token = MfaApiToken::parse(mfa.mfa_token().expose()).unwrap();
    world.call(DeleteAuthenticator::new(token, id.clone())).map(|_| ()).map_err(failure)
}

fn request(mfa: &MfaRequired, segment: &str) -> http::Request<auth0_mfa_core::Body> {
    http::Request::delete(format!("https://tenant.example.com/mfa/authenticators/{segment}"))
        .header("authorization", format!("Bearer {}", mfa.mfa_token().expose()))
        .body(auth0_mfa_core::Body::empty())
        .unwrap()
}

#[test]
fn an_authenticator_is_gone_and_a_second_deletion_finds_nothing() {
    let mut world = world(vec![phone(), push()]);
    let mfa = world.login(DAVE);
    let before = ids(&mut world, &mfa);
    delete(&mut world, &mfa, &before[0]).unwrap();
    assert_eq!(ids(&mut world, &mfa).len(), before.len() - 1);
    let not_found = refused(404, ErrorCode::parse("not_found"), "Authenticator not found.");
    assert_eq!(delete(&mut world, &mfa, &before[0]), Err(not_found));
    assert_eq!(world.tenant.events().filter(|event| event.kind.code() == "gd_unenroll").count(), 1);
}

#[test]
fn the_reply_has_no_body_and_a_type_all_the_same() {
    let mut world = world(vec![phone()]);
    let mfa = world.login(DAVE);
    let id = ids(&mut world, &mfa)[0].as_str().replace('|', "%7C");
    let response = world.handle(&request(&mfa, &id));
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.body().expose().is_empty());
}

#[test]
fn what_was_enrolled_together_goes_together() {
    for (new, confirms) in [(NewAuthenticator::Sms(number()), false), (NewAuthenticator::Push, true)] {
        for index in [0, 1] {
            let mut world = World::with(|config| {
                config.behaviour.mfa_token_removes_authenticators = true;
                config.behaviour.push_twin = auth0_mfa_emulator::PushTwin::OwnDevice;
            });
            let mfa = world.login(BOB);
            let _ = world.enrol(&mfa, new.clone()).unwrap();
            if confirms {
                world.answer_push(PushAnswer::Approve);
            }
            let _ = world.enrol(&mfa, NewAuthenticator::Otp).unwrap();
            let before = ids(&mut world, &mfa);
            delete(&mut world, &mfa, &before[index]).unwrap();
            let left = ids(&mut world, &mfa);
            assert_eq!(left.len(), 2, "the app and the recovery code");
            assert!(left.contains(&before[3]));
        }
    }
}

#[test]
fn the_recovery_code_and_a_verified_address_cannot_be_deleted() {
    for status in [400, 403] {
        let mut world = world(vec![phone()]);
        world.tenant = World::with_dave(
            |config| {
                config.behaviour.mfa_token_removes_authenticators = true;
                config.behaviour.undeletable_authenticator_status =
                    http::StatusCode::from_u16(status).unwrap();
                config.users[2].email_verified = true;
            },
            vec![phone()],
        )
        .tenant;
        let mfa = world.login(DAVE);
        let before = ids(&mut world, &mfa);
        for kind in ["recovery-code|", "email|"] {
            let id = before.iter().find(|id| id.as_str().starts_with(kind)).unwrap();
            let refusal = delete(&mut world, &mfa, id).unwrap_err();
            assert_eq!((refusal.0, refusal.1), (status, ErrorCode::InvalidRequest), "{kind}");
        }
        assert_eq!(ids(&mut world, &mfa), before);
    }
}

#[test]
fn an_address_that_was_enrolled_can_be_deleted() {
    let mut world =
        World::with_dave(|config| config.behaviour.mfa_token_removes_authenticators = true, vec![email()]);
    let mfa = world.login(DAVE);
    let id = ids(&mut world, &mfa).into_iter().find(|id| id.as_str().starts_with("email|")).unwrap();
    assert_eq!(delete(&mut world, &mfa, &id), Ok(()));
}

#[test]
fn an_mfa_token_is_not_enough_unless_it_is() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let mfa = world.login(DAVE);
    let id = ids(&mut world, &mfa)[0].clone();
    let refusal = delete(&mut world, &mfa, &id).unwrap_err();
    assert_eq!((refusal.0, refusal.1), (401, ErrorCode::InvalidGrant));
    assert!(ids(&mut world, &mfa).contains(&id));
}

#[test]
fn a_user_deletes_only_the_users_own() {
    let mut world = world(vec![phone()]);
    let (dave, alice) = (world.login(DAVE), world.login(ALICE));
    let id = ids(&mut world, &dave)[0].clone();
    assert_eq!(delete(&mut world, &alice, &id).unwrap_err().0, 404);
}

#[test]
fn the_recovery_code_outlives_the_last_factor_unless_it_does_not() {
    for outlives in [true, false] {
        let mut world = World::with_dave(
            |config| {
                config.behaviour.mfa_token_removes_authenticators = true;
                config.behaviour.recovery_code_outlives_factors = outlives;
            },
            vec![phone()],
        );
        let mfa = world.login(DAVE);
        let id = ids(&mut world, &mfa).into_iter().find(|id| id.as_str().starts_with("sms")).unwrap();
        delete(&mut world, &mfa, &id).unwrap();
        let code = world.code_of(DAVE);
        assert_eq!(world.recover_with(DAVE, &code).is_ok(), outlives);
    }
}

#[test]
fn a_user_with_nothing_but_the_code_enrols_anew_unless_the_code_is_an_enrolment() {
    for is_enrolment in [false, true] {
        let mut world = World::with_dave(
            |config| {
                config.behaviour.mfa_token_removes_authenticators = true;
                config.behaviour.recovery_code_is_enrolment = is_enrolment;
            },
            vec![phone()],
        );
        let mfa = world.login(DAVE);
        let id = ids(&mut world, &mfa).into_iter().find(|id| id.as_str().starts_with("sms")).unwrap();
        delete(&mut world, &mfa, &id).unwrap();
        let enrolled = world.enrol(&mfa, NewAuthenticator::Otp);
        assert_eq!(enrolled.is_err(), is_enrolment);
        if let Ok((_, codes)) = enrolled {
            assert_eq!(codes.iter().count(), 0, "the code is the one that there was");
        }
    }
}
