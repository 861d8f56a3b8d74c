//! `/api/v2/users/{id}/enrollments`: what a user has enrolled, in the old view.

use auth0_mfa_core::NewAuthenticator;
use auth0_mfa_emulator::{AuthenticatorConfig, Config, ConfiguredMeans, EnrollmentsListed};
use serde_json::{Value, json};

use crate::administrator::*;
use crate::support::*;

fn list(world: &mut World, user: &str) -> Value {
    let path = format!("{}/enrollments", path_of(world, user));
    let (status, body) = manage(world, "GET", &path, None);
    assert_eq!(status, 200, "{body}");
    body
}

fn all(config: &mut Config) {
    config.behaviour.enrollments_listed = EnrollmentsListed::All;
}

#[test]
fn the_first_confirmed_enrollment_is_listed_unless_all_are() {
    let mut unconfirmed = AuthenticatorConfig::new(ConfiguredMeans::Totp);
    unconfirmed.confirmed = false;
    let add = |config: &mut Config| {
        let dave = config.users.last_mut().expect("Dave");
        dave.authenticators.insert(0, unconfirmed.clone());
    };
    let mut world = World::with_dave(add, vec![phone(), push(), email(), ConfiguredMeans::Totp]);
    let device = device_of(&ids_of(&world, DAVE)[1]).to_owned();
    let expected = json!([{
        "id": device,
        "status": "confirmed",
        "phone_number": NUMBER,
        "auth_method": "sms",
        "enrolled_at": "1970-01-01T00:00:00.000Z",
    }]);
    assert_eq!(list(&mut world, DAVE), expected);

    let add_and_list_all = |config: &mut Config| {
        add(config);
        all(config);
    };
    let mut world = World::with_dave(add_and_list_all, vec![phone(), push(), email(), ConfiguredMeans::Totp]);
    let listed = list(&mut world, DAVE);
    let seen: Vec<_> =
        listed.as_array().expect("a list").iter().map(|it| (&it["auth_method"], &it["status"])).collect();
    let (confirmed, pending) = (json!("confirmed"), json!("pending"));
    let methods = ["authenticator", "sms", "guardian", "authenticator"].map(Value::from);
    let expected = [
        (&methods[0], &pending),
        (&methods[1], &confirmed),
        (&methods[2], &confirmed),
        (&methods[3], &confirmed),
    ];
    assert_eq!(seen, expected, "e-mail and the recovery code are in none");
    assert_eq!(listed[2]["name"], "Fake Phone");
}

#[test]
fn what_was_enrolled_in_one_go_is_one_enrollment() {
    for (new, method) in [(NewAuthenticator::Voice(number()), "sms"), (NewAuthenticator::Push, "guardian")] {
        let mut world = World::with(all);
        let mfa = world.login(BOB);
        let _ = world.enrol(&mfa, new).expect("it can be enrolled");
        assert_eq!(ids_of(&world, BOB).len(), 2);
        let listed = list(&mut world, BOB);
        assert_eq!(listed.as_array().map(Vec::len), Some(1));
        assert_eq!((&listed[0]["auth_method"], &listed[0]["status"]), (&method.into(), &"pending".into()));
    }
}

#[test]
fn a_user_with_nothing_confirmed_has_an_empty_list() {
    let mut world = World::with(|config| config.users[1].email_verified = true);
    assert_eq!(list(&mut world, BOB), json!([]));
    let mfa = world.login(BOB);
    world.added(&mfa);
    assert_eq!(list(&mut world, BOB), json!([]), "the app is not confirmed");
}
