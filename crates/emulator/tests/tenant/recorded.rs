//! The preset `recorded` answers what recordings of a real tenant have, field by field.

use auth0_mfa_core::NewAuthenticator;
use auth0_mfa_emulator::{Behaviour, PhoneMessageType};

use crate::support::*;

/// The recordings' tenant: phones are reached by SMS alone, and the user's e-mail address is verified.
fn world() -> World {
    World::with(|config| {
        config.behaviour = Behaviour::recorded();
        config.phone_message_types = vec![PhoneMessageType::Sms];
        config.users[1].email_verified = true;
    })
}

#[test]
fn after_an_sms_a_push_and_an_app_the_list_is_the_recorded_one() {
    let mut world = world();
    let mfa = world.login(BOB);
    for new in [NewAuthenticator::Sms(number()), NewAuthenticator::Push, NewAuthenticator::Otp] {
        let _ = world.enrol(&mfa, new).unwrap();
    }
    let request = http::Request::get("https://tenant.example.com/mfa/authenticators")
        .header("authorization", format!("Bearer {}", mfa.mfa_token().expose()))
        .body(auth0_mfa_core::Body::empty())
        .unwrap();
    let response = world.handle(&request);
    let serde_json::Value::Array(mut items) = json(&response) else { panic!("a list") };
    let mut devices: Vec<String> = Vec::new();
    for item in &mut items {
        let id = item["id"].as_str().unwrap().to_owned();
        let (kind, device) = id.split_once('|').unwrap();
        devices.push(device.to_owned());
        item["id"] = kind.into();
    }
    let expected = serde_json::json!([
        {"id":"sms","authenticator_type":"oob","active":false,"oob_channel":"sms","name":"XXXXXXXX9167"},
        {"id":"recovery-code","authenticator_type":"recovery-code","active":false},
        {"id":"push","authenticator_type":"oob","active":false,"oob_channel":"auth0"},
        {"id":"totp","authenticator_type":"otp","active":false},
        {"id":"totp","authenticator_type":"otp","active":false},
        {"id":"email","authenticator_type":"oob","active":true,"oob_channel":"email","name":"***@exam*******"},
    ]);
    assert_eq!(serde_json::Value::Array(items), expected);
    devices.sort();
    devices.dedup();
    assert_eq!(devices.len(), 6, "each has a device of its own");
}

#[test]
fn associations_have_the_recorded_fields() {
    let mut world = world();
    let mfa = world.login(BOB);
    for (body, fields) in [
        (
            format!(r#"{{"authenticator_types":["oob"],"oob_channels":["sms"],"phone_number":"{NUMBER}"}}"#),
            vec!["authenticator_type", "binding_method", "oob_channel", "oob_code", "recovery_codes"],
        ),
        (
            r#"{"authenticator_types":["oob"],"oob_channels":["auth0"]}"#.to_owned(),
            vec!["authenticator_type", "barcode_uri", "oob_channel", "oob_code"],
        ),
        (
            r#"{"authenticator_types":["otp"]}"#.to_owned(),
            vec!["authenticator_type", "barcode_uri", "secret"],
        ),
    ] {
        let request = associate_request(mfa.mfa_token().expose(), &body);
        let response = world.handle(&request);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        let serde_json::Value::Object(object) = json(&response) else { panic!("an object") };
        let mut found: Vec<_> = object.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, fields);
    }
}

#[test]
fn a_poll_that_comes_early_has_the_recorded_answer() {
    let mut world = world();
    let mfa = world.login(BOB);
    let (association, _) = world.enrol(&mfa, NewAuthenticator::Push).unwrap();
    let body = serde_json::json!({
        "grant_type": "http://auth0.com/oauth/grant-type/mfa-oob", "client_id": "public-app",
        "mfa_token": mfa.mfa_token().expose(), "oob_code": association.oob_code.unwrap().expose(),
    });
    let response = world.handle(&token_request("application/json", &body.to_string()));
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(
        std::str::from_utf8(response.body().expose()).unwrap(),
        r#"{"error":"authorization_pending","error_description":"Authorization pending: please repeat the request in a few seconds."}"#
    );
}
