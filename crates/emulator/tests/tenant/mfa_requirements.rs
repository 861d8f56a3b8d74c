//! The forms of `mfa_requirements`.

use auth0_mfa_emulator::{Factor, MfaRequirementsForm};

use crate::support::*;

fn world(form: MfaRequirementsForm) -> World {
    World::with_dave(
        |config| {
            config.behaviour.customizable_mfa = true;
            config.behaviour.mfa_requirements_form = form;
        },
        vec![phone(), push(), email()],
    )
}

fn sent(world: &mut World, user: &str) -> serde_json::Value {
    let password = password_of(user);
    let body = serde_json::json!({
        "grant_type": "password", "client_id": "public-app", "username": user, "password": password.expose(),
    });
    let response = world.handle(&token_request("application/json", &body.to_string()));
    json(&response)["mfa_requirements"].clone()
}

fn types(words: &[&str]) -> serde_json::Value {
    words.iter().map(|word| serde_json::json!({ "type": word })).collect()
}

const HAS: [&str; 4] = ["phone", "push-notification", "email", "recovery-code"];
const MAY: [&str; 3] = ["otp", "phone", "push-notification"];

#[test]
fn an_enrolled_user_is_told_of_challenges_and_another_of_enrolments() {
    let mut world = world(MfaRequirementsForm::ChallengeOrEnroll);
    assert_eq!(sent(&mut world, DAVE), serde_json::json!({ "challenge": types(&HAS) }));
    assert_eq!(sent(&mut world, BOB), serde_json::json!({ "enroll": types(&MAY) }));
    world.tenant.set_factor(Factor::Sms, false);
    world.tenant.set_factor(Factor::RecoveryCode, false);
    assert_eq!(
        sent(&mut world, DAVE),
        serde_json::json!({ "challenge": types(&["push-notification", "email"]) })
    );
    assert_eq!(sent(&mut world, BOB), serde_json::json!({ "enroll": types(&["otp", "push-notification"]) }));
}

#[test]
fn the_other_forms() {
    let mut both = world(MfaRequirementsForm::Both);
    let expected = serde_json::json!({ "challenge": types(&HAS), "enroll": types(&MAY) });
    assert_eq!(sent(&mut both, DAVE), expected);
    let mut challenge_types = world(MfaRequirementsForm::ChallengeTypes);
    assert_eq!(sent(&mut challenge_types, BOB), serde_json::json!({ "challenge_types": ["otp", "oob"] }));
    let mut ordinary = World::new();
    assert!(sent(&mut ordinary, ALICE).is_null());
}

#[test]
fn what_is_not_confirmed_is_no_challenge() {
    let mut world = world(MfaRequirementsForm::Both);
    let mfa = world.login(BOB);
    let _ = world.added(&mfa);
    assert_eq!(sent(&mut world, BOB), serde_json::json!({ "enroll": types(&MAY) }));
}
