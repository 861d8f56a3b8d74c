//! Authenticators of every kind: how they are enrolled, listed and paired.

use auth0_mfa_core::{
    Association, Authenticator, EmailAddress, ErrorCode, MfaRequired, NewAuthenticator, OobCode, PhoneNumber,
};
use auth0_mfa_emulator::{Config, ConfiguredMeans, Factor, PhoneMessageType, PushAnswer, PushTwin};

use crate::support::*;

/// `id` before the `|`, `active`, `name`.
fn listed(world: &mut World, user: &str) -> Vec<(String, bool, Option<String>)> {
    let mfa = world.login(user);
    let kind = |it: &Authenticator| it.id.as_ref().unwrap().as_str().split('|').next().unwrap().to_owned();
    world.list(&mfa).iter().map(|it| (kind(it), it.is_active(), it.name.clone())).collect()
}

fn entry(kind: &str, active: bool, name: Option<&str>) -> (String, bool, Option<String>) {
    (kind.to_owned(), active, name.map(str::to_owned))
}

fn device_ids(world: &mut World, user: &str) -> Vec<String> {
    let mfa = world.login(user);
    let listed = world.list(&mfa);
    let ids = listed.iter().filter(|it| !it.is_recovery_code()).map(|it| it.id.as_ref().unwrap());
    ids.map(|id| id.as_str().split_once('|').unwrap().1.to_owned()).collect()
}

fn facts(association: &Association) -> (&str, Option<&str>, Option<&str>, bool, bool) {
    (
        &association.authenticator_type,
        association.oob_channel.as_deref(),
        association.binding_method.as_deref(),
        association.oob_code.is_some(),
        association.barcode_uri.is_some(),
    )
}

#[test]
fn each_kind_answers_what_its_confirmation_needs() {
    let email = EmailAddress::parse("other@example.com").unwrap();
    for (new, channel, binding_method, has_barcode) in [
        (NewAuthenticator::Sms(number()), "sms", Some("prompt"), false),
        (NewAuthenticator::Voice(number()), "voice", Some("prompt"), false),
        (NewAuthenticator::Email(Some(email)), "email", Some("prompt"), false),
        (NewAuthenticator::Push, "auth0", None, true),
    ] {
        let mut world = World::new();
        let mfa = world.login(BOB);
        let (association, codes) = world.enrol(&mfa, new).unwrap();
        assert_eq!(facts(&association), ("oob", Some(channel), binding_method, true, has_barcode));
        assert!(association.secret.is_none() && association.id.is_none());
        assert_eq!(codes.iter().count(), 1, "the first association brings the recovery code");
        let (_, codes) = world.enrol(&mfa, NewAuthenticator::Otp).unwrap();
        assert_eq!(codes.iter().count(), 0, "though nothing was confirmed");
    }
}

#[test]
fn a_phone_is_enrolled_by_sms_and_by_voice_in_one_go() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Sms(number())).unwrap();
    let masked = Some("XXXXXXXX9167");
    let unconfirmed =
        [entry("sms", false, masked), entry("voice", false, masked), entry("recovery-code", false, None)];
    assert_eq!(listed(&mut world, BOB), unconfirmed);
    let code = world.sent_code();
    world.verify_oob(&mfa, association.oob_code.as_ref().unwrap(), Some(&code)).unwrap();
    let confirmed =
        [entry("sms", true, masked), entry("voice", true, masked), entry("recovery-code", true, None)];
    assert_eq!(listed(&mut world, BOB), confirmed, "both are confirmed, and the recovery code with them");
    let ids = device_ids(&mut world, BOB);
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn without_calls_a_phone_is_enrolled_by_sms_alone() {
    let mut world = World::with(|config| config.phone_message_types = vec![PhoneMessageType::Sms]);
    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, NewAuthenticator::Sms(number())).unwrap();
    assert_eq!(listed(&mut world, BOB).len(), 2);
    let refusal = world.enrol(&mfa, NewAuthenticator::Voice(number())).map(|_| ()).unwrap_err();
    assert_eq!((refusal.0, refusal.1), (400, ErrorCode::InvalidRequest));
}

