//! `/api/v2/guardian/enrollments/{id}`: an enrollment of any user.

use auth0_mfa_core::NewAuthenticator;
use serde_json::{Value, json};

use crate::administrator::*;
use crate::support::*;

fn get(world: &mut World, id: &str) -> (u16, Value) {
    manage(world, "GET", &format!("guardian/enrollments/{}", encoded(id)), None)
}

fn delete(world: &mut World, id: &str) -> (u16, Value) {
    manage(world, "DELETE", &format!("guardian/enrollments/{}", encoded(id)), None)
}

fn not_found() -> (u16, Value) {
    error(404, "Not Found", "Enrollment not found.", "enrollment_not_found")
}

#[test]
fn an_enrollment_is_found_by_its_device_and_by_its_authenticator() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push()]);
    let ids = ids_of(&world, DAVE);
    let (phone, push) = (device_of(&ids[0]), device_of(&ids[1]));
    let expected = json!({
        "id": phone,
        "status": "confirmed",
        "phone_number": NUMBER,
        "enrolled_at": "1970-01-01T00:00:00.000Z",
    });
    assert_eq!(get(&mut world, phone), (200, expected.clone()));
    assert_eq!(get(&mut world, &ids[0]), (200, expected));
    assert_eq!(get(&mut world, &format!("voice|{phone}")), not_found(), "the phone is reached by SMS");
    assert_eq!(get(&mut world, push).1["name"], "Fake Phone");
}

#[test]
fn an_enrollment_is_pending_until_it_is_confirmed() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    world.added(&mfa);
    let id = ids_of(&world, BOB).remove(0);
    let device = device_of(&id).to_owned();
    assert_eq!(get(&mut world, &device), (200, json!({ "id": device, "status": "pending" })));
    world.pass(60);
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("the password is right");
    let at = "2023-11-14T22:14:20.000Z";
    let confirmed = json!({ "id": device, "status": "confirmed", "enrolled_at": at, "last_auth": at });
    assert_eq!(get(&mut world, &device), (200, confirmed.clone()));
    world.pass(60);
    let (mfa, otp) = (world.login(BOB), world.otp_of(BOB));
    world.verify(&mfa, &otp).expect("the password is right");
    let used = get(&mut world, &device).1;
    assert_eq!(used["enrolled_at"], at, "it is enrolled once");
    assert_eq!(used["last_auth"], "2023-11-14T22:15:20.000Z");
}

#[test]
fn what_was_enrolled_in_one_go_is_deleted_in_one_go_and_the_code_stays() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Sms(number())).expect("it can be enrolled");
    let code = world.sent_code();
    world
        .verify_oob(&mfa, association.oob_code.as_ref().expect("one"), Some(&code))
        .expect("the code is right");
    let ids = ids_of(&world, BOB);
    assert_eq!(ids.len(), 2, "by SMS and by a call");
    assert_eq!(delete(&mut world, &ids[1]), (204, Value::Null));
    assert!(ids_of(&world, BOB).is_empty());
    assert!(world.tenant.user(BOB).expect("a user").recovery_code().is_some());
    for gone in &ids {
        assert_eq!(get(&mut world, gone), not_found());
        assert_eq!(delete(&mut world, gone), not_found());
    }
}

#[test]
fn the_recovery_code_is_an_enrollment_too() {
    let mut world = World::new();
    let (_, methods) = {
        let path = methods_of(&world, ALICE);
        manage(&mut world, "GET", &path, None)
    };
    let id = methods[1]["id"].as_str().expect("an id").to_owned();
    let (status, enrollment) = get(&mut world, &id);
    assert_eq!((status, &enrollment["status"]), (200, &"confirmed".into()));
    assert_eq!(delete(&mut world, &id), (204, Value::Null));
    assert!(world.tenant.user(ALICE).expect("a user").recovery_code().is_none());
    assert!(world.tenant.user(ALICE).expect("a user").is_enrolled(), "the app is there as before");
    assert_eq!(get(&mut world, &id), not_found());
}

#[test]
fn an_address_that_nobody_enrolled_is_no_enrollment() {
    let mut world = World::with(|config| config.users[1].email_verified = true);
    let id = ids_of(&world, BOB).remove(0);
    assert_eq!(get(&mut world, &id), not_found());
    assert_eq!(delete(&mut world, device_of(&id)), not_found());
    assert!(world.tenant.user(BOB).expect("a user").is_email_verified());
}

#[test]
fn an_identifier_of_another_form_is_a_bad_request() {
    let mut world = World::new();
    for bad in ["x", "dev_", "dev_a%20b", "phone|dev_a", "duo|dev_a", "totp|a", "totp|"] {
        let (status, body) = get(&mut world, bad);
        assert_eq!((status, &body["error"]), (400, &"Bad Request".into()), "{bad}");
        assert_eq!(delete(&mut world, bad).0, 400, "{bad}");
    }
    for unknown in ["dev_A-z_9", "totp|dev_unknown", "webauthn-platform|dev_unknown"] {
        assert_eq!(get(&mut world, unknown), not_found(), "{unknown}");
    }
}
