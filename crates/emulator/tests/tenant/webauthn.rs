//! Keys of WebAuthn: an administrator makes them, and the MFA API can do nothing with them.

use auth0_mfa_core::{AuthenticatorId, ErrorCode, NewAuthenticator};
use auth0_mfa_emulator::{Config, Factor};
use serde_json::{Value, json};

use crate::administrator::*;
use crate::support::*;

fn security_key() -> Value {
    json!({
        "type": "webauthn-roaming",
        "name": "Fake key",
        "key_id": "ZmFrZS1rZXk",
        "public_key": "ZmFrZS1wdWJsaWMta2V5",
        "relying_party_identifier": "tenant.example.com",
    })
}

fn passkey() -> Value {
    json!({
        "type": "passkey",
        "name": "Fake passkey",
        "key_id": "ZmFrZS1wYXNza2V5",
        "public_key": "ZmFrZS1wdWJsaWMta2V5",
        "relying_party_identifier": "tenant.example.com",
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "credential_device_type": "multi_device",
        "credential_backed_up": true,
        "identity_user_id": "fake-user",
        "user_agent": "Fake/1.0",
        "user_handle": "ZmFrZS11c2Vy",
        "transports": ["internal", "hybrid"],
    })
}

fn keys_are_on(config: &mut Config) {
    config.factors.push(Factor::WebauthnRoaming);
}

/// Makes one. Answers its identifier.
fn made(world: &mut World, user: &str, new: Value) -> String {
    let path = methods_of(world, user);
    let (status, method) = manage(world, "POST", &path, Some(new));
    assert_eq!(status, 201, "{method}");
    method["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_key_is_made_confirmed_and_answered_as_it_was_given() {
    for (new, kind) in [(security_key(), "webauthn-roaming"), (passkey(), "passkey")] {
        let mut world = World::new();
        let id = made(&mut world, BOB, new.clone());
        assert!(id.starts_with(&format!("{kind}|dev_")), "{id}");
        let path = format!("{}/{}", methods_of(&world, BOB), encoded(&id));
        let mut expected = new;
        expected["id"] = id.into();
        expected["confirmed"] = true.into();
        expected["created_at"] = "2023-11-14T22:13:20.000Z".into();
        expected["enrolled_at"] = "2023-11-14T22:13:20.000Z".into();
        assert_eq!(manage(&mut world, "GET", &path, None), (200, expected.clone()));
        let all = methods_of(&world, BOB);
        assert_eq!(manage(&mut world, "GET", &all, None), (200, json!([expected])));
        let renamed = manage(&mut world, "PATCH", &path, Some(json!({ "name": "Old key" })));
        assert_eq!((renamed.0, &renamed.1["name"]), (200, &"Old key".into()));
        assert_eq!(manage(&mut world, "DELETE", &path, None), (204, Value::Null));
        assert_eq!(manage(&mut world, "GET", &all, None), (200, json!([])));
    }
}

#[test]
fn the_same_key_is_not_made_twice_and_half_a_key_not_at_all() {
    let mut world = World::new();
    let path = methods_of(&world, BOB);
    let exists = error(
        409,
        "Conflict",
        "Authentication method already exists.",
        "authentication_method_already_exists",
    );
    for new in [security_key(), passkey()] {
        made(&mut world, BOB, new.clone());
        assert_eq!(manage(&mut world, "POST", &path, Some(new.clone())), exists);
        let mut other = new.clone();
        other["key_id"] = "b3RoZXI".into();
        made(&mut world, BOB, other);
        for (field, bad) in [("key_id", json!("")), ("public_key", json!("")), ("key_id", Value::Null)] {
            let mut half = new.clone();
            half[field] = bad;
            assert_eq!(manage(&mut world, "POST", &path, Some(half)).0, 400, "{field}");
        }
    }
    let mut key = security_key();
    key["user_handle"] = "ZmFrZS11c2Vy".into();
    assert_eq!(manage(&mut world, "POST", &path, Some(key)).0, 400, "only a passkey has one");
    let mut key = passkey();
    key["credential_device_type"] = "any_device".into();
    assert_eq!(manage(&mut world, "POST", &path, Some(key)).0, 400);
    for kind in ["webauthn-platform", "webauthn_roaming", "recovery-code", "password", "push"] {
        let mut other = security_key();
        other["type"] = kind.into();
        assert_eq!(manage(&mut world, "POST", &path, Some(other)).0, 400, "{kind}");
    }
}

#[test]
fn a_security_key_is_listed_by_the_mfa_api_unless_that_is_set() {
    let listed = |change: fn(&mut Config)| {
        let mut world = World::with(change);
        let id = made(&mut world, BOB, security_key());
        let mfa = world.login(BOB);
        (id, world.list(&mfa))
    };
    let (id, all) = listed(keys_are_on);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].id.as_ref().map(AuthenticatorId::as_str), Some(id.as_str()));
    assert_eq!((all[0].active, all[0].oob_channels.len()), (Some(true), 0));
    assert!(listed(|_| {}).1.is_empty(), "the factor is off");
    let (_, hidden) = listed(|config| {
        keys_are_on(config);
        config.behaviour.webauthn_is_listed = false;
    });
    assert!(hidden.is_empty());
}