#[test]
fn a_push_brings_one_time_passwords_of_the_same_device_or_of_one_of_their_own() {
    for (twin, same) in [(PushTwin::SameDevice, true), (PushTwin::OwnDevice, false)] {
        let mut world = World::with(|config| config.behaviour.push_twin = twin);
        let mfa = world.login(BOB);
        let (association, _) = world.enrol(&mfa, NewAuthenticator::Push).unwrap();
        let unconfirmed =
            [entry("push", false, None), entry("totp", false, None), entry("recovery-code", false, None)];
        assert_eq!(listed(&mut world, BOB), unconfirmed, "a push has no name before it has a device");
        let ids = device_ids(&mut world, BOB);
        assert_eq!(ids[0] == ids[1], same);
        world.answer_push(PushAnswer::Approve);
        world.verify_oob(&mfa, association.oob_code.as_ref().unwrap(), None).unwrap();
        let confirmed = [
            entry("push", true, Some("Local Device")),
            entry("totp", true, None),
            entry("recovery-code", true, None),
        ];
        assert_eq!(listed(&mut world, BOB), confirmed);
    }
}

#[test]
fn the_barcode_of_a_push_carries_the_enrolment_and_no_secret() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Push).unwrap();
    let barcode = association.barcode_uri.as_ref().unwrap().expose();
    let enrollment_tx_id = world.tenant.outbox().next().unwrap().recipient.clone();
    assert_eq!(enrollment_tx_id.len(), 32);
    assert_eq!(
        barcode,
        format!(
            "otpauth://totp/Local%20Tenant:bob%40example.com?enrollment_tx_id={enrollment_tx_id}\
             &base_url=https%3A%2F%2Ftenant.example.com"
        )
    );
}

#[test]
fn a_verified_address_is_listed_last_without_an_enrolment_and_counts_as_none() {
    let mut world = World::with(|config| config.users[1].email_verified = true);
    assert!(!world.tenant.user(BOB).unwrap().is_enrolled());
    let masked = Some("***@exam*******");
    assert_eq!(listed(&mut world, BOB), [entry("email", true, masked)]);
    let mfa = world.login(BOB);
    let (_, codes) = world.added(&mfa);
    assert_eq!(codes.len(), 1, "it is the first association all the same");
    let expected =
        [entry("totp", false, None), entry("recovery-code", false, None), entry("email", true, masked)];
    assert_eq!(listed(&mut world, BOB), expected);
    world.tenant.set_factor(Factor::Email, false);
    assert_eq!(listed(&mut world, BOB).len(), 2, "while the factor is off it is not listed");
}

#[test]
fn without_an_address_an_email_goes_to_the_users_own() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, NewAuthenticator::Email(None)).unwrap();
    assert_eq!(world.tenant.outbox().next().unwrap().recipient, BOB);
    let mut world = World::with(|config| config.users[1].name = "bob".to_owned());
    let mfa = world.login("bob");
    let refusal = world.enrol(&mfa, NewAuthenticator::Email(None)).map(|_| ()).unwrap_err();
    assert_eq!(refusal, refused(400, ErrorCode::InvalidRequest, "Missing required parameter: email"));
}

#[test]
fn a_number_that_is_not_e164_is_refused_and_nothing_is_sent_or_added() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let invalid = refused(400, ErrorCode::InvalidRequest, "The phone number is invalid.");
    for text in ["5550109167", "+0555010", "+1555 010", "+1", "+1234567890123456", "+1555-0109"] {
        let number = PhoneNumber::parse(text).unwrap();
        for new in [NewAuthenticator::Sms(number.clone()), NewAuthenticator::Voice(number)] {
            assert_eq!(world.enrol(&mfa, new).map(|_| ()).unwrap_err(), invalid, "{text}");
        }
    }
    assert_eq!(world.tenant.outbox().count(), 0);
    assert!(world.list(&mfa).is_empty());
}

#[test]
fn a_factor_that_is_off_is_not_enrolled_listed_or_challenged() {
    for (factor, new) in [
        (Factor::Otp, NewAuthenticator::Otp),
        (Factor::Sms, NewAuthenticator::Sms(number())),
        (Factor::Sms, NewAuthenticator::Voice(number())),
        (Factor::Email, NewAuthenticator::Email(None)),
        (Factor::PushNotification, NewAuthenticator::Push),
    ] {
        let mut world = World::new();
        world.tenant.set_factor(factor, false);
        let mfa = world.login(BOB);
        let refusal = world.enrol(&mfa, new).map(|_| ()).unwrap_err();
        assert_eq!((refusal.0, refusal.1), (400, ErrorCode::InvalidRequest), "{factor:?}");
    }
    let mut world = World::with_dave(|_| {}, vec![phone(), push()]);
    world.tenant.set_factor(Factor::Sms, false);
    let expected = [entry("recovery-code", true, None), entry("push", true, Some("Fake Phone"))];
    let mut found = listed(&mut world, DAVE);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found, expected);
    let mfa = world.login(DAVE);
    let challenge = world.call(mfa.request_challenge()).unwrap();
    assert_eq!(challenge.binding_method, None, "the push is left");
}

