//! `/_emulator/` as programs use it.

use std::io::{Read, Write};

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{
    Application, BlockingClient, ClientAuth, ClientId, Domain, FirstFactor, NewAuthenticator, Password,
    PhoneNumber,
};
use auth0_mfa_emulator::server::Clock;
use auth0_mfa_emulator::{EmulatorServer, Timestamp};
use serde_json::{Value, json};

use super::{connect, log_in};

/// Status, head and body.
fn ask(
    server: &EmulatorServer,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> (u16, String, String) {
    let mut stream = connect(server);
    let host = if headers.contains("host: ") { "" } else { "host: localhost\r\n" };
    let length = body.len();
    write!(
        stream,
        "{method} /_emulator/{path} HTTP/1.1\r\n{host}{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), head.to_owned(), body.to_owned())
}

fn get(server: &EmulatorServer, path: &str) -> Value {
    let (status, _, body) = ask(server, "GET", path, "", "");
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn send(server: &EmulatorServer, method: &str, path: &str, body: &Value) -> u16 {
    ask(server, method, path, "", &body.to_string()).0
}

fn start() -> (EmulatorServer, Clock) {
    let clock = Clock::stopped_at(Timestamp::from_unix_seconds(1_700_000_010));
    (EmulatorServer::builder().clock(clock.clone()).start().unwrap(), clock)
}

#[test]
fn the_clock_is_read_set_put_forward_and_let_go() {
    let (server, clock) = start();
    assert_eq!(get(&server, "clock"), json!({"now": 1_700_000_010, "running": false}));
    assert_eq!(send(&server, "POST", "clock/advance", &json!({"seconds": 600})), 200);
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(1_700_000_610));
    assert_eq!(send(&server, "PUT", "clock", &json!({"now": 7})), 200);
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(7));
    assert_eq!(send(&server, "PUT", "clock", &json!({"system": true})), 200);
    assert!(clock.is_running() && clock.now() > Timestamp::from_unix_seconds(1_700_000_610));
    for wrong in [json!({"system": false}), json!({}), json!({"now": -1}), json!(7)] {
        assert_eq!(send(&server, "PUT", "clock", &wrong), 400, "{wrong}");
    }
}

#[test]
fn faults_are_planned_counted_and_cleared() {
    let (server, _) = start();
    let dropped = json!({"fault": "drop_before", "call": "password", "nth": 2});
    assert_eq!(send(&server, "PUT", "faults", &json!([dropped])), 200);
    assert_eq!(send(&server, "POST", "faults", &json!({"fault": {"cut_reply": 1}, "call": "/none"})), 200);
    assert!(log_in(&server).contains("mfa_required"));
    assert_eq!(log_in(&server), "");
    let planned = get(&server, "faults");
    assert_eq!(
        planned[0],
        json!({"fault": "drop_before", "call": "password", "nth": 2, "met": 2, "applied": 1})
    );
    assert_eq!(planned[1]["met"], 0);
    let state = get(&server, "state");
    assert_eq!(state["faults"], planned);
    assert_eq!(state["mfa_policy"], "all-applications");
    assert_eq!(state["factors"], json!(["sms", "push-notification", "email", "otp", "recovery-code"]));
    assert_eq!(send(&server, "DELETE", "faults", &json!(null)), 204);
    assert_eq!(get(&server, "faults"), json!([]));
}

#[test]
fn a_fault_that_is_none_changes_nothing_and_is_said() {
    let (server, _) = start();
    assert_eq!(send(&server, "PUT", "faults", &json!([{"fault": "stall"}])), 200);
    let (status, _, body) = ask(&server, "PUT", "faults", "", r#"[{"fault":"explode"}]"#);
    assert_eq!(status, 400);
    assert!(body.contains("drop_before"), "{body}");
    let nobody = json!({"fault": "stall", "user": "nobody@example.com"});
    for (method, body) in [("POST", nobody.to_string()), ("PUT", json!([nobody]).to_string())] {
        let (status, _, told) = ask(&server, method, "faults", "", &body);
        assert_eq!((status, told.as_str()), (400, r#"{"error":"user: there is no such user"}"#));
    }
    assert_eq!(get(&server, "faults")[0]["fault"], "stall");
}

#[test]
fn a_user_is_shown_with_what_is_in_the_users_hands() {
    let (server, _) = start();
    let alice = get(&server, "users/alice%40example.com");
    let (user_id, code, otp) = server.with_tenant(|tenant, now| {
        let user = tenant.user("alice@example.com").unwrap();
        let code = user.recovery_code().unwrap().expose().to_owned();
        (user.user_id().to_owned(), code, tenant.otp("alice@example.com", now).unwrap().expose().to_owned())
    });
    assert_eq!(alice["user_id"], json!(user_id));
    assert_eq!((&alice["recovery_code"], &alice["enrolled"]), (&json!(code), &json!(true)));
    assert_eq!(alice["authenticators"][0]["otp"], json!(otp));
    assert!(alice["authenticators"][0]["id"].as_str().unwrap().starts_with("totp|dev_"));
    assert_eq!(get(&server, "users")[0], alice);
    assert_eq!(get(&server, "users")[1]["recovery_code"], Value::Null);
    assert_eq!(ask(&server, "GET", "users/nobody", "", "").0, 404);
}

#[test]
fn the_log_is_shown_and_its_end_alone() {
    let (server, _) = start();
    log_in(&server);
    log_in(&server);
    let event = json!({
        "at": 1_700_000_010.0,
        "type": "mfar",
        "user": "alice@example.com",
        "client_id": "public-app",
        "ip": "127.0.0.1",
    });
    assert_eq!(get(&server, "events"), json!([event, event]));
    assert_eq!(get(&server, "events?newest=1"), json!([event]));
    assert_eq!(get(&server, "state?newest=1")["events"], json!([event]));
}

#[test]
fn a_reset_brings_the_beginning_back() {
    let (server, _) = start();
    let before = get(&server, "state");
    log_in(&server);
    server.with_tenant(|tenant, _| tenant.set_recovery_codes(false));
    assert_ne!(get(&server, "state"), before);
    assert_eq!(send(&server, "POST", "reset", &json!(null)), 204);
    assert_eq!(get(&server, "state"), before);
}

#[test]
fn nothing_is_kept_framed_or_guessed() {
    let (server, _) = start();
    for path in ["", "style.css", "script.js", "state", "no-such-thing"] {
        let (_, head, _) = ask(&server, "GET", path, "", "");
        for header in [
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ] {
            assert!(head.contains(header), "{path}: {header}: {head}");
        }
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let (server, _) = start();
    let (status, head, page) = ask(&server, "GET", "", "", "");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/html; charset=utf-8"));
    for file in ["style.css", "script.js"] {
        let (status, _, text) = ask(&server, "GET", file, "", "");
        assert!(status == 200 && page.contains(&format!("/_emulator/{file}")));
        assert!(!text.contains("http://") && !text.contains("https://"), "{file}");
    }
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<style"));
}

#[test]
fn another_site_is_kept_out_by_its_name_and_its_origin() {
    let (server, _) = start();
    log_in(&server);
    assert_eq!(ask(&server, "GET", "state", "host: evil.example\r\n", "").0, 403);
    assert_eq!(ask(&server, "POST", "reset", "origin: http://evil.example\r\n", "").0, 403);
    assert_eq!(ask(&server, "POST", "reset", "sec-fetch-site: cross-site\r\n", "").0, 403);
    assert_eq!(get(&server, "events").as_array().unwrap().len(), 1, "it was not reset");
    assert_eq!(ask(&server, "POST", "reset", "origin: http://localhost\r\n", "").0, 204);
}

#[test]
fn a_name_that_the_emulator_goes_by_is_let_in() {
    let server = EmulatorServer::builder().name("auth0.test").start().unwrap();
    assert_eq!(ask(&server, "GET", "state", "host: AUTH0.test:80\r\n", "").0, 200);
    assert_eq!(ask(&server, "GET", "state", "host: auth0.test.evil.example\r\n", "").0, 403);
}

#[test]
fn the_tenant_does_not_see_it() {
    let (server, _) = start();
    server.with_tenant(|tenant, _| {
        tenant.faults_mut().add(auth0_mfa_emulator::FaultRule::new(auth0_mfa_emulator::Fault::Stall));
    });
    assert_eq!(get(&server, "faults")[0]["met"], 0);
    assert_eq!(ask(&server, "GET", "no-such-thing", "", "").0, 404);
    assert_eq!(ask(&server, "PATCH", "clock", "", "{}").0, 404);
}

/// An enrolment of Bob's, over HTTP; what is sent is in the outbox then.
fn enrol(server: &EmulatorServer, authenticator: NewAuthenticator) {
    let domain = Domain::parse(&server.base_url()).unwrap();
    let application = Application::new(domain, ClientId::parse("public-app").unwrap(), ClientAuth::None);
    let client = BlockingClient::new(UreqTransport::new().unwrap(), application);
    let login = client.password_grant("bob@example.com", Password::new("fake-password-bob")).unwrap();
    let FirstFactor::MfaRequired(mfa) = login else { panic!("a second factor is required") };
    let _ = client.add_authenticator(mfa.mfa_token().clone(), authenticator).unwrap();
}

#[test]
fn the_outbox_has_the_code_of_an_sms() {
    let (server, _) = start();
    enrol(&server, NewAuthenticator::Sms(PhoneNumber::parse("+15550100").unwrap()));
    let outbox = get(&server, "outbox");
    let message = &outbox[0];
    assert_eq!((&message["channel"], &message["purpose"]), (&json!("sms"), &json!("enrolment")));
    assert_eq!((&message["user"], &message["recipient"]), (&json!("bob@example.com"), &json!("+15550100")));
    assert_eq!(message["code"].as_str().unwrap().len(), 6);
    assert_eq!(get(&server, "state?newest=1")["outbox"], outbox);
    assert_eq!(get(&server, "outbox?newest=0"), json!([]));
}

#[test]
fn a_push_is_answered_once() {
    for (word, said) in [("approve", "approved"), ("deny", "denied")] {
        let (server, _) = start();
        enrol(&server, NewAuthenticator::Push);
        let path = format!("pushes/{}/{word}", get(&server, "outbox")[0]["id"]);
        assert_eq!(send(&server, "POST", &path, &json!(null)), 204);
        assert_eq!(get(&server, "outbox")[0]["answer"], json!(said));
        assert_eq!(send(&server, "POST", &path, &json!(null)), 409, "it was answered before");
    }
}

#[test]
fn a_push_that_is_none_or_is_too_old_is_not_answered() {
    let (server, clock) = start();
    enrol(&server, NewAuthenticator::Push);
    for id in ["999", "x", "-1"] {
        assert_eq!(send(&server, "POST", &format!("pushes/{id}/approve"), &json!(null)), 404, "{id}");
    }
    clock.advance(std::time::Duration::from_secs(3_600));
    let path = format!("pushes/{}/approve", get(&server, "outbox")[0]["id"]);
    assert_eq!(send(&server, "POST", &path, &json!(null)), 409);
}
