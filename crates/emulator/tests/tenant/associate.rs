//! `POST /mfa/associate`.

use auth0_mfa_core::{AddAuthenticator, ErrorCode, MfaToken, NewAuthenticator};

use crate::support::*;

#[test]
fn the_first_association_brings_an_app_and_one_recovery_code_and_the_next_ones_no_code() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (association, codes) = world.added(&mfa);
    let secret = association.secret.expect("a secret");
    let secret = secret.expose();
    assert_eq!(association.authenticator_type, "otp");
    assert_eq!(secret.len(), 32);
    assert!(secret.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)));
    assert_eq!(
        association.barcode_uri.expect("a barcode").expose(),
        format!(
            "otpauth://totp/Local%20Tenant:bob%40example.com?secret={secret}&issuer=Local%20Tenant&algorithm=SHA1&digits=6&period=30"
        )
    );
    assert_eq!(codes.len(), 1);
    let symbols = codes[0].bytes().filter(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    assert_eq!(symbols.filter(|b| !b"0IO".contains(b)).count(), 24);
    assert_eq!(codes[0], world.code_of(BOB));

    let (again, codes) = world.added(&mfa);
    assert!(codes.is_empty(), "an unconfirmed enrolment has used up the one showing");
    assert_ne!(again.secret.expect("a secret").expose(), secret);
    let mfa = world.login(BOB);
    assert!(world.added(&mfa).1.is_empty(), "and a new login changes nothing");
}

#[test]
fn without_a_new_code_the_field_is_absent() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let mut fields = || {
        let request = associate_request(mfa.mfa_token().expose(), r#"{"authenticator_types":["otp"]}"#);
        let response = world.handle(&request);
        assert_eq!(response.status(), 200);
        let serde_json::Value::Object(fields) = json(&response) else { panic!("an object") };
        fields.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(fields(), ["authenticator_type", "barcode_uri", "recovery_codes", "secret"]);
    assert_eq!(fields(), ["authenticator_type", "barcode_uri", "secret"]);
}

#[test]
fn with_recovery_codes_off_none_is_issued_and_none_later() {
    let mut world = World::with(|config| config.recovery_codes = false);
    let mfa = world.login(BOB);
    assert!(world.added(&mfa).1.is_empty());
    world.tenant.set_recovery_codes(true);
    assert!(world.added(&mfa).1.is_empty(), "it was not the first association any more");
    assert!(world.tenant.user(BOB).expect("bob").recovery_code().is_none());
}

#[test]
fn an_enrolled_user_cannot_add_with_an_mfa_token() {
    let mut world = World::new();
    let already = refused(403, ErrorCode::AccessDenied, "User is already enrolled.");
    let mfa = world.login(ALICE);
    assert_eq!(world.add(mfa.mfa_token()).map(|_| ()).map_err(failure), Err(already.clone()));

    let mfa = world.login(BOB);
    let _ = world.added(&mfa);
    let otp = world.otp_of(BOB);
    world.verify(&mfa, &otp).expect("it is confirmed");
    let mfa = world.login(BOB);
    assert_eq!(world.add(mfa.mfa_token()).map(|_| ()).map_err(failure), Err(already));
}

#[test]
fn a_bearer_that_is_none_or_not_of_this_tenant_is_refused() {
    let mut world = World::new();
    let invalid = "The mfa_token provided is invalid. Try getting a new token.";
    let invalid = Err(refused(401, ErrorCode::InvalidGrant, invalid));
    for token in ["x", "Fe26.2*1*2*3*4*5*6*7"] {
        let call =
            AddAuthenticator::new(MfaToken::parse(token).expect("a token").into(), NewAuthenticator::Otp);
        assert_eq!(world.call(call).map(|_| ()).map_err(failure), invalid);
    }
    let mut request = associate_request("x", r#"{"authenticator_types":["otp"]}"#);
    request.headers_mut().remove("authorization");
    let response = world.handle(&request);
    assert_eq!((response.status().as_u16(), json(&response)["error"].as_str()), (401, Some("invalid_grant")));
}

#[test]
fn a_bearer_that_is_too_old_is_refused() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    world.pass(600);
    let expired = refused(401, ErrorCode::ExpiredToken, "mfa_token is expired");
    assert_eq!(world.add(mfa.mfa_token()).map(|_| ()).map_err(failure), Err(expired));
}

#[test]
fn a_body_that_asks_for_nothing_known_is_refused_and_changes_nothing() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    for body in [
        "",
        "{}",
        "[]",
        r#"{"authenticator_types":[]}"#,
        r#"{"authenticator_types":"otp"}"#,
        r#"{"authenticator_types":["otp","otp"]}"#,
        r#"{"authenticator_types":["carrier-pigeon"]}"#,
    ] {
        let response = world.handle(&associate_request(mfa.mfa_token().expose(), body));
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(json(&response)["error"], "invalid_request", "{body}");
    }
    assert!(world.list(&mfa).is_empty());
}

#[test]
fn a_client_id_in_the_body_is_looked_at_only_when_that_is_asked_for() {
    for (checks, client_id, status) in
        [(false, "confidential-app", 200), (true, "confidential-app", 400), (true, "public-app", 200)]
    {
        let mut world = World::with(|config| config.behaviour.associate_checks_client_id = checks);
        let mfa = world.login(BOB);
        let body = format!(r#"{{"authenticator_types":["otp"],"client_id":"{client_id}"}}"#);
        let response = world.handle(&associate_request(mfa.mfa_token().expose(), &body));
        assert_eq!(response.status(), status, "{checks} {client_id}");
    }
}

#[test]
fn of_enrolments_that_nobody_confirms_the_newest_thousand_are_kept() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let ids = |world: &mut World| -> Vec<_> {
        let listed = world.list(&mfa);
        listed.into_iter().filter(|it| it.authenticator_type == "otp").filter_map(|it| it.id).collect()
    };
    for _ in 0..1_000 {
        let _ = world.added(&mfa);
    }
    let before = ids(&mut world);
    assert_eq!(before.len(), 1_000);
    let _ = world.added(&mfa);
    let after = ids(&mut world);
    assert_eq!((after.len(), &after[..999]), (1_000, &before[1..]));
    let code = world.code_of(BOB);
    let otp = world.otp_of(BOB);
    assert!(world.verify(&mfa, &otp).is_ok(), "the newest can be confirmed");
    assert!(world.recover_with(BOB, &code).is_ok(), "and the code of the first is the one that is good");
}