#[test]
fn the_identifier_is_answered_when_that_is_asked_for() {
    let mut world = World::with(|config| config.behaviour.associate_answers_id = true);
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Sms(number())).unwrap();
    assert_eq!(association.id, world.list(&mfa)[0].id);
    assert!(association.id.is_some());
}

#[test]
fn an_older_body_with_a_bare_channel_is_read() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let body = format!(r#"{{"authenticator_types":["oob"],"oob_channels":"sms","phone_number":"{NUMBER}"}}"#);
    let request = associate_request(mfa.mfa_token().expose(), &body);
    let response = world.handle(&request);
    assert_eq!(response.status(), 200);
    assert_eq!(json(&response)["oob_channel"], "sms");
}

#[test]
fn credentials_beside_the_bearer_are_looked_at_only_when_that_is_asked_for() {
    for (checks, status) in [(false, 200), (true, 401)] {
        let mut world = World::with(|config| config.behaviour.associate_checks_client_credentials = checks);
        let mfa = world.login(BOB);
        let body =
            r#"{"authenticator_types":["otp"],"client_id":"confidential-app","client_secret":"wrong"}"#;
        let request = associate_request(mfa.mfa_token().expose(), body);
        assert_eq!(world.handle(&request).status(), status);
    }
}

#[test]
fn what_is_enrolled_while_a_factor_is_off_has_no_twin_of_it_later() {
    let mut world = World::new();
    world.tenant.set_factor(Factor::Otp, false);
    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, NewAuthenticator::Push).unwrap();
    world.tenant.set_factor(Factor::Otp, true);
    assert_eq!(listed(&mut world, BOB), [entry("push", false, None), entry("recovery-code", false, None)]);
}

/// A login of Dave's with a code that was sent to a phone, an approved push, and an authenticator app.
fn challenged(change: impl FnOnce(&mut Config)) -> (World, MfaRequired, [(OobCode, Option<String>); 2]) {
    let mut world = World::with_dave(change, vec![phone(), push(), ConfiguredMeans::Totp]);
    let mfa = world.login(DAVE);
    let sms = world.challenge(&mfa, "sms").unwrap().oob_code.unwrap();
    let code = world.sent_code();
    let push = world.challenge(&mfa, "push").unwrap().oob_code.unwrap();
    world.answer_push(PushAnswer::Approve);
    for factor in [Factor::Sms, Factor::PushNotification, Factor::Otp] {
        world.tenant.set_factor(factor, false);
    }
    (world, mfa, [(sms, Some(code)), (push, None)])
}

#[test]
fn while_a_factor_is_off_its_codes_are_refused_and_good_again_later() {
    let (mut world, mfa, codes) = challenged(|config| config.behaviour.mfa_token_ends_with_success = false);
    let otp = world.otp_of(DAVE);
    assert_eq!(world.verify(&mfa, &otp).map(|_| ()).map_err(failure), Err(wrong_otp()));
    let malformed = refused(403, ErrorCode::InvalidGrant, "Malformed oob_code");
    for (oob_code, code) in &codes {
        assert_eq!(world.verify_oob(&mfa, oob_code, code.as_deref()), Err(malformed.clone()));
    }
    for factor in [Factor::Sms, Factor::PushNotification, Factor::Otp] {
        world.tenant.set_factor(factor, true);
    }
    world.verify(&mfa, &otp).expect("it was not used");
    for (oob_code, code) in &codes {
        world.verify_oob(&mfa, oob_code, code.as_deref()).expect("it was not used");
    }
}

#[test]
fn a_tenant_may_take_the_codes_of_a_factor_that_is_off() {
    let (mut world, mfa, codes) = challenged(|config| {
        config.behaviour.mfa_token_ends_with_success = false;
        config.behaviour.switched_off_factors_are_refused = false;
    });
    let otp = world.otp_of(DAVE);
    world.verify(&mfa, &otp).expect("it is taken");
    for (oob_code, code) in &codes {
        world.verify_oob(&mfa, oob_code, code.as_deref()).expect("it is taken");
    }
}
