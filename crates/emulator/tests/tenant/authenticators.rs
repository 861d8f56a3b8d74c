//! `GET /mfa/authenticators`.

use auth0_mfa_core::{Authenticator, ErrorCode, ListAuthenticators, MfaToken};

use crate::support::*;

fn kinds(listed: &[Authenticator]) -> Vec<(&str, Option<bool>)> {
    listed
        .iter()
        .map(|authenticator| (authenticator.authenticator_type.as_str(), authenticator.active))
        .collect()
}

#[test]
fn the_recovery_code_is_listed_and_becomes_active_with_the_first_confirmed_factor() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    assert!(world.list(&mfa).is_empty());
    let _ = world.added(&mfa);
    assert_eq!(kinds(&world.list(&mfa)), [("otp", Some(false)), ("recovery-code", Some(false))]);
    let _ = world.added(&mfa);
    let expected = [("otp", Some(false)), ("recovery-code", Some(false)), ("otp", Some(false))];
    assert_eq!(kinds(&world.list(&mfa)), expected);

    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("the newest is confirmed");
    let mfa = world.login(BOB);
    let expected = [("otp", Some(false)), ("recovery-code", Some(true)), ("otp", Some(true))];
    assert_eq!(kinds(&world.list(&mfa)), expected);
}

#[test]
fn the_list_has_the_recorded_shape() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let request = http::Request::get("https://tenant.example.com/mfa/authenticators")
        .header("authorization", format!("Bearer {}", mfa.mfa_token().expose()))
        .body(auth0_mfa_core::Body::empty())
        .expect("a request");
    let response = world.handle(&request);
    assert_eq!(response.status(), 200);
    let body = std::str::from_utf8(response.body().expose()).expect("text");
    let listed = world.list(&mfa);
    let ids: Vec<&str> = listed.iter().map(|it| it.id.as_ref().expect("an id").as_str()).collect();
    assert_eq!(
        body,
        format!(
            r#"[{{"id":"{}","authenticator_type":"otp","active":true}},{{"id":"{}","authenticator_type":"recovery-code","active":true}}]"#,
            ids[0], ids[1]
        )
    );
    for (id, prefix) in ids.into_iter().zip(["totp|dev_", "recovery-code|dev_"]) {
        let rest = id.strip_prefix(prefix).expect(prefix);
        assert_eq!(rest.len(), 16);
        assert!(rest.bytes().all(|b| b.is_ascii_alphanumeric()));
    }
}

#[test]
fn identifiers_stay_the_same_when_the_code_is_rotated() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let before = world.list(&mfa);
    let code = world.code_of(ALICE);
    let _ = world.recover_with(ALICE, &code).expect("the code is right");
    let mfa = world.login(ALICE);
    let ids = |listed: &[Authenticator]| listed.iter().map(|a| a.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&world.list(&mfa)), ids(&before));
}

#[test]
fn with_recovery_codes_off_none_is_listed() {
    let mut world = World::new();
    world.tenant.set_recovery_codes(false);
    let mfa = world.login(ALICE);
    assert_eq!(kinds(&world.list(&mfa)), [("otp", Some(true))]);
    world.tenant.set_recovery_codes(true);
    assert_eq!(kinds(&world.list(&mfa)), [("otp", Some(true)), ("recovery-code", Some(true))]);
}

#[test]
fn types_are_listed_on_a_customizable_tenant_only() {
    let mut world = World::with(|config| config.behaviour.customizable_mfa = true);
    let mfa = world.login(ALICE);
    let types: Vec<_> = world.list(&mfa).into_iter().map(|authenticator| authenticator.r#type).collect();
    assert_eq!(types, [Some("otp".to_owned()), Some("recovery-code".to_owned())]);
    let mut world = World::new();
    let mfa = world.login(ALICE);
    assert!(world.list(&mfa).iter().all(|authenticator| authenticator.r#type.is_none()));
}

#[test]
fn a_user_sees_only_the_users_own_authenticators() {
    let mut world = World::new();
    let (alice, bob) = (world.login(ALICE), world.login(BOB));
    assert_eq!(world.list(&alice).len(), 2);
    assert!(world.list(&bob).is_empty());
}

#[test]
fn a_bad_bearer_is_refused() {
    let mut world = World::new();
    let call = ListAuthenticators::new(MfaToken::parse("Fe26.2*forged").expect("a token").into());
    let invalid = "The mfa_token provided is invalid. Try getting a new token.";
    let expected = refused(401, ErrorCode::InvalidGrant, invalid);
    assert_eq!(world.call(call).map(|_| ()).map_err(failure), Err(expected));
}
