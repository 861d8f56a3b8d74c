//! `/api/v2/users/{id}/authentication-methods`: phones, links, limits, and what cannot go.

use auth0_mfa_core::NewAuthenticator;
use auth0_mfa_emulator::{Channel, PhoneMessageType};
use serde_json::{Value, json};

use crate::administrator::*;
use crate::support::*;

fn list(world: &mut World, user: &str) -> Value {
    let path = methods_of(world, user);
    manage(world, "GET", &path, None).1
}

fn post(world: &mut World, user: &str, new: Value) -> (u16, Value) {
    let path = methods_of(world, user);
    manage(world, "POST", &path, Some(new))
}

fn patch(world: &mut World, user: &str, id: &str, change: Value) -> (u16, Value) {
    let path = format!("{}/{}", methods_of(world, user), encoded(id));
    manage(world, "PATCH", &path, Some(change))
}

fn delete(world: &mut World, user: &str, id: &str) -> (u16, Value) {
    let path = format!("{}/{}", methods_of(world, user), encoded(id));
    manage(world, "DELETE", &path, None)
}

fn new_phone() -> Value {
    json!({ "type": "phone", "phone_number": NUMBER })
}

/// By what a challenge of no authenticator in particular goes out.
fn challenged_by(world: &mut World, user: &str) -> Channel {
    let mfa = world.login(user);
    world.call(mfa.request_challenge()).expect("a challenge");
    world.tenant.outbox().next_back().expect("a message").channel
}