#[test]
fn a_security_key_is_neither_enrolled_nor_challenged_by_the_mfa_api() {
    let mut world = World::with(keys_are_on);
    let id = AuthenticatorId::parse(made(&mut world, BOB, security_key())).expect("an id");
    let mfa = world.login(BOB);
    let nothing = world.call(mfa.request_challenge()).map(drop).map_err(failure);
    let code = ErrorCode::UnsupportedChallengeType;
    assert_eq!(nothing, Err(refused(400, code, "User is not enrolled with guardian")));
    let enrolled = world.enrol(&mfa, NewAuthenticator::Otp).map(drop);
    assert_eq!(enrolled, Err(refused(403, ErrorCode::AccessDenied, "User is already enrolled.")));

    // Beside a phone, too, it is the phone that is challenged.
    made(&mut world, BOB, json!({ "type": "phone", "phone_number": NUMBER }));
    let mfa = world.login(BOB);
    let by_key = world.call(mfa.request_challenge().authenticator(id)).map(drop).map_err(failure);
    let (status, code, _) = by_key.expect_err("no challenge");
    assert_eq!((status, code), (400, ErrorCode::InvalidRequest));
    assert!(world.call(mfa.request_challenge()).is_ok());
    for field in ["authenticator_types", "oob_channels"] {
        let mut body = json!({ "authenticator_types": ["oob"], "oob_channels": ["auth0"] });
        body[field] = json!(["webauthn-roaming"]);
        let mut world = World::with(keys_are_on);
        let mfa = world.login(ALICE);
        let request = associate_request(mfa.mfa_token().expose(), &body.to_string());
        let response = world.handle(&request);
        assert_eq!((response.status().as_u16(), &json(&response)["error"]), (400, &"invalid_request".into()));
    }
}

#[test]
fn what_a_user_can_be_challenged_with_is_no_security_key() {
    let mut world = World::with(|config| {
        keys_are_on(config);
        config.behaviour.customizable_mfa = true;
    });
    made(&mut world, ALICE, security_key());
    let mfa = world.login(ALICE);
    let requirements = mfa.requirements();
    assert_eq!(requirements.challenge, ["otp", "recovery-code"]);
    let types: Vec<_> = world.list(&mfa).iter().filter_map(|it| it.r#type.clone()).collect();
    assert_eq!(types, ["otp", "recovery-code", "webauthn-roaming"]);
}

#[test]
fn a_passkey_is_no_second_factor() {
    let mut world = World::with(keys_are_on);
    made(&mut world, BOB, passkey());
    assert!(!world.tenant.user(BOB).expect("a user").is_enrolled());
    let mfa = world.login(BOB);
    assert!(world.list(&mfa).is_empty());
    let (_, codes) = world.added(&mfa);
    assert_eq!(codes.len(), 1, "it is the first factor");
}

#[test]
fn a_passkey_stands_in_the_way_of_a_replacement_and_goes_with_all_methods() {
    let mut world = World::new();
    let (path, user) = (methods_of(&world, ALICE), path_of(&world, ALICE));
    made(&mut world, ALICE, passkey());
    let refused = error(
        403,
        "Forbidden",
        "Operation not permitted when the user has registered at least 1 passkey.",
        "operation_not_permitted",
    );
    assert_eq!(manage(&mut world, "PUT", &path, Some(json!([{ "type": "totp" }]))), refused);
    assert!(world.tenant.user(ALICE).expect("a user").recovery_code().is_some(), "nothing was replaced");
    // It is no authenticator.
    assert_eq!(manage(&mut world, "DELETE", &format!("{user}/authenticators"), None).0, 204);
    let left = manage(&mut world, "GET", &path, None).1;
    assert_eq!((left.as_array().map(Vec::len), &left[0]["type"]), (Some(1), &"passkey".into()));
    assert_eq!(manage(&mut world, "DELETE", &path, None).0, 204);
    assert_eq!(manage(&mut world, "GET", &path, None).1, json!([]));
    assert_eq!(manage(&mut world, "PUT", &path, Some(json!([{ "type": "totp" }]))).0, 200);
}

#[test]
fn a_key_replaces_nothing() {
    let mut world = World::new();
    let path = methods_of(&world, ALICE);
    for new in [security_key(), passkey()] {
        assert_eq!(manage(&mut world, "PUT", &path, Some(json!([new]))).0, 400);
    }
    assert!(world.tenant.user(ALICE).expect("a user").is_enrolled());
}

#[test]
fn a_security_key_is_an_enrollment_of_its_own_name() {
    let mut world = World::new();
    let id = made(&mut world, BOB, security_key());
    let path = format!("{}/enrollments", path_of(&world, BOB));
    let (_, listed) = manage(&mut world, "GET", &path, None);
    let expected = (&json!(device_of(&id)), &json!("webauthn-roaming"));
    assert_eq!((&listed[0]["id"], &listed[0]["auth_method"]), expected);
    let path = format!("guardian/enrollments/{}", encoded(&id));
    assert_eq!(manage(&mut world, "DELETE", &path, None).0, 204);
    assert!(ids_of(&world, BOB).is_empty());
}

#[test]
fn debug_shows_nothing_of_a_key() {
    let mut world = World::new();
    made(&mut world, BOB, security_key());
    made(&mut world, BOB, passkey());
    let shown = format!("{:?}", world.tenant);
    for part in ["ZmFrZS1", "Fake key", "Fake passkey", "Fake/1.0", "fake-user"] {
        assert!(!shown.contains(part), "{part}");
    }
}
