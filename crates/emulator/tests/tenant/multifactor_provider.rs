//! `/api/v2/users/{id}/multifactor/{provider}`: the providers that were before Guardian.

use auth0_mfa_emulator::ConfiguredMeans;
use serde_json::Value;

use crate::administrator::*;
use crate::support::*;

fn delete(world: &mut World, user: &str, provider: &str) -> (u16, Value) {
    let path = format!("{}/multifactor/{provider}", path_of(world, user));
    manage(world, "DELETE", &path, None)
}

#[test]
fn no_provider_of_before_guardian_is_there_to_go() {
    let mut world = World::new();
    for provider in ["duo", "google-authenticator"] {
        assert_eq!(delete(&mut world, ALICE, provider), (204, Value::Null));
        assert!(world.tenant.user(ALICE).expect("a user").is_enrolled());
    }
}

#[test]
fn google_authenticator_is_the_app_on_a_tenant_that_says_so() {
    let means = || vec![ConfiguredMeans::Totp, phone(), ConfiguredMeans::Totp];
    let mut world = World::with_dave(|config| config.behaviour.google_authenticator_is_otp = true, means());
    assert_eq!(delete(&mut world, DAVE, "duo").0, 204);
    assert_eq!(ids_of(&world, DAVE).len(), 3);
    assert_eq!(delete(&mut world, DAVE, "google-authenticator"), (204, Value::Null));
    let ids = ids_of(&world, DAVE);
    assert!(ids.len() == 1 && ids[0].starts_with("sms|"), "{ids:?}");
    // What comes with a push is another app's.
    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, auth0_mfa_core::NewAuthenticator::Push).expect("it can be enrolled");
    assert_eq!(delete(&mut world, BOB, "google-authenticator").0, 204);
    assert_eq!(ids_of(&world, BOB).len(), 2);
}

#[test]
fn another_provider_is_a_bad_request() {
    let mut world = World::new();
    for provider in ["guardian", "Duo", "otp", "google%7Cauthenticator"] {
        let (status, body) = delete(&mut world, ALICE, provider);
        assert_eq!((status, &body["statusCode"], &body["error"]), (400, &400.into(), &"Bad Request".into()));
    }
}