#[test]
fn a_phone_is_one_method_and_two_authenticators() {
    let mut world = World::new();
    let (status, made) = post(&mut world, BOB, new_phone());
    assert_eq!(status, 201);
    let device = device_of(made["id"].as_str().expect("an id")).to_owned();
    let mut expected = json!({
        "id": format!("phone|{device}"),
        "type": "phone",
        "confirmed": true,
        "phone_number": NUMBER,
        "authentication_methods": [
            { "type": "sms", "id": format!("sms|{device}") },
            { "type": "voice", "id": format!("voice|{device}") },
        ],
        "preferred_authentication_method": "sms",
        "created_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(made, expected);
    expected["enrolled_at"] = "2023-11-14T22:13:20.000Z".into();
    assert_eq!(list(&mut world, BOB), json!([expected]));
    assert_eq!(ids_of(&world, BOB), [format!("sms|{device}"), format!("voice|{device}")]);
    let mfa = world.login(BOB);
    assert_eq!(world.list(&mfa).len(), 2, "the MFA API lists both");
    world.challenge(&mfa, "voice").expect("it is confirmed, too");
}

#[test]
fn a_phone_is_reached_only_in_the_ways_that_the_tenant_has() {
    for (message_type, word, other) in
        [(PhoneMessageType::Sms, "sms", "voice"), (PhoneMessageType::Voice, "voice", "sms")]
    {
        let mut world = World::with(|config| config.phone_message_types = vec![message_type]);
        let mut preferred = new_phone();
        preferred["preferred_authentication_method"] = other.into();
        assert_eq!(post(&mut world, BOB, preferred).0, 400, "{other} is off");
        let (_, made) = post(&mut world, BOB, new_phone());
        assert_eq!(made["authentication_methods"].as_array().map(Vec::len), Some(1));
        assert_eq!(made["preferred_authentication_method"], word);
        let id = made["id"].as_str().expect("an id").to_owned();
        let change = json!({ "preferred_authentication_method": other });
        assert_eq!(patch(&mut world, BOB, &id, change).0, 400);
        assert_eq!(post(&mut world, BOB, new_phone()).0, 409, "by {word} it is the same phone");
    }
}

#[test]
fn the_preferred_way_is_the_one_of_a_challenge() {
    let mut world = World::new();
    let mut by_call = new_phone();
    by_call["preferred_authentication_method"] = "voice".into();
    let (_, made) = post(&mut world, BOB, by_call);
    assert_eq!(made["preferred_authentication_method"], "voice");
    assert_eq!(challenged_by(&mut world, BOB), Channel::Voice);

    let id = made["id"].as_str().expect("an id").to_owned();
    let change = json!({ "preferred_authentication_method": "sms", "name": "Work" });
    let (status, changed) = patch(&mut world, BOB, &id, change);
    assert_eq!((status, &changed["preferred_authentication_method"]), (200, &"sms".into()));
    assert_eq!((&changed["name"], &changed["id"]), (&"Work".into(), &id.as_str().into()));
    assert_eq!(challenged_by(&mut world, BOB), Channel::Sms);
    for bad in
        [json!({}), json!({ "preferred_authentication_method": "fax" }), json!({ "phone_number": "+1" })]
    {
        assert_eq!(patch(&mut world, BOB, &id, bad.clone()).0, 400, "{bad}");
    }
    let app = ids_of(&world, ALICE).remove(0);
    let change = json!({ "preferred_authentication_method": "sms" });
    assert_eq!(patch(&mut world, ALICE, &app, change).0, 400, "an app is no phone");

    let path = methods_of(&world, BOB);
    let replaced =
        json!([{ "type": "phone", "phone_number": NUMBER, "preferred_authentication_method": "voice" }]);
    let (status, replaced) = manage(&mut world, "PUT", &path, Some(replaced));
    assert_eq!((status, &replaced[0]["preferred_authentication_method"]), (200, &"voice".into()));
    assert_eq!(challenged_by(&mut world, BOB), Channel::Voice);
}

#[test]
fn a_phone_is_found_by_the_identifiers_of_the_mfa_api_and_goes_as_one() {
    for kind in ["phone", "sms", "voice"] {
        let mut world = World::new();
        let mfa = world.login(BOB);
        let _ = world.enrol(&mfa, NewAuthenticator::Sms(number())).expect("it can be enrolled");
        let id = format!("{kind}|{}", device_of(&ids_of(&world, BOB)[0]));
        let path = format!("{}/{}", methods_of(&world, BOB), encoded(&id));
        let (status, method) = manage(&mut world, "GET", &path, None);
        assert_eq!((status, &method["type"], &method["confirmed"]), (200, &"phone".into(), &false.into()));
        assert!(method.get("enrolled_at").is_none(), "it is not confirmed");
        assert_eq!(delete(&mut world, BOB, &id), (204, Value::Null));
        assert!(ids_of(&world, BOB).is_empty());
        let gone = error(
            404,
            "Not Found",
            "The authentication method could not be found.",
            "inexistent_authentication_method",
        );
        assert_eq!(delete(&mut world, BOB, &id), gone);
        assert_eq!(manage(&mut world, "GET", &path, None), gone);
        assert_eq!(patch(&mut world, BOB, &id, json!({ "name": "x" })), gone);
    }
}

#[test]
fn linked_methods_have_a_link_and_are_deleted_together() {
    for linked in 0..2 {
        let mut world = World::new();
        let mfa = world.login(BOB);
        let _ = world.enrol(&mfa, NewAuthenticator::Push).expect("it can be enrolled");
        let listed = list(&mut world, BOB);
        assert_eq!((&listed[0]["type"], &listed[1]["type"]), (&"push".into(), &"totp".into()));
        assert!(listed[0]["link_id"].is_string());
        assert_eq!(listed[0]["link_id"], listed[1]["link_id"]);
        let id = listed[linked]["id"].as_str().expect("an id").to_owned();
        assert_eq!(delete(&mut world, BOB, &id).0, 204);
        let left = list(&mut world, BOB);
        assert_eq!((left.as_array().map(Vec::len), &left[0]["type"]), (Some(1), &"recovery-code".into()));
    }
    assert!(
        list(&mut World::new(), ALICE)[0].get("link_id").is_none(),
        "an app alone is linked with nothing"
    );
}

#[test]
fn of_one_type_there_can_be_so_many_and_no_more() {
    let number = |last: usize| json!({ "type": "phone", "phone_number": format!("+155501001{last:02}") });
    let refused = error(
        403,
        "Forbidden",
        "You reached the limit of entities of this type for this user.",
        "too_many_entities",
    );
    for (world, allowed) in
        [(World::new(), 20), (World::with(|config| config.behaviour.methods_of_one_type = 2), 2)]
    {
        let mut world = world;
        for last in 0..allowed {
            assert_eq!(post(&mut world, BOB, number(last)).0, 201);
        }
        assert_eq!(post(&mut world, BOB, number(allowed)), refused);
        assert_eq!(post(&mut world, BOB, number(0)).0, 409, "it is there, limit or not");
        assert_eq!(post(&mut world, BOB, json!({ "type": "totp" })).0, 201, "it is of another type");
        let before = list(&mut world, BOB);
        let path = methods_of(&world, BOB);
        let apps = |number: usize| Some(json!(vec![json!({ "type": "totp" }); number]));
        assert_eq!(
            manage(&mut world, "PUT", &path, apps(allowed + 1)),
            refused,
            "a replacement has the limit, too"
        );
        assert_eq!(list(&mut world, BOB), before, "and changes nothing then");
        assert_eq!(manage(&mut world, "PUT", &path, apps(allowed)).0, 200);
    }
}

#[test]
fn the_password_is_a_method_on_a_tenant_that_lists_it() {
    let types = |world: &mut World| -> Vec<String> {
        let listed = list(world, ALICE);
        listed
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| it["type"].as_str().expect("one").to_owned())
            .collect()
    };
    assert_eq!(types(&mut World::new()), ["totp", "recovery-code"]);
    let mut world = World::with(|config| {
        config.behaviour.password_is_listed = true;
        config.users[0].user_id = Some("auth0|6889a09761a7f207417e88f2".to_owned());
    });
    assert_eq!(types(&mut world), ["password", "totp", "recovery-code"]);
    let id = "password|Njg4OWEwOTc2MWE3ZjIwNzQxN2U4OGYy";
    let expected = json!({
        "id": id,
        "type": "password",
        "identity_user_id": "6889a09761a7f207417e88f2",
        "created_at": "1970-01-01T00:00:00.000Z",
    });
    assert_eq!(list(&mut world, ALICE)[0], expected);
    assert_eq!(delete(&mut world, ALICE, id).0, 400, "it stays");
    let path = methods_of(&world, ALICE);
    assert_eq!(manage(&mut world, "DELETE", &path, None).0, 204);
    assert_eq!(types(&mut world), ["password"]);
    world.login(ALICE);
}

#[test]
fn an_address_that_nobody_enrolled_cannot_be_deleted() {
    for (status, reason) in [(400, "Bad Request"), (403, "Forbidden")] {
        let mut world = World::with(|config| {
            config.users[1].email_verified = true;
            config.behaviour.undeletable_authenticator_status =
                http::StatusCode::from_u16(status).expect("one");
        });
        let listed = list(&mut world, BOB);
        assert_eq!((&listed[0]["type"], &listed[0]["email"]), (&"email-verification".into(), &BOB.into()));
        let id = listed[0]["id"].as_str().expect("an id").to_owned();
        let refused = error(status, reason, "The authenticator cannot be deleted.", "invalid_request");
        assert_eq!(delete(&mut world, BOB, &id), refused);
        assert!(world.tenant.user(BOB).expect("a user").is_email_verified());
        assert_eq!(patch(&mut world, BOB, &id, json!({ "name": "Work" })).0, 200);
        assert_eq!(delete(&mut world, BOB, &id), refused);
        assert_eq!(list(&mut world, BOB)[0]["name"], "Work", "nothing of it is gone");
        // The same address can be enrolled all the same, and then it can go.
        let (status, made) = post(&mut world, BOB, json!({ "type": "email", "email": BOB }));
        assert_eq!(status, 201);
        assert_eq!(delete(&mut world, BOB, made["id"].as_str().expect("an id")).0, 204);
    }
}

#[test]
fn all_methods_go_together_and_the_recovery_code_with_them() {
    for call in ["authentication-methods", "authenticators"] {
        let mut world = World::with_dave(|_| {}, vec![phone(), push(), email()]);
        let (code, path) = (world.code_of(DAVE), format!("{}/{call}", path_of(&world, DAVE)));
        assert_eq!(manage(&mut world, "DELETE", &path, None), (204, Value::Null));
        assert_eq!(list(&mut world, DAVE), json!([]));
        assert_eq!(world.recover_with(DAVE, &code).map(drop), Err(rejected()));
        assert_eq!(manage(&mut world, "DELETE", &path, None).0, 204, "what is gone stays gone");
        let mfa = world.login(DAVE);
        let (_, codes) = world.added(&mfa);
        assert!(codes.len() == 1 && codes[0] != code, "a first code, and another one");
    }
}

#[test]
fn a_page_has_as_many_as_it_is_asked_for() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push(), email()]);
    let path = methods_of(&world, DAVE);
    let all = list(&mut world, DAVE);
    assert_eq!(all.as_array().map(Vec::len), Some(4));
    let page = |query: &str, world: &mut World| manage(world, "GET", &format!("{path}?{query}"), None);
    let (status, second) = page("page=1&per_page=3&include_totals=true", &mut world);
    assert_eq!(status, 200);
    assert_eq!(second, json!({ "start": 3, "limit": 3, "total": 4, "authenticators": [all[3]] }));
    assert_eq!(page("page=1&per_page=2&include_totals=false", &mut world).1, json!([all[2], all[3]]));
    assert_eq!(page("per_page=100", &mut world).1, all);
    assert_eq!(page("page=9", &mut world).1, json!([]));
    for bad in ["per_page=101", "per_page=-1", "per_page=", "page=x"] {
        let (status, body) = page(bad, &mut world);
        assert_eq!(
            (status, &body["statusCode"], &body["error"]),
            (400, &400.into(), &"Bad Request".into()),
            "{bad}"
        );
    }
}
