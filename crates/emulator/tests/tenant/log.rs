//! The tenant's log.

use crate::support::*;

fn codes(world: &World) -> Vec<&'static str> {
    world.tenant.events().map(|event| event.kind.code()).collect()
}

#[test]
fn the_story_of_a_user_is_in_the_log() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let code = world.added(&mfa).1.remove(0);
    let _ = world.verify(&mfa, "000000");
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("it is confirmed");
    let _ = world.recover_with(BOB, "WRONG");
    let _ = world.recover_with(BOB, &code).expect("the code is good");
    assert_eq!(
        codes(&world),
        [
            "mfar",
            "feotpft",
            "gd_enrollment_complete",
            "seotpft",
            "mfar",
            "gd_recovery_failed",
            "fercft",
            "mfar",
            "gd_recovery_succeed",
            "sercft"
        ]
    );
    for event in world.tenant.events() {
        assert_eq!(event.user.as_deref(), Some(BOB));
        assert_eq!(event.client_id, "public-app");
        assert_eq!(event.at, START);
    }
}

#[test]
fn refusals_over_the_limit_and_wrong_passwords_are_in_the_log() {
    let mut world = World::with(|config| config.behaviour.failures_allowed = 0);
    let _ = world.recover_with(ALICE, "WRONG");
    let mfa = world.login(ALICE);
    let _ = world.verify(&mfa, "000000");
    for user in [ALICE, "nobody@example.com"] {
        let call = auth0_mfa_core::PasswordGrant::new(user, auth0_mfa_core::Password::new("wrong"));
        assert!(world.call(call).is_err());
    }
    let expected =
        ["mfar", "gd_recovery_rate_limit_exceed", "fercft", "mfar", "gd_otp_rate_limit_exceed", "feotpft"];
    assert_eq!(codes(&world)[..6], expected);
    let last: Vec<_> = world.tenant.events().skip(6).collect();
    assert_eq!(last.iter().map(|event| event.kind.code()).collect::<Vec<_>>(), ["fepft", "fepft"]);
    assert_eq!(last[0].user.as_deref(), Some(ALICE));
    assert_eq!(last[1].user, None, "a name that is none of the tenant's is not kept");
}
