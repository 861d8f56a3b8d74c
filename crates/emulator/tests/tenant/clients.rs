//! Who may call.

use auth0_mfa_core::{ClientAuth, ErrorCode, PasswordGrant, RecoveryCode};
use auth0_mfa_emulator::{ApplicationConfig, BadClient, GrantNotAllowed, grant_type};

use crate::support::*;

fn login_as(world: &mut World, client_id: &str, auth: ClientAuth) -> Result<(), ApiFailure> {
    let application = application(client_id, auth);
    world.call_as(&application, PasswordGrant::new(ALICE, password_of(ALICE))).map(|_| ()).map_err(failure)
}

fn unauthorized() -> ApiFailure {
    refused(401, ErrorCode::AccessDenied, "Unauthorized")
}

#[test]
fn a_confidential_application_proves_itself_in_the_body_or_the_header() {
    let mut world = World::new();
    for auth in [
        ClientAuth::SecretPost(secret("fake-client-secret")),
        ClientAuth::SecretBasic(secret("fake-client-secret")),
    ] {
        assert_eq!(login_as(&mut world, "confidential-app", auth), Ok(()));
    }
}

#[test]
fn a_secret_that_needs_escapes_is_understood() {
    let odd = "s e&c=r%20e+t:\u{e9}";
    let mut world = World::with(|config| {
        config.applications.push(ApplicationConfig::confidential("odd:app", secret(odd)));
    });
    for auth in [ClientAuth::SecretPost(secret(odd)), ClientAuth::SecretBasic(secret(odd))] {
        assert_eq!(login_as(&mut world, "odd:app", auth), Ok(()));
    }
}

#[test]
fn a_wrong_or_missing_secret_and_an_unknown_application_are_refused_alike() {
    let mut world = World::new();
    for (client_id, auth) in [
        ("confidential-app", ClientAuth::None),
        ("confidential-app", ClientAuth::SecretPost(secret("wrong"))),
        ("confidential-app", ClientAuth::SecretPost(secret("fake-client-secret2"))),
        ("confidential-app", ClientAuth::SecretBasic(secret("fake-client-secre"))),
        ("unknown-app", ClientAuth::None),
        ("unknown-app", ClientAuth::SecretPost(secret("fake-client-secret"))),
        ("Public-App", ClientAuth::None),
    ] {
        assert_eq!(login_as(&mut world, client_id, auth), Err(unauthorized()), "{client_id}");
    }
    let response = world.handle(&form("grant_type=password&username=a&password=b"));
    assert_eq!((response.status().as_u16(), json(&response)["error"].as_str()), (401, Some("access_denied")));
}

#[test]
fn a_public_application_needs_no_secret_and_one_does_no_harm() {
    let mut world = World::new();
    assert_eq!(login_as(&mut world, "public-app", ClientAuth::None), Ok(()));
    assert_eq!(login_as(&mut world, "public-app", ClientAuth::SecretPost(secret("any"))), Ok(()));
}

#[test]
fn the_refusal_may_be_invalid_client() {
    let mut world = World::with(|config| config.behaviour.bad_client = BadClient::InvalidClient);
    let refusal = login_as(&mut world, "unknown-app", ClientAuth::None);
    assert_eq!(refusal, Err(refused(401, ErrorCode::InvalidClient, "")));
}

#[test]
fn every_mfa_grant_authenticates_the_application_before_it_looks_at_a_code() {
    let mut world = World::new();
    world.application = application("confidential-app", ClientAuth::SecretPost(secret("fake-client-secret")));
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    let impostor = application("confidential-app", ClientAuth::SecretPost(secret("wrong")));
    let call = mfa.verify_with_recovery_code(RecoveryCode::verbatim(code.as_str()));
    assert_eq!(world.call_as(&impostor, call).map(|_| ()).map_err(failure), Err(unauthorized()));
    let otp = auth0_mfa_core::Otp::verbatim(world.otp_of(ALICE));
    let refusal = world.call_as(&impostor, mfa.verify_with_otp(otp)).map(|_| ()).map_err(failure);
    assert_eq!(refusal, Err(unauthorized()));
    assert!(world.recover(&mfa, &code).is_ok());
}

#[test]
fn an_application_may_use_the_grants_that_it_has_and_no_other() {
    for missing in [grant_type::PASSWORD, grant_type::MFA_OTP, grant_type::MFA_RECOVERY_CODE] {
        let mut world = World::with(|config| {
            let mut limited = ApplicationConfig::public("limited-app");
            limited.grant_types.retain(|grant| grant != missing);
            config.applications.push(limited);
        });
        let text = format!("Grant type '{missing}' not allowed for the client.");
        let expected = Err(refused(403, ErrorCode::UnauthorizedClient, &text));
        world.application = public("limited-app");
        if missing == grant_type::PASSWORD {
            assert_eq!(login_as(&mut world, "limited-app", ClientAuth::None), expected);
            continue;
        }
        let mfa = world.login(ALICE);
        let (code, otp) = (world.code_of(ALICE), world.otp_of(ALICE));
        if missing == grant_type::MFA_OTP {
            assert_eq!(world.verify(&mfa, &otp).map(|_| ()).map_err(failure), expected);
            assert!(world.recover(&mfa, &code).is_ok());
        } else {
            assert_eq!(world.recover(&mfa, &code).map(|_| ()).map_err(failure), expected);
            assert!(world.verify(&mfa, &otp).is_ok());
        }
    }
}

#[test]
fn the_refusal_of_a_grant_may_have_backticks() {
    let mut world = World::with(|config| {
        config.applications[1].grant_types.clear();
        config.behaviour.grant_not_allowed = GrantNotAllowed::Backticks;
    });
    let expected =
        refused(403, ErrorCode::UnauthorizedClient, "Grant type `password` not allowed for the client.");
    assert_eq!(login_as(&mut world, "public-app", ClientAuth::None), Err(expected));
}
