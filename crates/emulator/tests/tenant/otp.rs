//! `POST /oauth/token`, `grant_type=…/mfa-otp`.

use crate::support::*;

#[test]
fn a_one_time_password_confirms_a_new_authenticator_and_brings_tokens() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (association, _) = world.added(&mfa);
    assert!(!world.tenant.user(BOB).expect("bob").is_enrolled());
    let secret = association.secret.expect("a secret");
    assert_eq!(
        world.tenant.user(BOB).and_then(|bob| bob.totp_secret()).expect("his").expose(),
        secret.expose()
    );
    let otp = world.otp_of(BOB);
    let tokens = world.verify(&mfa, &otp).expect("the password is right");
    assert_eq!(tokens.token_type.as_deref(), Some("Bearer"));
    assert_eq!(tokens.expires_in.expect("a lifetime").as_secs(), 86_400);
    assert!(world.tenant.user(BOB).expect("bob").is_enrolled());
}

#[test]
fn the_password_is_the_one_of_the_secret() {
    // RFC 6238's secret, at its first moment.
    let mut config = auth0_mfa_emulator::Config::default();
    config.users[0].totp_secret = Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned().into());
    let mut world = World::of(config);
    world.now = auth0_mfa_emulator::Timestamp::from_unix_seconds(59);
    let mfa = world.login(ALICE);
    assert!(world.verify(&mfa, "287083").is_err());
    assert!(world.verify(&mfa, "287082").is_ok());
}

#[test]
fn this_step_and_the_one_before_are_accepted_and_no_other() {
    for (later, is_accepted) in [(0, true), (30, true), (59, true), (60, false), (90, false)] {
        let mut world = World::new();
        world.now = auth0_mfa_emulator::Timestamp::from_unix_seconds(1_700_000_010); // the start of a step
        let otp = world.otp_of(ALICE);
        world.pass(later);
        let mfa = world.login(ALICE);
        assert_eq!(world.verify(&mfa, &otp).is_ok(), is_accepted, "{later} seconds later");
    }
    let mut world = World::new();
    world.pass(30);
    let next = world.otp_of(ALICE);
    world.now = START;
    let mfa = world.login(ALICE);
    assert_eq!(world.verify(&mfa, &next).map(|_| ()).map_err(failure), Err(wrong_otp()), "a step ahead");
}

#[test]
fn an_accepted_password_is_not_accepted_again_and_the_next_one_is() {
    let mut world = World::new();
    let otp = world.otp_of(ALICE);
    let mfa = world.login(ALICE);
    world.verify(&mfa, &otp).expect("the first time");
    let mfa = world.login(ALICE);
    assert_eq!(world.verify(&mfa, &otp).map(|_| ()).map_err(failure), Err(wrong_otp()));
    world.pass(30);
    assert_eq!(world.verify(&mfa, &otp).map(|_| ()).map_err(failure), Err(wrong_otp()));
    let otp = world.otp_of(ALICE);
    world.verify(&mfa, &otp).expect("the next one");
}

#[test]
fn a_wrong_password_is_refused_and_the_login_goes_on() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    for wrong in ["000000", "12345", "1234567", "abcdef", "\u{0661}\u{0662}\u{0663}"] {
        assert_eq!(world.verify(&mfa, wrong).map(|_| ()).map_err(failure), Err(wrong_otp()), "{wrong}");
    }
    let otp = world.otp_of(ALICE);
    assert!(world.verify(&mfa, &otp).is_ok());
}

#[test]
fn the_status_of_a_wrong_password_is_a_setting() {
    let mut world = World::with(|config| config.behaviour.wrong_code_status = http::StatusCode::UNAUTHORIZED);
    let mfa = world.login(ALICE);
    assert_eq!(world.verify(&mfa, "000000").map(|_| ()).map_err(failure).expect_err("wrong").0, 401);
}

#[test]
fn a_user_without_an_app_has_no_right_password() {
    let mut world = World::new();
    assert!(world.tenant.otp(BOB, world.now).is_none());
    let mfa = world.login(BOB);
    assert_eq!(world.verify(&mfa, "000000").map(|_| ()).map_err(failure), Err(wrong_otp()));
}
