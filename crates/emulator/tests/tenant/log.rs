//! The tenant's log.

use std::net::IpAddr;

use auth0_mfa_emulator::EventKind;

use crate::administrator::*;
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
    let mut world = World::with(|config| config.behaviour.failures.burst = 0);
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

/// `ip` and `client_ip` of the events of a login.
fn addresses(
    is_trusted: bool,
    client_secret: Option<&str>,
    forwarded_for: Option<&str>,
    caller: Option<&str>,
) -> (Option<String>, Option<String>) {
    let mut world = World::with(|config| {
        config.applications[1].is_token_endpoint_ip_header_trusted = is_trusted;
        config.applications[1].client_secret = client_secret.map(secret);
    });
    let body = format!(
        "grant_type=password&client_id=public-app&client_secret={}&username={ALICE}&password=fake-password-alice",
        client_secret.unwrap_or_default()
    );
    let mut request = http::Request::post("https://tenant.example.com/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.as_bytes())
        .expect("a request");
    if let Some(address) = forwarded_for {
        request.headers_mut().insert("auth0-forwarded-for", address.parse().expect("a value"));
    }
    if let Some(address) = caller {
        request.extensions_mut().insert(address.parse::<IpAddr>().expect("an address"));
    }
    assert_eq!(world.tenant.handle(&request, world.now).status(), 403);
    let event = world.tenant.events().last().expect("an event");
    assert_eq!(event.kind, EventKind::MfaRequired);
    (event.ip.map(|ip| ip.to_string()), event.client_ip.map(|ip| ip.to_string()))
}

#[test]
fn the_log_has_the_address_that_a_trusted_application_forwards() {
    let (user, proxy) = ("203.0.113.7", "198.51.100.2");
    let some = |ip: &str| Some(ip.to_owned());
    let secret = Some("fake-secret");
    assert_eq!(addresses(true, secret, Some(user), Some(proxy)), (some(user), some(proxy)));
    assert_eq!(addresses(true, secret, Some("2001:db8::7"), None), (some("2001:db8::7"), None));
    assert_eq!(addresses(true, secret, None, Some(proxy)), (some(proxy), None));
    assert_eq!(addresses(true, secret, Some("nowhere"), Some(proxy)), (some(proxy), None));
    assert_eq!(addresses(false, secret, Some(user), Some(proxy)), (some(proxy), None), "it is not trusted");
    assert_eq!(addresses(true, None, Some(user), Some(proxy)), (some(proxy), None), "it has no secret");
    assert_eq!(addresses(true, secret, None, None), (None, None));
}

#[test]
fn what_an_administrator_deletes_is_in_the_log() {
    type Path = fn(&World) -> String;
    let ways: [Path; 5] = [
        |world| format!("{}/authenticators", path_of(world, ALICE)),
        |world| methods_of(world, ALICE),
        |world| format!("{}/{}", methods_of(world, ALICE), encoded(&ids_of(world, ALICE)[0])),
        |world| format!("guardian/enrollments/{}", encoded(&ids_of(world, ALICE)[0])),
        |world| format!("{}/multifactor/google-authenticator", path_of(world, ALICE)),
    ];
    for path in ways {
        let mut world = World::with(|config| config.behaviour.google_authenticator_is_otp = true);
        let path = path(&world);
        assert_eq!(manage(&mut world, "DELETE", &path, None).0, 204, "{path}");
        let event = world.tenant.events().last().expect("an event");
        assert_eq!(
            (event.kind, event.client_id.as_str()),
            (EventKind::Unenrolled, "confidential-app"),
            "{path}"
        );
        assert_eq!(event.user.as_deref(), Some(ALICE), "{path}");
    }
    let mut world = World::new();
    assert_eq!(manage(&mut world, "DELETE", "guardian/enrollments/dev_none", None).0, 404);
    assert_eq!(codes(&world), ["seccft"], "nothing is deleted, and nothing is said");
}
